package check

import (
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/template"
)

// neverThere reports variables that are declared or given values, and that no
// combination of options leaves in the module. What no render had may still be
// there for some combination that was not rendered, so reasoning has the last
// word.
func (c *checker) neverThere(outcomes []outcome) {
	there := func(name string) bool {
		return slices.ContainsFunc(outcomes, func(o outcome) bool { return o.vars[name] }) || c.mayBeThere(name)
	}
	for _, v := range c.bp.Variables {
		if !there(v.Name) {
			d := diag.Warning(v.Range, "Unused variable", "No combination of options uses the variable %q, so it is left out of every rendered module. Use it or remove it.", v.Name)
			if !said(c.diags, d) {
				c.diags = append(c.diags, d)
			}
		}
	}
	decls := c.moduleVariables()
	given := func(who string, values []blueprint.ProfileValue) {
		for _, v := range values {
			if len(decls[v.Name]) > 0 && !there(v.Name) {
				c.errorf(v.Range, "Unknown variable", "%s sets %q, but no combination of options uses that variable in the rendered module. Remove the value, or use the variable.", who, v.Name)
			}
		}
	}
	for _, p := range c.bp.Profiles {
		given("The profile \""+p.Name+"\"", p.Values)
	}
	if c.bp.Example != nil {
		given("The example", c.bp.Example.Values)
	}
}

// mayBeThere says whether some combination of options may leave a use of the
// variable.
func (c *checker) mayBeThere(name string) bool {
	if c.shared[name] != nil && c.passedOn(name) {
		return true
	}
	for _, comp := range c.bp.Components {
		if slices.ContainsFunc(c.exposed(comp), func(e link.Exposure) bool { return e.Name == name }) && c.keeps(comp, name) {
			return true
		}
	}
	return false
}

// passedOn says whether a shared variable may reach a component or an output.
func (c *checker) passedOn(name string) bool {
	use := regexp.MustCompile(`\bvar\.` + regexp.QuoteMeta(name) + `\b`)
	reaches := func(when, x hclsyntax.Expression) bool {
		if !refersTo(x, name) {
			return false
		}
		found := false
		c.space.points([]hclsyntax.Expression{when, x}, func(p point) bool {
			if c.possible(when, p) {
				r := c.result(x, p, c.placeholder(p))
				found = r.Err != nil || use.MatchString(r.Text())
			}
			return !found
		})
		return found
	}
	for _, comp := range c.bp.Components {
		if slices.ContainsFunc(comp.With, func(a blueprint.Argument) bool { return reaches(comp.When, a.Expr) }) {
			return true
		}
	}
	return slices.ContainsFunc(c.bp.Outputs, func(o *blueprint.Output) bool { return reaches(o.When, o.Value) })
}

// keeps says whether a component may keep a use of one of its own variables.
func (c *checker) keeps(comp *blueprint.Component, name string) bool {
	found := false
	c.space.points(append([]hclsyntax.Expression{comp.When}, arguments(comp)...), func(p point) bool {
		if c.possible(comp.When, p) {
			s := c.specialised(comp, p)
			found = !s.made || s.open || s.vars[name]
		}
		return !found
	})
	return found
}

// read says whether anything refers to a variable at all, so that it may come to
// stand in the module.
func (c *checker) read(name string, v *template.Variable) bool {
	refers := func(x hclsyntax.Expression) bool { return refersTo(x, name) }
	if c.shared[name] == v {
		for _, comp := range c.bp.Components {
			if slices.ContainsFunc(arguments(comp), refers) {
				return true
			}
		}
		return slices.ContainsFunc(c.bp.Outputs, func(o *blueprint.Output) bool { return refers(o.Value) })
	}
	for _, t := range c.distinct() {
		if !slices.Contains(t.Variables, v) {
			continue
		}
		for _, f := range t.Files {
			if slices.ContainsFunc(f.Body.Blocks, func(b *hclsyntax.Block) bool { return b != v.Block && bodyRefersTo(b.Body, v.Name) }) {
				return true
			}
		}
	}
	return false
}

func bodyRefersTo(body *hclsyntax.Body, name string) bool {
	for _, a := range body.Attributes {
		if refersTo(a.Expr, name) {
			return true
		}
	}
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return bodyRefersTo(b.Body, name) })
}
