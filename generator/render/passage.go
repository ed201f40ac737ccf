package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/bpgen/bpgen/generator/cost"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/memo"
)

// A Cache keeps what the notes say, in Markdown, and what resources cost from one
// rendering to the next. It is for one ledger, and safe for concurrent use.
type Cache struct {
	passages memo.Map[string, *passage]
	footers  memo.Map[string, string] // of runbooks, by the path to NOTES.md and the ids
	costs    cost.Cache
	// By their text: HCL that was formatted, and expressions on one line.
	formatted memo.Texts[[]byte]
	inlined   memo.Map[string, string]
}

// A passage is what the notes say in one entry, in Markdown. It is never changed.
type passage struct {
	id                         string
	chapter, section           string // as the notes name them: a number alone may be that of two
	chapterTitle, sectionTitle string // in Markdown, with their English
	first, last                int    // lines of the notes; 0 when there are none
	head, caveat               string // lines of Markdown
	aws, others                []page
}

// passage returns what the notes say under an id, nil for an id that they do not have.
func (r *renderer) passage(id string) *passage {
	if r.Ledger == nil {
		return nil
	}
	return r.Cache.passages.Get(id, func() *passage {
		e, ok := r.Ledger.Lookup(id)
		if !ok {
			return nil
		}
		chapter, _, _ := strings.Cut(e.Section, deeper)
		s := &passage{id: e.ID, chapter: cmp.Or(chapter, e.System, e.ID), section: e.Section, first: firstLine(e), last: lastLine(e)}
		s.chapterTitle, s.sectionTitle = chapterTitle(s.chapter, e.Heading()), heading(below(e.Section), below(e.Title()))
		d := &document{}
		d.paragraph("#### ", text(e.ID))
		d.paragraph(text(e.Statement), standing(e))
		if v := noteValue(e); v != "" {
			d.line("- Value: ", code(v))
		}
		s.head = d.String()
		if e.Caveat != "" {
			s.caveat = "- Caveat: " + text(e.Caveat) + "\n"
		}
		s.aws, s.others = pagesOf(e)
		return s
	})
}

const deeper = " › "

// below returns a section without its chapter.
func below(section string) string {
	_, rest, _ := strings.Cut(section, deeper)
	return rest
}

// chapterTitle names a chapter, with its English if that says more.
func chapterTitle(chapter, english string) string {
	if simple.Replace(chapter) == simple.Replace(english) {
		english = ""
	}
	number, _, _ := strings.Cut(chapter, ". ")
	return heading(chapter, strings.TrimPrefix(english, number+" "))
}

// simple makes two ways to write a heading alike.
var simple = strings.NewReplacer("：", ": ", "（", " (", "）", ")", ". ", " ")

// heading shows a heading of the notes with its English.
func heading(original, english string) string {
	shown := prose(oneLine(original), ' ')
	if english == "" || english == original {
		return shown
	}
	return shown + " (" + prose(oneLine(english), ' ') + ")"
}

// lineWords names the lines of the notes from first to last; 0 is none.
func lineWords(first, last int) string {
	switch {
	case first == 0 || last == 0:
		return ""
	case first == last:
		return "line " + strconv.Itoa(first)
	}
	return "lines " + strconv.Itoa(first) + "-" + strconv.Itoa(last)
}

// standing says where the notes say it, and how much they want it.
func standing(e ledger.Entry) string {
	parts := []string{lineWords(firstLine(e), lastLine(e)), text(e.Kind), text(e.Strength)}
	if e.Strength == "info" {
		parts[2] = ""
	}
	if parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" }); len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// firstLine returns the number of the first line of an entry, 0 without one.
func firstLine(e ledger.Entry) int {
	first := e.Lines
	if end := strings.IndexFunc(first, noDigit); end >= 0 {
		first = first[:end]
	}
	return number(first)
}

// lastLine returns the number of the last line of an entry, 0 without one.
func lastLine(e ledger.Entry) int {
	return number(e.Lines[strings.LastIndexFunc(e.Lines, noDigit)+1:])
}

func noDigit(c rune) bool { return c < '0' || c > '9' }

// number is 0 for what is none.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// noteValue shows the value that the notes give: a text as it is, else JSON. A fact in
// several parts is nothing but the statement once more.
func noteValue(e ledger.Entry) string {
	switch v := e.Value.(type) {
	case nil:
		return ""
	case string:
		return v
	case map[string]any:
		if e.Kind != "default" && e.Strength == "info" {
			return ""
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(e.Value) != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}
