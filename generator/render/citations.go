package render

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/bpgen/bpgen/generator/ledger"
)

// citation is a comment that cites the notes: ids, then words of its own.
var citation = regexp.MustCompile(`^notes:\s*([a-z0-9-]+\.[A-Za-z0-9_.-]+(?:\s*,\s*[a-z0-9-]+\.[A-Za-z0-9_.-]+)*)\s*(.*)$`)

// These bound, in characters, a statement that stands beside code and one that
// stands in the README.
const (
	maxWords    = 70
	maxSentence = 140
)

// cited turns a comment of the blueprint into one for the reader of the
// module, who has the notes but not the ledger:
// "notes: aurora.backup-retention-period" becomes "notes 22-02: ...".
func (r *renderer) cited(comment string) string {
	m := citation.FindStringSubmatch(comment)
	if m == nil {
		return comment
	}
	var chapters []string
	words := m[2]
	for id := range strings.SplitSeq(m[1], ",") {
		id = strings.TrimSpace(id)
		chapter := id
		if e, ok := r.lookup(id); ok {
			chapter = e.Chapter
			if words == "" {
				words = shorten(e.Statement, maxWords)
			}
		}
		if len(chapters) == 0 || chapters[len(chapters)-1] != chapter {
			chapters = append(chapters, chapter)
		}
	}
	if words == "" {
		return "notes " + strings.Join(chapters, ", ")
	}
	return "notes " + strings.Join(chapters, ", ") + ": " + words
}

// shorten cuts a statement at the end of a clause, or else of a word, so that
// it has at most limit characters. The period at its end goes.
func shorten(statement string, limit int) string {
	s := strings.TrimSuffix(oneLine(statement), ".")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	head := string(runes[:limit])
	for _, end := range []string{"; ", ". ", " (", ", "} {
		if i := strings.LastIndex(head, end); i > limit/3 {
			return head[:i]
		}
	}
	head = string(runes[:limit-1])
	if i := strings.LastIndexByte(head, ' '); i > 0 {
		head = head[:i]
	}
	return strings.TrimRight(head, " ,;:") + "…"
}

// explained names the place in the notes and what they say there, for the
// README.
func (r *renderer) explained(id string) string {
	e, ok := r.lookup(id)
	if !ok {
		return "notes " + id
	}
	return "notes " + strings.Replace(e.Section, ". ", " ", 1) + ": " + shorten(e.Statement, maxSentence)
}

func (r *renderer) lookup(id string) (ledger.Entry, bool) {
	if r.Ledger == nil {
		return ledger.Entry{}, false
	}
	return r.Ledger.Lookup(id)
}
