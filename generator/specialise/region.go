package specialise

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// A Region is where a component stands, other than where the module does.
type Region struct {
	Name  string // such as that of CloudFront's certificates
	Alias string // the provider configuration that leads there; "" where blocks can take the region themselves
	Note  string // why, without comment markers; "" says nothing
}

// Argument is the line that puts a block into the region.
func (r Region) Argument() string {
	if r.Alias != "" {
		return "provider = " + r.Alias
	}
	return "region = " + Quote(r.Name)
}

// Regional returns the first object of a template, or of a module that it calls, that
// can be put into a region; nil when there is none.
func Regional(t *template.Template, schemas Schemas) *template.Object {
	if schemas == nil {
		return nil
	}
	all := []*template.Template{t}
	for _, dir := range sortedKeys(t.Modules) {
		all = append(all, t.Modules[dir])
	}
	for _, one := range all {
		for _, addr := range sortedKeys(one.Objects) {
			if o := one.Objects[addr]; o.Kind != "module" && schemas.Regional(o.Kind, o.Type) {
				return o
			}
		}
	}
	return nil
}

// Takes says whether a block with a type takes the argument that puts it into the
// region: all of AWS a provider configuration, and what is in a region at all the
// region itself.
func (r Region) Takes(b *hclsyntax.Block, schemas Schemas) bool {
	switch {
	case r.Name == "" || len(b.Labels) != 2 || b.Type != "resource" && b.Type != "data" && b.Type != "ephemeral":
		return false
	case r.Alias != "":
		return lang.TypeProvider(b.Labels[0]) == "aws"
	}
	return schemas != nil && schemas.Regional(b.Type, b.Labels[0])
}

// stands says whether a block is put into the region of the component: the template
// does not put it elsewhere.
func (c *component) stands(b *hclsyntax.Block) bool {
	if !c.in.Region.Takes(b, c.in.Schemas) {
		return false
	}
	if a := b.Body.Attributes["region"]; a != nil && !c.ev.sources.isCut(a.NameRange) {
		return false
	}
	if a := c.provides(b); a != nil && (c.call != nil || !Default(a)) {
		return false
	}
	name, _, _ := strings.Cut(b.Labels[0], "_")
	return c.passed(name) == name
}

// provides returns the argument of a block that names its provider, nil without one.
func (c *component) provides(b *hclsyntax.Block) *hclsyntax.Attribute {
	if a := b.Body.Attributes["provider"]; a != nil && !c.ev.sources.isCut(a.NameRange) {
		return a
	}
	return nil
}

// Default says whether an argument names the configuration of AWS that blocks have
// without it.
func Default(provider *hclsyntax.Attribute) bool { return hcl.ExprAsKeyword(provider.Expr) == "aws" }

// line returns the argument that puts a block into the region of the component, with
// the reason at the first resource, "" where it stays where it is.
func (c *component) line(b *hclsyntax.Block) string {
	if !c.stands(b) {
		return ""
	}
	line := c.in.Region.Argument()
	c.top.elsewhere = true
	if b.Type == "resource" && !c.top.explained && c.in.Region.Note != "" { // a data source may go
		c.top.explained = true
		line += " # " + c.in.Region.Note
	}
	return line + "\n"
}

// first returns the edit that makes a line the first argument of a block, behind
// count and for_each. Lead is the last of these that stays, gone one that goes.
func (c *component) first(b *hclsyntax.Block, line string, lead, gone *hclsyntax.Attribute) edit {
	src, at := c.ev.sources[b.TypeRange.Filename], b.OpenBraceRange.End.Byte
	if lead != nil {
		at = lead.SrcRange.End.Byte
	}
	at = template.LineEnd(src.src, at)
	rest := at
	if gone != nil && gone.SrcRange.End.Byte > at {
		rest = template.LineEnd(src.src, gone.SrcRange.End.Byte)
	}
	if next, _, _ := strings.Cut(src.slice(rest, b.CloseBraceRange.Start.Byte), "\n"); strings.TrimSpace(next) != "" {
		line += "\n" // a paragraph of its own
	}
	return edit{at - 1, at, "\n" + line}
}

// put puts a block into the region of the component. One that is written on one line
// gets the argument behind the other.
func (c *component) put(b *hclsyntax.Block, edits []edit, lead, gone *hclsyntax.Attribute) *ir.Block {
	line := c.line(b)
	switch own := c.provides(b); {
	case line == "":
		return c.code(b, edits)
	case own != nil && c.in.Region.Alias != "":
		rng := own.Expr.Range()
		return c.code(b, append(edits, edit{rng.Start.Byte, rng.End.Byte, c.in.Region.Alias}))
	case flat(b):
		return c.code(b, edits).Insert(line)
	}
	return c.code(b, append(edits, c.first(b, line, lead, gone)))
}

// inside puts a data source in a check into the region of the component.
func (c *component) inside(b *hclsyntax.Block) []edit {
	line := c.line(b)
	switch {
	case line == "":
		return nil
	case flat(b):
		open, end := b.OpenBraceRange, b.CloseBraceRange
		return []edit{{open.Start.Byte, open.End.Byte, "{\n" + line}, {end.Start.Byte, end.End.Byte, "\n}"}}
	}
	return []edit{c.first(b, line, nil, nil)}
}

// flat says whether a block is written on one line.
func flat(b *hclsyntax.Block) bool {
	return b.OpenBraceRange.Start.Line == b.CloseBraceRange.Start.Line
}

// region answers what data.aws_region says of where a component stands; ok is false
// when Terraform has to ask.
func (c *component) region(o *object, ref hcl.Traversal, n int) (Result, bool) {
	if o.Kind != "data" || o.Type != "aws_region" || o.mode != plain || n >= len(ref) || !c.stands(o.Block) {
		return Result{}, false
	}
	if len(o.Block.Body.Attributes) > 0 || len(o.Block.Body.Blocks) > 0 {
		return Result{}, false // it asks for another one, or has conditions
	}
	switch name, _ := stepKey(ref[n]); name {
	case "id", "name", "region":
		return knownResult(cty.StringVal(c.in.Region.Name)), true
	}
	return Result{}, false
}
