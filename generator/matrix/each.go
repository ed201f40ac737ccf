package matrix

import "github.com/zclconf/go-cty/cty"

// A Single is one value of one axis.
type Single struct {
	Axis  string
	Value cty.Value
}

// Each returns rows that hold every value of every axis, the row of all defaults
// first: about as many as the axis with the most values has, where Pairwise returns
// the product of two. A row takes of each axis the value that the rows before it hold
// least often, as far as allowed, which is that of Pairwise, lets it. Values that no
// allowed row can hold are returned as impossible.
func Each(axes []Axis, allowed func(Row) bool) (rows []Row, impossible []Single) {
	if len(axes) == 0 {
		return nil, nil
	}
	c := newCover(axes, allowed)
	held := make([][]int, len(axes)) // by axis and value: in how many rows
	for a := range axes {
		held[a] = make([]int, len(axes[a].Values))
	}
	c.gain = func(axis, v int, _ []int) int { return -held[axis][v] }
	take := func(chosen []int) {
		rows = append(rows, c.row(chosen))
		for a, v := range chosen {
			held[a][v]++
		}
	}

	if defaults := make([]int, len(axes)); c.may(defaults) {
		take(defaults)
	}
	for a := range axes {
		for v := range axes[a].Values {
			if held[a][v] > 0 {
				continue
			}
			start := c.start()
			start[a] = v
			if chosen, ok := c.search(start); ok {
				take(chosen)
			} else {
				impossible = append(impossible, Single{Axis: axes[a].Name, Value: axes[a].Values[v]})
			}
		}
	}
	return rows, impossible
}
