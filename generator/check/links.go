package check

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/template"
)

// links checks that everything the blueprint refers to is there, also in
// components and branches that the defaults leave out.
func (c *checker) links() {
	for _, comp := range c.bp.Components {
		t := c.templates[comp]
		c.overOptions(comp.When, "component")
		c.onlyOptions(comp.Region, "Region uses more than options", "The region of a component is chosen before components are linked.")
		for _, a := range comp.With {
			if t != nil && t.Variable(a.Name) == nil {
				c.errorf(a.NameRange, "Unknown variable", "The template %q has no variable %q. %s", t.Name, a.Name, diag.DidYouMean(a.Name, t.VariableNames()))
			}
			c.references(a.Expr)
		}
		if t == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(comp.Expose)) {
			if t.Variable(name) == nil {
				c.errorf(comp.Range, "Unknown variable", "\"expose\" names the variable %q, which the template %q does not have. %s", name, t.Name, diag.DidYouMean(name, t.VariableNames()))
			}
		}
	}
	for _, o := range c.bp.Outputs {
		c.overOptions(o.When, "output")
		c.references(o.Value)
	}
	for _, d := range c.bp.Deviations {
		c.overOptions(d.When, "deviation")
	}
	c.diags = append(c.diags, deviation.Doubles(c.departs)...)
	for _, v := range c.space.validations {
		c.overOptions(v.Condition, "validation")
	}
}

// overOptions checks the references of a condition that is decided before
// anything is linked.
func (c *checker) overOptions(x hclsyntax.Expression, what string) {
	c.onlyOptions(x, "Condition uses more than options", "The condition of a "+what+" is evaluated before components are linked.")
}

// onlyOptions checks the references of an expression that nothing but options may
// decide, for the given reason.
func (c *checker) onlyOptions(x hclsyntax.Expression, summary, reason string) {
	if x == nil {
		return
	}
	for _, ref := range x.Variables() {
		if ref.RootName() == "option" {
			c.optionReference(ref)
			continue
		}
		c.errorf(ref.SourceRange(), summary, "%s It may use only option.<name>, not %q.", reason, ref.RootName())
	}
}

// references checks the references of an expression that is linked.
func (c *checker) references(x hclsyntax.Expression) {
	for _, ref := range x.Variables() {
		name := blueprint.Step(ref, 1)
		switch ref.RootName() {
		case "option":
			c.optionReference(ref)
		case "var":
			if c.shared[name] == nil {
				c.errorf(ref.SourceRange(), "Unknown variable", "The blueprint declares no variable %q. %s", name, diag.DidYouMean(name, slices.Collect(maps.Keys(c.shared))))
			}
		case "component":
			c.componentReference(ref)
		default:
			c.errorf(ref.SourceRange(), "Unknown reference", "A blueprint can refer to option.<name>, var.<name> and component.<name>.<output>, but not to %q.", ref.RootName())
		}
	}
}

func (c *checker) optionReference(ref hcl.Traversal) {
	if name := blueprint.Step(ref, 1); c.option(name) == nil {
		c.errorf(ref.SourceRange(), "Unknown option", "The blueprint has no option %q. %s", name, diag.DidYouMean(name, c.optionNames()))
	}
}

func (c *checker) componentReference(ref hcl.Traversal) {
	name, output := blueprint.Step(ref, 1), blueprint.Step(ref, 2)
	comps := c.bp.Alternatives(name)
	var have []*template.Template
	var outputs []string
	for _, comp := range comps {
		if t := c.templates[comp]; t != nil {
			have, outputs = append(have, t), append(outputs, t.OutputNames()...)
		}
	}
	switch {
	case len(comps) == 0:
		c.errorf(ref.SourceRange(), "Unknown component", "The blueprint has no component %q. %s", name, diag.DidYouMean(name, c.componentNames()))
	case output == "":
		c.errorf(ref.SourceRange(), "Component without an output", "Name one of its outputs: component.%s.<output>.", name)
	case len(have) == len(comps) && !slices.Contains(outputs, output):
		// Where one of several templates has it, the others are looked at where the
		// link is reached.
		c.errorf(ref.SourceRange(), "Unknown output", "The template %q of the component %q has no output %q. %s", have[0].Name, name, output, diag.DidYouMean(output, outputs))
	}
}

// unused warns about what is declared and never read, and about components that
// no combination of options has.
func (c *checker) unused() {
	var reads []hclsyntax.Expression // what shapes the module
	for _, comp := range c.bp.Components {
		reads = append(reads, comp.When, comp.Region)
		for _, a := range comp.With {
			reads = append(reads, a.Expr)
		}
	}
	for _, o := range c.bp.Outputs {
		reads = append(reads, o.When, o.Value)
	}
	used := optionsOf(append(reads, ofVariables(c.bp)...)...)
	for _, o := range c.bp.Options {
		// The generator itself reads the options that every blueprint has.
		if slices.Contains(used, o.Name) || slices.ContainsFunc(resolve.BuiltIn(), func(b *blueprint.Option) bool { return b.Name == o.Name }) {
			continue
		}
		c.warnf(o.Range, "Option has no effect", "No component or output reads the option %q, so it changes nothing. Use it or remove it.", o.Name)
	}
	for _, v := range c.bp.Variables {
		if !slices.ContainsFunc(reads, func(x hclsyntax.Expression) bool { return refersTo(x, v.Name) }) {
			c.warnf(v.Range, "Unused variable", "No component or output uses the variable %q, so it is left out of the rendered module. Use it or remove it.", v.Name)
		}
	}
	for _, comp := range c.bp.Components {
		if comp.When == nil || c.takenAway(comp) {
			continue
		}
		active := false
		c.space.points([]hclsyntax.Expression{comp.When}, func(p point) bool {
			active = c.possible(comp.When, p)
			return !active
		})
		if !active {
			c.warnf(comp.When.Range(), "Component is never used", "The condition \"when\" of the component %q is false for every combination of options that the validations allow. Correct it, or remove the component.", comp.Name)
		}
	}
}

// ofVariables returns the expressions of the blueprint's own variables.
func ofVariables(bp *blueprint.Blueprint) []hclsyntax.Expression {
	var out []hclsyntax.Expression
	for _, v := range bp.Variables {
		for _, b := range append(hclsyntax.Blocks{v.Block}, v.Block.Body.Blocks...) {
			for _, a := range b.Body.Attributes {
				out = append(out, a.Expr)
			}
		}
	}
	return out
}

// refersTo says whether x refers to the variable.
func refersTo(x hclsyntax.Expression, name string) bool {
	return x != nil && slices.ContainsFunc(x.Variables(), func(ref hcl.Traversal) bool { return ref.RootName() == "var" && blueprint.Step(ref, 1) == name })
}
