package ledger

import (
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bpgen/bpgen/generator/guard"
)

// A Source is a page that an entry leads to.
type Source struct {
	Title string `json:"title"` // of the manual and the page in it, or the site
	URL   string `json:"url"`
	From  string `json:"from,omitempty"` // who links to it: a line of the notes, or a rule of vet; "" for AWS's page on what the entry is about
}

// AWS says whether the source is a page of AWS's own documentation.
func (s Source) AWS() bool { return strings.HasPrefix(s.URL, awsDocs) }

const awsDocs = "https://docs.aws.amazon.com/"

// Title returns the section in English, such as "22-02 RDS (Aurora) › Settings › DB
// cluster".
func (e Entry) Title() string { return e.beside.tables().title(e.Section) }

// Heading returns the chapter with its title in English, such as "22-02 RDS
// (Aurora)": two chapters of the notes have the number 22-02.
func (e Entry) Heading() string {
	chapter, _, _ := strings.Cut(e.Section, arrow)
	return e.beside.tables().title(chapter)
}

// Sources returns where to read more: the links of the notes in the entry's lines and
// in the text of its section, those of the rules that cite it, and AWS's page on
// each type of resource that it is about, or else on its system.
func (e Entry) Sources() []Source { return e.beside.tables().sources(e) }

// Links returns the pages to which the notes link in a chapter, given by its number, such
// as 22-02, or by its title in English, such as 22-02 RDS (Aurora); each once.
func (l *Ledger) Links(chapter string) []Source {
	t := l.beside.tables()
	var out []Source
	for _, k := range t.links {
		number, _, _ := strings.Cut(k.chapter, ".")
		if chapter != number && chapter != t.title(k.chapter) || slices.ContainsFunc(out, func(s Source) bool { return s.URL == k.url }) {
			continue
		}
		out = append(out, Source{t.name(k.url), k.url, fmt.Sprintf("line %d of the notes", k.line)})
	}
	return out
}

const arrow = " › "

// The tables beside the entries. A ledger may lack any of them.
const (
	headingsFile = "headings.tsv" // heading, English
	linksFile    = "links.tsv"    // line, lines that it is about, address
	rulesFile    = "rules.tsv"    // id, rule, address
	pagesFile    = "pages.tsv"    // system or type of resource, address
	guidesFile   = "guides.tsv"   // start of an address, name of the manual
)

// tables are the files beside the entries, read.
type tables struct {
	headings map[string]string
	links    []link
	rules    map[string][]ruleLink
	pages    map[string]string
	guides   map[string]string
	faults   []Fault
	cited    []citedBy
	names    sync.Map // name by address, for many entries lead to the same ones
}

// A link of the notes stands in a line and is about the lines from first to last:
// its own row of a table, or the section in whose text it is.
type link struct {
	line, first, last int
	chapter, url      string
}

type ruleLink struct{ rule, url string }

// A citedBy is an id that rulesFile names, with its line.
type citedBy struct {
	id, rule string
	line     int
}

// beside reads the tables when somebody asks for what is in them: a render that cites
// an id needs none of it.
type beside struct {
	fsys fs.FS
	once sync.Once
	read *tables
}

func (b *beside) tables() *tables {
	if b == nil {
		return &tables{}
	}
	b.once.Do(func() { b.read = readTables(b.fsys) })
	return b.read
}

// readTables reads the files beside the entries.
func readTables(fsys fs.FS) *tables {
	t := &tables{headings: map[string]string{}, rules: map[string][]ruleLink{}, pages: map[string]string{}, guides: map[string]string{}}
	t.read(fsys, headingsFile, 2, once(t.headings))
	t.read(fsys, guidesFile, 2, once(t.guides))
	t.read(fsys, pagesFile, 2, func(_ int, f []string) string {
		if fault := address(f[1]); fault != "" {
			return fault
		}
		return once(t.pages)(0, f)
	})
	t.read(fsys, linksFile, 4, t.link)
	t.read(fsys, rulesFile, 3, func(row int, f []string) string {
		t.rules[f[0]] = append(t.rules[f[0]], ruleLink{f[1], f[2]})
		t.cited = append(t.cited, citedBy{f[0], f[1], row})
		return address(f[2])
	})
	return t
}

// read hands each line of a table to keep, which returns what is wrong with it.
func (t *tables) read(fsys fs.FS, file string, fields int, keep func(row int, fields []string) string) {
	if _, err := fs.Stat(fsys, file); err != nil {
		return // a ledger need not have it
	}
	content, diags := guard.ReadFile(fsys, file, file)
	if diags.HasErrors() {
		t.faults = append(t.faults, Fault{file, 1, diags[0].Detail})
		return
	}
	row := 0
	for line := range strings.Lines(string(content)) {
		row++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		var fault string
		switch {
		case len(f) != fields || slices.Contains(f, ""):
			fault = fmt.Sprintf("Each line has %d fields with a tab between them, none empty; this one has %d.", fields, len(f))
		default:
			fault = keep(row, f)
		}
		if fault != "" {
			t.faults = append(t.faults, Fault{file, row, fault})
		}
	}
}

// once keeps a pair in a map and says when its key is there already.
func once(to map[string]string) func(int, []string) string {
	return func(_ int, f []string) string {
		if _, ok := to[f[0]]; ok {
			return fmt.Sprintf("%q already has a line. Remove one of the two.", f[0])
		}
		to[f[0]] = f[1]
		return ""
	}
}

func (t *tables) link(_ int, f []string) string {
	line, err := strconv.Atoi(f[0])
	spans := spansOf(f[1])
	if err != nil || len(spans) != 1 {
		return fmt.Sprintf("A link has a line, such as 12, and the lines that it is about, such as 10-20, not %q and %q.", f[0], f[1])
	}
	l := link{line, spans[0].first, spans[0].last, f[2], f[3]}
	if slices.Contains(t.links, l) {
		return fmt.Sprintf("Line %d of the notes already links to %s in a line above. Remove one of the two.", line, l.url)
	}
	t.links = append(t.links, l)
	return address(l.url)
}

// address returns what is wrong with an address.
func address(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return fmt.Sprintf("%q is not an address.", text)
	case u.Scheme != "https" || u.Host == "":
		return fmt.Sprintf("%q is not an address that begins with https://.", text)
	}
	return ""
}

// title puts the headings of a section into English. One without a translation
// stays as it is.
func (t *tables) title(section string) string {
	parts := strings.Split(section, arrow)
	for i, part := range parts {
		number, name, numbered := strings.Cut(part, ". ")
		if english := t.headings[part]; english != "" {
			name = english
		} else if i > 0 || !numbered {
			name = part
		}
		if parts[i] = name; i == 0 && numbered {
			parts[i] = number + " " + name
		}
	}
	return strings.Join(parts, arrow)
}

func (t *tables) sources(e Entry) []Source {
	var out []Source
	add := func(url, from string) {
		if url != "" && !slices.ContainsFunc(out, func(s Source) bool { return s.URL == url }) {
			out = append(out, Source{t.name(url), url, from})
		}
	}
	spans := spansOf(e.Lines)
	for i := range t.links {
		l := &t.links[i]
		if l.about(spans) {
			add(l.url, "line "+strconv.Itoa(l.line)+" of the notes")
		}
	}
	for _, r := range t.rules[e.ID] {
		add(r.url, "rule "+r.rule)
	}
	for _, path := range e.Terraform {
		typ, _, _ := strings.Cut(strings.TrimPrefix(path, "data."), ".")
		add(t.pages[typ], "")
	}
	// What the author linked to years ago may have moved.
	if !slices.ContainsFunc(out, func(s Source) bool { return s.AWS() && !strings.HasPrefix(s.From, "line ") }) {
		add(t.pages[e.System], "")
	}
	return out
}

// about says whether a link is about any of the lines. It is asked of all links for
// each entry.
func (l *link) about(spans []span) bool {
	for _, s := range spans {
		if s.first <= l.last && l.first <= s.last {
			return true
		}
	}
	return false
}

// name says what is behind an address: the manual and the page, with the language where
// that is not English, or the site.
func (t *tables) name(text string) string {
	known, _ := t.names.Load(text)
	name, ok := known.(string)
	if !ok {
		name = t.nameOf(text)
		t.names.Store(text, name)
	}
	return name
}

func (t *tables) nameOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	path, language := u.Path, ""
	if m := translated.FindStringSubmatch(path); m != nil {
		path, language = path[len(m[0])-1:], " ("+m[1]+")"
	}
	rest := u.Host + path
	for start := rest; ; {
		i := strings.LastIndexByte(start, '/')
		if i < 0 {
			return strings.TrimPrefix(u.Host, "www.")
		}
		start = start[:i]
		guide, ok := t.guides[start+"/"]
		if !ok {
			continue
		}
		page := strings.TrimSuffix(strings.TrimPrefix(rest, start+"/"), ".html")
		if page = strings.TrimPrefix(page, "API_"); page != "" {
			guide += ": " + page
		}
		return guide + language
	}
}

// translated is how the path of a page of AWS begins that is not in English: with the
// language and the country.
var translated = regexp.MustCompile(`^/([a-z]{2})_[a-z]{2}/`)

// A span is a run of lines of the notes.
type span struct{ first, last int }

// spansOf reads lines as entries have them: "12", "12-20" or "12,15,20-22". It
// leaves out what is not of that form.
func spansOf(lines string) []span {
	var out []span
	for part := range strings.SplitSeq(lines, ",") {
		first, last, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			last = first
		}
		a, err := strconv.Atoi(first)
		b, err2 := strconv.Atoi(last)
		if err == nil && err2 == nil && a > 0 && b >= a {
			out = append(out, span{a, b})
		}
	}
	return out
}
