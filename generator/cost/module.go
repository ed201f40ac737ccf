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
	results   map[question]result
	kept      *Cache
	named     map[subject]*resource
	sums      map[subject]digest
}

// A question is what an expression comes to. A blind one is answered without the
// arguments of resources.
type question struct {
	expr  hclsyntax.Expression
	blind bool
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
	file      *hcl.File
	text      *text
}

// argument returns the text of an argument, nil when there is none.
func (r *resource) argument(name string) *text {
	if a := r.body.Attributes[name]; a != nil {
		return textOf(r.file, a.Expr.Range())
	}
	return nil
}

// A local is a local value, with its text.
type local struct {
	expr hclsyntax.Expression
	text *text
}

// New returns the code of parsed files. Estimates of code that shares blocks with
// other code find in kept what these came to there; nil keeps nothing.
func New(files []*hcl.File, kept *Cache) *Code {
	if kept == nil {
		kept = &Cache{}
	}
	c := &Code{locals: map[string]local{}, results: map[question]result{}, kept: kept, named: map[subject]*resource{}, sums: map[subject]digest{}}
	for _, f := range files {
		body, ok := f.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, b := range body.Blocks {
			switch {
			case b.Type == "locals":
				for name, a := range b.Body.Attributes {
					c.locals[name] = local{a.Expr, textOf(f, a.Expr.Range())}
				}
			case b.Type == "resource" && len(b.Labels) == 2:
				r := &resource{b.Labels[0], b.Labels[1], b.Body, f, textOf(f, hcl.RangeBetween(b.TypeRange, b.CloseBraceRange))}
				c.resources = append(c.resources, r)
				if s := (subject{typ: r.typ, name: r.name}); c.named[s] == nil {
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
	running   map[question]bool
	blind     bool
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

// A subject is something of a module that is read: a variable, a local value, a
// resource by its type and name, an argument of one, or all resources of a type, which
// have no name.
type subject struct{ typ, name, argument string }

const (
	ofVariables = "var"
	ofLocals    = "local"
)

func (c *Code) with(variables map[string]cty.Value) *module {
	return &module{Code: c, variables: variables, versions: map[string]int{}, running: map[question]bool{}, funcs: functions.Table(), budget: budget.New(context.Background(), "the prices")}
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
	return m.answer(x, func() (cty.Value, reads, bool) {
		var v cty.Value
		f := m.framed(func() { v = m.evaluate(x, nil) })
		return v, f.reads, !f.cyclic
	})
}

// answer returns the value of an expression as it was found before, or finds it. One
// that is not sure rests on itself.
func (m *module) answer(x hclsyntax.Expression, find func() (v cty.Value, read reads, sure bool)) cty.Value {
	q := question{x, m.blind}
	if r, ok := m.results[q]; ok && m.holds(r) {
		m.read(frame{reads: r.reads})
		return r.value
	}
	if m.running[q] { // what needs itself is not known
		m.read(frame{cyclic: true})
		return cty.DynamicVal
	}
	m.running[q] = true
	v, read, sure := find()
	delete(m.running, q)
	if sure {
		m.results[q] = result{v, read}
	}
	m.read(frame{reads: read, cyclic: !sure})
	return v
}

// version returns the number of a variable's value.
func (m *module) version(name string) int {
	n := m.versions[name]
	if n == 0 {
		n = m.kept.values.number(name, given(m.variables, name))
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
		m.readOne(subject{typ: ofVariables, name: step.Name}, m.version(step.Name))
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

// local returns a local value, which other code may have left behind.
func (m *module) local(name string) cty.Value {
	m.readOne(subject{typ: ofLocals, name: name}, 0)
	l, ok := m.locals[name]
	if !ok {
		return m.value(nil, nil)
	}
	if l, ok := l.expr.(*hclsyntax.LiteralValueExpr); ok {
		return l.Val
	}
	all := &m.kept.locals
	if m.blind {
		all = &m.kept.blind
	}
	return m.answer(l.expr, func() (cty.Value, reads, bool) {
		if v, read, ok := all.find(m, l.text); ok {
			return v, read, true
		}
		var v cty.Value
		f := m.framed(func() { v = m.evaluate(l.expr, nil) })
		if !f.cyclic && m.budget.Fault() == nil && small(v) { // what ended early is no result
			all.keep(m, l.text, f.reads, v)
		}
		return v, f.reads, !f.cyclic
	})
}

// maxMembers bounds what is kept of a local value for other code. Large ones join what
// many options decide, and seldom come again.
const maxMembers = 256

// small says whether a value has no more than maxMembers members, at all levels.
func small(v cty.Value) bool {
	left := maxMembers
	var fits func(cty.Value) bool
	fits = func(v cty.Value) bool {
		if left--; left < 0 || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
			return left >= 0
		}
		for it := v.ElementIterator(); it.Next(); {
			if _, e := it.Element(); !fits(e) {
				return false
			}
		}
		return true
	}
	return fits(v)
}

// resourceOf returns a resource, nil when there is none.
func (m *module) resourceOf(typ, name string) *resource {
	s := subject{typ: typ, name: name}
	m.readOne(s, 0)
	return m.named[s]
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
	count, forEach := m.argument(typ, name, "count"), m.argument(typ, name, "for_each")
	switch {
	case m.named[subject{typ: typ, name: name}] == nil:
		return cty.DynamicVal
	case count != nil:
		n, ok := number(m.value(count, nil))
		if !ok || n > maxInstances {
			return cty.DynamicVal
		}
		return cty.TupleVal(slices.Repeat([]cty.Value{cty.DynamicVal}, int(n)))
	case forEach != nil:
		keys, ok := keysOf(m.value(forEach, nil))
		if !ok {
			return cty.DynamicVal
		}
		attrs := map[string]cty.Value{}
		for _, k := range keys {
			attrs[k] = cty.DynamicVal
		}
		return cty.ObjectVal(attrs)
	}
	if len(rest) == 0 || m.blind {
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
	attrs[step.Name] = cty.DynamicVal // as is what AWS decides
	if x := m.argument(typ, name, step.Name); x != nil {
		attrs[step.Name] = m.value(x, nil)
	}
	return cty.ObjectVal(attrs)
}

// argument returns an argument of a resource, nil when there is none.
func (m *module) argument(typ, name, argument string) hclsyntax.Expression {
	m.readOne(subject{typ, name, argument}, 0)
	r := m.named[subject{typ: typ, name: name}]
	if r == nil || r.body.Attributes[argument] == nil {
		return nil
	}
	return r.body.Attributes[argument].Expr
}

// number returns how many instances a resource has, and false when that is not known.
// The arguments of other resources, in which names are put together, seldom matter: it
// is worked out without them if it can be.
func (m *module) number(r *resource) (int, bool) {
	m.blind = true
	all, ok := m.instances(r)
	m.blind = false
	if !ok {
		all, ok = m.instances(r)
	}
	return len(all), ok
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
