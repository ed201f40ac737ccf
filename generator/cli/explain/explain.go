// Package explain is the command "bpgen explain": where a default comes from, and what
// the notes have to do with a line of a rendered module.
package explain

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
	rulesOfNotes "github.com/bpgen/bpgen/generator/vet/notes"
)

// Options are what the flags say.
type Options struct {
	Names  []string // a blueprint, unless the module here names it, and topics
	Choose choose.Flags
	JSON   bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "explain [NAME] [FILE:LINE|NOTE|ADDRESS|OPTION|VARIABLE|OUTPUT|RULE|DEVIATION|CHAPTER]...",
		Short: "Explain where a default or a line of a module comes from",
		Long: `Explain what a blueprint or a rendered module has, and which part of the notes it
comes from: the statement, its lines, the value and any caveat, pages to read, the
deviation that overrides it, its proof, where the module implements it, and the
rules and tests that keep it so. A topic can be

  database.tf:12               a line of a module, rendered by bpgen or not
  aws_rds_cluster.database     a resource, data source, variable or local value
                               of the module, or an argument of it, such as
                               aws_rds_cluster.database.general_log
  aurora.deletion-protection   a note, by the ID in a comment ("# notes ...")
  database                     an option, a variable or an output
  deletion-protection          a rule of bpgen vet
  no-bastion                   a deviation of the blueprint
  22-02                        a chapter of the notes
  aws_db_instance, multi_az    a resource type or argument of Terraform

In a directory with a module that bpgen rendered, its blueprint and its options
are used, so NAME can be left out; where the blueprint is not at hand, the files
of the module tell all but options and deviations. Elsewhere, and with --set, --options or
--profile, the blueprint NAME is rendered in memory. Without a topic, all options,
variables and outputs are listed with their sources.`,
		Example: "  bpgen explain database.tf:12\n  bpgen explain aws_rds_cluster.database.general_log\n  bpgen explain ecs-fargate\n  bpgen explain ecs-fargate database aurora.deletion-protection",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
			return complete(cmd.Context(), f, opts, args, text)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Names = args
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	opts.Choose.AddFor(cmd, f, func() string { return standing(".") })
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

// standing is the blueprint of the module in a directory, "" without one.
func standing(dir string) string {
	m, err := open(dir, "")
	if err != nil || m.past == nil {
		return ""
	}
	return m.past.Blueprint
}

// A topic is one thing that can be explained.
type topic struct {
	Name        string          `json:"name"`
	Kind        string          `json:"kind"` // option, variable, output, note, rule, deviation, chapter, terraform, line or address
	Description string          `json:"description,omitempty"`
	Default     string          `json:"default,omitempty"`
	Required    bool            `json:"required,omitempty"`
	Allowed     string          `json:"allowed,omitempty"`
	Why         string          `json:"why,omitempty"`
	Severity    string          `json:"severity,omitempty"`
	Link        string          `json:"link,omitempty"`
	Headings    []string        `json:"headings,omitempty"`  // of a chapter
	Place       string          `json:"place,omitempty"`     // of a line or an address
	Address     string          `json:"address,omitempty"`   // of a line
	Statement   string          `json:"statement,omitempty"` // what stands there: a resource, a block, an argument, an element
	Code        string          `json:"code,omitempty"`
	Group       string          `json:"group,omitempty"`   // the comment above the lines that it belongs to, which cites the notes
	Via         []via           `json:"via,omitempty"`     // the variables that cite the notes for it
	Uncited     bool            `json:"uncited,omitempty"` // the notes are about it, though nothing cites them there
	Nearest     []citing        `json:"nearest,omitempty"` // lines nearby that cite the notes
	Cites       []citing        `json:"cites,omitempty"`   // lines of the resource that cite the notes
	Departure   *departure      `json:"departure,omitempty"`
	Sources     []ledger.Source `json:"sources,omitempty"` // of a chapter: what the notes link to
	Notes       []*note         `json:"notes,omitempty"`

	ids []string
}

// An explainer is what topics are explained with.
type explainer struct {
	factory    *shell.Factory
	catalog    *catalog.Catalog
	notes      *ledger.Ledger
	systems    []string             // of the notes, that are in question
	blueprint  *blueprint.Blueprint // nil for a module of nobody knows what
	choices    []resolve.Choice
	declared   []*deviation.Deviation // of the blueprint and its templates
	deviations []*deviation.Deviation // of these, those that hold with the choices
	module     *module                // on the disk or in memory; nil for none
	opened     *proof.Module          // the module, for proofs; nil where its components are child modules
	topics     []topic                // options, variables and outputs, as far as they are wanted
	diags      hcl.Diagnostics        // of the preview
	sources    map[string]*hcl.File
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	e, names, err := begin(ctx, f, opts)
	if err != nil {
		return err
	}
	picked, err := e.pick(names)
	if err != nil {
		return err
	}
	var judged []*note
	for i := range picked {
		for _, id := range picked[i].ids {
			n := look(e.notes, id)
			picked[i].Notes = append(picked[i].Notes, &n)
			if len(names) > 0 && !brief(picked[i]) {
				judged = append(judged, &n)
			}
		}
	}
	e.judge(ctx, judged)
	switch {
	case opts.JSON:
		if picked == nil {
			picked = []topic{}
		}
		return f.WriteJSON(picked)
	case len(names) == 0:
		return overview(f, picked)
	}
	page := f.Page()
	for _, t := range picked {
		page.Part()
		full(page, t)
	}
	return page.Write()
}

// begin finds out what is asked about: the blueprint, the module, and the topics.
func begin(ctx context.Context, f *shell.Factory, opts *Options) (*explainer, []string, error) {
	cat, err := f.Catalog(opts.Choose.Dirs)
	if err != nil {
		return nil, nil, err
	}
	e := &explainer{factory: f, catalog: cat, notes: cat.Ledger()}
	if e.notes != nil {
		e.systems = e.notes.Systems()
	}
	name, names := "", opts.Names
	if len(names) > 0 && slices.Contains(cat.Blueprints(), names[0]) {
		name, names = names[0], names[1:]
	}
	chosen := len(opts.Choose.Sets) > 0 || opts.Choose.File != "" || opts.Choose.Profile != ""
	if chosen && slices.ContainsFunc(names, isLine) {
		return nil, nil, shell.Usage("--set, --options and --profile have no effect on the lines of a module that is rendered already")
	}
	if err := e.stand(names, chosen); err != nil {
		return nil, nil, err
	}
	past := ""
	if e.module != nil && e.module.past != nil {
		past = e.module.past.Blueprint
	}
	switch {
	case name != "" && past != "" && name != past:
		if slices.ContainsFunc(names, isLine) {
			return nil, nil, fmt.Errorf("%q contains a module of the blueprint %q, not of %q", e.module.dir, past, name)
		}
		e.module = nil // it has nothing to do with what is asked
	case name == "" && past != "" && slices.Contains(cat.Blueprints(), past):
		name = past
	case name == "" && past != "" && len(names) == 0:
		return nil, nil, errors.New(e.needsBlueprint() + "; a line, an address, a variable or a note can be explained without it")
	case name == "" && past != "":
		e.topics = declared(e.module) // The files of the module tell the rest.
		return e, names, nil
	case name == "" && len(names) == 0:
		return nil, nil, shell.Usage("which blueprint? Write bpgen explain NAME; bpgen list shows the names. In a directory with a module that bpgen rendered, NAME can be left out")
	case name == "" && slices.ContainsFunc(names, isLine):
		// Of a module that bpgen did not render, nobody knows the blueprint.
	case name == "" && own(names) && len(cat.Blueprints()) == 1:
		name = cat.Blueprints()[0]
	case name == "" && !own(names):
		_, diags := cat.Blueprint(names[0]) // says what is near
		return nil, nil, f.Report(cat.Sources(), diags)
	}
	if name == "" {
		return e, names, nil // a line of a module that bpgen did not render, or a note of whatever blueprint
	}
	return e, names, e.load(ctx, opts, name, names)
}

func isLine(topic string) bool { _, _, ok := lineOf(topic); return ok }

// own says whether topics can be no names of blueprints: notes and addresses, which have
// a dot, chapters, types of Terraform and rules.
func own(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		return !strings.Contains(name, ".") && !chapter.MatchString(name) && !strings.HasPrefix(name, "aws_") && ruleOf(name) == nil
	})
}

// stand opens the module that topics are about: that of the file of a line, or else that
// of this directory. With options of its own, a question is not about the module here.
func (e *explainer) stand(names []string, chosen bool) error {
	for _, name := range names {
		file, _, ok := lineOf(name)
		if !ok {
			continue
		}
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			return fmt.Errorf("there is no file %q; a line is named FILE:LINE, such as database.tf:12", file)
		}
		dir := home(file)
		rel, err := relative(dir, file)
		if err != nil {
			return err
		}
		e.module, err = open(dir, filepath.ToSlash(rel))
		return err
	}
	if chosen {
		return nil
	}
	m, err := open(".", "")
	if err == nil && m.past != nil {
		e.module = m
	}
	return nil // Without a module here the blueprint is rendered in memory.
}

// load loads the blueprint, with the options of the module or those that are given, and
// links or renders it as far as the topics need it.
func (e *explainer) load(ctx context.Context, opts *Options, name string, names []string) error {
	standing := choose.Standing{Files: e.module == nil && len(names) > 0}
	if e.module != nil && e.module.past != nil {
		past := e.module.past
		standing.Profile = past.Profile
		standing.Kept = func(bp *blueprint.Blueprint) []resolve.Input {
			kept, _ := past.Kept(bp, past.Profile) // a render says which options are gone
			return kept
		}
	}
	if standing.Kept != nil && e.settled(names) {
		bp, diags := e.catalog.Blueprint(name)
		if diags.HasErrors() {
			return e.factory.Report(e.catalog.Sources(), diags)
		}
		choices, _ := resolve.Resolve(bp, standing.Kept(bp), standing.Profile)
		e.know(bp, choices, generator.Deviations(ctx, e.catalog, bp, choices))
		return nil
	}
	p, err := opts.Choose.PreviewOf(ctx, e.factory, name, standing)
	if err != nil {
		return err
	}
	e.know(p.Blueprint, p.Result.Choices, p.Result.Deviations)
	e.topics, e.diags, e.sources = topics(p), p.Diags, p.Sources
	if standing.Files && !p.Diags.HasErrors() {
		e.module = newModule("", p.Result.Files.Files())
	}
	return nil
}

// settled says whether no topic is an option, a variable or an output: then the blueprint
// need not be linked.
func (e *explainer) settled(names []string) bool {
	for _, name := range names {
		_, _, line := lineOf(name)
		if !line && !strings.Contains(name, ".") && !chapter.MatchString(name) {
			return false
		}
	}
	return len(names) > 0
}

func (e *explainer) know(bp *blueprint.Blueprint, choices []resolve.Choice, inForce []*deviation.Deviation) {
	e.blueprint, e.choices, e.systems = bp, choices, bp.Systems
	e.declared, e.deviations = e.catalog.Deviations(bp), inForce
}

// topics lists everything of a blueprint that can be explained: options first,
// then variables, then outputs, each in order of declaration.
func topics(p *choose.Preview) []topic {
	var out []topic
	for _, o := range resolve.Options(p.Blueprint) {
		t := topic{Name: o.Name, Kind: "option", Description: o.Description, Why: o.Why, ids: o.Notes, Required: o.Default == cty.NilVal}
		if !t.Required {
			t.Default = resolve.Say(p.Blueprint, o.Name, o.Default)
		}
		var allowed []string
		for _, v := range o.OneOf {
			allowed = append(allowed, resolve.Say(p.Blueprint, o.Name, v))
		}
		t.Allowed = strings.Join(allowed, ", ")
		out = append(out, t)
	}
	m := p.Result.Module
	if m == nil || p.Diags.HasErrors() {
		return out
	}
	for _, v := range m.Variables {
		def := shell.Literal(v.Value)
		if def == "" {
			def = shell.OneLine(v.Default)
		}
		out = append(out, topic{
			Name: v.Name, Kind: "variable", Description: v.Description, Why: v.Why, ids: v.Notes,
			Required: v.Required, Default: def, Allowed: v.Allowed,
		})
	}
	for _, o := range m.Outputs {
		out = append(out, topic{Name: o.Name, Kind: "output", Description: o.Description})
	}
	return out
}

// pick finds the named topics; all of them when none is named. What there is not is an
// error for each.
func (e *explainer) pick(names []string) ([]topic, error) {
	if len(names) == 0 {
		return e.topics, nil
	}
	var picked []topic
	var unknown []string
	for _, name := range names {
		if file, line, ok := lineOf(name); ok {
			t, err := e.line(name, file, line)
			if err != nil {
				return nil, err
			}
			picked = append(picked, t)
			continue
		}
		found := e.find(name)
		if picked = append(picked, found...); len(found) == 0 {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return picked, nil
	}
	// A variable may be missing only because the module could not be linked.
	if err := e.factory.Report(e.sources, e.diags); err != nil {
		return nil, err
	}
	var texts []string
	for _, name := range unknown {
		texts = append(texts, e.unknown(name))
	}
	return nil, errors.New(strings.Join(texts, "\n"))
}

// find returns what a name is. An option and a variable may share one: both are meant.
func (e *explainer) find(name string) []topic {
	var out []topic
	for _, t := range e.topics {
		if t.Name == name {
			out = append(out, t)
		}
	}
	if len(out) > 0 {
		return out
	}
	if e.notes != nil {
		if n, ok := e.notes.Lookup(name); ok {
			return []topic{{Name: n.ID, Kind: "note", ids: []string{n.ID}}}
		}
	}
	if r := ruleOf(name); r != nil {
		return []topic{{Name: name, Kind: "rule", Why: r.Why(), Severity: r.Severity().String(), Link: r.Link(), ids: vet.CitedBy(r)}}
	}
	if e.blueprint != nil {
		for _, d := range e.declared {
			if d.Name == name {
				departure := e.departure(d)
				return []topic{{Name: name, Kind: "deviation", Departure: &departure, ids: d.Notes}}
			}
		}
	}
	if found, ok := e.address(name); ok {
		return found
	}
	if t, ok := e.about(name); ok {
		return []topic{t}
	}
	return nil
}

func rules() []vet.Rule { return append(vet.Rules(), rulesOfNotes.Rules()...) }

func ruleOf(name string) vet.Rule {
	for _, r := range rules() {
		if r.ID() == name {
			return r
		}
	}
	return nil
}

// unknown says that there is no such thing, and what is near.
func (e *explainer) unknown(name string) string {
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		return fmt.Sprintf("%q is a file; name a line of it, such as %s:1", name, name)
	}
	if e.orphaned() && !strings.Contains(name, ".") {
		return fmt.Sprintf("The module has no variable or output %q, and no rule has that name. %s", name, e.needsBlueprint())
	}
	if e.blueprint == nil || strings.Contains(name, ".") {
		return fmt.Sprintf("There is no note or address %q. %s", name, e.near(name))
	}
	return fmt.Sprintf("With these options, %s has no option, variable or output %q. %s", e.blueprint.Name, name, e.near(name))
}

// near names what may be meant by a wrong name, the likeliest kind first.
func (e *explainer) near(name string) string {
	var own, ids, deviations []string
	for _, t := range e.topics {
		own = append(own, t.Name)
	}
	for _, r := range rules() {
		ids = append(ids, r.ID())
	}
	if e.blueprint != nil {
		for _, d := range e.declared {
			deviations = append(deviations, d.Name)
		}
	}
	meant := func(what string, near []string) string {
		if len(near) == 0 {
			return ""
		}
		return "Did you mean " + what + diag.Quoted(near, "or") + "?"
	}
	if system, _, ok := strings.Cut(name, "."); ok && e.notes != nil && slices.Contains(e.notes.Systems(), system) {
		return cmp.Or(meant("", e.notes.Nearest(name)), fmt.Sprintf("The notes on %s have no entry with a similar name.", system))
	}
	text := cmp.Or(
		e.likeAddress(name),
		meant("", diag.Nearest(name, own)),
		meant("a rule of bpgen vet: ", diag.Nearest(name, ids)),
		meant("a deviation: ", diag.Nearest(name, deviations)),
	)
	if text == "" && e.notes != nil && strings.Contains(name, ".") {
		text = meant("", e.notes.Nearest(name))
	}
	return cmp.Or(text, "Run bpgen explain without a topic to list them all.")
}
