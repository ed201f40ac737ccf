package link

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
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

// expression parses an expression that bpgen has written.
func (l *linker) expression(text string) (hclsyntax.Expression, hcl.Diagnostics) {
	p := l.in.Cache.printed.Get(text, func() (p printed) {
		p.expr, p.diags = guard.PrintedExpression([]byte(text))
		return p
	})
	return p.expr, p.diags
}

// exprRefs returns what an expression refers to.
func (l *linker) exprRefs(text string) lang.Set {
	return l.in.Cache.refs.Get(text, func() lang.Set {
		expr, diags := guard.PrintedExpression([]byte(text + "\n"))
		if diags.HasErrors() {
			return lang.Set{} // vet reports it where it is written
		}
		return lang.Addresses(expr)
	})
}

// named returns what blocks that bpgen has written refer to.
func (l *linker) named(text string) named {
	return l.in.Cache.blocks.Get(text, func() named { return namedIn(text) })
}

func namedIn(text string) named {
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
	return l.in.Cache.texts.Get(text+l.departed(text), func() []byte { return ir.Tidy(text, l.lookup()) })
}

// print prints a block.
func (l *linker) print(b *ir.Block) []byte {
	text := b.String()
	return l.in.Cache.texts.Get(text+l.departed(text), func() []byte { return b.Print(l.lookup()) })
}

// lookup looks ids of the ledger up, and what the module departs from.
func (l *linker) lookup() cite.Lookup {
	return func(id string) (m cite.Meaning, ok bool) {
		if l.in.Citations != nil {
			m.Statement, ok = l.in.Citations.Statement(id)
		}
		if d := l.departures[id]; d != nil {
			m.Departure, ok = d.Reason, true
		}
		return m, ok
	}
}

// departed returns what the printed form of a text depends on beside the text: the
// departures from entries that it cites, behind a byte that no text has.
func (l *linker) departed(text string) string {
	if len(l.departures) == 0 {
		return ""
	}
	return l.departing(text, "notes:", cite.Parse) + l.departing(text, "departs:", cite.Departing)
}

// departing returns the departures from entries that comments with a lead name.
func (l *linker) departing(text, lead string, parse func(string) (ids []string, words string)) string {
	var b strings.Builder
	for rest := text; ; {
		i := strings.Index(rest, lead)
		if i < 0 {
			return b.String()
		}
		var line string
		line, rest, _ = strings.Cut(rest[i:], "\n")
		ids, _ := parse(line)
		for _, id := range ids {
			if d := l.departures[id]; d != nil {
				b.WriteString("\x00" + id + "\x00" + d.Reason)
			}
		}
	}
}
