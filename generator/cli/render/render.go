// Package render is the command "bpgen render": it renders a blueprint and
// writes, compares or shows the result.
package render

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/standing"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Blueprint    string // "": what the directory holds
	Out          string // "": ./<blueprint>, or where one stands
	Choose       choose.Flags
	NoProfile    bool   // --profile "": none, whatever was chosen before
	Layout       string // "": as before, or flat
	Reset        bool
	DryRun       bool
	Diff         bool
	Check        bool
	Force        bool
	AllowDestroy []string
	JSON         bool
}

// writer puts files on the disk, or only compares.
type writer interface {
	Apply(ctx context.Context, dir string, set fileset.Set, opts write.Options) (write.Report, error)
	Compare(dir string, set fileset.Set, opts write.Options) (write.Report, error)
}

type disk struct{}

func (disk) Apply(ctx context.Context, dir string, set fileset.Set, opts write.Options) (write.Report, error) {
	return write.Apply(ctx, dir, set, opts)
}

func (disk) Compare(dir string, set fileset.Set, opts write.Options) (write.Report, error) {
	return write.Compare(dir, set, opts)
}

// NewCmd returns the command. runF takes the place of the work in tests; nil
// for the real thing.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "render [NAME]",
		Short: "Render a blueprint into a Terraform module",
		Long: `Render a blueprint into a directory, as one plain Terraform module with
documentation and tests.

The directory is ./NAME unless --out says otherwise. Without NAME, the module in
the directory of --out, or in the working directory, is rendered again.

A module that is rendered again keeps its options, profile and layout, defaults
included, as recorded in .bpgen/manifest.json; --set, --options, --profile,
--layout and --reset-options change them. Changes are shown before anything is
written. If a database, a bucket or another object that holds data would be
dropped or replaced, bpgen asks first; without a terminal it refuses unless
--allow-destroy names the object.

Writes are atomic: an interrupted run leaves either the old tree or the new one.
Where that is not possible, such as in the working directory, bpgen says so, and
the next run finishes the work. Files edited by hand, and files that bpgen did
not write but whose names the module needs, are listed and left alone unless
--force is given. All other files stay as they are.

The report goes to standard output after the module is written. If it cannot be
printed, the exit status is 1 and the error says that the module was written.`,
		Example: `  bpgen render ecs-fargate
  bpgen render ecs-fargate --set cdn=false --set database=none --out modules/web
  bpgen render --out modules/web --set cache=none
  bpgen render ecs-fargate --options web.yaml --check

  # web.yaml
  database: postgresql
  cdn: false`,
		Args:              nameOrNone,
		ValidArgsFunction: choose.Names(f, &opts.Choose.Dirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.Blueprint = args[0]
			}
			if err := opts.judge(cmd.Flags()); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, disk{}, opts)
		},
	}
	opts.Choose.AddFor(cmd, f, opts.standing)
	opts.add(cmd)
	return cmd
}

// add gives the command its own flags.
func (opts *Options) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&opts.Out, "out", "", "write into `directory` (default: ./NAME, or without NAME the working directory)")
	fl.StringVar(&opts.Layout, "layout", "", "`shape` of the module: flat, or nested child modules (default: unchanged, or flat)")
	fl.BoolVar(&opts.Reset, "reset-options", false, "use the defaults for all options not given on this command line")
	fl.BoolVar(&opts.DryRun, "dry-run", false, "list what would be written, and write nothing")
	fl.BoolVar(&opts.Diff, "diff", false, "print what would change as a unified diff, and write nothing")
	fl.BoolVar(&opts.Check, "check", false, "exit with status 2 if the directory is not up to date, and write nothing")
	fl.BoolVar(&opts.Force, "force", false, "overwrite files that bpgen did not write or that were edited by hand")
	fl.StringArrayVar(&opts.AllowDestroy, "allow-destroy", nil, "allow the object at `address` to be destroyed with its data (repeatable)")
	fl.BoolVar(&opts.JSON, "json", false, "print one JSON document to standard output")
	if err := cmd.MarkFlagDirname("out"); err != nil {
		panic(err) // The flag is defined above.
	}
	shell.Complete(cmd, "layout", cobra.FixedCompletions([]string{string(link.Flat), string(link.Nested)}, cobra.ShellCompDirectiveNoFileComp))
}

// nameOrNone is the arguments rule of a command that takes a blueprint, or goes by
// what the directory holds.
func nameOrNone(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return shell.OneName(cmd, args)
}

// judge says what is wrong with the flags.
func (opts *Options) judge(flags *pflag.FlagSet) error {
	if opts.Layout != "" && opts.Layout != string(link.Flat) && opts.Layout != string(link.Nested) {
		return shell.Usage("--layout must be flat or nested, not %q", opts.Layout)
	}
	if opts.Out == "" && flags.Changed("out") {
		return shell.Usage("--out needs a directory name")
	}
	if abs, err := filepath.Abs(opts.Out); err == nil && opts.Out != "" && filepath.Dir(abs) == abs {
		return shell.Usage("--out %s is the root of a file system; a module needs a directory of its own", opts.Out)
	}
	if opts.Diff && opts.DryRun {
		return shell.Usage("--dry-run lists the files that would change, --diff their lines: use one of them; --check works with either")
	}
	opts.NoProfile = opts.Choose.Profile == "" && flags.Changed("profile")
	return nil
}

// outcome is what a run found, for people and for machines.
type outcome struct {
	dir     string
	name    string // of the blueprint
	layout  string
	profile string

	manifest []byte         // of the render before; nil for none
	past     *rerender.Past // what it says; nil as well when it cannot be used
	changes  []rerender.Change
	losses   []rerender.Loss // that a render would ask about
	unseen   []rerender.Loss // that the files of a nested module do not show
	told     bool            // the changes have been shown

	result  generator.Result
	diags   hcl.Diagnostics
	sources map[string]*hcl.File
	report  write.Report
	written bool
	err     error // of writing
}

// attempts is how often a render begins anew when another one came in between.
const attempts = 3

func run(ctx context.Context, f *shell.Factory, w writer, opts *Options) error {
	cat, err := f.Catalog(opts.Choose.Dirs)
	if err != nil {
		return err
	}
	told := false
	for i := 1; ; i++ {
		o := &outcome{dir: cmp.Or(opts.Out, opts.Blueprint, "."), sources: map[string]*hcl.File{}, told: told}
		o.render(ctx, f, w, cat, opts)
		told = o.told
		var loss *lossError
		switch {
		case errors.Is(o.err, errMeanwhile) && i < attempts:
			continue
		case errors.As(o.err, &loss) && f.IO.CanAsk() && !opts.JSON:
			consents, err := o.ask(ctx, f, loss)
			if consents {
				for _, l := range loss.losses {
					opts.AllowDestroy = append(opts.AllowDestroy, l.Address)
				}
				continue
			}
			o.err = err
		}
		return o.tell(f, opts)
	}
}

// ask asks whether data may go.
func (o *outcome) ask(ctx context.Context, f *shell.Factory, loss *lossError) (bool, error) {
	answer, err := f.IO.Ask(ctx, strings.Join(columns.Wrap(fmt.Sprintf("\nThe new module drops or replaces objects that hold data; applying it would destroy them:\n\n%s\nBack up what you need first. To continue, type \"yes\":", lines(loss.losses)), f.IO.ErrWidth()), "\n")+" ")
	switch {
	case err != nil:
		return false, errors.New("interrupted; nothing was written")
	case answer == "yes":
		return true, nil
	}
	return false, fmt.Errorf("nothing was written to %q", o.dir)
}

// render does the work of one attempt.
func (o *outcome) render(ctx context.Context, f *shell.Factory, w writer, cat *catalog.Catalog, opts *Options) {
	if o.err = o.recall(opts); o.err != nil {
		return
	}
	if !opts.Force {
		if o.err = standing.Resolved(o.dir); o.err != nil {
			return
		}
	}
	inputs, sources, diags := opts.Choose.Inputs()
	o.diags = append(o.diags, diags...)
	if diags.HasErrors() {
		bp, _ := cat.Blueprint(o.name) // what is wrong with it is said once the options can be read
		sources, o.diags = choose.VeilBroken(bp, sources, o.diags)
	}
	if sources == nil {
		sources = map[string]*hcl.File{}
	}
	maps.Copy(sources, o.sources)
	inputs = o.keep(cat, inputs, opts)
	done := f.IO.Progress("Rendering " + o.name).Done
	defer done()
	key := ""
	if opts.writes() && len(o.diags) == 0 && o.err == nil {
		if key = o.key(f, cat, inputs, opts); o.remembered(f, key) {
			done()
			o.foretell(f, opts)
			return
		}
	}
	if !o.diags.HasErrors() && o.err == nil {
		o.result, diags = f.Generate(ctx, generator.Request{
			Catalog: cat, Blueprint: o.name, Inputs: inputs, Profile: o.profile, Layout: link.Layout(o.layout),
			Origin: render.Origin{Generator: f.Release},
		})
		o.diags = append(o.diags, o.mend(diags)...)
	}
	o.sources = cat.Sources()
	if len(o.diags) > 0 {
		sources = choose.Veil(o.result.Blueprint, inputs, sources)
	}
	maps.Copy(o.sources, sources)
	maps.Copy(o.sources, o.result.Sources)
	if o.diags.HasErrors() || o.err != nil {
		return
	}
	if ctx.Err() != nil {
		o.err = errors.New("interrupted; nothing was written")
		return
	}
	done()
	o.changed()
	o.switched(ctx, f, cat, inputs)
	o.foretell(f, opts)
	o.write(ctx, f, w, opts)
	// Warnings must be shown each time, so a render with some is not remembered.
	if sum := o.report.After()[write.ManifestPath]; sum != "" && key != "" && o.err == nil && len(o.diags) == 0 {
		f.Memory.Remember(key, sum)
	}
}

// writes says whether the command writes, and does not only look.
func (opts *Options) writes() bool { return !opts.Check && !opts.Diff && !opts.DryRun }

// write brings the files to the disk, or compares them with what stands there.
func (o *outcome) write(ctx context.Context, f *shell.Factory, w writer, opts *Options) {
	if opts.writes() {
		on := write.Fail
		if opts.Force {
			on = write.Overwrite
		}
		o.report, o.err = w.Apply(ctx, standing.Place(o.dir), o.result.Files, write.Options{OnConflict: on, Notice: f.Note, Check: o.allows(opts)})
		if refused := (*write.RefusedError)(nil); errors.As(o.err, &refused) {
			o.err = cmp.Or(o.unresolved(), o.err)
		}
		o.written = o.err == nil && o.report.Drift()
		return
	}
	if o.err = write.Unfinished(o.dir); o.err != nil {
		return
	}
	if o.report, o.err = w.Compare(standing.Place(o.dir), o.result.Files, write.Options{}); o.err == nil {
		o.losses = o.lost(o.report, opts.AllowDestroy)
		o.err = o.unresolved()
	}
}

// unresolved says, of a directory that would be written or compared, which of the
// files have markers of conflicts.
func (o *outcome) unresolved() error {
	var marks []string
	for _, c := range o.report.Changes() {
		marks = append(marks, standing.Marked(c.Path, c.Old)...)
	}
	if len(marks) == 0 {
		return nil
	}
	return &standing.UnresolvedError{Dir: o.dir, Marks: marks}
}

// key is the name of this render in the memory: a digest of everything that
// decides its result. It is "" when there is none.
func (o *outcome) key(f *shell.Factory, cat *catalog.Catalog, inputs []resolve.Input, opts *Options) string {
	bp, diags := cat.Blueprint(o.name)
	if len(diags) > 0 {
		return ""
	}
	choices, diags := resolve.Resolve(bp, inputs, o.profile)
	if len(diags) > 0 {
		return ""
	}
	words := []string{o.layout, o.profile}
	for _, c := range choices {
		value, err := ctyjson.Marshal(c.Value, c.Value.Type())
		if err != nil {
			return ""
		}
		words = append(words, c.Option.Name, c.Value.Type().GoString(), string(value))
	}
	key, err := f.Fingerprint(opts.Choose.Dirs, bp, words...)
	if err != nil {
		return ""
	}
	o.result.Blueprint, o.result.Choices = bp, choices
	return key
}

// remembered says whether this very render has been done before and the folder
// still holds its result, untouched.
func (o *outcome) remembered(f *shell.Factory, key string) bool {
	if key == "" {
		return false
	}
	sum, ok := f.Memory.Recall(key)
	if !ok {
		return false
	}
	o.report, ok = write.Unchanged(standing.Place(o.dir), sum)
	return ok
}

// tell says what happened, in the form that was asked for.
func (o *outcome) tell(f *shell.Factory, opts *Options) error {
	if opts.JSON {
		return o.json(f, opts)
	}
	return o.text(f, opts)
}

// text tells a person.
func (o *outcome) text(f *shell.Factory, opts *Options) error {
	if err := f.Report(o.sources, o.diags); err != nil {
		return err
	}
	if o.err != nil {
		return o.err
	}
	if opts.Diff {
		if err := o.diff(f); err != nil {
			return err
		}
	}
	dry := !opts.writes()
	if (opts.Check || opts.DryRun) && !opts.Diff {
		if err := o.list(f); err != nil {
			return err
		}
	}
	o.missed(f, dry)
	o.summary(f, dry)
	if dry {
		o.obstacles(f, opts)
	}
	if opts.Check && o.report.Drift() {
		return shell.Exit(shell.Findings)
	}
	return nil
}

// diff prints the unified diff, painted on a terminal.
func (o *outcome) diff(f *shell.Factory) error {
	style := f.IO.OutStyle()
	var b strings.Builder
	for line := range strings.Lines(o.report.Diff()) {
		text := strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
			text = style.Bold(text)
		case strings.HasPrefix(line, "+"):
			text = style.Green(text)
		case strings.HasPrefix(line, "-"):
			text = style.Red(text)
		}
		b.WriteString(text + "\n")
	}
	_, err := fmt.Fprint(f.IO.Out, b.String())
	return err
}

// list prints one line per file that differs.
func (o *outcome) list(f *shell.Factory) error {
	style := f.IO.OutStyle()
	for _, part := range []struct {
		names []string
		word  string
		paint func(string) string
	}{
		{o.report.Created, "create", style.Green}, {o.report.Changed, "change", style.Yellow}, {o.report.Deleted, "delete", style.Red},
	} {
		for _, n := range part.names {
			if _, err := fmt.Fprintf(f.IO.Out, "%s  %s\n", part.paint(part.word), n); err != nil {
				return err
			}
		}
	}
	return nil
}

// mostNamed is how many files a list of obstacles names.
const mostNamed = 20

// obstacles names what would make a render refuse, or ask.
func (o *outcome) obstacles(f *shell.Factory, opts *Options) {
	if len(o.losses) > 0 {
		f.Tell(columns.Plain("\nObjects whose data would be destroyed (bpgen render asks first, or refuses without --allow-destroy):\n" + strings.TrimSuffix(lines(o.losses), "\n")))
	}
	if opts.Force {
		return
	}
	edited, foreign := o.report.Obstacles()
	for _, part := range []struct {
		names []string
		title string
	}{
		{edited, "Edited by hand since the last render (bpgen render refuses without --force)"},
		{foreign, "In the way, and not written by bpgen (bpgen render refuses without --force)"},
	} {
		names := part.names
		if len(names) > mostNamed {
			names = append(slices.Clone(names[:mostNamed]), "... and more")
		}
		if len(names) > 0 {
			f.Tell(columns.Plain("\n" + part.title + ":\n  " + strings.Join(names, "\n  ")))
		}
	}
}

// summary says in short what happened; on a terminal also what was chosen and
// what to do next.
func (o *outcome) summary(f *shell.Factory, dry bool) {
	style := f.IO.ErrStyle()
	bp := o.result.Blueprint
	dir := columns.Cell{Text: o.dir, Paint: style.Bold}
	title := strings.TrimSpace(bp.Name + " " + bp.Version)
	switch {
	case !o.report.Drift():
		f.Tell(dir, columns.Plain(fmt.Sprintf(" is up to date with %s: %s unchanged.", title, shell.Count(len(o.report.Unchanged), "file"))))
	case dry:
		f.Tell(dir, columns.Plain(fmt.Sprintf(" is not up to date with %s: %s.", title, shell.Counts(o.report, "to "))))
	default:
		f.Tell(columns.Plain("Rendered "+title+" into "), dir, columns.Plain(": "+shell.Counts(o.report, "")+"."))
		if o.layout == string(link.Nested) {
			f.Tell(columns.Plain("The nested layout comes without tests: those of the templates are shipped with the flat one, whose names they use."))
		}
	}
	o.beside(f)
	if dry || !f.IO.ErrTTY() {
		return
	}
	var rows [][]columns.Cell
	for _, c := range o.result.Choices {
		if c.Option.Default == cty.NilVal || !c.Option.Default.RawEquals(c.Value) {
			rows = append(rows, []columns.Cell{{Text: c.Option.Name}, {Text: c.Show(bp)}, {Text: "from " + c.Source, Paint: style.Dim}})
		}
	}
	if len(rows) == 0 {
		f.Tell(columns.Plain("\nAll options are at their defaults; bpgen show " + bp.Name + " lists them."))
	} else {
		f.Say("\nOptions that differ from the defaults:\n%s", columns.Table("  ", f.IO.ErrWidth(), rows))
	}
	f.Say("\nNext:\n  %s\n", style.Bold(o.next()))
}

// next is the command that a person wants to run now.
func (o *outcome) next() string {
	tool := "terraform"
	for _, c := range o.result.Choices {
		if c.Option.Name == resolve.Target && resolve.Show(c.Value) == "opentofu" {
			tool = "tofu"
		}
	}
	verb := "validate"
	for _, list := range [][]string{o.report.Created, o.report.Changed, o.report.Unchanged} {
		if slices.ContainsFunc(list, func(name string) bool { return strings.HasPrefix(name, "tests/") }) {
			verb = "test"
		}
	}
	return fmt.Sprintf("cd %s && %s init && %s %s", shell.Quote(o.dir), tool, tool, verb)
}

// document is what --json prints.
type document struct {
	Blueprint   string                `json:"blueprint"`
	Version     string                `json:"version,omitempty"`
	Layout      string                `json:"layout"`
	Out         string                `json:"out"`
	Options     map[string]option     `json:"options,omitempty"`
	LeftOut     []link.LeftOut        `json:"left_out,omitempty"` // of foreign templates
	Changes     []rerender.Change     `json:"changes,omitempty"`  // since the render before
	Losses      []rerender.Loss       `json:"losses,omitempty"`   // objects with data that would go
	Drift       bool                  `json:"drift"`
	Written     bool                  `json:"written"`
	Report      *write.Report         `json:"report,omitempty"`
	Diff        string                `json:"diff,omitempty"`
	Error       string                `json:"error,omitempty"`
	Diagnostics []diag.JSONDiagnostic `json:"diagnostics"`
}

type option struct {
	Value  json.RawMessage `json:"value"`
	Source string          `json:"source"`
}

// json tells a machine. There is one document whatever happens.
func (o *outcome) json(f *shell.Factory, opts *Options) error {
	doc := document{
		Blueprint: o.name, Layout: o.layout, Out: o.dir, Written: o.written, Drift: o.report.Drift(),
		Options: map[string]option{}, Diagnostics: diag.JSON(o.diags), Changes: o.changes, Losses: o.losses,
	}
	if loss := (*lossError)(nil); errors.As(o.err, &loss) {
		doc.Losses = loss.losses
	}
	if bp := o.result.Blueprint; bp != nil {
		doc.Version = bp.Version
	}
	if m := o.result.Module; m != nil {
		doc.LeftOut = m.LeftOut
	}
	for _, c := range o.result.Choices {
		if !c.Value.IsWhollyKnown() {
			continue
		}
		b, err := resolve.JSON(o.result.Blueprint, c.Option.Name, c.Value)
		if err != nil {
			return err
		}
		doc.Options[c.Option.Name] = option{b, c.Source}
	}
	code := shell.OK
	var refused *write.RefusedError
	switch {
	case o.err != nil:
		doc.Error, code = o.err.Error(), shell.Failed
	case o.diags.HasErrors():
		code = shell.Failed
	case opts.Check && o.report.Drift():
		code = shell.Findings
	}
	if !o.diags.HasErrors() && (o.err == nil || errors.As(o.err, &refused)) {
		o.report.Normalise()
		doc.Report = &o.report
		if opts.Diff {
			doc.Diff = o.report.Diff()
		}
	}
	if err := f.WriteJSON(doc); err != nil {
		if o.written {
			return fmt.Errorf("the module was written to %q, but the report could not be printed: %w", o.dir, err)
		}
		return err
	}
	return shell.Exit(code)
}
