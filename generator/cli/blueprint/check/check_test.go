package check_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/catalog"
	checker "github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/cli/blueprint/check"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/diag"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, check.NewCmd, map[string]shelltest.FlagCase[check.Options]{
		"least": {Want: check.Options{Names: []string{}}},
		"all":   {Args: []string{"a", "b", "--json", "--blueprint-dir", "d"}, Want: check.Options{Names: []string{"a", "b"}, Dirs: []string{"d"}, JSON: true}},
	})
}

// TestProgress: a terminal sees how far the check is, a pipe does not, and the
// result says how many combinations were tried, whether they failed or not.
func TestProgress(t *testing.T) {
	t.Parallel()
	fault := hcl.Diagnostics{diag.Error(hcl.Range{}, "Out of order", "It does not work.")}
	for name, tt := range map[string]struct {
		tty   bool
		diags hcl.Diagnostics
		want  string
	}{
		"terminal": {true, nil, "Checking demo ...\r\x1b[KChecking demo: 3 of 7 combinations ...\r\x1b[KChecked the blueprint demo: no errors in 7 combinations of options.\n"},
		"pipe":     {false, nil, "Checked the blueprint demo: no errors in 7 combinations of options.\n"},
		"fault":    {false, fault, "Error: Out of order\n\nIt does not work.\n\nChecked the blueprint demo: 1 error in 7 combinations of options.\n"},
		"twice":    {false, append(fault, fault...), "Error: Out of order\n\nIt does not work.\n\nChecked the blueprint demo: 1 error in 7 combinations of options.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f, s := shelltest.New(t, tt.tty, nil)
				f.IO.SetDelay(time.Nanosecond)
				f.Check = func(_ context.Context, _ *catalog.Catalog, _ string, progress checker.Progress) checker.Report {
					time.Sleep(time.Millisecond) // of the clock that synctest gives: the line is there
					progress(3, 7, "combinations")
					return checker.Report{Diagnostics: tt.diags, Tried: 7}
				}
				cmd := check.NewCmd(f, nil)
				cmd.SetArgs([]string{"demo"})
				cmd.SilenceErrors, cmd.SilenceUsage = true, true
				if err := cmd.ExecuteContext(t.Context()); (err != nil) != (tt.diags != nil) {
					t.Error(err)
				}
				if got := strings.NewReplacer("\x1b[31m", "", "\x1b[0m", "").Replace(s.Err.String()); got != tt.want {
					t.Errorf("got  %q\nwant %q", got, tt.want)
				}
			})
		})
	}
}
