// Package merge joins two changes of one tree of files: what somebody made of a
// module, and what a new version made of it.
//
// It takes three versions of a tree in memory (base, from which both come, ours
// and theirs) and returns the merged tree, the conflicts and diagnostics. Files of
// Terraform's language are merged by what their parts are: blocks by address over
// the whole module, arguments by name, nested blocks by a natural key or by what
// they hold, values by key, element and argument, and comments with what they
// stand at. Text of the versions is put together anew and never made from syntax,
// so that nothing is lost that HCL's trees do not hold. Everything else is merged
// by lines, and what is no text as a whole. The package reads no disk and no
// clock, and the same input gives the same bytes.
package merge

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
)

// An Input is what Merge takes.
type Input struct {
	Base, Ours, Theirs fileset.Set

	// Renames are what has another name in theirs: they are carried out in base and ours
	// before anything is compared.
	Renames []Rename

	// Own are what has another name in ours: they are carried out in base and theirs.
	Own []Rename

	// Labels are what conflict markers call the versions; the zero value is ours,
	// base and theirs.
	Labels Labels
}

// A Result is a merged tree.
type Result struct {
	Files     fileset.Set
	Conflicts []Conflict // in order of path and line
}

// Merge merges ours and theirs, which both come from base. Warnings say what was
// merged by lines although it should have been merged by address; with an error
// there is no result.
func Merge(in Input) (Result, hcl.Diagnostics) {
	m := &merger{labels: in.Labels.orDefault(), addresses: map[*item]string{}}
	diags := m.read(in)
	if diags.HasErrors() {
		return Result{}, diags
	}
	diags = append(diags, m.rename(in.Own, base, theirs)...)
	diags = append(diags, m.rename(in.Renames, base, ours)...)
	if diags.HasErrors() {
		return Result{}, diags
	}
	m.merge()
	diags = append(diags, m.diags...)
	var out Result
	for _, p := range slices.Sorted(maps.Keys(m.out)) {
		if err := out.Files.Add(p, m.out[p]); err != nil {
			return Result{}, append(diags, diag.Error(hcl.Range{Filename: p}, "The merged files do not fit together", "After the merge %s. Rename one of them on one side, and merge again.", err))
		}
	}
	// What was tried within a file that was then merged by lines has no place.
	m.conflicts = slices.DeleteFunc(m.conflicts, func(c Conflict) bool { return c.Path == "" })
	slices.SortStableFunc(m.conflicts, func(a, b Conflict) int { return cmp.Or(strings.Compare(a.Path, b.Path), a.Start-b.Start) })
	out.Conflicts = m.conflicts
	return out, diags
}

// A merger holds the work of one merge.
type merger struct {
	labels    Labels
	salt      string
	files     map[string]*file
	addresses map[*item]string
	conflicts []Conflict
	diags     hcl.Diagnostics
	out       map[string][]byte
}

// A file is one path in the three versions.
type file struct {
	path string
	in   [3]*version
}

// A version is one version of a file: its bytes, and its text without what an
// editor may have added to all of it.
type version struct {
	bytes []byte
	text  string
	style style
}

// read takes the three trees apart.
func (m *merger) read(in Input) (diags hcl.Diagnostics) {
	m.files, m.out = map[string]*file{}, map[string][]byte{}
	var texts []string
	for v, set := range []*fileset.Set{&in.Base, &in.Ours, &in.Theirs} {
		for _, f := range set.Files() {
			if m.files[f.Path] == nil {
				m.files[f.Path] = &file{path: f.Path}
			}
			text, st := plain(f.Bytes)
			m.files[f.Path].in[v] = &version{f.Bytes, text, st}
			texts = append(texts, text)
			if v == ours && ofTerraform(f.Path) {
				diags = append(diags, unresolved(f)...)
			}
		}
	}
	m.salt = chooseSalt(texts)
	return diags
}

// unresolved refuses a file in which an earlier merge has left its markers.
func unresolved(f fileset.File) hcl.Diagnostics {
	lines := Marked(f.Bytes)
	if len(lines) == 0 {
		return nil
	}
	at := hcl.Pos{Line: lines[0], Column: 1}
	return hcl.Diagnostics{diag.Error(hcl.Range{Filename: f.Path, Start: at, End: at}, "Unresolved conflict",
		"Line %d of %q is the marker of a conflict that has not been resolved. Choose between the versions, remove the markers, and merge again.", lines[0], f.Path)}
}

// merge merges all files.
func (m *merger) merge() {
	scopes := map[string][]*file{}
	for _, p := range slices.Sorted(maps.Keys(m.files)) {
		f := m.files[p]
		if v, ok := f.unchanged(); ok {
			if v != nil {
				m.out[p] = v.bytes
			}
			continue
		}
		name, _ := scopeOf(p)
		if name == "" {
			m.other(f)
			continue
		}
		scopes[name] = append(scopes[name], f)
	}
	for _, name := range slices.Sorted(maps.Keys(scopes)) {
		m.scope(scopes[name])
	}
}

// unchanged returns the version that all agree on.
func (f *file) unchanged() (*version, bool) {
	b, o, t := f.in[base], f.in[ours], f.in[theirs]
	if equal(b, o) && equal(b, t) {
		return b, true
	}
	return nil, false
}

func equal(a, b *version) bool {
	return a == nil && b == nil || a != nil && b != nil && bytes.Equal(a.bytes, b.bytes)
}

// scopeOf returns what a file of Terraform's language is merged with, and whether
// that is a module: a directory. "" is no file of that language. Override files are
// merged by themselves, and so are those that OpenTofu reads in place of others,
// since both hold blocks whose address stands elsewhere as well.
func scopeOf(p string) (name string, module bool) {
	switch ext := path.Ext(p); {
	case ext == ".tf" && !fileset.Override(p):
		return path.Dir(p) + "/", true
	case ofTerraform(p):
		return p, ext != ".hcl" && ext != ".tfvars"
	}
	return "", false
}

// ofTerraform says whether a file has a name that only HCL has.
func ofTerraform(p string) bool {
	switch path.Ext(p) {
	case ".tf", ".tofu", ".tfvars", ".hcl":
		return true
	}
	return false
}

// sources reads a file of Terraform's language in all versions. What does not parse
// is merged by lines, and a warning says so.
func (m *merger) sources(f *file) (*[3]*source, bool) {
	out := new([3]*source)
	for v, in := range f.in {
		if in == nil {
			continue
		}
		src, diags := read(f.path, in.text)
		if diags.HasErrors() {
			m.diags = append(m.diags, diag.Warning(subject(f.path, diags), "Merged by lines",
				"%s of %q is not valid: %s So this file was merged line by line, and not by address. Look at the result.", sentence[v], f.path, detail(diags)))
			return nil, false
		}
		out[v] = src
	}
	return out, true
}

var sentence = [3]string{"The base version", "Our version", "Their version"}

func subject(name string, diags hcl.Diagnostics) hcl.Range {
	for _, d := range diags {
		if d.Severity == hcl.DiagError && d.Subject != nil {
			return *d.Subject
		}
	}
	return hcl.Range{Filename: name}
}

func detail(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return strings.TrimSuffix(cmp.Or(d.Detail, d.Summary), ".") + "."
		}
	}
	return ""
}

// scope merges the files of a scope. When one side changed nothing, the other is
// taken as it is, byte for byte.
func (m *merger) scope(files []*file) {
	if side := untouched(files); side >= 0 {
		for _, f := range files {
			m.take(f, side)
		}
		return
	}
	_, module := scopeOf(files[0].path)
	s := scope{module: module, files: map[string]*[3]*source{}}
	for _, f := range files {
		sources, ok := m.sources(f)
		if !ok {
			m.other(f)
			continue
		}
		s.files[f.path] = sources
	}
	merged := m.module(s)
	for _, p := range slices.Sorted(maps.Keys(merged)) {
		f, a := m.files[p], merged[p]
		switch {
		case a.from&fromOurs != 0 && f.in[ours] != nil && (a.from&fromTheirs == 0 || equal(f.in[base], f.in[theirs])):
			m.out[p] = f.in[ours].bytes
		case a.from&fromTheirs != 0 && f.in[theirs] != nil:
			m.take(f, theirs)
		case !a.gone:
			m.write(f, a.text)
		}
	}
}

// untouched returns the side whose version of all files is the result, since the
// other is as base is; -1 when both have changes.
func untouched(files []*file) int {
	same := func(x, y int) bool {
		return !slices.ContainsFunc(files, func(f *file) bool { return !equal(f.in[x], f.in[y]) })
	}
	switch {
	case same(base, ours), same(ours, theirs):
		return theirs
	case same(base, theirs):
		return ours
	}
	return -1
}

// take makes one version of a file the result.
func (m *merger) take(f *file, v int) {
	in := f.in[v]
	switch {
	case in == nil:
	case v == ours, f.in[ours] == nil, f.style() == in.style:
		m.out[f.path] = in.bytes
	default:
		m.out[f.path] = f.style().apply(in.text)
	}
}

// write formats the text of a merged file, puts the conflicts into it, and makes
// sure that it parses. What does not is merged by lines.
func (m *merger) write(f *file, text string) {
	formatted := string(ir.Format([]byte(text)))
	if _, diags := read(f.path, formatted); diags.HasErrors() {
		m.diags = append(m.diags, diag.Warning(hcl.Range{Filename: f.path}, "Merged by lines",
			"What the merge made of %q is not valid: %s So this file was merged line by line. This is a mistake in bpgen; please report it with the three versions of the file.", f.path, detail(diags)))
		m.other(f)
		return
	}
	m.out[f.path] = f.style().apply(m.marked(f.path, formatted))
}

// other merges a file by lines, or as a whole when a version of it is no text.
func (m *merger) other(f *file) {
	b, o, t := f.in[base], f.in[ours], f.in[theirs]
	switch {
	case equal(b, o), equal(o, t):
		m.take(f, theirs)
	case equal(b, t):
		m.take(f, ours)
	case o == nil:
		m.take(f, theirs)
		m.whole(f, "Our version removed this file, and theirs changed it. It was left as theirs has it.")
	case t == nil:
		m.take(f, ours)
		m.whole(f, "Their version removed this file, and ours changed it. It was left as ours has it.")
	case !o.isText() || !t.isText() || b != nil && !b.isText():
		m.take(f, ours)
		m.whole(f, "Both versions changed this file, which is not text. It was left as ours has it.")
	default:
		m.text(f)
	}
}

// whole keeps a conflict over a file that gets no markers.
func (m *merger) whole(f *file, reason string) {
	m.conflicts = append(m.conflicts, Conflict{Path: f.path, Reason: reason})
}

// text merges a file by lines. Lines that fit together may still break what they are
// part of: a list of JSON in which both sides added the last element.
func (m *merger) text(f *file) {
	var in [3]string
	for v := range in {
		if f.in[v] != nil {
			in[v] = f.in[v].text
		}
	}
	mark := len(m.conflicts)
	text := m.lines(f.path, in[base], in[ours], in[theirs])
	if mark == len(m.conflicts) && valid(f.path, in[ours]) && valid(f.path, in[theirs]) && !valid(f.path, text) {
		text = m.conflict(Conflict{
			Path: f.path, Reason: "The changes of both versions fit together line by line, but the result is not valid.",
			Base: ended(in[base]), Ours: ended(in[ours]), Theirs: ended(in[theirs]),
		}) + "\n"
	}
	m.out[f.path] = f.style().apply(m.marked(f.path, text))
}

// valid says whether the parser of a format accepts a text; of others it knows
// nothing.
func valid(name, text string) bool {
	switch path.Ext(name) {
	case ".json":
		return !guard.JSON(name, []byte(text)).HasErrors() && json.Valid([]byte(text))
	case ".yaml", ".yml":
		_, diags, err := guard.ParseYAML([]byte(text), name)
		return err == nil && !diags.HasErrors()
	}
	return true
}

// A style is what an editor adds to a text as a whole.
type style struct{ mark, crlf bool }

const byteOrderMark = "\ufeff"

// plain returns a text without its style.
func plain(src []byte) (string, style) {
	text, st := string(src), style{}
	if !utf8.Valid(src) {
		return text, st
	}
	if rest, ok := strings.CutPrefix(text, byteOrderMark); ok {
		text, st.mark = rest, true
	}
	if n := strings.Count(text, "\r\n"); n > 0 && n == strings.Count(text, "\n") {
		text, st.crlf = strings.ReplaceAll(text, "\r\n", "\n"), true
	}
	return text, st
}

// style returns the style of the merged file: that of ours, unless ours has none of
// its own.
func (f *file) style() style {
	switch b, o, t := f.in[base], f.in[ours], f.in[theirs]; {
	case o == nil && t == nil:
		return style{}
	case o == nil:
		return t.style
	case t != nil && b != nil && o.style == b.style:
		return t.style
	default:
		return o.style
	}
}

func (s style) apply(text string) []byte {
	if s.crlf {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if s.mark {
		text = byteOrderMark + text
	}
	return []byte(text)
}

// isText says whether a version can be merged by lines.
func (v *version) isText() bool {
	return utf8.Valid(v.bytes) && bytes.IndexByte(v.bytes, 0) < 0
}

// String names a conflict and its place.
func (c Conflict) String() string {
	at := c.Path
	if c.Start > 0 {
		at = fmt.Sprintf("%s:%d", c.Path, c.Start)
	}
	if c.Address != "" {
		at += ": " + c.Address
	}
	return at + ": " + c.Reason
}
