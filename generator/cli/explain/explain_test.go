package explain_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/explain"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, explain.NewCmd, map[string]shelltest.FlagCase[explain.Options]{
		"none":  {Want: explain.Options{Names: []string{}}},
		"least": {Args: []string{"demo"}, Want: explain.Options{Names: []string{"demo"}}},
		"all":   {Args: []string{"demo", "x", "y", "--json", "--set", "a=1", "--options", "o.hcl", "--profile", "p", "--blueprint-dir", "d"}, Want: explain.Options{Names: []string{"demo", "x", "y"}, JSON: true, Choose: choose.Flags{Sets: []string{"a=1"}, File: "o.hcl", Profile: "p", Dirs: []string{"d"}}}},
	})
}
