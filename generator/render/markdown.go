package render

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/bpgen/bpgen/generator/visible"
)

// A document is Markdown in the making.
type document struct{ bytes.Buffer }

// finish returns the whole as a file: with one line end behind it, and nothing in it
// that a terminal would obey.
func (d *document) finish() []byte {
	return visible.Bytes(append(bytes.TrimRight(d.Bytes(), "\n"), '\n'))
}

// line appends the parts as one line.
func (d *document) line(parts ...string) {
	for _, p := range parts {
		d.WriteString(p)
	}
	d.WriteByte('\n')
}

// paragraph appends the parts as one line with an empty line behind it.
func (d *document) paragraph(parts ...string) {
	d.line(parts...)
	d.line()
}

// fence appends a block of code, between more backticks than it holds in a row.
func (d *document) fence(language string, block []byte) {
	fence := "```"
	for bytes.Contains(block, []byte(fence)) {
		fence += "`"
	}
	d.line(fence, language)
	d.Write(block)
	d.paragraph(fence)
}

// table appends a table. Its cells are Markdown, made safe by text or code.
func (d *document) table(head []string, rows [][]string) {
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	for _, row := range append([][]string{head, rule}, rows...) {
		d.line("| ", strings.Join(row, " | "), " |")
	}
	d.line()
}

// text makes words safe to stand in a sentence or a cell: on one line, with
// nothing in them that Markdown takes for its own, but for code between
// backticks, which stays code.
func text(words string) string {
	var b strings.Builder
	rest := oneLine(words)
	if !strings.ContainsAny(rest, marks) && !begins(rest) {
		return rest
	}
	if m := starter.FindStringSubmatchIndex(rest); m != nil {
		last := m[3] - 1
		b.WriteString(rest[:last] + `\` + rest[last:last+1])
		rest = rest[last+1:]
	}
	for before := byte(' '); ; {
		at := strings.IndexByte(rest, '`')
		if at < 0 {
			b.WriteString(prose(rest, before))
			return b.String()
		}
		b.WriteString(prose(rest[:at], before))
		rest = rest[at:]
		ticks := rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
		rest, before = rest[len(ticks):], '`'
		// A run of backticks is closed by the next one of the same length.
		if end := closer(rest, ticks); end >= 0 {
			b.WriteString(ticks + piped(rest[:end]) + ticks)
			rest = rest[end+len(ticks):]
		} else {
			b.WriteString(strings.Repeat("\\`", len(ticks)))
		}
	}
}

// marks are the characters that text looks at.
const marks = "\\|*[]~_<>&`"

// begins says whether a line may begin with what starter finds.
func begins(line string) bool {
	return line != "" && strings.IndexByte("#-+0123456789", line[0]) >= 0
}

// starter is what makes a heading, a list or a rule of a line that begins so. Its
// last mark is the one to take the meaning from.
var starter = regexp.MustCompile(`^(#{1,6}|-[- ]*|\+|\d{1,9}[.)])(?: |$)`)

// closer returns where in s the run of backticks stands that closes code.
func closer(s, ticks string) int {
	for from := 0; ; {
		at := strings.Index(s[from:], ticks)
		if at < 0 {
			return -1
		}
		at += from
		run := len(s[at:]) - len(strings.TrimLeft(s[at:], "`"))
		if run == len(ticks) {
			return at
		}
		from = at + run
	}
}

// prose takes from words what Markdown would take for its own. Before is what
// stands in front of them.
func prose(words string, before byte) string {
	var b strings.Builder
	for i := range len(words) {
		c := words[i]
		switch {
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '&' && entity.MatchString(words[i:]):
			b.WriteString("&amp;")
		case strings.IndexByte("\\|*[]~", c) >= 0, c == '_' && !(wordly(before) && i+1 < len(words) && wordly(words[i+1])):
			b.WriteString(`\` + string(c))
		default:
			b.WriteByte(c)
		}
		before = c
	}
	return b.String()
}

var entity = regexp.MustCompile(`^&#?[0-9A-Za-z]+;`)

// wordly says whether a byte is part of a word, in which an underscore is one of
// its letters.
func wordly(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// piped makes code safe to stand in a cell, where a bar ends it even in code.
func piped(code string) string { return strings.ReplaceAll(code, "|", `\|`) }

// asHTML is for code that backticks cannot hold.
var asHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, "&#92;", "|", "&#124;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "[", "&#91;", "]", "&#93;", "~", "&#126;")

// code makes a span of code of a piece of text, for a sentence or a cell.
func code(s string) string {
	s = oneLine(s)
	if s == "" || strings.Contains(s, `\|`) { // neither backslash nor bar would be itself
		return "<code>" + asHTML.Replace(s) + "</code>"
	}
	s = piped(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// orDash shows that a cell is empty on purpose.
func orDash(cell string) string {
	if cell == "" {
		return "—"
	}
	return cell
}
