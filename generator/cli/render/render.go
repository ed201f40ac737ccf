// Package render is the command "bpgen render": it renders a blueprint and
// writes, compares or shows the result.
package render

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Blueprint string
	Out       string // "": ./<blueprint>
	Choose    choose.Flags
	Layout    string
	DryRun    bool
	Diff      bool
	Check     bool
	Force     bool
	JSON      bool
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
		Use:   "render NAME",
		Short: "Render a blueprint into a Terraform module",
		Long: `Render a blueprint into a folder that holds one plain Terraform module with
documentation and tests.

The folder is ./NAME unless --out says otherwise. It is rendered as a whole: an
interrupt leaves the old tree or the new one. Where that cannot be, in the
working directory for one, it says so, and the next run finishes what an
interrupt left half done. Files that bpgen did not write and files edited by
hand since the last render are named and left alone, unless --force is given.

The report goes to standard output after the module is written: when that
cannot be printed, the exit status is 1 and the error says that the module is
there.`,
		Example: `  bpgen render ecs-fargate
  bpgen render ecs-fargate --set cdn=false --set database=none --out modules/web
  bpgen render ecs-fargate --options web.yaml --check`,
		Args:              shell.OneName,
		ValidArgsFunction: choose.Names(f, &opts.Choose.Dirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Blueprint = args[0]
			if opts.Layout != string(link.Flat) && opts.Layout != string(link.Nested) {
				return shell.Usage("--layout takes flat or nested, not %q", opts.Layout)
			}
			if opts.Out == "" && cmd.Flags().Changed("out") {
				return shell.Usage("--out needs the name of a folder")
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, disk{}, opts)
		},
	}
	opts.Choose.Add(cmd, f)
	fl := cmd.Flags()
	fl.StringVar(&opts.Out, "out", "", "write into `folder` (default: ./NAME)")
	fl.StringVar(&opts.Layout, "layout", string(link.Flat), "`shape` of the module: flat, or nested child modules")
	fl.BoolVar(&opts.DryRun, "dry-run", false, "say what would be written, and write nothing")
	fl.BoolVar(&opts.Diff, "diff", false, "print what would change as a unified diff, and write nothing")
	fl.BoolVar(&opts.Check, "check", false, "exit with 2 when the folder is not up to date, and write nothing")
	fl.BoolVar(&opts.Force, "force", false, "overwrite files that bpgen did not write or that were edited by hand")
	fl.BoolVar(&opts.JSON, "json", false, "print one JSON document on standard output")
	if err := cmd.MarkFlagDirname("out"); err != nil {
		panic(err) // The flag is defined above.
	}
	shell.Complete(cmd, "layout", cobra.FixedCompletions([]string{string(link.Flat), string(link.Nested)}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// outcome is what a run found, for people and for machines.
type outcome struct {
	dir     string
	result  generator.Result
	diags   hcl.Diagnostics
	sources map[string]*hcl.File
	report  write.Report
	written bool
	err     error // of writing
}

func run(ctx context.Context, f *shell.Factory, w writer, opts *Options) error {
	cat, err := f.Catalog(opts.Choose.Dirs)
	if err != nil {
		return err
	}
	o := &outcome{dir: opts.Out}
	if o.dir == "" {
		o.dir = opts.Blueprint
	}
	inputs, sources, diags := opts.Choose.Inputs()
	o.diags = diags
	if diags.HasErrors() {
		bp, _ := cat.Blueprint(opts.Blueprint) // what is wrong with it is said once the options can be read
		sources, o.diags = choose.VeilBroken(bp, sources, diags)
	}

	done := f.IO.Progress("Rendering " + opts.Blueprint)
	defer done()
	plain := !opts.Check && !opts.Diff && !opts.DryRun
	key := ""
	if plain && !o.diags.HasErrors() {
		if key = o.key(f, cat, inputs, opts); o.remembered(f, key) {
			done()
			return o.tell(f, opts)
		}
	}
	if !o.diags.HasErrors() {
		o.result, diags = f.Generate(ctx, generator.Request{
			Catalog: cat, Blueprint: opts.Blueprint, Inputs: inputs, Profile: opts.Choose.Profile, Layout: link.Layout(opts.Layout),
		})
		o.diags = append(o.diags, diags...)
	}
	o.sources = cat.Sources()
	if len(o.diags) > 0 {
		sources = choose.Veil(o.result.Blueprint, inputs, sources)
	}
	maps.Copy(o.sources, sources)
	maps.Copy(o.sources, o.result.Sources)
	if !o.diags.HasErrors() && ctx.Err() != nil {
		o.err = errors.New("interrupted; nothing was written")
	}
	if !o.diags.HasErrors() && o.err == nil {
		if !plain {
			if o.err = write.Unfinished(o.dir); o.err == nil {
				o.report, o.err = w.Compare(place(o.dir), o.result.Files, write.Options{})
			}
		} else {
			on := write.Fail
			if opts.Force {
				on = write.Overwrite
			}
			o.report, o.err = w.Apply(ctx, place(o.dir), o.result.Files, write.Options{OnConflict: on, Notice: f.Note})
			o.written = o.err == nil && o.report.Drift()
		}
	}
	done()
	// Warnings must be shown each time, so a render with some is not remembered.
	if manifest, ok := o.result.Files.Get(write.ManifestPath); ok && key != "" && o.err == nil && len(o.diags) == 0 {
		f.Memory.Remember(key, manifest)
	}
	return o.tell(f, opts)
}

// place is how the writer is told of a folder: one below the working directory by
// a relative path, however it was given, so that no link leads out of that.
func place(dir string) string {
	if !filepath.IsAbs(dir) {
		return dir
	}
	wd, err := os.Getwd()
	if err != nil {
		return dir
	}
	if rel, err := filepath.Rel(wd, dir); err == nil && filepath.IsLocal(rel) && rel != "." {
		return rel
	}
	return dir
}

// key is the name of this render in the memory: a digest of everything that
// decides its result. It is "" when there is none.
func (o *outcome) key(f *shell.Factory, cat *catalog.Catalog, inputs []resolve.Input, opts *Options) string {
	bp, diags := cat.Blueprint(opts.Blueprint)
	if len(diags) > 0 {
		return ""
	}
	choices, diags := resolve.Resolve(bp, inputs, opts.Choose.Profile)
	if len(diags) > 0 {
		return ""
	}
	words := []string{opts.Layout, opts.Choose.Profile}
	for _, c := range choices {
		value, err := ctyjson.Marshal(c.Value, c.Value.Type())
		if err != nil {
			return ""
		}
		words = append(words, c.Option.Name, c.Source, c.Value.Type().GoString(), string(value))
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
	o.report, ok = write.Unchanged(place(o.dir), sum)
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
	dry := opts.Check || opts.Diff || opts.DryRun
	if (opts.Check || opts.DryRun) && !opts.Diff {
		if err := o.list(f); err != nil {
			return err
		}
	}
	o.summary(f, dry)
	if dry && !opts.Force {
		o.obstacles(f)
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

// obstacles names what would make a render refuse.
func (o *outcome) obstacles(f *shell.Factory) {
	for _, part := range []struct {
		names []string
		title string
	}{
		{o.report.Edited, "Edited by hand since the last render (a render refuses without --force)"},
		{o.report.Foreign, "Not written by bpgen (a render refuses without --force)"},
	} {
		names := part.names
		if len(names) > mostNamed {
			names = append(slices.Clone(names[:mostNamed]), "... and more")
		}
		if len(names) > 0 {
			f.Say("\n%s:\n  %s\n", part.title, strings.Join(names, "\n  "))
		}
	}
}

// summary says in short what happened; on a terminal also what was chosen and
// what to do next.
func (o *outcome) summary(f *shell.Factory, dry bool) {
	style := f.IO.ErrStyle()
	bp := o.result.Blueprint
	title := strings.TrimSpace(bp.Name + " " + bp.Version)
	switch {
	case !o.report.Drift():
		f.Say("%s is up to date with %s: %s unchanged.\n", style.Bold(o.dir), title, files(len(o.report.Unchanged)))
	case dry:
		f.Say("%s is not up to date with %s: %s.\n", style.Bold(o.dir), title, counts(o.report, "to "))
	default:
		f.Say("Rendered %s into %s: %s.\n", title, style.Bold(o.dir), counts(o.report, ""))
	}
	if dry || !f.IO.ErrTTY() {
		return
	}
	var rows [][]string
	for _, c := range o.result.Choices {
		if c.Option.Default == cty.NilVal || !c.Option.Default.RawEquals(c.Value) {
			rows = append(rows, []string{c.Option.Name, c.Show(bp), style.Dim("from " + c.Source)})
		}
	}
	if len(rows) == 0 {
		f.Say("\nAll options are at their defaults; bpgen show %s lists them.\n", bp.Name)
	} else {
		f.Say("\nOptions that differ from the defaults:\n")
		shell.Table(f.IO.ErrOut, "  ", rows) //nolint:errcheck // Talk only.
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

// counts is "3 files created, 1 deleted", or, with "to ", what would happen.
func counts(r write.Report, to string) string {
	words := [][2]string{{"created", "create"}, {"changed", "change"}, {"deleted", "delete"}, {"unchanged", "keep"}}
	var parts []string
	for i, n := range []int{len(r.Created), len(r.Changed), len(r.Deleted), len(r.Unchanged)} {
		if n == 0 || i == 3 && to != "" {
			continue
		}
		word, number := words[i][0], fmt.Sprint(n)
		if to != "" {
			word = to + words[i][1]
		}
		if len(parts) == 0 {
			number = files(n)
		}
		parts = append(parts, number+" "+word)
	}
	return strings.Join(parts, ", ")
}

func files(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}

// document is what --json prints.
type document struct {
	Blueprint   string                `json:"blueprint"`
	Version     string                `json:"version,omitempty"`
	Layout      string                `json:"layout"`
	Out         string                `json:"out"`
	Options     map[string]option     `json:"options,omitempty"`
	LeftOut     []link.LeftOut        `json:"left_out,omitempty"` // of foreign templates
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
		Blueprint: opts.Blueprint, Layout: opts.Layout, Out: o.dir, Written: o.written, Drift: o.report.Drift(),
		Options: map[string]option{}, Diagnostics: diag.JSON(o.diags),
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
			return fmt.Errorf("the module is written to %q, but the report on it could not be printed: %w", o.dir, err)
		}
		return err
	}
	return shell.Exit(code)
}
