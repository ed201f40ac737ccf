package matrix

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
)

func axesOf(sizes ...int) []Axis {
	var axes []Axis
	for i, n := range sizes {
		a := Axis{Name: fmt.Sprintf("o%d", i)}
		for v := range n {
			a.Values = append(a.Values, cty.NumberIntVal(int64(v)))
		}
		axes = append(axes, a)
	}
	return axes
}

// uncovered lists the pairs that no row holds, by looking at every row anew.
func uncovered(axes []Axis, rows []Row) []string {
	var out []string
	for i, a := range axes {
		for _, b := range axes[i+1:] {
			for _, av := range a.Values {
				for _, bv := range b.Values {
					found := false
					for _, r := range rows {
						found = found || r[a.Name].RawEquals(av) && r[b.Name].RawEquals(bv)
					}
					if !found {
						out = append(out, fmt.Sprintf("%s=%#v %s=%#v", a.Name, av, b.Name, bv))
					}
				}
			}
		}
	}
	return out
}

func TestPairwiseCoversEveryPair(t *testing.T) {
	tests := []struct {
		sizes []int
		most  int // rows that are enough; the product of the two largest axes is the least
	}{
		{[]int{1}, 1}, {[]int{4}, 4}, {[]int{2, 2}, 4}, {[]int{2, 3, 4}, 14},
		{[]int{2, 2, 3, 3, 3, 2, 3, 2, 3}, 18}, // the options of ecs-fargate
		{[]int{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, 14},
		{[]int{5, 5, 5, 5, 5, 5}, 50},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.sizes), func(t *testing.T) {
			axes := axesOf(tt.sizes...)
			rows, impossible := Pairwise(axes, nil)
			if len(impossible) > 0 {
				t.Errorf("impossible without a constraint: %v", impossible)
			}
			if open := uncovered(axes, rows); len(open) > 0 {
				t.Errorf("pairs in no row: %v", open)
			}
			if len(rows) > tt.most {
				t.Errorf("%d rows, more than %d", len(rows), tt.most)
			}
			for _, v := range rows[0] {
				if !v.RawEquals(cty.Zero) {
					t.Errorf("the first row is not the defaults: %#v", rows[0])
				}
			}
			again, _ := Pairwise(axes, nil)
			if !reflect.DeepEqual(rows, again) {
				t.Error("a second run gives other rows")
			}
		})
	}
}

func TestPairwiseConstraint(t *testing.T) {
	axes := axesOf(2, 3, 3, 2)
	// o0=1 excludes o1=2, and the defaults alone are not allowed.
	allowed := func(r Row) bool {
		if len(r) < len(axes) {
			return true
		}
		if r["o0"].RawEquals(cty.NumberIntVal(1)) && r["o1"].RawEquals(cty.NumberIntVal(2)) {
			return false
		}
		return !(r["o0"].RawEquals(cty.Zero) && r["o1"].RawEquals(cty.Zero) && r["o2"].RawEquals(cty.Zero) && r["o3"].RawEquals(cty.Zero))
	}
	rows, impossible := Pairwise(axes, allowed)
	for _, r := range rows {
		if !allowed(r) {
			t.Errorf("a row that is not allowed: %#v", r)
		}
	}
	if len(impossible) != 1 || impossible[0].A != "o0" || impossible[0].B != "o1" || !impossible[0].BValue.RawEquals(cty.NumberIntVal(2)) {
		t.Errorf("impossible pairs: %#v", impossible)
	}
	if open := uncovered(axes, rows); len(open) != 1 {
		t.Errorf("pairs in no row: %v", open)
	}
}

func TestPairwiseRandomAxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		sizes := make([]int, 2+rng.IntN(7))
		for i := range sizes {
			sizes[i] = 1 + rng.IntN(5)
		}
		axes := axesOf(sizes...)
		rows, _ := Pairwise(axes, nil)
		if open := uncovered(axes, rows); len(open) > 0 {
			t.Fatalf("%v: pairs in no row: %v", sizes, open)
		}
	}
}

func TestAxes(t *testing.T) {
	s := cty.StringVal
	options := []*blueprint.Option{
		{Name: "waf", Type: cty.Bool, Default: cty.True},
		{Name: "cache", Type: cty.String, OneOf: []cty.Value{s("redis"), s("valkey"), s("none")}, Default: s("valkey")},
		{Name: "zones", Type: cty.Number, Default: cty.NumberIntVal(3)},
		{Name: "label", Type: cty.String},
	}
	got := Axes(options, map[string][]cty.Value{"zones": {cty.NumberIntVal(2), cty.NumberIntVal(3)}})
	want := []Axis{
		{"waf", []cty.Value{cty.True, cty.False}},
		{"cache", []cty.Value{s("valkey"), s("redis"), s("none")}},
		{"zones", []cty.Value{cty.NumberIntVal(3), cty.NumberIntVal(2)}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v", got)
	}
}
