// Package ledger reads the project's copy of the notes' ledger: one entry per
// setting, rule or runbook of the notes, under an id such as
// "aurora.backup-retention-period".
//
// It takes an fs.FS that holds one <system>.yaml per system, and tables with the
// links of the notes and the English of their headings, and returns
// entries by id or by system. A system's file is read when one of its ids is
// asked for, and an entry is decoded when it is looked up, so a render pays
// only for what it cites. It never touches the operating system and prints
// nothing. Templates and blueprints cite ids; link and render turn them into
// words.
package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
)

// An Entry is one statement of the notes.
type Entry struct {
	ID        string   `json:"id"`        // "<system>.<name>"
	System    string   `json:"-"`         // name of the entry's file
	Chapter   string   `json:"-"`         // number of the section's chapter, such as "22-02"
	Kind      string   `json:"kind"`      // default, rule, option, pattern, fact, runbook or artifact
	Strength  string   `json:"strength"`  // must, should, example or info
	Section   string   `json:"section"`   // headings from the chapter down, joined by " › "
	Lines     string   `json:"lines"`     // line or lines of the notes
	Statement string   `json:"statement"` // what the notes say, in English
	Value     any      `json:"value"`     // the value they give; nil for none
	Terraform []string `json:"terraform"` // resource types and arguments it is about
	Caveat    string   `json:"caveat"`    // where the notes are out of date, unsafe or at odds with themselves
	Quote     string   `json:"quote"`     // their own words; "" where the ledger leaves them out

	beside *beside // nil for one that no ledger returned
}

// A Ledger is a set of entries. It is safe for concurrent use.
type Ledger struct {
	fsys    fs.FS
	mu      sync.Mutex
	systems map[string]*system
	beside  *beside
}

// A system is one file, cut into entries but not decoded.
type system struct {
	ids  []string          // in the file's order
	line []int             // where they stand, as ids
	text map[string][]byte // the entry's YAML by id
	done map[string]Entry  // entries decoded so far
	err  error
}

// Open returns the ledger of the files <system>.yaml at the top of fsys. It
// reads nothing yet.
func Open(fsys fs.FS) *Ledger {
	return &Ledger{fsys: fsys, systems: map[string]*system{}, beside: &beside{fsys: fsys}}
}

// Lookup returns the entry with that id and whether there is one. An entry
// that cannot be read is not there; Entries says why.
func (l *Ledger) Lookup(id string) (Entry, bool) {
	name, _, ok := strings.Cut(id, ".")
	if !ok {
		return Entry{}, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e, err := l.entry(name, id)
	return e, err == nil
}

// Systems returns the names of all systems, sorted.
func (l *Ledger) Systems() []string {
	files, err := fs.Glob(l.fsys, "*.yaml")
	if err != nil { // the pattern is constant and well formed
		return nil
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f, ".yaml")
	}
	slices.Sort(names)
	return names
}

// Entries returns every entry of a system in the order of the notes. An
// unknown system is an error, and so is a file that does not hold entries.
func (l *Ledger) Entries(name string) ([]Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	sys := l.load(name)
	if sys.err != nil {
		return nil, sys.err
	}
	out := make([]Entry, 0, len(sys.ids))
	for _, id := range sys.ids {
		e, err := l.entry(name, id)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// A Fault is something that is wrong with the ledger's files.
type Fault struct {
	File   string // its name, without a directory
	Line   int
	Detail string
}

// Faults returns what is wrong with the files: an id that is there twice or whose
// system is not that of its file, so that nobody would find it, an entry that cannot
// be read, and lines of the tables beside the entries.
func (l *Ledger) Faults() []Fault {
	systems := l.Systems()
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Fault
	for _, name := range systems {
		sys, first := l.load(name), map[string]int{}
		for i, id := range sys.ids {
			fault := misplaced(name, id, first[id], systems)
			if fault == "" {
				first[id] = sys.line[i]
				fault = l.unreadable(name, id)
			}
			if fault != "" {
				out = append(out, Fault{name + ".yaml", sys.line[i], fault})
			}
		}
	}
	tables := l.beside.tables()
	out = append(out, tables.faults...)
	for _, c := range tables.cited {
		system, _, _ := strings.Cut(c.id, ".")
		if l.load(system).text[c.id] == nil {
			out = append(out, Fault{rulesFile, c.line, fmt.Sprintf("The rule %s cites %q, an entry that the notes do not have. Correct the ID in the rule.", c.rule, c.id)})
		}
	}
	return out
}

// misplaced says what is wrong with where an entry stands; first is the line of one
// with the same id above, or 0.
func misplaced(file, id string, first int, systems []string) string {
	system, name, _ := strings.Cut(id, ".")
	switch {
	case first > 0:
		return fmt.Sprintf("The entry %q is already defined on line %d. Change one of the two IDs.", id, first)
	case name == "":
		return fmt.Sprintf("The ID %q does not have the form system.name.", id)
	case system != file && !slices.Contains(systems, system):
		return fmt.Sprintf("The entry %q belongs to a system without a file, %q. Add %s.yaml, or correct the ID.", id, system, system)
	case system != file:
		return fmt.Sprintf("The entry %q belongs in %s.yaml.", id, system)
	}
	return ""
}

// unreadable says why an entry cannot be read.
func (l *Ledger) unreadable(system, id string) string {
	e, err := l.entry(system, id)
	switch {
	case err != nil:
		return fmt.Sprintf("The entry %q cannot be read: %v.", id, errors.Unwrap(err))
	case e.Lines != "" && len(spansOf(e.Lines)) != strings.Count(e.Lines, ",")+1:
		return fmt.Sprintf("The entry %q has the lines %q; write them as 12, 12-20 or 12,15.", id, e.Lines)
	}
	return ""
}

// Nearest returns up to three ids that may be meant by a wrong one, nearest
// first: ids of the same system when there is such a system, else ids of the
// systems with the nearest names that share the rest of the id, else whatever
// is near in the whole ledger.
func (l *Ledger) Nearest(id string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	name, rest, _ := strings.Cut(id, ".")
	if sys := l.load(name); sys.err == nil {
		return diag.Nearest(id, sys.ids)
	}
	var all []string
	systems := l.Systems()
	for _, s := range systems {
		all = append(all, l.load(s).ids...)
	}
	var near []string
	for _, s := range diag.Nearest(name, systems) {
		if moved := s + "." + rest; slices.Contains(all, moved) {
			near = append(near, moved)
		}
	}
	if len(near) > 0 {
		return near
	}
	return diag.Nearest(id, all)
}

// load returns the system of that name, cut into entries; its err is set when
// there is none. The lock must be held.
func (l *Ledger) load(name string) *system {
	if sys, ok := l.systems[name]; ok {
		return sys
	}
	sys := &system{text: map[string][]byte{}, done: map[string]Entry{}}
	l.systems[name] = sys
	file := name + ".yaml"
	if name == "" || path.Base(file) != file || !fs.ValidPath(file) {
		sys.err = fmt.Errorf("the ledger has no system %q", name)
		return sys
	}
	content, diags := guard.ReadFile(l.fsys, file, file)
	if diags.HasErrors() {
		sys.err = fmt.Errorf("the ledger has no system %q: %s", name, diags[0].Detail)
		return sys
	}
	sys.cut(content)
	return sys
}

// entryStart is how each entry of a file begins; the files are written by
// command gen, so the layout holds.
var entryStart = []byte("\n- id: ")

// cut splits a file into the text of its entries.
func (s *system) cut(content []byte) {
	rest := append([]byte("\n"), content...)
	start, row := bytes.Index(rest, entryStart), 0
	for start >= 0 {
		row += bytes.Count(rest[:start+1], []byte("\n"))
		rest = rest[start+1:]
		start = bytes.Index(rest, entryStart)
		text := rest
		if start >= 0 {
			text = rest[:start+1]
		}
		line, _, _ := bytes.Cut(text, []byte("\n"))
		id := strings.Trim(string(line[len(entryStart)-1:]), `"`)
		s.ids, s.line = append(s.ids, id), append(s.line, row)
		s.text[id] = text
	}
}

// entry returns an entry, decoded. The lock must be held.
func (l *Ledger) entry(name, id string) (Entry, error) {
	s := l.load(name)
	if s.err != nil {
		return Entry{}, s.err
	}
	if e, ok := s.done[id]; ok {
		return e, nil
	}
	text, ok := s.text[id]
	if !ok {
		return Entry{}, fmt.Errorf("the ledger has no entry %q", id)
	}
	e, err := decode(text)
	if err != nil {
		return Entry{}, fmt.Errorf("entry %q of the ledger: %w", id, err)
	}
	e.System = name
	e.Chapter, _, _ = strings.Cut(e.Section, ".")
	e.beside = l.beside
	s.done[id] = e
	return e, nil
}

// decode reads one entry as command gen lays it out: one key a line, its value
// in JSON. Such a file is YAML for everybody else, but so it is read a hundred
// times faster, and a render reads a hundred entries.
func decode(text []byte) (Entry, error) {
	var e Entry
	texts := map[string]*string{
		"id": &e.ID, "kind": &e.Kind, "strength": &e.Strength, "section": &e.Section, "lines": &e.Lines,
		"statement": &e.Statement, "caveat": &e.Caveat, "quote": &e.Quote,
	}
	for line := range bytes.Lines(text) {
		key, value, ok := bytes.Cut(line, []byte(": "))
		if !ok || len(key) < 3 {
			return Entry{}, fmt.Errorf("the line %q is not in the form that command gen writes", line)
		}
		var err error
		switch name := string(key[2:]); name { // behind "- " or two spaces
		case "value":
			err = json.Unmarshal(value, &e.Value)
		case "terraform":
			err = json.Unmarshal(value, &e.Terraform)
		default:
			to := texts[name]
			if to == nil {
				return Entry{}, fmt.Errorf("unknown field %q", name)
			}
			*to, err = quoted(bytes.TrimSpace(value))
		}
		if err != nil {
			return Entry{}, fmt.Errorf("%s: %w", key[2:], err)
		}
	}
	return e, nil
}

// quoted returns the text of a JSON string. Most have nothing escaped.
func quoted(value []byte) (string, error) {
	if n := len(value); n >= 2 && value[0] == '"' && bytes.IndexByte(value, '\\') < 0 && bytes.IndexByte(value[1:], '"') == n-2 {
		return string(value[1 : n-1]), nil
	}
	var s string
	err := json.Unmarshal(value, &s)
	return s, err
}
