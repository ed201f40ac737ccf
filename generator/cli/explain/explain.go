// Package explain is the command "bpgen explain": where a default comes from.
package explain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
	rulesOfNotes "github.com/bpgen/bpgen/generator/vet/notes"
)

// Options are what the flags say.
type Options struct {
	Blueprint string
	Topics    []string
	Choose    choose.Flags
	JSON      bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	names := choose.Names(f, &opts.Choose.Dirs)
	cmd := &cobra.Command{
		Use:   "explain NAME [OPTION|VARIABLE|OUTPUT|NOTE|RULE|CHAPTER|ARGUMENT]...",
		Short: "Explain where a default comes from",
		Long: `Explain options, variables and outputs of a blueprint: what each is for, and
where its default comes from: a section of the notes, with the statement, the
value and any caveat, or a reason stated by bpgen. A note is given by its id,
as in the comments of a rendered module ("# notes aurora.deletion-protection: ..."),
and a rule of bpgen vet by its name, such as deletion-protection. A chapter of the
notes, such as 22-02, or a type or argument of Terraform, such as aws_db_instance or
multi_az, lists what the notes say there. Without a name, everything is listed with
its source.`,
		Example: "  bpgen explain ecs-fargate\n  bpgen explain ecs-fargate database cdn",
		Args: func(cmd *cobra.Command, args []string) error {
			return shell.OneName(cmd, args[:min(1, len(args))])
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return names(cmd, args, text)
			}
			silent := *f
			silent.IO = f.IO.Silent()
			p, err := opts.Choose.Preview(cmd.Context(), &silent, args[0])
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out []string
			for _, t := range topics(p) {
				if !slices.Contains(args, t.Name) {
					out = append(out, cobra.CompletionWithDesc(t.Name, t.Kind))
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Blueprint, opts.Topics = args[0], args[1:]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	opts.Choose.Add(cmd, f)
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

// A topic is one thing that can be explained.
type topic struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"` // option, variable, output, note, rule, chapter or terraform
	Description string `json:"description,omitempty"`
	Default     string `json:"default,omitempty"`
	Required    bool   `json:"required,omitempty"`
	Allowed     string `json:"allowed,omitempty"`
	Why         string `json:"why,omitempty"`
	Severity    string `json:"severity,omitempty"`
	Link        string `json:"link,omitempty"`
	Notes       []note `json:"notes,omitempty"`

	ids []string
}

// A note is an entry of the ledger.
type note struct {
	ID        string   `json:"id"`
	Section   string   `json:"section,omitempty"`
	Strength  string   `json:"strength,omitempty"`
	Statement string   `json:"statement,omitempty"`
	Value     any      `json:"value,omitempty"`
	Caveat    string   `json:"caveat,omitempty"`
	Terraform []string `json:"terraform,omitempty"`
	Missing   bool     `json:"missing,omitempty"` // the ledger has no such entry
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

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	p, err := opts.Choose.Preview(ctx, f, opts.Blueprint)
	if err != nil {
		return err
	}
	notes := p.Notes
	all := topics(p)
	picked, unknown, err := pick(all, opts.Topics, notes, p.Blueprint.Systems)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		// A variable may be missing only because the module could not be linked.
		if err := f.Report(p.Sources, p.Diags); err != nil {
			return err
		}
		var texts []string
		for _, name := range unknown {
			texts = append(texts, fmt.Sprintf("With these options, %s has no option, variable or output %q. %s", opts.Blueprint, name, near(name, all, notes)))
		}
		return errors.New(strings.Join(texts, "\n"))
	}
	for i := range picked {
		for _, id := range picked[i].ids {
			picked[i].Notes = append(picked[i].Notes, look(notes, id))
		}
	}
	switch {
	case opts.JSON:
		if picked == nil {
			picked = []topic{}
		}
		return f.WriteJSON(picked)
	case len(opts.Topics) == 0:
		return overview(f, picked)
	}
	page := f.Page()
	for _, t := range picked {
		page.Part()
		full(page, t)
	}
	return page.Write()
}

// pick finds the named topics; all of them when none is named. An option and a
// variable may share a name: both are meant.
func pick(all []topic, names []string, notes *ledger.Ledger, systems []string) (picked []topic, unknown []string, err error) {
	if len(names) == 0 {
		return all, nil, nil
	}
	for _, name := range names {
		found := false
		for _, t := range all {
			if t.Name == name {
				picked, found = append(picked, t), true
			}
		}
		if !found && notes != nil {
			if e, ok := notes.Lookup(name); ok {
				picked, found = append(picked, topic{Name: e.ID, Kind: "note", ids: []string{e.ID}}), true
			}
		}
		for _, r := range rules() {
			if !found && r.ID() == name {
				picked, found = append(picked, topic{Name: name, Kind: "rule", Why: r.Why(), Severity: r.Severity().String(), Link: r.Link(), ids: vet.CitedBy(r)}), true
			}
		}
		if !found {
			t, told, err := about(notes, systems, name)
			if err != nil {
				return nil, nil, err
			}
			if found = told; told {
				picked = append(picked, t)
			}
		}
		if !found {
			unknown = append(unknown, name)
		}
	}
	return picked, unknown, nil
}

func rules() []vet.Rule { return append(vet.Rules(), rulesOfNotes.Rules()...) }

func near(name string, all []topic, notes *ledger.Ledger) string {
	var names []string
	for _, t := range all {
		names = append(names, t.Name)
	}
	n := diag.Nearest(name, names)
	if len(n) == 0 {
		var ids []string
		for _, r := range rules() {
			ids = append(ids, r.ID())
		}
		if n = diag.Nearest(name, ids); len(n) > 0 {
			return "Did you mean a rule of bpgen vet: " + diag.Quoted(n, "or") + "?"
		}
	}
	if len(n) == 0 && notes != nil && strings.Contains(name, ".") {
		n = notes.Nearest(name)
	}
	if len(n) == 0 {
		return "Run bpgen explain without a name to list them all."
	}
	return "Did you mean " + diag.Quoted(n, "or") + "?"
}

func look(notes *ledger.Ledger, id string) note {
	if notes == nil {
		return note{ID: id, Missing: true}
	}
	e, ok := notes.Lookup(id)
	if !ok {
		return note{ID: id, Missing: true}
	}
	return note{ID: id, Section: e.Section, Strength: e.Strength, Statement: e.Statement, Value: e.Value, Caveat: e.Caveat, Terraform: e.Terraform}
}

// overview prints one line per topic.
func overview(f *shell.Factory, all []topic) error {
	style := f.IO.OutStyle()
	var rows [][]columns.Cell
	for _, t := range all {
		value := "default " + t.Default
		switch {
		case t.Kind == "output":
			value = ""
		case t.Required:
			value = "required"
		}
		source := ""
		switch {
		case len(t.ids) > 0:
			source = "notes: " + strings.Join(t.ids, ", ")
		case t.Why != "":
			source = "why: " + t.Why
		}
		rows = append(rows, []columns.Cell{{Text: t.Kind}, {Text: t.Name}, {Text: value}, {Text: source, Paint: style.Dim}})
	}
	return f.Table(rows)
}

// full shows all that is known of one topic.
func full(p *shell.Page, t topic) {
	line := func(name, text string) {
		if text != "" {
			p.Flow(fmt.Sprintf("  %-12s", name), fmt.Sprintf("  %-12s", ""), columns.Cell{Text: text})
		}
	}
	head := func(kind, name string) { p.Flow(kind+" ", "  ", columns.Cell{Text: name, Paint: p.Style.Bold}) }
	if t.Kind == "chapter" || t.Kind == "terraform" {
		brief(p, t)
		return
	}
	if t.Kind != "note" {
		head(t.Kind, t.Name)
		line("what", t.Description)
		switch {
		case t.Kind == "rule":
			line("severity", t.Severity)
		case t.Required:
			line("default", "none (required)")
		case t.Kind != "output":
			line("default", t.Default)
		}
		line("allowed", t.Allowed)
		line("why", t.Why)
		line("more", t.Link)
		if t.Kind != "output" && t.Kind != "rule" && !t.Required && t.Why == "" && len(t.Notes) == 0 {
			line("why", "no source given")
		}
	}
	for _, n := range t.Notes {
		head("note", n.ID)
		if n.Missing {
			line("", "The notes have no entry with this id.")
			continue
		}
		line("section", n.Section)
		line("says", n.Statement)
		line("strength", n.Strength)
		line("value", value(n.Value))
		line("caveat", n.Caveat)
		line("terraform", strings.Join(n.Terraform, ", "))
	}
}

// value shows the value of a note as the ledger writes it.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, value(e))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for k, e := range v {
			parts = append(parts, k+" = "+value(e))
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v)
}
