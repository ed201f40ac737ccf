// Package vet is the command "bpgen vet": it checks a folder of Terraform
// files, rendered by bpgen or not.
package vet

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/bundle"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/home"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Dir   string
	Major string
	Home  string
	Rules bool
	JSON  bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "vet [DIR]",
		Short: "Check Terraform modules without a provider",
		Long: `Check every module in a directory and its subdirectories, rendered by bpgen or not: files
parse and are formatted, blocks and arguments match the schema of hashicorp/aws,
references resolve, nothing is unused, and the module complies with the notes'
rules. No provider is started and nothing is downloaded. --rules lists all rules.
Resources of other providers are not checked, and vet is not a security scanner:
use it together with checkov or trivy, not instead of them.

The exit status is 2 if any finding is an error. A comment
"# bpgen:ignore RULE REASON" above a line silences one finding. The text output
shows the first 50 findings and counts the rest; --json lists all of them.`,
		Example: "  bpgen vet\n  bpgen vet modules/web --json\n  bpgen vet --rules",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return shell.Usage("%s takes one directory, but got %d arguments", cmd.CommandPath(), len(args))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Dir = "."
			if len(args) > 0 {
				opts.Dir = args[0]
			}
			if opts.Major != "" && opts.Major != "5" && opts.Major != "6" {
				return shell.Usage("--aws-provider must be 5 or 6, not %q", opts.Major)
			}
			if _, known := home.Find(opts.Home); opts.Home != "" && !known {
				return shell.Usage("--home takes a time zone such as Europe/Paris; %q does not exist", opts.Home)
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			if opts.Rules {
				return list(f, opts.JSON)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	cmd.Flags().StringVar(&opts.Major, "aws-provider", "", "major `version` of hashicorp/aws to check against, 5 or 6 (default: what each module requires)")
	cmd.Flags().StringVar(&opts.Home, "home", "", "time `zone` of the users, for rules about windows (default: the one the module was rendered for, or "+home.Default+")")
	cmd.Flags().BoolVar(&opts.Rules, "rules", false, "list the rules and the entries of the notes that they enforce")
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	shell.Complete(cmd, "aws-provider", cobra.FixedCompletions([]string{"6", "5"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

type finding struct {
	diag.JSONDiagnostic
	Rule   string `json:"rule,omitempty"`
	Module string `json:"module"`
	Why    string `json:"why,omitempty"`
	Link   string `json:"link,omitempty"`

	Notes []string `json:"notes,omitempty"`
}

type document struct {
	Modules    []string       `json:"modules"`
	Findings   []finding      `json:"findings"`
	NotChecked map[string]int `json:"not_checked,omitempty"` // blocks of providers without a schema, by type
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	done := f.IO.Progress("Checking " + opts.Dir).Done
	defer done()
	files, diags, err := read(ctx, opts.Dir)
	if err != nil {
		return err
	}
	if diags.HasErrors() {
		done()
		return f.Report(nil, diags)
	}
	if !slices.ContainsFunc(files, func(f fileset.File) bool { return terraform(f.Path) }) {
		return fmt.Errorf("there are no Terraform files in %q", opts.Dir)
	}
	zone, target := rendered(opts)
	result := vet.Run(ctx, files, vet.Options{Major: opts.Major, Home: zone, Target: target, Rules: notes.Rules()})
	result.Findings = vet.Inform(result, manifestOf(opts.Dir).Foreign)
	done()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	code := shell.OK
	if result.Findings.HasErrors() {
		code = shell.Findings
	}
	if opts.JSON {
		if err := f.WriteJSON(describe(result)); err != nil {
			return err
		}
		return shell.Exit(code)
	}
	if err := diag.Print(f.IO.Out, result.Sources, named(result.Findings), f.IO.OutWidth(), f.IO.OutStyle().Paint); err != nil {
		return err
	}
	errorCount := 0
	for _, d := range result.Findings {
		if d.Severity == hcl.DiagError {
			errorCount++
		}
	}
	f.Say("%s, %s, %s\n", shell.Count(len(result.Modules), "module"), shell.Count(errorCount, "error"), shell.Count(len(result.Findings)-errorCount, "warning"))
	if text := notChecked(result.NotChecked()); text != "" {
		f.Note(text)
	}
	return shell.Exit(code)
}

// mostTypes is how many types a note names.
const mostTypes = 10

// notChecked says what vet has not looked at, "" when that is nothing.
func notChecked(types map[string]int) string {
	total := 0
	var names []string
	for _, name := range slices.Sorted(maps.Keys(types)) {
		total += types[name]
		names = append(names, name)
	}
	if total == 0 {
		return ""
	}
	more := ""
	if n := len(names) - mostTypes; n > 0 {
		names, more = names[:mostTypes], fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("the arguments of %s were not checked, because vet only knows the provider hashicorp/aws: %s%s", shell.Count(total, "block"), strings.Join(names, ", "), more)
}

// rendered returns options of the folder's rendering: the time zone of the users,
// unless the flag says it, and the program that runs the module. Of a folder that
// was not rendered they are "".
func rendered(opts *Options) (zone, target string) {
	manifest := manifestOf(opts.Dir)
	for name, value := range map[string]*string{resolve.Home: &zone, resolve.Target: &target} {
		if json.Unmarshal(manifest.Options[name], value) != nil {
			*value = "" // of an older bpgen, which had no such option
		}
	}
	return cmp.Or(opts.Home, zone), target
}

func manifestOf(dir string) (m render.Manifest) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return m
	}
	defer root.Close() //nolint:errcheck // Read only.
	src, diags := guard.ReadFile(disk.FS(root), render.ManifestPath, render.ManifestPath)
	if diags.HasErrors() {
		return m
	}
	m, err = render.ParseManifest(src)
	if err != nil {
		return render.Manifest{}
	}
	return m
}

type ruleItem struct {
	ID       string   `json:"id"`
	Severity string   `json:"severity"`
	Why      string   `json:"why"`
	Link     string   `json:"link,omitempty"`
	Notes    []string `json:"notes,omitempty"`
}

// list prints all rules, by name.
func list(f *shell.Factory, asJSON bool) error {
	var items []ruleItem
	var rows [][]columns.Cell
	style := f.IO.OutStyle()
	rules := append(vet.Rules(), notes.Rules()...)
	slices.SortFunc(rules, func(a, b vet.Rule) int { return strings.Compare(a.ID(), b.ID()) })
	for _, r := range rules {
		ids := vet.NotesOf(r)
		items = append(items, ruleItem{r.ID(), r.Severity().String(), r.Why(), r.Link(), ids})
		source := ""
		if len(ids) > 0 {
			source = "notes: " + strings.Join(ids, ", ")
		}
		rows = append(rows, append(columns.Cells(r.ID(), r.Severity().String(), r.Why()), columns.Cell{Text: source, Paint: style.Dim}))
	}
	if asJSON {
		return f.WriteJSON(items)
	}
	return f.Table(rows)
}

// named puts the name of the rule behind each summary: it is what an ignore
// comment needs.
func named(diags hcl.Diagnostics) hcl.Diagnostics {
	var out hcl.Diagnostics
	for _, d := range diags {
		c := *d
		if fd, ok := vet.FindingOf(d); ok {
			c.Summary += " (" + fd.Rule.ID() + ")"
		}
		out = append(out, &c)
	}
	return out
}

func describe(r vet.Result) document {
	doc := document{Modules: []string{}, Findings: []finding{}, NotChecked: r.NotChecked()}
	for _, m := range r.Modules {
		dir := m.Dir
		if dir == "" {
			dir = "."
		}
		doc.Modules = append(doc.Modules, dir)
	}
	for _, d := range diag.Sort(r.Findings) {
		out := finding{JSONDiagnostic: diag.JSON(hcl.Diagnostics{d})[0]}
		if fd, ok := vet.FindingOf(d); ok {
			out.Severity = fd.Rule.Severity().String()
			out.Rule, out.Module, out.Why, out.Link = fd.Rule.ID(), fd.Module, fd.Rule.Why(), fd.Rule.Link()
			out.Notes = vet.CitedBy(fd.Rule)
		}
		doc.Findings = append(doc.Findings, out)
	}
	return doc
}

// unreadable puts a missing right in the words that a render has for it.
func unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%q is not readable (%w)", name, err)
	}
	return err
}

// read takes the Terraform files below dir into memory. Links are not
// followed, hidden folders are not entered, and what guard refuses is refused.
func read(ctx context.Context, dir string) ([]fileset.File, hcl.Diagnostics, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("there is no directory %q", dir)
	}
	if err != nil {
		return nil, nil, unreadable(dir, err)
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("%q is a file; bpgen vet takes a directory", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, unreadable(dir, err)
	}
	defer root.Close() //nolint:errcheck // Read only.
	var files []fileset.File
	var diags hcl.Diagnostics
	var budget guard.Budget
	fsys := disk.FS(root)
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		switch {
		case err != nil:
			return unreadable(filepath.Join(dir, filepath.FromSlash(name)), err)
		case d.IsDir() && d.Name() == path.Dir(write.ManifestPath):
			if err := write.Unfinished(filepath.Join(dir, filepath.FromSlash(path.Dir(name)))); err != nil {
				return err
			}
			return fs.SkipDir
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.Type().IsRegular() && (terraform(name) || vet.Text(name)):
			src, more := guard.ReadFile(fsys, name, name)
			if !terraform(name) && (more.HasErrors() || !vet.Filled(src)) {
				return nil // nothing of the module
			}
			if !more.HasErrors() {
				more = budget.Take(name, src, terraform(name))
			}
			if !more.HasErrors() && terraform(name) {
				more = guard.HCL(name, src)
			}
			diags = append(diags, more...)
			if budget.Spent() {
				return fs.SkipAll
			}
			files = append(files, fileset.File{Path: name, Bytes: src})
		}
		return nil
	})
	return append(files, bundled(fsys, files)...), diags, err
}

// bundled reads the archives among files that have a directory of their name beside
// them, and what is in it. One that is too large to be read is left to others.
func bundled(fsys fs.FS, have []fileset.File) []fileset.File {
	there := map[string]bool{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		there[name] = err == nil && d.Type().IsRegular()
		return err
	})
	if err != nil {
		return nil // the walk before this one has told
	}
	wanted := map[string]bool{}
	for name := range there {
		if !there[name] {
			continue
		}
		if archive := bundle.Source(name, func(p string) bool { return there[p] }); archive != "" {
			wanted[name], wanted[archive] = true, true
		}
	}
	for _, f := range have {
		delete(wanted, f.Path)
	}
	var out []fileset.File
	var budget guard.Budget
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		src, diags := guard.ReadFile(fsys, name, name)
		if diags.HasErrors() || budget.Take(name, src, false).HasErrors() {
			return nil
		}
		out = append(out, fileset.File{Path: name, Bytes: src})
	}
	return out
}

func terraform(name string) bool {
	switch path.Ext(name) {
	case ".tf", ".tfvars":
		return true
	case ".hcl":
		return strings.HasSuffix(name, ".tftest.hcl") || strings.HasSuffix(name, ".tfmock.hcl")
	}
	return false
}
