package render

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/ledger"
)

// TestSaidHoldsTheValue holds that a statement is not cut before the value that it
// gives: what the notes wanted would be missing from the README.
func TestSaidHoldsTheValue(t *testing.T) {
	t.Parallel()
	long := "The percentage sets the lowest total of running tasks during a deployment as a part of the desired count, rounded up to the next whole task; example 50 % of 4 tasks"
	for name, tt := range map[string]struct {
		entry ledger.Entry
		want  string
	}{
		"cut":     {ledger.Entry{Statement: long, Value: 50}, " (50)"},
		"short":   {ledger.Entry{Statement: "Keep backups for 7 days.", Value: 7}, "7 days"},
		"a truth": {ledger.Entry{Statement: long, Value: true}, "task"},
		"a list":  {ledger.Entry{Statement: long, Value: []any{50}}, "task"},
	} {
		if got := said(tt.entry); !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s: %q does not end in %q", name, got, tt.want)
		}
	}
}
