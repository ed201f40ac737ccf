package coverage_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/notes/coverage"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, coverage.NewCmd, map[string]shelltest.FlagCase[coverage.Options]{
		"least": {},
		"all": {
			Args: []string{"--system", "a", "--system", "b", "--blueprint", "c", "--missing", "--json", "--citations", "--explain", "a.one", "--blueprint-dir", "d"},
			Want: coverage.Options{Systems: []string{"a", "b"}, Blueprints: []string{"c"}, Missing: true, Citations: true, Explain: "a.one", JSON: true, Dirs: []string{"d"}},
		},
		"argument": {Args: []string{"x"}, Err: "takes no arguments"},
	})
}
