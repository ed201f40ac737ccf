package specialise

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/template"
)

// A call is a call of a child module that is written inline where it has one
// instance: its variables are what the call gives, its outputs answer for the
// call, and its blocks stand among those of the caller.
type call struct {
	parent    *component
	object    *object
	args      map[string]*Result
	outputs   map[string]*Result
	providers map[string]string // provider of the child -> provider of the caller
	after     []string          // what the call's depends_on names, in the linked module
	begun     bool              // directives are decided
	ordered   bool              // after is there
}

// adopt makes a component of every module call that can be written inline. It
// looks at names alone, never at what is bound, so that no option renames
// anything. Claimed holds the names that are taken in the linked module.
func (c *component) adopt(claimed map[string]bool) {
	for _, addr := range sortedKeys(c.objects) {
		o := c.objects[addr]
		if o.Kind != "module" {
			continue
		}
		if child := c.childOf(o); child != nil && child.claim(claimed) {
			o.child = child
			child.adopt(claimed)
		}
	}
}

// childOf returns the component of a call, nil when the call must stay one.
func (c *component) childOf(o *object) *component {
	dir, local := c.in.Template.Called(o.Block)
	t := c.in.Template.Modules[dir]
	if !local || t == nil || t.Faults.HasErrors() || t.Recursive || len(t.Files) == 0 || len(o.Block.Body.Blocks) > 0 {
		return nil
	}
	if t.Looks {
		return nil // the folder of an inline module is another one
	}
	for name := range o.Block.Body.Attributes {
		if !callArguments[name] && t.Variable(name) == nil {
			return nil // Terraform will say so
		}
	}
	for _, v := range t.Variables {
		if v.Default == cty.NilVal && o.Block.Body.Attributes[v.Name] == nil {
			return nil
		}
	}
	providers, ok := passedProviders(o.Block)
	if !ok {
		return nil
	}
	child := newComponent(Input{
		Template: t, Name: Prefixed(c.in.Name, c.in.Prefix, o.Label), Region: c.in.Region, Schemas: c.in.Schemas, Funcs: c.in.Funcs, Budget: c.in.Budget, Demands: c.in.Demands, Texts: c.in.Texts,
	})
	if c.ev.revive == nil {
		child.ev.revive = nil // a test speaks of what is there
	}
	child.ev.written = c.ev.written
	child.top, child.claimed, child.folders, child.owners = c.top, nil, nil, nil
	child.call = &call{parent: c, object: o, args: map[string]*Result{}, outputs: map[string]*Result{}, providers: providers}
	child.declare()
	return child
}

// callArguments are the arguments of a module block that are no variables.
var callArguments = map[string]bool{"source": true, "count": true, "for_each": true, "depends_on": true, "providers": true}

// passedProviders reads what a call passes as providers; ok is false when it is
// not written as an object of names.
func passedProviders(b *hclsyntax.Block) (passed map[string]string, ok bool) {
	a := b.Body.Attributes["providers"]
	if a == nil {
		return nil, true
	}
	obj, isObject := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !isObject {
		return nil, false
	}
	passed = map[string]string{}
	for _, it := range obj.Items {
		key, isKey := it.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
		if !isKey {
			return nil, false
		}
		from, d1 := hcl.AbsTraversalForExpr(key.Wrapped)
		to, d2 := hcl.AbsTraversalForExpr(it.ValueExpr)
		if d1.HasErrors() || d2.HasErrors() {
			return nil, false
		}
		passed[dotted(from)] = dotted(to)
	}
	return passed, true
}

// dotted writes a reference of plain names.
func dotted(ref hcl.Traversal) string {
	parts := []string{ref.RootName()}
	for _, step := range ref[1:] {
		if a, ok := step.(hcl.TraverseAttr); ok {
			parts = append(parts, a.Name)
		}
	}
	return strings.Join(parts, ".")
}

// claim takes the names of a template's objects, local values and checks in the
// linked module, unless one of them is taken.
func (c *component) claim(claimed map[string]bool) bool {
	var names []string
	for _, o := range c.objects {
		if isShared(o.Block) && !c.standsApart(o.Block) {
			continue // the same wherever it stands
		}
		names = append(names, o.address())
	}
	for name := range c.in.Template.Locals {
		names = append(names, "local."+Prefixed(c.in.Name, c.in.Prefix, name))
	}
	for _, f := range c.in.Template.Files {
		for _, b := range f.Body.Blocks {
			if b.Type == "check" && len(b.Labels) == 1 {
				names = append(names, c.checkAddress(b.Labels[0]))
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if claimed[name] {
			return false
		}
	}
	for _, name := range names {
		claimed[name] = true
	}
	return true
}

// bound returns what a variable is bound to. Of an inline module that is found
// out when somebody asks: what a call gives may need what the module returns.
func (c *component) bound(name string) (Result, bool) {
	if c.call == nil {
		r, ok := c.in.Bound[name]
		return r, ok
	}
	v := c.in.Template.Variable(name)
	if v == nil {
		return Result{}, false
	}
	if r := c.call.args[name]; r != nil {
		return *r, true
	}
	if c.open["var."+name] {
		return failed(diag.Error(c.call.object.Block.DefRange(), "Cycle", "The argument %q of %s depends on itself.", name, c.call.object.Address())), true
	}
	c.open["var."+name] = true
	defer delete(c.open, "var."+name)
	r := c.argumentOf(v)
	c.call.args[name] = &r
	return r, true
}

// argumentOf evaluates what the call gives to a variable.
func (c *component) argumentOf(v *template.Variable) Result {
	p, b := c.call.parent, c.call.object.Block
	a := b.Body.Attributes[v.Name]
	if a == nil || p.ev.sources.isCut(a.NameRange) {
		val := v.Default
		if val == cty.NilVal {
			return failed(diag.Error(b.DefRange(), "Missing argument", "With the chosen options %s does not set the variable %q.", c.call.object.Address(), v.Name))
		}
		r, diags := Bind(v, Constant(val), b.DefRange())
		return orFailed(r, diags)
	}
	r := p.ev.eval(a.Expr, p.instance(c.call.object))
	if r.Err != nil {
		return r
	}
	bound, diags := Bind(v, r, a.Expr.Range())
	bound.Changed = true
	return orFailed(bound, diags)
}

// orFailed returns r, or the first of the errors. What a template itself gives to
// its modules is no secret of the blueprint.
func orFailed(r Result, diags hcl.Diagnostics) Result {
	for _, d := range diags {
		if _, exposed := d.Extra.(secret.Exposed); !exposed && d.Severity == hcl.DiagError {
			return failed(d)
		}
	}
	return r
}

// instance returns the scope of the block of an object of which there is one.
func (c *component) instance(o *object) *scope {
	var s *scope
	switch o.mode {
	case single:
		s = s.bind(map[string]Result{"count": knownResult(cty.ObjectVal(map[string]cty.Value{"index": cty.Zero}))})
	case sole:
		members := map[string]Result{"key": knownResult(cty.StringVal(o.key)), "value": o.each}
		each := objectOf([]string{"key", "value"}, members)
		if !each.Known() {
			each.Attrs = members
		}
		s = s.bind(map[string]Result{"each": each})
	}
	return s
}

// inline says whether a call is written inline.
func (c *component) inline(o *object) bool {
	if o == nil || o.child == nil {
		return false
	}
	c.resolve(o)
	if o.mode != plain && o.mode != single && o.mode != sole {
		return false
	}
	o.child.begin()
	return true
}

// begin decides the directives of an inline module.
func (c *component) begin() {
	if c.call.begun {
		return
	}
	c.call.begun = true
	c.ev.modulePath = c.childPlace()
	for _, f := range c.in.Template.Files {
		c.cut(f)
	}
}

// output returns an output of an inline module.
func (c *component) output(name string, rng hcl.Range) Result {
	if r := c.call.outputs[name]; r != nil {
		return *r
	}
	o := c.in.Template.Output(name)
	address := c.call.object.Address()
	switch {
	case o == nil:
		return failed(diag.Error(rng, "Unknown output", "The child module of %s has no output %q. %s", address, name, diag.DidYouMean(name, c.in.Template.OutputNames())))
	case c.ev.sources.isCut(o.Block.TypeRange):
		return failed(diag.Error(rng, "Output is not rendered", "The output %q of %s does not exist with the chosen options.", name, address))
	case c.open["output."+name]:
		return failed(diag.Error(rng, "Cycle", "The output %q of %s depends on itself.", name, address))
	}
	c.open["output."+name] = true
	defer delete(c.open, "output."+name)
	r := c.ev.whole(o.Value, nil)
	if r.Err == nil && o.Sensitive {
		r = veil(r)
	}
	if r.Err == nil {
		r = c.named(name, "out_", r, c.call.object.Uses, exactly)
	}
	c.call.outputs[name] = &r
	return r
}

// named gives a result the name of a local value of the module, if it is long
// and used more than once. Prefix sets the name apart from a local value of the
// template.
func (c *component) named(name, prefix string, r Result, uses int, d demand) Result {
	r.Changed = true
	long := !isReference(r.text) && (len(r.text) >= lineWidth || strings.Contains(r.text, "\n"))
	if !r.Known() && (uses < 2 || !long) && !varies(r) {
		return r
	}
	if r.Known() {
		if isReference(r.text) { // a local value that is large
			return r
		}
		r = r.moved()
		if uses < 2 || len(r.Text()) < bigConstant {
			return r
		}
	}
	local := c.keep(name, prefix, kept{r, d})
	if r.Known() {
		r.text, r.prec, r.heredoc = local, precTerm, ""
		return r
	}
	return named(r, local)
}

// bigConstant is the length from which a constant that is used more than once is
// written once, as a local value.
const bigConstant = 400

// A kept result is a local value of the linked module that stands for something
// bound, with what is asked of its type.
type kept struct {
	value  Result
	demand demand
}

// keep makes a local value of a result and returns the reference to it.
func (c *component) keep(name, prefix string, k kept) string {
	who := c.in.Name + " " + prefix + name
	if c.in.Template.Locals[name] != nil {
		name = prefix + name
	}
	for {
		local := "local." + Prefixed(c.in.Name, c.in.Prefix, name)
		if owner := c.top.owners[local]; !c.top.claimed[local] && (owner == "" || owner == who) {
			c.top.owners[local] = who
			if _, there := c.kept[name]; !there {
				c.kept[name] = k
				c.traces++
			}
			return local
		}
		name = prefix + name
	}
}

// object returns all outputs of an inline module.
func (c *component) object(rng hcl.Range) Result {
	attrs := map[string]Result{}
	var keys []string
	for _, name := range slices.Sorted(slices.Values(c.in.Template.OutputNames())) {
		r := c.output(name, rng)
		if r.Err != nil {
			return r
		}
		keys = append(keys, name)
		attrs[name] = r
	}
	r := objectOf(keys, attrs)
	r.NotNull = true
	return r
}

// callReference answers a reference to an inline module, whose address takes the
// first n steps of ref.
func (c *component) callReference(o *object, ref hcl.Traversal, n int) (Result, int) {
	rng := ref.SourceRange()
	if o.mode == single {
		if n >= len(ref) {
			return tupleOf([]Result{o.child.object(rng)}), n
		}
		idx, ok := ref[n].(hcl.TraverseIndex)
		if !ok {
			return failed(diag.Error(rng, "Missing index", "%s has a count; refer to %s[0] or to its splat %s[*].", o.Address(), o.Address(), o.Address())), n
		}
		if i, ok := keyIndex(idx.Key); !ok || i != 0 {
			return failed(diag.Error(rng, "Invalid index", "With the chosen options %s has exactly one instance; only the index 0 exists.", o.Address())), n
		}
		n++
	}
	if o.mode == sole {
		if n >= len(ref) {
			r := objectOf([]string{o.key}, map[string]Result{o.key: o.child.object(rng)})
			r.NotNull = true
			return r, n
		}
		if key, ok := stepKey(ref[n]); !ok || key != o.key {
			return failed(diag.Error(rng, "Invalid index", "With the chosen options %s has exactly one instance; only the key %q exists.", o.Address(), o.key)), n
		}
		n++
	}
	if n < len(ref) {
		if name, ok := stepKey(ref[n]); ok {
			return o.child.output(name, rng), n + 1
		}
	}
	return o.child.object(rng), n
}

// instanceKey returns the key in the address of the one instance of an object.
func (o *object) instanceKey() string {
	switch o.mode {
	case single:
		return "[0]"
	case sole:
		return "[" + Quote(o.key) + "]"
	}
	return ""
}

// everything returns the addresses of what is made of an inline module.
func (c *component) everything() []string {
	var out []string
	for _, addr := range sortedKeys(c.objects) {
		o := c.objects[addr]
		c.resolve(o)
		switch {
		case o.mode == dropped:
		case c.inline(o):
			out = append(out, o.child.everything()...)
		default:
			out = append(out, o.address())
		}
	}
	return out
}

// waits returns what everything in an inline module comes after: what the
// depends_on of its call names, and of the calls around it.
func (c *component) waits() []string {
	if c.call == nil {
		return nil
	}
	k := c.call
	if k.ordered {
		return k.after
	}
	k.ordered = true
	k.after = slices.Clone(k.parent.waits())
	if a := k.object.Block.Body.Attributes["depends_on"]; a != nil && !k.parent.ev.sources.isCut(a.NameRange) {
		if list, ok := a.Expr.(*hclsyntax.TupleConsExpr); ok {
			for _, x := range list.Exprs {
				if !k.parent.ev.sources.isCut(x.Range()) {
					k.after = append(k.after, k.parent.dependency(x, false, k.parent.instance(k.object))...)
				}
			}
		}
	}
	k.after = unique(k.after)
	return k.after
}

func unique(names []string) []string {
	var out []string
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// inherited returns the block of an object of an inline module, which waits for
// what its call waits for and has the provider that the call passes.
func (c *component) inherited(b *hclsyntax.Block, code *ir.Block) *ir.Block {
	if c.call == nil {
		return code
	}
	if name, _, _ := strings.Cut(b.Labels[0], "_"); b.Type != "module" && b.Body.Attributes["provider"] == nil && c.passed(name) != name {
		code = code.Insert("provider = " + c.passed(name) + "\n")
	}
	var own []string
	if a := b.Body.Attributes["depends_on"]; a != nil && !c.ev.sources.isCut(a.NameRange) {
		if list, ok := a.Expr.(*hclsyntax.TupleConsExpr); ok {
			for _, x := range list.Exprs {
				own = append(own, c.dependency(x, false, nil)...)
			}
		}
	}
	waits := slices.DeleteFunc(slices.Clone(c.waits()), func(name string) bool { return slices.Contains(own, name) })
	if len(waits) == 0 {
		return code
	}
	return code.After(waits)
}

// passedProvider returns the edits that name the provider of an object of an
// inline module as its caller does.
func (c *component) passedProvider(b *hclsyntax.Block) []edit {
	own := b.Body.Attributes["provider"]
	if c.call == nil || own == nil || b.Type == "module" || c.ev.sources.isCut(own.NameRange) {
		return nil
	}
	ref, diags := hcl.AbsTraversalForExpr(own.Expr)
	if diags.HasErrors() {
		return nil
	}
	rng := own.Expr.Range()
	return []edit{{rng.Start.Byte, rng.End.Byte, c.passed(dotted(ref))}}
}

// passed returns what a provider of the module is called where the outermost
// call stands.
func (c *component) passed(name string) string {
	for k := c.call; k != nil; k = k.parent.call {
		if passed, ok := k.providers[name]; ok {
			name = passed
		}
	}
	return name
}

// standsApart says whether a data source that is the same everywhere is not: the
// component is in another region, or it is in an inline module and has a provider of
// its own, or waits for something.
func (c *component) standsApart(b *hclsyntax.Block) bool {
	if c.stands(b) {
		return true
	}
	if c.call == nil {
		return false
	}
	name, _, _ := strings.Cut(b.Labels[0], "_")
	if c.passed(name) != name {
		return true
	}
	for k := c.call; k != nil; k = k.parent.call {
		if k.object.Block.Body.Attributes["depends_on"] != nil {
			return true
		}
	}
	return false
}

// insert specialises an inline module; its blocks are placed later.
func (c *component) insert(out *Component, o *object) {
	child := o.child
	part := &Component{Name: child.in.Name, Template: child.in.Template}
	child.variables(part)
	child.slots = child.blocks(out)
	child.promises(part)
	child.requirements(part)
	for i := range part.Providers {
		part.Providers[i].Aliases = nil
	}
	for i := range part.Pending {
		part.Pending[i].Variable = o.Label + "_" + part.Pending[i].Variable
	}
	out.Pending = append(out.Pending, part.Pending...)
	out.Providers = append(out.Providers, part.Providers...)
	out.Terraform = append(out.Terraform, part.Terraform...)
	c.diags = append(c.diags, child.diags...)
	child.diags = nil
}

// wordsAbove returns the comments directly above a block.
func (c *component) wordsAbove(b *hclsyntax.Block) string {
	src := c.ev.sources[b.TypeRange.Filename]
	span := itemSpan(src, b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte)
	if text := strings.TrimSpace(src.slice(span.Start, b.TypeRange.Start.Byte)); text != "" {
		return text + "\n"
	}
	return ""
}

// promises keeps the preconditions of an inline module's outputs that are not
// decided.
func (c *component) promises(out *Component) {
	for _, o := range c.in.Template.Outputs {
		for _, n := range o.Block.Body.Blocks {
			cond, msg := n.Body.Attributes["condition"], n.Body.Attributes["error_message"]
			if n.Type != "precondition" || cond == nil || msg == nil || c.ev.sources.isCut(n.TypeRange) {
				continue
			}
			r := c.ev.eval(cond.Expr, nil)
			if r.Err != nil {
				c.diags = append(c.diags, r.Err)
				continue
			}
			switch b, ok := knownBool(r); {
			case ok && b:
			case ok:
				c.diags = append(c.diags, c.violated(n, cond.Expr.Range(), nil))
			default:
				out.Pending = append(out.Pending, Pending{Condition: r, Message: c.ev.eval(msg.Expr, nil), Variable: o.Name, Range: n.DefRange()})
			}
		}
	}
}

// settleCalls adds what is known of inline modules when everything has been
// evaluated: their local values and addresses.
func (c *component) settleCalls(out *Component, path string) {
	for _, addr := range sortedKeys(c.objects) {
		o := c.objects[addr]
		if !c.inline(o) {
			continue
		}
		child := o.child
		child.keptLocals(out)
		at := path + addr + o.instanceKey()
		part := &Component{}
		child.addresses(part)
		for _, a := range part.Addresses {
			a.Template = at + "." + a.Template
			out.Addresses = append(out.Addresses, a)
		}
		child.settleCalls(out, at+".")
		c.diags = append(c.diags, child.diags...)
		child.diags = nil
	}
}

// argumentNamed is what a variable stands for where the code refers to it: what
// it is bound to, or a local value where that is long.
func (c *component) argumentNamed(v *template.Variable, r Result) Result {
	if c.call == nil && !r.Known() {
		return r // an output that is long has a name already
	}
	if kept := c.shown[v.Name]; kept != nil {
		return *kept
	}
	r = c.named(v.Name, "var_", r, v.Uses, c.ev.demands().vars[v.Name])
	c.shown[v.Name] = &r
	return r
}

// renamedInside returns the address in the linked module of an object of a child
// module, as renamed does; ok is false when ref names no such object. A module
// that the template no longer calls counts as one that was written inline.
func (c *component) renamedInside(ref hcl.Traversal, n int, rng hcl.Range) (text string, exists, ok bool) {
	if ref.RootName() != "module" || len(ref) <= n {
		return "", false, false
	}
	label, ok := stepKey(ref[1])
	rest := ref[n:]
	if idx, is := rest[0].(hcl.TraverseIndex); is {
		if i, first := keyIndex(idx.Key); !first || i != 0 {
			return "", false, false
		}
		rest = rest[1:]
	}
	if !ok || len(rest) == 0 {
		return "", false, false
	}
	step, is := rest[0].(hcl.TraverseAttr)
	if !is {
		return "", false, false
	}
	inner := append(hcl.Traversal{hcl.TraverseRoot{Name: step.Name, SrcRange: step.SrcRange}}, rest[1:]...)
	o := c.objects[template.Address("module", "", label)]
	if o == nil {
		gone := newComponent(Input{Template: &template.Template{}, Name: Prefixed(c.in.Name, c.in.Prefix, label)})
		gone.ev.sources = c.ev.sources
		text, exists = gone.renamedRef(inner, rng)
		return text, exists, true
	}
	if c.resolve(o); o.mode == dropped {
		return "", false, true
	}
	if !c.inline(o) {
		return "", false, false
	}
	was := o.child.ev.sources
	o.child.ev.sources = c.ev.sources // the text of an index stands in the caller
	text, exists = o.child.renamedRef(inner, rng)
	o.child.ev.sources = was
	return text, exists, true
}

// movedCall writes a moved block about an inline module: as it is, for a state in
// which the module is a folder, and once for each of its objects. Ok is false for
// any other block.
func (c *component) movedCall(b *hclsyntax.Block) (codes []*ir.Block, ok bool) {
	from, to := b.Body.Attributes["from"], b.Body.Attributes["to"]
	if b.Type != "moved" || from == nil || to == nil {
		return nil, false
	}
	old, d1 := hcl.AbsTraversalForExpr(from.Expr)
	now, d2 := hcl.AbsTraversalForExpr(to.Expr)
	if d1.HasErrors() || d2.HasErrors() || len(old) < 2 || len(now) < 2 || old.RootName() != "module" || now.RootName() != "module" || moduleSteps(old) != len(old) || moduleSteps(now) != len(now) {
		return nil, false
	}
	addr, _ := template.ObjectAddress(now)
	o := c.objects[addr]
	if !c.inline(o) {
		return nil, false
	}
	label, _ := stepKey(old[1])
	before := Prefixed(c.in.Name, c.in.Prefix, label)
	if before == o.child.in.Name {
		return nil, true
	}
	codes = append(codes, c.code(b, []edit{
		{from.Expr.Range().Start.Byte, from.Expr.Range().End.Byte, "module." + before},
		{to.Expr.Range().Start.Byte, to.Expr.Range().End.Byte, o.address()},
	}))
	for _, address := range o.child.everything() {
		if strings.HasPrefix(address, "data.") || strings.HasPrefix(address, "ephemeral.") {
			continue
		}
		typ, name, _ := strings.Cut(address, ".")
		was := typ + "." + before + strings.TrimPrefix(name, o.child.in.Name)
		code, diags := ir.Parse("moved {\n  from = " + was + "\n  to   = " + address + "\n}\n")
		if diags.HasErrors() {
			c.diags = append(c.diags, diag.Bug(b.DefRange(), "The address %q of the component %q does not parse: %s", was, c.in.Name, diags))
			continue
		}
		codes = append(codes, code)
	}
	return codes, true
}

// moduleSteps returns how many steps of a reference name a module and nothing in
// it.
func moduleSteps(ref hcl.Traversal) int {
	n := 2
	if n < len(ref) {
		if _, ok := ref[n].(hcl.TraverseIndex); ok {
			n++
		}
	}
	return n
}

// unordered are the names of what has no depends_on.
var unordered = regexp.MustCompile(`(^|\.)(var|local|output)\.[^.]+$`)

// orderCalls notes what is in inline modules, by addresses such as
// module.x.aws_vpc.this. A variable leads to what the call gives it, and what is
// in a module waits for what its call waits for.
func (c *component) orderCalls(out *Component, path string) {
	for _, addr := range sortedKeys(c.objects) {
		o := c.objects[addr]
		if !c.inline(o) {
			continue
		}
		at := path + addr + o.instanceKey() + "."
		child := o.child
		inner := &Component{}
		child.order(inner)
		first := prefixed(path, c.dependencies(o.Block.Body).First)
		whole := Dependencies{}
		for _, name := range sortedKeys(inner.Order) {
			d := inner.Order[name]
			d = Dependencies{Refs: prefixed(at, d.Refs), First: prefixed(at, d.First)}
			if !unordered.MatchString(name) { // waits for what the call waits for
				d.Refs, d.First = append(d.Refs, first...), append(d.First, first...)
			}
			out.Order[at+name] = d
			if !strings.HasPrefix(name, "local.") {
				whole.Refs = append(whole.Refs, at+name)
			}
		}
		for _, v := range child.in.Template.Variables {
			if a := o.Block.Body.Attributes[v.Name]; a != nil {
				out.Order[at+"var."+v.Name] = Dependencies{Refs: prefixed(path, c.dependencies(a).Refs)}
			}
		}
		out.Order[path+addr] = whole
	}
}

func prefixed(path string, names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, path+n)
	}
	return out
}

// outputNodes returns the names of what a reference to an inline module leads to:
// the output that it names, or all of them.
func (c *component) outputNodes(o *object, ref hcl.Traversal) []string {
	at := o.Address() + o.instanceKey() + "."
	rest := ref[2:]
	if o.mode == sole && len(rest) > 0 {
		rest = rest[1:]
	}
	for _, step := range rest {
		if a, ok := step.(hcl.TraverseAttr); ok {
			return []string{at + "output." + a.Name}
		}
	}
	return prefixed(at+"output.", o.child.in.Template.OutputNames())
}
