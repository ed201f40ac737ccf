package show_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/cli/show"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, show.NewCmd, map[string]shelltest.FlagCase[show.Options]{
		"least":   {Args: []string{"demo"}, Want: show.Options{Blueprint: "demo"}},
		"all":     {Args: []string{"demo", "--json", "--set", "a=1", "--options", "o.hcl", "--profile", "p", "--blueprint-dir", "d"}, Want: show.Options{Blueprint: "demo", JSON: true, Choose: choose.Flags{Sets: []string{"a=1"}, File: "o.hcl", Profile: "p", Dirs: []string{"d"}}}},
		"no name": {Err: "which blueprint?"},
	})
}
