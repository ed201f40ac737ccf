package specialise

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// A bodyKind says what a missing argument means in a body.
type bodyKind int

const (
	arguments bodyKind = iota // a null argument is the same as none: resources and data sources
	exact                     // every argument counts: module calls, outputs, checks
)

// staticArguments are references by name, which are renamed but never
// evaluated.
var staticArguments = map[string]bool{"provider": true, "providers": true, "ignore_changes": true, "depends_on": true, "replace_triggered_by": true, "action_trigger": true}

// body returns the edits that specialise a block's body.
func (c *component) body(b *hclsyntax.Block, kind bodyKind, s *scope) []edit {
	src := c.ev.sources[b.TypeRange.Filename]
	var edits []edit
	for _, a := range template.SortedAttributes(b.Body) {
		if src.cut(a.NameRange.Start.Byte) {
			continue
		}
		edits = append(edits, c.argument(b, a, kind, s)...)
	}
	for _, n := range b.Body.Blocks {
		if src.cut(n.TypeRange.Start.Byte) {
			continue
		}
		edits = append(edits, c.nested(n, kind, s)...)
	}
	return edits
}

func (c *component) argument(b *hclsyntax.Block, a *hclsyntax.Attribute, kind bodyKind, s *scope) []edit {
	if b.Type == "provisioner" && (a.Name == "when" || a.Name == "on_failure") {
		return nil
	}
	if staticArguments[a.Name] && (b.Type == "lifecycle" || isMetaHolder(b.Type) || b.Type == "output") {
		return c.static(a, s)
	}
	if kind == arguments && !transient(b, a) {
		c.lasts(a.Expr, "the argument "+strconv.Quote(a.Name))
	}
	r := c.ev.whole(a.Expr, s)
	if r.Err != nil {
		if edits, ok := c.failingArgument(b, a, s, r.Err); ok {
			return edits
		}
		c.report(r.Err)
		return nil
	}
	if r.IsNull() && kind == arguments {
		return []edit{c.remove(a.SrcRange)}
	}
	if !r.Changed {
		return nil
	}
	text := c.ev.putTop(a.Expr, r)
	if oneLine(b) {
		text = c.ev.putText(a.Expr, r) // a heredoc needs lines of its own
	}
	rng := a.Expr.Range()
	return []edit{{rng.Start.Byte, rng.End.Byte, text}}
}

// oneLine says whether a block is written as { name = value }.
func oneLine(b *hclsyntax.Block) bool {
	for _, a := range b.Body.Attributes {
		return a.NameRange.Start.Line == b.OpenBraceRange.Start.Line
	}
	return false
}

// failingArgument keeps an argument that fails, in a block that may have no
// instance. Terraform would evaluate constants before it knows whether there is
// one, so they stand behind a condition that it cannot decide until then.
func (c *component) failingArgument(b *hclsyntax.Block, a *hclsyntax.Attribute, s *scope, cause *hcl.Diagnostic) ([]edit, bool) {
	never := s.neverTrue()
	if never == "" {
		return nil, false
	}
	traces := c.traces
	r := c.ev.verbatim(a.Expr, s)
	if r.Err != nil {
		return nil, false
	}
	rng := a.Expr.Range()
	if cause.Summary == droppedSummary && c.traces > traces {
		return []edit{{rng.Start.Byte, rng.End.Byte, r.Text()}}, true // nothing that Terraform looks at early
	}
	guarded := edit{rng.Start.Byte, rng.End.Byte, never + " ? null : " + r.operand(precConditional)}
	if oneLine(b) {
		return []edit{guarded}, true
	}
	return []edit{
		{a.NameRange.Start.Byte, a.NameRange.End.Byte, "# With the chosen options this fails as soon as there is an instance.\n" + a.Name},
		guarded,
	}, true
}

func isMetaHolder(blockType string) bool {
	switch blockType {
	case "resource", "data", "ephemeral", "module":
		return true
	}
	return false
}

// static renames the references of an argument that Terraform reads by name.
func (c *component) static(a *hclsyntax.Attribute, s *scope) []edit {
	src := c.ev.sources[a.SrcRange.Filename]
	list, isList := a.Expr.(*hclsyntax.TupleConsExpr)
	if !isList {
		if name, _, ok := quotedReference(a.Expr); ok && a.Name == "provider" {
			return []edit{{a.Expr.Range().Start.Byte, a.Expr.Range().End.Byte, name}}
		}
		return nil
	}
	var edits []edit
	kept := 0
	for i, x := range list.Exprs {
		if src.cut(x.Range().Start.Byte) {
			continue
		}
		if a.Name == "ignore_changes" || a.Name == "provider" || a.Name == "providers" {
			kept++
			if name, _, ok := quotedReference(x); ok && a.Name == "ignore_changes" {
				edits = append(edits, edit{x.Range().Start.Byte, x.Range().End.Byte, name})
			}
			continue
		}
		texts := c.dependency(x, a.Name == "replace_triggered_by", s)
		if len(texts) == 0 {
			edits = append(edits, c.removeElement(src, list, i))
			continue
		}
		kept++
		edits = append(edits, edit{x.Range().Start.Byte, x.Range().End.Byte, strings.Join(texts, separator(src, x.Range()))})
	}
	if kept == 0 && len(list.Exprs) > 0 {
		return []edit{c.remove(a.SrcRange)}
	}
	return edits
}

// separator is what stands between the members that take the place of one: a
// new line when the one had a line of its own.
func separator(src *source, member hcl.Range) string {
	line := lineStart(src.src, member.Start.Byte)
	indent := src.src[line:member.Start.Byte]
	if len(bytes.TrimSpace(indent)) > 0 {
		return ", "
	}
	return ",\n" + string(indent)
}

// dependency returns what a member of depends_on or replace_triggered_by refers
// to in the linked module.
func (c *component) dependency(x hclsyntax.Expression, exactAddress bool, s *scope) []string {
	ref, ok := traversal(x)
	if !ok {
		r := c.ev.eval(x, s)
		if r.Err != nil {
			return nil
		}
		return []string{r.Text()}
	}
	switch ref.RootName() {
	case "var", "local":
		return c.referencesOf(c.ev.eval(x, s))
	}
	addr, n := template.ObjectAddress(ref)
	o := c.objects[addr]
	if o == nil {
		return []string{c.ev.sources.text(x.Range())}
	}
	c.resolve(o)
	if o.mode == dropped {
		return nil
	}
	if c.inline(o) {
		return o.child.everything()
	}
	text := o.address()
	if !exactAddress {
		return []string{text}
	}
	for i, step := range ref[n:] {
		if _, isIndex := step.(hcl.TraverseIndex); isIndex && i == 0 && o.mode == single {
			continue
		}
		text += c.ev.sources.text(step.SourceRange())
	}
	return []string{text}
}

// traversal returns the reference that an expression is, also a quoted one, as
// old modules write it in depends_on.
func traversal(x hclsyntax.Expression) (hcl.Traversal, bool) {
	if _, inner, ok := quotedReference(x); ok {
		return inner, true
	}
	ref, diags := hcl.AbsTraversalForExpr(x)
	return ref, !diags.HasErrors()
}

// quotedReference returns the reference that stands in quotes.
func quotedReference(x hclsyntax.Expression) (text string, ref hcl.Traversal, ok bool) {
	t, ok := x.(*hclsyntax.TemplateExpr)
	if !ok || !t.IsStringLiteral() {
		return "", nil, false
	}
	v, diags := t.Value(nil)
	if diags.HasErrors() {
		return "", nil, false
	}
	inner, diags := guard.ParseExpression([]byte(v.AsString()), x.Range().Filename, x.Range().Start)
	if diags.HasErrors() {
		return "", nil, false
	}
	ref, diags = hcl.AbsTraversalForExpr(inner)
	return v.AsString(), ref, !diags.HasErrors()
}

// referencesOf returns the objects that a residual depends on.
func (c *component) referencesOf(r Result) []string {
	if r.Err != nil || r.Known() {
		return nil
	}
	expr, diags := guard.PrintedExpression([]byte(r.Text()))
	if diags.HasErrors() {
		return nil
	}
	var out []string
	for _, t := range lang.Traversals(expr, nil) {
		if ref, ok := lang.Refer(t); ok && !ref.Kind.Word() && !slices.Contains(out, ref.Address()) {
			out = append(out, ref.Address())
		}
	}
	return out
}

// removeElement removes one element of a list with its comma.
func (c *component) removeElement(src *source, list *hclsyntax.TupleConsExpr, i int) edit {
	x := list.Exprs[i].Range()
	start, end := x.Start.Byte, x.End.Byte
	for at := blankEnd(src.src, end); bytes.HasPrefix(src.src[at:], []byte("/*")); at = blankEnd(src.src, end) {
		comment, ok := src.comments().Block(at)
		if !ok {
			break
		}
		end = comment.End
	}
	rest := src.src[end:]
	blank := blankEnd(src.src, end) - end
	if blank < len(rest) && rest[blank] == ',' {
		end += blank + 1
		for end < len(src.src) && (src.src[end] == ' ' || src.src[end] == '\t') {
			end++
		}
	} else if i > 0 {
		start = list.Exprs[i-1].Range().End.Byte
	}
	if line := lineStart(src.src, start); len(bytes.TrimSpace(src.src[line:start])) == 0 && end < len(src.src) && src.src[end] == '\n' {
		return edit{line, end + 1, ""}
	}
	return edit{start, end, ""}
}

// blankEnd returns the end of the blanks that start at a byte.
func blankEnd(src []byte, at int) int {
	return len(src) - len(bytes.TrimLeft(src[at:], " \t"))
}

// remove removes an argument or block with the comments that belong to it.
func (c *component) remove(rng hcl.Range) edit {
	src := c.ev.sources[rng.Filename]
	span := itemSpan(src, rng.Start.Byte, rng.End.Byte)
	return edit{span.Start, span.End, ""}
}

// itemSpan extends an item to whole lines: over the comment lines directly
// above and over a comment behind.
func itemSpan(src *source, start, end int) template.Span {
	first := lineStart(src.src, start)
	eol := template.LineEnd(src.src, end)
	tail := bytes.TrimSpace(src.src[end:eol])
	if len(bytes.TrimSpace(src.src[first:start])) > 0 || len(tail) > 0 && tail[0] != '#' && !bytes.HasPrefix(tail, []byte("//")) {
		return template.Span{Start: start, End: end}
	}
	// Lines that a directive cuts out count as comments.
	return template.Span{Start: src.comments().Above(first), End: eol}
}

func lineStart(src []byte, at int) int { return bytes.LastIndexByte(src[:at], '\n') + 1 }

// nested specialises a block inside a block.
func (c *component) nested(n *hclsyntax.Block, kind bodyKind, s *scope) []edit {
	switch n.Type {
	case "dynamic":
		return c.dynamic(n, kind, s)
	case "precondition", "postcondition", "assert", "validation":
		return c.condition(n, s)
	case "lifecycle":
		edits := c.body(n, kind, s)
		if c.emptied(n, edits) {
			return []edit{c.remove(blockRange(n))}
		}
		return edits
	}
	return c.body(n, kind, s)
}

func blockRange(b *hclsyntax.Block) hcl.Range {
	return hcl.RangeBetween(b.TypeRange, b.CloseBraceRange)
}

// emptied says whether the edits leave nothing of a block's body.
func (c *component) emptied(b *hclsyntax.Block, edits []edit) bool {
	src := c.ev.sources[b.TypeRange.Filename]
	inner := src.apply(b.OpenBraceRange.End.Byte, b.CloseBraceRange.Start.Byte, edits)
	return strings.TrimSpace(inner) == ""
}

// condition folds a precondition, postcondition, assert or validation: true
// disappears, false is an error with the message that its author wrote.
func (c *component) condition(n *hclsyntax.Block, s *scope) []edit {
	a := n.Body.Attributes["condition"]
	if a == nil {
		return c.body(n, exact, s)
	}
	if c.within != nil && c.within.mode == dropped {
		return []edit{c.remove(blockRange(n))} // nothing is ever asked of it
	}
	r := c.ev.eval(a.Expr, s)
	if r.Err != nil {
		if edits, ok := c.failingArgument(n, a, s, r.Err); ok {
			c.asserts++
			return append(edits, c.message(n, s)...)
		}
		c.report(r.Err)
		return nil
	}
	b, ok := knownBool(r)
	if s.neverTrue() != "" && (ok && !b || !ok && !refersTo(r.Text(), "")) {
		c.asserts++
		if edits, ok := c.failsLater(n, a, s); ok {
			return edits
		}
		return c.unheld(n, a, s)
	}
	if !ok || !r.Changed || r.Sensitive {
		c.asserts++
		return c.body(n, exact, s)
	}
	if !b {
		c.diags = append(c.diags, c.violated(n, a.Expr.Range(), s))
	}
	return []edit{c.remove(blockRange(n))}
}

// unheld keeps a condition that is false, or is made of constants, for an object
// of which it is not decided whether there is any. Terraform asks that a condition
// refers to something, so it says of the instance that it may not be.
func (c *component) unheld(n *hclsyntax.Block, cond *hclsyntax.Attribute, s *scope) []edit {
	rng := cond.Expr.Range()
	return append(c.message(n, s), edit{rng.Start.Byte, rng.End.Byte, s.neverTrue()})
}

// failsLater keeps a condition that is false, in a block that may have no
// instance. Terraform takes no condition without a reference, so the constants in
// it become local values.
func (c *component) failsLater(n *hclsyntax.Block, cond *hclsyntax.Attribute, s *scope) ([]edit, bool) {
	ev := *c.ev
	ev.root = func(ref hcl.Traversal, s *scope) (Result, int) {
		name, _ := stepKey(secondStep(ref))
		if ref.RootName() == "var" {
			if r, bound := c.bound(name); bound && r.Known() && !r.Sensitive {
				return Reference(c.keep(name, "var_", kept{r, c.ev.demands().vars[name]}), r.Type), 2
			}
		}
		return c.root(ref, s)
	}
	r := ev.verbatim(cond.Expr, s)
	if r.Err != nil || len(c.referencesOf(r)) == 0 {
		return nil, false
	}
	edits := []edit{{cond.Expr.Range().Start.Byte, cond.Expr.Range().End.Byte, r.Text()}}
	return append(edits, c.message(n, s)...), true
}

// message returns the edits of a condition's message.
func (c *component) message(n *hclsyntax.Block, s *scope) []edit {
	if m := n.Body.Attributes["error_message"]; m != nil {
		return c.argument(n, m, exact, s)
	}
	return nil
}

// violated returns the error of a condition that is false under the chosen
// options, in the words of its error_message.
func (c *component) violated(n *hclsyntax.Block, rng hcl.Range, s *scope) *hcl.Diagnostic {
	text := "The condition is false with the chosen options."
	if m := n.Body.Attributes["error_message"]; m != nil {
		if r := c.ev.eval(m.Expr, s); r.Known() && !r.IsNull() && r.Type == cty.String {
			v, _ := r.Val.Unmark()
			text = v.AsString()
		}
	}
	return diag.Error(rng, "Invalid value for the chosen options", "%s\n\nThe check belongs to the component %q.", text, c.in.Name)
}

// dynamic unrolls a dynamic block over a collection whose members are known to
// exist, and specialises it otherwise.
func (c *component) dynamic(n *hclsyntax.Block, kind bodyKind, s *scope) []edit {
	each := n.Body.Attributes["for_each"]
	var content *hclsyntax.Block
	for _, b := range n.Body.Blocks {
		if b.Type == "content" {
			content = b
		}
	}
	if each == nil || content == nil || len(n.Labels) != 1 {
		c.errorf(n.DefRange(), "Invalid dynamic block", "A dynamic block must have one label, a for_each and a content block.")
		return nil
	}
	r := c.ev.evalIn(each.Expr, s)
	if r.Err != nil {
		c.diags = append(c.diags, r.Err)
		return nil
	}
	iterator := n.Labels[0]
	if a := n.Body.Attributes["iterator"]; a != nil {
		if ref, d := hcl.AbsTraversalForExpr(a.Expr); !d.HasErrors() {
			iterator = ref.RootName()
		}
	}
	if r.Known() && c.ev.unrolled(r.Val, n) != nil {
		return nil
	}
	elems, ok := r.elements()
	if !ok || r.Sensitive || varies(r) || n.Body.Attributes["labels"] != nil {
		return c.openDynamic(n, each, r, content, iterator, kind, s)
	}
	src := c.ev.sources[n.TypeRange.Filename]
	var out strings.Builder
	made := 0 // of its bytes, so far
	for i, el := range elems {
		it := objectOf([]string{"key", "value"}, map[string]Result{"key": el.key, "value": el.value})
		if !it.Known() {
			it.Attrs = map[string]Result{"key": el.key, "value": el.value}
		}
		if c.ev.purse().Make(out.Len()-made, n) != nil {
			return nil
		}
		made = out.Len()
		inner := s.bind(map[string]Result{iterator: it})
		edits := c.body(content, kind, inner)
		if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(n.Labels[0] + " {" + src.apply(content.OpenBraceRange.End.Byte, content.CloseBraceRange.Start.Byte, edits) + "}\n")
	}
	rng := blockRange(n)
	if len(elems) == 0 {
		return []edit{c.remove(rng)}
	}
	return []edit{{rng.Start.Byte, rng.End.Byte, strings.TrimSuffix(out.String(), "\n")}}
}

// openDynamic keeps a dynamic block and specialises what is in it. An iterator
// that would hide a reference gets another name.
func (c *component) openDynamic(n *hclsyntax.Block, each *hclsyntax.Attribute, r Result, content *hclsyntax.Block, iterator string, kind bodyKind, s *scope) []edit {
	elem := cty.Object(map[string]cty.Type{"key": cty.DynamicPseudoType, "value": elementType(r.Type)})
	name := iterator
	before := len(c.diags)
	for range attempts {
		inner := &scope{parent: s, tentative: true, never: name + ".key == null", names: map[string]Result{iterator: residual(name, precTerm, elem, name != iterator)}, opaque: map[string]bool{name: true}, captured: map[string]bool{}}
		edits := c.body(content, kind, inner)
		if a := n.Body.Attributes["labels"]; a != nil {
			edits = append(edits, c.argument(n, a, exact, inner)...)
		}
		if inner.captured[name] {
			c.diags = c.diags[:before]
			name = longer(name)
			continue
		}
		return append(edits, c.dynamicHead(n, each, r, name, name != iterator)...)
	}
	c.errorf(n.DefRange(), "Iterator hides a name", "In this dynamic block %q would hide something with the same name in the linked module. Set \"iterator\" to another name in the template.", iterator)
	return nil
}

// dynamicHead returns the edits of a dynamic block's for_each and, when it has
// another name, of its iterator.
func (c *component) dynamicHead(n *hclsyntax.Block, each *hclsyntax.Attribute, r Result, iterator string, renamed bool) []edit {
	var edits []edit
	text := c.ev.sources.text(each.Expr.Range())
	if r.Changed {
		text = c.ev.putTop(each.Expr, r)
	}
	if renamed {
		if a := n.Body.Attributes["iterator"]; a != nil {
			edits = append(edits, edit{a.Expr.Range().Start.Byte, a.Expr.Range().End.Byte, iterator})
		} else {
			text += "\niterator = " + iterator
		}
	}
	if r.Changed || renamed {
		edits = append(edits, edit{each.Expr.Range().Start.Byte, each.Expr.Range().End.Byte, text})
	}
	return edits
}
