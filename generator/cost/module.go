package cost

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/lang"
)

// Code is the code of a module, to be estimated with different values. It keeps
// what an expression came to with the variables that it read, so that a further
// estimate evaluates what differs alone. It is not safe for concurrent use.
type Code struct {
	resources []*resource
	locals    map[string]local
	results   map[hclsyntax.Expression]result
	values    *values
	kept      *Cache
	named     map[subject]*resource
}

// A result is the value of an expression, and what it and what it refers to have
// read.
type result struct {
	value cty.Value
	reads reads
}

// maxInstances is how many instances of a resource are looked at one by one.
const maxInstances = 10_000

// A resource is one resource block.
type resource struct {
	typ, name string
	body      *hclsyntax.Body
	text      *text
}

// A local is a local value, and the block that it stands in.
type local struct {
	expr hclsyntax.Expression
	text *text
}

// New returns the code of parsed files. Estimates of code that shares blocks with
// other code find in kept what these came to there; nil keeps nothing.
func New(files []*hcl.File, kept *Cache) *Code {
	c := &Code{locals: map[string]local{}, results: map[hclsyntax.Expression]result{}, values: &values{}, kept: kept, named: map[subject]*resource{}}
	if kept != nil {
		c.values = &kept.values
	}
	for _, f := range files {
		body, ok := f.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, b := range body.Blocks {
			switch t := textOf(f, b); {
			case b.Type == "locals":
				for name, a := range b.Body.Attributes {
					c.locals[name] = local{a.Expr, t}
				}
			case b.Type == "resource" && len(b.Labels) == 2:
				r := &resource{b.Labels[0], b.Labels[1], b.Body, t}
				c.resources = append(c.resources, r)
				if s := (subject{r.typ, r.name}); c.named[s] == nil {
					c.named[s] = r
				}
			}
		}
	}
	return c
}

// A module is the code of a module with what is known of it before it is applied.
type module struct {
	*Code
	variables map[string]cty.Value
	versions  map[string]int // numbers of the values, as far as they were asked for
	running   map[hclsyntax.Expression]bool
	frames    []*frame // of the expressions that are being evaluated
	funcs     map[string]function.Function
	budget    *budget.Budget
}

// A frame is what an expression has read so far.
type frame struct {
	reads  reads
	cyclic bool // it met itself, or what had
}

// reads are what was read of a module, each with the version of a variable's
// value; of what does not change within the code, 0.
type reads map[subject]int

// A subject is something of a module that is read: a variable, a local value or a
// resource by its type and name, or all resources of a type, which have no name.
type subject struct{ typ, name string }

const (
	ofVariables = "var"
	ofLocals    = "local"
)

func (c *Code) with(variables map[string]cty.Value) *module {
	return &module{Code: c, variables: variables, versions: map[string]int{}, running: map[hclsyntax.Expression]bool{}, funcs: functions.Table(), budget: budget.New(context.Background(), "the prices")}
}

// value evaluates an expression. What is not known before the module is applied,
// or cannot be evaluated at all, is cty.DynamicVal.
func (m *module) value(x hclsyntax.Expression, extra map[string]cty.Value) cty.Value {
	switch x := x.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType)
	case *hclsyntax.LiteralValueExpr:
		return x.Val
	}
	if len(extra) > 0 {
		return m.evaluate(x, extra)
	}
	if r, ok := m.results[x]; ok && m.holds(r) {
		m.read(frame{reads: r.reads})
		return r.value
	}
	if m.running[x] { // what needs itself is not known
		m.read(frame{cyclic: true})
		return cty.DynamicVal
	}
	m.running[x] = true
	var v cty.Value
	f := m.framed(func() { v = m.evaluate(x, nil) })
	delete(m.running, x)
	if !f.cyclic {
		m.results[x] = result{v, f.reads}
	}
	m.read(*f)
	return v
}

// version returns the number of a variable's value.
func (m *module) version(name string) int {
	n := m.versions[name]
	if n == 0 {
		n = m.values.number(name, given(m.variables, name))
		m.versions[name] = n
	}
	return n
}

// framed does something, and returns what is read meanwhile.
func (m *module) framed(do func()) *frame {
	f := &frame{reads: reads{}}
	m.frames = append(m.frames, f)
	do()
	m.frames = m.frames[:len(m.frames)-1]
	return f
}

// holds says whether the variables that a result has read are what they were.
func (m *module) holds(r result) bool {
	for s, version := range r.reads {
		if s.typ == ofVariables && m.version(s.name) != version {
			return false
		}
	}
	return true
}

// read adds what a part has read to the expression that it is a part of.
func (m *module) read(part frame) {
	if len(m.frames) == 0 {
		return
	}
	f := m.frames[len(m.frames)-1]
	maps.Copy(f.reads, part.reads)
	f.cyclic = f.cyclic || part.cyclic
}

// readOne adds one thing that is read.
func (m *module) readOne(s subject, version int) {
	if len(m.frames) > 0 {
		m.frames[len(m.frames)-1].reads[s] = version
	}
}

func (m *module) evaluate(x hclsyntax.Expression, extra map[string]cty.Value) cty.Value {
	vars := map[string]cty.Value{}
	attrs := map[string]map[string]cty.Value{} // of vars, while they are found
	for _, ref := range lang.Variables(x) {
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
		m.readOne(subject{ofVariables, step.Name}, m.version(step.Name))
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
	m.readOne(subject{ofLocals, name}, 0)
	return m.value(m.locals[name].expr, nil)
}

// resourceOf returns a resource, nil when there is none.
func (m *module) resourceOf(typ, name string) *resource {
	m.readOne(subject{typ, name}, 0)
	return m.named[subject{typ, name}]
}

// allOf yields the resources of a type.
func (m *module) allOf(typ string) iter.Seq[*resource] {
	m.readOne(subject{typ: typ}, 0)
	return m.all(typ)
}

func (c *Code) all(typ string) iter.Seq[*resource] {
	return func(yield func(*resource) bool) {
		for _, r := range c.resources {
			if r.typ == typ && !yield(r) {
				return
			}
		}
	}
}

// objects stands for a resource: an object with the arguments that are referred
// to, or as many unknown values as it has instances. have is what it was so far.
func (m *module) objects(typ, name string, have cty.Value, rest hcl.Traversal) cty.Value {
	r := m.resourceOf(typ, name)
	if r == nil {
		return cty.DynamicVal
	}
	body := r.body
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
	attrs[step.Name] = m.argument(r, step.Name)
	return cty.ObjectVal(attrs)
}

// argument returns the value of a resource's argument. What AWS decides is not
// known.
func (m *module) argument(r *resource, name string) cty.Value {
	a := r.body.Attributes[name]
	if a == nil {
		return cty.DynamicVal
	}
	return m.value(a.Expr, nil)
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
	var values map[string]cty.Value
	if ok && (all.Type().IsMapType() || all.Type().IsObjectType()) {
		values = all.AsValueMap()
	}
	var out []map[string]cty.Value
	for _, k := range keys {
		v := cty.StringVal(k)
		if of, ok := values[k]; ok {
			v = of
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
