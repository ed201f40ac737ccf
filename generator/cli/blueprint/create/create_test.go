package create_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/blueprint/create"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, create.NewCmd, map[string]shelltest.FlagCase[create.Options]{
		"least":    {Args: []string{"d"}, Want: create.Options{Dir: "d"}},
		"nothing":  {Err: "takes one directory"},
		"empty":    {Args: []string{""}, Err: "takes one directory"},
		"too many": {Args: []string{"a", "b"}, Err: "takes one directory"},
	})
}
