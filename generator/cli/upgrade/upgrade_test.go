package upgrade_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/cli/upgrade"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, upgrade.NewCmd, map[string]shelltest.FlagCase[upgrade.Options]{
		"least": {Want: upgrade.Options{Dirs: []string{}, Conflict: "markers"}},
		"all": {
			Args: []string{"a", "b", "--to", "1.2.0", "--set", "x=1", "--conflict", "ours", "--allow-destroy", "a.b", "--keep-objects", "--diff", "--report", "r.md", "--json"},
			Want: upgrade.Options{Dirs: []string{"a", "b"}, Choose: choose.Flags{Sets: []string{"x=1"}}, To: "1.2.0", Conflict: "ours", AllowDestroy: []string{"a.b"}, KeepObjects: true, Diff: true, Report: "r.md", JSON: true},
		},
		"continue":           {Args: []string{"--continue"}, Want: upgrade.Options{Dirs: []string{}, Conflict: "markers", Continue: true}},
		"both ends":          {Args: []string{"--continue", "--abort"}, Err: "use one of them"},
		"continue with more": {Args: []string{"--continue", "--set", "x=1"}, Err: "the upgrade under way has them"},
		"two looks":          {Args: []string{"--diff", "--dry-run"}, Err: "use one of them"},
		"strategy":           {Args: []string{"--conflict", "mine"}, Err: "must be markers, ours, theirs or fail"},
		"twice":              {Args: []string{"a", "./a"}, Err: "is given twice"},
		"empty":              {Args: []string{""}, Err: "is empty"},
	})
}
