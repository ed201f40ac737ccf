package matrix

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// absent lists the values that no row holds.
func absent(axes []Axis, rows []Row) []Single {
	var out []Single
	for _, a := range axes {
		for _, v := range a.Values {
			if !slices.ContainsFunc(rows, func(r Row) bool { return r[a.Name].RawEquals(v) }) {
				out = append(out, Single{Axis: a.Name, Value: v})
			}
		}
	}
	return out
}

func TestEachHoldsEveryValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sizes []int
		want  int // rows: as many as the largest axis has values
	}{
		{[]int{1}, 1}, {[]int{4}, 4}, {[]int{2, 2}, 2}, {[]int{2, 3, 4}, 4},
		{[]int{2, 2, 3, 3, 3, 2, 3, 2, 3, 2, 2, 2, 5, 2}, 5},
	} {
		t.Run(fmt.Sprint(tt.sizes), func(t *testing.T) {
			t.Parallel()
			axes := axesOf(tt.sizes...)
			rows, impossible := Each(axes, nil)
			if len(impossible) > 0 {
				t.Errorf("impossible without a constraint: %v", impossible)
			}
			if open := absent(axes, rows); len(open) > 0 {
				t.Errorf("values in no row: %v", open)
			}
			if len(rows) != tt.want {
				t.Errorf("%d rows, not %d", len(rows), tt.want)
			}
			for _, v := range rows[0] {
				if !v.RawEquals(cty.Zero) {
					t.Errorf("the first row is not the defaults: %#v", rows[0])
				}
			}
			again, _ := Each(axes, nil)
			if !reflect.DeepEqual(rows, again) {
				t.Error("a second run gives other rows")
			}
		})
	}
}

// TestEachConstraint: no row that is not allowed, what needs another value gets it,
// and a value that nothing allows is named.
func TestEachConstraint(t *testing.T) {
	t.Parallel()
	axes := axesOf(2, 3, 3, 2)
	is := func(r Row, axis string, v int64) bool {
		value, ok := r[axis]
		return ok && value.RawEquals(cty.NumberIntVal(v))
	}
	// o1=2 and o2=2 each need o0=1, but not together; o3=1 may never be.
	allowed := func(r Row) bool {
		return !(is(r, "o0", 0) && (is(r, "o1", 2) || is(r, "o2", 2)) || is(r, "o1", 2) && is(r, "o2", 2) || is(r, "o3", 1))
	}
	rows, impossible := Each(axes, allowed)
	for _, r := range rows {
		if len(r) != len(axes) || !allowed(r) {
			t.Errorf("a row that is not allowed: %#v", r)
		}
	}
	want := []Single{{"o3", cty.NumberIntVal(1)}}
	if !reflect.DeepEqual(impossible, want) {
		t.Errorf("impossible: %#v", impossible)
	}
	if open := absent(axes, rows); !reflect.DeepEqual(open, want) {
		t.Errorf("in no row: %#v", open)
	}
}

// TestEachForbiddenDefaults: the defaults alone need not be allowed.
func TestEachForbiddenDefaults(t *testing.T) {
	t.Parallel()
	axes := axesOf(2, 2)
	allowed := func(r Row) bool { return len(r) < 2 || !r["o0"].RawEquals(cty.Zero) || !r["o1"].RawEquals(cty.Zero) }
	rows, impossible := Each(axes, allowed)
	if len(impossible) > 0 || len(absent(axes, rows)) > 0 {
		t.Errorf("%v, impossible %v", rows, impossible)
	}
	for _, r := range rows {
		if !allowed(r) {
			t.Errorf("a row that is not allowed: %#v", r)
		}
	}
}

// TestEachRandomAxes: every value, and far fewer rows than for pairs.
func TestEachRandomAxes(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	each, pairs := 0, 0
	for range 100 {
		sizes := make([]int, 3+rng.IntN(7))
		for i := range sizes {
			sizes[i] = 2 + rng.IntN(4)
		}
		axes := axesOf(sizes...)
		rows, _ := Each(axes, nil)
		if open := absent(axes, rows); len(open) > 0 {
			t.Fatalf("%v: values in no row: %v", sizes, open)
		}
		more, _ := Pairwise(axes, nil)
		each, pairs = each+len(rows), pairs+len(more)
	}
	if 3*each > pairs {
		t.Errorf("%d rows, and %d for pairs", each, pairs)
	}
}
