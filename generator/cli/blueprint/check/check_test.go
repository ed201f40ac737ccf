package check_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/blueprint/check"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, check.NewCmd, map[string]shelltest.FlagCase[check.Options]{
		"least": {Want: check.Options{Names: []string{}}},
		"all":   {Args: []string{"a", "b", "--json", "--blueprint-dir", "d"}, Want: check.Options{Names: []string{"a", "b"}, Dirs: []string{"d"}, JSON: true}},
	})
}
