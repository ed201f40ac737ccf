package cite

import (
	"bytes"
	"slices"
	"strings"
)

// A Place is where a rendered file names an entry of the notes.
type Place struct {
	Line    int
	ID      string
	Departs bool // the line says that it departs from the entry
}

var word = []byte("notes")

// Find returns the entries that the comments of a rendered file name, as Comment
// words it or, in a file that is not filled in, as its author wrote it; in order,
// each once a line. What merely looks like an id is there too: who knows the notes
// sorts it out.
func Find(src []byte) []Place {
	var out []Place
	line, counted := 1, 0
	for at := 0; ; {
		i := bytes.Index(src[at:], word)
		if i < 0 {
			return out
		}
		i += at
		at = i + len(word)
		departs, ok := marked(src[:i])
		if !ok {
			continue
		}
		line += bytes.Count(src[counted:i], []byte{'\n'})
		counted = i
		for _, id := range ids(src[at:]) {
			p := Place{Line: line, ID: id, Departs: departs}
			if !slices.ContainsFunc(out, func(o Place) bool { return o.Line == p.Line && o.ID == p.ID }) {
				out = append(out, p)
			}
		}
	}
}

// marked says whether what stands in front of the word "notes" makes it a citation,
// and whether of a departure.
func marked(before []byte) (departure, ok bool) {
	before, departure = bytes.CutSuffix(before, []byte(departs))
	if departure && bytes.HasSuffix(before, []byte("; ")) {
		return true, true
	}
	before = bytes.TrimRight(before, " ")
	for _, sign := range []string{"#", "//", "<!--"} {
		if bytes.HasSuffix(before, []byte(sign)) {
			return departure, true
		}
	}
	return false, false
}

// ids returns the ids that a text begins with, behind a space or a colon and a space.
func ids(text []byte) []string {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		text = text[:end]
	}
	rest, ok := strings.CutPrefix(strings.TrimPrefix(string(text), ":"), " ")
	var out []string
	for ok {
		n := idLength(rest)
		if n == 0 {
			break
		}
		out = append(out, strings.TrimRight(rest[:n], "."))
		rest, ok = strings.CutPrefix(rest[n:], ", ")
	}
	return out
}
