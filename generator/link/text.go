package link

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/cite"
)

// Tidy formats HCL and removes blank lines that specialising left behind: more
// than one in a row, at the start and the end of a body, and around brackets.
// Citations in comments are put into words; strings and heredocs are not
// touched.
func Tidy(text string, lookup cite.Lookup) []byte {
	src := []byte(text)
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
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
		opened = t.Type == hclsyntax.TokenOBrace || t.Type == hclsyntax.TokenOBrack || t.Type == hclsyntax.TokenOParen
		newlines = 0
		if t.Type == hclsyntax.TokenCHeredoc {
			newlines = 0
		}
	}
	out.Write(src[last:])
	if text := bytes.TrimSpace(hclwrite.Format(out.Bytes())); len(text) > 0 {
		return append(text, '\n')
	}
	return nil
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

// tidy is Tidy with the ledger at hand.
func (l *linker) tidy(text string) []byte {
	if l.in.Citations == nil {
		return Tidy(text, nil)
	}
	return Tidy(text, l.in.Citations.Cite)
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
func repeats(text string) bool {
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
}

// addPrecondition adds a precondition to a resource's lifecycle.
func addPrecondition(text, block string) string {
	f, diags := hclsyntax.ParseConfig([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return text
	}
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		for _, n := range b.Body.Blocks {
			if n.Type == "lifecycle" {
				at := n.CloseBraceRange.Start.Byte
				return text[:at] + "\nprecondition " + block + text[at:]
			}
		}
		at := b.CloseBraceRange.Start.Byte
		return text[:at] + "\nlifecycle {\nprecondition " + block + "}\n" + text[at:]
	}
	return text
}
