// Package survey finds out which entries of the notes blueprints honour, by proofs
// on real renderings.
//
// It takes a catalog and returns a Report: for each entry of the notes in scope the
// one way in which it is honoured, where, under which options, or what is in the
// way. A blueprint is rendered in memory with its defaults, with the options that
// proofs name, and with each single other value; no provider is started. A deviation of the
// blueprint beats every other way, and a citation counts for nothing. It does not
// touch the operating system.
package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/proof"
)

// A Way is how an entry is honoured.
type Way int

// The ways, the strongest first; a deviation comes before all of them.
const (
	Rendered Way = iota // the proof holds in the default rendering
	Offered             // it holds with the options or values that it names
	Checked             // a rule of vet notices when the rendering breaks it
	ByHand              // a runbook says it, and it is for people
	Departed            // a deviation says otherwise
	Waived              // a waiver says why it does not apply
	Missing             // none of these
)

// Ways lists all ways in their order.
var Ways = []Way{Rendered, Offered, Checked, ByHand, Departed, Waived, Missing}

// String returns the way's name in lower case.
func (w Way) String() string {
	return [...]string{"rendered", "offered", "checked", "by hand", "departed", "waived", "missing"}[w]
}

// The contract: how many of the must and should entries may be waived, and how many
// at least must stand in code or be done by hand, so that to depart is no cheap way
// out.
const (
	WaivedAtMost = 0.08
	KeptAtLeast  = 0.90
)

// Input is what a survey is made of.
type Input struct {
	Catalog    *catalog.Catalog
	Blueprints []string // empty: all of the catalog
	Systems    []string // empty: those that the blueprints say they cover
	Only       []string // the ids of the entries that are asked for, none for all
}

// An Entry is an entry of the notes with how it is honoured.
type Entry struct {
	ledger.Entry
	Way       Way
	Proof     *proof.Proof // nil for none
	Blueprint string       // in which it is honoured so
	Options   string       // those that differ from the defaults where the proof holds
	Places    []proof.Place
	Reason    string // what is in the way, why it is waived, or the deviation and its reason
}

// Surveyed says whether an entry needs a proof: must, should and default. Others may
// have one, which must then hold.
func Surveyed(e ledger.Entry) bool { return binding(e) || e.Kind == "default" }

// counts says whether an entry is surveyed, or has a proof all the same.
func counts(seen []*renderings, e ledger.Entry) bool {
	return Surveyed(e) || slices.ContainsFunc(seen, func(s *renderings) bool { return s.proofs[e.ID] != nil })
}

func binding(e ledger.Entry) bool { return e.Strength == "must" || e.Strength == "should" }

// A Count says how many entries are honoured in which way.
type Count struct {
	Total int
	By    [Missing + 1]int // by Way
}

func (c *Count) add(w Way) {
	c.Total++
	c.By[w]++
}

// Kept returns how many entries stand in code or are done by hand.
func (c Count) Kept() int {
	return c.By[Rendered] + c.By[Offered] + c.By[Checked] + c.By[ByHand]
}

// A Report is the result of a survey.
type Report struct {
	Blueprints []string
	Systems    []string
	Entries    []Entry  // that need or have a proof, by system, in the order of the notes
	Joined     []string // systems that no blueprint declares, though resources of theirs are rendered
	Outside    []Out    // entries of these that are not about what is rendered
	Rows       int      // combinations of options that were rendered

	Sources map[string]*hcl.File // of the default renderings, for snippets
}

// An Out is an entry that is out of scope.
type Out struct {
	ledger.Entry
	Reason string
}

// Count counts the entries of a system; "" is all of them.
func (r Report) Count(system string) Count {
	return r.count(func(e Entry) bool { return system == "" || e.System == system })
}

func (r Report) count(which func(Entry) bool) Count {
	var c Count
	for _, e := range r.Entries {
		if which(e) {
			c.add(e.Way)
		}
	}
	return c
}

// A Term is one demand of the contract and how far it is met.
type Term struct {
	Name  string
	Count int
	Of    int
	Want  string
	Holds bool
}

// Contract returns the demands.
func (r Report) Contract() []Term {
	must := r.count(func(e Entry) bool { return binding(e.Entry) })
	defaults := r.count(func(e Entry) bool { return e.Kind == "default" })
	others := r.count(func(e Entry) bool { return !Surveyed(e.Entry) })
	return []Term{
		{"must and should, none missing", must.Total - must.By[Missing], must.Total, "100 %", must.By[Missing] == 0},
		{"defaults, none missing", defaults.Total - defaults.By[Missing], defaults.Total, "100 %", defaults.By[Missing] == 0},
		{"must and should, in code or by hand", must.Kept(), must.Total, "at least 90 %", float64(must.Kept()) >= KeptAtLeast*float64(must.Total)},
		{"must and should, waived", must.By[Waived], must.Total, "at most 8 %", float64(must.By[Waived]) <= WaivedAtMost*float64(must.Total)},
		{"others that have a proof, none missing", others.Total - others.By[Missing], others.Total, "100 %", others.By[Missing] == 0},
	}
}

// Holds says whether every demand of the contract is met.
func (r Report) Holds() bool {
	return !slices.ContainsFunc(r.Contract(), func(t Term) bool { return !t.Holds })
}

// Take makes a survey. What is wrong with proofs is reported with its place.
func Take(ctx context.Context, in Input) (Report, hcl.Diagnostics) {
	r := Report{Blueprints: in.Blueprints, Systems: in.Systems, Sources: map[string]*hcl.File{}}
	l := in.Catalog.Ledger()
	if l == nil {
		return r, hcl.Diagnostics{diag.Error(hcl.Range{}, "No notes", "No blueprint directory contains the notes; they belong in notes/ next to the blueprints.")}
	}
	if len(r.Blueprints) == 0 {
		r.Blueprints = in.Catalog.Blueprints()
	}
	var asking []string
	for _, id := range in.Only {
		system, _, _ := strings.Cut(id, ".")
		asking = append(asking, system)
		in.Systems, r.Systems = asking, asking
	}
	known, diags := Proofs(in.Catalog, asking...)
	if diags.HasErrors() {
		return r, diags
	}
	var seen []*renderings
	for _, name := range r.Blueprints {
		s, d := render(ctx, in.Catalog, name, asked(known.Of(in.Catalog.RootOf(name)), in.Only), len(in.Only) == 0)
		if s != nil {
			maps.Copy(r.Sources, s.rows[0].sources)
		}
		if diags = append(diags, d...); d.HasErrors() {
			return r, diags
		}
		seen = append(seen, s)
		r.Rows += len(s.rows)
		if len(in.Systems) == 0 {
			r.Systems = append(r.Systems, s.blueprint.Systems...)
		}
	}
	slices.Sort(r.Systems)
	r.Systems = slices.Compact(r.Systems)
	for _, name := range r.Systems {
		entries, err := l.Entries(name)
		if err != nil {
			diags = append(diags, diag.Error(hcl.Range{}, "Unknown system of the notes", "The notes have no system %q. %s", name, diag.DidYouMean(name, l.Systems())))
			continue
		}
		for _, e := range entries {
			if counts(seen, e) && (len(in.Only) == 0 || slices.Contains(in.Only, e.ID)) {
				r.Entries = append(r.Entries, judge(seen, e))
			}
		}
	}
	if len(in.Systems) == 0 {
		r.join(l, seen)
	}
	for _, e := range r.Entries {
		if d := unreachable(seen, e); d != nil {
			diags = append(diags, d)
		}
	}
	return r, diag.Sort(diags)
}

// asked returns the proofs that are to be tried.
func asked(known Book, only []string) Book {
	if len(only) > 0 {
		maps.DeleteFunc(known, func(id string, _ *proof.Proof) bool { return !slices.Contains(only, id) })
	}
	return known
}

// judge returns the strongest way in which a blueprint honours an entry; a
// deviation of any comes before that.
func judge(seen []*renderings, e ledger.Entry) Entry {
	for _, s := range seen {
		if d := s.deviation(e.ID); d != nil {
			return s.departed(e, s.proofs[e.ID], d)
		}
	}
	out := Entry{Entry: e, Way: Missing, Reason: "no proof"}
	if !slices.ContainsFunc(seen, func(s *renderings) bool { return slices.Contains(s.blueprint.Systems, e.System) }) {
		out.Reason += fmt.Sprintf(", and no blueprint declares the system %q", e.System)
	}
	for _, s := range able(seen, e.ID) {
		p := s.proofs[e.ID]
		switch {
		case p == nil:
			continue
		case p.Waived != "" && out.Way == Missing:
			out = Entry{Entry: e, Way: Waived, Proof: p, Blueprint: s.blueprint.Name, Reason: p.Waived}
			continue
		case p.Waived != "":
			continue
		}
		if one := s.judge(e, p); one.Way < out.Way || out.Proof == nil {
			out = one
		}
	}
	return out
}

// able returns renderings with those first whose blueprint has the options that the proof
// of an entry names: what the others lack says nothing.
func able(seen []*renderings, id string) []*renderings {
	foreign := func(s *renderings) int {
		if p := s.proofs[id]; p != nil && s.foreign(p) != "" {
			return 1
		}
		return 0
	}
	return slices.SortedStableFunc(slices.Values(seen), func(a, b *renderings) int { return foreign(a) - foreign(b) })
}

// departed is an entry that a deviation names. What is rendered instead must be there
// where a proof says what that is.
func (s *renderings) departed(e ledger.Entry, p *proof.Proof, d *deviation.Deviation) Entry {
	out := Entry{Entry: e, Way: Departed, Proof: p, Blueprint: s.blueprint.Name, Reason: d.Name + ": " + d.Reason}
	if p == nil || p.Derived || p.Waived != "" {
		return out
	}
	kept := s.judge(e, p)
	if kept.Way == Missing {
		kept.Reason = "what the deviation " + d.Name + " renders instead is not there: " + kept.Reason
		return kept
	}
	out.Places, out.Options = kept.Places, kept.Options
	return out
}

// join takes in the entries of systems that no blueprint declares, as far as they are
// about resources that are rendered with some options and that are of no system that
// is declared. What else such a system asks is out of scope, with the reason.
func (r *Report) join(l *ledger.Ledger, seen []*renderings) {
	rendered, declared := typesRendered(seen), typesAbout(l, r.Systems)
	for _, name := range l.Systems() {
		entries, err := l.Entries(name)
		if err != nil || slices.Contains(r.Systems, name) {
			continue
		}
		own := func(e ledger.Entry) bool {
			return slices.ContainsFunc(typesOf(e), func(t string) bool { return rendered[t] && !declared[t] })
		}
		if !slices.ContainsFunc(entries, own) {
			continue
		}
		r.Joined = append(r.Joined, name)
		for _, e := range entries {
			if !counts(seen, e) {
				continue
			}
			switch lacking := lacking(e, rendered); {
			case lacking != "":
				r.Outside = append(r.Outside, Out{e, "no option renders " + lacking})
			case !own(e):
				r.Outside = append(r.Outside, Out{e, "it is not about anything that only this system describes"})
			default:
				r.Entries = append(r.Entries, judge(seen, e))
			}
		}
	}
	r.Systems = append(r.Systems, r.Joined...)
	slices.Sort(r.Systems)
}

// lacking returns a type that an entry is about and that is not rendered, "" for none.
func lacking(e ledger.Entry, rendered map[string]bool) string {
	for _, t := range typesOf(e) {
		if !rendered[t] {
			return t
		}
	}
	return ""
}

// typesRendered returns the types of resources that some options render.
func typesRendered(seen []*renderings) map[string]bool {
	out := map[string]bool{}
	for _, s := range seen {
		for _, row := range s.rows {
			if row.module != nil {
				for _, t := range row.module.Types() {
					out[t] = true
				}
			}
		}
	}
	return out
}

// typesAbout returns the types of resources that entries of systems are about.
func typesAbout(l *ledger.Ledger, systems []string) map[string]bool {
	out := map[string]bool{}
	for _, name := range systems {
		entries, err := l.Entries(name)
		if err != nil {
			continue // reported where it is surveyed
		}
		for _, e := range entries {
			for _, t := range typesOf(e) {
				out[t] = true
			}
		}
	}
	return out
}
