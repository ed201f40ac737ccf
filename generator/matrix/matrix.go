// Package matrix chooses combinations of options to check a blueprint with.
//
// It takes axes, each an option with its values, and returns rows that hold
// every pair of values at least once: most faults need two options to meet, and
// a few dozen rows cover what thousands of combinations would. Where that is
// still too dear, it returns rows that hold every value. The rows follow from
// the axes alone, in the same order on every run. It knows no blueprints beyond
// their options and does not touch the operating system.
package matrix

import (
	"cmp"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
)

// An Axis is one option and the values it may take in a row. The first value is
// its default.
type Axis struct {
	Name   string
	Values []cty.Value
}

// A Row is one combination: a value for every axis, by name.
type Row map[string]cty.Value

// A Pair is two values of two axes.
type Pair struct {
	A, B           string
	AValue, BValue cty.Value
}

// Axes returns one axis per option: both values of a bool, every value of
// one_of, and for the others the default, their samples and what extra holds for
// them, if anything. An option without any value to take is left out.
func Axes(options []*blueprint.Option, extra map[string][]cty.Value) []Axis {
	var axes []Axis
	for _, o := range options {
		axis := Axis{Name: o.Name}
		add := func(values ...cty.Value) {
			for _, v := range values {
				if v != cty.NilVal && !slices.ContainsFunc(axis.Values, v.RawEquals) {
					axis.Values = append(axis.Values, v)
				}
			}
		}
		add(o.Default)
		switch {
		case len(o.OneOf) > 0:
			add(o.OneOf...)
		case o.Type == cty.Bool:
			add(cty.False, cty.True)
		default:
			add(o.Samples...)
		}
		add(extra[o.Name]...)
		if len(axis.Values) > 0 {
			axes = append(axes, axis)
		}
	}
	return axes
}

// A search for a row ends after so many tries and begins anew, with the axes that
// stood in the way first; after so many searches the pair counts as impossible.
const (
	tries    = 2_000
	searches = 20
)

// Pairwise returns rows that hold every pair of values of two axes, the row of
// all defaults first. allowed says whether a row may be used, for options that
// exclude each other; nil allows all. It is asked of rows that do not name every
// axis too, and says false only when no row with these values may be used. Pairs that no allowed row can hold are
// returned as impossible.
func Pairwise(axes []Axis, allowed func(Row) bool) (rows []Row, impossible []Pair) {
	if len(axes) == 0 {
		return nil, nil
	}
	c := newCover(axes, allowed)
	c.gain = c.pairs
	var order []pair
	for a := range axes {
		for b := a + 1; b < len(axes); b++ {
			for av := range axes[a].Values {
				for bv := range axes[b].Values {
					p := pair{a, av, b, bv}
					order = append(order, p)
					c.open[p] = true
				}
			}
		}
	}

	first := make([]int, len(axes))
	if r := c.row(first); allowed == nil || allowed(r) {
		rows = append(rows, r)
		c.close(first)
	}
	if len(axes) == 1 {
		for v := 1; v < len(axes[0].Values); v++ {
			if r := c.row([]int{v}); allowed == nil || allowed(r) {
				rows = append(rows, r)
			}
		}
		return rows, nil
	}
	for _, p := range order {
		if !c.open[p] {
			continue
		}
		start := c.start()
		start[p.a], start[p.b] = p.av, p.bv
		chosen, ok := c.search(start)
		if !ok {
			delete(c.open, p)
			impossible = append(impossible, Pair{
				A: axes[p.a].Name, AValue: axes[p.a].Values[p.av],
				B: axes[p.b].Name, BValue: axes[p.b].Values[p.bv],
			})
			continue
		}
		rows = append(rows, c.row(chosen))
		c.close(chosen)
	}
	return rows, impossible
}

// A pair names value av of axis a and value bv of axis b, a before b.
type pair struct{ a, av, b, bv int }

type cover struct {
	axes    []Axis
	allowed func(Row) bool
	open    map[pair]bool                       // not yet in any row
	gain    func(axis, v int, chosen []int) int // what a value adds to a row
	left    int                                 // values that may still be tried
	weight  []int                               // how often a value of the axis was refused
}

func newCover(axes []Axis, allowed func(Row) bool) *cover {
	return &cover{axes: axes, allowed: allowed, open: map[pair]bool{}, weight: make([]int, len(axes))}
}

// start returns a row in which nothing is chosen.
func (c *cover) start() []int { return slices.Repeat([]int{-1}, len(c.axes)) }

// pairs counts the open pairs that a value makes with what is chosen.
func (c *cover) pairs(axis, v int, chosen []int) int {
	n := 0
	for other, ov := range chosen {
		if ov >= 0 && c.open[ordered(axis, v, other, ov)] {
			n++
		}
	}
	return n
}

// search looks for an allowed row that holds what is chosen at its start.
func (c *cover) search(start []int) (chosen []int, ok bool) {
	for range searches {
		chosen = slices.Clone(start)
		if !c.may(chosen) {
			return nil, false
		}
		c.left = tries
		if c.complete(chosen) {
			return chosen, true
		}
		if c.left > 0 {
			return nil, false // every row was tried
		}
	}
	return nil, false
}

func (c *cover) may(chosen []int) bool { return c.allowed == nil || c.allowed(c.row(chosen)) }

// complete fills the axes that are -1, best value first, as long as the row may
// still be allowed. The axis that was refused most often comes first.
func (c *cover) complete(chosen []int) bool {
	axis := -1
	for i, v := range chosen {
		if v < 0 && (axis < 0 || c.weight[i] > c.weight[axis]) {
			axis = i
		}
	}
	if axis < 0 {
		return true
	}
	values := make([]int, len(c.axes[axis].Values))
	gain := make([]int, len(values))
	for v := range values {
		values[v], gain[v] = v, c.gain(axis, v, chosen)
	}
	slices.SortStableFunc(values, func(x, y int) int { return cmp.Compare(gain[y], gain[x]) })
	for _, v := range values {
		chosen[axis] = v
		if c.left--; c.left < 0 {
			break
		}
		if !c.may(chosen) {
			c.weight[axis]++
			continue
		}
		if c.complete(chosen) {
			return true
		}
	}
	chosen[axis] = -1
	return false
}

func (c *cover) close(chosen []int) {
	for a, av := range chosen {
		for b := a + 1; b < len(chosen); b++ {
			delete(c.open, pair{a, av, b, chosen[b]})
		}
	}
}

func (c *cover) row(chosen []int) Row {
	r := Row{}
	for i, v := range chosen {
		if v >= 0 {
			r[c.axes[i].Name] = c.axes[i].Values[v]
		}
	}
	return r
}

func ordered(a, av, b, bv int) pair {
	if a < b {
		return pair{a, av, b, bv}
	}
	return pair{b, bv, a, av}
}
