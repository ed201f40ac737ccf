package link

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/specialise"
)

// setting is code in a text that speaks of a variable: its name, with a value or
// without.
var setting = regexp.MustCompile(`^([\pL_][\pL\pN_-]*)(\s*=.*)?$`)

// called puts the names of the module into a line of Markdown: what stands between
// single backticks and is the name of a variable of the template, with a value or
// without, gets the name under which users of the module set it. What they cannot
// set is noted. Between double backticks, and in a block of code, everything stays.
func (t *prose) called(number, start int, line string) string {
	if t.verbatim || t.fenced || !strings.HasSuffix(t.file, ".md") || !strings.Contains(line, "`") {
		return line
	}
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(line, "`")
		if !ok {
			break
		}
		ticks := "`" + rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
		rest = strings.TrimLeft(rest, "`")
		end := closing(rest, len(ticks))
		if end < 0 {
			out.WriteString(before + ticks)
			line = rest
			continue
		}
		code := rest[:end]
		if len(ticks) == 1 {
			code = t.setting(number, start, code)
		}
		out.WriteString(before + ticks + code + ticks)
		line = rest[end+len(ticks):]
	}
	return out.String() + line
}

// closing returns where the next run of exactly that many backticks begins, -1 where
// there is none.
func closing(text string, ticks int) int {
	for i := 0; i < len(text); i++ {
		n := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		if n == ticks {
			return i
		}
		i += max(0, n-1)
	}
	return -1
}

func (t *prose) setting(number, start int, code string) string {
	m := setting.FindStringSubmatch(code)
	if m == nil || t.input.Template.Variable(m[1]) == nil {
		return code
	}
	if called, ok := t.input.Called[m[1]]; ok {
		return called + m[2]
	}
	at := hcl.Pos{Line: number, Column: 1, Byte: start}
	t.advice = append(t.advice, specialise.Misnamed(t.input, m[1], hcl.Range{Filename: t.file, Start: at, End: at}, "Leave the paragraph out with bpgen:if, write double backticks if something else is meant"))
	return code
}
