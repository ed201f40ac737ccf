package survey

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// A Book holds proofs by the ids of entries.
type Book map[string]*proof.Proof

// Books are the proofs of a catalog by the names of roots: a proof speaks of the
// resources of its own root's blueprints.
type Books map[string]Book

// Of returns the proofs for the blueprints of a root: those that are written down
// there, and for other entries those that follow from them.
func (b Books) Of(root string) Book {
	out := maps.Clone(b[derived])
	maps.Copy(out, b[root])
	return out
}

// derived is the book of what follows from entries; no root has such a name.
const derived = "\x00"

// Proofs returns the proofs of a catalog: those for the systems that are named, or all
// of them, with what is wrong with the notes.
func Proofs(cat *catalog.Catalog, only ...string) (Books, hcl.Diagnostics) {
	l := cat.Ledger()
	files, diags := cat.Proofs()
	out := Books{derived: Book{}}
	for _, f := range files {
		system := strings.TrimSuffix(path.Base(f.Path), ".hcl")
		if len(only) > 0 && !slices.Contains(only, system) {
			continue
		}
		proofs, d := proof.Parse(f.Bytes, f.Path)
		diags = append(diags, d...)
		if _, err := l.Entries(system); err != nil && slices.Contains(l.Systems(), system) {
			continue // reported below
		} else if err != nil {
			diags = append(diags, diag.Error(hcl.Range{Filename: f.Path, Start: hcl.InitialPos, End: hcl.InitialPos}, "Proofs of an unknown system",
				"The file is named after a system that the notes do not have, %q. %s", system, diag.DidYouMean(system, l.Systems())))
			continue
		}
		if out[f.Root] == nil {
			out[f.Root] = Book{}
		}
		for _, p := range proofs {
			if d := misplaced(l, system, p, out[f.Root][p.ID]); d != nil {
				diags = append(diags, d)
				continue
			}
			diags = append(diags, unheld(p)...)
			out[f.Root][p.ID] = p
		}
	}
	systems := only
	if len(only) == 0 {
		systems = l.Systems()
	}
	broken := map[string]bool{}
	for _, system := range systems {
		entries, err := l.Entries(system)
		if err != nil {
			broken[system+".yaml"] = true
			diags = append(diags, diag.Error(unreadable(cat, system+".yaml"), "Unreadable notes", "%s.", strings.TrimSuffix(err.Error(), ".")))
			continue
		}
		for _, e := range entries {
			if p, ok := proof.Derive(e); ok {
				out[derived][e.ID] = p
			}
		}
	}
	if len(only) > 0 {
		return out, diags
	}
	for _, f := range l.Faults() {
		if !broken[f.File] {
			diags = append(diags, diag.Error(line(cat, f.File, f.Line), "Misplaced entry of the notes", "%s", f.Detail))
		}
	}
	return out, diags
}

// line returns the range of a line of the ledger.
func line(cat *catalog.Catalog, file string, n int) hcl.Range {
	name, src := cat.NotesFile(file)
	at, end := 0, 0
	for i, text := range strings.SplitAfter(string(src), "\n") {
		if i == n-1 {
			end = at + len(strings.TrimRight(text, "\n"))
			break
		}
		at += len(text)
	}
	return hcl.Range{Filename: name, Start: hcl.Pos{Line: n, Column: 1, Byte: at}, End: hcl.Pos{Line: n, Column: 1 + max(0, end-at), Byte: max(at, end)}}
}

// unreadable returns the range of the first entry of a file that cannot be read.
func unreadable(cat *catalog.Catalog, file string) hcl.Range {
	_, src := cat.NotesFile(file)
	for i, text := range strings.Split(string(src), "\n") {
		id, ok := strings.CutPrefix(text, "- id: ")
		if _, found := cat.Ledger().Lookup(strings.Trim(id, `"`)); ok && !found {
			return line(cat, file, i+1)
		}
	}
	return line(cat, file, 1)
}

// misplaced says what is wrong with the id of a proof, nil for nothing.
func misplaced(l *ledger.Ledger, system string, p, first *proof.Proof) *hcl.Diagnostic {
	if first != nil {
		return diag.Error(p.Range, "Duplicate proof", "The entry %q already has a proof or a waiver at %s:%d. Keep one of the two; write alternatives as \"either\" blocks of one proof.", p.ID, first.Range.Filename, first.Range.Start.Line)
	}
	e, ok := l.Lookup(p.ID)
	if !ok {
		return diag.Error(p.Range, "Unknown entry of the notes", "The notes have no entry %q.%s", p.ID, diag.Suggest(l.Nearest(p.ID)))
	}
	if e.System != system {
		return diag.Error(p.Range, "Proof in the wrong file", "The entry %q belongs to the system %q: move it to proofs/%s.hcl.", p.ID, e.System, e.System)
	}
	return nil
}

// unheld reports the rules of a proof that vet does not have, and those that hold
// something else than the entry.
func unheld(p *proof.Proof) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, c := range p.All() {
		claim, ok := c.(*proof.Rule)
		if !ok {
			continue
		}
		known := notes.Rules()
		at := slices.IndexFunc(known, func(r vet.Rule) bool { return r.ID() == claim.ID })
		switch {
		case at < 0:
			var ids []string
			for _, r := range known {
				ids = append(ids, r.ID())
			}
			diags = append(diags, diag.Error(claim.Range, "Unknown rule", "bpgen vet has no rule %q for the notes.%s", claim.ID, diag.Suggest(diag.Nearest(claim.ID, ids))))
		case !slices.Contains(vet.NotesOf(known[at]), p.ID):
			diags = append(diags, diag.Error(claim.Range, "Rule that does not enforce the entry", "The rule %q does not enforce %q, so it proves nothing about it. It enforces %s.", claim.ID, p.ID, orNone(vet.NotesOf(known[at]))))
		}
	}
	return diags
}

func orNone(ids []string) string {
	if len(ids) == 0 {
		return "no entry"
	}
	return diag.Quoted(ids, "and")
}

// unreachable reports a proof whose options no blueprint takes, and one about objects
// that no set of options renders.
func unreachable(seen []*renderings, e Entry) *hcl.Diagnostic {
	if e.Way != Missing || e.Proof == nil || e.Proof.Derived {
		return nil
	}
	seen = slices.DeleteFunc(slices.Clone(seen), func(s *renderings) bool { return s.proofs[e.ID] != e.Proof })
	if refused := refusal(seen, e.Proof); refused != "" {
		return diag.Warning(e.Proof.Range, "Proof that no option set can reach", "The options of the proof of %q cannot be chosen: %s", e.ID, refused)
	}
	for _, c := range e.Proof.All() {
		o, ok := c.(*proof.Object)
		if !ok || o.Quantifier == proof.No || o.Type == "" || rendered(seen, o) {
			continue
		}
		return diag.Warning(c.Where(), "Proof that no option set can reach", "No set of options renders %s %q, so the proof of %q can never hold. Correct it, or waive the entry.", o.Block, o.Type, e.ID)
	}
	return nil
}

func rendered(seen []*renderings, o *proof.Object) bool {
	for _, s := range seen {
		for _, row := range s.rows {
			if row.module != nil && row.module.Has(o.Block, o.Type) {
				return true
			}
		}
	}
	return false
}

// typesOf returns the types of resources that an entry is about.
func typesOf(e ledger.Entry) []string {
	var out []string
	for _, t := range e.Terraform {
		typ, _, _ := strings.Cut(strings.TrimPrefix(t, "data."), ".")
		out = append(out, typ)
	}
	return out
}

// refusal returns why no blueprint takes the options of a proof, "" where one does.
func refusal(seen []*renderings, p *proof.Proof) string {
	why := ""
	for _, s := range seen {
		if name := s.foreign(p); name != "" {
			why = fmt.Sprintf("The blueprint %q has no option %q.", s.blueprint.Name, name)
			continue
		}
		row := s.rows[s.named[key(p.Options)]]
		if row.module != nil {
			return ""
		}
		if why = "The blueprint cannot be rendered with them."; len(row.diags) > 0 {
			why = row.diags[0].Summary + ". " + row.diags[0].Detail
		}
	}
	return why
}
