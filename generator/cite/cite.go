// Package cite turns citations of the notes into words.
//
// Templates and blueprints cite the ledger in comments, "notes: <id>[, <id>]
// words". In a rendered module the comment becomes "notes s3.retention: words":
// the id, which grep finds and bpgen explain takes, with the words of the comment
// or else those of the entry. Where the module departs from the entry, it becomes
// "departs from notes s3.retention: reason". Find reads both back. The package takes
// text and a Lookup and returns text. It does not touch the operating system.
package cite

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Lookup answers what an id stands for. A nil Lookup knows no id.
type Lookup func(id string) (Meaning, bool)

// A Meaning is what a comment can say of an entry.
type Meaning struct {
	Statement string
	Departure string // why the module departs from the entry; "" when it does not
}

// Bounds, in characters, for what stands beside code: a statement, and the reason
// of a departure, which nobody would understand without its end.
const (
	maxWords  = 70
	maxReason = 120
)

var citation = regexp.MustCompile(`^(?:#|//)?\s*notes:\s*([a-z0-9-]+\.[A-Za-z0-9_.-]+(?:\s*,\s*[a-z0-9-]+\.[A-Za-z0-9_.-]+)*)[\s:;]*(.*?)\s*$`)

// Parse takes a comment apart, with or without its marker, into the ids that
// it cites and its own words. It returns no ids for a comment that cites
// nothing.
func Parse(comment string) (ids []string, words string) {
	if !strings.Contains(comment, "notes:") {
		return nil, "" // most comments; the expression below is slow
	}
	m := citation.FindStringSubmatch(comment)
	if m == nil {
		return nil, ""
	}
	for id := range strings.SplitSeq(m[1], ",") {
		ids = append(ids, strings.TrimSpace(id))
	}
	return ids, m[2]
}

// Comment returns the text of a comment without its marker for the reader of
// the module. Without words of its own a citation takes those of the first
// statement; an id that lookup does not know stays as it is. A comment that
// cites nothing is returned unchanged.
func Comment(comment string, lookup Lookup) string {
	ids, words := Parse(comment)
	if ids == nil {
		return comment
	}
	return phrase(ids, words, lookup)
}

// Text puts the citation that ends a line of text into words, as Comment does
// for code: one behind # or //, or in an HTML comment. A line that cites nothing
// is returned unchanged.
func Text(line string, lookup Lookup) string {
	if !strings.Contains(line, "notes:") {
		return line
	}
	m := textCitation.FindStringSubmatchIndex(line)
	if m == nil {
		return line
	}
	start, end := m[2], m[3]
	ids, words := Parse(line[start:end])
	if ids == nil {
		return line
	}
	return line[:start] + phrase(ids, words, lookup) + line[end:]
}

var textCitation = regexp.MustCompile(`(?:^|\s)(?:<!--|#|//)\s*(notes:.*?)\s*(?:-->)?$`)

// phrase puts a citation into words: the ids, each once, which grep finds and
// explain takes, and what is said there. The words of the comment say how an entry
// is followed, so of a departure they say nothing: its reason does.
func phrase(ids []string, words string, lookup Lookup) string {
	var kept, left []string
	var statement, reason string
	for _, id := range ids {
		var m Meaning
		if lookup != nil {
			m, _ = lookup(id)
		}
		switch {
		case slices.Contains(kept, id) || slices.Contains(left, id):
		case m.Departure != "":
			left = append(left, id)
			reason = cmp.Or(reason, m.Departure)
		default:
			kept = append(kept, id)
			statement = cmp.Or(statement, m.Statement)
		}
	}
	var parts []string
	if len(kept) > 0 {
		parts = append(parts, worded("notes ", kept, cmp.Or(words, Shorten(statement, maxWords))))
		reason = "" // one of the two is enough for a line
	}
	if len(left) > 0 {
		parts = append(parts, worded(departs+"notes ", left, Shorten(reason, maxReason)))
	}
	return strings.Join(parts, "; ")
}

const departs = "departs from "

func worded(lead string, ids []string, words string) string {
	text := lead + strings.Join(ids, ", ")
	if words != "" {
		text += ": " + words
	}
	return text
}

// Line returns a comment, marker and all, with its citations put into words, and
// whether it has any.
func Line(comment string, lookup Lookup) (string, bool) {
	ids, words := Parse(comment)
	if ids == nil {
		return comment, false
	}
	return "# " + phrase(ids, words, lookup), true
}

// Shorten cuts a statement to at most limit characters: at the end of a
// sentence or of its main clause where there is one, or else behind a word that
// can stand last, with an ellipsis. The period at its end goes.
func Shorten(statement string, limit int) string {
	s := strings.TrimSuffix(strings.Join(strings.Fields(statement), " "), ".")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	head := string(runes[:limit])
	for i := len(head) - 1; i > limit/3; i-- {
		if clauseEnd.MatchString(s[i:]) && balanced(head[:i]) {
			return head[:i]
		}
	}
	head = string(runes[:limit-1]) // leaves room for the ellipsis
	if i := strings.LastIndexByte(head, ' '); i > 0 && runes[limit-1] != ' ' {
		head = head[:i]
	}
	for short := head; ; {
		i := strings.LastIndexByte(short, ' ')
		if i <= limit/3 {
			break // there is no such word
		}
		if balanced(short) && !clings[strings.ToLower(short[i+1:])] {
			head = short
			break
		}
		short = short[:i]
	}
	return strings.TrimRight(head, " ,;:") + "…"
}

// clauseEnd is where what stands before can stand alone. A comma alone is not
// enough: "With a load balancer in front, ..." has said nothing yet.
var clauseEnd = regexp.MustCompile(`^(?:; |\. |: |, (?:because|which|so|since|as|while|but|for|not|otherwise|unless|even|where|or else) )`)

// clings holds words that lean on the one behind them.
var clings = map[string]bool{
	"a": true, "an": true, "and": true, "are": true, "as": true, "at": true, "be": true, "by": true, "each": true,
	"for": true, "from": true, "if": true, "in": true, "is": true, "its": true, "must": true, "no": true, "not": true,
	"of": true, "on": true, "one": true, "only": true, "or": true, "over": true, "should": true, "than": true,
	"that": true, "the": true, "their": true, "to": true, "when": true, "which": true, "with": true, "without": true,
}

// balanced says whether every bracket that opens in s closes there too.
func balanced(s string) bool {
	return strings.Count(s, "(") == strings.Count(s, ")") && strings.Count(s, "[") == strings.Count(s, "]") &&
		strings.Count(s, `"`)%2 == 0 && strings.Count(s, "`")%2 == 0
}
