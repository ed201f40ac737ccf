package constraint_test

import (
	"fmt"
	"strings"
	"testing"

	version "github.com/hashicorp/go-version"

	"github.com/bpgen/bpgen/generator/constraint"
)

func parse(t *testing.T, texts ...string) []constraint.Set {
	t.Helper()
	var out []constraint.Set
	for _, text := range texts {
		s, err := constraint.Parse(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		out = append(out, s)
	}
	return out
}

func TestJoin(t *testing.T) {
	t.Parallel()
	cases := []struct{ sets, want string }{
		{">= 5.100.0", ">= 5.100.0"},
		{">= 5.100.0; >= 6.0, < 7.0", ">= 6.0, < 7.0"},
		{">= 6.15.0; >= 6.0, < 7.0; >= 5.100.0", ">= 6.15.0, < 7.0"},
		{">= 1.11; >= 1.11.0", ">= 1.11"}, // equal: what is written first
		{"< 2; < 1.9; <= 3", "< 1.9, <= 3"},
		{"~> 6.4; >= 6.0, < 7.0", ">= 6.0, < 7.0, ~> 6.4"},
		{"!= 6.2.0; != 6.2.0; 6.3.0", "!= 6.2.0, 6.3.0"},
	}
	for _, c := range cases {
		if got := constraint.Join(parse(t, strings.Split(c.sets, "; ")...)...).String(); got != c.want {
			t.Errorf("Join(%s) = %q, want %q", c.sets, got, c.want)
		}
	}
}

func TestFulfillable(t *testing.T) {
	t.Parallel()
	cases := []struct {
		set  string
		want bool
	}{
		{">= 6.0, < 7.0, ~> 5.90", false},
		{">= 6.0, < 7.0, ~> 6.9", true},
		{">= 6.0, < 6.0", false},
		{">= 6.0, <= 6.0", true},
		{"> 6.0, <= 6.0", false},
		{"> 6.0, < 6.0.1", false},
		{"> 6.0, < 6.0.2", true},
		{"> 6.0, < 6.0.2, != 6.0.1", false},
		{"> 6.0, < 6.0.3, != 6.0.1", true},
		{"~> 6.1.0, ~> 6.2.0", false},
		{"~> 6.1, ~> 6.2.0", true},
		{"6.1.0, 6.2.0", false},
		{"= 6.1.0, >= 6.0", true},
		{"!= 0.0.0, < 0.0.2", true},
		{"!= 0.0.0, < 0.0.1", false},
		{"< 0.0.1", true},
		{"6.1.0-beta1", true},
		{"6.1.0-beta1, >= 6.0", false}, // Terraform takes a pre-release by its exact name alone
	}
	for _, c := range cases {
		if got := parse(t, c.set)[0].Fulfillable(); got != c.want {
			t.Errorf("%q: fulfillable %t, want %t", c.set, got, c.want)
		}
	}
}

// TestFulfillableIsExact tries every release of a small world for every pair and
// triple of terms.
func TestFulfillableIsExact(t *testing.T) {
	t.Parallel()
	var world []*version.Version
	for i := range 3 * 4 * 4 {
		world = append(world, version.Must(version.NewVersion(fmt.Sprintf("%d.%d.%d", i/16, i/4%4, i%4))))
	}
	var terms []string
	for _, op := range []string{">=", ">", "<", "<=", "=", "!=", "~>"} {
		for _, v := range []string{"0.0.0", "0.1", "1", "1.0.2", "1.1.0", "1.1.1"} {
			terms = append(terms, op+" "+v)
		}
	}
	fulfilled := func(text string) bool {
		c := version.MustConstraints(version.NewConstraint(text))
		for _, v := range world {
			if c.Check(v) {
				return true
			}
		}
		return false
	}
	checked, refused := 0, 0
	for i, a := range terms {
		for j, b := range terms[:i] {
			for _, c := range append([]string{b}, terms[:j]...) {
				text := a + ", " + b + ", " + c
				want := fulfilled(text)
				if got := parse(t, text)[0].Fulfillable(); got != want {
					t.Fatalf("%q: fulfillable %t, want %t", text, got, want)
				}
				if checked++; !want {
					refused++
				}
			}
		}
	}
	if checked < 5000 || refused < 1000 {
		t.Errorf("only %d sets were tried, %d of them without a version", checked, refused)
	}
}

func TestConflict(t *testing.T) {
	t.Parallel()
	cases := []struct{ sets, want string }{
		{">= 6.0; < 7.0", ""},
		{">= 5.100; ~> 5.90; >= 6.0, < 7.0", "~> 5.90; >= 6.0, < 7.0"},
		{"!= 1.0.0; >= 1.0.0; <= 1.0.0", "!= 1.0.0; >= 1.0.0; <= 1.0.0"}, // it takes three
	}
	for _, c := range cases {
		var got []string
		for _, s := range constraint.Conflict(parse(t, strings.Split(c.sets, "; ")...)...) {
			got = append(got, s.String())
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("Conflict(%s) = %q, want %q", c.sets, got, c.want)
		}
	}
}

func TestLowered(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		">= 1.11.0":       ">= 1.10.0",
		">= 1.11":         ">= 1.10.0",
		">=1.11":          ">= 1.10.0",
		">= 1.11, < 2.0":  ">= 1.10.0, < 2.0",
		">= 1.12":         ">= 1.12",
		">= 1.5":          ">= 1.5",
		"~> 1.11":         "~> 1.11",
		"< 1.11, != 1.11": "< 1.11, != 1.11",
	} {
		if got := parse(t, text)[0].Lowered("1.11.0", "1.10.0").String(); got != want {
			t.Errorf("%q lowered is %q, want %q", text, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "latest", ">= ", ">= 1.2,", "> = 1", "1.x", ">= v"} {
		if s, err := constraint.Parse(text); err == nil {
			t.Errorf("%q was read as %q", text, s)
		}
	}
}
