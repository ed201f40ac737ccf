package link

import (
	"bytes"
	"strings"

	"github.com/bpgen/bpgen/generator/cite"
)

// tidyLines tidies text in which every line stands for itself: it has no
// heredoc, no comment of several lines, no list of arguments to take apart, and
// no quotes behind the sign of a comment. It reports false for other text. Of
// text whose lines are spaced as formatting would, it formats only the
// paragraphs that a ruler does not find settled. It does in a third of the time
// what tidyTokens does, and a test holds the two together. References are looked
// for in strings too; one that is only a word there keeps what it names, which
// vet then reports.
func tidyLines(text string, spaced bool, lookup cite.Lookup, format formatter) (tidied, bool) {
	if strings.Contains(text, "<<") || strings.Contains(text, "/*") || strings.Contains("\n"+text, "\nlocals") || strings.Contains(text, "\r") {
		return tidied{}, false
	}
	refs := map[string]bool{}
	out := paragraphs{spaced: spaced, format: format}
	blank, opened := true, false // the last line was blank, or ended by opening a bracket
	for line := range strings.SplitSeq(text, "\n") {
		code, comment, ok := cutComment(line)
		if !ok {
			return tidied{}, false
		}
		scanReferences(code, refs)
		gap := code[len(strings.TrimRight(code, " \t")):] // aligns the comment
		code = strings.TrimRight(code, " \t")
		bare := strings.TrimSpace(code)
		if bare == "" && comment == "" {
			blank = true
			continue
		}
		// A blank line is written with the line behind it, if that is wanted.
		closing := bare != "" && strings.ContainsRune(")]}", rune(bare[0]))
		if blank && !out.empty() && !opened && !closing {
			out.end()
			out.done.WriteByte('\n')
		}
		blank = false
		if comment != "" {
			comment, _ = cite.Line(comment, lookup)
		}
		out.line(code, gap, comment)
		opened = comment == "" && bare != "" && strings.ContainsRune("([{", rune(bare[len(bare)-1]))
	}
	return tidied{text: out.text(), refs: refs}, true
}

// formatMoved formats tidy text of which every line is formatted in itself, where
// a paragraph is out of place. It reports false for text in which lines do not
// stand for themselves.
func formatMoved(text string, format formatter) ([]byte, bool) {
	if strings.Contains(text, "<<") || strings.Contains(text, "/*") || strings.Contains(text, "\r") {
		return nil, false
	}
	out := paragraphs{spaced: true, format: format}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		code, comment, ok := cutComment(strings.TrimSuffix(line, "\n"))
		if !ok {
			return nil, false
		}
		bare := strings.TrimRight(code, " \t")
		if bare == "" && comment == "" {
			out.end()
			out.done.WriteByte('\n')
			continue
		}
		out.line(bare, code[len(bare):], comment)
	}
	return out.text(), true
}

// paragraphs is text being written, a paragraph at a time.
type paragraphs struct {
	spaced bool // every line is formatted in itself
	format formatter
	done   bytes.Buffer
	now    bytes.Buffer // the paragraph that has not ended
	rule   ruler
	around string // brackets that are open where the paragraph starts
	lines  int    // of around
}

func (p *paragraphs) empty() bool { return p.done.Len()+p.now.Len() == 0 }

func (p *paragraphs) line(code, gap, comment string) {
	p.rule.line(code, len(gap), comment != "")
	p.now.WriteString(code)
	if comment != "" {
		p.now.WriteString(gap)
		p.now.WriteString(comment)
	}
	p.now.WriteByte('\n')
}

// end ends a paragraph and formats it, where that must be and can be done by
// itself.
func (p *paragraphs) end() {
	if p.rule.paragraph() || !p.spaced || p.rule.lost {
		p.done.Write(p.now.Bytes())
	} else {
		text := p.format(append([]byte(p.around), p.now.Bytes()...))
		for range p.lines {
			text = text[bytes.IndexByte(text, '\n')+1:]
		}
		p.done.Write(text)
	}
	p.now.Reset()
	p.around, p.lines = p.rule.around()
}

// text ends the last paragraph and returns the whole, formatted.
func (p *paragraphs) text() []byte {
	p.end()
	if p.spaced && !p.rule.lost {
		return p.done.Bytes()
	}
	return formatted(p.done.Bytes(), p.format)
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

// scanReferences adds the addresses that code names: var.x, local.x, data.t.x,
// module.x, type.name.
func scanReferences(code string, found map[string]bool) {
	for i := 0; i < len(code); {
		if !identStart(code[i]) || i > 0 && (identPart(code[i-1]) || code[i-1] == '.') {
			i++
			continue
		}
		end := identEnd(code, i)
		address := code[i:end]
		want := 1
		if address == "data" || address == "ephemeral" {
			want = 2
		}
		for want > 0 {
			dot := skipSpace(code, end)
			if dot == len(code) || code[dot] != '.' {
				break
			}
			next := skipSpace(code, dot+1)
			if next == len(code) || !identStart(code[next]) {
				break
			}
			end = identEnd(code, next)
			address += "." + code[next:end]
			want--
		}
		if want == 0 {
			found[address] = true
		}
		i = end
	}
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

func identEnd(s string, i int) int {
	for i < len(s) && identPart(s[i]) {
		i++
	}
	return i
}

func identStart(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

func identPart(c byte) bool { return identStart(c) || c == '-' || '0' <= c && c <= '9' }
