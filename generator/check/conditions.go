package check

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// conditions looks for combinations of options under which a condition cannot
// be decided, a value cannot be evaluated or does not fit, or a link leads to a
// component that is left out. What it suspects is rendered, and the render has
// the last word.
func (c *checker) conditions(ctx context.Context) {
	for i, comp := range c.bp.Components {
		c.progress(i, len(c.bp.Components), "components")
		c.decided(comp.When)
		if comp.Region != nil {
			c.evaluated(comp.When, comp.Region, nil)
		}
		for _, a := range comp.With {
			c.evaluated(comp.When, a.Expr, c.templates[comp].Variable(a.Name))
		}
		c.alone(comp)
		c.directives(comp)
		c.components(ctx, comp)
	}
	for _, o := range c.bp.Outputs {
		c.decided(o.When)
		c.evaluated(o.When, o.Value, nil)
	}
	for _, d := range c.bp.Deviations {
		c.decided(d.When)
	}
}

// alone suspects combinations under which a component would have two templates.
func (c *checker) alone(comp *blueprint.Component) {
	for _, other := range c.bp.Alternatives(comp.Name) {
		if other == comp {
			return // each pair once
		}
		if other.When == nil || comp.When == nil {
			continue // reported where it is written
		}
		c.space.points([]hclsyntax.Expression{other.When, comp.When}, func(p point) bool {
			a, _ := c.result(other.When, p, nil).Bool()
			b, _ := c.result(comp.When, p, nil).Bool()
			if a && b {
				c.suspects = append(c.suspects, maps.Clone(p))
			}
			return !a || !b
		})
	}
}

// decided suspects combinations that leave a condition open.
func (c *checker) decided(x hclsyntax.Expression) {
	if x == nil {
		return
	}
	c.space.points([]hclsyntax.Expression{x}, func(p point) bool {
		r := c.result(x, p, nil)
		if _, ok := r.Bool(); ok || c.open(p, x) {
			return true
		}
		c.suspects = append(c.suspects, maps.Clone(p))
		return false
	})
}

// open says whether a point leaves an option undecided that an expression looks
// at: then nothing is wrong with the expression.
func (c *checker) open(p point, exprs ...hclsyntax.Expression) bool {
	return slices.ContainsFunc(optionsOf(exprs...), func(name string) bool { _, ok := p[name]; return !ok })
}

// evaluated suspects combinations under which a value fails, one for every place
// that fails.
func (c *checker) evaluated(when, x hclsyntax.Expression, v *template.Variable) {
	exprs := []hclsyntax.Expression{when, x}
	for _, ref := range x.Variables() {
		if ref.RootName() == "component" {
			for _, comp := range c.bp.Alternatives(blueprint.Step(ref, 1)) {
				exprs = append(exprs, comp.When)
			}
		}
	}
	seen := map[int]bool{}
	c.space.points(exprs, func(p point) bool {
		if !c.possible(when, p) {
			return true
		}
		r := c.result(x, p, c.placeholder(p))
		at := -1
		switch {
		case r.Err != nil && r.Err.Subject != nil:
			at = r.Err.Subject.Start.Byte
		case r.Err != nil:
			at = 0
		case v != nil:
			if _, diags := specialise.Bind(v, r, x.Range()); diags.HasErrors() {
				at = x.Range().Start.Byte
			}
		}
		if at >= 0 && !seen[at] {
			seen[at] = true
			c.suspects = append(c.suspects, maps.Clone(p))
		}
		return true
	})
}

// maxSpecials bounds how many differently specialised components are looked at
// for one component of the blueprint.
const maxSpecials = 200

// components suspects combinations under which a template cannot be specialised,
// one for every place that fails. It looks at all that a template may be given,
// where a covering set of the whole blueprint holds pairs alone.
func (c *checker) components(ctx context.Context, comp *blueprint.Component) {
	seen := map[string]bool{}
	before := len(c.special)
	c.space.points(append([]hclsyntax.Expression{comp.When}, arguments(comp)...), func(p point) bool {
		if !c.possible(comp.When, p) {
			return true
		}
		for _, d := range c.specialised(comp, p).diags {
			if d.Severity != hcl.DiagError {
				continue
			}
			if at := fmt.Sprint(d.Summary, d.Subject); !seen[at] {
				seen[at] = true
				c.suspects = append(c.suspects, maps.Clone(p))
			}
		}
		return len(c.special)-before < 2*maxSpecials && ctx.Err() == nil
	})
}

// directives suspects combinations that leave open what the component's template
// decides when it is rendered: directives, and the conditions of deviations.
func (c *checker) directives(comp *blueprint.Component) {
	for _, f := range c.templates[comp].Guarded() {
		for _, d := range f.Directives {
			c.directive(comp, d.Cond, f.Path, f.Src)
		}
	}
	for _, d := range c.templates[comp].Deviations {
		if d.When != nil {
			c.directive(comp, d.When, d.Range.Filename, c.templates[comp].Sources[d.Range.Filename].Bytes)
		}
	}
}

// defaulted binds what the directives of a template take by default.
func (c *checker) defaulted(comp *blueprint.Component, in specialise.Input) {
	for _, v := range link.Defaulted(comp, in.Template) {
		if r, diags := specialise.Bind(v, specialise.Constant(v.Default), v.Block.DefRange()); !diags.HasErrors() {
			in.Bound[v.Name] = r
		}
	}
}

func (c *checker) directive(comp *blueprint.Component, cond hclsyntax.Expression, file string, src []byte) {
	exprs := []hclsyntax.Expression{comp.When}
	for _, a := range comp.With {
		if refersTo(cond, a.Name) {
			exprs = append(exprs, a.Expr)
		}
	}
	c.space.points(exprs, func(p point) bool {
		if !c.possible(comp.When, p) || c.open(p, exprs...) {
			return true
		}
		in := specialise.Input{Template: c.templates[comp], Name: comp.Name, Prefix: comp.Prefix, Bound: map[string]specialise.Result{}, Exposed: map[string]string{}}
		for _, a := range comp.With {
			v := in.Template.Variable(a.Name)
			if v == nil || !refersTo(cond, a.Name) {
				continue
			}
			r := c.result(a.Expr, p, c.placeholder(p))
			var diags hcl.Diagnostics
			if r.Err == nil {
				r, diags = specialise.Bind(v, r, a.Expr.Range())
			}
			if r.Err != nil || diags.HasErrors() {
				return true // reported where it is given
			}
			in.Bound[a.Name] = r
		}
		c.defaulted(comp, in)
		for _, e := range c.exposed(comp) {
			in.Exposed[e.Variable.Name] = e.Name
		}
		in.Funcs = c.space.funcs
		spend, end := c.spend()
		defer end()
		in.Budget = spend
		if _, ok := specialise.Evaluate(in, cond, file, src).Bool(); ok {
			return true
		}
		c.suspects = append(c.suspects, maps.Clone(p))
		return false
	})
}
