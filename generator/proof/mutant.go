package proof

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/lang"
)

// A Mutant is a module in which one argument that a proof asks for is turned over.
type Mutant struct {
	Place    Place
	Object   string // the address of what is changed, such as aws_rds_cluster.database
	Argument string // the path of the argument in it
	From, To string // its code before and after
	Files    []fileset.File
}

// Mutants returns a mutant for each argument of a resource that a proof asks for and
// that the resource itself gives. What stands in a map that a block goes over, or in
// a variable, is changed where the argument takes it from it, but for the elements of
// a dynamic block, which are all one.
func (m *Module) Mutants(p *Proof) []Mutant {
	var out []Mutant
	in, why := m.within(p)
	if why != "" {
		return nil
	}
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
				out = append(out, in.instances(b)[at].mutants(o.Pattern, "resource", "")...)
				break // one resource is enough
			}
		}
	}
	return out
}

// mutants turns over what a pattern asks of a body and of the blocks in it.
func (b body) mutants(p *Pattern, object, path string) []Mutant {
	if object == "resource" {
		object = b.name()
	}
	var out []Mutant
	for _, a := range p.Args {
		attr := b.block.Body.Attributes[a.Name]
		if attr == nil || b.repeated(attr.Expr) || slices.Contains(asCode[b.own], a.Name) {
			continue
		}
		from, to := b.code(attr.Expr.Range()), opposite(a.Match, b.m.eval(attr.Expr, b.in))
		if to == "" {
			continue
		}
		out = append(out, Mutant{Place: placeOf(attr.SrcRange), Object: object, Argument: path + a.Name, From: from, To: to, Files: b.m.changed(attr.Expr.Range(), to)})
	}
	for _, n := range p.Blocks {
		for _, inner := range b.nested(n.Name) {
			if inner.block.Type == n.Name && (n.Pattern.Which == nil || inner.fits(n.Pattern.Which)) && inner.fits(n.Pattern) {
				out = append(out, inner.mutants(n.Pattern, object, path+n.Name+".")...)
				break
			}
		}
	}
	return out
}

// repeated says whether an expression is that of several objects at once.
func (b body) repeated(x hclsyntax.Expression) bool {
	return slices.ContainsFunc(lang.Traversals(x, nil), func(t hcl.Traversal) bool { _, bound := b.in.vars[t.RootName()]; return bound })
}

// opposite returns code for a value that a matcher must refuse in place of one that it
// takes, "" where there is none to be found.
func opposite(m Matcher, v cty.Value) string {
	switch m := m.(type) {
	case set:
		return "null"
	case not, absent:
		return ""
	case refersTo:
		return turnedOver
	case bound:
		by := cty.NumberIntVal(1)
		if m.above {
			by = by.Negate()
		}
		return written(cty.NumberVal(m.than).Add(by))
	}
	return another(v)
}

const turnedOver = `"turned over"`

// another returns code for another value of the same type.
func another(v cty.Value) string {
	switch {
	case v == cty.NilVal || !v.IsKnown() || v.IsNull():
		return turnedOver
	case v.Type() == cty.Bool:
		return written(v.Not())
	case v.Type() == cty.Number:
		return written(v.Add(cty.NumberIntVal(1)))
	case v.Type() == cty.String:
		if s := v.AsString(); s == "true" || s == "false" {
			return written(cty.BoolVal(s == "false"))
		}
		return turnedOver
	case v.Type().IsObjectType() || v.Type().IsMapType():
		return "{}"
	}
	return "[]"
}

// changed returns the files with a text in place of a range.
func (m *Module) changed(rng hcl.Range, text string) []fileset.File {
	files := slices.Clone(m.Files)
	replace(files, rng, text)
	return files
}
