package proof

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
)

// A Mutant is a module in which one value that a proof asks for is turned over.
type Mutant struct {
	Place    Place
	Object   string // the address of what is changed, such as aws_rds_cluster.database
	Argument string // the path of the argument in it
	From, To string // its code before and after
	Files    []fileset.File
}

// Mutants returns a mutant for each value that a proof asks of a resource and that
// the module's code gives: as an argument, as a part of an argument's JSON, as an
// element of the map that a block goes over, or as the default of a variable. Each
// breaks the proof. Its value is another one that the argument takes, as far as that
// is known: another object of the same type, what is usual for the argument, nothing
// where it may be left out.
func (m *Module) Mutants(ctx context.Context, p *Proof) []Mutant {
	in, why := m.within(p)
	if why != "" {
		return nil
	}
	var turns []turn
	for _, c := range p.Claims {
		o, ok := c.(*Object)
		if !ok || o.Quantifier == No || o.Block != "resource" || o.Pattern == nil {
			continue
		}
		for _, b := range in.blocks["resource."+o.Type] {
			at := slices.IndexFunc(in.instances(b), func(x body) bool {
				return (o.Pattern.Which == nil || x.fits(o.Pattern.Which)) && x.fits(o.Pattern)
			})
			if at >= 0 {
				turns = append(turns, in.instances(b)[at].turns(o.Pattern, typeOf(o.Type), b.Labels, "")...)
				break // one resource is enough
			}
		}
	}
	var out []Mutant
	for _, t := range turns {
		for _, to := range t.to {
			files := in.changed(t.rng, to)
			mutant := in.like(ctx, files)
			if mutant == nil || mutant.Holds(p).Holds {
				continue
			}
			out = append(out, Mutant{Place: placeOf(t.rng), Object: t.object, Argument: t.argument, From: body{m: in}.code(t.rng), To: to, Files: files})
			break
		}
	}
	return out
}

// like returns a module with other files, nil where they are no module.
func (m *Module) like(ctx context.Context, files []fileset.File) *Module {
	ok := true
	parse := func(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
		if kept := m.parsed[name]; kept != nil && bytes.Equal(src, m.text[name]) {
			return kept, nil
		}
		file, diags := guard.Parse(src, name)
		ok = ok && !diags.HasErrors()
		return file, diags
	}
	out := Load(ctx, files, Account{Values: m.given}, parse, nil)
	out.data = m.data
	if !ok {
		return nil
	}
	return out
}

// A turn is a place with code that a proof asks for, and what may stand there
// instead, the best first.
type turn struct {
	object, argument string
	rng              hcl.Range
	to               []string
}

func typeOf(typ string) *schema.Block {
	var out *schema.Block
	for _, p := range providers() {
		if b, ok := p.Type(schema.KindResource, typ); ok {
			out = b
		}
	}
	return out
}

// turns turns over what a pattern asks of a body and of the blocks in it.
func (b body) turns(p *Pattern, as *schema.Block, labels []string, path string) []turn {
	var out []turn
	for _, a := range p.Args {
		attr := b.block.Body.Attributes[a.Name]
		if attr == nil || slices.Contains(asCode[b.own], a.Name) {
			continue
		}
		u := turner{m: b.m, argument: path + a.Name, object: strings.Join(labels, "."), typ: labels[0]}
		if as != nil {
			u.schema = as.Attributes[a.Name]
		}
		u.turn(a.Match, origin{attr.Expr, b.in})
		out = append(out, u.found...)
	}
	for _, n := range p.Blocks {
		for _, inner := range b.nested(n.Name) {
			if (n.Pattern.Which == nil || inner.fits(n.Pattern.Which)) && inner.fits(n.Pattern) {
				var within *schema.Block
				if as != nil && as.Blocks[n.Name] != nil {
					within = as.Blocks[n.Name].Block
				}
				out = append(out, inner.turns(n.Pattern, within, labels, path+n.Name+".")...)
				break
			}
		}
	}
	return out
}

// A turner finds the places of one argument.
type turner struct {
	m                     *Module
	object, argument, typ string
	schema                *schema.Attribute // nil for what lies in JSON, and where it is unknown
	found                 []turn
}

func (u *turner) put(x hclsyntax.Expression, to ...string) {
	u.found = append(u.found, turn{u.object, u.argument, x.Range(), to})
}

// turn finds what to change of an expression so that a matcher refuses its value.
func (u *turner) turn(match Matcher, at origin) {
	if u.inside(match, at) {
		return
	}
	leaf, ok := u.m.source(at, nil)
	if !ok {
		leaf = at
	}
	v := u.m.eval(leaf.expr, leaf.in)
	if leaf.expr != at.expr && !repeated(at) { // the wire to the source is a value, too
		u.put(at.expr, u.instead(match, at, v)...)
	}
	u.put(leaf.expr, u.instead(match, leaf, v)...)
}

// inside turns over parts of an expression that is written out, and says whether it
// is.
func (u *turner) inside(match Matcher, at origin) bool {
	switch match := match.(type) {
	case oneOf:
		v := u.m.eval(at.expr, at.in)
		for _, one := range match.of {
			if one.Match(Operand{Value: v, Refs: u.m.refs(at.expr, at.in)}) {
				return u.inside(one, at)
			}
		}
	case inJSON:
		leaf, ok := u.m.source(at, nil)
		if call, isCall := leaf.expr.(*hclsyntax.FunctionCallExpr); ok && isCall && call.Name == "jsonencode" && len(call.Args) == 1 {
			within := *u
			within.schema, within.found = nil, nil
			within.turn(match.of, origin{call.Args[0], leaf.in})
			u.found = append(u.found, within.found...)
			return true
		}
	case keys:
		n := len(u.found)
		for i, name := range match.names {
			if of, ok := u.m.source(at, []cty.Value{cty.StringVal(name)}); ok {
				within := *u
				within.schema, within.argument, within.found = nil, u.argument+"."+name, nil
				within.turn(match.of[i], of)
				u.found = append(u.found, within.found...)
			}
		}
		return len(u.found) > n
	case contains:
		return u.elements(match.of, at)
	case exactly:
		return u.elements(match.of, at)
	}
	return false
}

// elements takes each wanted element out of a list that is written out, or turns over
// a part of it.
func (u *turner) elements(want []Matcher, at origin) bool {
	leaf, ok := u.m.source(at, nil)
	list, isList := leaf.expr.(*hclsyntax.TupleConsExpr)
	if !ok || !isList {
		return false
	}
	for _, w := range want {
		i := slices.IndexFunc(list.Exprs, func(e hclsyntax.Expression) bool { return w.Match(Operand{Value: u.m.eval(e, leaf.in)}) })
		if i < 0 {
			continue
		}
		if _, deep := w.(keys); deep && u.inside(w, origin{list.Exprs[i], leaf.in}) {
			continue
		}
		var rest []string
		for j, e := range list.Exprs {
			if j != i {
				rest = append(rest, string(e.Range().SliceBytes(u.m.text[e.Range().Filename])))
			}
		}
		u.put(list, "["+strings.Join(rest, ", ")+"]", "[]")
	}
	return true
}

// instead returns what may stand in place of a value.
func (u *turner) instead(match Matcher, at origin, v cty.Value) []string {
	var out []string
	if _, isRef := match.(refersTo); isRef {
		out = u.others(at)
	}
	if b, isBound := match.(bound); isBound {
		by := cty.NumberIntVal(1)
		if b.above {
			by = by.Negate()
		}
		return append(out, written(cty.NumberVal(b.than).Add(by)))
	}
	for _, s := range usual(u.typ, u.argument) {
		out = append(out, written(cty.StringVal(s)))
	}
	switch {
	case v != cty.NilVal && v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool:
		out = append(out, written(v.Not()))
	case v != cty.NilVal && v.IsKnown() && !v.IsNull() && v.Type() == cty.Number:
		out = append(out, written(v.Add(cty.NumberIntVal(1))))
	}
	optional := u.schema == nil || u.schema.Optional
	if s, ok := text(v); ok && (s == "true" || s == "false") {
		return append(out, written(cty.BoolVal(s == "false")))
	} else if ok && numeral(s) {
		n, err := cty.ParseNumberVal(s)
		if err == nil {
			return append(out, written(n.Add(cty.NumberIntVal(1))))
		}
	}
	if _, any := match.(set); any && optional {
		out = append(out, "null")
	}
	switch {
	case u.schema == nil && v != cty.NilVal && (v.Type().IsObjectType() || v.Type().IsMapType()), u.schema != nil && u.schema.Type.IsMapType():
		return append(out, "{}")
	case u.schema == nil && v != cty.NilVal && (v.Type().IsTupleType() || v.Type().IsCollectionType()), u.schema != nil && u.schema.Type.IsCollectionType():
		return append(out, "[]")
	case u.schema != nil && u.schema.Type == cty.Bool:
		return append(out, "false", "true")
	case u.schema != nil && u.schema.Type == cty.Number:
		return out
	}
	if _, isRef := match.(refersTo); isRef && optional {
		out = append(out, "null")
	}
	return append(out, `"turned over"`)
}

func numeral(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// others returns the expression with another object of the same type in place of each
// that it names.
func (u *turner) others(at origin) []string {
	var out []string
	src := u.m.text[at.expr.Range().Filename]
	for _, t := range lang.Traversals(at.expr, nil) {
		typ, name := t.RootName(), lang.FirstStep(t, 1)
		for _, b := range u.m.blocks["resource."+typ] {
			other := typ + "." + b.Labels[1]
			if b.Labels[1] == name || other == u.object || u.m.several(typ, name) != u.m.several(typ, b.Labels[1]) || u.m.needs(b, u.object, map[string]bool{}) {
				continue
			}
			rng := hcl.RangeBetween(t[0].SourceRange(), t[1].SourceRange())
			whole := at.expr.Range()
			out = append(out, string(src[whole.Start.Byte:rng.Start.Byte])+other+string(src[rng.End.Byte:whole.End.Byte]))
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return common(b, at, u.m) - common(a, at, u.m) })
	return out
}

// common returns how much a text begins like an expression: the other object that is
// called most like the right one is most easily taken for it.
func common(text string, at origin, m *Module) int {
	n, code := 0, at.expr.Range().SliceBytes(m.text[at.expr.Range().Filename])
	for n < min(len(text), len(code)) && text[n] == code[n] {
		n++
	}
	return n
}

// needs says whether a block leads to an object.
func (m *Module) needs(b *hclsyntax.Block, object string, seen map[string]bool) bool {
	var found []Ref
	for _, t := range lang.Traversals(b, nil) {
		if t.RootName() == "local" {
			if l := m.locals[lang.FirstStep(t, 1)]; l != nil {
				found = append(found, m.refs(l, scope{})...)
			}
			continue
		}
		found = append(found, Ref{t.RootName(), lang.FirstStep(t, 1), ""})
	}
	for _, r := range found {
		at := r.Type + "." + r.Name
		if at == object {
			return true
		}
		if to := m.block(r.Type, r.Name); to != nil && !seen[at] {
			seen[at] = true
			if m.needs(to, object, seen) {
				return true
			}
		}
	}
	return false
}

// changed returns the files with a text in place of a range.
func (m *Module) changed(rng hcl.Range, text string) []fileset.File {
	files := slices.Clone(m.Files)
	replace(files, rng, text)
	return files
}
