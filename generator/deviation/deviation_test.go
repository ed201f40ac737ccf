package deviation_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/deviation"
)

// TestDepartures: of several deviations from one entry the first counts, and one of a
// profile only for that profile.
func TestDepartures(t *testing.T) {
	t.Parallel()
	all := []*deviation.Deviation{
		{Name: "of a profile", Notes: []string{"s3.a"}, Profile: "prd"},
		{Name: "first", Notes: []string{"s3.a", "s3.b"}},
		{Name: "second", Notes: []string{"s3.b"}, Template: "bucket"},
	}
	for profile, want := range map[string]string{"": "first first", "dev": "first first", "prd": "of a profile first"} {
		found := deviation.Departures(all, profile)
		if got := found["s3.a"].Name + " " + found["s3.b"].Name; got != want || len(found) != 2 {
			t.Errorf("%q: got %q of %d, want %q", profile, got, len(found), want)
		}
	}
}
