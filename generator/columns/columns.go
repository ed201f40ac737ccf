// Package columns lays out text in the columns of a terminal: how wide text is,
// where its lines break, lists that hang from a prefix, and tables.
//
// It takes text and a width and returns text. A width of 0 is that of a file or a
// pipe, where nothing is wrapped and nothing is cut off, so that the bytes are the
// same on every machine. What a terminal would obey is written out first, since
// that takes room. Text is painted by the line, after it is wrapped.
package columns

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/bpgen/bpgen/generator/visible"
)

// A Cell is text and the colour in which it is shown.
type Cell struct {
	Text  string
	Paint func(string) string // nil leaves it as it is
}

// paint paints one line of the cell.
func (c Cell) paint(line string) string {
	if c.Paint == nil || line == "" {
		return line
	}
	return c.Paint(line)
}

// Plain returns a cell without a colour.
func Plain(text string) Cell { return Cell{Text: text} }

// Cells returns texts as cells without a colour.
func Cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, text := range texts {
		out[i].Text = text
	}
	return out
}

// Width returns how many columns a line of text takes.
func Width(text string) int { return uniseg.StringWidth(visible.Text(text)) }

// Wrap breaks text into lines of at most width columns: at blanks and between the
// characters of scripts that have none, and within a word only where the word is
// wider than a line. So names with hyphens stay whole. Lines of the text stay
// lines, and what is indented stays indented.
func Wrap(text string, width int) []string {
	var lines []string
	for line := range strings.SplitSeq(visible.Text(text), "\n") {
		lines = append(lines, wrapLine(line, width)...)
	}
	return lines
}

func wrapLine(line string, width int) []string {
	indent, parts := broken(line, width)
	lines := make([]string, len(parts))
	for i, part := range parts {
		lines[i] = indent + line[part.from:part.to]
	}
	return lines
}

// A part of a line, in bytes.
type part struct{ from, to int }

// broken returns the parts into which a line is broken, and what stands before
// each.
func broken(line string, width int) (indent string, parts []part) {
	if width <= 0 || uniseg.StringWidth(line) <= width {
		return "", []part{{0, len(line)}}
	}
	rest := strings.TrimLeft(line, " ")
	blanks := len(line) - len(rest)
	if blanks <= width/2 {
		indent = line[:blanks]
	}
	width -= len(indent)
	at := part{blanks, blanks}
	for _, piece := range pieces(rest, width) {
		if at.from < at.to && uniseg.StringWidth(line[at.from:at.to]+bare(piece)) > width {
			parts = append(parts, part{at.from, at.from + len(bare(line[at.from:at.to]))})
			at.from = at.to
		}
		at.to += len(piece)
	}
	return indent, append(parts, part{at.from, at.from + len(bare(line[at.from:at.to]))})
}

// bare returns text without the blanks behind it, which take no room at the end
// of a line.
func bare(text string) string { return strings.TrimRight(text, " ") }

// pieces cuts a line where it may be broken, so that none is wider than width.
func pieces(line string, width int) []string {
	var out []string
	for line != "" {
		end := strings.IndexByte(line, ' ')
		if end < 0 {
			end = len(line)
		}
		for end < len(line) && line[end] == ' ' {
			end++
		}
		out = append(out, within(line[:end], width)...)
		line = line[end:]
	}
	return out
}

// within cuts a word, with the blanks behind it, where it may be broken. Unicode
// also allows that behind a hyphen or a slash, where names would be torn: that is
// the last resort.
func within(word string, width int) []string {
	var out, segments []string
	for rest, state := word, -1; rest != ""; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		segments = append(segments, segment)
		if last, _ := utf8.DecodeLastRuneInString(segment); rest == "" || uniseg.StringWidth(string(last)) > 1 {
			out = append(out, fit(segments, width)...)
			segments = segments[:0]
		}
	}
	return out
}

// fit returns the segments of a word as one piece, or, when they are too wide for
// a line, each as one, or as many as it takes.
func fit(segments []string, width int) []string {
	word := strings.Join(segments, "")
	if uniseg.StringWidth(bare(word)) <= width {
		return []string{word}
	}
	var out []string
	for _, segment := range segments {
		if uniseg.StringWidth(bare(segment)) <= width {
			out = append(out, segment)
			continue
		}
		state := -1
		for segment != "" {
			var cluster string
			cluster, segment, _, state = uniseg.FirstGraphemeClusterInString(segment, state)
			out = append(out, cluster)
		}
	}
	return out
}

// Flow writes cells one behind the other, two blanks apart. The first line begins
// with first, each further one with rest. A cell begins a line when it does not fit
// behind the one before it, or when that one took several lines.
func Flow(first, rest string, width int, cells ...Cell) string {
	var b strings.Builder
	line, at := first, Width(first)
	used, several := 0, false // what cells have taken of the line, and whether the last one began above it
	end := func() {
		b.WriteString(bare(line) + "\n")
		line, at, used = rest, Width(rest), 0
	}
	for _, c := range cells {
		if c.Text == "" {
			continue
		}
		switch {
		case used == 0:
		case width > 0 && (several || at+used+len(gap)+Width(c.Text) > width):
			end()
		default:
			line, used = line+gap, used+len(gap)
		}
		room := 0
		if width > 0 {
			room = max(1, width-max(at+used, Width(rest)))
		}
		lines := Wrap(c.Text, room)
		for i, text := range lines {
			if i > 0 {
				end()
			}
			line += c.paint(text)
			used += Width(text)
		}
		several = len(lines) > 1
	}
	end()
	return b.String()
}

// Paragraph writes cells as one text, wrapped, in which each keeps its colour.
func Paragraph(width int, cells ...Cell) string {
	text := ""
	ends := make([]int, len(cells)) // where each cell ends in the text
	for i, c := range cells {
		text += visible.Text(c.Text)
		ends[i] = len(text)
	}
	var b strings.Builder
	at := 0 // where the line begins in the text
	for line := range strings.SplitSeq(text, "\n") {
		indent, parts := broken(line, width)
		for _, part := range parts {
			b.WriteString(indent)
			from, to := at+part.from, at+part.to
			for i, c := range cells {
				if end := min(to, ends[i]); from < end {
					b.WriteString(c.paint(text[from:end]))
					from = end
				}
			}
			b.WriteString("\n")
		}
		at += len(line) + 1
	}
	return b.String()
}

// gap stands between two columns.
const gap = "  "
