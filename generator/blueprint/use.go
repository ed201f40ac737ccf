package blueprint

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// uses adds a component for each template that it chooses among. What the component
// itself gives holds for all of them.
func (p *parser) uses(c *Component, blocks hclsyntax.Blocks) {
	seen := map[string]bool{}
	for _, b := range blocks {
		if b.Type != "use" {
			continue // reported
		}
		if len(b.Labels) != 1 {
			p.errorf(b.DefRange(), "Wrong number of labels", "A use block takes one label, the name of the template.")
			continue
		}
		a := p.arguments(b, "when", "with", "expose")
		one := *c
		one.Template, one.TemplateRange = b.Labels[0], b.LabelRanges[0]
		one.With, one.Expose = slices.Clone(c.With), maps.Clone(c.Expose)
		if seen[one.Template] {
			p.errorf(b.LabelRanges[0], "Duplicate declaration", "The component %q already uses the template %q. Remove one of the blocks, or combine their conditions.", c.Name, one.Template)
			continue
		}
		seen[one.Template] = true
		switch {
		case a["when"] != nil:
			one.When = both(c.When, a["when"].Expr)
		case len(blocks) > 1:
			p.errorf(b.DefRange(), "Missing argument", "The component %q chooses among templates, so each \"use\" block needs a condition: when = option.<name> == ...", c.Name)
		}
		p.bind(&one, a)
		p.bp.Components = append(p.bp.Components, &one)
	}
}

// both returns the condition that two conditions hold; a nil one always does.
func both(a, b hclsyntax.Expression) hclsyntax.Expression {
	if a == nil {
		return b
	}
	return &hclsyntax.BinaryOpExpr{LHS: a, Op: hclsyntax.OpLogicalAnd, RHS: b, SrcRange: b.Range()}
}
