package list_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/cli/template/list"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, list.NewCmd, map[string]shelltest.FlagCase[list.Options]{
		"least":    {},
		"all":      {Args: []string{"--json", "--blueprint-dir", "a", "--blueprint-dir", "b"}, Want: list.Options{Dirs: []string{"a", "b"}, JSON: true}},
		"argument": {Args: []string{"x"}, Err: "takes no arguments"},
	})
}
