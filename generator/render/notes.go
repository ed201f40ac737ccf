package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/visible"
)

// NotesPath is where a rendering says what the notes say that its comments name.
const NotesPath = "NOTES.md"

// roomForEntry is about what an entry takes, in bytes.
const roomForEntry = 640

// maxSentence bounds, in characters, a statement that stands in the README.
const maxSentence = 140

// An entry is one of the notes that the module follows or departs from.
type entry struct {
	ledger.Entry
	chapter       string // as the notes name it: a number alone may be that of two
	first, last   int    // lines of the notes; 0 when there are none
	here, departs []spot
	deviations    []*blueprint.Deviation
}

func newEntry(e ledger.Entry) *entry {
	chapter, _, _ := strings.Cut(e.Section, deeper)
	return &entry{Entry: e, chapter: cmp.Or(chapter, e.System, e.ID), first: firstLine(e), last: lastLine(e)}
}

// A spot is a line of a file of the module.
type spot struct {
	file string
	line int
}

// notes returns NOTES.md, nothing for a module that has nothing of the notes.
func (r *renderer) notes() []byte {
	entries := r.entries()
	if len(entries) == 0 {
		return nil
	}
	d := &document{}
	d.Grow(len(entries) * roomForEntry)
	d.paragraph("# The notes behind this module")
	if about := r.Ledger.About(); about != "" {
		d.paragraph(about)
	}
	d.paragraph(r.howToRead(entries))
	pages := &pages{}
	chapter, section := "", ""
	for _, e := range entries {
		if e.chapter != chapter {
			chapter, section = e.chapter, e.chapter
			d.paragraph("## ", e.title())
		}
		if e.Section != section {
			section = e.Section
			d.paragraph("### ", heading(below(e.Section), below(e.Title())))
		}
		r.entry(d, e, pages)
	}
	pages.define(d)
	return []byte(visible.Text(strings.TrimRight(d.String(), "\n") + "\n"))
}

const deeper = " › "

// below returns a section without its chapter.
func below(section string) string {
	_, rest, _ := strings.Cut(section, deeper)
	return rest
}

// title names the chapter of an entry, with its English if that says more.
func (e *entry) title() string {
	english := e.Heading()
	if simple.Replace(e.chapter) == simple.Replace(english) {
		english = ""
	}
	return heading(e.chapter, english)
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

func (r *renderer) howToRead(entries []*entry) string {
	departed, first := 0, entries[0].ID
	for _, e := range entries {
		if len(e.deviations) > 0 {
			departed++
		}
	}
	words := fmt.Sprintf("A comment such as %s cites the entry %s. All entries that this module cites or departs from are here, %d of them, in the order of the notes, with the lines of the module that cite them. %s explains one.",
		code("# notes "+first), noteLink(first, ""), len(entries), code("bpgen explain "+r.Blueprint.Name+" "+first))
	if departed > 0 {
		words += fmt.Sprintf(" From %d of them the module departs: such a comment begins with %s, and the entry says why, and how to restore what the notes say.", departed, code("departs from notes"))
	}
	return words
}

// entries returns the entries that files of the module name and those that a
// deviation departs from, in the order of the notes, chapter by chapter.
func (r *renderer) entries() []*entry {
	if r.Ledger == nil {
		return nil
	}
	known := map[string]*entry{}
	get := func(id string) *entry {
		e, seen := known[id]
		if !seen {
			if found, ok := r.Ledger.Lookup(id); ok {
				e = newEntry(found)
			}
			known[id] = e
		}
		return e
	}
	for _, c := range r.citations() {
		for _, p := range c.Places {
			if e := get(p.ID); e != nil {
				e.add(spot{c.File, p.Line}, p.Departs)
			}
		}
	}
	for _, dev := range r.Deviations {
		for _, id := range dev.Notes {
			if e := get(id); e != nil {
				e.deviations = append(e.deviations, dev)
			}
		}
	}
	var out []*entry
	for _, e := range known {
		if e != nil {
			out = append(out, e)
		}
	}
	inOrder(out)
	return out
}

func (e *entry) add(p spot, departs bool) {
	to := &e.here
	if departs {
		to = &e.departs
	}
	*to = append(*to, p)
}

// inOrder sorts entries as the notes have them; a chapter stays together.
func inOrder(entries []*entry) {
	first := map[string]int{} // line at which a chapter begins here
	for _, e := range entries {
		if at, ok := first[e.chapter]; !ok || e.first < at {
			first[e.chapter] = e.first
		}
	}
	slices.SortFunc(entries, func(a, b *entry) int {
		if a.chapter != b.chapter {
			return cmp.Or(cmp.Compare(first[a.chapter], first[b.chapter]), strings.Compare(a.chapter, b.chapter))
		}
		return cmp.Or(cmp.Compare(a.first, b.first), strings.Compare(a.ID, b.ID))
	})
}

// entry writes one entry. Its id is the heading, so that a link can lead to it.
func (r *renderer) entry(d *document, e *entry, pages *pages) {
	d.paragraph("#### ", text(e.ID))
	d.paragraph(text(e.Statement), standing(e))
	if v := noteValue(e.Entry); v != "" {
		d.line("- Value: ", code(v))
	}
	if len(e.here) > 0 {
		d.line("- Here: ", links(e.here))
	}
	for i, dev := range e.deviations {
		d.line("- Departs: ", text(dev.Rendered+" "+dev.Reason), " To restore: ", text(dev.Restore), " ([", text(title(dev.Name)), "](README.md#", anchor(title(dev.Name)), ")", departing(e, i), ")")
	}
	if e.Caveat != "" {
		d.line("- Caveat: ", text(e.Caveat))
	}
	aws, others := pages.of(e.Entry)
	if len(aws) > 0 {
		d.line("- AWS: ", strings.Join(aws, ", "))
	}
	if len(others) > 0 {
		d.line("- The notes link to: ", strings.Join(others, ", "))
	}
	d.line()
}

// departing returns the lines that depart, behind the first deviation.
func departing(e *entry, i int) string {
	if i > 0 || len(e.departs) == 0 {
		return ""
	}
	return "; " + links(e.departs)
}

// links leads to lines. A file is named once, and without the directory of runbooks,
// whose names are long.
func links(places []spot) string {
	var out []string
	last := ""
	for _, p := range places {
		name := text(strings.TrimPrefix(p.file, "runbooks/"))
		if p.file == last {
			name = ""
		}
		last = p.file
		n := strconv.Itoa(p.line)
		out = append(out, "["+name+":"+n+"]("+p.file+"#L"+n+")")
	}
	return strings.Join(out, ", ")
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
func standing(e *entry) string {
	parts := []string{lineWords(e.first, e.last), text(e.Kind), text(e.Strength)}
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

// anchor returns how GitHub and others call the place of a heading.
func anchor(heading string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ':
			return '-'
		case c == '-' || c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c):
			return c
		}
		return -1
	}, strings.ToLower(heading))
}

// noteLink leads to an entry in NOTES.md, "" from there itself.
func noteLink(id, file string) string {
	return "[" + text(id) + "](" + file + "#" + anchor(id) + ")"
}

// explained names an entry and says what the notes say, for the README.
func (r *renderer) explained(id string) string {
	e, ok := r.lookup(id)
	if !ok {
		return "notes " + text(id)
	}
	return noteLink(id, NotesPath) + ": " + text(said(e))
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

// cited returns a cite.Lookup for what is rendered from the blueprint itself, or
// from a profile of it.
func (r *renderer) cited(profile string) cite.Lookup {
	departures := blueprint.Departures(r.Deviations, profile)
	return func(id string) (cite.Meaning, bool) {
		e, ok := r.lookup(id)
		m := cite.Meaning{Statement: e.Statement}
		if d := departures[id]; d != nil {
			m.Departure, ok = d.Reason, true
		}
		return m, ok
	}
}

func (r *renderer) lookup(id string) (ledger.Entry, bool) {
	if r.Ledger == nil {
		return ledger.Entry{}, false
	}
	return r.Ledger.Lookup(id)
}
