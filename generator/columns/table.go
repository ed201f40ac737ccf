package columns

import "strings"

// mostPadded is how wide a cell may be for those above and below it to be padded
// to its width: one long value must not push what stands behind it out of sight.
const mostPadded = 40

// below is how much further than its row something stands that goes below it.
const below = "    "

// Table writes rows as columns, two blanks apart, without blanks at the end of a
// line. A cell that does not fit into width is wrapped where it stands when it is
// the last of its row and has half of the width; any other goes below, a little
// indented, and those behind it follow it there.
func Table(indent string, width int, rows [][]Cell) string {
	t := table{indent: indent, width: width, gap: len(gap), padded: padded(rows)}
	if width > 0 && t.end() > width && t.end()-width < len(t.padded) {
		t.gap = 1 // A blank less between the columns is enough.
	}
	var b strings.Builder
	for _, row := range rows {
		t.write(&b, row)
	}
	return b.String()
}

type table struct {
	indent string
	width  int
	gap    int
	padded []int // how wide each column is
}

// padded returns of each column the width of the widest cell that others are
// padded to.
func padded(rows [][]Cell) []int {
	var out []int
	for _, row := range rows {
		for i, c := range row {
			if i == len(out) {
				out = append(out, 0)
			}
			if w := Width(c.Text); w <= mostPadded {
				out[i] = max(out[i], w)
			}
		}
	}
	return out
}

// end is where the last column ends.
func (t *table) end() int {
	at := Width(t.indent) - t.gap
	for _, w := range t.padded {
		at += w + t.gap
	}
	return at
}

// write writes one row: what fits into its line, and the others below.
func (t *table) write(b *strings.Builder, row []Cell) {
	line, at := t.indent, Width(t.indent) // at is where the next cell begins
	used := at
	for len(row) > 0 && row[len(row)-1].Text == "" {
		row = row[:len(row)-1]
	}
	for i, c := range row {
		room := t.width - at
		last := i == len(row)-1
		if t.width > 0 && Width(c.Text) > room && !(last && room >= t.width/2) {
			if i > 0 {
				b.WriteString(bare(line) + "\n")
			}
			b.WriteString(Flow(t.indent+below, t.indent+below, t.width, row[i:]...))
			return
		}
		if c.Text != "" {
			line += strings.Repeat(" ", at-used)
			for n, text := range Wrap(c.Text, max(0, room)) {
				if n > 0 {
					b.WriteString(bare(line) + "\n")
					line = strings.Repeat(" ", at)
				}
				line += c.paint(text)
				used = at + Width(text)
			}
		}
		at = max(at+t.padded[i], used) + t.gap
	}
	b.WriteString(bare(line) + "\n")
}
