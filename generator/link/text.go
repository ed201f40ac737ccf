package link

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/specialise"
)

// Tidy formats HCL and removes blank lines that specialising left behind: more
// than one in a row, at the start and the end of a body, and around brackets.
// Citations in comments are put into words; strings and heredocs are not
// touched.
func Tidy(text string, lookup cite.Lookup) []byte {
	return tidy(text, false, lookup, hclwrite.Format).text
}

// A formatter spaces HCL as hclwrite.Format does.
type formatter func(src []byte) []byte

// tidied is formatted text with what it refers to. It is never changed.
type tidied struct {
	text   []byte
	refs   map[string]bool // addresses: var.x, local.x, data.t.x, t.x, module.x
	locals []localUse      // the arguments at the top of the text's block, with their own references
}

// tidy does the work of Tidy and finds the references. Formatting reads all
// tokens; where a line cannot be part of something larger, the rest needs only
// lines. Of spaced text every line is formatted in itself.
func tidy(text string, spaced bool, lookup cite.Lookup, format formatter) tidied {
	if r, ok := tidyLines(text, spaced, lookup, format); ok {
		return r
	}
	return tidyTokens(text, spaced, lookup, format)
}

// tidyTokens tidies any text.
func tidyTokens(text string, spaced bool, lookup cite.Lookup, format formatter) tidied {
	src := []byte(text)
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	refs := &scanner{found: map[string]bool{}}
	var out bytes.Buffer
	last, newlines := 0, 2 // newlines before the current token, as if a blank line preceded the file
	opened := false        // the last token opened a bracket
	for i, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenEOF:
			if t.Type == hclsyntax.TokenNewline {
				newlines++
				if newlines > 2 || newlines > 1 && (opened || closes(tokens, i+1)) {
					out.Write(bytes.TrimRight(src[last:t.Range.Start.Byte], " \t"))
					last = t.Range.End.Byte
				}
			}
			continue
		case hclsyntax.TokenComment:
			if line, cited := cite.Line(strings.TrimRight(string(t.Bytes), "\r\n"), lookup); cited {
				out.Write(src[last:t.Range.Start.Byte])
				out.WriteString(line)
				last = t.Range.Start.Byte + len(bytes.TrimRight(t.Bytes, "\r\n"))
			}
			opened = false
			newlines = 0
			if bytes.HasSuffix(t.Bytes, []byte("\n")) {
				newlines = 1
			}
			continue
		}
		refs.token(tokens, i)
		opened = t.Type == hclsyntax.TokenOBrace || t.Type == hclsyntax.TokenOBrack || t.Type == hclsyntax.TokenOParen
		newlines = 0
	}
	out.Write(src[last:])
	done, ok := []byte(nil), false
	if spaced {
		done, ok = formatMoved(out.String(), format)
	}
	if !ok {
		done = formatted(out.Bytes(), format)
	}
	return tidied{text: done, refs: refs.found, locals: refs.arguments}
}

func formatted(src []byte, format formatter) []byte {
	if text := bytes.TrimSpace(format(src)); len(text) > 0 {
		return append(text, '\n')
	}
	return nil
}

// A scanner finds references in a stream of tokens. It may take the attribute
// of a loop variable for a reference, which does no harm: nothing of the module
// has its name, or link has renamed the variable.
type scanner struct {
	found     map[string]bool
	depth     int
	arguments []localUse
}

func (s *scanner) token(tokens hclsyntax.Tokens, i int) {
	switch tokens[i].Type {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		s.depth++
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
		s.depth--
	case hclsyntax.TokenIdent:
		if s.depth == 1 && tokens[i+1].Type == hclsyntax.TokenEqual {
			s.arguments = append(s.arguments, localUse{name: string(tokens[i].Bytes), refs: map[string]bool{}})
			return
		}
		if i > 0 && tokens[i-1].Type == hclsyntax.TokenDot {
			return
		}
		if ref := address(tokens[i:]); ref != "" {
			s.found[ref] = true
			if s.depth > 0 && len(s.arguments) > 0 {
				s.arguments[len(s.arguments)-1].refs[ref] = true
			}
		}
	}
}

// address returns the address at the start of a traversal, or "".
func address(tokens hclsyntax.Tokens) string {
	n := 2
	if root := string(tokens[0].Bytes); root == "data" || root == "ephemeral" {
		n = 3
	}
	if len(tokens) < 2*n {
		return ""
	}
	parts := make([]string, n)
	for i := range n {
		if tokens[2*i].Type != hclsyntax.TokenIdent || i > 0 && tokens[2*i-1].Type != hclsyntax.TokenDot {
			return ""
		}
		parts[i] = string(tokens[2*i].Bytes)
	}
	return strings.Join(parts, ".")
}

// closes says whether only line ends come before the next closing bracket.
func closes(tokens hclsyntax.Tokens, i int) bool {
	for ; i < len(tokens); i++ {
		switch tokens[i].Type {
		case hclsyntax.TokenNewline:
			continue
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen:
			return true
		}
		return false
	}
	return false
}

// tidy is Tidy with the ledger and the cache at hand.
func (l *linker) tidy(text string) tidied { return l.tidyBlock(text, false) }

// tidyBlock is tidy for a block that may be formatted already.
func (l *linker) tidyBlock(text string, spaced bool) tidied {
	return l.in.Cache.texts.Get(block{text, spaced}, func() tidied { return tidy(text, spaced, l.lookup(), l.format) })
}

// lookup looks ids of the ledger up; it is nil without a ledger.
func (l *linker) lookup() cite.Lookup {
	if l.in.Citations == nil {
		return nil
	}
	return l.in.Citations.Cite
}

// format is hclwrite.Format for a block or a paragraph that may come again.
func (l *linker) format(src []byte) []byte {
	return []byte(l.in.Cache.formatted.Get(string(src), func() string { return string(hclwrite.Format(src)) }))
}

// tidyAhead tidies what will be asked for, while the link goes on.
func (l *linker) tidyAhead(c *specialise.Component, spaced bool) {
	for _, b := range c.Blocks {
		l.tidyBlock(b.Text, spaced)
	}
	for _, v := range c.Variables {
		l.tidyBlock(v.Text, spaced)
	}
}

// removeArguments removes arguments from every block of text, with the comments
// directly above them.
func removeArguments(text string, names map[string]bool) string {
	f, diags := hclwrite.ParseConfig([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return text
	}
	for _, b := range f.Body().Blocks() {
		for name := range names {
			b.Body().RemoveAttribute(name)
		}
	}
	return string(f.Bytes())
}

// repeats says whether a resource has a count or for_each.
func (l *linker) repeats(text string) bool {
	return l.in.Cache.repeating.Get(text, func() bool {
		f, diags := hclsyntax.ParseConfig([]byte(text), "", hcl.InitialPos)
		if diags.HasErrors() {
			return true
		}
		for _, b := range f.Body.(*hclsyntax.Body).Blocks {
			if b.Body.Attributes["count"] != nil || b.Body.Attributes["for_each"] != nil {
				return true
			}
		}
		return false
	})
}

// addPrecondition adds a precondition to a resource's lifecycle.
func addPrecondition(text, precondition string) string {
	f, diags := hclsyntax.ParseConfig([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return text
	}
	blocks := f.Body.(*hclsyntax.Body).Blocks
	if len(blocks) == 0 {
		return text
	}
	precondition = strings.TrimRight(precondition, "\n") + "\n"
	for _, n := range blocks[0].Body.Blocks {
		if n.Type == "lifecycle" {
			return insert(text, n, "\n"+precondition)
		}
	}
	return insert(text, blocks[0], "\nlifecycle {\n"+precondition+"}\n")
}
