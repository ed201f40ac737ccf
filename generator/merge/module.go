package merge

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The files of a module are one text in several pieces: a block may stand in any of
// them, and a local value in any locals block. So both are matched over the whole
// module, and put where ours has them if ours moved them, else where theirs does.

// A scope is files that are merged together, by path: those of a module, or one
// file of another kind.
type scope struct {
	module bool
	files  map[string]*[3]*source // base, ours, theirs; nil where there is none
}

// The versions of a scope.
const (
	base = iota
	ours
	theirs
)

// A holder is what units stand in: a file, or a locals block.
type holder struct {
	in    [3][]*item // its units in each version, in order
	trios []trio     // the units of the result
}

// A unit is an item with its place.
type unit struct {
	item    *item
	address string
	holder  *holder
}

// layout is a scope taken apart.
type layout struct {
	files  map[string]*holder
	blocks map[trio]*holder // of locals
	units  [3][]unit
}

// module merges a scope and returns the text of each file of the result.
func (m *merger) module(s scope) map[string]assembled {
	l := s.layout()
	m.place(l)
	out := map[string]assembled{}
	for _, path := range slices.Sorted(maps.Keys(l.files)) {
		out[path] = m.assemble(l.files[path], l)
	}
	return out
}

// An assembled is a file of the result. When it is that of a version as it stands,
// from says so.
type assembled struct {
	text string
	from side
	gone bool // nothing stands in it
}

// layout takes the files apart into units.
func (s scope) layout() *layout {
	l := &layout{files: map[string]*holder{}, blocks: map[trio]*holder{}}
	var blocks [3][]*item // of locals
	paths := slices.Sorted(maps.Keys(s.files))
	moved := s.renamed()
	file := map[*item]*holder{}
	for _, path := range paths {
		for v, src := range s.files[path] {
			if src == nil {
				continue
			}
			to := path
			if v != ours && moved[path] != "" {
				to = moved[path]
			}
			h := l.file(to)
			for _, it := range src.top().items {
				file[it] = h
				h.in[v] = append(h.in[v], it)
				if s.module && it.kind == block && it.name == "locals" {
					blocks[v] = append(blocks[v], it)
					continue
				}
				l.units[v] = append(l.units[v], unit{it, s.address(it), h})
			}
		}
	}
	l.locals(blocks, file)
	return l
}

func (l *layout) file(path string) *holder {
	if l.files[path] == nil {
		l.files[path] = &holder{}
	}
	return l.files[path]
}

// locals makes holders of locals blocks. Which are the same is decided by the names
// in them.
func (l *layout) locals(blocks [3][]*item, file map[*item]*holder) {
	for n, v := range pairLocals(blocks) {
		h := &holder{}
		l.blocks[v] = h
		for i, it := range []*item{v.b, v.o, v.t} {
			if it == nil {
				continue
			}
			h.in[i] = it.body().items
			for _, in := range it.body().items {
				l.units[i] = append(l.units[i], unit{in, "local." + in.name, h})
			}
			l.units[i] = append(l.units[i], unit{it, fmt.Sprint("locals ", n), file[it]})
		}
	}
}

// pairLocals matches locals blocks by the names that they share, and those that share
// none by the file.
func pairLocals(blocks [3][]*item) []trio {
	pair := func(from, to []*item) map[*item]*item {
		named, in := map[string][]*item{}, map[string][]*item{}
		for _, y := range to {
			in[y.src.path] = append(in[y.src.path], y)
			for _, it := range y.body().items {
				named[it.name] = append(named[it.name], y)
			}
		}
		out, used := map[*item]*item{}, map[*item]bool{}
		for _, x := range from {
			if y := sharesMost(x, named, used); y != nil {
				out[x], used[y] = y, true
			}
		}
		for _, x := range from {
			if out[x] == nil {
				left := slices.DeleteFunc(in[x.src.path], func(y *item) bool { return used[y] })
				if in[x.src.path] = left; len(left) > 0 {
					out[x], used[left[0]] = left[0], true
				}
			}
		}
		return out
	}
	return join(blocks[base], blocks[ours], blocks[theirs], pair(blocks[base], blocks[ours]), pair(blocks[base], blocks[theirs]),
		func(x *item) string { return x.src.path })
}

// sharesMost returns the block that shares most names with x, of those that are not
// used yet; nil where none shares any.
func sharesMost(x *item, named map[string][]*item, used map[*item]bool) (most *item) {
	shared, best := map[*item]int{}, 0
	for _, it := range x.body().items {
		for _, y := range named[it.name] {
			if it.kind != attribute || used[y] {
				continue
			}
			shared[y] += 2
			if n := shared[y] + samePath(x, y); n > best {
				best, most = n, y
			}
		}
	}
	return most
}

func samePath(x, y *item) int {
	if x.src.path == y.src.path {
		return 1
	}
	return 0
}

// renamed returns to which name ours moved a whole file: the file is gone, and what
// stood in it stands in one file that no other version has.
func (s scope) renamed() map[string]string {
	at := map[string]string{} // address -> path, of ours
	for path, f := range s.files {
		if f[ours] == nil || f[base] != nil || f[theirs] != nil {
			continue
		}
		for _, it := range f[ours].top().items {
			if it.kind == block {
				at[s.address(it)] = path
			}
		}
	}
	out := map[string]string{}
	for path, f := range s.files {
		if f[base] == nil || f[ours] != nil || len(at) == 0 {
			continue
		}
		found, blocks := map[string]int{}, 0
		for _, it := range f[base].top().items {
			if it.kind != block {
				continue
			}
			blocks++
			if to := at[s.address(it)]; to != "" {
				found[to]++
			}
		}
		for to, n := range found {
			if 2*n > blocks && !slices.Contains(slices.Collect(maps.Values(out)), to) {
				out[path] = to
			}
		}
	}
	return out
}

// address returns by what a unit is known in its scope.
func (s scope) address(it *item) string {
	if it.kind != block {
		return it.name
	}
	typ, rest, _ := strings.Cut(it.name, ".")
	if !s.module {
		return it.name
	}
	switch typ {
	case "resource":
		return rest
	case "variable":
		return "var." + rest
	case "provider":
		return it.name + "." + it.argument("alias")
	case "moved", "removed":
		return typ + " " + it.argument("from")
	case "import":
		return typ + " " + it.argument("to")
	}
	return it.name
}

// argument returns an argument of a block without its layout.
func (it *item) argument(name string) string {
	for _, in := range it.body().items {
		if in.kind == attribute && in.name == name {
			var b strings.Builder
			in.src.normal(&b, in.value, codeForm)
			return strings.Trim(strings.ReplaceAll(b.String(), "\x00", ""), `"`)
		}
	}
	return ""
}

// place matches the units of the three versions and gives each to the holder in
// which it stands in the result.
func (m *merger) place(l *layout) {
	at := map[*item]*holder{}
	by := map[string]*[3][]*item{}
	var order []string
	for v, units := range l.units {
		for _, u := range units {
			at[u.item] = u.holder
			name := u.address
			if u.item.kind == remark {
				name = fmt.Sprintf("# %p", u.holder)
			}
			if by[name] == nil {
				by[name] = new([3][]*item)
				order = append(order, name)
			}
			by[name][v] = append(by[name][v], u.item)
			m.addresses[u.item] = u.address
		}
	}
	for _, name := range order {
		g := by[name]
		trios := []trio{{b: first(g[base]), o: first(g[ours]), t: first(g[theirs])}}
		if max(len(g[base]), len(g[ours]), len(g[theirs])) > 1 || trios[0].any().kind == remark {
			trios = perFile(g)
		}
		for _, v := range trios {
			h := home(v, at)
			h.trios = append(h.trios, v)
		}
	}
}

// perFile matches units of one address: first those that are alone in a file, then
// the others by what they hold.
func perFile(g *[3][]*item) []trio {
	var out []trio
	var rest [3][]*item
	by := map[string]*[3][]*item{}
	for v, items := range g {
		for _, it := range items {
			if by[it.src.path] == nil {
				by[it.src.path] = new([3][]*item)
			}
			by[it.src.path][v] = append(by[it.src.path][v], it)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(by)) {
		f := by[path]
		if len(f[base]) == 1 && len(f[ours]) == 1 && len(f[theirs]) == 1 && f[base][0].kind != remark {
			out = append(out, trio{b: f[base][0], o: f[ours][0], t: f[theirs][0]})
			continue
		}
		for v := range rest {
			rest[v] = append(rest[v], f[v]...)
		}
	}
	return append(out, same(rest[base], rest[ours], rest[theirs])...)
}

// home returns where a unit stands in the result.
func home(v trio, at map[*item]*holder) *holder {
	switch {
	case v.t == nil && v.o == nil:
		return at[v.b]
	case v.t == nil:
		return at[v.o]
	case v.o != nil && v.b != nil && at[v.o] != at[v.b]:
		return at[v.o]
	}
	return at[v.t]
}

// assemble puts the units of a file into order and prints them.
func (m *merger) assemble(h *holder, l *layout) assembled {
	p, from := m.pieces(h, l)
	text := ""
	if len(p.pieces) > 0 {
		text = strings.TrimPrefix(p.lines(false), "\n")
	}
	return assembled{text: text, from: from, gone: len(p.pieces) == 0}
}

// pieces merges the units of a holder. The side is that of the version of which all
// of it is.
func (m *merger) pieces(h *holder, l *layout) (printer, side) {
	p := printer{kind: body, broken: true}
	ordered, _ := positionsOf(h.in[base], h.in[ours], h.in[theirs]).sequence(h.trios)
	from := either
	var mine, yours []*item
	for _, v := range ordered {
		part, ok := m.unit(v, l)
		if !ok {
			continue
		}
		from &= part.from
		mine, yours = append(mine, v.o), append(yours, v.t)
		p.pieces = append(p.pieces, part)
	}
	if !slices.Equal(mine, h.in[ours]) {
		from &^= fromOurs
	}
	if !slices.Equal(yours, h.in[theirs]) {
		from &^= fromTheirs
	}
	return p, from
}

// unit merges one unit.
func (m *merger) unit(v trio, l *layout) (piece, bool) {
	if h := l.blocks[v]; h != nil {
		return m.locals(v, h, l)
	}
	part, ok := m.item(v, m.addresses[v.any()])
	if ok && v.any().kind == block && strings.TrimSpace(part.code) != "" && !part.hold {
		part.blank = part.blank || part.like.first
	}
	return part, ok
}

// locals merges a locals block out of the values that stand in it in the result.
func (m *merger) locals(v trio, h *holder, l *layout) (piece, bool) {
	in, from := m.pieces(h, l)
	if len(in.pieces) == 0 {
		return piece{}, false
	}
	out := piece{like: v.layout(), blank: v.blank() || v.layout().first}
	var side, headSide, trailSide side
	out.lead, side = m.lead(v, "locals")
	b, o, t := v.commentsOf(func(it *item) []int { return it.trail }, " ")
	if out.trail, trailSide, _ = m.comments(b, o, t); out.trail == "" {
		out.trail = o
	}
	b, o, t = v.commentsOf(func(it *item) []int { return it.body().head }, " ")
	if in.head, headSide, _ = m.comments(b, o, t); in.head == "" {
		in.head = o
	}
	in.open, in.end = "locals {", "}"
	out.from = from & side & headSide & trailSide
	switch {
	case out.from&fromTheirs != 0 && v.t != nil:
		out.code = v.t.src.raw(v.t.code)
	case out.from&fromOurs != 0 && v.o != nil:
		out.code = v.o.src.raw(v.o.code)
	default:
		out.code = in.lines(false)
	}
	return out, true
}
