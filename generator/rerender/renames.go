package rerender

import (
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/merge"
)

// Renames returns what has another name in a new rendering than in the one before it:
// what the blueprint says by "was" (components with all that is called after them,
// variables and outputs), and what the moved blocks of the rendering say. A module
// that an older version of the blueprint rendered needs no record of its own: the new
// version knows all former names, and those that base does not have are left out.
func Renames(m *link.Module, base, rendered fileset.Set) []merge.Rename {
	var said []merge.Rename
	for _, f := range m.Former {
		said = append(said, merge.Rename{From: f.From, To: f.To})
	}
	out := merge.Applying(said, base, rendered)
	known := map[merge.Rename]bool{}
	for _, r := range out {
		known[r] = true
	}
	for _, r := range merge.Moved(base, rendered) {
		if !known[r] {
			out = append(out, r)
		}
	}
	return out
}
