package specialise

import (
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// Schemas answers what the provider says of an attribute. Kind is "resource",
// "data" or "ephemeral". Unknown types and attributes have no type.
type Schemas interface {
	// Attribute returns an attribute's type and whether it is sensitive.
	Attribute(kind, typ, name string) (t cty.Type, sensitive, ok bool)
	// Object returns the type of a whole object.
	Object(kind, typ string) (cty.Type, bool)
	// Regional says whether objects of the type are in a region, and can be put into
	// another one than the provider's.
	Regional(kind, typ string) bool
}

// An Input is one use of a template.
type Input struct {
	Template *template.Template
	Name     string  // component's name
	Prefix   *string // nil: the component's name
	Bound    map[string]Result
	Exposed  map[string]string // variable of the template -> variable of the module, for what is not bound
	Called   map[string]string // variable of the template -> what users of the module set: its variable, or an option
	Region   Region            // the zero one: that of the module
	Schemas  Schemas
	Funcs    map[string]function.Function
	Budget   *budget.Budget // nil: one of its own
	Demands  *Demands       // nil: found for this use alone
	Texts    *ir.Texts      // nil: nothing is kept for other uses
}

// A Component is a specialised template.
type Component struct {
	Name       string
	Template   *template.Template
	Blocks     []Block
	Variables  []Variable
	Outputs    map[string]Result
	Conditions map[string][]string // preconditions of outputs that could not be decided
	Pending    []Pending
	Addresses  []Address
	Order      map[string]Dependencies // by "local.x", "output.x" and addresses in the template
	Providers  []Requirement
	Terraform  []Requirement              // required_version constraints
	Elsewhere  bool                       // something stands in the region of the component
	Assets     func(path string) []string // where a file of the template goes
	LeftOut    func() []LeftOut           // what the linked module does not have of the template
	Advice     hcl.Diagnostics            // what the author of the blueprint or template may want to mend
	Taken      func(name string) bool     // whether something of the component has that name in the linked module
}

// A Block is one top-level block of the linked module.
type Block struct {
	Kind    string // as Terraform calls it: "resource", "locals", ...
	Address string // in the linked module, "" for blocks without one
	Shared  bool   // identical in every component: kept once
	Used    bool   // the template itself refers to it
	Empty   bool   // an object without instances, there for open code that refers to it
	Asserts bool   // an object with conditions of its own
	Reads   bool   // a data source, or a child module that may have some: a depends_on puts off reading
	Code    *ir.Block
	Origin  hcl.Range
}

// A Variable is an input variable that stays one in the linked module.
type Variable struct {
	Name        string // in the linked module
	Description string // with the names of the linked module
	Decl        *template.Variable
	Code        *ir.Block
}

// A Pending validation could not be decided and must go where it still holds.
type Pending struct {
	Condition Result
	Message   Result
	Variable  string
	Range     hcl.Range
}

// An Address pairs an object's address in the template with the one in the
// linked module; Flat is "" when the object was left out.
type Address struct {
	Template string
	Flat     string
	Folded   bool // a count of one was folded away: Template's [0] is Flat
}

// A Requirement is a version constraint with the comment that stands with it.
type Requirement struct {
	Name, Source, Version, Note string
	Aliases                     []string
	Range                       hcl.Range
}

// component is the state while one template is specialised.
type component struct {
	in        Input
	ev        *evaluator
	objects   map[string]*object
	locals    map[string]*Result
	full      map[string]Result  // what local values are, before they are named
	kept      map[string]kept    // local values that stand for something bound
	shown     map[string]*Result // what bound variables stand for, once found
	traces    int                // how often one was kept, or an object without instances
	open      map[string]bool    // locals and inputs under evaluation
	slots     []slot             // of an inline module
	inputs    map[string]cty.Type
	checks    map[string]bool // addresses of the checks that are left, for tests
	within    *object         // whose block is being specialised, if it is one of those
	asserts   int             // conditions that stay, so far
	explained bool            // the reason for the region has been given, of top
	elsewhere bool            // something stands in the region of the component, of top
	diags     hcl.Diagnostics

	call    *call             // of an inline module, nil for the component itself
	top     *component        // the component itself
	claimed map[string]bool   // names that are taken in the linked module, of top
	folders map[string]bool   // child modules that stay folders, of top
	owners  map[string]string // what each local value is made of that stands for something bound, of top
}

type object struct {
	*template.Object
	label string // in the linked module
	mode  mode
	kept  bool // left out, but needed by name: it stays without instances
	drop  *Drop
	ready bool
	child *component // of a module call that can be written inline
	key   string     // of the one instance, when the mode is sole
	each  Result     // its value
	// exists says that there is an instance whatever Terraform learns later, so
	// that what is in the block is evaluated.
	exists bool
}

// A mode says what became of an object's count or for_each.
type mode int

const (
	plain   mode = iota // had neither
	counted             // keeps count
	keyed               // keeps for_each
	single              // count of one, folded away
	sole                // for_each of one, of a module call that is written inline
	dropped             // left out
)

// Specialise evaluates a template for the given bindings.
func Specialise(in Input) (*Component, hcl.Diagnostics) {
	c := newComponent(in)
	c.declare()
	c.begins()
	for _, f := range in.Template.Guarded() {
		c.cut(f)
	}
	c.ev.modulePath = c.assetPath()
	out := &Component{Name: in.Name, Template: in.Template, Outputs: map[string]Result{}}
	c.speak()
	c.variables(out)
	if c.diags.HasErrors() {
		return out, spent(c.ev.purse(), c.diags)
	}
	slots := c.blocks(out)
	c.outputs(out)
	c.place(out, slots)
	c.keptLocals(out)
	c.order(out)
	c.addresses(out)
	c.settleCalls(out, "")
	out.LeftOut = c.leftOut()
	out.Taken = func(name string) bool { return c.claimed[name] || c.owners[name] != "" }
	c.requirements(out)
	c.assets(out)
	out.Elsewhere = c.elsewhere
	out.Advice = c.misnamed()
	return out, spent(c.ev.purse(), c.diags)
}

// begins finds the module calls that can be written inline.
func (c *component) begins() {
	c.claim(c.claimed)
	c.adopt(c.claimed)
}

func newComponent(in Input) *component {
	c := &component{in: in, objects: map[string]*object{}, locals: map[string]*Result{}, full: map[string]Result{}, kept: map[string]kept{}, open: map[string]bool{}, shown: map[string]*Result{}, inputs: map[string]cty.Type{}}
	c.top, c.claimed, c.folders, c.owners = c, map[string]bool{}, map[string]bool{}, map[string]string{}
	c.ev = &evaluator{sources: sources{}, funcs: in.Funcs, root: c.root, schemas: in.Schemas, spending: spending{budget: in.Budget}, revive: c.revive, written: map[string]writtenLocal{}}
	c.ev.demands = sync.OnceValue(func() *demander { return in.Demands.of(in) })
	if slices.ContainsFunc(in.Template.Variables, func(v *template.Variable) bool { return v.Ephemeral }) {
		c.ev.lifetimes = c
	}
	return c
}

// declare lists the objects of the template: those of its own, and the data
// sources inside of checks, whose names count in the whole module.
func (c *component) declare() {
	for addr, o := range c.in.Template.Objects {
		c.objects[addr] = &object{Object: o, label: c.label(o)}
	}
	for _, f := range c.in.Template.Files {
		for _, b := range f.Body.Blocks {
			if b.Type != "check" {
				continue
			}
			for _, n := range b.Body.Blocks {
				if n.Type == "data" && len(n.Labels) == 2 {
					o := &template.Object{Kind: "data", Type: n.Labels[0], Label: n.Labels[1], Block: n, File: f}
					c.objects[o.Address()] = &object{Object: o, label: Prefixed(c.in.Name, c.in.Prefix, o.Label)}
				}
			}
		}
	}
}

// revive keeps an object that is left out by name: code that may never be
// evaluated refers to it. The object stays, without instances. It returns what
// the object is called in the linked module, and how many steps name it.
func (c *component) revive(ref hcl.Traversal) (name string, n int, ok bool) {
	addr, n := template.ObjectAddress(ref)
	o := c.objects[addr]
	if o == nil || c.ev.sources.isCut(o.Block.TypeRange) {
		return "", 0, false
	}
	o.kept = true
	c.traces++
	return o.address(), n, true
}

func (c *component) errorf(rng hcl.Range, summary, format string, args ...any) {
	c.diags = append(c.diags, diag.Error(rng, summary, format, args...))
}

// report adds an error, once.
func (c *component) report(d *hcl.Diagnostic) {
	if !slices.ContainsFunc(c.diags, func(o *hcl.Diagnostic) bool {
		return o == d || o.Summary == d.Summary && o.Detail == d.Detail && o.Subject != nil && d.Subject != nil && *o.Subject == *d.Subject
	}) {
		c.diags = append(c.diags, d)
	}
}

// Prefixed returns the name that a label of the component gets.
func Prefixed(component string, prefix *string, label string) string {
	p := component
	if prefix != nil {
		p = *prefix
	}
	switch {
	case label == "this" && p == "":
		return component
	case label == "this":
		return p
	case p == "":
		return label
	}
	return p + "_" + label
}

func (c *component) label(o *template.Object) string {
	if isShared(o.Block) && !c.standsApart(o.Block) {
		return o.Label
	}
	return Prefixed(c.in.Name, c.in.Prefix, o.Label)
}

// isShared says whether a data source is the same wherever it stands: it takes
// no arguments and is labelled "current".
func isShared(b *hclsyntax.Block) bool {
	return b.Type == "data" && len(b.Labels) == 2 && b.Labels[1] == "current" && len(b.Body.Attributes) == 0 && len(b.Body.Blocks) == 0
}

func (o *object) address() string { return template.Address(o.Kind, o.Type, o.label) }

// cut evaluates a file's directives.
func (c *component) cut(f *template.File) {
	src := &source{src: f.Src}
	c.ev.sources[f.Path] = src
	var cuts []template.Span
	for _, d := range f.Directives {
		r := c.ev.eval(d.Cond, nil)
		if r.Err != nil {
			c.diags = append(c.diags, r.Err)
			continue
		}
		b, ok := knownBool(r)
		if !ok {
			c.errorf(d.Cond.Range(), "Directive condition is unknown", "The condition of a bpgen:if directive must be known at render time. Set its variables to constants in the component's \"with\".")
			continue
		}
		if b {
			cuts = append(cuts, d.Line)
		} else {
			cuts = append(cuts, d.Item)
		}
	}
	slices.SortFunc(cuts, func(a, b template.Span) int { return a.Start - b.Start })
	for _, s := range cuts {
		if n := len(src.cuts); n > 0 && s.Start <= src.cuts[n-1].End {
			src.cuts[n-1].End = max(src.cuts[n-1].End, s.End)
			continue
		}
		src.cuts = append(src.cuts, s)
	}
}

// root resolves references of the template.
func (c *component) root(ref hcl.Traversal, s *scope) (Result, int) {
	second := ""
	if len(ref) > 1 {
		if a, ok := ref[1].(hcl.TraverseAttr); ok {
			second = a.Name
		}
	}
	switch ref.RootName() {
	case "var":
		return c.variable(second, ref.SourceRange()), 2
	case "local":
		return c.local(second, ref.SourceRange()), 2
	case "path":
		if second == "module" && c.ev.modulePath.dir != "" {
			r := residual(`"${path.module}/`+c.ev.modulePath.dir+`"`, precTerm, cty.String, true)
			r.NotNull = true
			return r, 2
		}
		r := residual("path", precTerm, cty.Object(map[string]cty.Type{second: cty.String}), false)
		return r, 1
	case "count":
		return residual("count", precTerm, cty.Object(map[string]cty.Type{"index": cty.Number}), false), 1
	case "each":
		return residual("each", precTerm, cty.Object(map[string]cty.Type{"key": cty.String, "value": cty.DynamicPseudoType}), false), 1
	case "terraform":
		typ := cty.DynamicPseudoType
		if second == "workspace" {
			typ = cty.Object(map[string]cty.Type{second: cty.String})
		}
		return residual("terraform", precTerm, typ, false), 1
	case "self":
		return residual(ref.RootName(), precTerm, cty.DynamicPseudoType, false), 1
	}
	addr, n := template.ObjectAddress(ref)
	o := c.objects[addr]
	if o == nil {
		return residual(ref.RootName(), precTerm, cty.DynamicPseudoType, false), 1
	}
	return c.objectReference(o, ref, n)
}

func (c *component) variable(name string, rng hcl.Range) Result {
	v := c.in.Template.Variable(name)
	if r, ok := c.bound(name); ok {
		switch {
		case r.Err != nil || v == nil:
			return r
		case v.Keep && !isReference(r.Text()):
			return Reference(c.keep(name, "var_", kept{r, c.ev.demands().vars[name]}), typeOrDynamic(r.Type))
		}
		return c.argumentNamed(v, r)
	}
	if v == nil {
		return failed(diag.Error(rng, "Reference to an undeclared variable", "The template declares no variable %q. %s", name, diag.DidYouMean(name, c.in.Template.VariableNames())))
	}
	r := Reference("var."+c.in.Exposed[name], v.Type.WithoutOptionalAttributesDeep())
	r.Sensitive = v.Sensitive
	r.NotNull = !v.Nullable
	return r
}

// local evaluates a local value once. What comes back is written out where it
// is short or a plain reference, and named where it is not.
func (c *component) local(name string, rng hcl.Range) Result {
	if r := c.locals[name]; r != nil {
		return *r
	}
	l := c.in.Template.Locals[name]
	if l == nil {
		return failed(diag.Error(rng, "Reference to an undeclared local value", "The template declares no local value %q.", name))
	}
	if c.open["local."+name] {
		return failed(diag.Error(l.Attr.NameRange, "Cycle", "The local value %q depends on itself.", name))
	}
	c.open["local."+name] = true
	defer delete(c.open, "local."+name)
	r := c.ev.whole(l.Attr.Expr, nil)
	c.full[name] = r
	text := "local." + Prefixed(c.in.Name, c.in.Prefix, name)
	switch {
	case r.Err != nil:
	case l.Keep:
		typ := typeOrDynamic(r.Type)
		r = Reference(text, typ)
	case r.Known():
		if inline := Literal(r.Val); l.Uses > 1 && (len(inline) > lineWidth || strings.Contains(inline, "\n")) {
			r.text, r.prec = text, precTerm
		} else {
			r = r.moved()
		}
		r.heredoc = ""
	case r.Changed && isReference(r.text):
		r.heredoc = ""
	default:
		c.ev.written[text] = writtenLocal{c.ev.putText(l.Attr.Expr, r), l.Attr.Expr, c.ev}
		r = named(r, text)
		if d := c.ev.demands().locals[name]; d >= members {
			r = settled(r, d)
		}
	}
	r.Changed = true
	c.locals[name] = &r
	return r
}

// named gives a result a name to be referred to by; its members are referred to
// through the name unless they are plain references themselves.
func named(r Result, text string) Result {
	r.loose = r.loose || !r.Known() && !r.exact && !isReference(r.text) && !typeOrDynamic(r.Type).IsPrimitiveType()
	if r.source != "" {
		r.source = text
	}
	r.text, r.prec, r.heredoc = text, precTerm, ""
	if r.Tuple {
		elems := slices.Clone(r.Elems)
		for i, e := range elems {
			if !e.Known() && !isReference(e.text) {
				elems[i] = named(e, text+"["+Literal(cty.NumberIntVal(int64(i)))+"]")
			}
		}
		r.Elems = elems
	}
	if r.Attrs != nil {
		attrs := map[string]Result{}
		for k, a := range r.Attrs {
			switch {
			case a.Known() || isReference(a.text):
			case lang.Identifier(k):
				a = named(a, text+"."+k)
			default:
				a = named(a, text+"["+Quote(k)+"]")
			}
			attrs[k] = a
		}
		r.Attrs = attrs
	}
	return r
}

// isReference says whether text is a plain reference.
func isReference(text string) bool {
	if strings.ContainsAny(text, " \n(\"{*") {
		return false
	}
	if plainReference(text) {
		return true
	}
	_, diags := guard.PrintedReference([]byte(text))
	return !diags.HasErrors()
}

// plainReference says whether text is names joined by dots, as most references
// are; for all others the parser has to be asked.
func plainReference(text string) bool {
	start := true // of a name
	for i := 0; i < len(text); i++ {
		c := text[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		switch {
		case start && !letter, !letter && c != '.' && c != '_' && c != '-' && (c < '0' || '9' < c):
			return false
		}
		start = c == '.'
	}
	return !start
}

// resolve decides what becomes of an object's count and for_each.
func (c *component) resolve(o *object) {
	if o.ready {
		return
	}
	o.ready, o.exists = true, true
	count, each := o.Block.Body.Attributes["count"], o.Block.Body.Attributes["for_each"]
	switch {
	case c.ev.sources.isCut(o.Block.TypeRange):
		o.mode, o.drop = dropped, &Drop{o.Address(), o.Block.DefRange()}
	case count != nil && !c.ev.sources.isCut(count.NameRange):
		o.mode = counted
		r := c.ev.eval(count.Expr, nil)
		n, ok := keyIndex(r.Val)
		switch {
		case r.Err != nil:
			c.diags = append(c.diags, r.Err)
		case r.IsNull():
			c.errorf(count.Expr.Range(), "Null count", "The count of %s is null with the chosen options. It must be a whole number.", o.Address())
		case ok && n == 0:
			o.mode, o.drop = dropped, &Drop{o.Address(), count.Expr.Range()}
		case ok && n == 1 && r.Switch:
			o.mode = single
		}
		o.exists = ok && n > 0
	case each != nil && !c.ev.sources.isCut(each.NameRange):
		o.mode = keyed
		r := c.ev.eval(each.Expr, nil)
		elems, ok := r.elements()
		switch {
		case r.Err != nil:
			c.diags = append(c.diags, r.Err)
		case r.IsNull():
			c.errorf(each.Expr.Range(), "Null for_each", "The for_each of %s is null with the chosen options. It must be a map, or a set of strings.", o.Address())
		case ok && len(elems) == 0:
			o.mode, o.drop = dropped, &Drop{o.Address(), each.Expr.Range()}
		case ok && len(elems) == 1 && o.child != nil && !r.Sensitive && !elems[0].value.Sensitive:
			if key, ok := keyString(elems[0].key.Val); ok {
				o.mode, o.key, o.each = sole, key, elems[0].value
			}
		}
		o.exists = ok && len(elems) > 0
	}
}

// objectReference returns the result of a reference to o, whose address takes
// the first n steps, and how many steps it used.
func (c *component) objectReference(o *object, ref hcl.Traversal, n int) (Result, int) {
	c.resolve(o)
	if c.inline(o) {
		return c.callReference(o, ref, n)
	}
	if r, ok := c.region(o, ref, n); ok {
		return r, n + 1
	}
	text := o.address()
	switch o.mode {
	case dropped:
		r := knownResult(cty.EmptyTupleVal)
		if o.Block.Body.Attributes["for_each"] != nil {
			r = knownResult(cty.EmptyObjectVal)
		}
		r.Dropped = o.drop
		return r, n
	case single:
		if n < len(ref) {
			if idx, ok := ref[n].(hcl.TraverseIndex); ok {
				if i, ok := keyIndex(idx.Key); !ok || i != 0 {
					return failed(diag.Error(ref.SourceRange(), "Invalid index", "With the chosen options %s has exactly one instance; only the index 0 exists.", o.Address())), n
				}
				return c.attribute(o, text, ref, n+1)
			}
			return failed(diag.Error(ref.SourceRange(), "Missing index", "%s has a count; refer to %s[0] or to its splat %s[*].", o.Address(), o.Address(), o.Address())), n
		}
		typ := c.objectType(o)
		r := residual("["+text+"]", precTerm, cty.Tuple([]cty.Type{typ}), true)
		one := Reference(text, typ)
		one.NotNull, one.Object = true, objectOfKind(o)
		r.Tuple, r.Elems, r.NotNull = true, []Result{one}, true
		return r, n
	case counted, keyed:
		if n < len(ref) {
			if idx, ok := ref[n].(hcl.TraverseIndex); ok {
				return c.attribute(o, text+c.ev.sources.text(idx.SrcRange), ref, n+1)
			}
		}
		typ := c.objectType(o)
		whole := cty.List(typ)
		if o.mode == keyed {
			whole = cty.Map(typ)
		}
		r := Reference(text, whole)
		r.NotNull, r.Members = true, objectOfKind(o)
		r.guessed = true // instances are a tuple or an object, as a loop makes
		return r, n
	}
	return c.attribute(o, text, ref, n)
}

// attribute returns the result of an attribute of an object with its type.
func (c *component) attribute(o *object, text string, ref hcl.Traversal, n int) (Result, int) {
	if n < len(ref) {
		if name, ok := stepKey(ref[n]); ok && lang.Identifier(name) {
			if o.Type == "terraform_data" && name == "output" {
				return Reference(text+".output", c.inputType(o)), n + 1
			}
			return c.ev.member(Reference(text, cty.DynamicPseudoType), objectOfKind(o), name), n + 1
		}
	}
	r := Reference(text, c.objectType(o))
	r.NotNull, r.Object = true, objectOfKind(o)
	return r, n
}

// objectOfKind returns what is needed to look an attribute of o up.
func objectOfKind(o *object) *ObjectType { return &ObjectType{o.Kind, o.Type} }

func (c *component) objectType(o *object) cty.Type {
	if o.Kind != "module" && c.in.Schemas != nil {
		if t, ok := c.in.Schemas.Object(o.Kind, o.Type); ok {
			return t
		}
	}
	return cty.DynamicPseudoType
}

// inputType returns the type of a terraform_data's output, which is that of its
// input.
func (c *component) inputType(o *object) cty.Type {
	a := o.Block.Body.Attributes["input"]
	key := "input " + o.Address()
	if a == nil || c.open[key] {
		return cty.DynamicPseudoType
	}
	if t, ok := c.inputs[key]; ok {
		return t
	}
	c.open[key] = true
	defer delete(c.open, key)
	r := c.ev.eval(a.Expr, nil)
	t := typeOrDynamic(r.Type)
	if r.Err != nil || r.Sensitive || r.guessed {
		t = cty.DynamicPseudoType
	}
	c.inputs[key] = t // of a chain of them each would be looked at twice as often as the next
	return t
}
