package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// Dependencies say what an object, local value or output of a template refers to in
// the source, before anything of it is folded away. To Terraform every reference
// is an order, whatever comes of its value. What a choice has ruled out is none:
// an arm that is not taken, a dynamic block without elements.
type Dependencies struct {
	Refs  []string // "var.x", "local.x", and addresses in the template
	First []string // those of them that stand in depends_on
}

// order notes what everything in the template that is not cut out refers to.
func (c *component) order(out *Component) {
	out.Order = map[string]Dependencies{}
	for _, f := range c.in.Template.Files {
		for _, b := range f.Body.Blocks {
			switch {
			case c.ev.sources.isCut(b.TypeRange):
			case objectAddress(b) != "":
				out.Order[objectAddress(b)] = c.dependencies(b.Body)
			case b.Type == "output" && len(b.Labels) == 1:
				out.Order["output."+b.Labels[0]] = c.dependencies(b.Body)
			case b.Type == "locals":
				for name, a := range b.Body.Attributes {
					if !c.ev.sources.isCut(a.NameRange) {
						out.Order["local."+name] = c.dependencies(a)
					}
				}
			}
		}
	}
	c.orderCalls(out, "")
}

func (c *component) dependencies(n hclsyntax.Node) Dependencies {
	var out Dependencies
	add := func(ref hcl.Traversal) {
		name := ref.RootName()
		switch name {
		case "var", "local":
			if len(ref) < 2 {
				return
			}
			if step, ok := ref[1].(hcl.TraverseAttr); ok {
				name += "." + step.Name
			}
		default:
			addr, _ := template.ObjectAddress(ref)
			if c.objects[addr] == nil {
				return
			}
			name = addr
			if o := c.objects[addr]; c.inline(o) {
				out.Refs = append(out.Refs, c.outputNodes(o, ref)...)
				return
			}
		}
		if !slices.Contains(out.Refs, name) {
			out.Refs = append(out.Refs, name)
		}
	}
	var dead []hcl.Range
	lang.Visit(n, func(x hclsyntax.Node) {
		if rng, ok := c.ruledOut(x); ok {
			dead = append(dead, rng)
		}
		if e, ok := x.(*hclsyntax.ScopeTraversalExpr); ok && !c.ev.sources.isCut(e.Range()) && !slices.ContainsFunc(dead, e.Range().Overlaps) {
			add(e.Traversal)
		}
	})
	body, ok := n.(*hclsyntax.Body)
	if !ok || body.Attributes["depends_on"] == nil || c.ev.sources.isCut(body.Attributes["depends_on"].NameRange) {
		return out
	}
	list, _ := hcl.ExprList(body.Attributes["depends_on"].Expr)
	for _, x := range list {
		if x, ok := x.(hclsyntax.Expression); ok && !c.ev.sources.isCut(x.Range()) {
			if ref, ok := traversal(x); ok {
				add(ref)
				out.First = append(out.First, first(ref))
			}
		}
	}
	return out
}

// first returns what a member of depends_on names.
func first(ref hcl.Traversal) string {
	addr, _ := template.ObjectAddress(ref)
	return strings.TrimSuffix(addr, ".")
}

// ruledOut returns the part of an expression or block that the chosen options
// leave no use for.
func (c *component) ruledOut(n hclsyntax.Node) (hcl.Range, bool) {
	switch x := n.(type) {
	case *hclsyntax.ConditionalExpr:
		if b, ok := knownBool(c.ev.eval(x.Condition, nil)); ok && b {
			return x.FalseResult.Range(), true
		} else if ok {
			return x.TrueResult.Range(), true
		}
	case *hclsyntax.BinaryOpExpr:
		if x.Op != hclsyntax.OpLogicalAnd && x.Op != hclsyntax.OpLogicalOr {
			break
		}
		if b, ok := knownBool(c.ev.eval(x.LHS, nil)); ok && b == (x.Op == hclsyntax.OpLogicalOr) {
			return x.RHS.Range(), true
		}
	case *hclsyntax.Block:
		if each := x.Body.Attributes["for_each"]; x.Type == "dynamic" && each != nil {
			if elems, ok := c.ev.eval(each.Expr, nil).elements(); ok && len(elems) == 0 {
				return hcl.RangeBetween(x.OpenBraceRange, x.CloseBraceRange), true
			}
		}
	}
	return hcl.Range{}, false
}
