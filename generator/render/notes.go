package render

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/visible"
)

// NotesPath is where a rendering says what the notes say that its comments name.
const NotesPath = "NOTES.md"

// maxSentence bounds, in characters, a statement that stands in the README.
const maxSentence = 140

// An entry is one of the notes that the module follows or departs from.
type entry struct {
	ledger.Entry
	here, departs []spot
	deviations    []*blueprint.Deviation
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
	d.paragraph("# The notes behind this module")
	if about := r.Ledger.About(); about != "" {
		d.paragraph(about)
	}
	d.paragraph(r.howToRead(entries))
	chapter, section := "", ""
	for _, e := range entries {
		c, s, _ := strings.Cut(e.Section, " › ")
		if c = cmp.Or(c, e.System); c != chapter {
			chapter, section = c, ""
			d.paragraph("## ", prose(oneLine(c), ' '))
		}
		if s != section {
			section = s
			d.paragraph("### ", prose(oneLine(cmp.Or(s, "—")), ' '))
		}
		r.entry(d, e)
	}
	return []byte(visible.Text(strings.TrimRight(d.String(), "\n") + "\n"))
}

func (r *renderer) howToRead(entries []*entry) string {
	departed, first := 0, entries[0].ID
	for _, e := range entries {
		if len(e.deviations) > 0 {
			departed++
		}
	}
	words := fmt.Sprintf("A comment such as %s names the entry %s below. Here is every entry that this module cites or departs from, %d in all, in the order of the notes, with the lines that follow it. %s shows one with its proof.",
		code("# notes "+first), noteLink(first, ""), len(entries), code("bpgen explain "+r.Blueprint.Name+" "+first))
	if departed > 0 {
		words += fmt.Sprintf(" The module departs from %d of them: the comment then begins with %s, and the entry says why and how to go back.", departed, code("departs from notes"))
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
				e = &entry{Entry: found}
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
		c := chapterOf(e.Entry)
		if at, ok := first[c]; !ok || firstLine(e.Entry) < at {
			first[c] = firstLine(e.Entry)
		}
	}
	slices.SortFunc(entries, func(a, b *entry) int {
		ca, cb := chapterOf(a.Entry), chapterOf(b.Entry)
		return cmp.Or(cmp.Compare(first[ca], first[cb]), cmp.Compare(ca, cb), cmp.Compare(firstLine(a.Entry), firstLine(b.Entry)), cmp.Compare(a.ID, b.ID))
	})
}

// entry writes one entry. Its id is the heading, so that a link can lead to it.
func (r *renderer) entry(d *document, e *entry) {
	d.paragraph("#### ", e.ID)
	d.paragraph(text(e.Statement), " (", text(standing(e.Entry)), ")")
	if v := noteValue(e.Value); v != "" {
		d.line("- Value: ", code(v))
	}
	if len(e.here) > 0 {
		d.line("- Here: ", links(e.here))
	}
	for i, dev := range e.deviations {
		d.line("- Departs: ", text(dev.Rendered), " ", text(dev.Reason), " To restore: ", text(dev.Restore), " ([", text(title(dev.Name)), "](README.md#", anchor(title(dev.Name)), ")", departing(e, i), ")")
	}
	if e.Caveat != "" {
		d.line("- Caveat: ", text(e.Caveat))
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

// chapterOf names the chapter of an entry as the notes do: number and title. A
// number alone may be that of two.
func chapterOf(e ledger.Entry) string {
	chapter, _, _ := strings.Cut(e.Section, " › ")
	return cmp.Or(chapter, e.System, e.ID)
}

func lineWords(lines string) string {
	switch {
	case lines == "":
		return ""
	case strings.ContainsAny(lines, "-,"):
		return "lines " + lines
	}
	return "line " + lines
}

// standing says where the notes say it, and how much they want it.
func standing(e ledger.Entry) string {
	parts := []string{lineWords(e.Lines), e.Kind, e.Strength}
	if e.Strength == "info" {
		parts[2] = ""
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// firstLine returns the number of the first line of an entry, 0 without one.
func firstLine(e ledger.Entry) int {
	end := strings.IndexFunc(e.Lines, func(c rune) bool { return c < '0' || c > '9' })
	if end < 0 {
		end = len(e.Lines)
	}
	n, _ := strconv.Atoi(e.Lines[:end]) // 0 for what is no number
	return n
}

// noteValue shows the value that the notes give: a text as it is, else JSON.
func noteValue(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// anchor returns how GitHub and others call the place of a heading.
func anchor(heading string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(heading) {
		switch {
		case c == ' ':
			b.WriteByte('-')
		case c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c > 127:
			b.WriteRune(c)
		}
	}
	return b.String()
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
	return noteLink(id, NotesPath) + ": " + text(cite.Shorten(e.Statement, maxSentence))
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
