// Package list is the command "bpgen template list": the templates by name.
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
		Use:   "list",
		Short: "List the templates",
		Long: `List the templates that the components of a blueprint can use: those that come
with bpgen, and those of --blueprint-dir and BPGEN_PATH.`,
		Example:           "  bpgen template list\n  bpgen template list --blueprint-dir platform --json",
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
	for _, name := range cat.Templates() {
		t, d := cat.Template(name, hcl.Range{})
		diags = append(diags, d...)
		items = append(items, item{name, t.Summary})
		rows = append(rows, []columns.Cell{{Text: name}, {Text: t.Summary, Paint: style.Dim}})
	}
	return f.List(cat.Sources(), diags, opts.JSON, items, rows)
}
