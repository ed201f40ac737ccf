package merge_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/merge"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, merge.NewCmd, map[string]shelltest.FlagCase[merge.Options]{
		"least": {Args: []string{"a", "b", "c"}, Want: merge.Options{Base: "a", Ours: "b", Theirs: "c"}},
		"all": {
			Args: []string{"a", "b", "c", "-o", "d", "--path", "main.tf", "--rename", "var.a=var.b", "--rename", "local.a=local.b", "--json"},
			Want: merge.Options{Base: "a", Ours: "b", Theirs: "c", Out: "d", Path: "main.tf", Renames: []string{"var.a=var.b", "local.a=local.b"}, JSON: true},
		},
		"too few": {Args: []string{"a", "b"}, Err: "takes three files or directories, BASE OURS THEIRS, but got 2"},
	})
}
