package specialise

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/template"
)

// variables checks what is bound and specialises what stays a variable.
func (c *component) variables(out *Component) {
	for _, v := range c.in.Template.Variables {
		if c.call != nil && len(v.Block.Body.Blocks) == 0 {
			continue // evaluated when somebody asks
		}
		r, bound := c.bound(v.Name)
		if bound && r.Err != nil {
			c.diags = append(c.diags, r.Err)
			continue
		}
		for _, n := range v.Block.Body.Blocks {
			if n.Type == "validation" && bound && !c.ev.sources.isCut(n.TypeRange) {
				c.validation(out, v, n)
			}
		}
		if bound || c.ev.sources.isCut(v.Block.TypeRange) {
			continue
		}
		out.Variables = append(out.Variables, Variable{Name: c.in.Exposed[v.Name], Decl: v, Text: c.exposed(v)})
	}
}

// validation decides a validation of a bound variable, or leaves it pending.
func (c *component) validation(out *Component, v *template.Variable, n *hclsyntax.Block) {
	cond, msg := n.Body.Attributes["condition"], n.Body.Attributes["error_message"]
	if cond == nil {
		return
	}
	r := c.ev.eval(cond.Expr, nil)
	if r.Err != nil {
		c.diags = append(c.diags, r.Err)
		return
	}
	b, ok := knownBool(r)
	switch {
	case ok && b:
	case ok:
		c.diags = append(c.diags, c.violated(n, cond.Expr.Range(), nil))
	case msg != nil:
		out.Pending = append(out.Pending, Pending{Condition: r, Message: c.ev.eval(msg.Expr, nil), Variable: v.Name, Range: n.DefRange()})
	}
}

// exposed specialises the block of a variable that stays one.
func (c *component) exposed(v *template.Variable) string {
	edits := []edit{{v.Block.LabelRanges[0].Start.Byte, v.Block.LabelRanges[0].End.Byte, Quote(c.in.Exposed[v.Name])}}
	for _, n := range v.Block.Body.Blocks {
		if !c.ev.sources.isCut(n.TypeRange) {
			edits = append(edits, c.nested(n, exact, nil)...)
		}
	}
	return c.blockText(v.Block, edits)
}

// blockText returns a block's text with its leading comments and edits made.
func (c *component) blockText(b *hclsyntax.Block, edits []edit) string {
	src := c.ev.sources[b.TypeRange.Filename]
	span := itemSpan(src, b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte)
	return strings.TrimRight(src.apply(span.Start, span.End, edits), "\n") + "\n"
}

// blocks specialises everything but variables, outputs and terraform blocks.
func (c *component) blocks(out *Component) {
	for _, f := range c.in.Template.Files {
		src := c.ev.sources[f.Path]
		end := 0
		for _, b := range f.Body.Blocks {
			from := end
			end = b.CloseBraceRange.End.Byte
			if src.cut(b.TypeRange.Start.Byte) {
				continue
			}
			out.Blocks = append(out.Blocks, c.headed(out, src, from, b)...)
		}
	}
}

// headed returns what becomes of a block, with the heading in front of it, which
// may start at from.
func (c *component) headed(out *Component, src *source, from int, b *hclsyntax.Block) []Block {
	heading := c.heading(src, from, b)
	n := len(out.Blocks)
	c.block(out, b)
	made := slices.Clone(out.Blocks[n:])
	out.Blocks = out.Blocks[:n]
	if len(made) > 0 && heading != "" {
		made[0].Text = heading + "\n" + made[0].Text
	}
	return made
}

// keptLocals adds the local values that stand for bound variables. It comes
// last, when everything that may need one has been evaluated.
func (c *component) keptLocals(out *Component) {
	if len(c.kept) > 0 {
		var b strings.Builder
		for _, name := range sortedKeys(c.kept) {
			b.WriteString(Prefixed(c.in.Name, c.in.Prefix, name) + " = " + c.kept[name].value.speltTop(c.kept[name].demand) + "\n")
		}
		out.Blocks = append(out.Blocks, Block{Kind: "locals", Text: "locals {\n" + b.String() + "}\n", Origin: c.in.Template.Files[0].Body.SrcRange})
	}
}

// heading returns the comments in front of b that a blank line sets apart from
// it, such as the heading of a section.
func (c *component) heading(src *source, from int, b *hclsyntax.Block) string {
	if from > 0 {
		from = template.LineEnd(src.src, from)
	}
	to := itemSpan(src, b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte).Start
	if from >= to {
		return ""
	}
	text := strings.TrimSpace(src.slice(from, to))
	if text == "" {
		return ""
	}
	return text + "\n"
}

func (c *component) block(out *Component, b *hclsyntax.Block) {
	add := func(addr, text string) {
		out.Blocks = append(out.Blocks, Block{Kind: b.Type, Address: addr, Shared: isShared(b) && !c.standsApart(b), Used: c.used(b), Text: text, Origin: b.DefRange()})
	}
	switch b.Type {
	case "resource", "data", "ephemeral", "module":
		c.objectBlock(out, b, add)
	case "locals":
		if text := c.localsBlock(b); text != "" {
			add("", text)
		}
	case "moved", "removed", "import":
		if text := c.refactoring(b); text != "" {
			add("", text)
		}
	case "check":
		name := Prefixed(c.in.Name, c.in.Prefix, b.Labels[0])
		edits := c.body(b, exact, nil)
		if src := c.ev.sources[b.TypeRange.Filename]; !strings.Contains(src.apply(b.OpenBraceRange.End.Byte, b.CloseBraceRange.Start.Byte, edits), "assert") {
			return
		}
		edits = append(edits, edit{b.LabelRanges[0].Start.Byte, b.LabelRanges[0].End.Byte, Quote(name)})
		add(c.checkAddress(b.Labels[0]), c.blockText(b, edits))
	}
}

// used says whether the template itself refers to the object that a block
// declares.
func (c *component) used(b *hclsyntax.Block) bool {
	o := c.in.Template.Objects[template.Address(b.Type, labelAt(b, 0), labelAt(b, len(b.Labels)-1))]
	return o != nil && o.Uses > 0
}

func labelAt(b *hclsyntax.Block, i int) string {
	if i < 0 || i >= len(b.Labels) {
		return ""
	}
	return b.Labels[i]
}

func (c *component) objectBlock(out *Component, b *hclsyntax.Block, add func(addr, text string)) {
	addr := template.Address(b.Type, b.Labels[0], b.Labels[len(b.Labels)-1])
	o := c.objects[addr]
	c.resolve(o)
	if o.mode == dropped {
		return
	}
	if c.inline(o) {
		c.insert(out, o)
		return
	}
	s := c.instance(o)
	label := b.LabelRanges[len(b.LabelRanges)-1]
	var edits []edit
	kind := arguments
	if b.Type == "module" {
		kind = exact
	}
	waits := len(c.waits()) > 0
	if !o.exists {
		s = s.tentatively()
		s.never = map[mode]string{counted: "count.index < 0", keyed: "each.key == null"}[o.mode]
	}
	for _, a := range template.SortedAttributes(b.Body) {
		switch {
		case c.ev.sources.isCut(a.NameRange):
		case a.Name == "count" && o.mode == single:
			edits = append(edits, c.remove(a.SrcRange))
		case a.Name == "count" || a.Name == "for_each":
			edits = append(edits, c.argument(b, a, exact, nil)...)
		case a.Name == "source" && b.Type == "module":
			edits = append(edits, c.moduleSource(out, a)...)
		case c.call != nil && (a.Name == "provider" || a.Name == "depends_on" && waits): // see inherited
		case b.Type == "module" && (a.Name == "version" || a.Name == "providers"):
		default:
			edits = append(edits, c.argument(b, a, kind, s)...)
		}
	}
	for _, n := range b.Body.Blocks {
		if !c.ev.sources.isCut(n.TypeRange) {
			edits = append(edits, c.nested(n, kind, s)...)
		}
	}
	edits = append(edits, c.inherited(b)...)
	edits = append(edits, edit{label.Start.Byte, label.End.Byte, Quote(o.label)})
	text := c.blockText(b, edits)
	add(o.address(), text)
}

// moduleSource points a local child module to where its folder goes.
func (c *component) moduleSource(out *Component, a *hclsyntax.Attribute) []edit {
	v, diags := budget.Constant(a.Expr)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String {
		c.diags = append(c.diags, diag.Error(a.Expr.Range(), "Not a module source", "The source of a module call is a literal string."))
		return nil
	}
	from := v.AsString()
	if !strings.HasPrefix(from, "./") && !strings.HasPrefix(from, "../") {
		c.remote(a, from)
		return nil
	}
	clean := path.Join(c.in.Template.Sub, from)
	if strings.HasPrefix(clean, "..") || clean == c.in.Template.Sub {
		c.diags = append(c.diags, diag.Error(a.Expr.Range(), "Module outside the template", "%q lies outside the template. Keep child modules in a folder of the template, such as ./modules/name; where it is a module of the same repository, make the repository the template's folder, and name the template with its folder there, as in \"name//modules/one\".", from))
		return nil
	}
	if c.in.Template.Modules[clean] == nil {
		c.diags = append(c.diags, diag.Error(a.Expr.Range(), "Module not found", "The template has no folder %q.", clean))
		return nil
	}
	out.ModuleDir = "modules/" + c.top.in.Name
	c.stay(clean)
	rng := a.Expr.Range()
	return []edit{{rng.Start.Byte, rng.End.Byte, Quote("./" + c.modulePlace(clean))}}
}

// remote warns of a child module that lies elsewhere: the module cannot be read
// without it, and its maker may change it.
func (c *component) remote(a *hclsyntax.Attribute, from string) {
	c.diags = append(c.diags, diag.Warning(a.Expr.Range(), "Module from elsewhere", "The child module %q is not in the template, so that it stays a call: the linked module is no module without it. To have it specialised too, put its files into a folder of the template, such as ./modules/%s, and let source name that.", from, moduleName(from)))
}

// moduleName returns a name for the folder of a module from elsewhere.
func moduleName(from string) string {
	from, _, _ = strings.Cut(from, "?")
	parts := strings.FieldsFunc(from, func(r rune) bool { return r == '/' || r == ':' })
	if len(parts) == 3 { // of a registry: namespace, name and system
		return parts[1]
	}
	return strings.TrimSuffix(parts[len(parts)-1], ".git")
}

// localsBlock keeps the local values that are still referred to by name.
func (c *component) localsBlock(b *hclsyntax.Block) string {
	var edits []edit
	kept := 0
	for _, a := range template.SortedAttributes(b.Body) {
		if c.ev.sources.isCut(a.NameRange) {
			continue
		}
		name := Prefixed(c.in.Name, c.in.Prefix, a.Name)
		r := c.local(a.Name, a.NameRange)
		if r.Err != nil {
			c.report(r.Err)
		}
		if r.Err != nil || r.text != "local."+name {
			edits = append(edits, c.remove(a.SrcRange))
			continue
		}
		kept++
		edits = append(edits, edit{a.NameRange.Start.Byte, a.NameRange.End.Byte, name})
		if full := c.ev.eval(a.Expr, nil); full.Changed {
			rng := a.Expr.Range()
			edits = append(edits, edit{rng.Start.Byte, rng.End.Byte, c.ev.putTop(a.Expr, full)})
		}
	}
	if kept == 0 {
		return ""
	}
	return c.blockText(b, edits)
}

// refactoring renames the addresses in a moved, removed or import block. A
// block about an object that is left out goes with it.
func (c *component) refactoring(b *hclsyntax.Block) string {
	if text, ok := c.movedCall(b); ok {
		return text
	}
	var edits []edit
	texts := map[string]string{}
	for _, name := range []string{"from", "to"} {
		a := b.Body.Attributes[name]
		if a == nil {
			continue
		}
		text, exists := c.renamed(a.Expr)
		if name == "to" && !exists {
			return ""
		}
		texts[name] = text
		rng := a.Expr.Range()
		edits = append(edits, edit{rng.Start.Byte, rng.End.Byte, text})
	}
	if b.Type == "moved" && texts["from"] == texts["to"] {
		return ""
	}
	for _, a := range template.SortedAttributes(b.Body) {
		if a.Name != "from" && a.Name != "to" && a.Name != "provider" {
			edits = append(edits, c.argument(b, a, exact, nil)...)
		}
	}
	for _, n := range b.Body.Blocks {
		edits = append(edits, c.nested(n, exact, nil)...)
	}
	return c.blockText(b, edits)
}

// renamed returns an address of the template in the linked module, and whether
// the object is there.
func (c *component) renamed(x hclsyntax.Expression) (string, bool) {
	ref, diags := hcl.AbsTraversalForExpr(x)
	if diags.HasErrors() {
		return c.ev.sources.text(x.Range()), true
	}
	return c.renamedRef(ref, x.Range())
}

// renamedRef is renamed for a reference that stands at rng.
func (c *component) renamedRef(ref hcl.Traversal, rng hcl.Range) (string, bool) {
	addr, n := template.ObjectAddress(ref)
	if text, exists, ok := c.renamedInside(ref, n, rng); ok {
		return text, exists
	}
	notAddress := func() (string, bool) {
		c.diags = append(c.diags, diag.Error(rng, "Not an address", "Here stands the address of a resource or a module, such as aws_s3_bucket.this."))
		return "", false
	}
	if n > len(ref) {
		return notAddress()
	}
	o, known := c.objects[addr]
	kind, typ := ref.RootName(), ""
	names := []string{}
	for _, step := range ref[1:n] {
		if a, ok := step.(hcl.TraverseAttr); ok {
			names = append(names, a.Name)
		}
	}
	if len(names) != n-1 {
		return notAddress()
	}
	label := names[len(names)-1]
	switch {
	case kind == "module":
	case kind == "data" || kind == "ephemeral":
		typ = names[0]
	default:
		kind, typ = "resource", ref.RootName()
	}
	text := template.Address(kind, typ, Prefixed(c.in.Name, c.in.Prefix, label))
	exists := true
	folded := false
	if known {
		c.resolve(o)
		exists, folded = o.mode != dropped, o.mode == single
	}
	for i, step := range ref[n:] {
		if idx, ok := step.(hcl.TraverseIndex); ok && i == 0 && folded {
			if k, ok := keyIndex(idx.Key); ok && k == 0 {
				continue
			}
		}
		text += c.ev.sources.text(step.SourceRange())
	}
	return text, exists
}

// outputs evaluates what other components may link to.
func (c *component) outputs(out *Component) {
	for _, o := range c.in.Template.Outputs {
		if c.ev.sources.isCut(o.Block.TypeRange) {
			out.Outputs[o.Name] = failed(diag.Error(o.Block.DefRange(), "Output is left out", "The output %q of the template %q does not exist under the chosen options.", o.Name, c.in.Template.Name))
			continue
		}
		if !o.Ephemeral {
			c.lasts(o.Value, "the output "+strconv.Quote(o.Name))
		}
		r := c.ev.eval(o.Value, nil)
		if o.Sensitive && r.Err == nil {
			r = veil(r)
		}
		if r.Err == nil {
			r = r.moved()
		}
		out.Outputs[o.Name] = r
		for _, n := range o.Block.Body.Blocks {
			if n.Type == "precondition" && !c.ev.sources.isCut(n.TypeRange) {
				c.outputCondition(out, o.Name, n)
			}
		}
	}
}

// outputCondition decides a precondition of an output, or keeps it for the
// module's output that passes the value on.
func (c *component) outputCondition(out *Component, name string, n *hclsyntax.Block) {
	src := c.ev.sources[n.TypeRange.Filename]
	before := len(c.diags)
	edits := c.condition(n, nil)
	if c.diags[before:].HasErrors() {
		return
	}
	span := itemSpan(src, n.TypeRange.Start.Byte, n.CloseBraceRange.End.Byte)
	if text := strings.TrimSpace(src.apply(span.Start, span.End, edits)); text != "" {
		if out.Conditions == nil {
			out.Conditions = map[string][]string{}
		}
		out.Conditions[name] = append(out.Conditions[name], text)
	}
}

func (c *component) addresses(out *Component) {
	for _, addr := range sortedKeys(c.objects) {
		o := c.objects[addr]
		c.resolve(o)
		if c.inline(o) {
			continue // its objects are there
		}
		a := Address{Template: addr, Folded: o.mode == single}
		if o.mode != dropped {
			a.Flat = o.address()
		}
		out.Addresses = append(out.Addresses, a)
	}
}
