package graph_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/graph"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, graph.NewCmd, map[string]shelltest.FlagCase[graph.Options]{
		"least":  {Args: []string{"demo"}, Want: graph.Options{Blueprint: "demo", Format: graph.Mermaid}},
		"all":    {Args: []string{"demo", "--format", "dot", "--set", "a=1", "--options", "o.hcl", "--profile", "p", "--blueprint-dir", "d"}, Want: graph.Options{Blueprint: "demo", Format: graph.DOT, Choose: choose.Flags{Sets: []string{"a=1"}, File: "o.hcl", Profile: "p", Dirs: []string{"d"}}}},
		"format": {Args: []string{"demo", "--format", "png"}, Err: `mermaid or dot, not "png"`},
	})
}
