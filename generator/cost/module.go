package cost

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/functions"
)

// A module is the code of a module with what is known of it before it is applied.
type module struct {
	resources []*resource
	variables map[string]cty.Value
	locals    map[string]hclsyntax.Expression
	folded    map[string]cty.Value // locals and arguments that were evaluated; unknown while they are
	funcs     map[string]function.Function
	budget    *budget.Budget
}

// maxInstances is how many instances of a resource are looked at one by one.
const maxInstances = 10_000

// A resource is one resource block.
type resource struct {
	typ, name string
	body      *hclsyntax.Body
}

func newModule(files []*hclsyntax.Body, variables map[string]cty.Value) *module {
	m := &module{variables: variables, locals: map[string]hclsyntax.Expression{}, folded: map[string]cty.Value{}, funcs: functions.Table(), budget: budget.New(context.Background(), "the prices")}
	for _, f := range files {
		for _, b := range f.Blocks {
			switch {
			case b.Type == "locals":
				for name, a := range b.Body.Attributes {
					m.locals[name] = a.Expr
				}
			case b.Type == "resource" && len(b.Labels) == 2:
				m.resources = append(m.resources, &resource{b.Labels[0], b.Labels[1], b.Body})
			}
		}
	}
	return m
}

// value evaluates an expression. What is not known before the module is applied,
// or cannot be evaluated at all, is cty.DynamicVal.
func (m *module) value(x hclsyntax.Expression, extra map[string]cty.Value) cty.Value {
	if x == nil {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	vars := map[string]cty.Value{}
	attrs := map[string]map[string]cty.Value{} // of vars, while they are found
	for _, ref := range x.Variables() {
		root := ref.RootName()
		if v, ok := extra[root]; ok {
			vars[root] = v
		} else if !m.add(attrs, ref) {
			vars[root] = cty.DynamicVal
		}
	}
	for root, a := range attrs {
		if _, open := vars[root]; !open {
			vars[root] = cty.ObjectVal(a)
		}
	}
	v, diags := m.budget.Evaluate(x, &hcl.EvalContext{Variables: vars, Functions: m.funcs})
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	v, _ = v.UnmarkDeep()
	return v
}

// add adds what a reference needs to what is known under its root, and says
// whether anything is.
func (m *module) add(known map[string]map[string]cty.Value, ref hcl.Traversal) bool {
	root := ref.RootName()
	if len(ref) < 2 || root == "data" {
		return false
	}
	step, ok := ref[1].(hcl.TraverseAttr)
	if !ok {
		return false
	}
	attrs := known[root]
	if attrs == nil {
		attrs = map[string]cty.Value{}
		known[root] = attrs
	}
	switch root {
	case "var":
		attrs[step.Name] = given(m.variables, step.Name)
	case "local":
		attrs[step.Name] = m.local(step.Name)
	default:
		attrs[step.Name] = m.objects(root, step.Name, attrs[step.Name], ref[2:])
	}
	return true
}

func given(values map[string]cty.Value, name string) cty.Value {
	if v, ok := values[name]; ok && v != cty.NilVal {
		return v
	}
	return cty.DynamicVal
}

func (m *module) local(name string) cty.Value {
	if v, ok := m.folded[name]; ok {
		return v
	}
	m.folded[name] = cty.DynamicVal // a local that needs itself is not known
	m.folded[name] = m.value(m.locals[name], nil)
	return m.folded[name]
}

// objects stands for a resource: an object with the arguments that are referred
// to, or as many unknown values as it has instances. have is what it was so far.
func (m *module) objects(typ, name string, have cty.Value, rest hcl.Traversal) cty.Value {
	i := slices.IndexFunc(m.resources, func(r *resource) bool { return r.typ == typ && r.name == name })
	if i < 0 {
		return cty.DynamicVal
	}
	body := m.resources[i].body
	if a := body.Attributes["count"]; a != nil {
		n, ok := number(m.value(a.Expr, nil))
		if !ok || n > maxInstances {
			return cty.DynamicVal
		}
		return cty.TupleVal(slices.Repeat([]cty.Value{cty.DynamicVal}, int(n)))
	}
	if a := body.Attributes["for_each"]; a != nil {
		keys, ok := keysOf(m.value(a.Expr, nil))
		if !ok {
			return cty.DynamicVal
		}
		attrs := map[string]cty.Value{}
		for _, k := range keys {
			attrs[k] = cty.DynamicVal
		}
		return cty.ObjectVal(attrs)
	}
	if len(rest) == 0 {
		return cty.DynamicVal
	}
	step, ok := rest[0].(hcl.TraverseAttr)
	if !ok || have != cty.NilVal && !have.Type().IsObjectType() {
		return cty.DynamicVal
	}
	attrs := map[string]cty.Value{}
	if have != cty.NilVal {
		attrs = have.AsValueMap()
	}
	attrs[step.Name] = m.argument(m.resources[i], step.Name)
	return cty.ObjectVal(attrs)
}

// argument returns the value of a resource's argument. What AWS decides is not
// known.
func (m *module) argument(r *resource, name string) cty.Value {
	a := r.body.Attributes[name]
	if a == nil {
		return cty.DynamicVal
	}
	key := r.typ + "." + r.name + "." + name
	if _, ok := m.folded[key]; !ok {
		m.folded[key] = cty.DynamicVal
		m.folded[key] = m.value(a.Expr, nil)
	}
	return m.folded[key]
}

// instances returns what each, or count, is in every instance of a resource, and
// false when their number is not known.
func (m *module) instances(r *resource) ([]map[string]cty.Value, bool) {
	if a := r.body.Attributes["count"]; a != nil {
		n, ok := number(m.value(a.Expr, nil))
		if n > maxInstances {
			return nil, false
		}
		var out []map[string]cty.Value
		for i := range int(n) {
			out = append(out, map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(i))})})
		}
		return out, ok
	}
	a := r.body.Attributes["for_each"]
	if a == nil {
		return []map[string]cty.Value{{}}, true
	}
	all := m.value(a.Expr, nil)
	keys, ok := keysOf(all)
	var out []map[string]cty.Value
	for _, k := range keys {
		v := cty.StringVal(k)
		if all.Type().IsMapType() || all.Type().IsObjectType() {
			v = all.AsValueMap()[k]
		}
		out = append(out, map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(k), "value": v})})
	}
	return out, ok
}

// keysOf returns the keys of a map or the members of a set, and false when they
// are not known.
func keysOf(v cty.Value) ([]string, bool) {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return nil, false
	}
	var out []string
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		if v.Type().IsSetType() {
			k = e
		}
		if !k.IsKnown() || k.IsNull() || k.Type() != cty.String {
			return nil, false
		}
		out = append(out, k.AsString())
	}
	return out, true
}

// number returns a known number that is not negative.
func number(v cty.Value) (float64, bool) {
	if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		n, err := cty.ParseNumberVal(strings.TrimSpace(v.AsString()))
		if err != nil {
			return 0, false
		}
		v = n
	}
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.Number {
		return 0, false
	}
	f, _ := v.AsBigFloat().Float64()
	return f, f >= 0
}

// attribute returns the name that the second step of a reference takes.
func attribute(ref hcl.Traversal) string {
	if step, ok := ref[1].(hcl.TraverseAttr); ok {
		return step.Name
	}
	return ""
}
