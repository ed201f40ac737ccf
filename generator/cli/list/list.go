// Package list is the command "bpgen list": the blueprints by name.
package list

import (
	"context"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
)

// Options are what the flags say.
type Options struct {
	Dirs []string
	JSON bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List the blueprints",
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
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

type item struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Summary string `json:"summary"`
}

func run(f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Dirs)
	if err != nil {
		return err
	}
	items, style := []item{}, f.IO.OutStyle()
	var rows [][]columns.Cell
	var diags hcl.Diagnostics
	for _, name := range cat.Blueprints() {
		bp, d := cat.Blueprint(name)
		diags = append(diags, d...)
		items = append(items, item{name, bp.Version, bp.Summary})
		rows = append(rows, []columns.Cell{{Text: name}, {Text: bp.Version}, {Text: bp.Summary, Paint: style.Dim}})
	}
	return f.List(cat.Sources(), diags, opts.JSON, items, rows)
}
