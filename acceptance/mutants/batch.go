package mutants

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/fileset"
)

// A Bench is a module with its tests and the changes of it that are to be noticed.
type Bench struct {
	base    *Graph
	files   []fileset.File
	asserts []Assertion
	closure []Set // of the assertions, in the module as it is
}

// NewBench returns a bench for a module and test files of it.
func NewBench(files, tests []fileset.File) (*Bench, error) {
	base, err := NewGraph(files, nil)
	if err != nil {
		return nil, err
	}
	b := &Bench{base: base, files: files}
	for _, f := range tests {
		asserts, err := read(base, f)
		if err != nil {
			return nil, err
		}
		b.asserts = append(b.asserts, asserts...)
	}
	for _, a := range b.asserts {
		b.closure = append(b.closure, base.Closure(a.refs))
	}
	return b, nil
}

// A Mutant is a changed module.
type Mutant struct {
	Name    string
	edits   []edit
	changed Set
	sees    map[int]bool // the assertions that can see the change
	direct  map[int]bool // those of them that name what is changed
	passed  map[int]bool // those that did not notice it
	Noticed string       // what noticed it, "" as long as nothing has
	Apart   bool         // it is to be tried alone
	Planned bool         // it was planned without an error, alone or with others
}

// Visible says whether an assertion can see the change at all.
func (m *Mutant) Visible() bool { return len(m.sees) > 0 }

// Open says whether there is more to find out about the mutant together with others.
func (m *Mutant) Open() bool {
	return m.Noticed == "" && !m.Apart && (len(m.passed) < len(m.sees) || !m.Planned)
}

// named says whether references name something of what is changed.
func (m *Mutant) named(refs []string) bool {
	for _, ref := range refs {
		ref = strings.ReplaceAll(ref, element, "")
		for part := range m.changed {
			part = strings.ReplaceAll(part, elements, "")
			if part == ref || part == ref+"#" || strings.HasPrefix(part, ref+".") {
				return true
			}
		}
	}
	return false
}

type edit struct {
	file     string
	from, to int
	text     []byte
}

// Mutant returns the mutant with these files in place of those of the module with the
// same paths.
func (b *Bench) Mutant(name string, files ...fileset.File) (*Mutant, error) {
	m := &Mutant{Name: name, sees: map[int]bool{}, direct: map[int]bool{}, passed: map[int]bool{}}
	changed := slices.Clone(b.files)
	for _, f := range files {
		i := slices.IndexFunc(changed, func(x fileset.File) bool { return x.Path == f.Path })
		if i < 0 {
			return nil, fmt.Errorf("%s: the module has no file %s", name, f.Path)
		}
		if e, ok := between(changed[i], f); ok {
			m.edits = append(m.edits, e)
			changed[i] = f
		}
	}
	g, err := NewGraph(changed, b.base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m.changed = b.base.Changed(g)
	for i, a := range b.asserts {
		if b.closure[i].Meets(m.changed) || g.Closure(a.refs).Meets(m.changed) || b.closure[i][Everything] {
			m.sees[i] = true
		}
		if m.sees[i] && m.named(a.refs) {
			m.direct[i] = true
		}
	}
	return m, nil
}

// between returns the change from one version of a file to another.
func between(was, is fileset.File) (edit, bool) {
	if bytes.Equal(was.Bytes, is.Bytes) {
		return edit{}, false
	}
	from, to, end := 0, len(was.Bytes), len(is.Bytes)
	for from < min(to, end) && was.Bytes[from] == is.Bytes[from] {
		from++
	}
	for to > from && end > from && was.Bytes[to-1] == is.Bytes[end-1] {
		to, end = to-1, end-1
	}
	return edit{was.Path, from, to, is.Bytes[from:end]}, true
}

func (m *Mutant) clashes(other *Mutant) bool {
	for _, a := range m.edits {
		for _, b := range other.edits {
			if a.file == b.file && a.from <= b.to && b.from <= a.to {
				return true
			}
		}
	}
	return m.changed.Meets(other.changed)
}

// A Batch is a module with several changes.
type Batch struct {
	bench   *Bench
	Mutants []*Mutant
	Files   []fileset.File // those of the module, changed
	owner   map[int]*Mutant
}

// Pick returns a batch of mutants that can be told apart: each has an assertion, and
// all those that name what it changes, for itself.
func (b *Bench) Pick(mutants []*Mutant) (*Batch, error) {
	open := slices.DeleteFunc(slices.Clone(mutants), func(m *Mutant) bool { return !m.Open() })
	slices.SortStableFunc(open, func(x, y *Mutant) int { return len(x.sees) - len(y.sees) })
	var chosen []*Mutant
	for _, m := range open {
		if !slices.ContainsFunc(chosen, m.clashes) && apart(append(slices.Clone(chosen), m)) {
			chosen = append(chosen, m)
		}
	}
	return b.Batch(chosen...)
}

// apart says whether each of the mutants can be noticed by assertions of its own.
func apart(mutants []*Mutant) bool {
	seen := map[int]int{}
	for _, m := range mutants {
		for a := range m.sees {
			seen[a]++
		}
	}
	for _, m := range mutants {
		if len(m.passed) == len(m.sees) {
			continue // it only is to be planned
		}
		own, shared := 0, 0
		for a := range m.sees {
			if m.passed[a] {
				continue
			}
			if seen[a] == 1 {
				own++
			} else if m.direct[a] {
				shared++
			}
		}
		if own == 0 || shared > 0 && len(mutants) > 1 && !m.stuck() {
			return false
		}
	}
	return true
}

// stuck says whether what names the change did not notice it: then whatever else sees
// it will do.
func (m *Mutant) stuck() bool {
	for a := range m.direct {
		if !m.passed[a] {
			return false
		}
	}
	return true
}

// Batch returns the module with the changes of all the mutants.
func (b *Bench) Batch(mutants ...*Mutant) (*Batch, error) {
	out := &Batch{bench: b, Mutants: mutants, Files: slices.Clone(b.files), owner: map[int]*Mutant{}}
	var edits []edit
	all := Set{}
	for _, m := range mutants {
		edits = append(edits, m.edits...)
		for part := range m.changed {
			all[part] = true
		}
	}
	slices.SortFunc(edits, func(x, y edit) int { return y.from - x.from })
	for _, e := range edits {
		i := slices.IndexFunc(out.Files, func(f fileset.File) bool { return f.Path == e.file })
		src := out.Files[i].Bytes
		out.Files[i].Bytes = slices.Concat(src[:e.from], e.text, src[e.to:])
	}
	g, err := NewGraph(out.Files, b.base)
	if err != nil {
		return nil, err
	}
	for part := range b.base.Changed(g) {
		if !all[part] {
			return nil, fmt.Errorf("the changes do more together than each for itself: %s", part)
		}
	}
	for i, a := range b.asserts {
		closure := g.Closure(a.refs)
		var sees []*Mutant
		for _, m := range mutants {
			if closure.Meets(m.changed) || closure[Everything] {
				sees = append(sees, m)
			}
		}
		if len(sees) == 1 {
			out.owner[i] = sees[0]
		}
	}
	return out, nil
}

// Tests returns the test files with assertions that can say something new; where
// there are none, that with the most assertions, which plans the module at least.
func (b *Batch) Tests() []string {
	var out []string
	for i, m := range b.owner {
		if file := b.bench.asserts[i].File; !m.passed[i] && !slices.Contains(out, file) {
			out = append(out, file)
		}
	}
	slices.Sort(out)
	if len(out) > 0 {
		return out
	}
	of, longest := map[string]int{}, ""
	for _, a := range b.bench.asserts {
		if of[a.File]++; of[a.File] > of[longest] {
			longest = a.File
		}
	}
	return []string{longest}
}

// A Failure is what a core said of a failed test.
type Failure struct {
	File string
	Line int
	Text string
}

// Judge notes which mutants were noticed. Runs are those that came to their end, by
// file and name: an assertion of theirs that did not fail has passed. It returns the
// failures that stand outside of the tests.
func (b *Batch) Judge(failures []Failure, ended map[[2]string]bool) (others []Failure) {
	failed := map[int]bool{}
	for _, f := range failures {
		i := slices.IndexFunc(b.bench.asserts, func(a Assertion) bool { return a.File == f.File && a.From <= f.Line && f.Line <= a.To })
		if i < 0 {
			others = append(others, f)
			continue
		}
		failed[i] = true
		if m := b.owner[i]; m != nil && m.Noticed == "" {
			m.Noticed = f.Text
		}
	}
	if len(others) == 0 && len(ended) > 0 {
		for _, m := range b.Mutants {
			m.Planned = true
		}
	}
	for i, m := range b.owner {
		a := b.bench.asserts[i]
		if !failed[i] && m.sees[i] && ended[[2]string{a.File, a.Run}] {
			m.passed[i] = true
		}
	}
	return others
}

// Behind returns the mutants that something at a line of the changed module may be
// the fault of.
func (b *Batch) Behind(f Failure) []*Mutant {
	g, err := NewGraph(b.Files, b.bench.base)
	if err != nil {
		return nil
	}
	part, ok := g.At(f.File, f.Line)
	if !ok {
		return nil
	}
	closure := g.Closure([]string{part})
	return slices.DeleteFunc(slices.Clone(b.Mutants), func(m *Mutant) bool { return !closure.Meets(m.changed) })
}
