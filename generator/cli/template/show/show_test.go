package show_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/cli/template/show"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, show.NewCmd, map[string]shelltest.FlagCase[show.Options]{
		"least":   {Args: []string{"thing"}, Want: show.Options{Template: "thing"}},
		"all":     {Args: []string{"thing", "--json", "--blueprint-dir", "d"}, Want: show.Options{Template: "thing", JSON: true, Dirs: []string{"d"}}},
		"no name": {Err: "which template?"},
		"two":     {Args: []string{"a", "b"}, Err: "takes one template, but got 2 arguments"},
	})
}
