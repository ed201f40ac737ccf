package render

import (
	"fmt"
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
	return place + ": " + said(e)
}

// said returns what an entry says, cut to a sentence that still holds its value.
func said(e ledger.Entry) string {
	short := cite.Shorten(e.Statement, maxSentence)
	switch e.Value.(type) {
	case nil, bool, []any, map[string]any:
		return short
	}
	value := fmt.Sprint(e.Value)
	if strings.Contains(e.Statement, value) && !strings.Contains(short, value) {
		return short + " (" + value + ")"
	}
	return short
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
