// Package cidrplan works out which addresses a template gives to its subnets.
//
// It takes a template and values of its variables and evaluates the template's
// own expressions, as Terraform would: it knows no formula itself. What only the
// cloud knows stays unknown. It returns the ranges by subnet, or what the
// template's own validations and preconditions have against the values. It does
// not touch the operating system.
package cidrplan

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// subnet is the resource type whose ranges make up the plan, and block the
// argument that holds one.
const (
	subnet = "aws_subnet"
	block  = "cidr_block"
)

// most bounds the subnets of one resource.
const most = 1000

// A Plan holds the ranges of every subnet by its label in the template, in the
// order of the zones.
type Plan map[string][]string

// Of returns the plan that a template makes of values for its variables; a
// variable that is not given takes its default. The diagnostics point into the
// template, or nowhere when a value itself is wrong.
func Of(t *template.Template, given map[string]cty.Value) (Plan, hcl.Diagnostics) {
	e := &evaluation{vars: map[string]cty.Value{}, locals: map[string]hclsyntax.Expression{}, done: map[string]cty.Value{}, blocks: map[string]*hclsyntax.Block{}, funcs: functions.Table(), budget: budget.New(context.Background(), "the template")}
	e.variables(t, given)
	if e.diags.HasErrors() {
		return nil, e.diags
	}
	e.read(t)
	if e.diags.HasErrors() {
		return nil, e.diags
	}
	plan := Plan{}
	for _, address := range slices.Sorted(maps.Keys(e.blocks)) {
		if b := e.blocks[address]; b.Labels[0] == subnet {
			plan[b.Labels[1]] = e.ranges(address, b)
		}
	}
	e.preconditions()
	if e.diags.HasErrors() {
		return nil, e.diags
	}
	return plan, e.diags
}

// An evaluation is one template with values.
type evaluation struct {
	vars   map[string]cty.Value
	locals map[string]hclsyntax.Expression
	done   map[string]cty.Value        // locals evaluated so far
	blocks map[string]*hclsyntax.Block // resources by address
	asked  []string                    // addresses of resources whose arguments were asked for
	funcs  map[string]function.Function
	budget *budget.Budget
	diags  hcl.Diagnostics
}

// variables converts the values and holds them against the validations.
func (e *evaluation) variables(t *template.Template, given map[string]cty.Value) {
	var names []string
	for _, v := range t.Variables {
		names = append(names, v.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(names, name) {
			e.errorf(hcl.Range{}, "Unknown variable", "The template %q has no variable %q. %s", t.Name, name, diag.DidYouMean(name, names))
		}
	}
	for _, v := range t.Variables {
		value, ok := given[v.Name]
		switch {
		case ok:
			c, err := v.Convert(value)
			if err != nil {
				e.errorf(hcl.Range{}, "Not a valid value", "The variable %q of the template %q must have type %s: %s.", v.Name, t.Name, v.Type.FriendlyNameForConstraint(), err)
				continue
			}
			value = c
		case v.Default != cty.NilVal:
			value = v.Default
		default:
			value = cty.UnknownVal(v.Type)
		}
		e.vars[v.Name] = value
	}
	if e.diags.HasErrors() {
		return
	}
	for _, v := range t.Variables {
		for _, b := range v.Block.Body.Blocks {
			if b.Type == "validation" {
				e.hold(b)
			}
		}
	}
}

// read takes the locals and resources of the template without what directives
// cut out.
func (e *evaluation) read(t *template.Template) {
	bound := map[string]specialise.Result{}
	for name, v := range e.vars {
		if v.IsWhollyKnown() {
			bound[name] = specialise.Constant(v)
		}
	}
	in := specialise.Input{Template: t, Name: t.Name, Bound: bound, Funcs: e.funcs, Budget: e.budget}
	for _, f := range t.Files {
		text, diags := specialise.Cut(in, f)
		e.diags = append(e.diags, diags...)
		file, diags := guard.Parse([]byte(text), f.Path)
		e.diags = append(e.diags, diags...)
		body, ok := file.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, b := range body.Blocks {
			switch {
			case b.Type == "locals":
				for name, a := range b.Body.Attributes {
					e.locals[name] = a.Expr
				}
			case b.Type == "resource" && len(b.Labels) == 2:
				e.blocks[b.Labels[0]+"."+b.Labels[1]] = b
			}
		}
	}
}

// ranges returns the ranges of one subnet resource, one per instance.
func (e *evaluation) ranges(address string, b *hclsyntax.Block) []string {
	count := 1
	if a := b.Body.Attributes["count"]; a != nil {
		n, err := convert.Convert(e.eval(a.Expr, nil), cty.Number)
		if err != nil || !n.IsKnown() || n.IsNull() {
			e.errorf(a.SrcRange, "Number of subnets is unknown", "The number of subnets of %s cannot be determined from the variables alone.", address)
			return nil
		}
		many, _ := n.AsBigFloat().Int64()
		if many > most {
			e.errorf(a.SrcRange, "Too many subnets", "%s has %d subnets; a plan shows at most %d.", address, many, most)
			return nil
		}
		count = int(many)
	}
	a := b.Body.Attributes[block]
	if a == nil {
		return nil
	}
	var out []string
	for i := range count {
		index := cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(i))})
		before := len(e.diags)
		v, err := convert.Convert(e.eval(a.Expr, map[string]cty.Value{"count": index}), cty.String)
		switch {
		case len(e.diags) > before:
			return nil
		case err != nil || !v.IsKnown() || v.IsNull():
			e.errorf(a.SrcRange, "Range is unknown", "The range of %s cannot be determined from the variables alone.", address)
			return nil
		}
		out = append(out, v.AsString())
	}
	return out
}

// preconditions holds those of the resources that the plan rests on.
func (e *evaluation) preconditions() {
	for _, address := range e.asked {
		for _, life := range e.blocks[address].Body.Blocks {
			if life.Type != "lifecycle" {
				continue
			}
			for _, b := range life.Body.Blocks {
				if b.Type == "precondition" {
					e.hold(b)
				}
			}
		}
	}
}

// hold reports a condition that is false. One that fails itself fails because of
// what was reported already, and one that is unknown says nothing.
func (e *evaluation) hold(b *hclsyntax.Block) {
	condition, message := b.Body.Attributes["condition"], b.Body.Attributes["error_message"]
	if condition == nil || message == nil {
		return
	}
	before := len(e.diags)
	ok := e.eval(condition.Expr, nil)
	if len(e.diags) > before || !ok.IsKnown() || ok.IsNull() || ok.Type() != cty.Bool || ok.True() {
		return
	}
	text := "The condition is false."
	if m := e.eval(message.Expr, nil); m.Type() == cty.String && m.IsKnown() && !m.IsNull() {
		text = m.AsString()
	}
	e.errorf(condition.Expr.Range(), "Address ranges do not fit", "%s", text)
}

// eval evaluates an expression; extra holds names besides var, local and
// resources. Errors are appended, and the value is unknown then.
func (e *evaluation) eval(expr hclsyntax.Expression, extra map[string]cty.Value) cty.Value {
	scope := map[string]cty.Value{"var": cty.ObjectVal(e.vars)}
	maps.Copy(scope, extra)
	objects := map[string]map[string]map[string]cty.Value{} // type, label, argument
	locals := map[string]cty.Value{}
	for _, ref := range expr.Variables() {
		root := ref.RootName()
		if _, known := scope[root]; known {
			continue
		}
		first, second := step(ref, 1), step(ref, 2)
		switch {
		case root == "local":
			locals[first] = e.local(first, ref.SourceRange())
		case e.blocks[root+"."+first] != nil:
			if objects[root] == nil {
				objects[root] = map[string]map[string]cty.Value{}
			}
			if objects[root][first] == nil {
				objects[root][first] = map[string]cty.Value{}
			}
			objects[root][first][second] = e.argument(root+"."+first, second)
		default:
			scope[root] = cty.DynamicVal
		}
	}
	scope["local"] = cty.ObjectVal(locals)
	for typ, labels := range objects {
		of := map[string]cty.Value{}
		for label, arguments := range labels {
			of[label] = cty.ObjectVal(arguments)
		}
		scope[typ] = cty.ObjectVal(of)
	}
	v, diags := e.budget.Evaluate(expr, &hcl.EvalContext{Variables: scope, Functions: e.funcs})
	e.diags = append(e.diags, diags...)
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	return v
}

// local returns a local value.
func (e *evaluation) local(name string, from hcl.Range) cty.Value {
	if v, ok := e.done[name]; ok {
		return v
	}
	expr, ok := e.locals[name]
	if !ok {
		e.errorf(from, "Unknown local value", "There is no local value %q.", name)
		return cty.DynamicVal
	}
	e.done[name] = cty.DynamicVal // a circle ends here
	e.done[name] = e.eval(expr, nil)
	return e.done[name]
}

// argument returns an argument of a resource as the template gives it; what only
// the provider knows is unknown.
func (e *evaluation) argument(address, name string) cty.Value {
	if !slices.Contains(e.asked, address) {
		e.asked = append(e.asked, address)
	}
	a := e.blocks[address].Body.Attributes[name]
	if a == nil {
		return cty.DynamicVal
	}
	key := fmt.Sprintf("%s.%s", address, name)
	if v, ok := e.done[key]; ok {
		return v
	}
	e.done[key] = cty.DynamicVal
	e.done[key] = e.eval(a.Expr, nil)
	return e.done[key]
}

func (e *evaluation) errorf(rng hcl.Range, summary, format string, args ...any) {
	e.diags = append(e.diags, diag.Error(rng, summary, format, args...))
}

// step returns the name of a step of a reference, "" when it is no name.
func step(ref hcl.Traversal, i int) string {
	if i >= len(ref) {
		return ""
	}
	if attr, ok := ref[i].(hcl.TraverseAttr); ok {
		return attr.Name
	}
	return ""
}
