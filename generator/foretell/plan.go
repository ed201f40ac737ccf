package foretell

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
)

// maxInstances is how many instances of an object are looked at.
const maxInstances = 100

var table = sync.OnceValue(functions.Table)

// A plan is the module with the values of one run.
type plan struct {
	*Module
	given  map[string]hclsyntax.Expression
	mocks  map[string]map[string]cty.Value // by kind of mock and type
	known  map[string]cty.Value            // worked out so far, by address; cty.NilVal while under way
	chosen map[string]bool                 // texts that stand for those that a mock makes up
	later  *plan                           // not nil: nothing is created yet, and this is what an apply will know
}

// eval returns the value of an expression; what is not known is cty.DynamicVal.
func (p *plan) eval(x hclsyntax.Expression, scope map[string]cty.Value) cty.Value {
	roots, data := map[string]map[string]cty.Value{}, map[string]map[string]cty.Value{}
	vars := map[string]cty.Value{}
	put := func(in map[string]map[string]cty.Value, root, name string, v cty.Value) {
		if in[root] == nil {
			in[root] = map[string]cty.Value{}
		}
		in[root][name] = v
	}
	for _, ref := range lang.Variables(x) {
		root := ref.RootName()
		first, isAttr := lang.Step(ref, 1)
		second, isData := lang.Step(ref, 2)
		switch v, ok := scope[root]; {
		case ok:
			vars[root] = v
		case root == "data" && isAttr && isData:
			put(data, first, second, p.once("data."+first+"."+second))
		case isAttr && root != "data":
			put(roots, root, first, p.once(root+"."+first))
		default:
			vars[root] = cty.DynamicVal
		}
	}
	for typ, byName := range data {
		put(roots, "data", typ, cty.ObjectVal(byName))
	}
	for root, byName := range roots {
		if _, open := vars[root]; !open {
			vars[root] = cty.ObjectVal(byName)
		}
	}
	v, diags := p.budget.Evaluate(x, &hcl.EvalContext{Variables: vars, Functions: table()})
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	v, _ = v.UnmarkDeep()
	return v
}

// once returns the value of what stands under an address of two steps, or of three
// for data sources.
func (p *plan) once(address string) cty.Value {
	v, ok := p.known[address]
	switch {
	case !ok:
		p.known[address] = cty.NilVal
		v = p.value(address)
		p.known[address] = v
	case v == cty.NilVal: // it needs itself
		return cty.DynamicVal
	}
	return v
}

func (p *plan) value(address string) cty.Value {
	root, name, _ := strings.Cut(address, ".")
	switch root {
	case "var":
		return p.variable(name)
	case "local":
		if x := p.locals[name]; x != nil {
			return p.eval(x, nil)
		}
	case "output":
		if x := p.outputs[name]; x != nil {
			return p.eval(x, nil)
		}
	default:
		if b := p.objects[address]; b != nil {
			return p.object(address, b)
		}
	}
	return cty.DynamicVal
}

func (p *plan) variable(name string) cty.Value {
	v := p.variables[name]
	if v == nil {
		return cty.DynamicVal
	}
	out := v.Default
	if x := p.given[name]; x != nil {
		conv, err := v.Convert(p.eval(x, nil))
		if err != nil {
			return cty.DynamicVal
		}
		out = conv
	}
	if out == cty.NilVal {
		return cty.DynamicVal
	}
	out, _ = out.UnmarkDeep()
	return out
}

// object returns an object, or its instances.
func (p *plan) object(address string, b *hclsyntax.Block) cty.Value {
	kind := schema.KindResource
	if b.Type == "data" {
		kind = schema.KindData
	}
	described, ok := p.schema.Type(kind, b.Labels[0])
	if !ok {
		return cty.DynamicVal
	}
	instance := func(key string, scope map[string]cty.Value) cty.Value {
		in := &object{plan: p, address: address + key, mock: p.mocks["mock_"+b.Type+" "+b.Labels[0]], scope: scope, kept: ignored(b.Body)}
		in.late = p.later != nil && (b.Type == "resource" || p.putOff(b.Body, scope))
		return in.block(b.Body, described)
	}
	if a := b.Body.Attributes["count"]; a != nil {
		return counted(p.eval(a.Expr, nil), instance)
	}
	if a := b.Body.Attributes["for_each"]; a != nil {
		return keyed(p.eval(a.Expr, nil), instance)
	}
	return instance("", nil)
}

// putOff says whether a data source is not read when planning, because it needs what
// is known only after the apply.
func (p *plan) putOff(body *hclsyntax.Body, scope map[string]cty.Value) bool {
	for _, a := range body.Attributes {
		if a.Name != "depends_on" && !p.eval(a.Expr, scope).IsWhollyKnown() && p.later.eval(a.Expr, scope).IsWhollyKnown() {
			return true
		}
	}
	return slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type != "dynamic" && p.putOff(b.Body, scope) })
}

// counted returns the instances of an object with count.
func counted(count cty.Value, instance func(string, map[string]cty.Value) cty.Value) cty.Value {
	count, err := convert.Convert(count, cty.Number)
	if err != nil || !count.IsKnown() || count.IsNull() {
		return cty.DynamicVal
	}
	n, _ := count.AsBigFloat().Int64()
	if n < 0 || n > maxInstances {
		return cty.DynamicVal
	}
	var all []cty.Value
	for i := range n {
		all = append(all, instance(fmt.Sprintf("[%d]", i), map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(i)})}))
	}
	return cty.TupleVal(all)
}

// keyed returns the instances of an object with for_each.
func keyed(over cty.Value, instance func(string, map[string]cty.Value) cty.Value) cty.Value {
	if !over.IsKnown() || over.IsNull() || !over.CanIterateElements() || over.LengthInt() > maxInstances {
		return cty.DynamicVal
	}
	all := map[string]cty.Value{}
	for it := over.ElementIterator(); it.Next(); {
		k, v := it.Element()
		if over.Type().IsSetType() {
			k = v
		}
		if !k.IsKnown() || k.IsNull() || k.Type() != cty.String {
			return cty.DynamicVal
		}
		all[k.AsString()] = instance("["+strconv.Quote(k.AsString())+"]", map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": k, "value": v})})
	}
	return cty.ObjectVal(all)
}

// An object is one instance of a resource or data source.
type object struct {
	*plan
	address string
	mock    map[string]cty.Value
	scope   map[string]cty.Value
	kept    map[string]bool // what an earlier run may have left as it is
	late    bool            // what the provider decides is not known yet
}

// ignored returns the attributes whose changes the lifecycle ignores.
func ignored(body *hclsyntax.Body) map[string]bool {
	out := map[string]bool{}
	for _, b := range body.Blocks {
		a := b.Body.Attributes["ignore_changes"]
		if b.Type != "lifecycle" || a == nil {
			continue
		}
		list, diags := hcl.ExprList(a.Expr)
		if diags.HasErrors() {
			return map[string]bool{everything: true}
		}
		for _, x := range list {
			if ref, diags := hcl.AbsTraversalForExpr(x); !diags.HasErrors() {
				out[ref.RootName()] = true
			}
		}
	}
	return out
}

// everything stands for all attributes.
const everything = "*"

// block returns the value of the block itself.
func (o *object) block(body *hclsyntax.Body, described *schema.Block) cty.Value {
	out := map[string]cty.Value{}
	for name, t := range described.ImpliedType().AttributeTypes() {
		if o.kept[name] || o.kept[everything] {
			out[name] = cty.UnknownVal(t)
			continue
		}
		if a := described.Attributes[name]; a != nil {
			out[name] = o.attribute(body, name, a)
			continue
		}
		out[name] = o.nested(body, name, t, described.Blocks[name])
	}
	return cty.ObjectVal(out)
}

// attribute returns what the code, the mock or the schema says of an attribute.
func (o *object) attribute(body *hclsyntax.Body, name string, a *schema.Attribute) cty.Value {
	open := cty.UnknownVal(a.Type)
	for _, b := range body.Blocks {
		if b.Type == name || b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == name {
			return open // an argument in the form of blocks
		}
	}
	if x := body.Attributes[name]; x != nil {
		v, err := convert.Convert(o.eval(x.Expr, o.scope), a.Type)
		if err != nil {
			return open
		}
		if !v.IsKnown() || !v.IsNull() || !a.Computed {
			return v
		}
	}
	if !a.Computed {
		return cty.NullVal(a.Type)
	}
	if o.late {
		return open
	}
	if v, ok := o.mock[name]; ok {
		if v, err := convert.Convert(v, a.Type); err == nil {
			return v
		}
		return open
	}
	if a.Type == cty.String {
		return cty.StringVal(o.madeUp(name))
	}
	return open
}

// madeUp returns a text of the kind that a mock makes up: eight letters and digits,
// which nothing else is equal to.
func (o *object) madeUp(name string) string {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(o.address + "." + name)) // it never fails
	text := strconv.FormatUint(sum.Sum64(), 36)
	text = (text + "00000000")[:8]
	o.chosen[text] = true
	return text
}

// nested returns the value of the nested blocks of one name.
func (o *object) nested(body *hclsyntax.Body, name string, t cty.Type, described *schema.NestedBlock) cty.Value {
	if t.HasDynamicTypes() || described == nil {
		return cty.DynamicVal
	}
	inner := *o
	inner.mock, inner.kept = nil, nil
	var all []cty.Value
	for _, b := range body.Blocks {
		if b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == name {
			return cty.UnknownVal(t)
		}
		if b.Type == name {
			inner.address = fmt.Sprintf("%s.%s[%d]", o.address, name, len(all))
			all = append(all, inner.block(b.Body, described.Block))
		}
	}
	switch {
	case t.IsListType() && len(all) == 0:
		return cty.ListValEmpty(t.ElementType())
	case t.IsSetType() && len(all) == 0:
		return cty.SetValEmpty(t.ElementType())
	case t.IsListType():
		return cty.ListVal(all)
	case t.IsSetType():
		return cty.SetVal(all)
	}
	return cty.UnknownVal(t)
}
