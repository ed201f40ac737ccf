// Package list is the command "bpgen list": the blueprints by name.
package list

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
)

// Options are what the flags say.
type Options struct {
	Dirs    []string
	Uses    string // name of a template: the blueprints that use it
	Systems bool   // the systems of the notes, with the blueprints that cover them
	JSON    bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the blueprints",
		Long: `List the blueprints: all of them, those that use a template, or those that cover
each system of the notes.`,
		Example:           "  bpgen list\n  bpgen list --uses network\n  bpgen list --systems",
		Args:              shell.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(f, opts)
		},
	}
	shell.AddDirs(cmd, &opts.Dirs)
	cmd.Flags().StringVar(&opts.Uses, "uses", "", "only the blueprints that use this `TEMPLATE`")
	cmd.Flags().BoolVar(&opts.Systems, "systems", false, "the systems of the notes, each with the blueprints that cover it")
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("uses", "systems")
	shell.Complete(cmd, "uses", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		cat, err := f.Catalog(opts.Dirs)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return cat.Templates(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

type item struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Summary string `json:"summary"`
}

type system struct {
	Name       string   `json:"name"`
	Entries    int      `json:"entries"`
	Blueprints []string `json:"blueprints"`
}

func run(f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Dirs)
	if err != nil {
		return err
	}
	if opts.Systems {
		return systems(f, cat, opts.JSON)
	}
	if opts.Uses != "" && !slices.Contains(cat.Templates(), opts.Uses) {
		return fmt.Errorf("there is no template %q. %s", opts.Uses, diag.DidYouMean(opts.Uses, cat.Templates()))
	}
	items, style := []item{}, f.IO.OutStyle()
	var rows [][]columns.Cell
	var diags hcl.Diagnostics
	for _, name := range cat.Blueprints() {
		if opts.Uses != "" {
			bp, d := cat.Blueprint(name)
			if diags = append(diags, d...); !uses(bp, opts.Uses) {
				continue
			}
		}
		head, d := cat.Head(name)
		diags = append(diags, d...)
		items = append(items, item{name, head.Version, head.Summary})
		rows = append(rows, []columns.Cell{{Text: name}, {Text: head.Version}, {Text: head.Summary, Paint: style.Dim}})
	}
	return f.List(cat.Sources(), diags, opts.JSON, items, rows)
}

// uses says whether a component of a blueprint is made of a template, or of a module
// in its tree.
func uses(bp *blueprint.Blueprint, template string) bool {
	return slices.ContainsFunc(bp.Components, func(c *blueprint.Component) bool {
		tree, _, _ := strings.Cut(c.Template, "//")
		return tree == template
	})
}

// systems lists the systems of the notes, also those that no blueprint covers.
func systems(f *shell.Factory, cat *catalog.Catalog, asJSON bool) error {
	if cat.Ledger() == nil {
		return errors.New("there are no notes, so there are no systems")
	}
	var diags hcl.Diagnostics
	covered := map[string][]string{}
	for _, name := range cat.Blueprints() {
		head, d := cat.Head(name)
		diags = append(diags, d...)
		for _, s := range head.Systems {
			covered[s] = append(covered[s], name)
		}
	}
	items, style := []system{}, f.IO.OutStyle()
	var rows [][]columns.Cell
	for _, name := range cat.Ledger().Systems() {
		entries, err := cat.Ledger().Entries(name)
		if err != nil {
			return err
		}
		by := append([]string{}, covered[name]...)
		items = append(items, system{name, len(entries), by})
		shown := columns.Cell{Text: strings.Join(by, ", ")}
		if len(by) == 0 {
			shown = columns.Cell{Text: "no blueprint", Paint: style.Dim}
		}
		rows = append(rows, []columns.Cell{{Text: name}, {Text: count(len(entries))}, shown})
	}
	return f.List(cat.Sources(), diags, asJSON, items, rows)
}

func count(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
