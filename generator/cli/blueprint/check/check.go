// Package check is the command "bpgen blueprint check": everything that can be
// said about a blueprint before anybody renders it.
package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
)

// Options are what the flags say.
type Options struct {
	Names []string
	Dirs  []string
	JSON  bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	names := choose.Names(f, &opts.Dirs)
	cmd := &cobra.Command{
		Use:   "check [NAME]...",
		Short: "Check blueprints and their templates with every pair of values of options",
		Long: `Check the names, types, links and citations of blueprints, and that options
produce a module that links and passes bpgen vet: the defaults, each other value,
and combinations in which every pair of values occurs. Without
a name, all blueprints of --blueprint-dir and BPGEN_PATH are checked, or, if there
are none, those that come with bpgen.`,
		Example: "  bpgen blueprint check --blueprint-dir platform\n  bpgen blueprint check ecs-fargate",
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, text string) ([]string, cobra.ShellCompDirective) {
			return names(cmd, nil, text)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Names = args
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	shell.AddDirs(cmd, &opts.Dirs)
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

type document struct {
	Blueprints  []string              `json:"blueprints"`
	Tried       map[string]int        `json:"combinations"` // of options that were rendered, by blueprint
	Diagnostics []diag.JSONDiagnostic `json:"diagnostics"`
	Unshipped   []unshippedRun        `json:"unshipped,omitempty"` // runs of own templates that no module has
}

type unshippedRun struct {
	Run      string `json:"run"`
	Template string `json:"template"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Why      string `json:"why"`
}

func inJSON(runs []check.Unshipped) []unshippedRun {
	var out []unshippedRun
	for _, u := range runs {
		out = append(out, unshippedRun{u.Run, u.Template, u.Range.Filename, u.Range.Start.Line, u.Why})
	}
	return out
}

// own returns the runs of templates that do not come with bpgen: of one that is made
// for many modules, some runs fit none of these.
func own(cat *catalog.Catalog, runs []check.Unshipped) []check.Unshipped {
	return slices.DeleteFunc(slices.Clone(runs), func(u check.Unshipped) bool { return cat.TemplateRoot(u.Template) == "" })
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Dirs)
	if err != nil {
		return err
	}
	names := opts.Names
	if len(names) == 0 {
		if names, err = f.Own(opts.Dirs); err != nil {
			return err
		}
	}
	if len(names) == 0 {
		names = cat.Blueprints()
	}
	var diags hcl.Diagnostics
	tried := map[string]int{}
	var unshipped []check.Unshipped
	for _, name := range names {
		progress := f.IO.Progress("Checking " + name)
		report := f.Check(ctx, cat, name, progress.At)
		progress.Done()
		unshipped = append(unshipped, own(cat, report.Unshipped)...)
		diags, tried[name] = append(diags, report.Diagnostics...), report.Tried
	}
	if len(opts.Names) == 0 {
		diags = append(diags, check.Parts(cat, names)...)
	}
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	if opts.JSON {
		if err := f.WriteJSON(document{names, tried, diag.JSON(diags), inJSON(unshipped)}); err != nil {
			return err
		}
		if diags.HasErrors() {
			return shell.Exit(shell.Failed)
		}
		return nil
	}
	failed := f.Report(cat.Sources(), diags)
	if n := total(tried); failed == nil || n > 0 {
		f.Tell(columns.Plain(fmt.Sprintf("%s: %s in %s.", summary(names), errorsIn(diags), combinations(n))))
	}
	for _, u := range unshipped {
		f.Tell(columns.Plain(fmt.Sprintf("The run %q of %s:%d is shipped with no combination of options that was tried: %s.", u.Run, u.Range.Filename, u.Range.Start.Line, u.Why)))
	}
	return failed
}

func summary(names []string) string {
	if len(names) == 1 {
		return "Checked the blueprint " + names[0]
	}
	return fmt.Sprintf("Checked %d blueprints: %s", len(names), strings.Join(names, ", "))
}

// errorsIn counts the errors.
func errorsIn(diags hcl.Diagnostics) string {
	switch n := len(diag.Sort(diags).Errs()); n {
	case 0:
		return "no errors"
	case 1:
		return "1 error"
	default:
		return fmt.Sprintf("%d errors", n)
	}
}

// total says how many combinations were rendered in all.
func total(tried map[string]int) int {
	n := 0
	for _, t := range tried {
		n += t
	}
	return n
}

// combinations says how many combinations of options were rendered.
func combinations(n int) string {
	if n == 1 {
		return "1 combination of options"
	}
	return fmt.Sprintf("%d combinations of options", n)
}
