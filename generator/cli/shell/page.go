package shell

import (
	"io"
	"strings"

	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/iostreams"
)

// A Page is what a command shows to a person, put together before it is written.
type Page struct {
	Style iostreams.Style

	ios *iostreams.Streams
	out strings.Builder
}

// Page returns an empty page for Out.
func (f *Factory) Page() *Page { return &Page{Style: f.IO.OutStyle(), ios: f.IO} }

// Part leaves a line between what is there and what comes.
func (p *Page) Part() {
	if p.out.Len() > 0 {
		p.out.WriteString("\n")
	}
}

// Title begins a part.
func (p *Page) Title(text string) {
	p.Part()
	p.Flow("", "", columns.Cell{Text: text, Paint: p.Style.Bold})
}

// Flow writes cells one behind the other, and lines that do not begin the first
// behind rest.
func (p *Page) Flow(first, rest string, cells ...columns.Cell) {
	p.out.WriteString(columns.Flow(first, rest, p.ios.OutWidth(), cells...))
}

// Line writes text, wrapped, behind an indent.
func (p *Page) Line(indent, text string) { p.Flow(indent, indent, columns.Cell{Text: text}) }

// Dim writes text that matters less than other, wrapped, behind an indent.
func (p *Page) Dim(indent, text string) {
	p.Flow(indent, indent, columns.Cell{Text: text, Paint: p.Style.Dim})
}

// Raw writes text as it is.
func (p *Page) Raw(text string) { p.out.WriteString(text) }

// Wraps says whether text is wrapped.
func (p *Page) Wraps() bool { return p.ios.OutWidth() > 0 }

// Table writes rows as columns.
func (p *Page) Table(indent string, rows [][]columns.Cell) {
	p.out.WriteString(columns.Table(indent, p.ios.OutWidth(), rows))
}

// Write writes the page to Out.
func (p *Page) Write() error {
	_, err := io.WriteString(p.ios.Out, p.out.String())
	return err
}
