package ir

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// Print returns the block as it stands in a file: formatted, without the blank
// lines that specialising left behind, and with its citations in words.
func (b *Block) Print(lookup cite.Lookup) []byte {
	text := b.String()
	if !b.settled() {
		return tidy(text, lookup, b.formattedText())
	}
	if len(b.source.Cuts) == 0 && !cite.Marks(text) && !b.removes() {
		return []byte(text)
	}
	return bytes.TrimLeft([]byte(tidied(text, lookup)), "\n")
}

// Tidy formats HCL and removes blank lines that specialising left behind: more
// than one in a row, at the start and the end of a body, and around brackets.
// Citations in comments are put into words; strings and heredocs are not touched.
func Tidy(text string, lookup cite.Lookup) []byte { return tidy(text, lookup, "") }

// tidy is Tidy for text of which paragraphs may stand as they are in a formatted
// text.
func tidy(text string, lookup cite.Lookup, source string) []byte {
	if text := bytes.TrimSpace(formatted(text, lookup, source)); len(text) > 0 {
		return append(text, '\n')
	}
	return nil
}

// formattedText returns the block as it stands in its source, with the cuts and edits
// that move nothing around them, "" where that may not be formatted.
func (b *Block) formattedText() string {
	if !b.source.Formatted {
		return ""
	}
	calm := &Block{source: &Source{Bytes: b.source.Bytes}}
	for _, c := range b.source.Cuts {
		if b.paragraph(c.Start, c.End) {
			calm.source.Cuts = append(calm.source.Cuts, c)
		}
	}
	for _, e := range b.edits {
		if calm.still(e) {
			calm.edits = append(calm.edits, e)
		}
	}
	return calm.source.Apply(b.span.Start, b.span.End, calm.edits)
}

func (b *Block) removes() bool {
	for _, e := range b.edits {
		if e.Text == "" {
			return true
		}
	}
	return false
}

// settled says whether the edits leave the text formatted, as the source is.
// When in doubt it says no.
func (b *Block) settled() bool {
	if !b.source.Formatted || len(b.tails) > 0 {
		return false
	}
	for _, c := range b.source.Cuts {
		if c.Start >= b.syntax.TypeRange.Start.Byte && c.Start < b.span.End && !b.paragraph(c.Start, c.End) {
			return false
		}
	}
	for _, e := range b.edits {
		if !b.still(e) {
			return false
		}
	}
	return true
}

// paragraph says whether lines are a whole paragraph of their body: what goes is
// in no column with what stays.
func (b *Block) paragraph(start, end int) bool {
	src := b.source.Bytes
	if start != lineStart(src, start) || end < len(src) && end != lineStart(src, end) || start == 0 {
		return false
	}
	above := strings.TrimSpace(string(src[lineStart(src, start-1):start]))
	below := strings.TrimSpace(string(src[end:template.LineEnd(src, end)]))
	return (above == "" || strings.ContainsRune("{[(", rune(above[len(above)-1]))) && (below == "" || strings.ContainsRune("}])", rune(below[0])))
}

// still says whether an edit moves nothing around it: columns of equal signs and
// of comments stay where they are.
func (b *Block) still(e Edit) bool {
	src := b.source.Bytes
	if e.Text == "" {
		return b.paragraph(e.Start, e.End)
	}
	rest := string(src[e.End:template.LineEnd(src, e.End)])
	before := string(src[lineStart(src, e.Start):e.Start])
	was, is := strings.Split(before+b.source.Slice(e.Start, e.End), "\n"), strings.Split(before+e.Text, "\n")
	if len(was) != len(is) || strings.Contains(e.Text, "<<") {
		return false
	}
	if strings.Contains(rest, "=") && !(len(is) == 1 && (assigned(before) || b.outside(e, rest))) || commented(rest) && !(len(is) == 1 && b.alone(e.End, rest)) {
		return false
	}
	for i := range was {
		if was[i] != is[i] && !alike(was[i], is[i]) {
			return false
		}
	}
	return true
}

// assigned says whether a line begins with a name and its equal sign: none that follow
// on it are in a column with others.
func assigned(before string) bool {
	name, _, ok := strings.Cut(before, " = ")
	return ok && lang.Identifier(strings.TrimSpace(name))
}

// outside says whether an edit changes the name of an argument whose equal sign is in
// no column: that of several lines, or one between lines without any.
func (b *Block) outside(e Edit, rest string) bool {
	opened, sure := net(rest)
	if !sure || !strings.HasPrefix(rest, " = ") {
		return false
	}
	above, below := b.neighbours(e.End)
	return opened > 0 || opened == 0 && !strings.Contains(above, "=") && !strings.Contains(below, "=")
}

// alone says whether the comment at the end of a line follows on its code, below no
// other and above none, so that it moves with its line.
func (b *Block) alone(at int, rest string) bool {
	code, _, ok := cutComment(rest)
	above, below := b.neighbours(at)
	return ok && strings.HasSuffix(code, " ") && !strings.HasSuffix(code, "  ") && !commented(above) && !commented(below)
}

// neighbours returns the lines above and below the one of a place in the source.
func (b *Block) neighbours(at int) (above, below string) {
	src := b.source.Bytes
	start, end := lineStart(src, at), template.LineEnd(src, at)
	if start > 0 {
		above = string(src[lineStart(src, start-1):start])
	}
	if end < len(src) {
		below = string(src[end:template.LineEnd(src, end)])
	}
	return above, below
}

// alike says whether one line may take the place of another without moving those
// around it.
func alike(a, b string) bool {
	if commented(a) || commented(b) || brackets(a) != brackets(b) {
		return false
	}
	before, _, assigns := strings.Cut(a, " = ")
	other, _, also := strings.Cut(b, " = ")
	if assigns != also || assigns && before != other {
		return false
	}
	return len(a)-len(strings.TrimLeft(a, " ")) == len(b)-len(strings.TrimLeft(b, " "))
}

// commented says whether a line may have a comment.
func commented(line string) bool {
	return strings.Contains(line, "#") || strings.Contains(line, "//") || strings.Contains(line, "/*")
}

// brackets returns how many brackets more a line opens than it closes.
func brackets(line string) int {
	n := 0
	for _, c := range line {
		switch c {
		case '{', '[', '(':
			n++
		case '}', ']', ')':
			n--
		}
	}
	return n
}

// tidied removes blank lines and puts citations into words.
func tidied(text string, lookup cite.Lookup) string {
	if t, ok := tidyLines(text, lookup); ok {
		return t.out.String()
	}
	src := []byte(text)
	tokens := guard.Lex(src, "")
	var out bytes.Buffer
	last, newlines := 0, 2 // newlines before the current token, as if a blank line preceded the text
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
	}
	out.Write(src[last:])
	return out.String()
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

// cutComment divides a line into code, with its indentation, and comment. It
// reports false when it cannot be sure where the comment starts.
func cutComment(line string) (code, comment string, ok bool) {
	quotes := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case c == '"':
			quotes++
		case c == '#' || c == '/' && strings.HasPrefix(line[i:], "//"):
			if quotes == 0 {
				return line[:i], line[i:], true
			}
			if strings.ContainsRune(line[i:], '"') {
				if quotes%2 == 1 {
					continue // in a string
				}
				return "", "", false
			}
			return line[:i], line[i:], quotes%2 == 0
		}
	}
	return line, "", true
}
