package render

import "strings"

// A document is Markdown in the making.
type document struct{ strings.Builder }

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

// fence appends a block of code.
func (d *document) fence(language string, block []byte) {
	d.line("```", language)
	d.Write(block)
	d.paragraph("```")
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

// prose takes from words what Markdown would take for its own.
var prose = strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "[", `\[`, "]", `\]`, "~", `\~`)

// text makes words safe to stand in a sentence or a cell: on one line, with
// nothing in them that Markdown takes for its own, but for code between
// backticks, which stays code.
func text(words string) string {
	parts := strings.Split(oneLine(words), "`")
	if len(parts)%2 == 0 { // one has no partner
		return prose.Replace(strings.ReplaceAll(oneLine(words), "`", "'"))
	}
	for i, p := range parts {
		if i%2 == 0 {
			parts[i] = prose.Replace(p)
		} else {
			parts[i] = strings.ReplaceAll(p, "|", `\|`)
		}
	}
	return strings.Join(parts, "`")
}

// code makes a span of code of a piece of text, for a sentence or a cell.
func code(s string) string {
	s = strings.ReplaceAll(oneLine(s), "|", `\|`)
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
