package edits_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/edits"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, edits.NewCmd, map[string]shelltest.FlagCase[edits.Options]{
		"least": {},
		"all":   {Args: []string{"web", "--diff", "--json"}, Want: edits.Options{Dir: "web", Diff: true, JSON: true}},
		"two":   {Args: []string{"a", "b"}, Err: "takes one directory, but got 2"},
	})
}
