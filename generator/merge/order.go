package merge

import "slices"

// A list of trios is put in order by where they stand in each version.
type positions struct{ b, o, t map[*item]int }

func positionsOf(b, o, t []*item) positions {
	index := func(items []*item) map[*item]int {
		out := make(map[*item]int, len(items))
		for i, it := range items {
			out[it] = i
		}
		return out
	}
	return positions{index(b), index(o), index(t)}
}

// sequence returns trios in the order of the result, and false when both sides
// changed the order, each in its own way. The order is that of theirs, unless ours
// alone put things into another one. What the other side has besides stands behind
// its former neighbour.
func (p positions) sequence(trios []trio) (out []trio, agreed bool) {
	ours, theirs := p.moved(trios, p.o, func(v trio) *item { return v.o }), p.moved(trios, p.t, func(v trio) *item { return v.t })
	o := func(v trio) (int, bool) { return find(p.o, v.o) }
	t := func(v trio) (int, bool) { return find(p.t, v.t) }
	agreed = !ours || !theirs || sameOrder(trios, o, t)
	if ours && !theirs {
		return interleave(trios, o, t), agreed
	}
	return interleave(trios, t, o), agreed
}

func find(in map[*item]int, it *item) (int, bool) {
	if it == nil {
		return 0, false
	}
	i, ok := in[it]
	return i, ok
}

// moved says whether a version has what stands in all versions in another order
// than base.
func (p positions) moved(trios []trio, in map[*item]int, of func(trio) *item) bool {
	b := func(v trio) (int, bool) { return find(p.b, v.b) }
	side := func(v trio) (int, bool) { return find(in, of(v)) }
	var common []trio
	for _, v := range trios {
		_, inO := find(p.o, v.o)
		_, inT := find(p.t, v.t)
		if _, inB := b(v); inB && inO && inT && v.b.kind != remark {
			common = append(common, v)
		}
	}
	return !sameOrder(common, b, side)
}

func sameOrder(trios []trio, x, y func(trio) (int, bool)) bool {
	var both []trio
	for _, v := range trios {
		_, inX := x(v)
		if _, inY := y(v); inX && inY {
			both = append(both, v)
		}
	}
	slices.SortFunc(both, func(a, b trio) int { i, _ := x(a); j, _ := x(b); return i - j })
	return slices.IsSortedFunc(both, func(a, b trio) int { i, _ := y(a); j, _ := y(b); return i - j })
}

// interleave puts first what lead knows, in its order, and then each of the others
// behind the one that comes before it in the order of other; in front of the next one
// where there is none.
func interleave(trios []trio, lead, other func(trio) (int, bool)) []trio {
	var first, all []trio
	for _, v := range trios {
		if _, ok := lead(v); ok {
			first = append(first, v)
		}
		if _, ok := other(v); ok {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(first, func(a, b trio) int { i, _ := lead(a); j, _ := lead(b); return i - j })
	slices.SortStableFunc(all, func(a, b trio) int { i, _ := other(a); j, _ := other(b); return i - j })
	front, behind := map[trio][]trio{}, map[trio][]trio{}
	var waiting []trio
	var anchor trio
	for _, v := range all {
		_, leads := lead(v)
		switch {
		case leads:
			if anchor == (trio{}) {
				front[v] = waiting
			}
			anchor = v
		case anchor == (trio{}):
			waiting = append(waiting, v)
		default:
			behind[anchor] = append(behind[anchor], v)
		}
	}
	var out []trio
	for _, v := range first {
		out = append(append(append(out, front[v]...), v), behind[v]...)
	}
	if anchor == (trio{}) {
		out = append(out, waiting...)
	}
	return out
}
