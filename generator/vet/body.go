package vet

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/schema"
)

// A grammar is what a body is checked against.
type grammar struct {
	what   string        // for messages: aws_vpc, or the block "x" of aws_vpc
	schema *schema.Block // of the provider; nil when there is none
	spec   *spec         // of Terraform's language; nil when there is nothing
	lookup func(*schema.Provider) (*schema.Block, bool)
}

// open says whether anything is allowed.
func (g *grammar) open() bool { return g.schema == nil && (g.spec == nil || g.spec.open) }

// body checks the arguments and nested blocks of one body.
func (sc *scope) body(b *hclsyntax.Body, def hcl.Range, g grammar) {
	if g.spec != nil && g.spec.skip {
		return
	}
	for name, attr := range b.Attributes {
		sc.attribute(name, attr, &g)
	}
	counts := map[string]int{}
	dynamic := map[string]bool{}
	for _, inner := range b.Blocks {
		name := inner.Type
		if name == "dynamic" && (g.schema != nil || g.open()) && len(inner.Labels) == 1 {
			dynamic[inner.Labels[0]] = true
			sc.dynamicBlock(inner, &g)
			continue
		}
		counts[name]++
		sc.block(inner, counts[name], &g)
	}
	if sc.override {
		return // the blocks that it changes have the rest
	}
	sc.missing(b, def, counts, dynamic, &g)
}

func (sc *scope) attribute(name string, attr *hclsyntax.Attribute, g *grammar) {
	if g.spec != nil {
		if a, ok := g.spec.attrs[name]; ok {
			sc.specAttribute(name, attr, a, g)
			return
		}
	}
	if g.schema == nil {
		sc.infer(attr.Expr, false)
		if !g.open() {
			sc.unknownArgument(name, attr.NameRange, g)
		}
		return
	}
	if a, ok := g.schema.Attributes[name]; ok {
		if !a.Settable() {
			sc.infer(attr.Expr, false)
			sc.find(ruleComputedArgument, attr.NameRange, "Argument that cannot be set", "The provider computes %q of %s; configuration can only read it. Remove the argument.", name, g.what)
			return
		}
		sc.fits(attr.Expr, a.Type, quoted(name)+" of "+g.what)
		return
	}
	sc.infer(attr.Expr, false)
	if _, ok := g.schema.Blocks[name]; ok {
		sc.find(ruleUnknownArgument, attr.NameRange, "Block written as an argument", "%q of %s is a block: write %s { ... } without the equals sign, once per block, or use a dynamic block to repeat it for a collection.", name, g.what, name)
		return
	}
	sc.unknownArgument(name, attr.NameRange, g)
}

func (sc *scope) unknownArgument(name string, rng hcl.Range, g *grammar) {
	sc.find(ruleUnknownArgument, rng, "Unknown argument", "%s has no argument %q.%s", capital(g.what), name, sc.elsewhere(name, g))
}

// elsewhere says where a name that does not exist here does exist: under a
// similar name, or in another version of the provider.
func (sc *scope) elsewhere(name string, g *grammar) string {
	if g.lookup != nil {
		for _, major := range schema.Majors() {
			p, _ := schema.For(major)
			if p == sc.m.Schema {
				continue
			}
			if b, ok := g.lookup(p); ok && (b.Attributes[name] != nil || b.Blocks[name] != nil) {
				return " Version " + p.Version() + " of the provider has it, but this module requires version " + sc.m.Schema.Version() + "."
			}
		}
	}
	return known(name, g.names())
}

// names lists what may stand in a body.
func (g *grammar) names() []string {
	var names []string
	if g.schema != nil {
		for name, a := range g.schema.Attributes {
			if a.Settable() {
				names = append(names, name)
			}
		}
		names = append(names, sortedNames(g.schema.Blocks)...)
	}
	if g.spec != nil {
		names = append(names, sortedNames(g.spec.attrs)...)
		names = append(names, sortedNames(g.spec.blocks)...)
	}
	return names
}

// nested returns what a nested block is checked against, and how often it may
// stand. An argument that is a list of objects may be written as blocks, too.
func (g *grammar) nested(name string) (inner grammar, limit int, ok bool) {
	what := "the block " + quoted(name) + " of " + strings.TrimPrefix(g.what, "the ")
	if g.schema == nil {
		return grammar{what: what}, 0, false
	}
	lookup := func(find func(*schema.Block) (*schema.Block, bool)) func(*schema.Provider) (*schema.Block, bool) {
		if g.lookup == nil {
			return nil
		}
		return func(p *schema.Provider) (*schema.Block, bool) {
			if b, ok := g.lookup(p); ok {
				return find(b)
			}
			return nil, false
		}
	}
	if nb, ok := g.schema.Blocks[name]; ok {
		limit := nb.MaxItems
		if nb.Nesting == schema.NestingSingle || nb.Nesting == schema.NestingGroup {
			limit = 1
		}
		return grammar{what: what, schema: nb.Block, lookup: lookup(func(b *schema.Block) (*schema.Block, bool) {
			other, ok := b.Blocks[name]
			if !ok {
				return nil, false
			}
			return other.Block, true
		})}, limit, true
	}
	if a, ok := g.schema.Attributes[name]; ok && a.Settable() {
		if b, ok := asBlock(a.Type); ok {
			return grammar{what: what, schema: b}, 0, true
		}
	}
	return grammar{what: what}, 0, false
}

// asBlock returns the block that stands for one element of a list or set of
// objects. Terraform reads blocks for such an argument; what is not set is null.
func asBlock(ty cty.Type) (*schema.Block, bool) {
	if !(ty.IsListType() || ty.IsSetType()) || !ty.ElementType().IsObjectType() {
		return nil, false
	}
	b := &schema.Block{Attributes: map[string]*schema.Attribute{}}
	for name, aty := range ty.ElementType().AttributeTypes() {
		b.Attributes[name] = &schema.Attribute{Type: aty, Optional: true}
	}
	return b, true
}

// block checks one nested block, the nth of its name.
func (sc *scope) block(inner *hclsyntax.Block, nth int, g *grammar) {
	if g.spec != nil {
		if s, ok := g.spec.blocks[inner.Type]; ok {
			in := sc
			if s.self {
				in = sc.with(func(c *scope) { c.self = true })
			}
			what := "the block " + quoted(inner.Type) + " of " + strings.TrimPrefix(g.what, "the ")
			sc.labels(inner, s.labels)
			sc.tooMany(inner, nth, s.max, g)
			in.body(inner.Body, inner.DefRange(), grammar{what: what, spec: s.spec})
			return
		}
	}
	if g.open() {
		sc.body(inner.Body, inner.DefRange(), grammar{what: "the block " + quoted(inner.Type)})
		return
	}
	in, limit, ok := g.nested(inner.Type)
	if !ok {
		sc.unknownBlock(inner.Type, inner.TypeRange, g)
		sc.body(inner.Body, inner.DefRange(), grammar{what: in.what}) // its references still have to resolve
		return
	}
	sc.labels(inner, 0)
	sc.tooMany(inner, nth, limit, g)
	sc.body(inner.Body, inner.DefRange(), in)
}

func (sc *scope) unknownBlock(name string, rng hcl.Range, g *grammar) {
	if g.schema != nil {
		if a, ok := g.schema.Attributes[name]; ok {
			if !a.Settable() {
				sc.find(ruleComputedArgument, rng, "Argument that cannot be set", "The provider computes %q of %s; configuration can only read it. Remove the block.", name, g.what)
				return
			}
			sc.find(ruleUnknownBlock, rng, "Argument written as a block", "%q of %s is an argument (%s): write %s = ...", name, g.what, a.Type.FriendlyName(), name)
			return
		}
	}
	if g.spec != nil {
		if _, ok := g.spec.attrs[name]; ok {
			sc.find(ruleUnknownBlock, rng, "Argument written as a block", "%q of %s is an argument: write %s = ...", name, g.what, name)
			return
		}
	}
	sc.find(ruleUnknownBlock, rng, "Unknown block", "%s has no block %q.%s", capital(g.what), name, sc.elsewhere(name, g))
}

func (sc *scope) labels(b *hclsyntax.Block, want int) {
	if got := len(b.Labels); got != want {
		sc.find(ruleUnknownBlock, b.DefRange(), "Wrong number of labels", "A block %q must have %s, and this one has %d.", b.Type, plural(want, "label"), got)
	}
}

func number(n int) string {
	if n == 0 {
		return "none"
	}
	return itoa(n)
}

func plural(n int, word string) string {
	switch n {
	case 0:
		return "no " + word
	case 1:
		return "1 " + word
	}
	return itoa(n) + " " + word + "s"
}

func (sc *scope) tooMany(b *hclsyntax.Block, nth, limit int, g *grammar) {
	if limit > 0 && nth == limit+1 {
		sc.find(ruleBlockCount, b.DefRange(), "Too many blocks", "%s can have at most %s %q; this is one too many. Remove it, or move its content into the first.", capital(g.what), plural(limit, "block"), b.Type)
	}
}

func (sc *scope) missing(b *hclsyntax.Body, def hcl.Range, counts map[string]int, dynamic map[string]bool, g *grammar) {
	has := func(name string) bool {
		return b.Attributes[name] != nil || counts[name] > 0 || dynamic[name]
	}
	if g.schema != nil {
		for name, a := range g.schema.Attributes {
			if !a.Required {
				continue
			}
			if !has(name) {
				sc.find(ruleMissingArgument, def, "Missing argument", "%s needs the argument %q (%s).", capital(g.what), name, a.Type.FriendlyName())
			} else if attr := b.Attributes[name]; attr != nil && isNull(attr.Expr) {
				sc.find(ruleMissingArgument, attr.Expr.Range(), "Required argument is null", "%s needs the argument %q, but null means that it is not set.", capital(g.what), name)
			}
		}
		for name, nb := range g.schema.Blocks {
			if counts[name] < nb.MinItems && !dynamic[name] {
				sc.find(ruleBlockCount, def, "Too few blocks", "%s needs at least %s %q and has %s.", capital(g.what), plural(nb.MinItems, "block"), name, number(counts[name]))
			}
		}
	}
	if g.spec != nil {
		for name, a := range g.spec.attrs {
			if a.required && !has(name) {
				sc.find(ruleMissingArgument, def, "Missing argument", "%s needs the argument %q.", capital(g.what), name)
			}
		}
		for name, s := range g.spec.blocks {
			if counts[name] < s.min {
				sc.find(ruleBlockCount, def, "Too few blocks", "%s needs at least %s %q and has %s.", capital(g.what), plural(s.min, "block"), name, number(counts[name]))
			}
		}
	}
}

func isNull(e hclsyntax.Expression) bool {
	lit, ok := e.(*hclsyntax.LiteralValueExpr)
	return ok && lit.Val.IsNull()
}

// The arguments of a dynamic block.
var dynamicSpec = &spec{attrs: map[string]specAttr{
	"for_each": must(by(howInstances)), "iterator": by(howKeyword), "labels": by(howValue),
}}

func (sc *scope) dynamicBlock(b *hclsyntax.Block, g *grammar) {
	name := b.Labels[0]
	in, _, ok := g.nested(name)
	if !ok && !g.open() {
		if _, meta := g.metaBlock(name); meta {
			sc.find(ruleUnknownBlock, b.LabelRanges[0], "Block that cannot be dynamic", "Terraform reads the block %q before it evaluates expressions, so it cannot be dynamic; write it out.", name)
		} else {
			sc.unknownBlock(name, b.LabelRanges[0], g)
		}
	}
	iterator := name
	coll, spelled := dynamicType, false
	var content *hclsyntax.Block
	outer := *sc
	dg := grammar{what: "the dynamic block " + quoted(name), spec: dynamicSpec}
	for attrName, attr := range b.Body.Attributes {
		switch attrName {
		case "for_each":
			coll = sc.infer(attr.Expr, true)
			spelled = sc.spells(attr.Expr, localsDeep)
			if coll != dynamicType && coll.IsPrimitiveType() {
				sc.find(ruleWrongType, attr.Expr.Range(), "Wrong type", "\"for_each\" of %s must be a list, a set or a map, and this is %s. For a single block, put it in brackets: [ ... ].", dg.what, friendly(coll))
			}
		case "iterator":
			if word := hcl.ExprAsKeyword(attr.Expr); word != "" {
				iterator = word
			}
		case "labels":
		default:
			outer.unknownArgument(attrName, attr.NameRange, &dg)
		}
	}
	for _, inner := range b.Body.Blocks {
		if inner.Type != "content" {
			sc.unknownBlock(inner.Type, inner.TypeRange, &grammar{what: dg.what, spec: &spec{blocks: map[string]specBlock{"content": {}}}})
			continue
		}
		if content != nil {
			sc.find(ruleBlockCount, inner.DefRange(), "Too many blocks", "%s must have exactly one block \"content\"; this is one too many.", capital(dg.what))
		}
		content = inner
	}
	if b.Body.Attributes["for_each"] == nil {
		sc.find(ruleMissingArgument, b.DefRange(), "Missing argument", "%s needs the argument \"for_each\".", capital(dg.what))
	}
	if content == nil {
		sc.find(ruleBlockCount, b.DefRange(), "Too few blocks", "%s needs one block \"content\".", capital(dg.what))
		return
	}
	inScope := sc.bind(iterator, cty.Object(map[string]cty.Type{"key": keyOf(coll), "value": elementOf(coll)}), spelled)
	inScope.guarded = true
	if labels, ok := b.Body.Attributes["labels"]; ok {
		inScope.infer(labels.Expr, false)
	}
	inScope.body(content.Body, content.DefRange(), in)
}

func (g *grammar) metaBlock(name string) (specBlock, bool) {
	if g.spec == nil {
		return specBlock{}, false
	}
	s, ok := g.spec.blocks[name]
	return s, ok
}

// specAttribute reads an argument of Terraform's own language.
func (sc *scope) specAttribute(name string, attr *hclsyntax.Attribute, a specAttr, g *grammar) {
	what := quoted(name) + " of " + g.what
	switch a.how {
	case howValue:
		sc.fits(attr.Expr, a.ty, what)
	case howTriggers:
		if _, ok := attr.Expr.(*hclsyntax.TupleConsExpr); !ok {
			sc.find(ruleWrongType, attr.Expr.Range(), "Not a list of references", "%s must be a list of references, such as [aws_vpc.main].", capital(what))
		}
		sc.infer(attr.Expr, false)
	case howConstant:
		in := sc.with(func(c *scope) { c.constant = what })
		in.fits(attr.Expr, a.ty, what)
	case howAddresses:
		list, ok := attr.Expr.(*hclsyntax.TupleConsExpr)
		if !ok {
			sc.find(ruleWrongType, attr.Expr.Range(), "Not a list of references", "%s must be a list of references, such as [aws_vpc.main].", capital(what))
			return
		}
		for _, e := range list.Exprs {
			sc.address(e, what)
		}
	case howAddress:
		sc.address(attr.Expr, what)
	case howIgnore:
		sc.ignoreChanges(attr.Expr)
	case howProvider:
		sc.providerReference(attr.Expr)
	case howProviders:
		sc.providerMap(attr.Expr)
	case howInstances, howKeyword, howElsewhere:
		// Read where the block's scope is made, or a word without a meaning
		// for the module's references.
	}
}

// address checks a reference that names a whole object.
func (sc *scope) address(e hclsyntax.Expression, what string) {
	if t, ok := inQuotes(e); ok {
		sc.resolve(t)
		return
	}
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		sc.resolve(e.Traversal)
	case *hclsyntax.IndexExpr:
		sc.address(e.Collection, what)
		sc.infer(e.Key, false)
	case *hclsyntax.RelativeTraversalExpr:
		sc.address(e.Source, what)
	default:
		sc.find(ruleWrongType, e.Range(), "Not a reference", "%s can contain only references, such as aws_vpc.main, and no other expressions.", capital(what))
	}
}

// inQuotes returns the reference that a string is: Terraform still takes those of
// its first versions, with a warning, where it wants nothing but references.
func inQuotes(e hclsyntax.Expression) (hcl.Traversal, bool) {
	tpl, ok := e.(*hclsyntax.TemplateExpr)
	if !ok || !tpl.IsStringLiteral() {
		return nil, false
	}
	v, diags := tpl.Value(nil)
	if diags.HasErrors() {
		return nil, false
	}
	inner, diags := guard.ParseExpression([]byte(v.AsString()), e.Range().Filename, e.Range().Start)
	if diags.HasErrors() {
		return nil, false
	}
	t, diags := hcl.AbsTraversalForExpr(inner)
	return t, !diags.HasErrors()
}

// ignoreChanges checks that the ignored arguments exist.
func (sc *scope) ignoreChanges(e hclsyntax.Expression) {
	if hcl.ExprAsKeyword(e) == "all" {
		return
	}
	list, ok := e.(*hclsyntax.TupleConsExpr)
	if !ok {
		sc.find(ruleWrongType, e.Range(), "Not a list of arguments", "\"ignore_changes\" must be a list of the block's own arguments, such as [tags], or the keyword all.")
		return
	}
	if sc.selfType == cty.NilType {
		return
	}
	for _, item := range list.Exprs {
		t, diags := hcl.RelTraversalForExpr(item)
		if quoted, ok := inQuotes(item); ok {
			t, diags = append(hcl.Traversal{hcl.TraverseAttr{Name: quoted.RootName(), SrcRange: quoted[0].SourceRange()}}, quoted[1:]...), nil
		}
		if diags.HasErrors() || len(t) == 0 {
			sc.find(ruleWrongType, item.Range(), "Not an argument", "\"ignore_changes\" can list only the block's own arguments.")
			continue
		}
		in := sc.with(func(c *scope) { c.lenient = false })
		in.walk(sc.selfType, t, func(i int) string {
			if i == 0 {
				return "the block"
			}
			return quoted(strings.TrimPrefix(text(t[:i]), "."))
		})
	}
}
