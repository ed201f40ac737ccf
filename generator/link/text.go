package link

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Tidy formats HCL and removes blank lines that specialising left behind: more
// than one in a row, at the start and the end of a body, and around brackets.
// Heredocs are not touched.
func Tidy(text string) []byte {
	src := hclwrite.Format([]byte(text))
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
	return append(bytes.TrimSpace(hclwrite.Format(out.Bytes())), '\n')
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

// cite turns the citations in comments, "# notes: <id> words", into what a
// reader of the rendered module understands: the chapter of the notes.
func (l *linker) cite(text string) string {
	if !strings.Contains(text, "notes:") {
		return text
	}
	tokens, _ := hclsyntax.LexConfig([]byte(text), "", hcl.InitialPos)
	var out strings.Builder
	last := 0
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			continue
		}
		body := strings.TrimRight(string(t.Bytes), "\r\n")
		m := citation.FindStringSubmatchIndex(body)
		if m == nil {
			continue
		}
		out.WriteString(text[last:t.Range.Start.Byte])
		out.WriteString(body[:m[0]] + "# " + l.citationText(splitIDs(body[m[2]:m[3]]), strings.TrimSpace(body[m[4]:m[5]])))
		last = t.Range.Start.Byte + len(body)
	}
	out.WriteString(text[last:])
	return out.String()
}

// wordsInCitation is how long the words taken from the ledger may be.
const wordsInCitation = 90

func (l *linker) citationText(ids []string, words string) string {
	var chapters []string
	for _, id := range ids {
		if l.in.Citations == nil {
			chapters = append(chapters, id)
			continue
		}
		chapter, statement, ok := l.in.Citations.Cite(id)
		if !ok {
			chapters = append(chapters, id)
			continue
		}
		if len(chapters) == 0 || chapters[len(chapters)-1] != chapter {
			chapters = append(chapters, chapter)
		}
		if words == "" {
			words = shorten(statement, wordsInCitation)
		}
	}
	head := "notes " + strings.Join(chapters, ", ")
	words = strings.TrimLeft(words, ":;- ")
	if words == "" {
		return head
	}
	return head + ": " + words
}

// shorten cuts a sentence at a word's end.
func shorten(s string, n int) string {
	s = strings.TrimSuffix(strings.Join(strings.Fields(s), " "), ".")
	if len(s) <= n {
		return s
	}
	cut := s[:n]
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, ",;: ") + " ..."
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
