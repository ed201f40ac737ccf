package link

import "strings"

// A ruler says of paragraphs whether formatting them would leave them alone. It
// takes the lines one by one and asks only for what moves when a line near by
// changes: indentation, and the columns of equal signs and comments behind code.
// That the rest is formatted, the spaces inside of a line, the caller must know.
// When in doubt it says no. Formatting is twenty times as dear, and most of what
// specialising touches stays formatted; a test holds it against hclwrite.Format.
type ruler struct {
	indents []int // open brackets of the lines that are indented below
	equals  column
	behind  column
	off     bool // something of the paragraph is out of place
	lost    bool // a line could not be read: from here on nothing is known
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
	if r.lost {
		return
	}
	bare := strings.TrimLeft(code, " ")
	indent := len(code) - len(bare)
	if bare == "" {
		if comment {
			indent = gap
		}
		r.check(r.equals.end())
		r.check(r.behind.end())
		r.check(!comment || indent == 2*len(r.indents))
		return
	}
	m, ok := measure(code)
	if !ok {
		r.lost = true
		return
	}
	r.check(m.plain)
	r.check(indent == r.indent(m.net))
	if m.equal > indent && m.netBehind == 0 {
		lead := len(strings.TrimRight(code[:m.equal], " "))
		r.check(r.equals.add(m.equal, m.equal-lead))
	} else {
		r.check(r.equals.end())
	}
	if comment {
		r.check(r.behind.add(len(code)+gap, gap))
	} else {
		r.check(r.behind.end())
	}
}

func (r *ruler) check(ok bool) { r.off = r.off || !ok }

// paragraph ends a paragraph, which a blank line or the end of the text does. It
// says whether all its lines are where formatting would put them.
func (r *ruler) paragraph() (settled bool) {
	r.check(r.equals.end())
	r.check(r.behind.end())
	settled = !r.off && !r.lost
	r.off = false
	return settled
}

// around returns lines that open the brackets around the place where the ruler
// is, and how many they are.
func (r *ruler) around() (text string, lines int) {
	var b strings.Builder
	for _, n := range r.indents {
		b.WriteString(strings.Repeat("(", n) + "\n")
	}
	return b.String(), len(r.indents)
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
	plain                 bool // a byte is a column: ASCII without tabs
}

// measure reads a line of code. It reports false for what it cannot read: a
// string that does not end on the line.
func measure(code string) (measured, bool) {
	m := measured{equal: -1, plain: true}
	var open []byte // quotes and brackets around the place
	in := func(b byte) bool { return len(open) > 0 && open[len(open)-1] == b }
	for i := 0; i < len(code); i++ {
		c := code[i]
		if c >= 0x80 || c == '\t' {
			m.plain = false
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
