package render

import (
	"path"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
)

// citations returns what the files that the set holds so far name of the notes, file
// by file.
func (r *renderer) citations() []link.Cited {
	silent := map[string][]cite.Place{}
	for _, c := range r.Module.Cited {
		silent[c.File] = c.Places
	}
	var out []link.Cited
	for _, f := range r.set.Files() {
		if places := append(slices.Clone(silent[f.Path]), cite.Find(f.Bytes)...); len(places) > 0 {
			out = append(out, link.Cited{File: f.Path, Places: places})
		}
	}
	return out
}

// withSources returns the content of an asset; that of a runbook with a footer which
// says where in the notes its steps come from.
func (r *renderer) withSources(f fileset.File) []byte {
	i := slices.IndexFunc(r.Module.Cited, func(c link.Cited) bool { return c.File == f.Path })
	if i < 0 || folderOf(f.Path) != "runbooks" || path.Ext(f.Path) != ".md" {
		return f.Bytes
	}
	var entries []*entry
	for _, p := range r.Module.Cited[i].Places {
		e, ok := r.lookup(p.ID)
		if ok && !slices.ContainsFunc(entries, func(o *entry) bool { return o.ID == e.ID }) {
			entries = append(entries, newEntry(e))
		}
	}
	if len(entries) == 0 {
		return f.Bytes
	}
	inOrder(entries)
	return append(slices.Clip(f.Bytes), footer(entries, strings.Repeat("../", strings.Count(f.Path, "/"))+NotesPath)...)
}

// footer lists entries by chapter.
func footer(entries []*entry, file string) string {
	d := &document{}
	d.line()
	d.paragraph("---")
	d.paragraph("From [the notes](", file, "):")
	for len(entries) > 0 {
		chapter, shown := entries[0].chapter, entries[0].title()
		var ids []string
		first, last := entries[0].first, 0
		for len(entries) > 0 && entries[0].chapter == chapter {
			e := entries[0]
			last = max(last, e.last)
			ids = append(ids, noteLink(e.ID, file))
			entries = entries[1:]
		}
		if words := lineWords(first, last); words != "" {
			shown += ", " + words
		}
		d.line("- ", shown, ": ", strings.Join(ids, ", "))
	}
	return d.String()
}
