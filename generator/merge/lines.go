package merge

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// A hunk is a part of the lines that ours or theirs changed.
type hunk struct {
	base, ours, theirs string
	settled            bool
	text               string // when settled
}

// diff3 merges lines and returns the parts of the result in order.
func diff3(base, ours, theirs string) []hunk {
	o, t := edits(base, ours), edits(base, theirs)
	var out []hunk
	settle := func(text string) {
		if text != "" {
			out = append(out, hunk{settled: true, text: text})
		}
	}
	at := 0
	for len(o) > 0 || len(t) > 0 {
		start := len(base)
		if len(o) > 0 {
			start = o[0].Start
		}
		if len(t) > 0 {
			start = min(start, t[0].Start)
		}
		end := start
		var mine, yours []udiff.Edit
		for grown := true; grown; {
			grown = false
			for len(o) > 0 && touches(o[0], start, end, len(yours) > 0) {
				mine, end, grown = append(mine, o[0]), max(end, o[0].End), true
				o = o[1:]
			}
			for len(t) > 0 && touches(t[0], start, end, len(mine) > 0) {
				yours, end, grown = append(yours, t[0]), max(end, t[0].End), true
				t = t[1:]
			}
		}
		settle(base[at:start])
		h := hunk{base: base[start:end], ours: applied(base, start, end, mine), theirs: applied(base, start, end, yours)}
		switch {
		case h.ours == h.theirs, h.theirs == h.base:
			settle(h.ours)
		case h.ours == h.base:
			settle(h.theirs)
		default:
			out = append(out, h)
		}
		at = end
	}
	settle(base[at:])
	return out
}

// touches says whether an edit belongs to a part: it overlaps it, or it is of the
// other side and no line lies between the two.
func touches(e udiff.Edit, start, end int, other bool) bool {
	return e.Start < end || e.Start == start || other && e.Start == end
}

// edits returns the changed lines, those that touch each other as one.
func edits(before, after string) []udiff.Edit {
	var out []udiff.Edit
	for _, e := range udiff.Lines(before, after) {
		if n := len(out); n > 0 && out[n-1].End == e.Start {
			out[n-1].End, out[n-1].New = e.End, out[n-1].New+e.New
			continue
		}
		out = append(out, e)
	}
	return out
}

func applied(base string, start, end int, edits []udiff.Edit) string {
	var b strings.Builder
	for _, e := range edits {
		b.WriteString(base[start:e.Start])
		b.WriteString(e.New)
		start = e.End
	}
	b.WriteString(base[start:end])
	return b.String()
}

// lines merges three texts by lines: the way of all that is not Terraform's
// language.
func (m *merger) lines(path, base, ours, theirs string) string {
	var b strings.Builder
	for _, h := range diff3(base, ours, theirs) {
		if h.settled {
			b.WriteString(h.text)
			continue
		}
		h.narrow(&b)
		hold := m.conflict(Conflict{Path: path, Reason: bothChanged("these lines"), Base: ended(h.base), Ours: ended(h.ours), Theirs: ended(h.theirs)})
		b.WriteString(hold + "\n")
	}
	return b.String()
}

// narrow writes the lines that both sides of a part begin with, and takes them off
// it: two new files that are alike differ only in the rest.
func (h *hunk) narrow(b *strings.Builder) {
	for h.base == "" {
		i := strings.IndexByte(h.ours, '\n')
		if i < 0 || !strings.HasPrefix(h.theirs, h.ours[:i+1]) {
			return
		}
		b.WriteString(h.ours[:i+1])
		h.ours, h.theirs = h.ours[i+1:], h.theirs[i+1:]
	}
}

func ended(text string) string { return strings.TrimSuffix(text, "\n") }
