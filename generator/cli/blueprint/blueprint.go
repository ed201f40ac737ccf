// Package blueprint groups the commands for those who write blueprints:
// "bpgen blueprint init" and "bpgen blueprint check".
package blueprint

import (
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/blueprint/check"
	"github.com/bpgen/bpgen/generator/cli/blueprint/create"
	"github.com/bpgen/bpgen/generator/cli/shell"
)

// NewCmd returns the group of commands.
func NewCmd(f *shell.Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "blueprint",
		Short: "Write your own blueprints",
		Args:  shell.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(create.NewCmd(f, nil), check.NewCmd(f, nil))
	return cmd
}
