package check

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/coverage"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/resolve"
)

var reason = regexp.MustCompile(`^(?:#|//)\s*why:\s*\S`)

// defaults checks that every default says where it comes from: an owner of the
// module must be able to tell a rule from a guess.
func (c *checker) defaults() {
	for _, o := range c.bp.Options {
		if o.Default != cty.NilVal && len(o.Notes) == 0 && strings.TrimSpace(o.Why) == "" {
			c.errorf(o.Range, "Default without a source", "The option %q has the default %s, but gives no source for it. Cite the notes (notes = [\"<system>.<name>\"]) or give a reason (why = \"...\").", o.Name, literal(o.Default))
		}
	}
	for _, v := range c.bp.Variables {
		c.sourced(v.Name, v.Block, v.Src, coverage.Comments(v.Src, v.Range.Filename))
	}
	for _, d := range c.bp.Defaults {
		c.sourced(d.Name, d.Block, d.Src, coverage.Comments(d.Src, d.Range.Filename))
	}
	for _, t := range c.own() {
		for _, f := range t.Files {
			comments := coverage.Comments(f.Src, f.Path)
			for _, b := range f.Body.Blocks {
				if b.Type == "variable" && len(b.Labels) == 1 {
					c.sourced(b.Labels[0], b, f.Src, comments)
				}
			}
		}
	}
}

// sourced checks the default of one variable.
func (c *checker) sourced(name string, b *hclsyntax.Block, src []byte, comments hclsyntax.Tokens) {
	a := b.Body.Attributes["default"]
	if a == nil {
		return
	}
	for _, t := range around(a, src, comments) {
		text := strings.TrimSpace(string(t.Bytes))
		ids, _ := cite.Parse(text)
		departs, words := cite.Departing(text)
		if len(ids) > 0 || len(departs) > 0 && words != "" || reason.MatchString(text) {
			return
		}
	}
	c.errorf(a.SrcRange, "Default without a source", "The default of the variable %q gives no source. On the same line or the line above, cite the notes (# notes: <system>.<name>) or give a reason (# why: ...).", name)
}

// around returns the comments that speak of an argument: on its lines, inside
// it, and on the lines directly above it.
func around(a *hclsyntax.Attribute, src []byte, comments hclsyntax.Tokens) hclsyntax.Tokens {
	var out hclsyntax.Tokens
	above := a.SrcRange.Start.Line - 1
	for _, t := range slices.Backward(comments) {
		switch line := t.Range.Start.Line; {
		case t.Range.Start.Byte > a.SrcRange.Start.Byte:
			if line <= a.SrcRange.End.Line {
				out = append(out, t)
			}
		case line == above && alone(src, t):
			out = append(out, t)
			above--
		}
	}
	return out
}

// alone says whether nothing but space stands in front of a comment.
func alone(src []byte, t hclsyntax.Token) bool {
	start := bytes.LastIndexByte(src[:t.Range.Start.Byte], '\n') + 1
	return len(bytes.TrimSpace(src[start:t.Range.Start.Byte])) == 0
}

// notes checks that every id which is cited stands in the ledger. A system that
// the ledger does not have may be somebody else's notes.
func (c *checker) notes() {
	l := c.cat.Ledger()
	if l == nil {
		return
	}
	systems := l.Systems()
	for _, name := range c.bp.Systems {
		if !slices.Contains(systems, name) {
			c.unknownSystem(c.bp.Range, name, systems)
		}
	}
	found := coverage.Collect(c.bp, c.own())
	for _, rng := range found.Unclear {
		c.warnf(rng, "Not a citation", "This comment looks like a citation but names no entry of the notes. Write # notes: <system>.<name>, with further IDs separated by commas.")
	}
	for _, citation := range found.Citations {
		c.cited(l, systems, citation.Range, citation.ID)
	}
	c.departures(l, systems)
}

func (c *checker) cited(l *ledger.Ledger, systems []string, rng hcl.Range, id string) {
	if _, ok := l.Lookup(id); ok {
		return
	}
	system, _, dotted := strings.Cut(id, ".")
	if dotted && !slices.Contains(systems, system) {
		c.unknownSystem(rng, system, systems)
		return
	}
	c.errorf(rng, "Unknown entry of the notes", "The notes have no entry %q.%s", id, diag.Suggest(l.Nearest(id)))
}

// unknownSystem warns about a system that is likely to be misspelt.
func (c *checker) unknownSystem(rng hcl.Range, name string, systems []string) {
	if near := diag.Nearest(name, systems); len(near) > 0 {
		c.warnf(rng, "Unknown system of the notes", "The notes have no system %q. Did you mean %s?", name, diag.Quoted(near, "or"))
	}
}

// choices returns the choices of a point, for evaluating what a profile gives.
func (c *checker) choices(p point) []resolve.Choice {
	var out []resolve.Choice
	for _, o := range c.options {
		v, ok := p[o.Name]
		if !ok {
			v = cty.UnknownVal(o.Type.WithoutOptionalAttributesDeep())
		}
		out = append(out, resolve.Choice{Option: o, Value: v})
	}
	return out
}
