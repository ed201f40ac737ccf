package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/ledger"
)

// NotesPath is where a rendering says what the notes say that its comments name.
const NotesPath = "NOTES.md"

// roomForEntry is about what an entry takes, in bytes.
const roomForEntry = 640

// maxSentence bounds, in characters, a statement that stands in the README.
const maxSentence = 140

// An entry is one of the notes that the module follows or departs from.
type entry struct {
	*passage
	here, departs []spot
	deviations    []*deviation.Deviation
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
			d.paragraph("## ", e.chapterTitle)
		}
		if e.section != section {
			section = e.section
			d.paragraph("### ", e.sectionTitle)
		}
		e.write(d, pages)
	}
	pages.define(d)
	return d.finish()
}

func (r *renderer) howToRead(entries []*entry) string {
	departed, first := 0, entries[0].id
	for _, e := range entries {
		if len(e.deviations) > 0 {
			departed++
		}
	}
	words := fmt.Sprintf("A comment such as %s cites the entry %s. All entries that this module cites or departs from are here, %d of them, in the order of the notes, with the lines of the module that cite them. %s explains one.",
		code("# notes "+first), noteLink(first, ""), len(entries), code("bpgen explain "+r.Blueprint.Name+" "+first))
	if departed > 0 {
		words += fmt.Sprintf(" The module departs from %d of them: such a comment begins with %s, and the entry says why, and how to restore what the notes say.", departed, code("departs from notes"))
	}
	return words
}

// entries returns the entries that files of the module name and those that a
// deviation departs from, in the order of the notes, chapter by chapter.
func (r *renderer) entries() []*entry {
	known := map[string]*entry{}
	get := func(id string) *entry {
		e, seen := known[id]
		if !seen {
			if s := r.passage(id); s != nil {
				e = &entry{passage: s}
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
		return cmp.Or(cmp.Compare(a.first, b.first), strings.Compare(a.id, b.id))
	})
}

// write writes one entry. Its id is the heading, so that a link can lead to it.
func (e *entry) write(d *document, pages *pages) {
	d.WriteString(e.head)
	if len(e.here) > 0 {
		d.line("- Here: ", links(e.here))
	}
	for i, dev := range e.deviations {
		d.line("- Departs: ", text(dev.Rendered+" "+dev.Reason), " To restore: ", text(dev.Restore), " ([", text(title(dev.Name)), "](README.md#", anchor(title(dev.Name)), ")", departing(e, i), ")")
	}
	d.WriteString(e.caveat)
	pages.line(d, "- AWS: ", e.aws)
	pages.line(d, "- The notes link to: ", e.others)
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
	departures := deviation.Departures(r.Deviations, profile)
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
