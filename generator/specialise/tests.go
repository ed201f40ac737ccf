package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// Tests specialises the run blocks of the template's test files for the linked
// module. Runs and assertions about what is left out go with it; so does a run
// that needs another value for what is a constant now. The outputs are those of
// the component itself.
func Tests(in Input, comp *Component) ([]*ir.Block, hcl.Diagnostics) {
	c := newComponent(in)
	c.ev.root = func(ref hcl.Traversal, s *scope) (Result, int) {
		if a, ok := secondStep(ref).(hcl.TraverseAttr); ok {
			switch ref.RootName() {
			case "output":
				if r, ok := comp.Outputs[a.Name]; ok {
					return c.meantBy(a.Name, r), 2
				}
			case "local":
				return c.meant(a.Name, ref.SourceRange()), 2
			}
		}
		return c.root(ref, s)
	}
	c.declare()
	c.ev.revive = nil // a test speaks of what is there
	c.begins()
	c.speak()
	for _, f := range in.Template.Files {
		c.cut(f)
	}
	c.checks = map[string]bool{}
	for _, b := range comp.Blocks {
		if b.Kind == "check" {
			c.checks[b.Address] = true
		}
	}
	var out []*ir.Block
	for _, f := range in.Template.Tests {
		c.cut(f)
		for _, b := range f.Body.Blocks {
			if c.ev.sources.isCut(b.TypeRange) {
				continue
			}
			if run := c.test(b, comp); run != nil {
				out = append(out, run)
			}
		}
	}
	return out, spent(c.ev.purse(), c.diags)
}

// test returns what becomes of a block of a test file, nil when it goes.
func (c *component) test(b *hclsyntax.Block, comp *Component) *ir.Block {
	switch {
	case strings.HasPrefix(b.Type, "override_"):
		c.diags = append(c.diags, diag.Error(b.DefRange(), "Override of a whole file", "The runs of all templates share the files of the linked module's tests, where this would override the object for other runs as well. Move the block into each run that needs it."))
	case b.Type == "run" && len(b.Labels) != 1:
		c.diags = append(c.diags, diag.Error(b.DefRange(), "Wrong number of labels", "A run block must have 1 label, not %d.", len(b.Labels)))
	case b.Type == "run":
		return c.run(b, comp)
	}
	return nil
}

// run returns what becomes of a run, nil when it goes.
func (c *component) run(b *hclsyntax.Block, comp *Component) *ir.Block {
	if a := b.Body.Attributes["expect_failures"]; a != nil {
		if !c.expects(a, comp) || c.unsettable(b) {
			return nil
		}
	}
	if c.contradicts(b) {
		return nil
	}
	var edits []edit
	asserts := 0
	for _, n := range b.Body.Blocks {
		switch n.Type {
		case "module":
			return nil
		case "variables":
			edits = append(edits, c.runVariables(n)...)
		case "assert":
			if c.ev.sources.isCut(n.TypeRange) {
				continue
			}
			e, keep := c.assertion(n)
			edits = append(edits, e...)
			if keep {
				asserts++
			}
		case "override_resource", "override_data", "override_module":
			edits = append(edits, c.override(n)...)
		}
	}
	if a := b.Body.Attributes["expect_failures"]; a != nil {
		edits = append(edits, c.failures(a)...)
		asserts++
	}
	if asserts == 0 {
		return nil
	}
	name := Prefixed(c.in.Name, nil, b.Labels[0])
	edits = append(edits, edit{b.LabelRanges[0].Start.Byte, b.LabelRanges[0].End.Byte, Quote(name)})
	return c.code(b, edits)
}

// override renames what an override block of a run replaces, and specialises the
// values. It goes with its object.
func (c *component) override(n *hclsyntax.Block) []edit {
	gone := []edit{c.remove(blockRange(n))}
	if c.ev.sources.isCut(n.TypeRange) {
		return nil
	}
	a := n.Body.Attributes["target"]
	if a == nil {
		return nil // Terraform says so
	}
	text, exists := c.renamed(a.Expr)
	if !exists {
		return gone
	}
	rng := a.Expr.Range()
	if n.Type == "override_module" && c.writtenInline(a.Expr) {
		c.diags = append(c.diags, diag.Error(rng, "Override of a module that is written inline", "The linked module has the resources of this module, and not the module. Override the resources: the target of override_resource may be module.NAME.TYPE.NAME."))
		return gone
	}
	edits := []edit{{rng.Start.Byte, rng.End.Byte, text}}
	for _, name := range []string{"values", "outputs"} {
		a := n.Body.Attributes[name]
		if a == nil {
			continue
		}
		r := c.ev.eval(a.Expr, nil)
		switch rng := a.Expr.Range(); {
		case r.Err != nil:
			c.diags = append(c.diags, r.Err)
		case r.Changed:
			edits = append(edits, edit{rng.Start.Byte, rng.End.Byte, r.top()})
		}
	}
	return edits
}

// writtenInline says whether a target is a module that the linked module has no
// call of.
func (c *component) writtenInline(x hclsyntax.Expression) bool {
	ref, diags := hcl.AbsTraversalForExpr(x)
	if diags.HasErrors() || ref.RootName() != "module" {
		return false
	}
	addr, _ := template.ObjectAddress(ref)
	o := c.objects[addr]
	return o != nil && c.inline(o)
}

// failures renames the members of expect_failures.
func (c *component) failures(a *hclsyntax.Attribute) []edit {
	list, _ := hcl.ExprList(a.Expr)
	var edits []edit
	for _, x := range list {
		ref, diags := hcl.AbsTraversalForExpr(x)
		if diags.HasErrors() {
			continue
		}
		var text string
		if name, ok := ref[1].(hcl.TraverseAttr); ok && ref.RootName() == "var" {
			variable, _ := c.settable(name.Name)
			text = "var." + variable
		} else if ok && ref.RootName() == "check" {
			text = c.checkAddress(name.Name)
		} else if x, ok := x.(hclsyntax.Expression); ok {
			text, _ = c.renamed(x)
		}
		edits = append(edits, edit{x.Range().Start.Byte, x.Range().End.Byte, text})
	}
	return edits
}

// expects says whether every object that a run expects to fail is still there: of
// a variable that is bound to one of the module, the validation that moves there.
func (c *component) expects(a *hclsyntax.Attribute, comp *Component) bool {
	list, diags := hcl.ExprList(a.Expr)
	if diags.HasErrors() {
		return false
	}
	for _, x := range list {
		ref, diags := hcl.AbsTraversalForExpr(x)
		if diags.HasErrors() || len(ref) < 2 {
			return false
		}
		if ref.RootName() == "var" {
			if name, ok := ref[1].(hcl.TraverseAttr); !ok || !c.refuses(name.Name, comp) {
				return false
			}
			continue
		}
		if name, ok := ref[1].(hcl.TraverseAttr); ok && ref.RootName() == "check" {
			if !c.checks[c.checkAddress(name.Name)] {
				return false
			}
			continue
		}
		addr, _ := template.ObjectAddress(ref)
		o := c.objects[addr]
		if o == nil {
			return false
		}
		if c.resolve(o); o.mode == dropped {
			return false
		}
	}
	return true
}

// refuses says whether a variable of the module refuses values for one of the
// template.
func (c *component) refuses(name string, comp *Component) bool {
	if _, bound := c.in.Bound[name]; !bound {
		return true
	}
	variable, ok := c.settable(name)
	return ok && slices.ContainsFunc(comp.Pending, func(p Pending) bool {
		return p.Variable == name && refersOnly(p.Condition.Top(), "var."+variable)
	})
}

// refersOnly says whether an expression refers to one object and nothing else: a
// validation that does is one of that variable in the module.
func refersOnly(text, address string) bool {
	expr, diags := guard.PrintedExpression([]byte(text))
	if diags.HasErrors() {
		return false
	}
	refs := lang.Addresses(expr)
	return len(refs) == 1 && refs[address]
}

// checkAddress returns the address that a check of the template has in the module.
func (c *component) checkAddress(name string) string {
	return "check." + Prefixed(c.in.Name, c.in.Prefix, name)
}

// contradicts says whether a run gives a variable another value than the
// constant that it became. The values at the head of a test file serve the
// template alone and do not count.
func (c *component) contradicts(b *hclsyntax.Block) bool {
	given := map[string]hclsyntax.Expression{}
	for _, n := range b.Body.Blocks {
		if n.Type != "variables" || c.ev.sources.isCut(n.TypeRange) {
			continue
		}
		for name, a := range n.Body.Attributes {
			given[name] = a.Expr
		}
	}
	if c.setsTwice(given) {
		return true
	}
	for name, x := range given {
		r, ok := c.in.Bound[name]
		v := c.in.Template.Variable(name)
		if !ok || v == nil || !r.Known() {
			continue
		}
		val, diags := budget.Constant(x)
		if diags.HasErrors() {
			return true
		}
		conv, err := v.Convert(val)
		if err != nil {
			return true
		}
		have, _ := r.Val.UnmarkDeep()
		if !conv.RawEquals(have) {
			return true
		}
	}
	return false
}

// setsTwice says whether values are given to variables that are one in the module.
func (c *component) setsTwice(given map[string]hclsyntax.Expression) bool {
	seen := map[string]bool{}
	for name := range given {
		variable, ok := c.settable(name)
		if ok && seen[variable] {
			return true
		}
		seen[variable] = ok
	}
	return false
}

// settable returns the variable of the module by which a test sets one of the
// template: its own, or the one that it is bound to and nothing else.
func (c *component) settable(name string) (string, bool) {
	r, bound := c.in.Bound[name]
	if !bound {
		exposed, ok := c.in.Exposed[name]
		return exposed, ok
	}
	variable, ok := strings.CutPrefix(r.text, "var.")
	return variable, ok && !r.Known() && lang.Identifier(variable)
}

// unsettable says whether a run sets a variable that a test of the module
// cannot set, so that what it expects does not come about.
func (c *component) unsettable(b *hclsyntax.Block) bool {
	for _, n := range b.Body.Blocks {
		if n.Type != "variables" {
			continue
		}
		for name := range n.Body.Attributes {
			if r, bound := c.in.Bound[name]; bound && !r.Known() {
				if _, ok := c.settable(name); !ok {
					return true
				}
			}
		}
	}
	return false
}

// runVariables renames what stays a variable and removes the rest.
func (c *component) runVariables(n *hclsyntax.Block) []edit {
	var edits []edit
	kept := 0
	for _, a := range template.SortedAttributes(n.Body) {
		name, ok := c.settable(a.Name)
		if !ok {
			edits = append(edits, c.remove(a.SrcRange))
			continue
		}
		kept++
		edits = append(edits, edit{a.NameRange.Start.Byte, a.NameRange.End.Byte, name})
		if r := c.ev.eval(a.Expr, nil); len(lang.Variables(a.Expr)) > 0 && r.Err == nil && r.Changed {
			edits = append(edits, edit{a.Expr.Range().Start.Byte, a.Expr.Range().End.Byte, r.top()})
		}
	}
	if kept == 0 {
		return []edit{c.remove(blockRange(n))}
	}
	return edits
}

// meant returns what a local value stands for, with those in it written out: the
// linked module has only those that its code uses.
func (c *component) meant(name string, rng hcl.Range) Result {
	l := c.in.Template.Locals[name]
	if l == nil || l.Keep || c.open["local."+name] {
		return c.local(name, rng)
	}
	c.open["local."+name] = true
	defer delete(c.open, "local."+name)
	r := c.ev.eval(l.Attr.Expr, nil).moved()
	if varies(r) {
		return Reference("local."+name, typeOrDynamic(r.Type)) // what it is, only the module knows
	}
	r.heredoc = ""
	return r
}

// meantBy returns what an output of the component is, without the local values that
// its text refers to.
func (c *component) meantBy(name string, r Result) Result {
	if text := r.Text(); r.Err != nil || !rootOccurs(text, "local") || !refersTo(text, "local") || c.open["output."+name] {
		return r
	}
	for _, o := range c.in.Template.Outputs {
		if o.Name != name {
			continue
		}
		c.open["output."+name] = true
		defer delete(c.open, "output."+name)
		r = c.ev.eval(o.Value, nil).moved()
		if r.heredoc = ""; o.Sensitive && r.Err == nil {
			r = veil(r)
		}
	}
	return r
}

// assertion specialises an assertion, and says whether it stays.
func (c *component) assertion(n *hclsyntax.Block) ([]edit, bool) {
	gone := []edit{c.remove(blockRange(n))}
	a := n.Body.Attributes["condition"]
	if a == nil {
		return gone, false
	}
	r := c.ev.eval(a.Expr, nil)
	if r.Err != nil {
		return gone, false
	}
	if r.Known() && r.Changed {
		return gone, false
	}
	if text := r.Text(); rootOccurs(text, "local") && refersTo(text, "local") {
		c.diags = append(c.diags, diag.Error(a.Expr.Range(), "Assertion about a local value", "A test of the linked module cannot read this local value, which may be written elsewhere there or not at all. Write the assertion about what the value is for: an argument of a resource, or an output."))
		return gone, false
	}
	var edits []edit
	if r.Changed {
		rng := a.Expr.Range()
		edits = append(edits, edit{rng.Start.Byte, rng.End.Byte, r.top()})
	}
	if m := n.Body.Attributes["error_message"]; m != nil {
		msg := c.ev.eval(m.Expr, nil)
		if msg.Err == nil && msg.Changed {
			rng := m.Expr.Range()
			edits = append(edits, edit{rng.Start.Byte, rng.End.Byte, msg.top()})
		}
	}
	return edits, true
}
