package link

import "strings"

// A ruler says of text whether formatting it would leave it alone. It takes the
// lines one by one and asks only for what moves when a line near by changes:
// indentation, and the columns of equal signs and comments behind code. That the
// rest is formatted, the spaces inside of a line, the caller must know. When in
// doubt it says no. Formatting is twenty times as dear, and most blocks that
// specialising touches stay formatted; a test holds it against hclwrite.Format.
type ruler struct {
	indents []int // open brackets of the lines that are indented below
	equals  column
	behind  column
	off     bool // something is out of place
}

// A column is one of signs below each other, in consecutive lines.
type column struct {
	open bool
	at   int // where the sign stands
	gap  int // the fewest spaces in front of it
}

// add takes the sign of the next line; it reports false when the line above has
// it elsewhere.
func (c *column) add(at, gap int) bool {
	if !c.open {
		*c = column{true, at, gap}
		return true
	}
	c.gap = min(c.gap, gap)
	return c.at == at
}

// end closes the column; it reports false when it could stand further left.
func (c *column) end() bool {
	ok := !c.open || c.gap == 1
	c.open = false
	return ok
}

// line takes the next line: its code with indentation, the number of spaces
// between code and comment, and whether there is a comment.
func (r *ruler) line(code string, gap int, comment bool) {
	if r.off {
		return
	}
	bare := strings.TrimLeft(code, " ")
	indent := len(code) - len(bare)
	if bare == "" {
		if comment {
			indent = gap
		}
		r.off = !r.equals.end() || !r.behind.end() || comment && indent != 2*len(r.indents)
		return
	}
	m, ok := measure(code)
	if !ok || indent != r.indent(m.net) {
		r.off = true
		return
	}
	if m.equal > indent && m.netBehind == 0 {
		lead := len(strings.TrimRight(code[:m.equal], " "))
		ok = r.equals.add(m.equal, m.equal-lead)
	} else {
		ok = r.equals.end()
	}
	if comment {
		ok = r.behind.add(len(code)+gap, gap) && ok
	} else {
		ok = r.behind.end() && ok
	}
	r.off = !ok
}

// settled says whether all lines are where formatting would put them.
func (r *ruler) settled() bool {
	return !r.off && r.equals.end() && r.behind.end()
}

// indent returns how far a line is indented that opens (or closes, when
// negative) so many brackets more than it closes.
func (r *ruler) indent(net int) int {
	if net > 0 {
		r.indents = append(r.indents, net)
		return 2 * (len(r.indents) - 1)
	}
	for closed := -net; closed > 0 && len(r.indents) > 0; {
		last := len(r.indents) - 1
		if closed < r.indents[last] {
			r.indents[last] -= closed
			break
		}
		if closed == r.indents[last] {
			closed = 0
		} else {
			closed -= r.indents[last]
		}
		r.indents = r.indents[:last]
	}
	return 2 * len(r.indents)
}

// A measured line: how many brackets more it opens than it closes, in all and
// from its equal sign on, and where that sign is; -1 without one.
type measured struct {
	net, netBehind, equal int
}

// measure reads a line of code. It reports false for what it cannot measure:
// text that is not ASCII, tabs, and strings that do not end on the line.
func measure(code string) (measured, bool) {
	m := measured{equal: -1}
	var open []byte // quotes and brackets around the place
	in := func(b byte) bool { return len(open) > 0 && open[len(open)-1] == b }
	for i := 0; i < len(code); i++ {
		c := code[i]
		if c >= 0x80 || c == '\t' {
			return m, false
		}
		if in('"') {
			switch {
			case c == '\\':
				i++
			case (c == '$' || c == '%') && strings.HasPrefix(code[i+1:], string(c)+"{"):
				i += 2 // an escaped one
			case (c == '$' || c == '%') && strings.HasPrefix(code[i+1:], "{"):
				open = append(open, '{')
				i++
			case c == '"':
				open = open[:len(open)-1]
			}
			continue
		}
		switch c {
		case '"':
			open = append(open, c)
		case '{', '[', '(':
			open = append(open, c)
			m.net++
			m.netBehind++
		case '}', ']', ')':
			if len(open) > 1 && open[len(open)-2] == '"' && c == '}' && in('{') {
				open = open[:len(open)-1] // of an interpolation, counted neither way
				continue
			}
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
			m.net--
			m.netBehind--
		case '=':
			next := code[i+1:]
			if m.equal < 0 && !strings.HasPrefix(next, "=") && !strings.HasPrefix(next, ">") && (i == 0 || !strings.ContainsRune("=!<>", rune(code[i-1]))) {
				m.equal, m.netBehind = i, 0
			}
		}
	}
	for _, b := range open {
		if b == '"' {
			return m, false
		}
	}
	return m, true
}
