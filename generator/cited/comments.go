package cited

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/cite"
)

// why is a reason of bpgen's own beside the code.
var why = regexp.MustCompile(`^(?:#|//)\s*why: *(.*)$`)

// comments gives each statement the citations of its comments: the one behind it, or
// the one in the lines above.
func (f *file) comments(tokens hclsyntax.Tokens) {
	code := map[int]bool{} // lines on which there is code
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenComment && t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenEOF {
			for line := t.Range.Start.Line; line <= t.Range.End.Line; line++ {
				code[line] = true
			}
		}
	}
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			continue
		}
		line := t.Range.Start.Line
		text := strings.TrimSpace(string(t.Bytes))
		var ids []string
		for _, p := range cite.Find([]byte(text)) {
			ids = append(ids, p.ID)
		}
		if ids != nil {
			f.citations = append(f.citations, Citation{Place{f.name, line}, ids})
		}
		s := f.on(line)
		if !code[line] {
			s = f.under(line, code)
		}
		if s == nil {
			continue
		}
		if m := why.FindStringSubmatch(text); m != nil {
			s.Why = m[1]
		}
		if ids == nil {
			continue
		}
		s.IDs, s.Comment = append(s.IDs, ids...), line
		if !code[line] {
			f.group(s, ids, line, code)
		}
	}
}

// on returns the statement of a line with code: the outermost that begins on it, or
// else the innermost that it is part of.
func (f *file) on(line int) *Statement {
	var inner *Statement
	for _, s := range f.statements {
		switch {
		case s.Line == line:
			return s
		case s.Line > line:
			return inner
		case s.Last >= line && (inner == nil || s.Last <= inner.Last):
			inner = s
		}
	}
	return inner
}

// under returns the statement that begins on the first line of code below a comment,
// or else the one in which the comment stands.
func (f *file) under(line int, code map[int]bool) *Statement {
	next := f.below(line, code)
	for _, s := range f.statements {
		if s.Line == next {
			return s
		}
	}
	return f.on(line)
}

// below returns the first line of code below a line.
func (f *file) below(line int, code map[int]bool) int {
	for next := line + 1; next <= len(f.lines); next++ {
		if code[next] {
			return next
		}
	}
	return 0
}

// group notes the citation of a comment for the statements that follow its first
// without a line between them.
func (f *file) group(first *Statement, ids []string, line int, code map[int]bool) {
	last := first.Line
	for code[last+1] {
		last++
	}
	for _, s := range f.statements {
		if s != first && s.Line > first.Line && s.Line <= last && s.Object == first.Object && len(s.Path) == len(first.Path) {
			s.Group, s.Above = ids, line
		}
	}
}
