package render

import (
	"strings"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/ledger"
)

// maxSentence bounds, in characters, a statement that stands in the README.
const maxSentence = 140

// explained names the place in the notes, by chapter and heading, and what
// they say there, for the README.
func (r *renderer) explained(id string) string {
	e, ok := r.lookup(id)
	if !ok {
		return "notes " + id
	}
	place := "notes " + e.Chapter
	if i := strings.LastIndex(e.Section, " › "); i >= 0 {
		place += e.Section[i:]
	}
	return place + ": " + cite.Shorten(e.Statement, maxSentence)
}

// cite is a cite.Lookup.
func (r *renderer) cite(id string) (chapter, statement string, ok bool) {
	e, ok := r.lookup(id)
	return e.Chapter, e.Statement, ok
}

func (r *renderer) lookup(id string) (ledger.Entry, bool) {
	if r.Ledger == nil {
		return ledger.Entry{}, false
	}
	return r.Ledger.Lookup(id)
}
