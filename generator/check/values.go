package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/template"
)

// values checks what profiles and the example give to variables of the module.
func (c *checker) values() {
	decls := c.moduleVariables()
	for _, p := range c.bp.Profiles {
		c.given(p.Values, decls)
	}
	offered := c.variablesOf(slices.DeleteFunc(slices.Clone(c.bp.Components), c.takenAway))
	if c.bp.Example == nil {
		c.noExample(offered)
		return
	}
	c.given(c.bp.Example.Values, decls)
	for _, name := range slices.Sorted(maps.Keys(offered)) {
		missing := !slices.ContainsFunc(c.bp.Example.Values, func(v blueprint.ProfileValue) bool { return v.Name == name })
		if missing && slices.ContainsFunc(offered[name], func(v *template.Variable) bool { return required(v) && c.read(name, v) }) {
			c.errorf(c.bp.Example.Range, "Missing example value",
				"The rendered module requires the variable %q, but the example of the blueprint has no value for it. Add one to its values, or give the variable a default.%s", name, c.orLink(name))
		}
	}
}

// orLink says which component may set a variable of the module instead of its users.
func (c *checker) orLink(name string) string {
	for _, comp := range c.bp.Components {
		for _, e := range c.exposed(comp) {
			if e.Name == name {
				return fmt.Sprintf(" If a component or an option has the value, set %s in \"with\" of the component %q.", e.Variable.Name, comp.Name)
			}
		}
	}
	return ""
}

// noExample reports that a blueprint has no example although its module requires
// variables: the shipped tests and the usage in the module's README take their
// values from it.
func (c *checker) noExample(decls map[string][]*template.Variable) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(decls)) {
		if slices.ContainsFunc(decls[name], func(v *template.Variable) bool { return required(v) && c.read(name, v) }) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		c.errorf(c.bp.Range, "Missing example", "The rendered module requires %s, but the blueprint has no block \"example\" with values for them. Without it the shipped tests fail, and the usage section in the module's README is incomplete. Add: example { values = { %s = ... } }.",
			diag.Quoted(names, "and"), strings.Join(names, " = ..., "))
	}
}

// moduleVariables returns the variables that the module may have, by name. Two
// components that are never there together may expose one name.
func (c *checker) moduleVariables() map[string][]*template.Variable {
	return c.variablesOf(c.bp.Components)
}

// variablesOf returns the shared variables, and what some components leave open.
func (c *checker) variablesOf(components []*blueprint.Component) map[string][]*template.Variable {
	out := map[string][]*template.Variable{}
	for name, v := range c.shared {
		out[name] = append(out[name], v)
	}
	for _, comp := range components {
		for _, e := range c.exposed(comp) {
			out[e.Name] = append(out[e.Name], e.Variable)
		}
	}
	return out
}

// given checks values by name, type and the variable's own validations.
func (c *checker) given(values []blueprint.ProfileValue, decls map[string][]*template.Variable) {
	for _, v := range values {
		for _, ref := range v.Expr.Variables() {
			if ref.RootName() != "option" {
				c.errorf(ref.SourceRange(), "Value is unknown", "The value of %q must be known when the module is rendered. It may use only option.<name>, not %q.", v.Name, ref.RootName())
			}
		}
		candidates := decls[v.Name]
		if len(candidates) == 0 {
			c.errorf(v.Range, "Unknown variable", "The rendered module has no variable %q with any combination of options. %s", v.Name, diag.DidYouMean(v.Name, slices.Collect(maps.Keys(decls))))
			continue
		}
		c.space.points([]hclsyntax.Expression{v.Expr}, func(p point) bool {
			spend, end := c.spend()
			val, diags := spend.Evaluate(v.Expr, resolve.Scope(c.choices(p)))
			end()
			if diags.HasErrors() {
				// References are reported above, with better words.
				if len(v.Expr.Variables()) == 0 {
					c.diags = append(c.diags, diags...)
				}
				return false
			}
			for _, decl := range candidates {
				if d := c.fits(v, val, decl); d != nil {
					c.diags = append(c.diags, d)
					return false
				}
			}
			return true
		})
	}
}

// fits converts a value to the variable's type and checks it.
func (c *checker) fits(given blueprint.ProfileValue, val cty.Value, decl *template.Variable) *hcl.Diagnostic {
	val, _ = val.UnmarkDeep()
	if !val.IsWhollyKnown() {
		return nil
	}
	conv, err := decl.Convert(val)
	if err != nil {
		return diag.Error(given.Expr.Range(), "Wrong type for a variable", "The variable %q must have type %s: %s. It is declared at %s.", given.Name, decl.Type.FriendlyNameForConstraint(), err, decl.Block.DefRange())
	}
	for _, b := range decl.Block.Body.Blocks {
		cond, msg := b.Body.Attributes["condition"], b.Body.Attributes["error_message"]
		if b.Type != "validation" || cond == nil || guarded(decl.File, b) || !onlyItself(cond.Expr, decl.Name) {
			continue
		}
		ctx := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{decl.Name: conv})}, Functions: functions.Table()}
		spend, end := c.spend()
		ok, diags := spend.Evaluate(cond.Expr, ctx)
		end()
		if diags.HasErrors() {
			continue
		}
		if ok, err = convert.Convert(ok, cty.Bool); err != nil || ok.IsNull() || !ok.IsKnown() || ok.True() {
			continue
		}
		text := "The condition at " + cond.Expr.Range().String() + " is false."
		if msg != nil {
			if m, d := spend.Evaluate(msg.Expr, ctx); !d.HasErrors() && m.Type() == cty.String && m.IsKnown() && !m.IsNull() {
				text = m.AsString()
			}
		}
		return diag.Error(given.Expr.Range(), "Value not allowed", "The variable %q does not allow this value: %s", given.Name, text)
	}
	return nil
}

// onlyItself says whether a condition is over the one variable alone.
func onlyItself(x hclsyntax.Expression, name string) bool {
	return !slices.ContainsFunc(x.Variables(), func(ref hcl.Traversal) bool { return ref.RootName() != "var" || blueprint.Step(ref, 1) != name })
}

// guarded says whether a directive may cut a block out.
func guarded(f *template.File, b *hclsyntax.Block) bool {
	return f != nil && slices.ContainsFunc(f.Directives, func(d template.Directive) bool {
		return d.Item.Start <= b.TypeRange.Start.Byte && b.TypeRange.Start.Byte < d.Item.End
	})
}
