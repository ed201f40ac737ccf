package render

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
)

// printed returns what was built, formatted. It must not be changed.
func (r *renderer) printed(f *hclwrite.File) []byte {
	src := f.BuildTokens(nil).Bytes()
	return r.Cache.formatted.Get(src, func() []byte { return ir.Format(src) })
}

// setAttribute appends an attribute with a comment behind it, which hclwrite
// has no call for.
func setAttribute(body *hclwrite.Body, name string, expr hclwrite.Tokens, comment string) {
	tokens := hclwrite.Tokens{
		{Type: hclsyntax.TokenIdent, Bytes: []byte(name)},
		{Type: hclsyntax.TokenEqual, Bytes: []byte("="), SpacesBefore: 1},
	}
	tokens = append(tokens, expr...)
	if comment != "" {
		tokens = append(tokens, &hclwrite.Token{Type: hclsyntax.TokenComment, Bytes: []byte("# " + oneLine(comment) + "\n"), SpacesBefore: 1})
	} else {
		tokens = append(tokens, newline())
	}
	body.AppendUnstructuredTokens(tokens)
}

// appendComment appends a comment of one line per line of text.
func appendComment(body *hclwrite.Body, text string) {
	if text == "" {
		return
	}
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		body.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte(strings.TrimRight("# "+line, " ") + "\n")}})
	}
}

func newline() *hclwrite.Token {
	return &hclwrite.Token{Type: hclsyntax.TokenNewline, Bytes: []byte("\n")}
}

// parseTokens returns the tokens of an expression as written, or nil when it
// is not one.
func parseTokens(src []byte) hclwrite.Tokens {
	file, diags := guard.PrintedForEdit([]byte("x = " + string(src) + "\n"))
	if diags.HasErrors() || file.Body().GetAttribute("x") == nil {
		return nil
	}
	return file.Body().GetAttribute("x").Expr().BuildTokens(nil)
}

// onOneLine returns the tokens of a short expression with its line ends taken
// out.
func onOneLine(expr hclwrite.Tokens) hclwrite.Tokens {
	return parseTokens([]byte(inline(string(expr.Bytes()))))
}

// joinBlocks puts blocks one below the other with an empty line in between.
func joinBlocks(blocks ...[]byte) []byte {
	size := 0
	for _, b := range blocks {
		size += len(b) + 2
	}
	out := make([]byte, 0, size)
	for _, b := range blocks {
		if b = bytes.Trim(b, "\n"); len(b) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, '\n')
		}
		out = append(append(out, b...), '\n')
	}
	return out
}

// inline writes an expression or a type on one line, without its comments.
func inline(src string) string {
	tokens, diags := guard.LexPrinted([]byte(strings.TrimSpace(src)))
	if diags.HasErrors() {
		return oneLine(src)
	}
	var out []byte
	var open []hclsyntax.TokenType // brackets around the token
	prev := hclsyntax.TokenNil
	end, broken := 0, false // of the last token; whether a line has ended since
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenEOF:
			continue
		case hclsyntax.TokenNewline, hclsyntax.TokenComment:
			broken = true
			continue
		case hclsyntax.TokenOHeredoc:
			return oneLine(src) // cannot stand on one line
		}
		closes := closing[t.Type]
		switch {
		case !broken:
			if t.Range.Start.Byte > end && prev != hclsyntax.TokenNil {
				out = append(out, ' ')
			}
		case opening[prev] && closes, t.Type == hclsyntax.TokenComma:
		case opening[prev], closes:
			if prev == hclsyntax.TokenComma {
				out = out[:len(out)-1]
			}
			if prev == hclsyntax.TokenOBrace || t.Type == hclsyntax.TokenCBrace {
				out = append(out, ' ')
			}
		case prev == hclsyntax.TokenComma || len(open) == 0 || open[len(open)-1] != hclsyntax.TokenOBrace:
			out = append(out, ' ')
		default: // inside braces a new line separates items
			out = append(out, ", "...)
		}
		out = append(out, t.Bytes...)
		switch {
		case opening[t.Type]:
			open = append(open, t.Type)
		case closes && len(open) > 0:
			open = open[:len(open)-1]
		}
		prev, end, broken = t.Type, t.Range.End.Byte, false
	}
	return string(out)
}

var (
	opening = map[hclsyntax.TokenType]bool{
		hclsyntax.TokenOBrace: true, hclsyntax.TokenOBrack: true, hclsyntax.TokenOParen: true,
		hclsyntax.TokenTemplateInterp: true, hclsyntax.TokenTemplateControl: true,
	}
	closing = map[hclsyntax.TokenType]bool{
		hclsyntax.TokenCBrace: true, hclsyntax.TokenCBrack: true, hclsyntax.TokenCParen: true, hclsyntax.TokenTemplateSeqEnd: true,
	}
)

// oneLine joins the lines of a text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
