package link

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// Defaulted returns the variables that a component does not name in with and that
// take their default when the module is rendered, because a directive of the
// template looks at them. They are no variables of the module.
func Defaulted(c *blueprint.Component, t *template.Template) []*template.Variable {
	var out []*template.Variable
	for _, v := range undecided(c, t) {
		if v.Default != cty.NilVal {
			out = append(out, v)
		}
	}
	return out
}

// An Exposure is a variable of a template under its name in the module.
type Exposure struct {
	Name     string
	Variable *template.Variable
}

// Exposed returns the variables of a template that a component leaves open, whatever
// is chosen: they are variables of the module.
func Exposed(c *blueprint.Component, t *template.Template) []Exposure {
	var out []Exposure
	for _, v := range t.Variables {
		if t.Decides(v.Name) || slices.ContainsFunc(c.With, func(a blueprint.Argument) bool { return a.Name == v.Name }) {
			continue
		}
		name := c.Name + "_" + v.Name
		if n, ok := c.Expose[v.Name]; ok {
			name = n
		}
		out = append(out, Exposure{name, v})
	}
	return out
}

// undecided returns the variables that directives of the template look at and
// that the component does not name in with.
func undecided(c *blueprint.Component, t *template.Template) []*template.Variable {
	var out []*template.Variable
	for _, name := range t.Deciding() {
		if !slices.ContainsFunc(c.With, func(a blueprint.Argument) bool { return a.Name == name }) {
			out = append(out, t.Variable(name))
		}
	}
	return out
}

// decide gives the variables that directives look at their defaults where the
// component says nothing of them, and reports those that stay open: all of them at
// once, at the component, for the lines that they decide are inside of a template
// that its user need not know.
func (l *linker) decide(p *part, bound map[string]specialise.Result) {
	var missing []*template.Variable
	for _, v := range undecided(p.Component, p.tmpl) {
		if v.Default == cty.NilVal {
			missing = append(missing, v)
			continue
		}
		r, diags := specialise.Bind(v, specialise.Constant(v.Default), v.Block.DefRange())
		l.diags = append(l.diags, diags...)
		bound[v.Name] = r
	}
	if len(missing) > 0 {
		l.diags = append(l.diags, diag.Error(p.Range, "Missing variables", "%s", lacking(p.tmpl, missing)))
	}
}

// lacking says which variables a component must be given.
func lacking(t *template.Template, missing []*template.Variable) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Directives of the template %q leave parts of it out, depending on these variables. They have no default, so set each of them to a constant or an option in \"with\":\n", t.Name)
	for _, v := range missing {
		fmt.Fprintf(&b, "\n  %s  %s", v.Name, typeOf(v))
		if text := strings.Join(strings.Fields(v.Description), " "); text != "" {
			b.WriteString("\n      " + text)
		}
	}
	fmt.Fprintf(&b, "\n\nFor example: with = { %s = option.%s }. \"bpgen template show %s\" lists all variables of the template.", missing[0].Name, missing[0].Name, t.Name)
	return b.String()
}

// spaced writes a type as people do.
var spaced = strings.NewReplacer("({", "({ ", "})", " })", "=", " = ", ",", ", ")

// typeOf is the type of a variable, on one line.
func typeOf(v *template.Variable) string {
	if v.Type == cty.DynamicPseudoType {
		return "any"
	}
	return spaced.Replace(typeexpr.TypeString(v.Type.WithoutOptionalAttributesDeep()))
}

// open reports the variables that directives look at but that are bound to what
// only the plan knows, and says whether there is any.
func (l *linker) open(p *part) bool {
	var names []string
	for _, a := range p.With {
		if r, ok := p.input.Bound[a.Name]; ok && r.Err == nil && !r.Known() && p.tmpl.Decides(a.Name) {
			names = append(names, a.Name)
		}
	}
	if len(names) == 0 {
		return false
	}
	n, first := 0, hcl.Range{}
	for _, f := range p.tmpl.Guarded() {
		for _, d := range f.Directives {
			if r := specialise.Evaluate(p.input, d.Cond, f.Path, f.Src); r.Err != nil {
				continue // reported where it is evaluated
			} else if _, ok := r.Bool(); !ok {
				if n++; n == 1 {
					first = d.Cond.Range()
				}
			}
		}
	}
	if n == 0 {
		return false // other variables decide
	}
	l.errorf(p.Range, "Directive condition is unknown", "The template %q has directives, the first at %s, that depend on %s. The component sets them to values that are unknown at render time. Use constants or options in \"with\".",
		p.tmpl.Name, first, diag.Quoted(names, "and"))
	return true
}
