package link

import (
	"slices"
	"testing"
)

// TestGraphWithCircle holds that what a circle leads to is found whole: a call of a
// child module is one node, so two calls may seem to need each other.
func TestGraphWithCircle(t *testing.T) {
	t.Parallel()
	g := newGraph()
	for _, e := range [][2]string{{"a", "b"}, {"b", "c"}, {"c", "a"}, {"c", "d"}, {"x", "a"}} {
		g.edge(g.node(e[0]), e[1])
	}
	for m, name := range []string{"a", "d", "x"} {
		g.mark[g.node(name)] = m
	}
	g.close(3)
	for name, want := range map[string][3]bool{"a": {true, true, false}, "b": {true, true, false}, "d": {}, "x": {true, true, false}} {
		for m, has := range want {
			if got := g.marks[g.node(name)].has(m); got != has {
				t.Errorf("%s leads to mark %d: %v", name, m, got)
			}
		}
	}
	if !g.reaches(map[string]bool{"x": true}, "d") || g.reaches(map[string]bool{"d": true}, "x") || !g.reaches(map[string]bool{"d": true}, "d") || g.reaches(map[string]bool{"unknown": true}, "d") {
		t.Error("reaches does not follow the edges")
	}
}

func TestBitsetBeyondOneWord(t *testing.T) {
	t.Parallel()
	a, b := newBitset(130), newBitset(130)
	if !a.set(129) || a.set(129) || !a.has(129) || a.has(1) || a.has(65) {
		t.Error("set and has disagree")
	}
	if !b.join(a) || b.join(a) || !b.has(129) {
		t.Error("join does not add")
	}
}

// TestMissing holds that a node waits for the nearest of what it lost, once: of two
// that lead to each other for one, and never for what waits for the node itself.
func TestMissing(t *testing.T) {
	t.Parallel()
	g := newGraph()
	for _, e := range [][2]string{{"a", "b"}, {"b", "a"}, {"c", "a"}, {"d", "x"}, {"x", "e"}} {
		g.edge(g.node(e[0]), e[1])
	}
	k := keeper{after: g}
	for m, name := range []string{"a", "b", "c", "d", "e", "x"} {
		g.mark[g.node(name)] = m
		k.goals = append(k.goals, g.node(name))
	}
	g.close(len(k.goals))
	for _, c := range []struct{ want, missing []int }{
		{[]int{0, 1}, []int{0}},    // a and b lead to each other
		{[]int{0, 1, 2}, []int{2}}, // c leads to both
		{[]int{3}, nil},            // d waits for x
		{[]int{4}, nil},            // x waits for e as it is
		{[]int{5}, nil},            // x itself
		{[]int{1, 3, 4}, []int{1}},
	} {
		want := newBitset(len(k.goals))
		for _, m := range c.want {
			want.set(m)
		}
		if got := k.missing(want, g.node("x")); !slices.Equal(got, c.missing) {
			t.Errorf("of %v x misses %v, want %v", c.want, got, c.missing)
		}
	}
}
