package notes

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/vet"
)

// maxSteps bounds how far values and references are followed. From one module to
// another it takes two: into a variable and out of an output.
const maxSteps = 12

// A thing is a block with arguments: a resource, or a block nested in one.
type thing struct {
	m    *module
	res  *vet.Resource
	body *hclsyntax.Body
	rng  hcl.Range

	dynamic bool     // the content of a dynamic block, which may have no instance
	in      bindings // what each and iterators stand for in this instance
	presume bool     // defaults of variables count
}

// thing returns a resource as a thing.
func (m *module) thing(r *vet.Resource) thing {
	return thing{m: m.home(r.Block), res: r, body: r.Block.Body, rng: r.Block.DefRange()}
}

// of returns the managed resources of types that are separated by spaces, but for those
// of which there is none for certain.
func (m *module) of(types string) []thing {
	var out []thing
	for typ := range strings.SplitSeq(types, " ") {
		for _, r := range m.Of(typ) {
			if t := m.thing(r); !t.certainly().never {
				out = append(out, t)
			}
		}
	}
	return out
}

// everywhere is of for all modules of the tree.
func (m *module) everywhere(types string) []thing {
	var out []thing
	for _, other := range m.joined().modules {
		out = append(out, other.of(types)...)
	}
	return out
}

func (t thing) name() string { return t.res.Address() }

// blocks returns the nested blocks of a type. Those of a dynamic block count,
// and make the answer open: there may be none, or more.
func (t thing) blocks(name string) (out []thing, open bool) {
	for _, b := range t.body.Blocks {
		switch {
		case b.Type == name:
			out = append(out, t.at(b))
		case b.Type == "dynamic" && len(b.Labels) == 1 && b.Labels[0] == name:
			more, known := t.unrolled(b)
			out, open = append(out, more...), open || !known
		}
	}
	return out, open
}

// at returns a nested block.
func (t thing) at(b *hclsyntax.Block) thing {
	t.body, t.rng, t.dynamic = b.Body, b.DefRange(), false
	return t
}

// unrolled returns the blocks that a dynamic block stands for. When what it goes over
// is not known, one stands for all, and there may be none.
func (t thing) unrolled(b *hclsyntax.Block) (out []thing, known bool) {
	var each []instance
	if a := b.Body.Attributes["for_each"]; a != nil {
		each, known = t.instances(a.Expr)
	}
	iterator := b.Labels[0]
	if a := b.Body.Attributes["iterator"]; a != nil {
		iterator = hcl.ExprAsKeyword(a.Expr)
	}
	for _, c := range b.Body.Blocks {
		if c.Type != "content" {
			continue
		}
		one := t
		one.body, one.rng, one.dynamic = c.Body, b.DefRange(), !known
		if !known {
			out = append(out, one)
		}
		for _, i := range each {
			one.in = t.in.with(iterator, cty.ObjectVal(map[string]cty.Value{"key": i.key, "value": i.value}))
			out = append(out, one)
		}
	}
	return out, known
}

// within returns the blocks at a path such as "origin.custom_origin_config".
func (t thing) within(path string) (out []thing, open bool) {
	name, rest, more := strings.Cut(path, ".")
	blocks, open := t.blocks(name)
	if !more {
		return blocks, open
	}
	for _, b := range blocks {
		inner, o := b.within(rest)
		out, open = append(out, inner...), open || o
	}
	return out, open
}

// An arg is the expression of an argument and the block that it stands in.
type arg struct {
	thing
	expr hclsyntax.Expression
}

// args returns the arguments at a path, one for each block that has it.
func (t thing) args(path string) (out []arg, open bool) {
	at := strings.LastIndexByte(path, '.')
	holders := []thing{t}
	if at >= 0 {
		holders, open = t.within(path[:at])
	}
	for _, h := range holders {
		if a := h.body.Attributes[path[at+1:]]; a != nil && !h.unset(a.Expr) {
			out = append(out, arg{h, a.Expr})
		}
	}
	return out, open
}

// unset says whether an argument is null for certain, by itself, by way of names or by a
// choice: it is as good as left out.
func (t thing) unset(x hclsyntax.Expression) bool {
	m, x := t.m.named(x)
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		return x.Val.IsNull()
	case *hclsyntax.ConditionalExpr, *hclsyntax.FunctionCallExpr:
		if m.Callers() == 0 || len(t.in) > 0 {
			return false
		}
		v, ok := m.certain(x)
		return ok && v.IsNull()
	}
	return false
}

// named returns what is behind the names of local values, variables and outputs.
func (m *module) named(x hclsyntax.Expression) (*module, hclsyntax.Expression) {
	m, x = m.settled(x)
	for range maxSteps {
		t, ok := x.(*hclsyntax.ScopeTraversalExpr)
		if !ok || !isName(t.Traversal.RootName()) {
			break
		}
		next := m.origin(t.Traversal)
		if next == nil {
			break
		}
		m, x = m.settled(next)
	}
	return m, x
}

// isName says whether a reference is to a local value, a variable or an output, which
// stand for other expressions.
func isName(root string) bool { return root == "local" || root == "var" || root == "module" }

// arg returns the only argument at a path.
func (t thing) arg(path string) (arg, bool) {
	a, _ := t.args(path)
	if len(a) != 1 {
		return arg{}, false
	}
	return a[0], true
}

// has says whether an argument or a block stands at a path, or may stand there.
func (t thing) has(path string) bool {
	a, open := t.args(path)
	if len(a) > 0 || open {
		return true
	}
	b, open := t.within(path)
	return len(b) > 0 || open
}

// value returns the value of the only argument at a path when the code says it.
func (t thing) value(path string) (cty.Value, bool) {
	a, ok := t.arg(path)
	if !ok {
		return cty.NilVal, false
	}
	v, _, ok := a.worth()
	return v, ok
}

// text returns an argument that is a known string, number or bool as text, "" otherwise.
func (t thing) text(path string) string {
	v, _ := t.value(path)
	return textOf(v)
}

// number returns an argument that is a known number.
func (t thing) number(path string) (float64, bool) {
	v, ok := t.value(path)
	if !ok {
		return 0, false
	}
	return numberOf(v)
}

func textOf(v cty.Value) string {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsPrimitiveType() {
		return ""
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil {
		return ""
	}
	return s.AsString()
}

func numberOf(v cty.Value) (float64, bool) {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsPrimitiveType() {
		return 0, false
	}
	n, err := convert.Convert(v, cty.Number)
	if err != nil {
		return 0, false
	}
	f, _ := n.AsBigFloat().Float64()
	return f, true
}

// value returns what an expression says in itself: literals, lists and objects
// of them, and references to such locals and arguments.
func (m *module) value(e hclsyntax.Expression, step int) (cty.Value, bool) {
	if step > maxSteps {
		return cty.NilVal, false
	}
	m, e = m.settled(e)
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.Val, true
	case *hclsyntax.TemplateExpr:
		if len(e.Parts) == 0 {
			return cty.StringVal(""), true
		}
		var b strings.Builder
		for _, p := range e.Parts {
			v, ok := m.value(p, step+1)
			if !ok || !v.Type().IsPrimitiveType() || v.IsNull() {
				return cty.NilVal, false
			}
			b.WriteString(textOf(v))
		}
		return cty.StringVal(b.String()), true
	case *hclsyntax.TemplateWrapExpr:
		return m.value(e.Wrapped, step+1)
	case *hclsyntax.ParenthesesExpr:
		return m.value(e.Expression, step+1)
	case *hclsyntax.UnaryOpExpr, *hclsyntax.BinaryOpExpr: // plain arithmetic needs no context
		v, diags := e.Value(nil)
		if diags.HasErrors() || !v.IsKnown() {
			return m.certain(e)
		}
		return v, true
	case *hclsyntax.ConditionalExpr, *hclsyntax.ForExpr, *hclsyntax.IndexExpr:
		return m.certain(e)
	case *hclsyntax.TupleConsExpr:
		var vals []cty.Value
		for _, x := range e.Exprs {
			v, ok := m.value(x, step+1)
			if !ok {
				return cty.NilVal, false
			}
			vals = append(vals, v)
		}
		return cty.TupleVal(vals), true
	case *hclsyntax.FunctionCallExpr:
		if (e.Name == "toset" || e.Name == "tolist" || e.Name == "sort" || e.Name == "distinct") && len(e.Args) == 1 {
			return m.value(e.Args[0], step+1)
		}
		return m.certain(e)
	case *hclsyntax.ScopeTraversalExpr:
		if next := m.origin(e.Traversal); next != nil {
			return m.value(next, step+1)
		}
		if isName(e.Traversal.RootName()) {
			return m.certain(e)
		}
	}
	return cty.NilVal, false
}

// settled returns what is left of an expression where the code decides all choices: the
// arm of a conditional that is taken, what try takes. The module is that in which it
// stands. In one that nobody calls, choices are left to those who will.
func (m *module) settled(e hclsyntax.Expression) (*module, hclsyntax.Expression) {
	for m = m.home(e); ; {
		switch x := e.(type) {
		case *hclsyntax.ParenthesesExpr:
			e = x.Expression
			continue
		case *hclsyntax.ConditionalExpr:
			if m.Callers() == 0 {
				return m, e
			}
			holds, ok := m.decides(x.Condition)
			if !ok {
				return m, e
			}
			if e = x.FalseResult; holds {
				e = x.TrueResult
			}
			continue
		case *hclsyntax.FunctionCallExpr:
			if x.Name == "try" && !x.ExpandFinal && m.Callers() > 0 {
				if arg := m.succeeds(x.Args); arg != nil {
					e = arg
					continue
				}
			}
		}
		return m, e
	}
}

// decides returns a condition that is certain. One side of && or || may be enough.
func (m *module) decides(x hclsyntax.Expression) (holds, ok bool) {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return m.decides(x.Expression)
	case *hclsyntax.BinaryOpExpr:
		if x.Op != hclsyntax.OpLogicalAnd && x.Op != hclsyntax.OpLogicalOr {
			break
		}
		enough := x.Op == hclsyntax.OpLogicalOr
		l, lok := m.decides(x.LHS)
		r, rok := m.decides(x.RHS)
		switch {
		case lok && l == enough, rok && r == enough:
			return enough, true
		case lok && rok:
			return !enough, true
		}
		return false, false
	}
	v, ok := m.certain(x)
	if !ok || v.IsNull() || v.Type() != cty.Bool {
		return false, false
	}
	return v.True(), true
}

// succeeds returns the first of several expressions that does not fail, as far as the
// instances of resources decide that; nil where they do not.
func (m *module) succeeds(args []hclsyntax.Expression) hclsyntax.Expression {
	for _, a := range args {
		t, ok := a.(*hclsyntax.ScopeTraversalExpr)
		if !ok {
			return nil
		}
		r, _ := m.refer(t.Traversal)
		if r == nil {
			return nil
		}
		switch p := m.thing(r).certainly(); {
		case p.once:
			return a
		case !p.never:
			return nil
		}
	}
	return nil
}

// origin returns the expression that a reference stands for: that of a local value, of
// the argument that is named, of what the only call of the module sets a variable to, or
// of an output of a module that is called.
func (m *module) origin(t hcl.Traversal) hclsyntax.Expression {
	switch name := stepName(t, 1); t.RootName() {
	case "local":
		return m.member(m.Local(name), t, 2)
	case "var":
		return m.member(m.Given(name), t, 2)
	case "module":
		at := 2
		if len(t) > at && stepName(t, at) == "" { // one of several instances
			at++
		}
		return m.member(m.Output(name, stepName(t, at)), t, at+1)
	}
	if r, attr := m.refer(t); r != nil && attr != "" && len(t) <= 4 {
		if a := r.Block.Body.Attributes[attr]; a != nil {
			return a.Expr
		}
	}
	return nil
}

// member returns what the steps of a reference from the one at on lead to in what it
// begins with, nil when the code does not spell that out.
func (m *module) member(x hclsyntax.Expression, t hcl.Traversal, at int) hclsyntax.Expression {
	for ; x != nil && at < len(t); at++ {
		var in *module
		in, x = m.settled(x)
		if ref, ok := x.(*hclsyntax.ScopeTraversalExpr); ok {
			return &hclsyntax.ScopeTraversalExpr{Traversal: slices.Concat(ref.Traversal, t[at:]), SrcRange: ref.SrcRange}
		}
		x = in.part(x, t[at])
	}
	if at > len(t) {
		return nil
	}
	return x
}

// part returns a member of an object, a map or a list that is spelled out.
func (m *module) part(x hclsyntax.Expression, step hcl.Traverser) hclsyntax.Expression {
	var key cty.Value
	switch step := step.(type) {
	case hcl.TraverseAttr:
		key = cty.StringVal(step.Name)
	case hcl.TraverseIndex:
		key = step.Key
	default:
		return nil
	}
	if key.Type() == cty.String {
		v, _ := m.field(x, key.AsString())
		return v
	}
	list, ok := x.(*hclsyntax.TupleConsExpr)
	if n, isNumber := numberOf(key); ok && isNumber && n >= 0 && int(n) < len(list.Exprs) {
		return list.Exprs[int(n)]
	}
	return nil
}

func stepName(t hcl.Traversal, i int) string {
	name, _ := lang.Step(t, i)
	return name
}

// refer returns the block that a reference names and the first attribute that
// it asks of it.
func (m *module) refer(t hcl.Traversal) (*vet.Resource, string) {
	ref, _ := lang.Refer(t)
	r := m.Lookup(ref.Address())
	if r == nil {
		return nil, ""
	}
	return r, lang.FirstStep(t, ref.Steps)
}

// A ref is a block that an expression names, with the attribute asked of it.
type ref struct {
	res  *vet.Resource
	attr string
}

// refs returns the blocks that an argument's value comes from for certain.
// Whole says that it comes from nowhere else.
func (a arg) refs() (out []ref, whole bool) { return a.m.refs(a.expr, a.res, 0) }

func (m *module) refs(e hclsyntax.Expression, in *vet.Resource, step int) (out []ref, whole bool) {
	if step > maxSteps {
		return nil, false
	}
	whole = true
	m, e = m.settled(e)
	add := func(e hclsyntax.Expression) {
		more, w := m.refs(e, in, step+1)
		out, whole = append(out, more...), whole && w
	}
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
	case *hclsyntax.ScopeTraversalExpr:
		return m.leadsTo(e.Traversal, in, step)
	case *hclsyntax.RelativeTraversalExpr:
		add(e.Source)
		ask(out, lang.FirstStep(e.Traversal, 0))
	case *hclsyntax.IndexExpr:
		add(e.Collection)
	case *hclsyntax.SplatExpr:
		add(e.Source)
		if each, ok := e.Each.(*hclsyntax.RelativeTraversalExpr); ok {
			ask(out, lang.FirstStep(each.Traversal, 0))
		}
	case *hclsyntax.TupleConsExpr:
		for _, x := range e.Exprs {
			add(x)
		}
	case *hclsyntax.ParenthesesExpr:
		add(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		add(e.Wrapped)
	case *hclsyntax.TemplateExpr:
		for _, p := range e.Parts {
			add(p)
		}
	case *hclsyntax.ForExpr:
		add(e.CollExpr)
		whole = whole && e.CondExpr == nil
	case *hclsyntax.FunctionCallExpr:
		switch e.Name {
		case "values", "tolist", "toset", "concat", "flatten", "one", "element", "distinct", "compact", "sort", "join", "slice", "nonsensitive":
			for _, x := range e.Args {
				add(x)
			}
		default:
			return nil, false
		}
	default:
		return nil, false
	}
	return out, whole
}

// leadsTo returns the blocks that a name leads to, by way of local values, variables and
// outputs, and of the for_each of the block that it stands in.
func (m *module) leadsTo(t hcl.Traversal, in *vet.Resource, step int) (out []ref, whole bool) {
	if r, attr := m.refer(t); r != nil {
		if m.thing(r).certainly().never {
			return nil, true
		}
		return []ref{{r, attr}}, true
	}
	switch t.RootName() {
	case "local", "var", "module":
		if x := m.origin(t); x != nil {
			return m.refs(x, nil, step+1)
		}
	case "each":
		if in == nil || in.Block.Body.Attributes["for_each"] == nil {
			return nil, false
		}
		out, whole = m.refs(in.Block.Body.Attributes["for_each"].Expr, in, step+1)
		if n := stepName(t, 2); n != "" {
			for i := range out {
				out[i].attr = n
			}
		}
		return out, whole
	}
	return nil, false
}

// ask says which attribute is asked of the blocks of which none is yet.
func ask(refs []ref, attr string) {
	for i := range refs {
		if refs[i].attr == "" {
			refs[i].attr = attr
		}
	}
}

// reach returns the resources of a type that an argument at a path comes from,
// also by way of arguments of others: aws_s3_bucket_policy.x.bucket leads to
// the bucket. Whole says that it comes from nowhere else.
func (t thing) reach(path, typ string) (out []thing, whole bool) {
	args, open := t.args(path)
	whole = !open
	for _, a := range args {
		more, w := t.m.reach(a, typ, 0)
		out, whole = append(out, more...), whole && w
	}
	return out, whole
}

func (m *module) reach(a arg, typ string, step int) (out []thing, whole bool) {
	refs, whole := a.refs()
	for _, r := range refs {
		if r.res.Type == typ {
			if !slices.ContainsFunc(out, func(t thing) bool { return t.res == r.res }) {
				found := m.thing(r.res)
				found.presume = a.presume
				out = append(out, found)
			}
			continue
		}
		between := m.thing(r.res)
		between.presume = a.presume
		next, given := between.arg(r.attr)
		if !given || step > maxSteps {
			whole = false
			continue
		}
		more, w := m.reach(next, typ, step+1)
		out, whole = append(out, more...), whole && w
	}
	return out, whole
}

// leads says whether an argument at a path comes from this resource.
func (t thing) leads(path string, to thing) bool {
	found, _ := t.reach(path, to.res.Type)
	return slices.ContainsFunc(found, func(x thing) bool { return x.res == to.res })
}

// users returns the resources of types whose argument at a path leads here.
func (t thing) users(types, path string) []thing {
	var out []thing
	for _, u := range t.m.everywhere(types) {
		if u.leads(path, t) {
			u.presume = t.presume
			out = append(out, u)
		}
	}
	return out
}

// unused says that no resource of the types can lead here by a path: none
// does, and none is undecided.
func (t thing) unused(types, path string) bool {
	if !t.m.Whole() {
		return false
	}
	for _, u := range t.m.everywhere(types) {
		found, whole := u.reach(path, t.res.Type)
		if !whole || slices.ContainsFunc(found, func(x thing) bool { return x.res == t.res }) {
			return false
		}
	}
	return true
}

// An item is an element of a list.
type item struct {
	expr hclsyntax.Expression
	text string // "" when it is not known
}

// list returns the elements of a list; a single string is a list of one.
// Whole says that there are no others.
func (a arg) list() (out []item, whole bool) {
	if out, whole = a.m.list(a.expr, 0); whole || len(a.in) == 0 && !a.presume {
		return out, whole
	}
	v, at, ok := a.worth()
	if !ok || v.IsNull() || !v.CanIterateElements() {
		return out, false
	}
	known := []item{}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		known = append(known, item{&hclsyntax.LiteralValueExpr{Val: e, SrcRange: at}, textOf(e)})
	}
	return known, true
}

func (m *module) list(e hclsyntax.Expression, step int) (out []item, whole bool) {
	if step > maxSteps {
		return nil, false
	}
	m, e = m.settled(e)
	switch x := e.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, y := range x.Exprs {
			v, _ := m.value(y, step+1)
			out = append(out, item{y, textOf(v)})
		}
		return out, true
	case *hclsyntax.FunctionCallExpr:
		switch x.Name {
		case "toset", "tolist", "concat", "distinct", "sort", "compact":
			whole = true
			for _, y := range x.Args {
				more, w := m.list(y, step+1)
				out, whole = append(out, more...), whole && w
			}
			return out, whole
		}
		return nil, false
	case *hclsyntax.ParenthesesExpr:
		return m.list(x.Expression, step+1)
	case *hclsyntax.ScopeTraversalExpr:
		if next := m.origin(x.Traversal); next != nil {
			return m.list(next, step+1)
		}
		return []item{{e, ""}}, false
	case *hclsyntax.TemplateExpr, *hclsyntax.LiteralValueExpr:
		v, ok := m.value(e, step+1)
		if ok && v.IsNull() {
			return nil, true
		}
		return []item{{e, textOf(v)}}, true
	case *hclsyntax.ConditionalExpr:
		return nil, false
	}
	return []item{{e, ""}}, false
}

// list returns the elements of the list at a path.
func (t thing) list(path string) (out []item, whole bool) {
	args, open := t.args(path)
	whole = !open
	for _, a := range args {
		more, w := a.list()
		out, whole = append(out, more...), whole && w
	}
	return out, whole
}

// field returns the value of a key in an object that the code spells out.
func (m *module) field(e hclsyntax.Expression, key string) (hclsyntax.Expression, bool) {
	if c, ok := m.call(e, "merge", 0); ok && !c.ExpandFinal {
		for _, part := range slices.Backward(c.Args) {
			if v, found := m.field(part, key); found {
				return v, true
			}
			if _, spelled := m.object(part, 0); !spelled {
				return nil, false // it may have the key
			}
		}
		return nil, false
	}
	o, ok := m.object(e, 0)
	if !ok {
		return nil, false
	}
	for _, it := range o.Items {
		if m.key(it.KeyExpr) == key {
			return it.ValueExpr, true
		}
	}
	return nil, false
}

// call returns the call of a function that an expression is, by way of local values
// and of what leaves an object as it is.
func (m *module) call(e hclsyntax.Expression, name string, step int) (*hclsyntax.FunctionCallExpr, bool) {
	if step > maxSteps {
		return nil, false
	}
	m, e = m.settled(e)
	switch e := e.(type) {
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "tomap" && len(e.Args) == 1 {
			return m.call(e.Args[0], name, step+1)
		}
		return e, e.Name == name
	case *hclsyntax.ParenthesesExpr:
		return m.call(e.Expression, name, step+1)
	case *hclsyntax.ForExpr:
		if picks(e) {
			return m.call(e.CollExpr, name, step+1)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if next := m.origin(e.Traversal); next != nil {
			return m.call(next, name, step+1)
		}
	}
	return nil, false
}

func (m *module) key(e hclsyntax.Expression) string {
	if k, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		if !k.ForceNonLiteral {
			if word := hcl.ExprAsKeyword(k.Wrapped); word != "" {
				return word
			}
		}
		e = k.Wrapped
	}
	v, _ := m.value(e, 0)
	return textOf(v)
}

func (m *module) object(e hclsyntax.Expression, step int) (*hclsyntax.ObjectConsExpr, bool) {
	if step > maxSteps {
		return nil, false
	}
	m, e = m.settled(e)
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		return e, true
	case *hclsyntax.ParenthesesExpr:
		return m.object(e.Expression, step+1)
	case *hclsyntax.TemplateWrapExpr:
		return m.object(e.Wrapped, step+1)
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "tomap" && len(e.Args) == 1 {
			return m.object(e.Args[0], step+1)
		}
	case *hclsyntax.ForExpr:
		if picks(e) {
			return m.object(e.CollExpr, step+1)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if next := m.origin(e.Traversal); next != nil {
			return m.object(next, step+1)
		}
	}
	return nil, false
}

// picks says whether a loop leaves members out and changes none.
func picks(e *hclsyntax.ForExpr) bool {
	return e.KeyExpr != nil && !e.Group && hcl.ExprAsKeyword(e.KeyExpr) == e.KeyVar && hcl.ExprAsKeyword(e.ValExpr) == e.ValVar
}

// fieldText returns the text of a field, "" when it is not known.
func (m *module) fieldText(e hclsyntax.Expression, key string) string {
	f, ok := m.field(e, key)
	if !ok {
		return ""
	}
	v, _ := m.value(f, 0)
	return textOf(v)
}

// json returns the expression behind jsonencode, or that of a JSON text, which
// HCL reads as well.
func (m *module) json(e hclsyntax.Expression, step int) (hclsyntax.Expression, bool) {
	if step > maxSteps {
		return nil, false
	}
	m, e = m.settled(e)
	switch x := e.(type) {
	case *hclsyntax.FunctionCallExpr:
		if x.Name == "jsonencode" && len(x.Args) == 1 {
			return x.Args[0], true
		}
	case *hclsyntax.ParenthesesExpr:
		return m.json(x.Expression, step+1)
	case *hclsyntax.ScopeTraversalExpr:
		if next := m.origin(x.Traversal); next != nil {
			return m.json(next, step+1)
		}
	case *hclsyntax.TemplateExpr:
		v, ok := m.value(x, step+1)
		if !ok || !strings.ContainsAny(textOf(v), "{[") {
			return nil, false
		}
		parsed, diags := guard.ParseExpression([]byte(textOf(v)), x.SrcRange.Filename, x.SrcRange.Start)
		if diags.HasErrors() {
			return nil, false
		}
		return parsed, true
	}
	return nil, false
}

// tail returns the literal text that a string ends in.
func (m *module) tail(e hclsyntax.Expression) string {
	if v, ok := m.value(e, 0); ok {
		return textOf(v)
	}
	m, e = m.followed(e)
	if t, ok := e.(*hclsyntax.TemplateExpr); ok && len(t.Parts) > 0 {
		v, _ := m.value(t.Parts[len(t.Parts)-1], 0)
		return textOf(v)
	}
	return ""
}

// head returns the literal text that a string begins with.
func (m *module) head(e hclsyntax.Expression) string {
	m, e = m.followed(e)
	if t, ok := e.(*hclsyntax.TemplateExpr); ok && len(t.Parts) > 0 {
		e = t.Parts[0]
	}
	v, _ := m.value(e, 0)
	return textOf(v)
}

// followed returns what a name stands for.
func (m *module) followed(e hclsyntax.Expression) (*module, hclsyntax.Expression) {
	m, e = m.settled(e)
	for range maxSteps {
		t, ok := e.(*hclsyntax.ScopeTraversalExpr)
		if !ok {
			break
		}
		next := m.origin(t.Traversal)
		if next == nil {
			break
		}
		m, e = m.settled(next)
	}
	return m, e
}

// prefix returns a known cidr_block.
func (t thing) prefix() (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(t.text("cidr_block"))
	return p, err == nil
}
