package template

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// A Directive is a "# bpgen:if" comment and what it guards, as byte offsets of
// the file.
type Directive struct {
	Cond      hclsyntax.Expression
	WholeFile bool
	Line      Span // the directive's own line with its line end
	Item      Span // the line and all it guards, to the end of the item's line
}

// A Span is a range of bytes, end exclusive.
type Span struct{ Start, End int }

// directive matches a whole line that is one; behindCode one that has code in
// front of it.
var (
	directive  = regexp.MustCompile(`^\s*(?:#|//)\s*bpgen:if\b(.*?)\s*$`)
	behindCode = regexp.MustCompile(`\S.*?(?:#|//)\s*bpgen:if\b`)
)

// findDirectives fills f.Directives. It reads lines, not tokens, and asks the
// syntax tree what lies inside of strings: most files have few directives, and
// reading all tokens once more would cost as much as parsing.
func (f *File) findDirectives() hcl.Diagnostics {
	if !bytes.Contains(f.Src, []byte("bpgen:if")) {
		return nil
	}
	var diags hcl.Diagnostics
	items, texts := f.itemEnds()
	ahead := &finder{file: f, items: items, known: map[spot]found{}}
	line := 0
	for start := 0; start < len(f.Src); start = LineEnd(f.Src, start) {
		line++
		end := LineEnd(f.Src, start)
		text := bytes.TrimRight(f.Src[start:end], "\r\n")
		if !bytes.Contains(text, []byte("bpgen:if")) {
			continue
		}
		m := directive.FindSubmatchIndex(text)
		if m == nil {
			if loc := behindCode.FindIndex(text); loc != nil && !texts.holds(start+loc[1]-1) {
				diags = append(diags, diag.Error(f.lineRange(line, start, text), "bpgen:if after code", "A bpgen:if directive must be on a line of its own, directly above what it applies to."))
			}
			continue
		}
		if texts.holds(start + m[2] - 1) {
			continue // a heredoc may say what it likes
		}
		rng := f.lineRange(line, start, text)
		at := hcl.Pos{Line: line, Column: 1 + m[2], Byte: start + m[2]}
		cond, d := guard.ParseExpression(text[m[2]:m[3]], f.Path, at)
		if d.HasErrors() {
			diags = append(diags, diag.Error(rng, "Not a condition", "bpgen:if must be followed by a condition that uses variables, such as: # bpgen:if var.deployment == \"blue-green\". %s", d[0].Detail))
			continue
		}
		dir := Directive{Cond: cond, Line: Span{start, end}}
		itemEnd, ok := ahead.guarded(end)
		if !ok {
			diags = append(diags, diag.Error(rng, "bpgen:if has no target", "Put a bpgen:if directive directly above what it applies to: an argument, a block, an element of a list or object, or a paragraph of comments."))
			continue
		}
		dir.Item = Span{start, itemEnd}
		if start == 0 && bytes.HasPrefix(bytes.TrimLeft(f.Src[end:], " \t\r"), []byte("\n")) {
			dir.WholeFile, dir.Item = true, Span{0, len(f.Src)}
		}
		f.Directives = append(f.Directives, dir)
	}
	return diags
}

// lineRange is the range of a line's text without its indentation.
func (f *File) lineRange(line, start int, text []byte) hcl.Range {
	indent := len(text) - len(bytes.TrimLeft(text, " \t"))
	return hcl.Range{
		Filename: f.Path,
		Start:    hcl.Pos{Line: line, Column: 1 + indent, Byte: start + indent},
		End:      hcl.Pos{Line: line, Column: 1 + len(text), Byte: start + len(text)},
	}
}

// A finder finds what directives guard. What follows is the same for all that
// stand one above the other, so each line is looked at once.
type finder struct {
	file  *File
	items map[int]int // where arguments, blocks and elements end, by their start
	known map[spot]found
}

// A spot is a line, in front of which nothing that can be guarded stands behind
// the directive, but perhaps an empty line.
type spot struct {
	at    int
	blank bool
}

// found is the end of what a directive guards.
type found struct {
	end int
	ok  bool
}

// guarded returns the end of what a directive guards, given the end of its line.
func (f *finder) guarded(at int) (int, bool) {
	var passed []spot
	r := f.look(at, func(s spot) (found, bool) {
		r, ok := f.known[s]
		passed = append(passed, s)
		return r, ok
	})
	for _, s := range passed {
		f.known[s] = r
	}
	return r.end, r.ok
}

// look walks on from the end of a directive's line. It asks at each spot whether
// the rest is known.
func (f *finder) look(at int, known func(spot) (found, bool)) found {
	src := f.file.Src
	commentEnd, blank := -1, false
	for at < len(src) {
		if commentEnd < 0 {
			if r, ok := known(spot{at, blank}); ok {
				return r
			}
		}
		end := LineEnd(src, at)
		text := bytes.TrimSpace(src[at:end])
		switch {
		case len(text) == 0:
			if commentEnd >= 0 {
				return found{commentEnd, true} // a paragraph of comments alone
			}
			blank = true
		case text[0] == '#' || bytes.HasPrefix(text, []byte("//")):
			if !blank && !directive.Match(text) {
				commentEnd = end
			}
		default:
			first := at + bytes.Index(src[at:end], text)
			if itemEnd, ok := f.items[first]; ok {
				return found{f.file.endOfItem(itemEnd), true}
			}
			return found{commentEnd, commentEnd >= 0}
		}
		at = end
	}
	return found{commentEnd, commentEnd >= 0}
}

// endOfItem extends an item's end over a comma, and to the end of the line if
// only a comment follows.
func (f *File) endOfItem(end int) int {
	rest := f.Src[end:]
	skip := len(rest) - len(bytes.TrimLeft(rest, " \t"))
	if skip < len(rest) && rest[skip] == ',' {
		end += skip + 1
	}
	eol := LineEnd(f.Src, end)
	tail := bytes.TrimSpace(f.Src[end:eol])
	if len(tail) == 0 || tail[0] == '#' || bytes.HasPrefix(tail, []byte("//")) {
		return eol
	}
	return end
}

// spans are the parts of a file that strings take, in order and apart.
type spans []Span

// apart orders parts of a file and joins those that overlap.
func apart(parts []Span) spans {
	slices.SortFunc(parts, func(a, b Span) int { return a.Start - b.Start })
	var out spans
	for _, p := range parts {
		if n := len(out); n > 0 && p.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, p.End)
		} else {
			out = append(out, p)
		}
	}
	return out
}

func (ss spans) holds(at int) bool {
	i, exact := slices.BinarySearchFunc(ss, at, func(s Span, at int) int { return s.Start - at })
	return exact && at < ss[i].End || !exact && i > 0 && at < ss[i-1].End
}

// itemEnds maps the start of every argument, block, list element and object
// item to its end, and returns where strings are.
func (f *File) itemEnds() (map[int]int, spans) {
	ends := map[int]int{}
	var texts []Span
	// The nodes of a body are visited from the outside in, so the first to
	// start somewhere is the largest: the one a directive guards.
	add := func(start, end int) {
		if _, ok := ends[start]; !ok {
			ends[start] = end
		}
	}
	lang.Visit(f.Body, func(n hclsyntax.Node) {
		switch n := n.(type) {
		case *hclsyntax.TemplateExpr:
			texts = append(texts, Span{n.SrcRange.Start.Byte, n.SrcRange.End.Byte})
		case *hclsyntax.TemplateWrapExpr:
			texts = append(texts, Span{n.SrcRange.Start.Byte, n.SrcRange.End.Byte})
		case *hclsyntax.Attribute:
			add(n.SrcRange.Start.Byte, n.SrcRange.End.Byte)
		case *hclsyntax.Block:
			add(n.TypeRange.Start.Byte, n.CloseBraceRange.End.Byte)
		case *hclsyntax.TupleConsExpr:
			for _, e := range n.Exprs {
				add(e.Range().Start.Byte, e.Range().End.Byte)
			}
		case *hclsyntax.ObjectConsExpr:
			for _, it := range n.Items {
				add(it.KeyExpr.Range().Start.Byte, it.ValueExpr.Range().End.Byte)
			}
		}
	})
	return ends, apart(texts)
}

// LineEnd returns the offset behind the end of the line that at lies in.
func LineEnd(src []byte, at int) int {
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(src)
}
