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
		if _, err := l.Entries(system); err != nil {
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
			out[f.Root][p.ID] = p
		}
	}
	systems := only
	if len(only) == 0 {
		systems = l.Systems()
		for _, f := range l.Faults() {
			at := hcl.Pos{Line: f.Line, Column: 1}
			diags = append(diags, diag.Error(hcl.Range{Filename: "blueprints/notes/" + f.File, Start: at, End: at}, "Fault in the notes", "%s", f.Detail))
		}
	}
	for _, system := range systems {
		entries, err := l.Entries(system)
		if err != nil {
			continue // an entry that cannot be read is a fault
		}
		for _, e := range entries {
			if p, ok := proof.Derive(e); ok {
				out[derived][e.ID] = p
			}
		}
	}
	return out, diags
}

// misplaced says what is wrong with the id of a proof, nil for nothing.
func misplaced(l *ledger.Ledger, system string, p, first *proof.Proof) *hcl.Diagnostic {
	if first != nil {
		return diag.Error(p.Range, "Duplicate proof", "The entry %q already has a proof or a waiver at %s:%d. Keep one of the two; alternatives are blocks either of one proof.", p.ID, first.Range.Filename, first.Range.Start.Line)
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

// about says whether all types that an entry is about are rendered, and one of them
// is of no system that is surveyed.
func about(e ledger.Entry, rendered, surveyed map[string]bool) bool {
	own := false
	for _, t := range typesOf(e) {
		if !rendered[t] {
			return false
		}
		own = own || !surveyed[t]
	}
	return own
}

// typesOf returns the types of resources that an entry is about.
func typesOf(e ledger.Entry) []string {
	var out []string
	for _, t := range e.Terraform {
		typ, _, _ := strings.Cut(t, ".")
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
