package write

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"
)

// A diff is one file before and after.
type diff struct {
	path     string
	old, new []byte
	had, has bool
	big      bool // old is not held
}

// Diff returns the unified diff from the folder to the set, sorted by path, the
// manifest with its many sums last. It is empty when nothing differs.
func (r Report) Diff() string {
	var b strings.Builder
	diffs := slices.Clone(r.diffs)
	slices.SortFunc(diffs, func(a, b diff) int {
		if last := a.path == ManifestPath; last != (b.path == ManifestPath) {
			return map[bool]int{true: 1, false: -1}[last]
		}
		return strings.Compare(a.path, b.path)
	})
	for _, d := range diffs {
		d.unified(&b)
	}
	return b.String()
}

// Unified returns the unified diff of changes, in their order.
func Unified(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		diff{path: c.Path, old: c.Old, new: c.New, had: c.Old != nil || c.Unread, has: c.New != nil, big: c.Unread}.unified(&b)
	}
	return b.String()
}

// unified writes the unified diff of one file.
func (d diff) unified(b *strings.Builder) {
	from, to := "a/"+d.path, "b/"+d.path
	if !d.had {
		from = "/dev/null"
	}
	if !d.has {
		to = "/dev/null"
	}
	if d.big {
		b.WriteString("Files " + from + " and " + to + " differ; the first is too large to show\n")
		return
	}
	if !utf8.Valid(d.old) || !utf8.Valid(d.new) {
		b.WriteString("Binary files " + from + " and " + to + " differ\n")
		return
	}
	text := udiff.Unified(from, to, string(d.old), string(d.new))
	if text == "" { // An empty file comes or goes: no lines to show.
		text = "--- " + from + "\n+++ " + to + "\n"
	}
	b.WriteString(text)
}
