package blueprint

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/template"
)

// Overridden returns the text of a variable block, with the comments above it, in
// which the arguments of d take the place of those that it has: with their
// comments, for what is said of a default is of that default alone. Further
// validations stand behind the others.
func Overridden(src []byte, b *hclsyntax.Block, d *Default) []byte {
	type edit struct {
		start, end int
		text       []byte
	}
	var edits []edit
	open, closing := b.OpenBraceRange.End.Byte, b.CloseBraceRange.Start.Byte
	last := open
	for _, a := range b.Body.Attributes {
		if _, end := lines(src, a, open); end > last {
			last = end
		}
	}
	for _, name := range []string{"description", "default"} {
		own := d.Block.Body.Attributes[name]
		if own == nil {
			continue
		}
		start, end := lines(d.Src, own, d.Block.OpenBraceRange.End.Byte)
		text := append(bytes.TrimSpace(d.Src[start:end]), '\n')
		if have := b.Body.Attributes[name]; have != nil {
			start, end := lines(src, have, open)
			edits = append(edits, edit{start, end, text})
		} else {
			edits = append(edits, edit{last, last, append([]byte("\n"), text...)})
		}
	}
	for _, v := range d.Block.Body.Blocks {
		text := append([]byte("\n"), d.Src[v.TypeRange.Start.Byte:v.CloseBraceRange.End.Byte]...)
		edits = append(edits, edit{closing, closing, append(text, '\n')})
	}
	slices.SortStableFunc(edits, func(x, y edit) int { return x.start - y.start })
	at := above(src, b.TypeRange.Start.Byte)
	var out []byte
	for _, e := range edits {
		out = append(out, src[at:e.start]...)
		out = append(out, e.text...)
		at = e.end
	}
	return append(append(out, src[at:b.CloseBraceRange.End.Byte]...), '\n')
}

// lines returns where an argument begins, with the comments directly above it, and
// where its last line ends.
func lines(src []byte, a *hclsyntax.Attribute, from int) (start, end int) {
	end = a.SrcRange.End.Byte
	if i := bytes.IndexByte(src[end:], '\n'); i >= 0 {
		end += i + 1
	}
	return max(above(src, a.SrcRange.Start.Byte), from), end
}

// above returns the start of the line of a position, or that of the first of the
// lines of comments directly above it.
func above(src []byte, at int) int {
	comments := template.Comments{Src: src}
	return comments.Above(bytes.LastIndexByte(src[:at], '\n') + 1)
}
