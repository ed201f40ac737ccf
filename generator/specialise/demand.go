package specialise

import (
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/template"
)

// A demand says how much of a value's type its consumer can tell, and so how a
// constant must be written there. HCL has no literal for a list or a map: what
// stands in brackets is a tuple, what stands in braces an object. Most consumers
// cannot tell them apart, and there the short form is the better one.
type demand uint8

const (
	converts  demand = iota // the consumer converts to a type of its own: an argument of the provider, a parameter with a type
	elements                // list or tuple, map or object is all the same, the types of what is inside are not: jsonencode
	members                 // as elements, but what is inside must have its exact type: for_each
	within                  // as members, but what is inside is compared
	exactly                 // the consumer sees the type: terraform_data, another module
	precisely               // as exactly, and an empty list of strings is not one of numbers: ==
)

// with returns what is asked where both d and other are.
func (d demand) with(other demand) demand {
	if min(d, other) == within && max(d, other) == exactly {
		return precisely
	}
	return max(d, other)
}

// inside returns what a list or object asks of its members.
func (d demand) inside() demand {
	switch d {
	case members:
		return exactly
	case within:
		return precisely
	}
	return d
}

// below returns what is asked of a value when d is asked of a member of it.
func (d demand) below() demand {
	switch d {
	case exactly:
		return members
	case precisely:
		return within
	}
	return d
}

// A demander finds what is asked of every expression. It follows names: what is
// asked of a local value, a loop variable or each.value is asked of what it
// stands for.
type demander struct {
	of     map[hclsyntax.Expression]demand
	arms   map[hclsyntax.Expression]bool // conditionals that are arms of others
	empty  map[hclsyntax.Expression]bool // what becomes an arm whose type shows, even if it is empty
	locals map[string]demand
	vars   map[string]demand
	local  func(name string) *template.Local
	funcs  map[string]function.Function
	again  []string // locals of which more is asked than when they were visited
}

func newDemander(funcs map[string]function.Function, local func(name string) *template.Local) *demander {
	return &demander{of: map[hclsyntax.Expression]demand{}, arms: map[hclsyntax.Expression]bool{}, empty: map[hclsyntax.Expression]bool{}, locals: map[string]demand{}, vars: map[string]demand{}, local: local, funcs: funcs}
}

// Demands keep what is asked of the expressions of each template, which is the
// same for every use of it. They are safe for concurrent use.
type Demands struct {
	known memo.Map[demandKey, *demander]
}

// A demandKey is all that demands depend on. The functions are the same for
// every use.
type demandKey struct {
	template *template.Template
	schemas  Schemas
}

func (d *Demands) of(in Input) *demander {
	build := func() *demander { return demandsOf(in.Template, in.Schemas, in.Funcs) }
	if d == nil {
		return build()
	}
	return d.known.Get(demandKey{in.Template, in.Schemas}, build)
}

// demandsOf finds the demands in all blocks of a template.
func demandsOf(t *template.Template, schemas Schemas, funcs map[string]function.Function) *demander {
	w := newDemander(funcs, func(name string) *template.Local { return t.Locals[name] })
	for _, f := range t.Files {
		for _, b := range f.Body.Blocks {
			if b.Type != "locals" {
				w.block(b, schemas, calledVariables(t, b))
			}
		}
	}
	for _, l := range t.Locals {
		w.visit(l.Attr.Expr, converts, nil)
	}
	w.settle()
	return w
}

// settle visits the local values of which more is asked than was known.
func (w *demander) settle() {
	for len(w.again) > 0 {
		name := w.again[0]
		w.again = w.again[1:]
		if l := w.local(name); l != nil {
			w.visit(l.Attr.Expr, w.locals[name], nil)
		}
	}
}

// calledVariables returns the types of the variables of the template's own module
// that a block calls, by name.
func calledVariables(t *template.Template, b *hclsyntax.Block) map[string]cty.Type {
	a := b.Body.Attributes["source"]
	if b.Type != "module" || a == nil {
		return nil
	}
	v, diags := a.Expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String {
		return nil
	}
	types := map[string]cty.Type{}
	for _, f := range t.Assets {
		if path.Dir(f.Path) != path.Clean(v.AsString()) || path.Ext(f.Path) != ".tf" {
			continue
		}
		file, diags := guard.Parse(f.Src, f.Path)
		if diags.HasErrors() {
			continue
		}
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			if b.Type != "variable" || len(b.Labels) != 1 {
				continue
			}
			if v, diags := template.ParseVariable(b); !diags.HasErrors() {
				types[v.Name] = v.Type
			}
		}
	}
	return types
}

func (w *demander) block(b *hclsyntax.Block, schemas Schemas, called map[string]cty.Type) {
	var names *binding
	each := &binding{name: "each"}
	if b.Body.Attributes["for_each"] != nil {
		names = each
	}
	for _, a := range template.SortedAttributes(b.Body) {
		if a.Name != "for_each" {
			d := argumentDemand(b, a.Name, schemas)
			if t, ok := called[a.Name]; ok && !t.HasDynamicTypes() {
				d = converts
			}
			w.visit(a.Expr, d, names)
		}
	}
	for _, n := range b.Body.Blocks {
		w.nested(n, names)
	}
	if a := b.Body.Attributes["for_each"]; a != nil {
		w.visit(a.Expr, min(each.asked, members), nil)
	}
}

// argumentDemand returns what an argument of a top-level block asks. A type of
// which no schema is known is taken to be as typed as nearly all are.
func argumentDemand(b *hclsyntax.Block, name string, schemas Schemas) demand {
	switch b.Type {
	case "output":
		if name == "value" {
			return exactly
		}
	case "module":
		if name != "count" && name != "source" && name != "version" {
			return exactly
		}
	case "resource", "data", "ephemeral":
		if b.Labels[0] == "terraform_data" && (name == "input" || name == "triggers_replace") {
			return exactly
		}
		if schemas == nil {
			break
		}
		if t, _, ok := schemas.Attribute(b.Type, b.Labels[0], name); ok && t != cty.NilType && t.HasDynamicTypes() {
			return exactly
		}
	}
	return converts
}

func (w *demander) nested(b *hclsyntax.Block, names *binding) {
	if b.Type != "dynamic" || len(b.Labels) != 1 {
		for _, a := range template.SortedAttributes(b.Body) {
			w.visit(a.Expr, converts, names)
		}
		for _, n := range b.Body.Blocks {
			w.nested(n, names)
		}
		return
	}
	it := &binding{name: b.Labels[0], parent: names}
	if a := b.Body.Attributes["iterator"]; a != nil {
		it.name = hcl.ExprAsKeyword(a.Expr)
	}
	for _, n := range b.Body.Blocks {
		w.nested(n, it)
	}
	if a := b.Body.Attributes["for_each"]; a != nil {
		w.visit(a.Expr, min(it.asked, members), names)
	}
}

// A binding is a name that a for, a for_each or a dynamic block binds, and what
// is asked of it.
type binding struct {
	name   string
	parent *binding
	asked  demand
}

func (b *binding) find(name string) *binding {
	for ; b != nil; b = b.parent {
		if b.name == name {
			return b
		}
	}
	return nil
}

// visit records what is asked of an expression and goes on to its parts.
func (w *demander) visit(x hclsyntax.Expression, d demand, names *binding) {
	d = d.with(w.of[x])
	if d > converts {
		w.of[x] = d
	}
	switch x := x.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		w.reference(x.Traversal, d, names)
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			w.visit(e, d.inside(), names)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, it := range x.Items {
			w.visit(it.KeyExpr, converts, names)
			w.visit(it.ValueExpr, d.inside(), names)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		if x.ForceNonLiteral || hcl.ExprAsKeyword(x.Wrapped) == "" {
			w.visit(x.Wrapped, converts, names)
		}
	case *hclsyntax.ParenthesesExpr:
		w.visit(x.Expression, d, names)
	case *hclsyntax.TemplateWrapExpr:
		w.visit(x.Wrapped, d, names)
	case *hclsyntax.TemplateExpr:
		for _, p := range x.Parts {
			w.visit(p, converts, names)
		}
	case *hclsyntax.TemplateJoinExpr:
		w.visit(x.Tuple, converts, names)
	case *hclsyntax.ConditionalExpr:
		w.visit(x.Condition, converts, names)
		w.arm(x.TrueResult, d, names)
		w.arm(x.FalseResult, d, names)
	case *hclsyntax.BinaryOpExpr:
		w.binary(x, names)
	case *hclsyntax.UnaryOpExpr:
		w.visit(x.Val, converts, names)
	case *hclsyntax.IndexExpr:
		w.visit(x.Collection, d.below(), names)
		w.visit(x.Key, converts, names)
	case *hclsyntax.RelativeTraversalExpr:
		w.visit(x.Source, d.below(), names)
	case *hclsyntax.SplatExpr:
		w.visit(x.Source, d, names)
	case *hclsyntax.ForExpr:
		w.loop(x, d, names)
	case *hclsyntax.FunctionCallExpr:
		w.call(x, d, names)
	}
}

// arm visits an arm of a conditional. Both get one type: what the consumer does
// not tell apart, the other arm may.
func (w *demander) arm(x hclsyntax.Expression, d demand, names *binding) {
	switch c, isCalled := bare(x).(*hclsyntax.FunctionCallExpr); {
	case d > converts:
		d = d.with(exactly)
		w.armed(x)
		w.visit(x, d, names)
		if !isDirect(bare(x)) {
			w.emptied(x)
		}
	case isCalled && w.argument(c.Name, 0, members) >= members:
		w.visit(x, members, names) // what it passes on meets the members of the other arm as they are written
	default:
		w.visit(x, d, names)
	}
	for _, ref := range lang.Variables(x) {
		if d == converts && (ref.RootName() == "local" || names.find(ref.RootName()) != nil) {
			w.reference(ref, exactly, names)
		}
	}
	w.taken(x, names)
}

// emptied notes what an arm is made of, by functions that pass their arguments on and
// by local values: a loop among it that goes over nothing would leave the type of both
// arms to the other one.
func (w *demander) emptied(x hclsyntax.Expression) {
	x = bare(x)
	if w.empty[x] {
		return
	}
	w.empty[x] = true
	switch x := x.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		if x.Traversal.RootName() != "local" || len(x.Traversal) < 2 {
			return
		}
		if a, ok := x.Traversal[1].(hcl.TraverseAttr); ok && w.local(a.Name) != nil {
			w.emptied(w.local(a.Name).Attr.Expr)
		}
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			w.emptied(e)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, it := range x.Items {
			w.emptied(it.ValueExpr)
		}
	case *hclsyntax.ConditionalExpr:
		w.emptied(x.TrueResult)
		w.emptied(x.FalseResult)
	case *hclsyntax.IndexExpr:
		w.emptied(x.Collection)
	case *hclsyntax.RelativeTraversalExpr:
		w.emptied(x.Source)
	case *hclsyntax.SplatExpr:
		w.emptied(x.Source)
	case *hclsyntax.FunctionCallExpr:
		for i, a := range x.Args {
			if w.argument(x.Name, i, exactly) >= members {
				w.emptied(a)
			}
		}
	}
}

// armed notes the conditional that an arm is, by itself or by the name of a local
// value.
func (w *demander) armed(x hclsyntax.Expression) {
	x = bare(x)
	if ref, ok := x.(*hclsyntax.ScopeTraversalExpr); ok && ref.Traversal.RootName() == "local" && len(ref.Traversal) == 2 {
		if a, ok := ref.Traversal[1].(hcl.TraverseAttr); ok && w.local(a.Name) != nil {
			x = bare(w.local(a.Name).Attr.Expr)
		}
	}
	if c, ok := x.(*hclsyntax.ConditionalExpr); ok {
		w.arms[c] = true
	}
}

// isDirect says whether an arm is a reference to something but a local value: what it
// stands for is written beside the other arm, and with regard to it.
func isDirect(x hclsyntax.Expression) bool {
	ref, ok := x.(*hclsyntax.ScopeTraversalExpr)
	return ok && ref.Traversal.RootName() != "local"
}

// bare returns an expression without the parentheses around it.
func bare(x hclsyntax.Expression) hclsyntax.Expression {
	for {
		p, ok := x.(*hclsyntax.ParenthesesExpr)
		if !ok {
			return x
		}
		x = p.Expression
	}
}

// taken asks for the types of the members of what an arm takes one out of: the arm
// as a whole may be written with its type, and what it comes from would stay loose.
func (w *demander) taken(x hclsyntax.Expression, names *binding) {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		w.taken(x.Expression, names)
	case *hclsyntax.IndexExpr:
		w.visit(x.Collection, members, names)
	case *hclsyntax.RelativeTraversalExpr:
		w.taken(x.Source, names)
	case *hclsyntax.SplatExpr:
		w.taken(x.Source, names)
	case *hclsyntax.ForExpr:
		w.visit(x, members, names)
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			w.taken(e, names)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, it := range x.Items {
			w.taken(it.ValueExpr, names)
		}
	case *hclsyntax.FunctionCallExpr:
		if isCall(x, "try") {
			for _, a := range x.Args {
				w.taken(a, names)
			}
		}
	}
}

// makesAlike records what a function asks of the names in its arguments that are
// bound, where the consumer sees the types of what is inside: it makes that alike
// only of a map or a list, not of the object or tuple that a name may stand for.
func (w *demander) makesAlike(x *hclsyntax.FunctionCallExpr, d demand, names *binding) {
	if d < elements {
		return
	}
	switch {
	case isCall(x, "lookup") && len(x.Args) == 3:
		w.bound(x.Args[0], exactly, names)
	case isCall(x, "concat") && !slices.ContainsFunc(x.Args, isTuple):
		for _, a := range x.Args {
			w.bound(a, exactly, names)
		}
	}
}

func isTuple(x hclsyntax.Expression) bool {
	_, ok := x.(*hclsyntax.TupleConsExpr)
	return ok
}

// bound records what is asked of the names in an expression that a for, a for_each
// or a dynamic block binds.
func (w *demander) bound(x hclsyntax.Expression, d demand, names *binding) {
	for _, ref := range lang.Variables(x) {
		if names.find(ref.RootName()) != nil {
			w.reference(ref, d, names)
		}
	}
}

func (w *demander) binary(x *hclsyntax.BinaryOpExpr, names *binding) {
	d := converts
	switch {
	case binaryPrec(x.Op) != precEqual:
	case !isPlain(x.LHS) && !isPlain(x.RHS):
		d = precisely
	case chosen(x.LHS) || chosen(x.RHS):
		d = elements // a number is not equal to a string
	}
	w.visit(x.LHS, d, names)
	w.visit(x.RHS, d, names)
}

// chosen says whether a part of an expression is one of several values that
// Terraform makes alike: an arm of a conditional, the default of lookup, a member of
// what concat makes.
func chosen(x hclsyntax.Expression) bool {
	found := false
	lang.Visit(x, func(n hclsyntax.Node) {
		switch n := n.(type) {
		case *hclsyntax.ConditionalExpr:
			found = true
		case *hclsyntax.FunctionCallExpr:
			found = found || isCall(n, "concat") || isCall(n, "lookup")
		}
	})
	return found
}

// isPlain says whether an expression is null, a string, a number or a bool
// whatever happens: what is compared with it is no list or map, or is unequal.
func isPlain(x hclsyntax.Expression) bool {
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.TemplateExpr, *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr:
		return true
	case *hclsyntax.ParenthesesExpr:
		return isPlain(x.Expression)
	}
	return false
}

func (w *demander) loop(x *hclsyntax.ForExpr, d demand, names *binding) {
	val := &binding{name: x.ValVar, parent: names}
	inner := val
	if x.KeyVar != "" {
		inner = &binding{name: x.KeyVar, parent: val}
	}
	if x.KeyExpr != nil {
		w.visit(x.KeyExpr, converts, inner)
	}
	w.visit(x.ValExpr, d.inside(), inner)
	if x.CondExpr != nil {
		w.visit(x.CondExpr, converts, inner)
	}
	w.visit(x.CollExpr, val.asked.below(), names)
}

// reference records what is asked of the name that a reference starts with.
func (w *demander) reference(ref hcl.Traversal, d demand, names *binding) {
	steps := len(ref) - 1
	b := names.find(ref.RootName())
	switch {
	case b != nil:
		if b.name == "each" || isIterator(b, ref) {
			steps--
		}
		if steps > 0 && d > elements {
			d = d.with(exactly) // of a member, which may be anything
		}
		b.asked = b.asked.with(d)
	case (ref.RootName() == "local" || ref.RootName() == "var") && len(ref) > 1:
		a, ok := ref[1].(hcl.TraverseAttr)
		if !ok {
			return
		}
		if steps > 1 {
			d = d.below()
		}
		of := w.vars
		if ref.RootName() == "local" {
			of = w.locals
			if d.with(of[a.Name]) != of[a.Name] {
				w.again = append(w.again, a.Name)
			}
		}
		of[a.Name] = of[a.Name].with(d)
	}
}

// isIterator says whether a reference takes the value of a dynamic block's
// iterator.
func isIterator(_ *binding, ref hcl.Traversal) bool {
	if len(ref) < 2 {
		return false
	}
	a, ok := ref[1].(hcl.TraverseAttr)
	return ok && (a.Name == "value" || a.Name == "key")
}

// argument returns what a function asks of its argument i, when d is asked of its
// result.
func (w *demander) argument(name string, i int, d demand) demand {
	name = functions.Name(name)
	about, _ := functions.Lookup(name)
	switch {
	case about.Has(functions.Blind):
		return elements
	case about.Has(functions.Passes):
		return d
	case name == "can":
		return converts
	case name == "flatten", name == "element":
		return d.below()
	case d == precisely && madeAlike(name):
		return d
	case name == "lookup" && i == 0:
		return d.below()
	case name == "lookup" && i == 2:
		return d
	case name == "contains", name == "index":
		if i == 0 {
			return members
		}
		return exactly
	case madeAlike(name), slices.Contains([]string{"matchkeys", "templatefile", "templatestring"}, name):
		return members.with(d.below())
	}
	f, ok := w.funcs[name]
	if !ok {
		return exactly.with(d)
	}
	if p := parameter(f, i); p != nil && p.Type != cty.DynamicPseudoType && !p.Type.HasDynamicTypes() {
		return converts
	}
	return exactly.with(d)
}

// madeAlike says whether a function makes a list, set or map of the members of its
// arguments: a null among them must be like the others.
func madeAlike(name string) bool {
	return slices.Contains([]string{"tolist", "toset", "tomap", "distinct", "setunion", "setintersection", "setsubtract"}, name)
}

// flattened visits an argument of flatten: what is a list there is not told from a
// tuple, at any depth.
func (w *demander) flattened(x hclsyntax.Expression, d demand, names *binding) {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		w.flattened(x.Expression, d, names)
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			w.flattened(e, d, names)
		}
	case *hclsyntax.ConditionalExpr:
		w.of[x] = elements.with(w.of[x])
		w.visit(x.Condition, converts, names)
		w.flattened(x.TrueResult, d, names)
		w.flattened(x.FalseResult, d, names)
	default:
		w.visit(x, d, names)
	}
}

// splats says whether something in an expression goes over what it takes apart.
func splats(x hclsyntax.Expression) bool {
	found := false
	lang.Visit(x, func(n hclsyntax.Node) {
		_, splat := n.(*hclsyntax.SplatExpr)
		found = found || splat
	})
	return found
}

// chooses says whether an expression is one of several, of which it may be open
// which.
func chooses(x hclsyntax.Expression) bool {
	switch x := x.(type) {
	case *hclsyntax.ConditionalExpr:
		return true
	case *hclsyntax.IndexExpr, *hclsyntax.RelativeTraversalExpr:
		return true
	case *hclsyntax.ParenthesesExpr:
		return chooses(x.Expression)
	case *hclsyntax.FunctionCallExpr:
		return slices.Contains([]string{"try", "coalesce", "one", "element", "merge"}, functions.Name(x.Name))
	}
	return false
}

func (w *demander) call(x *hclsyntax.FunctionCallExpr, d demand, names *binding) {
	w.makesAlike(x, d, names)
	for i, a := range x.Args {
		asked := w.argument(x.Name, i, d)
		switch name := functions.Name(x.Name); {
		case name == "can" && splats(a):
			asked = exactly // a splat of an empty list fails where it would fail for a member, one of an empty tuple does not
		case asked == converts || !chooses(a):
		case name == "lookup" && i == 0:
			asked = precisely // whether it converts its default is open till then
		case name == "concat" && !slices.ContainsFunc(x.Args, isTuple):
			asked = asked.with(exactly) // it makes members of lists alike, not of tuples
		}
		if x.ExpandFinal && i == len(x.Args)-1 {
			asked = asked.below()
		}
		if asked > elements && functions.Name(x.Name) == "flatten" {
			w.flattened(a, asked.inside(), names)
			continue
		}
		w.visit(a, asked, names)
	}
}
