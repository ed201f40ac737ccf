package bundle_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/bundle"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, bundle.NewCmd, map[string]shelltest.FlagCase[bundle.Options]{
		"least":    {Want: bundle.Options{Dir: "."}},
		"all":      {Args: []string{"modules/web"}, Want: bundle.Options{Dir: "modules/web"}},
		"too many": {Args: []string{"a", "b"}, Err: "takes one directory, but got 2 arguments"},
	})
}
