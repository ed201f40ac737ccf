package blueprint

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
)

// A putting says what stands in the place of references in a part.
type putting func(hcl.Traversal) (hclsyntax.Expression, int)

// ofParts are the blocks that a part may hold: what several blueprints have alike.
var ofParts = []string{"component", "deviation", "include", "option", "output", "validation", "variable"}

// compose returns the blocks that the blueprint is made of: those of the one that
// it extends, with its own changes, and those of its parts as if they stood where
// they are included.
func (p *parser) compose(body *hclsyntax.Body, name string) hclsyntax.Blocks {
	p.onlyBlocks(body)
	base := p.extended(body, []string{name})
	blocks := p.expand(body.Blocks, nil)
	if p.bp.Base != nil {
		blocks = p.override(base, blocks)
	}
	return p.fix(blocks)
}

func (p *parser) onlyBlocks(body *hclsyntax.Body) {
	for _, a := range sortedAttributes(body) {
		p.errorf(a.NameRange, "Argument outside a block", "A blueprint contains only blocks, so %q means nothing here. Move it into the block it belongs to.", a.Name)
	}
}

// expand puts the blocks of parts in the place of what includes them. The trail
// names the parts that it is in.
func (p *parser) expand(blocks hclsyntax.Blocks, trail []string) hclsyntax.Blocks {
	var out hclsyntax.Blocks
	for _, b := range blocks {
		if b.Type == "include" {
			out = append(out, p.include(b, trail)...)
		} else {
			out = append(out, b)
		}
	}
	return out
}

// include returns the blocks of a part.
func (p *parser) include(b *hclsyntax.Block, trail []string) hclsyntax.Blocks {
	if len(b.Labels) != 1 {
		p.errorf(b.DefRange(), "Wrong number of labels", "An include block takes one label, the name of the part.")
		return nil
	}
	name, at := b.Labels[0], b.LabelRanges[0]
	a := p.arguments(b, "with", "omit")
	if slices.Contains(trail, name) {
		p.errorf(at, "Cycle between parts", "These parts include each other: %s. Move what both need into a part of its own.", diag.Quoted(trail[slices.Index(trail, name):], "and"))
		return nil
	}
	if first, twice := p.seen["include "+name]; twice {
		p.errorf(at, "Duplicate include", "The part %q is already included at %s. A part can be included once.", name, first)
		return nil
	}
	p.seen["include "+name] = at
	of, ok := p.part(name, at)
	if !ok {
		return nil
	}
	p.bp.Included[of.Name] = b.DefRange()
	body, diags := p.open(of)
	p.diags = append(p.diags, diags...)
	if diags.HasErrors() || body == nil {
		return nil
	}
	p.onlyBlocks(body)
	blocks, head := p.content(body, name, of.Name)
	if head == nil {
		return nil
	}
	put := p.parameters(head, b, p.items(a["with"]))
	for _, inner := range blocks {
		lang.Substitute(inner.Body, put)
		p.within[inner] = put
	}
	blocks = p.expand(blocks, append(trail, name))
	p.omit(name, a["omit"], blocks)
	return blocks
}

// part finds the file of a part.
func (p *parser) part(name string, at hcl.Range) (Source, bool) {
	var names []string
	if p.lib != nil {
		of, found, diags := p.lib.Part(name)
		if p.diags = append(p.diags, diags...); diags.HasErrors() {
			return of, false
		}
		if found {
			return of, true
		}
		names = p.lib.PartNames()
	}
	p.errorf(at, "Unknown part", "There is no part %q. A part is a file blueprints/parts/<name>.hcl. %s", name, diag.DidYouMean(name, names))
	return Source{}, false
}

// content returns the blocks of a part and its header.
func (p *parser) content(body *hclsyntax.Body, name, filename string) (blocks hclsyntax.Blocks, head *hclsyntax.Block) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == "part" && head != nil:
			p.errorf(b.DefRange(), "Duplicate part block", "A file describes one part. Remove one of the blocks.")
		case b.Type == "part":
			head = b
		case !slices.Contains(ofParts, b.Type):
			p.errorf(b.TypeRange, "Unknown block", "A part has no %q block: it contains what several blueprints have in common. %s", b.Type, diag.DidYouMean(b.Type, ofParts))
		default:
			blocks = append(blocks, b)
		}
	}
	switch {
	case head == nil:
		p.errorf(hcl.Range{Filename: filename, Start: hcl.InitialPos, End: hcl.InitialPos}, "Missing part block", "The file must contain one block that names the part:\n\n  part %q {\n    summary = \"...\"\n  }", name)
	case len(head.Labels) != 1 || head.Labels[0] != name:
		p.errorf(head.DefRange(), "Part and file have different names", "The file of the part %q must label its part block with the same name.", name)
		return nil, nil
	}
	return blocks, head
}

// parameters reads the header of a part, and returns what stands for part.<name>.
func (p *parser) parameters(head, include *hclsyntax.Block, with []item) putting {
	p.arguments(head, "summary", "parameter{}")
	values := map[string]hclsyntax.Expression{}
	var names []string
	for _, b := range head.Body.Blocks {
		if b.Type != "parameter" {
			continue
		}
		a := p.arguments(b, "description", "default")
		if len(b.Labels) != 1 || !hclsyntax.ValidIdentifier(b.Labels[0]) {
			p.errorf(b.DefRange(), "Wrong number of labels", "A parameter block takes one label, its name.")
			continue
		}
		name := b.Labels[0]
		if slices.Contains(names, name) {
			p.errorf(b.LabelRanges[0], "Duplicate declaration", "There is already a parameter %q in this part. Rename or remove one of them.", name)
			continue
		}
		names = append(names, name)
		if d := a["default"]; d != nil {
			if _, diags := p.budget.Constant(d.Expr); diags.HasErrors() {
				p.diags = append(p.diags, diags...)
			}
			values[name] = d.Expr
		} else if !slices.ContainsFunc(with, func(it item) bool { return it.name == name }) {
			p.errorf(include.DefRange(), "Missing parameter", "The part %q needs the parameter %q, which has no default. Pass it: with = { %s = ... }.", head.Labels[0], name, name)
			values[name] = null(include.DefRange())
		}
	}
	for _, it := range with {
		if !slices.Contains(names, it.name) {
			p.errorf(it.rng, "Unknown parameter", "The part %q has no parameter %q.%s", head.Labels[0], it.name, spaced(diag.DidYouMean(it.name, names)))
			continue
		}
		values[it.name] = it.value
	}
	return func(ref hcl.Traversal) (hclsyntax.Expression, int) {
		if ref.RootName() != "part" {
			return nil, 0
		}
		name := Step(ref, 1)
		if v := values[name]; v != nil && !p.affordable(v) {
			return null(ref.SourceRange()), min(2, len(ref))
		}
		if name == "" {
			p.errorf(ref.SourceRange(), "Part without a parameter", "Name one of its parameters: part.<parameter>.")
			return null(ref.SourceRange()), 1
		}
		if values[name] == nil {
			p.errorf(ref.SourceRange(), "Unknown parameter", "The part %q has no parameter %q.%s", head.Labels[0], name, spaced(diag.DidYouMean(name, names)))
			values[name] = null(ref.SourceRange()) // said once
		}
		return values[name], 2
	}
}

// The nodes that a parameter may have, and those that all places of parameters in a
// blueprint may come to: an expression in which a parameter stands twice, given on
// from part to part, would double at each.
const (
	maxParameter = 5_000
	maxPutIn     = 200_000
)

// affordable says whether an expression may be put in once more; the first that may
// not is reported.
func (p *parser) affordable(x hclsyntax.Expression) bool {
	if p.putIn > maxPutIn {
		return false
	}
	size, known := p.sizes[x]
	if !known {
		if size = 1; lang.Larger(x, 8) { // most are small
			size = maxParameter
			for s := 16; s < maxParameter; s *= 2 {
				if !lang.Larger(x, s) {
					size = s
					break
				}
			}
		}
		p.sizes[x] = size
	}
	if p.putIn += size; p.putIn > maxPutIn || size >= maxParameter && lang.Larger(x, maxParameter) {
		p.putIn = maxPutIn + 1
		p.errorf(x.Range(), "Parameter too large", "This expression, or what it is inserted into, is too large to be inserted into a part again. Pass the parts a shorter one.")
		return false
	}
	return true
}

func null(at hcl.Range) hclsyntax.Expression {
	return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType), SrcRange: at}
}

// omit notes the options of a part that the blueprint does not offer.
func (p *parser) omit(part string, a *hclsyntax.Attribute, blocks hclsyntax.Blocks) {
	var names []string
	for _, b := range blocks {
		if b.Type == "option" && len(b.Labels) == 1 {
			names = append(names, b.Labels[0])
		}
	}
	for _, name := range p.texts(a) {
		if !slices.Contains(names, name) {
			p.errorf(a.Expr.Range(), "Unknown option", "The part %q has no option %q to omit. %s", part, name, diag.DidYouMean(name, names))
			continue
		}
		p.fixed[name] = a.Expr.Range()
	}
}

// fix takes away the options that nobody is asked: their values stand wherever
// they are looked at, and what they require is required of the others.
func (p *parser) fix(blocks hclsyntax.Blocks) hclsyntax.Blocks {
	if len(p.fixed) == 0 {
		return blocks
	}
	var out hclsyntax.Blocks
	values := map[string]hclsyntax.Expression{}
	for _, b := range blocks {
		if b.Type != "option" || len(b.Labels) != 1 || p.fixed[b.Labels[0]] == (hcl.Range{}) {
			out = append(out, b)
			continue
		}
		p.option(b)
		o := p.bp.Options[len(p.bp.Options)-1]
		p.bp.Options = p.bp.Options[:len(p.bp.Options)-1]
		def := b.Body.Attributes["default"]
		if def == nil {
			p.errorf(p.fixed[o.Name], "Option without a value", "The option %q has no default, so it cannot be left out.", o.Name)
			continue
		}
		if o.Default == cty.NilVal {
			continue // reported
		}
		values[o.Name] = &hclsyntax.LiteralValueExpr{Val: o.Default, SrcRange: def.Expr.Range()}
		p.bp.Fixed[o.Name] = Fixed{Value: o.Default, Range: p.fixed[o.Name]}
		for _, f := range o.Was {
			p.bp.Fixed[f.Name] = p.bp.Fixed[o.Name]
		}
		for _, n := range b.Body.Blocks {
			if n.Type == "validation" {
				out = append(out, n)
			}
		}
	}
	put := func(ref hcl.Traversal) (hclsyntax.Expression, int) {
		if v := values[Step(ref, 1)]; ref.RootName() == "option" && v != nil {
			return v, 2
		}
		return nil, 0
	}
	for _, b := range out {
		lang.Substitute(b.Body, put)
		if b.Type == "profile" {
			p.unset(b.Body.Attributes["options"])
		}
	}
	if p.bp.summary != nil {
		p.bp.summary = lang.SubstituteIn(p.bp.summary, put)
	}
	return out
}

// unset takes fixed options out of what a profile of the base chooses.
func (p *parser) unset(a *hclsyntax.Attribute) {
	if a == nil {
		return
	}
	if o, ok := a.Expr.(*hclsyntax.ObjectConsExpr); ok {
		o.Items = slices.DeleteFunc(o.Items, func(it hclsyntax.ObjectConsItem) bool {
			_, fixed := p.fixed[hcl.ExprAsKeyword(it.KeyExpr)]
			return fixed
		})
	}
}
