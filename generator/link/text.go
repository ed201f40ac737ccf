package link

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
)

// named is what a text refers to. It is never changed.
type named struct {
	addresses lang.Set
	providers map[string]bool
}

// named returns what blocks that bpgen has written refer to.
func (l *linker) named(text string) named {
	out := named{addresses: lang.Set{}, providers: map[string]bool{}}
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return out // vet reports it where it is written
	}
	out.addresses, out.providers = lang.Addresses(f.Body.(*hclsyntax.Body)), lang.Called(f.Body.(*hclsyntax.Body))
	return out
}

// tidy prints text that is more or less than a block.
func (l *linker) tidy(text string) []byte {
	return l.in.Cache.texts.Get(text, func() []byte { return ir.Tidy(text, l.lookup()) })
}

// print prints a block.
func (l *linker) print(b *ir.Block) []byte {
	return l.in.Cache.texts.Get(b.String(), func() []byte { return b.Print(l.lookup()) })
}

// lookup looks ids of the ledger up; it is nil without a ledger.
func (l *linker) lookup() cite.Lookup {
	if l.in.Citations == nil {
		return nil
	}
	return l.in.Citations.Cite
}
