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
	var ids strings.Builder
	for _, p := range r.Module.Cited[i].Places {
		ids.WriteString(p.ID + " ")
	}
	file := strings.Repeat("../", strings.Count(f.Path, "/")) + NotesPath
	sources := r.Cache.footers.Get(file+" "+ids.String(), func() string { return r.footer(strings.Fields(ids.String()), file) })
	return append(slices.Clip(f.Bytes), sources...)
}

// footer lists entries by chapter, with links to the file that has them. It is empty
// when the notes have none of them.
func (r *renderer) footer(ids []string, file string) string {
	var entries []*entry
	for _, id := range ids {
		if s := r.passage(id); s != nil && !slices.ContainsFunc(entries, func(o *entry) bool { return o.passage == s }) {
			entries = append(entries, &entry{passage: s})
		}
	}
	if len(entries) == 0 {
		return ""
	}
	inOrder(entries)
	d := &document{}
	d.line()
	d.paragraph("---")
	d.paragraph("From [the notes](", file, "):")
	for len(entries) > 0 {
		chapter, shown := entries[0].chapter, entries[0].chapterTitle
		var ids []string
		first, last := entries[0].first, 0
		for len(entries) > 0 && entries[0].chapter == chapter {
			e := entries[0]
			last = max(last, e.last)
			ids = append(ids, noteLink(e.id, file))
			entries = entries[1:]
		}
		if words := lineWords(first, last); words != "" {
			shown += ", " + words
		}
		d.line("- ", shown, ": ", strings.Join(ids, ", "))
	}
	return d.String()
}
