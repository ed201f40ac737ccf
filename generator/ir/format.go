package ir

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/cite"
)

// To format is most of the work of printing, and most of that is to measure the
// lines that end in a comment, word by word. So paragraphs that stand in the
// source, which is formatted, are taken as they are, and comments behind code are
// aligned here. What comes out is what hclwrite makes of the whole:
// TestPrintIsFormatted holds both together.

// A paragraph is a part of a text that blank lines set apart. Equal signs and
// comments are aligned within a paragraph, never beyond, so that each can be
// formatted by itself when it is known how deep it stands.
type paragraph struct {
	start, end int    // in what is printed
	was        string // as it stood before it was tidied; "" when that was not one piece
	open       []int  // how many brackets each line in front of it has opened and not closed
	words      bool   // comments at the start of lines and nothing else
}

// formatted tidies text and formats it. The source is formatted text of which
// paragraphs may stand in it, or "".
func formatted(text string, lookup cite.Lookup, source string) []byte {
	t, ok := tidyLines(text, lookup)
	if !ok {
		return hclwrite.Format([]byte(tidied(text, lookup)))
	}
	out := t.out.String()
	if !t.counted || source == "" {
		return format(out, t.comments, nil)
	}
	made := make([]byte, 0, len(out))
	for i := 0; i < len(t.paragraphs); {
		p, next := t.paragraphs[i], i+1
		if p.settled(source) {
			made = append(made, out[p.start:p.end]...)
		} else {
			for next < len(t.paragraphs) && !t.paragraphs[next].settled(source) {
				next++
			}
			end := t.paragraphs[next-1].end
			made = append(made, format(out[p.start:end], within(t.comments, p.start, end), p.open)...)
		}
		if i = next; i < len(t.paragraphs) {
			made = append(made, '\n')
		}
	}
	return made
}

// Format formats HCL as hclwrite.Format does, in less time.
func Format(src []byte) []byte {
	text := string(src)
	comments, ok := behindCode(text)
	if !ok {
		return hclwrite.Format(src)
	}
	return format(text, comments, nil)
}

// behindCode returns where comments stand behind code. It reports false for text
// whose lines do not stand for themselves, and of which it cannot be sure.
func behindCode(text string) (comments []int, ok bool) {
	if !byLine(text) || !strings.HasSuffix(text, "\n") {
		return nil, false
	}
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		code, comment, ok := cutComment(line)
		if !ok {
			return nil, false
		}
		if comment != "" && strings.TrimSpace(code) != "" {
			comments = append(comments, at+len(code))
		}
		at += len(line)
	}
	return comments, true
}

// byLine says whether no part of a text goes over several lines.
func byLine(text string) bool {
	return !strings.Contains(text, "<<") && !strings.Contains(text, "/*") && !strings.Contains(text, "\r")
}

// settled says whether a paragraph stands as it is in formatted text, and as deep
// as there, or has nothing that would move.
func (p paragraph) settled(source string) bool {
	if p.words && len(p.open) == 0 {
		return true
	}
	deep := indentation(p.was)
	if p.was == "" || deep != 2*len(p.open) || strings.ContainsRune(")]}", rune(p.was[deep])) {
		return false
	}
	for from := 0; ; {
		i := strings.Index(source[from:], p.was)
		if i < 0 {
			return false
		}
		from += i
		end := from + len(p.was)
		if (from == 0 || strings.HasSuffix(source[:from], "\n\n")) && (end == len(source) || source[end:] == "\n" || strings.HasPrefix(source[end:], "\n\n")) {
			return true
		}
		from = end
	}
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// within returns the places of a part of a text, counted from its start.
func within(places []int, start, end int) []int {
	first, _ := slices.BinarySearch(places, start)
	last, _ := slices.BinarySearch(places, end)
	out := slices.Clone(places[first:last])
	for i := range out {
		out[i] -= start
	}
	return out
}

// format formats text that stands inside of open brackets. It takes where in the
// text comments stand behind code.
func format(text string, comments, open []int) []byte {
	var b strings.Builder
	b.WriteString(opening(open))
	behind := map[int]string{} // comments by the number of their line
	line, last := 0, 0
	for _, at := range comments {
		line += strings.Count(text[last:at], "\n")
		end := at + strings.IndexByte(text[at:], '\n')
		b.WriteString(strings.TrimRight(text[last:at], " \t"))
		behind[line] = text[at:end]
		last = end
	}
	b.WriteString(text[last:])
	out := drop(hclwrite.Format([]byte(b.String())), len(open))
	if len(behind) == 0 {
		return out
	}
	if aligned, ok := align(out, behind); ok {
		return aligned
	}
	return drop(hclwrite.Format([]byte(opening(open)+text)), len(open))
}

// opening returns lines that open brackets.
func opening(open []int) string {
	var b strings.Builder
	for _, n := range open {
		b.WriteString(strings.Repeat("(", n) + "\n")
	}
	return b.String()
}

// drop returns what stands behind the first lines.
func drop(text []byte, lines int) []byte {
	for range lines {
		text = text[bytes.IndexByte(text, '\n')+1:]
	}
	return text
}

// align puts comments behind the lines of formatted code: those of lines that
// follow each other in one column. It reports false for lines whose width is more
// than a matter of counting.
func align(code []byte, comments map[int]string) ([]byte, bool) {
	lines := bytes.Split(code, []byte("\n"))
	out := make([]byte, 0, len(code)+64*len(comments))
	column := 0 // of the comments of a run of lines; 0 outside
	for i, line := range lines {
		if i > 0 {
			out = append(out, '\n')
		}
		out = append(out, line...)
		comment, ok := comments[i]
		if !ok {
			column = 0
			continue
		}
		if column == 0 {
			for n := i; n < len(lines) && comments[n] != ""; n++ {
				if slices.ContainsFunc(lines[n], func(c byte) bool { return c >= utf8.RuneSelf }) {
					return nil, false
				}
				column = max(column, len(lines[n])+1)
			}
		}
		out = append(out, bytes.Repeat([]byte(" "), column-len(line))...)
		out = append(out, comment...)
	}
	return out, true
}

// tidyLines does the work of tidied for text in which every line stands for
// itself: without heredocs, without comments of several lines, and without quotes
// behind the sign of a comment. It reports false for other text. Most text is such,
// and to lex it would take many times as long.
func tidyLines(text string, lookup cite.Lookup) (*tidier, bool) {
	if !byLine(text) {
		return nil, false
	}
	t := &tidier{text: text, lookup: lookup, blank: true, counted: true}
	t.out.Grow(len(text) + len(text)/8)
	for at := 0; at <= len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		if !t.line(at, end) {
			return nil, false
		}
		at = end + 1
	}
	t.end()
	return t, true
}

// A tidier writes a text line by line without the blank lines that are too many.
type tidier struct {
	text          string
	lookup        cite.Lookup
	out           strings.Builder
	comments      []int // where comments stand behind code
	blank, opened bool  // the last line was blank, or ended by opening a bracket

	paragraphs  []paragraph
	first, last int   // of the last paragraph, in the text
	joined      bool  // blank lines have gone from it
	open        []int // as paragraph.open, behind the last line
	counted     bool  // the brackets of all lines
}

// line writes one line. It reports false when it cannot be sure where the line's
// comment starts.
func (t *tidier) line(start, end int) bool {
	code, comment, ok := cutComment(t.text[start:end])
	if !ok {
		return false
	}
	bare := strings.TrimSpace(code)
	if bare == "" && comment == "" {
		t.blank = true
		return true
	}
	t.advance(start, bare != "" && strings.ContainsRune(")]}", rune(bare[0])))
	t.blank, t.last = false, end
	p := &t.paragraphs[len(t.paragraphs)-1]
	p.words = p.words && code == ""
	if comment == "" {
		code = strings.TrimRight(code, " \t")
	} else {
		comment, _ = cite.Line(comment, t.lookup)
	}
	t.out.WriteString(code)
	if bare != "" && comment != "" {
		t.comments = append(t.comments, t.out.Len())
	}
	t.out.WriteString(comment)
	t.out.WriteByte('\n')
	t.opened = comment == "" && bare != "" && strings.ContainsRune("([{", rune(bare[len(bare)-1]))
	t.count(code)
	return true
}

// advance begins a paragraph where a line does: a blank line is written with the
// line behind it, if that is wanted.
func (t *tidier) advance(start int, closing bool) {
	switch {
	case t.out.Len() == 0:
	case !t.blank:
		return
	case t.opened || closing:
		t.joined = true
		return
	default:
		t.end()
		t.out.WriteByte('\n')
	}
	t.paragraphs = append(t.paragraphs, paragraph{start: t.out.Len(), open: slices.Clone(t.open), words: true})
	t.first, t.joined = start, false
}

func (t *tidier) end() {
	if len(t.paragraphs) == 0 {
		return
	}
	p := &t.paragraphs[len(t.paragraphs)-1]
	p.end = t.out.Len()
	if !t.joined {
		p.was = t.text[t.first:t.last]
	}
}

// count keeps the brackets that are open, as the formatter does to indent: a
// number for each line that opens more than it closes.
func (t *tidier) count(code string) {
	n, sure := net(code)
	t.counted = t.counted && sure
	if n > 0 {
		t.open = append(t.open, n)
	}
	for n < 0 && len(t.open) > 0 {
		top := len(t.open) - 1
		n += t.open[top]
		if t.open = t.open[:top]; n > 0 {
			t.open = append(t.open, n)
		}
	}
}

// net returns how many brackets more a line opens than it closes, and false when
// those in strings leave a doubt.
func net(code string) (n int, sure bool) {
	quoted, all := false, 0
	for i := 0; i < len(code); i++ {
		by := 0
		switch code[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case '{', '[', '(':
			by = 1
		case '}', ']', ')':
			by = -1
		}
		if all += by; !quoted {
			n += by
		}
	}
	return n, n == all && !quoted
}
