package link

import "testing"

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
