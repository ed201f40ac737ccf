package specialise

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/template"
)

// requirements reads the terraform blocks of a template.
func (c *component) requirements(out *Component) {
	for _, f := range c.in.Template.Files {
		for _, b := range f.Body.Blocks {
			if b.Type != "terraform" || c.ev.sources.isCut(b.TypeRange) {
				continue
			}
			if a := b.Body.Attributes["required_version"]; a != nil {
				out.Terraform = append(out.Terraform, Requirement{Version: text(a.Expr), Note: c.note(a.SrcRange), Range: a.SrcRange})
			}
			for _, n := range b.Body.Blocks {
				if n.Type != "required_providers" {
					continue
				}
				for _, a := range template.SortedAttributes(n.Body) {
					if !c.ev.sources.isCut(a.NameRange) {
						out.Providers = append(out.Providers, c.provider(a)...)
					}
				}
			}
		}
	}
}

// provider reads an entry of required_providers. It may hold several versions,
// each with the condition under which it is needed: all that are left count.
func (c *component) provider(a *hclsyntax.Attribute) []Requirement {
	req := Requirement{Name: a.Name, Range: a.SrcRange}
	obj, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		req.Version = text(a.Expr)
		return []Requirement{req}
	}
	var versions []Requirement
	for _, it := range obj.Items {
		if c.ev.sources.isCut(it.KeyExpr.Range()) {
			continue
		}
		switch hcl.ExprAsKeyword(it.KeyExpr) {
		case "source":
			req.Source = text(it.ValueExpr)
		case "version":
			rng := hcl.RangeBetween(it.KeyExpr.Range(), it.ValueExpr.Range())
			versions = append(versions, Requirement{Name: a.Name, Version: text(it.ValueExpr), Note: c.note(rng), Range: rng})
		case "configuration_aliases":
			list, _ := hcl.ExprList(it.ValueExpr)
			for _, x := range list {
				req.Aliases = append(req.Aliases, c.ev.sources.text(x.Range()))
			}
		}
	}
	if len(versions) == 0 {
		return []Requirement{req}
	}
	for i := range versions {
		versions[i].Source = req.Source
	}
	versions[0].Aliases = req.Aliases
	return versions
}

// note returns the words of the comment behind an item on its line.
func (c *component) note(rng hcl.Range) string {
	src := c.ev.sources[rng.Filename]
	if src == nil {
		return ""
	}
	_, after, _ := strings.Cut(string(src.src[rng.End.Byte:template.LineEnd(src.src, rng.End.Byte)]), "#")
	return strings.TrimSpace(after)
}

func text(e hclsyntax.Expression) string {
	v, diags := budget.Constant(e)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}
