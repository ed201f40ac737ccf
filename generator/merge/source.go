package merge

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
)

// A source is one version of one file that parses: its text and its tokens. All
// that is merged is a span of tokens of some source, so that comments and layout
// come from the text itself.
type source struct {
	path   string
	text   string
	tokens hclsyntax.Tokens
	match  []int // of a bracket, quote or heredoc the token that closes or opens it; else -1
	around []int // the token that opens what a token stands in; -1 at the top
}

// A span is a range of tokens, without the last.
type span struct{ from, to int }

func (s span) empty() bool { return s.from >= s.to }

// read reads a file. What does not parse is no source.
func read(path, text string) (*source, hcl.Diagnostics) {
	if _, diags := guard.Parse([]byte(text), path); diags.HasErrors() {
		return nil, diags
	}
	s := &source{path: path, text: text, tokens: guard.Lex([]byte(text), path)}
	s.brackets()
	return s, nil
}

func (s *source) brackets() {
	s.match, s.around = make([]int, len(s.tokens)), make([]int, len(s.tokens))
	var open []int
	for i, t := range s.tokens {
		s.match[i], s.around[i] = -1, -1
		closes := closing(t.Type)
		if closes && len(open) > 0 {
			top := open[len(open)-1]
			open = open[:len(open)-1]
			s.match[i], s.match[top] = top, i
		}
		if len(open) > 0 {
			s.around[i] = open[len(open)-1]
		}
		if opening(t.Type) {
			open = append(open, i)
		}
	}
}

func opening(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
		hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		return true
	}
	return false
}

func closing(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		return true
	}
	return false
}

// raw returns the text of a span as it stands.
func (s *source) raw(at span) string {
	if at.empty() {
		return ""
	}
	return s.text[s.tokens[at.from].Range.Start.Byte:s.tokens[at.to-1].Range.End.Byte]
}

// comment returns the text of a comment without the end of its line.
func (s *source) comment(i int) string {
	return strings.TrimRight(string(s.tokens[i].Bytes), " \t\r\n")
}

// lastLine returns the line on which a token ends.
func (s *source) lastLine(i int) int {
	if t := s.tokens[i]; !lineComment(t) {
		return t.Range.End.Line
	}
	return s.tokens[i].Range.Start.Line
}

func lineComment(t hclsyntax.Token) bool {
	return t.Type == hclsyntax.TokenComment && !strings.HasPrefix(string(t.Bytes), "/*")
}

// line returns the line of a place in the text, counted from 1.
func (s *source) line(i int) int { return s.tokens[i].Range.Start.Line }

// A form says what counts when two spans are compared.
type form int

const (
	// codeForm is code with the comments that tools obey.
	codeForm form = iota
	// fullForm has all comments.
	fullForm
)

// normal writes a span without its layout: two spans that differ in nothing but
// spaces, line ends and commas that may be left out have the same normal form.
func (s *source) normal(b *strings.Builder, at span, f form) {
	for i := at.from; i < at.to; i++ {
		t := s.tokens[i]
		switch t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenEOF:
			continue
		case hclsyntax.TokenComment:
			if f == fullForm || directive(s.comment(i)) {
				b.WriteString(s.comment(i))
				b.WriteByte(0)
			}
			continue
		case hclsyntax.TokenComma:
			if s.optional(i) {
				continue
			}
		}
		b.Write(t.Bytes)
		b.WriteByte(0)
	}
}

// optional says whether a comma is a matter of layout: one between the entries of
// an object, where the end of a line does as well, and one behind the last element.
func (s *source) optional(i int) bool {
	if open := s.around[i]; open >= 0 && s.tokens[open].Type == hclsyntax.TokenOBrace {
		return true
	}
	for next := i + 1; next < len(s.tokens); next++ {
		switch s.tokens[next].Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenComment:
		default:
			return closing(s.tokens[next].Type)
		}
	}
	return true
}

// trim takes line ends and comments off the end of a span.
func (s *source) trim(at span) span {
	for !at.empty() {
		switch s.tokens[at.to-1].Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenComment, hclsyntax.TokenEOF:
			at.to--
		default:
			return at
		}
	}
	return at
}
