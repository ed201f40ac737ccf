// Package template groups the commands about the building blocks of blueprints:
// "bpgen template list" and "bpgen template show".
package template

import (
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/template/list"
	"github.com/bpgen/bpgen/generator/cli/template/show"
)

// NewCmd returns the group of commands.
func NewCmd(f *shell.Factory) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "template",
		Short: "Look up the templates that blueprints use",
		Args:  shell.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(list.NewCmd(f, nil), show.NewCmd(f, nil))
	return cmd
}
