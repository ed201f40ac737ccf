package specialise

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/template"
)

// A source is one file's bytes and the parts of it that directives cut out.
type source struct {
	src   []byte
	cuts  []template.Span // sorted, not overlapping
	notes *template.Comments
}

// comments returns what answers where comments are.
func (s *source) comments() *template.Comments {
	if s.notes == nil {
		s.notes = &template.Comments{Src: s.src}
	}
	return s.notes
}

// file is the source as package ir knows it.
func (s *source) file() *ir.Source { return &ir.Source{Bytes: s.src, Cuts: s.cuts} }

// slice returns the bytes from start to end without the cuts.
func (s *source) slice(start, end int) string { return s.file().Slice(start, end) }

// cut says whether the byte at is cut out.
func (s *source) cut(at int) bool {
	for _, c := range s.cuts {
		if c.Start <= at && at < c.End {
			return true
		}
	}
	return false
}

// An edit replaces a part of a file.
type edit struct {
	start, end int
	text       string
}

// apply returns the bytes from start to end, without cuts and with the edits
// made. Of two edits that overlap, the one that starts first (and of those the
// longer) stands.
func (s *source) apply(start, end int, edits []edit) string {
	made := make([]ir.Edit, len(edits))
	for i, e := range edits {
		made[i] = ir.Edit{Start: e.start, End: e.end, Text: e.text}
	}
	return s.file().Apply(start, end, made)
}

// sources finds the file that a range lies in.
type sources map[string]*source

func (ss sources) text(rng hcl.Range) string {
	s := ss[rng.Filename]
	if s == nil {
		return ""
	}
	return s.slice(rng.Start.Byte, rng.End.Byte)
}

func (ss sources) isCut(rng hcl.Range) bool {
	s := ss[rng.Filename]
	return s != nil && s.cut(rng.Start.Byte)
}

// splice returns the text of outer with the pieces replaced.
func (ss sources) splice(outer hcl.Range, pieces []piece) string {
	s := ss[outer.Filename]
	if s == nil {
		return ""
	}
	edits := make([]edit, len(pieces))
	for i, p := range pieces {
		edits[i] = edit{p.rng.Start.Byte, p.rng.End.Byte, s.unglued(p, outer)}
	}
	return s.apply(outer.Start.Byte, outer.End.Byte, edits)
}

// unglued returns a piece's text with blanks where it would melt into its
// neighbours: a name and the minus sign behind it are one name to HCL.
func (s *source) unglued(p piece, outer hcl.Range) string {
	text := p.text
	if text == "" {
		return text
	}
	if i := p.rng.Start.Byte; i > outer.Start.Byte && isIdent(s.src[i-1]) && isIdent(text[0]) {
		text = " " + text
	}
	if i := p.rng.End.Byte; i < outer.End.Byte && isIdent(s.src[i]) && isIdent(text[len(text)-1]) {
		text += " "
	}
	return text
}

// A piece is a part of an expression with its new text.
type piece struct {
	rng  hcl.Range
	text string
}
