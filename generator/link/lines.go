package link

import (
	"bytes"
	"strings"

	"github.com/bpgen/bpgen/generator/cite"
)

// tidyLines tidies text in which every line stands for itself: it has no
// heredoc, no comment of several lines, no list of arguments to take apart, and
// no quotes behind the sign of a comment. It reports false for other text. Text
// whose lines are spaced as formatting would and which a ruler finds settled is
// not formatted. It does in a third of the time what tidyTokens does, and a test
// holds the two together. References are looked for in strings too; one that is only a word
// there keeps what it names, which vet then reports.
func tidyLines(text string, spaced bool, lookup cite.Lookup) (tidied, bool) {
	if strings.Contains(text, "<<") || strings.Contains(text, "/*") || strings.Contains("\n"+text, "\nlocals") || strings.Contains(text, "\r") {
		return tidied{}, false
	}
	refs := map[string]bool{}
	var out bytes.Buffer
	var rule ruler
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
		if blank && out.Len() > 0 && !opened && !closing {
			out.WriteByte('\n')
			rule.line("", 0, false)
		}
		blank = false
		rule.line(code, len(gap), comment != "")
		out.WriteString(code)
		if comment != "" {
			out.WriteString(gap)
			cited, _ := cite.Line(comment, lookup)
			out.WriteString(cited)
		}
		out.WriteByte('\n')
		if bare != "" || comment != "" {
			opened = comment == "" && bare != "" && strings.ContainsRune("([{", rune(bare[len(bare)-1]))
		}
	}
	if spaced && rule.settled() {
		return tidied{text: out.Bytes(), refs: refs}, true
	}
	return tidied{text: formatted(out.Bytes()), refs: refs}, true
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
