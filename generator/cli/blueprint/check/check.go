// Package check is the command "bpgen blueprint check": everything that can be
// said about a blueprint before anybody renders it.
package check

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
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
		Short: "Check blueprints and their templates with every combination of options",
		Long: `Check the names, types, links and citations of blueprints, and that every
combination of options produces a module that links and passes bpgen vet. Without
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
	done := f.IO.Progress("Checking " + strings.Join(names, ", "))
	var diags hcl.Diagnostics
	tried := map[string]int{}
	for _, name := range names {
		report := f.Check(ctx, cat, name)
		diags, tried[name] = append(diags, report.Diagnostics...), report.Tried
	}
	done()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	if opts.JSON {
		if err := f.WriteJSON(document{names, tried, diag.JSON(diags)}); err != nil {
			return err
		}
		if diags.HasErrors() {
			return shell.Exit(shell.Failed)
		}
		return nil
	}
	if err := f.Report(cat.Sources(), diags); err != nil {
		return err
	}
	f.Say("%s: no errors in %s.\n", summary(names), combinations(tried))
	return nil
}

func summary(names []string) string {
	if len(names) == 1 {
		return "Checked the blueprint " + names[0]
	}
	return fmt.Sprintf("Checked %d blueprints: %s", len(names), strings.Join(names, ", "))
}

// combinations says how many combinations of options were rendered.
func combinations(tried map[string]int) string {
	n := 0
	for _, t := range tried {
		n += t
	}
	if n == 1 {
		return "1 combination of options"
	}
	return fmt.Sprintf("%d combinations of options", n)
}
