package check_test

import (
	"context"
	"testing"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/blueprint/check"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	newCmd := func(f *shell.Factory, runF func(context.Context, *check.Options) error) *cobra.Command {
		return check.NewCmd(f, nil, runF)
	}
	shelltest.Flags(t, newCmd, map[string]shelltest.FlagCase[check.Options]{
		"least": {Want: check.Options{Names: []string{}}},
		"all":   {Args: []string{"a", "b", "--json", "--blueprint-dir", "d"}, Want: check.Options{Names: []string{"a", "b"}, Dirs: []string{"d"}, JSON: true}},
	})
}
