// Package coverage counts which entries of the notes are honoured, and how.
//
// It takes a catalog, the names of blueprints and the rules of vet, and returns
// a Report with diagnostics. It counts what it finds cited in blueprints,
// templates, their tests and runbooks, and in rules; there is no list that is
// kept by hand, but for the waivers in blueprints/waivers.hcl, each with its
// reason. It does not touch the operating system.
package coverage

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/template"
)

// The contract: what part of the entries has to be honoured, and how many of
// the must and should entries may be waived.
const (
	OthersAtLeast = 0.90
	WaivedAtMost  = 0.08
)

// A Rule is a rule of vet that holds entries of the notes.
type Rule interface {
	ID() string
	Notes() []string
}

// Input is what a count is taken over.
type Input struct {
	Catalog    *catalog.Catalog
	Blueprints []string // empty: all of the catalog
	Systems    []string // empty: those that the blueprints say they cover
	Rules      []Rule
}

// An Entry is one entry of the notes with all the ways in which it is honoured.
type Entry struct {
	ledger.Entry
	Ways   []Way    // the strongest first; Missing alone for none
	Places []string // file:line of each citation, names of rules, or the reason of a waiver
}

// Class returns which part of the contract speaks of an entry.
func (e Entry) Class() Class {
	switch {
	case e.Strength == "must" || e.Strength == "should":
		return Binding
	case e.Kind == "default":
		return Defaults
	case e.Kind == "fact" || e.Strength == "info" && e.Value == nil: // that there is such a setting
		return Facts
	}
	return Others
}

// A Class is a part of the contract.
type Class int

// The classes.
const (
	Binding  Class = iota // must and should: all of them
	Defaults              // other entries of kind default: all of them
	Others                // those that give a value: nine of ten
	Facts                 // as many as are useful
)

// A Count says how many entries are honoured in which way. An entry counts
// once, under its strongest way.
type Count struct {
	Total int
	By    [Missing + 1]int // by Way
}

// Covered returns how many entries are honoured or waived.
func (c Count) Covered() int { return c.Total - c.By[Missing] }

func (c *Count) add(w Way) {
	c.Total++
	c.By[w]++
}

// A Group is the entries of one system, kind and strength.
type Group struct {
	System, Kind, Strength string
	Count
}

// A Report is the result of a count.
type Report struct {
	Blueprints []string
	Systems    []string
	Entries    []Entry // by system, in the order of the notes
	Groups     []Group // by system, kind and strength
}

// Class counts the entries of a class; system "" is all of them.
func (r Report) Class(system string, class Class) Count {
	var c Count
	for _, e := range r.Entries {
		if (system == "" || e.System == system) && e.Class() == class {
			c.add(e.Ways[0])
		}
	}
	return c
}

// Count counts the entries of a system; "" is all of them.
func (r Report) Count(system string) Count {
	var c Count
	for _, e := range r.Entries {
		if system == "" || e.System == system {
			c.add(e.Ways[0])
		}
	}
	return c
}

// Defaults counts the entries of kind default, binding or not.
func (r Report) Defaults() Count {
	var c Count
	for _, e := range r.Entries {
		if e.Kind == "default" {
			c.add(e.Ways[0])
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
	binding, defaults, others := r.Class("", Binding), r.Defaults(), r.Class("", Others)
	return []Term{
		{"must and should", binding.Covered(), binding.Total, "100 %", binding.By[Missing] == 0},
		{"defaults", defaults.Covered(), defaults.Total, "100 %", defaults.By[Missing] == 0},
		{"all others that give a value", others.Covered(), others.Total, "at least 90 %", float64(others.Covered()) >= OthersAtLeast*float64(others.Total)},
		{"must and should entries waived", binding.By[Waived], binding.Total, "at most 8 %", float64(binding.By[Waived]) <= WaivedAtMost*float64(binding.Total)},
	}
}

// Holds says whether every demand of the contract is met.
func (r Report) Holds() bool {
	return !slices.ContainsFunc(r.Contract(), func(t Term) bool { return !t.Holds })
}

// Take counts. A citation of an entry that the notes do not have is an error,
// and so is a waiver that is not in order.
func Take(in Input) (Report, hcl.Diagnostics) {
	r := Report{Blueprints: in.Blueprints, Systems: in.Systems}
	l := in.Catalog.Ledger()
	if l == nil {
		return r, hcl.Diagnostics{diag.Error(hcl.Range{}, "No notes", "No blueprint directory contains the notes; they belong in notes/ next to the blueprints.")}
	}
	if len(r.Blueprints) == 0 {
		r.Blueprints = in.Catalog.Blueprints()
	}
	cited, systems, diags := citationsOf(in.Catalog, r.Blueprints)
	if len(in.Systems) == 0 {
		r.Systems = systems
	}
	found := tally{}
	diags = append(diags, found.citations(l, cited)...)
	diags = append(diags, found.rules(l, in.Rules)...)
	diags = append(diags, found.waivers(l, in.Catalog)...)
	slices.Sort(r.Systems)
	r.Systems = slices.Compact(r.Systems)
	for _, name := range r.Systems {
		entries, err := l.Entries(name)
		if err != nil {
			diags = append(diags, diag.Error(hcl.Range{}, "Unknown system of the notes", "The notes have no system %q. %s", name, diag.DidYouMean(name, l.Systems())))
			continue
		}
		for _, e := range entries {
			out := Entry{Entry: e, Ways: []Way{Missing}}
			if f := found[e.ID]; f != nil {
				out.Ways, out.Places = f.Ways, f.Places
				slices.Sort(out.Ways)
			}
			r.Entries = append(r.Entries, out)
			r.group(out)
		}
	}
	return r, diag.Sort(diags)
}

// citationsOf returns what blueprints and their templates cite, and the systems that
// the blueprints say they cover.
func citationsOf(cat *catalog.Catalog, blueprints []string) ([]Citation, []string, hcl.Diagnostics) {
	var out []Citation
	var systems []string
	var diags hcl.Diagnostics
	for _, name := range blueprints {
		bp, d := cat.Blueprint(name)
		if diags = append(diags, d...); d.HasErrors() {
			continue
		}
		systems = append(systems, bp.Systems...)
		templates, d := templatesOf(cat, bp)
		diags = append(diags, d...)
		out = append(out, Collect(bp, templates).Citations...)
	}
	return out, systems, diags
}

// A tally holds the ways and places of the entries that are honoured, by id.
type tally map[string]*Entry

func (t tally) add(id string, w Way, place string) {
	e := t[id]
	if e == nil {
		e = &Entry{}
		t[id] = e
	}
	if !slices.Contains(e.Ways, w) {
		e.Ways = append(e.Ways, w)
	}
	if !slices.Contains(e.Places, place) {
		e.Places = append(e.Places, place)
	}
}

func (t tally) citations(l *ledger.Ledger, cited []Citation) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, c := range cited {
		if _, ok := l.Lookup(c.ID); !ok {
			diags = append(diags, unknown(l, c.Range, c.ID))
			continue
		}
		t.add(c.ID, c.Way, place(c.Range))
	}
	return diags
}

func (t tally) rules(l *ledger.Ledger, rules []Rule) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, rule := range rules {
		for _, id := range rule.Notes() {
			if system, _, _ := strings.Cut(id, "."); !slices.Contains(l.Systems(), system) {
				continue // the notes of others need not have all systems that the rules know
			}
			if _, ok := l.Lookup(id); !ok {
				diags = append(diags, diag.Bug(hcl.Range{}, "The rule %q cites %q, which is not in the notes.", rule.ID(), id))
				continue
			}
			t.add(id, Checked, "rule "+rule.ID())
		}
	}
	return diags
}

// waivers comes last: a waiver of what is honoured already is an error.
func (t tally) waivers(l *ledger.Ledger, cat *catalog.Catalog) hcl.Diagnostics {
	waivers, diags := readWaivers(cat)
	for _, w := range waivers {
		if _, ok := l.Lookup(w.id); !ok {
			diags = append(diags, unknown(l, w.rng, w.id))
			continue
		}
		if e := t[w.id]; e != nil {
			diags = append(diags, diag.Error(w.rng, "Unnecessary waiver", "The entry %q is implemented by %s. Remove the waiver, or the citation if it is wrong.", w.id, e.Places[0]))
			continue
		}
		t.add(w.id, Waived, w.reason)
	}
	return diags
}

func (r *Report) group(e Entry) {
	at := slices.IndexFunc(r.Groups, func(g Group) bool {
		return g.System == e.System && g.Kind == e.Kind && g.Strength == e.Strength
	})
	if at < 0 {
		at = len(r.Groups)
		r.Groups = append(r.Groups, Group{System: e.System, Kind: e.Kind, Strength: e.Strength})
	}
	r.Groups[at].add(e.Ways[0])
}

// templatesOf returns the templates that a blueprint uses, each once.
func templatesOf(cat *catalog.Catalog, bp *blueprint.Blueprint) ([]*template.Template, hcl.Diagnostics) {
	var out []*template.Template
	var diags hcl.Diagnostics
	for _, comp := range bp.Components {
		t, d := cat.Template(comp.Template, comp.TemplateRange)
		if t != nil && !slices.Contains(out, t) {
			out = append(out, t)
			diags = append(diags, d...)
		} else if t == nil {
			diags = append(diags, d...)
		}
	}
	return out, diags
}

func unknown(l *ledger.Ledger, rng hcl.Range, id string) *hcl.Diagnostic {
	return diag.Error(rng, "Unknown entry of the notes", "The notes have no entry %q (%s).%s", id, place(rng), diag.Suggest(l.Nearest(id)))
}
