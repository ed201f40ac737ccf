package specialise

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ir"
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
		out.Variables = append(out.Variables, Variable{Name: c.in.Exposed[v.Name], Description: c.described(v), Decl: v, Code: c.exposed(v)})
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
func (c *component) exposed(v *template.Variable) *ir.Block {
	edits := []edit{{v.Block.LabelRanges[0].Start.Byte, v.Block.LabelRanges[0].End.Byte, Quote(c.in.Exposed[v.Name])}}
	if a := v.Block.Body.Attributes["description"]; a != nil {
		if r := c.ev.eval(a.Expr, nil); r.Err == nil && r.Changed {
			edits = append(edits, edit{a.Expr.Range().Start.Byte, a.Expr.Range().End.Byte, r.top()})
		}
	}
	for _, n := range v.Block.Body.Blocks {
		if !c.ev.sources.isCut(n.TypeRange) {
			edits = append(edits, c.nested(n, exact, nil)...)
		}
	}
	return c.code(v.Block, edits)
}

// described returns the description of a variable with the names of the module.
func (c *component) described(v *template.Variable) string {
	text, _ := c.in.renamed(v.Description)
	return text
}

// code returns a block with its leading comments and edits.
func (c *component) code(b *hclsyntax.Block, edits []edit) *ir.Block {
	src := c.ev.sources[b.TypeRange.Filename]
	made := make([]ir.Edit, len(edits))
	for i, e := range edits {
		made[i] = ir.Edit{Start: e.start, End: e.end, Text: e.text}
	}
	source := src.file()
	source.Formatted, source.Texts = c.in.Template.Formatted, c.in.Texts
	return ir.New(source, b, itemSpan(src, b.TypeRange.Start.Byte, b.CloseBraceRange.End.Byte), made)
}

// A slot is the place of one block of the template, with what became of it.
type slot struct {
	src   *source
	from  int // where the heading in front of the block may start
	block *hclsyntax.Block
	made  []Block
	child *component // where the block is a call that is written inline
}

// blocks specialises everything but variables, outputs and terraform blocks.
func (c *component) blocks(out *Component) []slot {
	var slots []slot
	for _, f := range c.in.Template.Files {
		src := c.ev.sources[f.Path]
		end := 0
		for _, b := range f.Body.Blocks {
			s := slot{src: src, from: end, block: b}
			end = b.CloseBraceRange.End.Byte
			if src.cut(b.TypeRange.Start.Byte) {
				continue
			}
			if o := c.objects[objectAddress(b)]; c.inline(o) {
				s.child = o.child
				c.insert(out, o)
			} else {
				s.made = c.headed(s)
			}
			slots = append(slots, s)
		}
	}
	return slots
}

// headed returns what becomes of a block, with the heading in front of it.
func (c *component) headed(s slot) []Block {
	made := c.block(s.block)
	if len(made) == 0 {
		return nil
	}
	if heading := c.heading(s.src, s.from, s.block); heading != "" {
		made[0].Code = made[0].Code.Headed(heading)
	}
	return made
}

// place puts the blocks into the component, in the order of the template. An
// object that is left out takes its place all the same when open code refers to
// it, and so do those that it refers to itself.
func (c *component) place(out *Component, slots []slot) {
	for c.fill(slots) {
	}
	out.Blocks = append(out.Blocks, c.placed(slots)...)
}

// fill makes the blocks of objects that are needed by name, and says whether
// there were any.
func (c *component) fill(slots []slot) bool {
	more := false
	for i, s := range slots {
		if s.child != nil {
			more = s.child.fill(s.child.slots) || more
		} else if o := c.objects[objectAddress(s.block)]; o != nil && o.kept && len(s.made) == 0 {
			slots[i].made, more = c.headed(s), true
		}
	}
	return more
}

// placed returns the blocks in their order, those of an inline module in the
// place of its call and below the words about that.
func (c *component) placed(slots []slot) []Block {
	var out []Block
	for _, s := range slots {
		if s.child == nil {
			out = append(out, s.made...)
			continue
		}
		made := s.child.placed(s.child.slots)
		words := c.heading(s.src, s.from, s.block)
		if above := c.wordsAbove(s.block); above != "" {
			words = strings.TrimPrefix(words+"\n"+above, "\n")
		}
		if len(made) > 0 && words != "" {
			made[0].Code = made[0].Code.Below(words)
		}
		out = append(out, made...)
	}
	return out
}

// objectAddress returns the address of the object that a block declares, "" for
// other blocks.
func objectAddress(b *hclsyntax.Block) string {
	if !isMetaHolder(b.Type) || len(b.Labels) == 0 {
		return ""
	}
	return template.Address(b.Type, b.Labels[0], b.Labels[len(b.Labels)-1])
}

// keptLocals adds the local values that stand for bound variables. It comes
// last, when everything that may need one has been evaluated.
func (c *component) keptLocals(out *Component) {
	if len(c.kept) > 0 {
		var b strings.Builder
		for _, name := range sortedKeys(c.kept) {
			b.WriteString(Prefixed(c.in.Name, c.in.Prefix, name) + " = " + c.kept[name].value.speltTop(c.kept[name].demand) + "\n")
		}
		origin := c.in.Template.Files[0].Body.SrcRange
		code, diags := ir.Parse("locals {\n" + b.String() + "}\n")
		if diags.HasErrors() {
			c.diags = append(c.diags, diag.Bug(origin, "The local values of the component %q do not parse: %s", c.in.Name, diags))
			return
		}
		out.Blocks = append(out.Blocks, Block{Kind: "locals", Code: code, Origin: origin})
	}
}

// heading returns the comments in front of b that a blank line sets apart from
// it, such as the heading of a section.
func (c *component) heading(src *source, from int, b *hclsyntax.Block) string {
	if from > 0 {
		line := template.LineEnd(src.src, from)
		if bytes.Contains(src.src[from:line], []byte("/*")) {
			if comment, ok := src.comments().Block(line - 1); ok {
				line = template.LineEnd(src.src, comment.End)
			}
		}
		from = line
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

// block returns what becomes of a block: nothing, or one block of the module.
func (c *component) block(b *hclsyntax.Block) []Block {
	made := Block{Kind: b.Type, Shared: isShared(b) && !c.standsApart(b), Used: c.used(b), Origin: b.DefRange()}
	switch b.Type {
	case "resource", "data", "ephemeral", "module":
		c.objectBlock(b, &made)
	case "locals":
		made.Code = c.localsBlock(b)
	case "moved", "removed", "import":
		if codes, ok := c.movedCall(b); ok {
			var all []Block
			for _, code := range codes {
				all = append(all, Block{Kind: b.Type, Code: code, Origin: b.DefRange()})
			}
			return all
		}
		made.Code = c.refactoring(b)
	case "check":
		made.Address, made.Code = c.checkAddress(b.Labels[0]), c.checkBlock(b)
	}
	if made.Code == nil {
		return nil
	}
	return []Block{made}
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

// checkBlock specialises a check. Its own data source has a name of the module,
// and is renamed like any other. A check of which no assertion is left goes.
func (c *component) checkBlock(b *hclsyntax.Block) *ir.Block {
	before := c.asserts
	edits := c.body(b, exact, nil)
	if c.asserts == before {
		return nil
	}
	for _, n := range b.Body.Blocks {
		if o := c.objects[objectAddress(n)]; o != nil {
			label := n.LabelRanges[len(n.LabelRanges)-1]
			edits = append(edits, c.inside(n)...)
			edits = append(edits, edit{label.Start.Byte, label.End.Byte, Quote(o.label)})
		}
	}
	name := Prefixed(c.in.Name, c.in.Prefix, b.Labels[0])
	edits = append(edits, edit{b.LabelRanges[0].Start.Byte, b.LabelRanges[0].End.Byte, Quote(name)})
	return c.code(b, edits)
}

// objectBlock specialises the block of an object that is there, or that stays
// without instances.
func (c *component) objectBlock(b *hclsyntax.Block, made *Block) {
	o := c.objects[objectAddress(b)]
	c.resolve(o)
	if o.mode == dropped && !o.kept {
		return
	}
	s := c.instance(o)
	label := b.LabelRanges[len(b.LabelRanges)-1]
	kind := arguments
	if b.Type == "module" {
		kind = exact
	}
	if !o.exists {
		s = s.tentatively()
		s.never = "count.index < 0"
		if b.Body.Attributes["for_each"] != nil {
			s.never = "each.key == null"
		}
	}
	c.within = o
	defer func() { c.within = nil }()
	before := c.asserts
	var edits []edit
	var lead, gone *hclsyntax.Attribute // count or for_each
	for _, a := range template.SortedAttributes(b.Body) {
		switch {
		case c.ev.sources.isCut(a.NameRange):
		case a.Name == "count" && o.mode == single:
			edits = append(edits, c.remove(a.SrcRange))
			gone = a
		case (a.Name == "count" || a.Name == "for_each") && o.mode == dropped:
			edits, lead = append(edits, c.none(b, a)), a
		case a.Name == "count" || a.Name == "for_each":
			edits, lead = append(edits, c.argument(b, a, exact, nil)...), a
		case a.Name == "source" && b.Type == "module":
			edits = append(edits, c.moduleSource(a)...)
		case c.call != nil && a.Name == "provider" && b.Type != "module": // see passedProvider
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
	edits = append(edits, c.passedProvider(b)...)
	if b.Type == "module" && c.in.Region.Name != "" {
		c.errorf(b.DefRange(), "Child module in another region", "The component is in the region %q, but this module call is not inlined, and bpgen cannot put the module's resources into a region. Remove \"region\" from the component, or call a local module with a single instance, which is inlined.", c.in.Region.Name)
	}
	edits = append(edits, edit{label.Start.Byte, label.End.Byte, Quote(o.label)})
	made.Address, made.Code = o.address(), c.inherited(b, c.put(b, edits, lead, gone))
	made.Empty, made.Asserts = o.mode == dropped, c.asserts > before
	made.Reads = b.Type == "data" || b.Type == "module" && (b.Body.Attributes["source"] == nil || readsData(c.in.Template, b))
}

// none writes the count or for_each of an object that stays without instances.
func (c *component) none(b *hclsyntax.Block, a *hclsyntax.Attribute) edit {
	text := "0"
	if a.Name == "for_each" {
		text = "{}"
	}
	rng := a.Expr.Range()
	src := c.ev.sources[rng.Filename]
	if rest := src.src[rng.End.Byte:template.LineEnd(src.src, rng.End.Byte)]; len(bytes.TrimSpace(rest)) == 0 && !oneLine(b) {
		text += " # switched off, but still referenced"
	}
	return edit{rng.Start.Byte, rng.End.Byte, text}
}

// moduleSource points a local child module to where its folder goes.
func (c *component) moduleSource(a *hclsyntax.Attribute) []edit {
	v, diags := budget.Constant(a.Expr)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String || moduleName(v.AsString()) == "" {
		c.diags = append(c.diags, diag.Error(a.Expr.Range(), "Not a module source", "The source of a module call must be a literal string that names a module."))
		return nil
	}
	from := v.AsString()
	if !strings.HasPrefix(from, "./") && !strings.HasPrefix(from, "../") {
		c.remote(a, from)
		return nil
	}
	clean := path.Join(c.in.Template.Sub, from)
	if strings.HasPrefix(clean, "..") || clean == c.in.Template.Sub {
		c.diags = append(c.diags, diag.Error(a.Expr.Range(), "Module outside the template", "%q is outside the template. Keep child modules in a subdirectory of the template, such as ./modules/name; if it is a module of the same repository, make the repository the template directory, and refer to the template by its subdirectory, as in \"name//modules/one\".", from))
		return nil
	}
	if c.in.Template.Modules[clean] == nil {
		c.diags = append(c.diags, diag.Error(a.Expr.Range(), "Module not found", "The template has no directory %q.", clean))
		return nil
	}
	c.stay(clean)
	rng := a.Expr.Range()
	return []edit{{rng.Start.Byte, rng.End.Byte, Quote("./" + c.modulePlace(clean))}}
}

// remote warns of a child module that lies elsewhere: the module cannot be read
// without it, and its maker may change it.
func (c *component) remote(a *hclsyntax.Attribute, from string) {
	c.diags = append(c.diags, diag.Warning(a.Expr.Range(), "Remote child module", "The child module %q is not in the template, so it stays a call, and the rendered module depends on it. To specialise it too, put its files into a subdirectory of the template, such as ./modules/%s, and change source to it.", from, moduleName(from)))
}

// moduleName returns a name for the folder of a module from elsewhere, and "" of
// what names none.
func moduleName(from string) string {
	from, _, _ = strings.Cut(from, "?")
	parts := strings.FieldsFunc(from, func(r rune) bool { return r == '/' || r == ':' })
	if len(parts) == 3 { // of a registry: namespace, name and system
		return parts[1]
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.TrimSuffix(parts[len(parts)-1], ".git")
}

// localsBlock keeps the local values that are still referred to by name.
func (c *component) localsBlock(b *hclsyntax.Block) *ir.Block {
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
		if full := c.full[a.Name]; full.Changed {
			rng := a.Expr.Range()
			value := c.ev.putTop(a.Expr, full)
			if oneLine(b) {
				value = c.ev.putText(a.Expr, full)
			}
			edits = append(edits, edit{rng.Start.Byte, rng.End.Byte, value})
		}
	}
	if kept == 0 {
		return nil
	}
	return c.code(b, edits)
}

// refactoring renames the addresses in a moved, removed or import block. A
// block about an object that is left out goes with it.
func (c *component) refactoring(b *hclsyntax.Block) *ir.Block {
	var edits []edit
	texts := map[string]string{}
	for _, name := range []string{"from", "to"} {
		a := b.Body.Attributes[name]
		if a == nil {
			continue
		}
		text, exists := c.renamed(a.Expr)
		if name == "to" && !exists {
			return nil
		}
		texts[name] = text
		rng := a.Expr.Range()
		edits = append(edits, edit{rng.Start.Byte, rng.End.Byte, text})
	}
	if b.Type == "moved" && texts["from"] == texts["to"] {
		return nil
	}
	for _, a := range template.SortedAttributes(b.Body) {
		if a.Name != "from" && a.Name != "to" && a.Name != "provider" {
			edits = append(edits, c.argument(b, a, exact, nil)...)
		}
	}
	for _, n := range b.Body.Blocks {
		edits = append(edits, c.nested(n, exact, nil)...)
	}
	return c.code(b, edits)
}

// renamed returns an address of the template in the linked module, and whether
// the object is there.
func (c *component) renamed(x hclsyntax.Expression) (string, bool) {
	if i, ok := x.(*hclsyntax.IndexExpr); ok { // the key of an instance may be an expression
		text, exists := c.renamed(i.Collection)
		return text + "[" + c.ev.eval(i.Key, nil).Text() + "]", exists
	}
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
		c.diags = append(c.diags, diag.Error(rng, "Not an address", "This must be the address of a resource or a module, such as aws_s3_bucket.this."))
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
			err := diag.Error(o.Block.DefRange(), "Output is not rendered", "The output %q of the template %q does not exist with the chosen options.", o.Name, c.in.Template.Name)
			err.Extra = leftOut{}
			out.Outputs[o.Name] = failed(err)
			continue
		}
		if !o.Ephemeral {
			c.lasts(o.Value, "the output "+strconv.Quote(o.Name))
		}
		r := c.ev.whole(o.Value, nil)
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
