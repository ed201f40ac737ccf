package blueprint

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// extended returns the blocks of the blueprint that this one extends, without its
// header: what the header says holds until this one says something else.
func (p *parser) extended(body *hclsyntax.Body, trail []string) hclsyntax.Blocks {
	i := slices.IndexFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "blueprint" })
	if i < 0 {
		return nil
	}
	a := body.Blocks[i].Body.Attributes["extends"]
	if a == nil {
		return nil
	}
	name := p.text(a)
	if name == "" {
		return nil
	}
	if slices.Contains(trail, name) {
		p.errorf(a.Expr.Range(), "Cycle between blueprints", "A blueprint cannot extend itself, directly or through others: %s.", diag.Quoted(append(trail[slices.Index(trail, name):], name), "and"))
		return nil
	}
	of, ok := p.base(name, a.Expr.Range())
	if !ok {
		return nil
	}
	p.bp.Included[of.Name] = a.Expr.Range()
	base, diags := p.open(of)
	p.diags = append(p.diags, diags...)
	if diags.HasErrors() || base == nil {
		return nil
	}
	p.onlyBlocks(base)
	below := p.extended(base, append(trail, name))
	deeper := p.bp.Base != nil
	p.bp.Base = &Base{Name: name}
	own := p.expand(p.heading(base, name), nil)
	if deeper {
		return p.override(below, own)
	}
	return own
}

func (p *parser) base(name string, at hcl.Range) (Source, bool) {
	var names []string
	if p.lib != nil {
		of, found, diags := p.lib.Base(name)
		if p.diags = append(p.diags, diags...); diags.HasErrors() {
			return of, false
		}
		if found {
			return of, true
		}
		names = slices.DeleteFunc(p.lib.BaseNames(), func(n string) bool { return n == p.bp.Name })
	}
	p.errorf(at, "Unknown blueprint", "There is no blueprint %q to extend. %s", name, diag.DidYouMean(name, names))
	return Source{}, false
}

// heading takes over what the header of the base says, and returns the other blocks.
func (p *parser) heading(base *hclsyntax.Body, name string) hclsyntax.Blocks {
	var out hclsyntax.Blocks
	for _, b := range base.Blocks {
		if b.Type != "blueprint" {
			out = append(out, b)
			continue
		}
		a := p.arguments(b, "version", "summary", "systems", "extends")
		if a["summary"] != nil {
			p.bp.summary = a["summary"].Expr
		}
		if a["systems"] != nil {
			p.bp.Systems = p.texts(a["systems"])
		}
		p.bp.Base = &Base{Name: name, Version: p.text(a["version"])}
	}
	return out
}

// override lays the blocks of a blueprint over those of the one that it extends.
func (p *parser) override(base, own hclsyntax.Blocks) hclsyntax.Blocks {
	out := slices.Clone(base)
	find := func(b *hclsyntax.Block) int {
		return slices.IndexFunc(out, func(have *hclsyntax.Block) bool { return have.Type == b.Type && slices.Equal(have.Labels, b.Labels) })
	}
	for _, b := range own {
		i := find(b)
		switch {
		case b.Type == "variable" && len(b.Labels) == 1 && b.Body.Attributes["type"] == nil:
			if i >= 0 {
				out[i] = p.overrideVariable(out[i], b)
			} else if p.declare(b) {
				p.bp.Defaults = append(p.bp.Defaults, p.defaultOf(b))
			}
		case i >= 0 && b.Type == "option":
			out[i] = p.overrideOption(out[i], b)
		case b.Type == "option" && len(b.Labels) == 1 && slices.Contains(BuiltIn, b.Labels[0]) && b.Body.Attributes["fixed"] != nil:
			out = append(out, p.fixBuiltIn(b))
		case i >= 0 && (b.Type == "profile" || b.Type == "example"):
			out[i] = p.overrideValues(out[i], b)
		default:
			out = append(out, b) // a name that stands twice is reported where it is declared
		}
	}
	return out
}

// overrideOption returns an option of the base with another default, fewer values or
// further validations, or fixes it.
func (p *parser) overrideOption(base, own *hclsyntax.Block) *hclsyntax.Block {
	a := p.arguments(own, "default", "fixed", "one_of", "description", "notes", "why", "validation{}")
	b := *base
	body := *base.Body
	body.Attributes = maps.Clone(base.Body.Attributes)
	body.Blocks = append(slices.Clone(base.Body.Blocks), own.Body.Blocks...)
	b.Body = &body
	if a["default"] != nil && a["fixed"] != nil {
		p.errorf(a["fixed"].NameRange, "Default of a fixed option", "The option %q has a default and is fixed. Remove one of the two.", own.Labels[0])
	}
	if a["default"] != nil || a["fixed"] != nil {
		delete(body.Attributes, "notes") // They are about the default of the base.
		delete(body.Attributes, "why")
	}
	for name, attr := range a {
		switch name {
		case "fixed":
			def := *attr
			def.Name = "default"
			body.Attributes["default"] = &def
			p.fixed[own.Labels[0]] = attr.SrcRange
		case "one_of":
			p.fewer(base.Body.Attributes["one_of"], attr)
			body.Attributes["one_of"] = attr
		case "default", "description", "notes", "why":
			body.Attributes[name] = attr
		}
	}
	return &b
}

// fixBuiltIn returns a built-in option, which the base does not declare, with one
// value to choose. It stays an option: what follows from it asks for it.
func (p *parser) fixBuiltIn(own *hclsyntax.Block) *hclsyntax.Block {
	fixed := own.Body.Attributes["fixed"]
	for _, name := range []string{"default", "one_of"} {
		if a := own.Body.Attributes[name]; a != nil {
			p.errorf(a.NameRange, "Fixed option", "The option %q is fixed, so %s says nothing. Remove one of the two.", own.Labels[0], name)
		}
	}
	b := *own
	body := *own.Body
	body.Attributes = maps.Clone(own.Body.Attributes)
	delete(body.Attributes, "fixed")
	def, oneOf := *fixed, *fixed
	def.Name, oneOf.Name = "default", "one_of"
	oneOf.Expr = &hclsyntax.TupleConsExpr{Exprs: []hclsyntax.Expression{fixed.Expr}, SrcRange: fixed.Expr.Range(), OpenRange: fixed.Expr.Range()}
	body.Attributes["default"], body.Attributes["one_of"] = &def, &oneOf
	b.Body = &body
	return &b
}

// fewer reports values that the base does not offer.
func (p *parser) fewer(base, own *hclsyntax.Attribute) {
	if base == nil {
		return
	}
	have, diags := p.budget.Constant(base.Expr)
	want, more := p.budget.Constant(own.Expr)
	if diags.HasErrors() || more.HasErrors() || have.IsNull() || want.IsNull() || !have.CanIterateElements() || !want.CanIterateElements() {
		return // reported where the option is read
	}
	for it := want.ElementIterator(); it.Next(); {
		_, v := it.Element()
		if !slices.ContainsFunc(have.AsValueSlice(), func(h cty.Value) bool { return h.RawEquals(v) }) {
			p.errorf(own.Expr.Range(), "Value not allowed", "one_of can only remove values, and the blueprint %q does not offer all of these.", p.bp.Base.Name)
			return
		}
	}
}

// overrideValues returns a profile or the example of the base with further values;
// one of the same name takes the place of the base's.
func (p *parser) overrideValues(base, own *hclsyntax.Block) *hclsyntax.Block {
	b := *base
	body := *base.Body
	body.Attributes = maps.Clone(base.Body.Attributes)
	b.Body = &body
	for name, attr := range p.arguments(own, "values", "options", "description") {
		have, ok := body.Attributes[name]
		lower, isObject := (*hclsyntax.ObjectConsExpr)(nil), false
		if ok {
			lower, isObject = have.Expr.(*hclsyntax.ObjectConsExpr)
		}
		upper, alike := attr.Expr.(*hclsyntax.ObjectConsExpr)
		if !isObject || !alike {
			body.Attributes[name] = attr
			continue
		}
		merged, joined := *lower, *have
		merged.Items = slices.DeleteFunc(slices.Clone(lower.Items), func(l hclsyntax.ObjectConsItem) bool {
			key := hcl.ExprAsKeyword(l.KeyExpr)
			return key != "" && slices.ContainsFunc(upper.Items, func(u hclsyntax.ObjectConsItem) bool { return hcl.ExprAsKeyword(u.KeyExpr) == key })
		})
		merged.Items = append(merged.Items, upper.Items...)
		joined.Expr = &merged
		body.Attributes[name] = &joined
	}
	return &b
}

// overridden are the arguments of a variable that a blueprint may change.
var overridden = []string{"default", "description", "validation{}"}

// defaultOf returns what a block says of a variable that a template declares.
func (p *parser) defaultOf(b *hclsyntax.Block) *Default {
	p.arguments(b, overridden...)
	return &Default{Name: b.Labels[0], Block: b, Src: p.bp.Bytes(b.TypeRange), Range: b.DefRange()}
}

// overrideVariable returns a variable of the base with what the blueprint changes.
func (p *parser) overrideVariable(base, own *hclsyntax.Block) *hclsyntax.Block {
	d := p.defaultOf(own)
	src := Overridden(p.bp.Bytes(base.TypeRange), base, d)
	name := own.TypeRange.Filename + " (variable " + own.Labels[0] + ")"
	file, diags := guard.Parse(src, name)
	body, ok := file.Body.(*hclsyntax.Body)
	if diags.HasErrors() || !ok || len(body.Blocks) != 1 {
		p.errorf(own.DefRange(), "Cannot change the variable", "The variable %q cannot be merged with that of the blueprint %q.", own.Labels[0], p.bp.Base.Name)
		return base
	}
	p.bp.Files[name] = file
	p.bp.Included[name] = own.DefRange()
	if put := p.within[base]; put != nil {
		lang.Substitute(body.Blocks[0].Body, put)
	}
	return body.Blocks[0]
}
