package merge

import (
	"fmt"
	"strings"
)

// A Conflict is an item that both sides changed in ways that exclude each other.
// In the file the three texts stand between markers.
type Conflict struct {
	Path    string // the file of the result
	Start   int    // the line of the first marker; 0 when the file has none
	End     int    // the line of the last one
	Address string // of the item, such as aws_ecs_service.app.desired_count; "" in lines of text
	Reason  string // why, in words
	Base    string // the item in each version; "" where it is not there
	Ours    string
	Theirs  string
}

// Labels are what markers call the three versions.
type Labels struct{ Ours, Base, Theirs string }

func (l Labels) orDefault() Labels {
	if l == (Labels{}) {
		return Labels{"ours", "base", "theirs"}
	}
	return l
}

// Marked returns the lines of a text that begin like a conflict's markers: a file
// with such lines has not been merged to the end.
func Marked(text []byte) (lines []int) {
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.HasPrefix(line, "<<<<<<< ") || strings.HasPrefix(line, ">>>>>>> ") || strings.HasPrefix(line, "||||||| ") {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// conflict keeps a conflict and returns the comment that holds its place until the
// text around it has been formatted.
func (m *merger) conflict(c Conflict) string {
	m.conflicts = append(m.conflicts, c)
	return m.hold(len(m.conflicts) - 1)
}

func (m *merger) hold(n int) string { return fmt.Sprintf("#%s%d#", m.salt, n) }

// chooseSalt finds a word that none of the texts has.
func chooseSalt(texts []string) string {
	for n := 0; ; n++ {
		salt := fmt.Sprintf("bpgen-conflict-%d-", n)
		found := false
		for _, t := range texts {
			found = found || strings.Contains(t, salt)
		}
		if !found {
			return salt
		}
	}
}

// marked puts the conflicts of a file in the place of the comments that hold it, and
// tells each where it stands.
func (m *merger) marked(path, text string) string {
	if !strings.Contains(text, "#"+m.salt) {
		return text
	}
	var b strings.Builder
	row := 1
	for line := range strings.SplitAfterSeq(text, "\n") {
		n, ok := m.held(line)
		if ok {
			c := &m.conflicts[n]
			indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
			line = m.markers(c, indent)
			c.Path, c.Start, c.End = path, row, row+strings.Count(line, "\n")-1
		}
		row += strings.Count(line, "\n")
		b.WriteString(line)
	}
	return b.String()
}

// held returns the number of the conflict whose place a line holds.
func (m *merger) held(line string) (n int, ok bool) {
	_, rest, found := strings.Cut(line, "#"+m.salt)
	if !found {
		return 0, false
	}
	if _, err := fmt.Sscanf(rest, "%d#", &n); err != nil || n >= len(m.conflicts) {
		return 0, false
	}
	return n, true
}

func (m *merger) markers(c *Conflict, indent string) string {
	var b strings.Builder
	part := func(marker, label, text string) {
		b.WriteString(strings.TrimSuffix(marker+" "+label, " ") + "\n")
		if text != "" {
			b.WriteString(indent + text + "\n")
		}
	}
	part("<<<<<<<", m.labels.Ours, c.Ours)
	part("|||||||", m.labels.Base, c.Base)
	part("=======", "", c.Theirs)
	b.WriteString(">>>>>>> " + m.labels.Theirs + "\n")
	return b.String()
}

func bothChanged(what string) string {
	return "Both versions changed " + what + ", each in its own way."
}
