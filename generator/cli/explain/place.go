package explain

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/cited"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ledger"
)

// A via is what gives a statement its value and has a citation itself.
type via struct {
	Address string   `json:"address"`
	Place   string   `json:"place"`
	Notes   []string `json:"notes"`
}

// A cite is a line of a resource, or near one, that cites the notes.
type citing struct {
	Place   string   `json:"place"`
	Address string   `json:"address,omitempty"`
	Notes   []string `json:"notes"`
}

// line explains a line of a file.
func (e *explainer) line(name, file string, line int) (topic, error) {
	t := topic{Name: name, Kind: "line"}
	if e.module == nil {
		return t, fmt.Errorf("there is no file %q", file)
	}
	rel, err := relative(filepath.FromSlash(e.module.dir), file)
	if err != nil || strings.HasPrefix(rel, "..") {
		return t, fmt.Errorf("%q is not in the module in %q; explain the lines of one module at a time", file, e.module.dir)
	}
	rel = filepath.ToSlash(rel)
	lines := e.module.text(rel)
	if lines == nil {
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			return t, fmt.Errorf("%q is a directory; name a line of a file, such as main.tf:12", file)
		}
		return t, fmt.Errorf("there is no file %q that can be read", file)
	}
	if line < 1 || line > len(lines) {
		return t, fmt.Errorf("%q has %d lines, so there is no line %d", file, len(lines), line)
	}
	t.Place, t.Code = e.module.at(rel, line), strings.TrimSpace(lines[line-1])
	s, _, ok := e.module.cited.At(rel, line)
	if !ok {
		e.words(&t, rel, line)
		return t, nil
	}
	e.statement(&t, s)
	for _, c := range e.module.cited.Citations() { // a comment of the line itself comes first
		if c.File == rel && c.Line == line {
			t.ids, t.Group = c.IDs, ""
		}
	}
	return t, nil
}

// idForm is an id in running text.
var idForm = regexp.MustCompile(`\b[a-z0-9-]+\.[a-z0-9][a-z0-9-]*\b`)

// words explains a line that is no code: of a runbook, of a file of values, or a blank one.
func (e *explainer) words(t *topic, file string, line int) {
	for _, p := range cite.Find([]byte(t.Code)) {
		t.ids = append(t.ids, p.ID)
	}
	for _, id := range idForm.FindAllString(t.Code, -1) {
		if e.notes != nil && !slices.Contains(t.ids, id) {
			if _, ok := e.notes.Lookup(id); ok {
				t.ids = append(t.ids, id)
			}
		}
	}
	if len(t.ids) == 0 {
		t.Nearest = e.nearest(file, line, "")
	}
}

// statement fills in what a statement is, and what it cites.
func (e *explainer) statement(t *topic, s cited.Statement) {
	t.Address, t.Statement = s.Address(), s.Kind
	if s.Kind == cited.Block && len(s.Path) == 0 {
		t.Statement = kindOf(s)
	}
	t.Code, t.Why = code(s), s.Why
	t.ids = s.IDs
	if len(t.ids) == 0 && len(s.Group) > 0 {
		t.ids, t.Group = s.Group, e.module.at(s.File, s.Above)
	}
	if len(t.ids) > 0 {
		return
	}
	for _, name := range s.Variables() {
		for _, of := range e.module.cited.Within(name) {
			t.Via = append(t.Via, via{of.Object, e.module.at(of.File, of.Line), of.IDs})
			t.ids = append(t.ids, of.IDs...)
		}
	}
	if len(t.ids) > 0 {
		slices.Sort(t.ids)
		t.ids = slices.Compact(t.ids)
		return
	}
	t.ids = e.onArgument(s)
	t.Uncited = len(t.ids) > 0
	t.Nearest = e.nearest(s.File, s.Line, s.Object)
}

// longest is how much of the code of a statement is shown, in characters.
const longest = 160

// code returns the code of a statement on one line, without comments.
func code(s cited.Statement) string {
	text := []rune(shell.OneLine(s.Code))
	if len(text) > longest {
		return string(text[:longest]) + " ..."
	}
	return string(text)
}

// kindOf names a top-level block.
func kindOf(s cited.Statement) string {
	switch {
	case strings.HasPrefix(s.Type, "data."):
		return "data source"
	case s.Type != "":
		return "resource"
	case s.Object == "locals":
		return "block of local values"
	}
	kind, _, _ := strings.Cut(s.Object, ".")
	if kind == "var" {
		return "variable"
	}
	return kind
}

// onArgument returns the entries that are about the argument of a statement, though it
// does not cite them. Of an element of an argument it is those that name it.
func (e *explainer) onArgument(s cited.Statement) []string {
	if s.Type == "" || len(s.Path) == 0 || e.notes == nil {
		return nil
	}
	whole := s.Type + "." + strings.Join(s.Path, ".")
	part := ""
	if s.Kind == cited.Element {
		part = s.Path[len(s.Path)-1]
	}
	var out []string
	e.entries(func(n ledger.Entry) {
		for _, name := range n.Terraform {
			if name == whole || part != "" && strings.HasPrefix(whole, name+".") && strings.Contains(n.Statement+value(n.Value), part) {
				out = append(out, n.ID)
				return
			}
		}
	})
	return out
}

// nearby is how many lines with a citation are named for one without.
const nearby = 3

// nearest returns the lines of a file with citations that are nearest to one, in their
// order; in an object where it is given and has any.
func (e *explainer) nearest(file string, line int, object string) []citing {
	var all []citing
	at := map[string]int{}
	take := func(place cited.Place, address string, ids []string) {
		c := citing{e.module.at(place.File, place.Line), address, ids}
		all, at[c.Place] = append(all, c), place.Line
	}
	if object != "" {
		for _, s := range e.module.cited.Within(object) {
			take(cited.Place{File: s.File, Line: s.Comment}, s.Address(), s.IDs)
		}
	}
	if len(all) == 0 {
		for _, c := range e.module.cited.Citations() {
			if c.File == file {
				take(c.Place, "", c.IDs)
			}
		}
	}
	apart := func(c citing) int { return max(at[c.Place]-line, line-at[c.Place]) }
	slices.SortStableFunc(all, func(a, b citing) int { return apart(a) - apart(b) })
	all = all[:min(nearby, len(all))]
	slices.SortStableFunc(all, func(a, b citing) int { return at[a.Place] - at[b.Place] })
	return all
}

// address explains what has an address in the module.
func (e *explainer) address(name string) ([]topic, bool) {
	if e.module == nil {
		return nil, false
	}
	var out []topic
	for _, s := range e.module.cited.Find(name) {
		t := topic{Name: name, Kind: "address", Place: e.module.at(s.File, s.Line)}
		if len(s.Path) > 0 {
			e.statement(&t, s)
			out = append(out, t)
			continue
		}
		t.Address, t.Statement, t.Code, t.Why = s.Object, kindOf(s), code(s), s.Why
		t.Place += fmt.Sprintf("-%d", s.Last)
		for _, in := range e.module.cited.Within(s.Object) {
			t.Cites = append(t.Cites, citing{e.module.at(in.File, in.Comment), in.Address(), in.IDs})
			for _, id := range in.IDs {
				if !slices.Contains(t.ids, id) {
					t.ids = append(t.ids, id)
				}
			}
		}
		out = append(out, t)
	}
	return out, len(out) > 0
}

// likeAddress says what an address is near to that the module does not have: another
// argument of the object, or another object.
func (e *explainer) likeAddress(name string) string {
	if e.module == nil || !strings.Contains(name, ".") {
		return ""
	}
	objects := e.module.cited.Objects()
	for _, object := range objects {
		if rest, ok := strings.CutPrefix(name, object+"."); ok {
			arguments := e.module.cited.Arguments(object)
			if near := diag.Nearest(rest, arguments); len(near) > 0 {
				return fmt.Sprintf("%s has no %q. Did you mean %s?", object, rest, diag.Quoted(near, "or"))
			}
			return fmt.Sprintf("%s has no %q; bpgen explain %s lists what it cites.", object, rest, object)
		}
	}
	parts := strings.SplitN(name, ".", 3)
	object := strings.Join(parts[:min(2, len(parts))], ".")
	if near := diag.Nearest(object, objects); len(near) > 0 {
		return fmt.Sprintf("The module has no %s. Did you mean %s?", object, diag.Quoted(near, "or"))
	}
	return ""
}
