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
		"least":   {Args: []string{"demo"}, Want: explain.Options{Blueprint: "demo", Topics: []string{}}},
		"all":     {Args: []string{"demo", "x", "y", "--json", "--set", "a=1", "--options", "o.hcl", "--profile", "p", "--blueprint-dir", "d"}, Want: explain.Options{Blueprint: "demo", Topics: []string{"x", "y"}, JSON: true, Choose: choose.Flags{Sets: []string{"a=1"}, File: "o.hcl", Profile: "p", Dirs: []string{"d"}}}},
		"no name": {Err: "which blueprint?"},
	})
}
