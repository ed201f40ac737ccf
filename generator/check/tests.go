package check

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/foretell"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// foretold returns what is wrong with the shipped tests of a rendered module.
func (c *checker) foretold(spend *budget.Budget, res generator.Result) hcl.Diagnostics {
	provider, ok := schema.For(generator.VetOptions(res.Choices).Major)
	if !ok || res.Module == nil || len(res.Module.Tests) == 0 {
		return nil
	}
	files := map[string]*hcl.File{}
	for _, f := range res.Files.Files() {
		if parsed := res.Sources[f.Path]; parsed != nil && parsed.Body != nil {
			files[f.Path] = parsed
		}
	}
	var diags hcl.Diagnostics
	for _, f := range foretell.New(files, provider, spend).Failures() {
		diags = append(diags, c.failure(f))
	}
	return diags
}

// failure says of an assertion that fails where it is in its template, and why.
func (c *checker) failure(f foretell.Failure) *hcl.Diagnostic {
	comp, run := c.runOf(f.Run)
	if run == nil {
		return cannotHold(f.Range, f, "")
	}
	given := c.givenElsewhere(comp, run)
	for _, a := range run.Body.Blocks {
		condition, said := a.Body.Attributes["condition"], a.Body.Attributes["error_message"]
		if a.Type != "assert" || condition == nil || said == nil {
			continue
		}
		if v, diags := budget.Constant(said.Expr); f.Message == "" || diags.HasErrors() || v.Type() == cty.String && !v.IsNull() && v.AsString() == f.Message {
			return cannotHold(condition.Expr.Range(), f, instead(comp, given, c.templates[comp], failing(condition.Expr, f)))
		}
	}
	return cannotHold(run.DefRange(), f, "")
}

func cannotHold(rng hcl.Range, f foretell.Failure, mend string) *hcl.Diagnostic {
	if f.Unknown {
		return diag.Warning(rng, "Assertion that is unknown at plan", "The shipped test %q only plans, and this assertion rests on what is known after the apply: %s. Terraform refuses it (\"Unknown condition value\"). Write command = apply in the run, or assert what the plan knows: an argument, or what a data source is mocked with.", f.Run, f.Because)
	}
	because := ""
	if f.Because != "" {
		because = " " + f.Because
	}
	if mend == "" {
		mend = " Shipped tests use the values of the blueprint's example and the mocks of all templates; refer to variables instead of constants."
	}
	return diag.Error(rng, "Assertion that cannot hold", "The shipped test %q fails on this assertion.%s%s", f.Run, because, mend)
}

// failing returns the part of a template's condition that fails in the module, the
// whole of it where the two do not have the same parts.
func failing(condition hclsyntax.Expression, f foretell.Failure) hclsyntax.Expression {
	if parts := foretell.Conjuncts(condition); len(parts) == f.Parts {
		return parts[f.Part]
	}
	return condition
}

// instead says what to compare with instead of what a test sets in vain, as far as
// the condition rests on it.
func instead(comp *blueprint.Component, given map[string]bool, t *template.Template, condition hclsyntax.Expression) string {
	var names []string
	for name := range restsOn(t, condition) {
		if given[name] {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return fmt.Sprintf(" It rests on %s, which the component %q sets, so what the test sets is not used. Compare with var.%s instead of a constant: it follows the link.", diag.Quoted(names, "and"), comp.Name, names[0])
}

// restsOn returns the variables that an expression refers to, directly, through
// local values and through arguments of what it refers to.
func restsOn(t *template.Template, x hclsyntax.Expression) map[string]bool {
	out, seen := map[string]bool{}, map[hclsyntax.Node]bool{}
	var follow func(n hclsyntax.Node)
	follow = func(n hclsyntax.Node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, ref := range lang.Traversals(n, nil) {
			name := lang.FirstStep(ref, 1)
			if addr, steps := template.ObjectAddress(ref); t.Objects[addr] != nil {
				for _, inner := range readBy(t.Objects[addr].Block.Body, ref[steps:]) {
					follow(inner)
				}
			} else if ref.RootName() == "local" && t.Locals[name] != nil {
				follow(t.Locals[name].Attr.Expr)
			} else if ref.RootName() == "var" {
				out[name] = true
			}
		}
	}
	follow(x)
	return out
}

// readBy returns the parts of a block that the rest of a reference to it may read.
func readBy(body *hclsyntax.Body, rest hcl.Traversal) []hclsyntax.Node {
	for i := range rest {
		name, ok := lang.Step(rest, i)
		if !ok {
			continue
		}
		var out []hclsyntax.Node
		if a := body.Attributes[name]; a != nil {
			out = append(out, a.Expr)
		}
		for _, b := range body.Blocks {
			if b.Type == name {
				out = append(out, b.Body)
			}
		}
		return out
	}
	return []hclsyntax.Node{body}
}

// runOf returns the run of a template that is shipped under a name, and the
// component that it is shipped for.
func (c *checker) runOf(name string) (*blueprint.Component, *hclsyntax.Block) {
	for _, comp := range c.bp.Components {
		t := c.templates[comp]
		if t == nil || comp.Foreign {
			continue
		}
		for _, run := range runs(t) {
			if shippedAs(comp, run) == name {
				return comp, run
			}
		}
	}
	return nil, nil
}

// shippedAs returns the name of a run in the modules that have the component.
func shippedAs(comp *blueprint.Component, run *hclsyntax.Block) string {
	return specialise.Prefixed(comp.Name, nil, run.Labels[0])
}

// runs returns the runs of a template's tests.
func runs(t *template.Template) []*hclsyntax.Block {
	var out []*hclsyntax.Block
	for _, f := range t.Tests {
		for _, b := range f.Body.Blocks {
			if b.Type == "run" && len(b.Labels) == 1 {
				out = append(out, b)
			}
		}
	}
	return out
}

// givenElsewhere returns the variables that a test sets, for a run or for all of its
// file, although the component gives them what a test cannot change.
func (c *checker) givenElsewhere(comp *blueprint.Component, run *hclsyntax.Block) map[string]bool {
	out := map[string]bool{}
	add := func(b *hclsyntax.Block) {
		for name := range b.Body.Attributes {
			for _, a := range comp.With {
				if a.Name == name && !isShared(a.Expr) {
					out[name] = true
				}
			}
		}
	}
	for _, f := range c.templates[comp].Tests {
		if f.Path != run.TypeRange.Filename {
			continue
		}
		for _, b := range f.Body.Blocks {
			if b.Type == "variables" {
				add(b)
			}
		}
	}
	for _, b := range run.Body.Blocks {
		if b.Type == "variables" {
			add(b)
		}
	}
	return out
}

// isShared says whether an expression is a variable of the module and nothing else.
func isShared(x hclsyntax.Expression) bool {
	for in, ok := x.(*hclsyntax.ParenthesesExpr); ok; in, ok = x.(*hclsyntax.ParenthesesExpr) {
		x = in.Expression
	}
	ref, diags := hcl.AbsTraversalForExpr(x)
	return !diags.HasErrors() && ref.RootName() == "var" && len(ref) == 2
}
