package merge

import (
	"slices"
	"strings"
)

// collects lists functions whose arguments are a list in their own right: one more
// or less does not change what the others are.
var collects = []string{"merge", "concat", "setunion", "setintersection", "coalesce", "coalescelist", "max", "min"}

// value merges a value by its parts: an object by its keys, a list by its elements,
// a call of one function by its arguments. Anything else is one piece.
func (m *merger) value(v trio, at string) (string, bool) {
	if v.b == nil {
		return "", false
	}
	var parts [3]*group
	var x [3]expression
	for i, it := range []*item{v.b, v.o, v.t} {
		x[i] = it.src.expression(it.value)
		if parts[i] = x[i].parts; parts[i] == nil || parts[i].kind != parts[0].kind || x[i].call != x[0].call {
			return "", false
		}
		if parts[i].kind != object && slices.ContainsFunc(parts[i].items, (*item).heredoc) || parts[i].kind == object && ambiguous(parts[i]) {
			return "", false
		}
	}
	if parts[0].kind == arguments && !slices.Contains(collects, x[0].call) && (len(parts[1].items) != len(parts[0].items) || len(parts[2].items) != len(parts[0].items)) {
		return "", false
	}
	it, open := v.t, x[2].open
	if v.t.before() == v.b.before() {
		it, open = v.o, x[1].open
	}
	before := it.src.raw(span{it.code.from, open + 1})
	mark := len(m.conflicts)
	text, ok := m.group(parts, before, closer[parts[0].kind], at)
	if !ok {
		m.conflicts = m.conflicts[:mark]
	}
	return text, ok
}

var closer = map[groupKind]string{object: "}", list: "]", arguments: ")"}

// before returns what stands in front of a value: its name.
func (it *item) before() string { return it.src.raw(span{it.code.from, it.value.from}) }

// ambiguous says whether an object has a key twice.
func ambiguous(g *group) bool {
	seen := map[string]bool{}
	for _, it := range g.items {
		if it.kind != remark && seen[it.name] {
			return true
		}
		seen[it.name] = true
	}
	return false
}

// A printer writes a group of merged items. What it writes is formatted later, as
// part of its file.
type printer struct {
	kind      groupKind
	open, end string
	head      string
	broken    bool
	pieces    []piece
}

// print returns the text, and false when a conflict has no line of its own.
func (p *printer) print() (string, bool) {
	held, apart := false, p.head != ""
	for _, part := range p.pieces {
		held = held || part.hold
		apart = apart || part.lead != "" || part.trail != ""
	}
	switch {
	case p.kind != body && !p.broken && held:
		return "", false
	case len(p.pieces) == 0 && p.head == "":
		return p.open + p.end, true
	case p.kind == body || p.broken || apart:
		return p.lines(held), true
	}
	var parts []string
	for _, part := range p.pieces {
		parts = append(parts, part.code)
	}
	text := strings.Join(parts, ", ")
	if p.kind == object {
		text = " " + text + " "
	}
	return p.open + text + p.end, true
}

func (p *printer) lines(held bool) string {
	var b strings.Builder
	b.WriteString(p.open)
	if p.head != "" {
		b.WriteString(" " + p.head)
	}
	b.WriteString("\n")
	last := -1 // the last piece that is code
	for i, part := range p.pieces {
		if part.like.kind != remark {
			last = i
		}
	}
	for i, part := range p.pieces {
		if p.parted(i) {
			b.WriteString("\n")
		}
		comma := false
		switch p.kind {
		case list, arguments:
			comma = i < last || held || i == last && part.like.comma
		case object:
			comma = part.like.comma
		}
		part.write(&b, comma)
	}
	b.WriteString(p.end)
	return b.String()
}

// write writes a piece on lines of its own.
func (part piece) write(b *strings.Builder, comma bool) {
	if part.lead != "" {
		b.WriteString(part.lead + "\n")
	}
	if part.code == "" {
		return
	}
	b.WriteString(part.code)
	if comma && !part.hold {
		b.WriteString(",")
	}
	if part.trail != "" {
		b.WriteString(" " + part.trail)
	}
	b.WriteString("\n")
}

// parted says whether an empty line stands in front of a piece. One that was the
// first in its version gets one where blocks have them.
func (p *printer) parted(i int) bool {
	if i == 0 {
		return false
	}
	this, before := p.pieces[i], p.pieces[i-1]
	switch {
	case this.blank, before.like.kind == remark: // A comment that stands by itself must not come to stand at something.
		return true
	case p.kind != body:
		return false
	}
	return this.like.kind == block && this.like.first || before.like.kind == block && this.like.kind == attribute
}
