// Package notes groups the commands about the notes: "bpgen notes coverage".
package notes

import (
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/notes/coverage"
	"github.com/bpgen/bpgen/generator/cli/shell"
)

// NewCmd returns the group of commands.
func NewCmd(f *shell.Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notes",
		Short: "Work with the notes behind the blueprints",
		Args:  shell.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(coverage.NewCmd(f, nil))
	return cmd
}
