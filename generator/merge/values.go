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
	if text, ok := v.apart(); ok {
		return text, true
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
	front, ok := threeWay(x[0].front(v.b), x[1].front(v.o), x[2].front(v.t))
	if !ok {
		return "", false
	}
	mark := len(m.conflicts)
	text, ok := m.group(parts, front, closer[parts[0].kind], at)
	if !ok {
		m.conflicts = m.conflicts[:mark]
	}
	return text, ok
}

// apart merges a name and its value where only one side changed each: a key that got
// quotes is no change of its value.
func (v trio) apart() (string, bool) {
	var names, values [3]string
	for i, it := range []*item{v.b, v.o, v.t} {
		var b strings.Builder
		it.src.normal(&b, it.value, fullForm)
		names[i], values[i] = it.src.raw(span{it.code.from, it.value.from}), b.String()
	}
	name, ok := threeWay(names[0], names[1], names[2])
	if !ok || names[0] == "" {
		return "", false
	}
	it := v.o
	if values[0] == values[1] || values[1] == values[2] {
		it = v.t
	} else if values[0] != values[2] {
		return "", false
	}
	return strings.TrimRight(name, " ") + " " + it.src.raw(it.value), true
}

var closer = map[groupKind]string{object: "}", list: "]", arguments: ")"}

// front returns what stands in front of the parts of a value: a name, the function
// that is called, the bracket.
func (x expression) front(it *item) string { return it.src.raw(span{it.code.from, x.open + 1}) }

// threeWay merges texts that are one piece. Spaces are a matter of layout.
func threeWay(base, ours, theirs string) (string, bool) {
	bare := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	switch b, o, t := bare(base), bare(ours), bare(theirs); {
	case t == b:
		return ours, true
	case o == b, o == t:
		return theirs, true
	}
	return "", false
}

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
