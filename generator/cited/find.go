package cited

import (
	"slices"
	"strings"
)

// Files returns the names of the files that were read.
func (m *Module) Files() []string {
	var out []string
	for _, f := range m.files {
		out = append(out, f.name)
	}
	return out
}

// At returns the statement of a line, and how many lines the file has. A line with a
// comment alone is that of the statement under it; a blank line has none.
func (m *Module) At(name string, line int) (s Statement, lines int, ok bool) {
	for _, f := range m.files {
		if f.name != name {
			continue
		}
		lines = len(f.lines)
		if lines > 0 && f.lines[lines-1] == "" {
			lines-- // what stands behind the last newline is no line
		}
		if line < 1 || line > lines {
			return s, lines, false
		}
		switch text := strings.TrimSpace(f.lines[line-1]); {
		case text == "":
			return s, lines, false
		case strings.HasPrefix(text, "#") || strings.HasPrefix(text, "//"):
			for line < lines && (strings.HasPrefix(strings.TrimSpace(f.lines[line-1]), "#") || strings.HasPrefix(strings.TrimSpace(f.lines[line-1]), "//")) {
				line++
			}
		}
		if found := f.on(line); found != nil {
			return *found, lines, true
		}
		return s, lines, false
	}
	return s, 0, false
}

// Find returns the statements with an address: a top-level block, or an argument,
// a nested block or an element of it. Names between may be left out, so that
// aws_rds_cluster_parameter_group.database.general_log is found wherever in the block it
// stands. Where the block has none of that name, those of the objects count to which it
// refers.
func (m *Module) Find(address string) []Statement {
	var out []Statement
	for _, object := range m.objects() {
		switch rest, ok := strings.CutPrefix(address, object.Object+"."); {
		case address == object.Object:
			return []Statement{*object}
		case ok:
			path := strings.Split(rest, ".")
			if out = m.below(object.Object, path); len(out) > 0 {
				return out
			}
			for _, ref := range object.refs {
				out = append(out, m.below(ref, path)...)
			}
			return out
		}
	}
	return nil
}

// objects returns the top-level blocks and the local values, those with the longest
// address first.
func (m *Module) objects() []*Statement {
	var out []*Statement
	for _, f := range m.files {
		for _, s := range f.statements {
			if len(s.Path) == 0 {
				out = append(out, s)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *Statement) int { return len(b.Object) - len(a.Object) })
	return out
}

// Objects returns the addresses of the top-level blocks and local values, sorted.
func (m *Module) Objects() []string {
	var out []string
	for _, s := range m.objects() {
		out = append(out, s.Object)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// below returns the statements of an object whose path ends in the last of names and has
// the others before it, in their order.
func (m *Module) below(object string, names []string) []Statement {
	var out []Statement
	for _, f := range m.files {
		for _, s := range f.statements {
			if s.Object == object && ends(s.Path, names) {
				out = append(out, *s)
			}
		}
	}
	return out
}

func ends(path, names []string) bool {
	if len(path) == 0 || path[len(path)-1] != names[len(names)-1] {
		return false
	}
	rest := names[:len(names)-1]
	for _, step := range path[:len(path)-1] {
		if len(rest) > 0 && rest[0] == step {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

// Arguments returns the paths of what an object holds, each once, in their order.
func (m *Module) Arguments(object string) []string {
	var out []string
	for _, f := range m.files {
		for _, s := range f.statements {
			if p := strings.Join(s.Path, "."); s.Object == object && p != "" && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// Within returns the statements in an object, itself included, that have a citation of
// their own.
func (m *Module) Within(object string) []Statement {
	var out []Statement
	for _, f := range m.files {
		for _, s := range f.statements {
			if s.Object == object && len(s.IDs) > 0 {
				out = append(out, *s)
			}
		}
	}
	return out
}

// Citations returns all comments that cite the notes, in the order of files and lines.
func (m *Module) Citations() []Citation {
	var out []Citation
	for _, f := range m.files {
		out = append(out, f.citations...)
	}
	return out
}

// Cites returns where an entry is cited.
func (m *Module) Cites(id string) []Place {
	var out []Place
	for _, c := range m.Citations() {
		if slices.Contains(c.IDs, id) {
			out = append(out, c.Place)
		}
	}
	return out
}
