package vet_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/cli/vet"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, vet.NewCmd, map[string]shelltest.FlagCase[vet.Options]{
		"least":    {Want: vet.Options{Dir: "."}},
		"all":      {Args: []string{"d", "--aws-provider", "5", "--rules", "--json"}, Want: vet.Options{Dir: "d", Major: "5", Rules: true, JSON: true}},
		"two":      {Args: []string{"a", "b"}, Err: "takes one directory"},
		"provider": {Args: []string{"--aws-provider", "4"}, Err: "5 or 6"},
	})
}
