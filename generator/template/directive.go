package template

import (
	"bytes"
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
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

var directive = regexp.MustCompile(`^\s*(?:#|//)\s*bpgen:if\b(.*?)\s*$`)

// findDirectives fills f.Directives.
func (f *File) findDirectives() hcl.Diagnostics {
	if !bytes.Contains(f.Src, []byte("bpgen:if")) {
		return nil
	}
	var diags hcl.Diagnostics
	items := f.itemEnds()
	tokens, _ := hclsyntax.LexConfig(f.Src, f.Path, hcl.InitialPos)
	for i, tok := range tokens {
		if tok.Type != hclsyntax.TokenComment {
			continue
		}
		m := directive.FindSubmatchIndex(bytes.TrimRight(tok.Bytes, "\r\n"))
		if m == nil {
			continue
		}
		start := lineStart(f.Src, tok.Range.Start.Byte)
		if len(bytes.TrimSpace(f.Src[start:tok.Range.Start.Byte])) > 0 {
			diags = append(diags, diag.Error(tok.Range, "Directive behind code", "A bpgen:if directive stands on a line of its own, in front of what it guards."))
			continue
		}
		at := tok.Range.Start
		at.Byte += m[2]
		at.Column += m[2]
		cond, d := hclsyntax.ParseExpression(tok.Bytes[m[2]:m[3]], f.Path, at)
		if d.HasErrors() {
			diags = append(diags, diag.Error(tok.Range, "Not a condition", "Behind bpgen:if stands a condition over variables, such as: # bpgen:if var.deployment == \"blue-green\". %s", d[0].Detail))
			continue
		}
		dir := Directive{Cond: cond, Line: Span{start, lineEnd(f.Src, tok.Range.Start.Byte)}}
		end, ok := f.guarded(tokens[i+1:], items)
		if !ok {
			diags = append(diags, diag.Error(tok.Range, "Directive guards nothing", "After a bpgen:if directive comes what it guards: an argument, a block, an element of a list or object, or a paragraph of comments."))
			continue
		}
		dir.Item = Span{start, end}
		if start == 0 && bytes.HasPrefix(bytes.TrimLeft(f.Src[dir.Line.End:], " \t\r"), []byte("\n")) {
			dir.WholeFile, dir.Item = true, Span{0, len(f.Src)}
		}
		f.Directives = append(f.Directives, dir)
	}
	return diags
}

// guarded returns the end of what a directive guards, given the tokens behind
// it.
func (f *File) guarded(rest hclsyntax.Tokens, items map[int]int) (int, bool) {
	commentEnd := -1
	newlines := 1 // the comment token holds its own line end
	for _, tok := range rest {
		switch tok.Type {
		case hclsyntax.TokenComment:
			if newlines < 2 && !directive.Match(bytes.TrimRight(tok.Bytes, "\r\n")) {
				commentEnd = tok.Range.End.Byte
			}
			newlines = bytes.Count(tok.Bytes, []byte("\n"))
			continue
		case hclsyntax.TokenNewline:
			if newlines++; newlines >= 2 && commentEnd >= 0 {
				return commentEnd, true // a paragraph of comments alone
			}
			continue
		}
		end, ok := items[tok.Range.Start.Byte]
		if !ok {
			return commentEnd, commentEnd >= 0
		}
		return f.endOfItem(end), true
	}
	return commentEnd, commentEnd >= 0
}

// endOfItem extends an item's end over a comma, and to the end of the line if
// only a comment follows.
func (f *File) endOfItem(end int) int {
	rest := f.Src[end:]
	skip := len(rest) - len(bytes.TrimLeft(rest, " \t"))
	if skip < len(rest) && rest[skip] == ',' {
		end += skip + 1
	}
	eol := lineEnd(f.Src, end)
	tail := bytes.TrimSpace(f.Src[end:eol])
	if len(tail) == 0 || tail[0] == '#' || bytes.HasPrefix(tail, []byte("//")) {
		return eol
	}
	return end
}

// itemEnds maps the start of every argument, block, list element and object
// item to its end.
func (f *File) itemEnds() map[int]int {
	ends := map[int]int{}
	// The nodes of a body are visited from the outside in, so the first to
	// start somewhere is the largest: the one a directive guards.
	add := func(start, end int) {
		if _, ok := ends[start]; !ok {
			ends[start] = end
		}
	}
	hclsyntax.VisitAll(f.Body, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
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
		return nil
	})
	return ends
}

func lineStart(src []byte, at int) int { return bytes.LastIndexByte(src[:at], '\n') + 1 }

func lineEnd(src []byte, at int) int {
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(src)
}
