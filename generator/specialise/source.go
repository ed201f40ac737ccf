package specialise

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

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

// slice returns the bytes from start to end without the cuts.
func (s *source) slice(start, end int) string {
	if len(s.cuts) == 0 {
		return string(s.src[start:end])
	}
	var b strings.Builder
	for _, c := range s.cuts {
		if c.End <= start {
			continue
		}
		if c.Start >= end {
			break
		}
		if c.Start > start {
			b.Write(s.src[start:c.Start])
		}
		start = max(start, c.End)
	}
	if start < end {
		b.Write(s.src[start:end])
	}
	return b.String()
}

// afterCut returns at, or the end of the cut that it lies in.
func (s *source) afterCut(at int) int {
	for _, c := range s.cuts {
		if c.Start <= at && at < c.End {
			return c.End
		}
	}
	return at
}

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
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var b strings.Builder
	at := start
	for _, e := range edits {
		e.start = s.afterCut(e.start)
		if e.start < at || e.end > end || e.start >= e.end {
			continue
		}
		b.WriteString(s.slice(at, e.start))
		b.WriteString(e.text)
		at = e.end
	}
	b.WriteString(s.slice(at, end))
	return b.String()
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
