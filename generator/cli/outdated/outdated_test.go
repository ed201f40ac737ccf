package outdated_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/outdated"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, outdated.NewCmd, map[string]shelltest.FlagCase[outdated.Options]{
		"least": {Want: outdated.Options{Dirs: []string{}}},
		"all":   {Args: []string{"a", "b", "--blueprint-dir", "p", "--json"}, Want: outdated.Options{Dirs: []string{"a", "b"}, Blueprints: []string{"p"}, JSON: true}},
	})
}
