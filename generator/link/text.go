package link

import (
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
)

// tidied is formatted text with what it refers to. It is never changed.
type tidied struct {
	text   []byte
	refs   lang.Set
	locals []localUse // the arguments of locals blocks, with their own references

	providers map[string]bool // that blocks name
}

// tidy prints text and finds the references.
func tidy(text string, lookup cite.Lookup) tidied {
	out := tidied{text: ir.Tidy(text, lookup), refs: lang.Set{}}
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return out // vet reports it where it is written
	}
	body := f.Body.(*hclsyntax.Body)
	out.refs, out.providers = lang.Addresses(body), map[string]bool{}
	for _, b := range body.Blocks {
		maps.Copy(out.providers, lang.Providers(b))
		if b.Type != "locals" {
			continue
		}
		for _, a := range lang.Attributes(b.Body) {
			out.locals = append(out.locals, localUse{a.Name, lang.Addresses(a.Expr)})
		}
	}
	return out
}

// tidy is the function tidy with the ledger and the cache at hand.
func (l *linker) tidy(text string) tidied {
	return l.in.Cache.texts.Get(text, func() tidied { return tidy(text, l.lookup()) })
}

// lookup looks ids of the ledger up; it is nil without a ledger.
func (l *linker) lookup() cite.Lookup {
	if l.in.Citations == nil {
		return nil
	}
	return l.in.Citations.Cite
}

// tidyAhead tidies what will be asked for, while the link goes on.
func (l *linker) tidyAhead(c *specialise.Component) {
	for _, b := range c.Blocks {
		l.tidy(b.Text)
	}
	for _, v := range c.Variables {
		l.tidy(v.Text)
	}
}

// removeArguments removes arguments from every block of text, with the comments
// directly above them.
func removeArguments(text string, names map[string]bool) string {
	f, diags := guard.PrintedForEdit([]byte(text))
	if diags.HasErrors() {
		return text
	}
	for _, b := range f.Body().Blocks() {
		for name := range names {
			b.Body().RemoveAttribute(name)
		}
	}
	return string(f.Bytes())
}

// repeats says whether a resource has a count or for_each.
func repeats(text string) bool {
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return true
	}
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		if b.Body.Attributes["count"] != nil || b.Body.Attributes["for_each"] != nil {
			return true
		}
	}
	return false
}

// addPrecondition adds a precondition to a resource's lifecycle.
func addPrecondition(text, precondition string) string {
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return text
	}
	blocks := f.Body.(*hclsyntax.Body).Blocks
	if len(blocks) == 0 {
		return text
	}
	precondition = strings.TrimRight(precondition, "\n") + "\n"
	for _, n := range blocks[0].Body.Blocks {
		if n.Type == "lifecycle" {
			return insert(text, n, "\n"+precondition)
		}
	}
	return insert(text, blocks[0], "\nlifecycle {\n"+precondition+"}\n")
}
