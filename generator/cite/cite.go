// Package cite turns citations of the notes into words.
//
// Templates and blueprints cite the ledger in comments, "notes: <id>[, <id>]
// words". In a rendered module the comment becomes "notes s3.retention: words":
// the id, which grep finds and bpgen explain takes, with the words of the comment
// or else those of the entry. A line that departs from an entry says "departs: <id>
// words"; that becomes "departs from notes s3.retention: reason" where the module has
// such a deviation, and so does a citation of an entry that it departs from. Find
// reads both back. The package takes text and a Lookup and returns text. It does not
// touch the operating system.
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

// Parse takes a comment apart, with or without its marker, into the ids that
// it cites and its own words. It returns no ids for a comment that cites
// nothing.
func Parse(comment string) (ids []string, words string) { return parse(comment, "notes:") }

// Departing is Parse for a comment which says that its line departs from entries.
func Departing(comment string) (ids []string, words string) { return parse(comment, "departs:") }

// Marks says whether a text may have a comment that Comment rewords.
func Marks(text string) bool {
	return strings.Contains(text, "notes:") || strings.Contains(text, "departs:")
}

func parse(comment, lead string) (ids []string, words string) {
	rest, marked := strings.CutPrefix(comment, "#")
	if !marked {
		rest = strings.TrimPrefix(rest, "//")
	}
	rest, cites := strings.CutPrefix(strings.TrimLeft(rest, space), lead)
	if !cites {
		return nil, ""
	}
	for more := rest; ; {
		more = strings.TrimLeft(more, space)
		n := idLength(more)
		if n == 0 {
			break
		}
		ids, rest = append(ids, more[:n]), more[n:]
		var comma bool
		if more, comma = strings.CutPrefix(strings.TrimLeft(rest, space), ","); !comma {
			break
		}
	}
	words = strings.TrimRight(strings.TrimLeft(rest, space+":;"), space)
	if ids == nil || strings.Contains(words, "\n") {
		return nil, ""
	}
	return ids, words
}

const space = " \t\n\f\r"

// idLength returns how long the id is that a text begins with, 0 for none: a system
// in small letters, a dot, and a name.
func idLength(text string) int {
	dot := strings.IndexFunc(text, func(c rune) bool { return !strings.ContainsRune(inSystem, c) })
	if dot < 1 || text[dot] != '.' {
		return 0
	}
	end := dot + 1
	for end < len(text) && strings.IndexByte(inName, text[end]) >= 0 {
		end++
	}
	if end == dot+1 {
		return 0
	}
	return end
}

const (
	inSystem = "abcdefghijklmnopqrstuvwxyz0123456789-"
	inName   = inSystem + "ABCDEFGHIJKLMNOPQRSTUVWXYZ_."
)

// Comment returns the text of a comment without its marker for the reader of
// the module. Without words of its own a citation takes those of the first
// statement; an id that lookup does not know stays as it is. A comment that
// cites nothing is returned unchanged.
func Comment(comment string, lookup Lookup) string {
	text, _ := reworded(comment, lookup)
	return text
}

// reworded is Comment, and says whether the comment cites.
func reworded(comment string, lookup Lookup) (string, bool) {
	if ids, words := Parse(comment); ids != nil {
		return phrase(ids, words, lookup), true
	}
	if ids, words := Departing(comment); ids != nil {
		return departure(ids, words, lookup), true
	}
	return comment, false
}

// departure puts a departure into words. Of entries from which the module does not
// depart by a deviation, the words of the comment are all there is to say.
func departure(ids []string, words string, lookup Lookup) string {
	var left []string
	var reason string
	for _, id := range ids {
		if lookup == nil {
			break
		}
		if m, _ := lookup(id); m.Departure != "" && !slices.Contains(left, id) {
			left = append(left, id)
			reason = cmp.Or(reason, m.Departure)
		}
	}
	switch {
	case len(left) > 0:
		return worded(departs+"notes ", left, Shorten(reason, maxReason))
	case words == "":
		return worded(departs+"notes ", ids, "")
	}
	return "why: " + words
}

// Text puts the citation that ends a line of text into words, as Comment does
// for code: one behind # or //, or in an HTML comment. A line that cites nothing
// is returned unchanged.
func Text(line string, lookup Lookup) string {
	if !Marks(line) {
		return line
	}
	m := textCitation.FindStringSubmatchIndex(line)
	if m == nil {
		return line
	}
	start, end := m[2], m[3]
	words, _ := reworded(line[start:end], lookup)
	return line[:start] + words + line[end:]
}

var textCitation = regexp.MustCompile(`(?:^|\s)(?:<!--|#|//)\s*((?:notes|departs):.*?)\s*(?:-->)?$`)

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
	text, cites := reworded(comment, lookup)
	if !cites {
		return comment, false
	}
	return "# " + text, true
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
