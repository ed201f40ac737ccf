package vet

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/schema"
)

// Verdicts are kept between runs over trees that share blocks: that a block was
// found to be right, and what it referred to. When the same text comes again and
// its references mean the same, it is right again. They never change what a run
// finds. They are safe for concurrent use and bounded.
type Verdicts struct {
	blocks   memo.Map[*schema.Block, *memo.Texts[verdict]] // by the schema, nil for a type that is not known
	spelling memo.Texts[bool]
}

// A verdict says that a block is right as long as its references mean the same.
type verdict struct {
	right bool
	refs  []meaning
}

// A meaning is what a reference was found to name.
type meaning struct {
	kind string // var, local or resource
	name string // of the variable or local value, or the address
	ty   cty.Type
	each repetition
	of   *schema.Block
}

// A recorder notes the references of one block while it is checked.
type recorder struct {
	refs   []meaning
	opaque bool // the block refers to what no meaning stands for
}

// note records a reference, if anybody wants to know.
func (r *runner) note(m meaning) {
	if r.rec != nil {
		r.rec.refs = append(r.rec.refs, m)
	}
}

// apart runs what does not belong to the block that is being recorded.
func (r *runner) apart(f func()) {
	rec := r.rec
	r.rec = nil
	f()
	r.rec = rec
}

// judge checks a block, unless it is known to be right.
func (sc *scope) judge(b *hclsyntax.Block, src []byte, check func()) {
	kept := sc.run.opts.Verdicts
	rng := hcl.Range{Start: b.TypeRange.Start, End: b.CloseBraceRange.End}
	owner, of, ok := sc.judged(b)
	if kept == nil || !ok || sc.override || sc.m.partial || !rng.CanSliceBytes(src) {
		check()
		return
	}
	same := kept.blocks.Get(of, func() *memo.Texts[verdict] { return &memo.Texts[verdict]{} })
	v, checked := same.Make(rng.SliceBytes(src), func() verdict { return sc.recorded(check) })
	if checked {
		return
	}
	sc.owner = owner
	if !v.right || !sc.same(v.refs) {
		check()
	}
}

// spelling looks for old spellings in a block, unless it is known to have none.
func (r *runner) spelling(b *hclsyntax.Block, src []byte) {
	kept, rng := r.opts.Verdicts, hcl.Range{Start: b.TypeRange.Start, End: b.CloseBraceRange.End}
	if kept == nil || !rng.CanSliceBytes(src) {
		r.formatBlock(b, src)
		return
	}
	right, checked := kept.spelling.Make(rng.SliceBytes(src), func() bool {
		before := len(r.diags)
		r.formatBlock(b, src)
		return len(r.diags) == before
	})
	if !checked && !right {
		r.formatBlock(b, src)
	}
}

// judged says whether a block is a resource, data source or variable that is read
// by its text and its references alone, and returns its address, where that
// matters for cycles, and its schema.
func (sc *scope) judged(b *hclsyntax.Block) (owner string, of *schema.Block, ok bool) {
	if b.Type == "variable" {
		v := sc.m.variables[b.Labels[0]]
		return "", nil, v != nil && v.block == b
	}
	kind, ok := kindOf(b.Type)
	if !ok || b.Body.Attributes["provider"] != nil {
		return "", nil, false
	}
	owner = (&Resource{Kind: kind, Type: b.Labels[0], Name: b.Labels[1]}).Address()
	res := sc.m.resources[owner]
	if res == nil || res.Block != b {
		return "", nil, false
	}
	return owner, res.Schema, true
}

// recorded checks a block and notes what it refers to.
func (sc *scope) recorded(check func()) verdict {
	before := len(sc.run.diags)
	rec := &recorder{}
	sc.run.rec = rec
	check()
	sc.run.rec = nil
	return verdict{right: len(sc.run.diags) == before && !rec.opaque, refs: rec.refs}
}

// same says whether references mean what they meant, and notes that they are
// made.
func (sc *scope) same(refs []meaning) bool {
	for _, ref := range refs {
		switch ref.kind {
		case "var":
			v := sc.m.variables[ref.name]
			if v == nil || !v.ty.Equals(ref.ty) {
				return false
			}
			v.used = true
		case "local":
			l := sc.m.locals[ref.name]
			if l == nil {
				return false
			}
			l.used = true
			sc.edge("local." + ref.name)
			if !sc.m.localType(ref.name).Equals(ref.ty) {
				return false
			}
		default:
			res := sc.m.resources[ref.name]
			if res == nil || res.Schema != ref.of || res.each != ref.each {
				return false
			}
			res.used = true
			sc.edge(ref.name)
		}
	}
	return true
}
