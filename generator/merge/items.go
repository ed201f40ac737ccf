package merge

import (
	"fmt"
	"strings"
)

// A side says from which versions a text comes as it stands.
type side int

const (
	mixed      side = 0
	fromOurs   side = 1
	fromTheirs side = 2
	either     side = fromOurs | fromTheirs
)

// A piece is a merged item, ready to be printed.
type piece struct {
	like  *item // the item whose layout it has
	lead  string
	code  string
	trail string
	hold  bool // the code holds the place of a conflict
	blank bool
	from  side
}

// taken returns an item as one version has it.
func taken(it *item, from side) piece {
	return piece{like: it, lead: it.src.words(it.lead, "\n"), code: it.src.raw(it.code), trail: it.src.words(it.trail, " "), blank: it.blank, from: from}
}

// settled returns the item when the sides do not both change it, as far as a normal
// form tells. Layout that ours changed stays where nothing else did.
func (v trio) settled(form int) (it *item, from side, ok bool) {
	o, t := v.o.normal(form), v.t.normal(form)
	switch {
	case o == t && v.b != nil && v.t.text() == v.b.text():
		return v.o, either, true
	case o == t:
		return v.t, either, true
	case v.b == nil:
		return nil, mixed, false
	case o == v.b.normal(form):
		return v.t, fromTheirs, true
	case t == v.b.normal(form):
		return v.o, fromOurs, true
	}
	return nil, mixed, false
}

// item merges an item, and reports false when the result has none.
func (m *merger) item(v trio, at string) (piece, bool) {
	switch {
	case v.any().kind == remark:
		return m.remark(v, at)
	case v.o == nil && v.t == nil:
		return piece{}, false
	case v.o == nil && v.b == nil:
		return taken(v.t, fromTheirs), true
	case v.t == nil && v.b == nil:
		return taken(v.o, fromOurs), true
	case v.o == nil:
		if v.t.normal(codeOf) == v.b.normal(codeOf) {
			return piece{}, false
		}
		return m.clash(v, at, "Our version removed this, and theirs changed it."), true
	case v.t == nil:
		if v.o.normal(codeOf) == v.b.normal(codeOf) {
			return piece{}, false
		}
		return m.clash(v, at, "Their version removed this, and ours changed it."), true
	}
	if it, from, ok := v.settled(wholeOf); ok {
		p := taken(it, from)
		p.blank = v.blank()
		return p, true
	}
	if v.loose {
		return m.clash(v, at, "Both versions changed this, and it has no key that says whether it is the same thing."), true
	}
	return m.both(v, at), true
}

// both merges an item that both sides changed, each part of it for itself.
func (m *merger) both(v trio, at string) piece {
	p := piece{like: v.layout(), blank: v.blank()}
	p.lead, _ = m.lead(v, at)
	b, o, t := v.commentsOf(func(it *item) []int { return it.trail }, " ")
	trail, _, agreed := m.comments(b, o, t)
	code, ok := m.code(v, at)
	switch {
	case !ok:
		p.code, p.hold = m.behind(v, at, bothChanged("this")), true
	case !agreed:
		texts := Conflict{Address: at, Reason: bothChanged("the comment behind this"), Ours: m.ended(v.o, code, o), Theirs: m.ended(v.t, code, t)}
		if v.b != nil {
			texts.Base = m.ended(v.b, code, b)
		}
		p.code, p.hold = m.conflict(texts), true
	default:
		p.code, p.trail = code, trail
	}
	return p
}

// code merges what stands between the comments of an item.
func (m *merger) code(v trio, at string) (string, bool) {
	if it, _, ok := v.settled(innerOf); ok {
		return it.src.raw(it.code), true
	}
	if v.any().kind == block {
		return m.block(v, at)
	}
	if text, ok := m.value(v, at); ok || v.b == nil || v.t.normal(plainOf) != v.b.normal(plainOf) {
		return text, ok
	}
	// Theirs changed nothing but words in what ours wrote anew.
	return v.o.src.raw(v.o.code), true
}

// clash returns the place of a conflict over a whole item.
func (m *merger) clash(v trio, at, reason string) piece {
	text := func(it *item) string {
		if it == nil {
			return ""
		}
		lead := it.src.words(it.lead, "\n")
		if lead != "" {
			lead += "\n"
		}
		return lead + m.ended(it, it.src.raw(it.code), it.src.words(it.trail, " "))
	}
	hold := m.conflict(Conflict{Address: at, Reason: reason, Base: text(v.b), Ours: text(v.o), Theirs: text(v.t)})
	return piece{like: v.layout(), code: hold, hold: true, blank: v.blank()}
}

// behind returns the place of a conflict over an item without the comments in front
// of it, which were merged.
func (m *merger) behind(v trio, at, reason string) string {
	text := func(it *item) string {
		if it == nil {
			return ""
		}
		return m.ended(it, it.src.raw(it.code), it.src.words(it.trail, " "))
	}
	return m.conflict(Conflict{Address: at, Reason: reason, Base: text(v.b), Ours: text(v.o), Theirs: text(v.t)})
}

// ended returns code with what stands behind it on its line.
func (m *merger) ended(it *item, code, trail string) string {
	if it.kind == element {
		code += ","
	}
	if trail != "" {
		code += " " + trail
	}
	return code
}

// block merges the body of a block.
func (m *merger) block(v trio, at string) (string, bool) {
	var in [3]*group
	for i, it := range []*item{v.b, v.o, v.t} {
		in[i] = &group{kind: body}
		if it != nil {
			in[i] = it.body()
		}
	}
	was := v.t.header()
	if v.b != nil {
		was = v.b.header()
	}
	header, ok := threeWay(was, v.o.header(), v.t.header())
	if !ok {
		return "", false
	}
	return m.group(in, strings.TrimRight(header, " ")+" {", "}", at)
}

// group merges what stands between two brackets.
func (m *merger) group(in [3]*group, open, end, at string) (string, bool) {
	b, o, t := in[0], in[1], in[2]
	trios := match(b.items, o.items, t.items)
	if o.kind == arguments && len(b.items) == len(o.items) && len(o.items) == len(t.items) {
		trios = trios[:0]
		for i := range o.items {
			trios = append(trios, trio{b: b.items[i], o: o.items[i], t: t.items[i]})
		}
	}
	ordered, agreed := positionsOf(b.items, o.items, t.items).sequence(trios)
	if o.kind == list || o.kind == arguments {
		if !agreed || replaced(trios) {
			return "", false
		}
	}
	head, _, ok := m.comments(b.words(), o.words(), t.words())
	if !ok {
		return "", false
	}
	p := printer{kind: o.kind, open: open, end: end, head: head, broken: t.broken}
	if t.broken == b.broken {
		p.broken = o.broken
	}
	for i, v := range ordered {
		if merged, ok := m.item(v, below(at, v.any(), i)); ok {
			p.pieces = append(p.pieces, merged)
		}
	}
	return p.print()
}

func (g *group) words() string {
	if g.src == nil {
		return ""
	}
	return g.src.words(g.head, " ")
}

// below returns the address of an item in what has the address at.
func below(at string, it *item, i int) string {
	switch {
	case it.kind == element:
		return fmt.Sprintf("%s[%d]", at, i)
	case it.kind == remark || it.name == "":
		return at
	case at == "":
		return it.name
	}
	return at + "." + it.name
}

// replaced says whether an element that both sides took out may have been replaced:
// then it was changed on one side and removed, or changed as well, on the other.
func replaced(trios []trio) bool {
	lost, added := false, false
	for _, v := range trios {
		if v.any().kind == remark {
			continue
		}
		lost = lost || v.o == nil && v.t == nil
		added = added || v.b == nil && (v.o == nil || v.t == nil)
	}
	return lost && added
}
