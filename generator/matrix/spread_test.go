package matrix

import (
	"fmt"
	"testing"
)

// TestSpread: rows differ, are allowed, and hold each value about as often.
func TestSpread(t *testing.T) {
	t.Parallel()
	axes := axesOf(2, 3, 2, 4, 2, 2, 5)
	allowed := func(r Row) bool {
		return !r["o0"].RawEquals(axes[0].Values[1]) || !r["o1"].RawEquals(axes[1].Values[2])
	}
	rows := Spread(axes, 200, allowed)
	if len(rows) != 200 {
		t.Fatalf("%d rows", len(rows))
	}
	seen, count := map[string]bool{}, map[string]int{}
	for _, r := range rows {
		if key := fmt.Sprint(r); seen[key] {
			t.Errorf("twice: %s", key)
		} else {
			seen[key] = true
		}
		if !allowed(r) {
			t.Errorf("not allowed: %v", r)
		}
		for name, v := range r {
			count[fmt.Sprintf("%s %#v", name, v)]++
		}
	}
	for _, a := range axes {
		for _, v := range a.Values {
			if n := count[fmt.Sprintf("%s %#v", a.Name, v)]; n < 200/len(a.Values)/3 {
				t.Errorf("%s = %#v stands in %d rows", a.Name, v, n)
			}
		}
	}
}

// TestSpreadFew: no more rows than there are, and none when none is allowed.
func TestSpreadFew(t *testing.T) {
	t.Parallel()
	if rows := Spread(axesOf(2, 3), 100, nil); len(rows) != 6 {
		t.Errorf("%d rows of 6", len(rows))
	}
	if rows := Spread(axesOf(2, 3), 100, func(Row) bool { return false }); len(rows) != 0 {
		t.Errorf("%d rows though none is allowed", len(rows))
	}
}

// TestSpreadMany: more combinations than can be counted in a word.
func TestSpreadMany(t *testing.T) {
	t.Parallel()
	var sizes []int
	for range 80 {
		sizes = append(sizes, 3)
	}
	if rows := Spread(axesOf(sizes...), 50, nil); len(rows) != 50 || len(rows[0]) != 80 {
		t.Errorf("%d rows", len(rows))
	}
}
