package merge

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/fileset"
)

// A Change says what became of an item between two versions.
type Change string

// The changes.
const (
	Added     Change = "added"
	Changed   Change = "changed"
	Removed   Change = "removed"
	Displaced Change = "moved" // to another file
	Commented Change = "commented"
)

// An Edit is a difference between two versions of a tree: of an item, or of a file
// that is not of Terraform's language.
type Edit struct {
	Change  Change
	Path    string // the file in which it is; of what was removed, in which it was
	Line    int    // 0 for a whole file
	Address string // of the item, such as aws_ecs_service.app.desired_count; "" for a whole file, or a comment that stands by itself
	From    string // of what was moved, the file in which it was
	Old     string // the item in each version; "" where it is not there, and for a whole file
	New     string
}

// Edits returns what differs between two versions of a tree, by address, in order of
// path and line. Layout is no difference, and neither is the order of blocks.
func Edits(before, after fileset.Set) []Edit {
	m := &merger{labels: Labels{}.orDefault(), addresses: map[*item]string{}}
	_ = m.read(Input{Base: before, Ours: after}) // Files with markers differ as others do.
	d := &differ{merger: m}
	scopes := map[string]scope{}
	for _, p := range slices.Sorted(maps.Keys(m.files)) {
		f := m.files[p]
		if equal(f.in[base], f.in[ours]) {
			continue
		}
		name, module := scopeOf(p)
		sources, ok := (*[3]*source)(nil), false
		if name != "" {
			sources, ok = m.sources(f)
		}
		if !ok {
			d.whole(f)
			continue
		}
		if scopes[name].files == nil {
			scopes[name] = scope{module: module, files: map[string]*[3]*source{}}
		}
		scopes[name].files[p] = sources
	}
	for _, name := range slices.Sorted(maps.Keys(scopes)) {
		d.scope(scopes[name])
	}
	slices.SortStableFunc(d.edits, func(a, b Edit) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line, strings.Compare(a.Address, b.Address))
	})
	return d.edits
}

// A differ collects differences.
type differ struct {
	*merger
	edits []Edit
}

// whole takes in a file that has no addresses.
func (d *differ) whole(f *file) {
	e := Edit{Change: Changed, Path: f.path}
	switch {
	case f.in[base] == nil:
		e.Change = Added
	case f.in[ours] == nil:
		e.Change = Removed
	}
	d.edits = append(d.edits, e)
}

// scope compares the units of a scope.
func (d *differ) scope(s scope) {
	l := s.layout()
	d.place(l)
	for _, h := range slices.Concat(slices.Collect(maps.Values(l.files)), slices.Collect(maps.Values(l.blocks))) {
		for _, v := range h.trios {
			if l.blocks[v] == nil { // What stands in locals are units of their own.
				d.unit(v)
			}
		}
	}
}

// unit compares a unit, which may be in another file.
func (d *differ) unit(v trio) {
	at := d.addresses[v.any()]
	if v.any().kind == remark {
		at = ""
	}
	if v.b != nil && v.o != nil && v.b.src.path != v.o.src.path && v.o.kind != remark {
		d.add(Displaced, v, at)
		d.edits[len(d.edits)-1].From = v.b.src.path
	}
	d.item(v, at)
}

// item compares an item, as far down as somebody changed something.
func (d *differ) item(v trio, at string) {
	switch b, o := v.b, v.o; {
	case b == nil && o == nil:
	case o == nil && b.kind == remark, b == nil && o.kind == remark:
		d.add(Commented, v, at)
	case b == nil:
		d.add(Added, v, at)
	case o == nil:
		d.add(Removed, v, at)
	case b.normal(wholeOf) == o.normal(wholeOf):
	case b.normal(codeOf) == o.normal(codeOf) && b.normal(innerOf) == o.normal(innerOf), o.kind == remark:
		d.add(Commented, v, at)
	default:
		d.inside(v, at)
	}
}

// inside compares what an item is made of.
func (d *differ) inside(v trio, at string) {
	mark := len(d.edits)
	var parts [2]*group
	if v.b.kind == block && v.o.kind == block {
		parts = [2]*group{v.b.body(), v.o.body()}
	} else if x, y := v.b.src.expression(v.b.value), v.o.src.expression(v.o.value); x.parts != nil && y.parts != nil && x.call == y.call &&
		x.parts.kind == object && y.parts.kind == object && !ambiguous(x.parts) && !ambiguous(y.parts) {
		parts = [2]*group{x.parts, y.parts}
	}
	if parts[0] != nil {
		for i, in := range match(parts[0].items, parts[1].items, nil) {
			d.item(in, below(at, in.any(), i))
		}
	}
	switch {
	case mark < len(d.edits):
	case parts[0] == nil:
		d.add(Changed, v, at)
	case parts[0].words() != parts[1].words() || v.b.src.words(v.b.trail, " ") != v.o.src.words(v.o.trail, " "):
		d.add(Commented, v, at)
	}
}

func (d *differ) add(what Change, v trio, at string) {
	it := cmp.Or(v.o, v.b)
	e := Edit{Change: what, Path: it.src.path, Line: it.start(), Address: at}
	if v.b != nil {
		e.Old = v.b.text()
	}
	if v.o != nil {
		e.New = v.o.text()
	}
	d.edits = append(d.edits, e)
}

// start is the line on which an item begins.
func (it *item) start() int {
	if it.code.empty() && len(it.lead) > 0 {
		return it.src.line(it.lead[0])
	}
	return it.src.line(it.code.from)
}
