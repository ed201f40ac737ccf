package explain

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/cited"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/survey"
	"github.com/bpgen/bpgen/generator/vet"
)

// A note is an entry of the ledger, with how a blueprint or a module honours it.
type note struct {
	ID        string          `json:"id"`
	Section   string          `json:"section,omitempty"`
	Title     string          `json:"title,omitempty"`
	Lines     string          `json:"lines,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Strength  string          `json:"strength,omitempty"`
	Statement string          `json:"statement,omitempty"`
	Quote     string          `json:"quote,omitempty"`
	Value     any             `json:"value,omitempty"`
	Caveat    string          `json:"caveat,omitempty"`
	Terraform []string        `json:"terraform,omitempty"`
	Sources   []ledger.Source `json:"sources,omitempty"`
	Departed  []departure     `json:"departed,omitempty"`
	Proof     *evidence       `json:"proof,omitempty"`
	Cited     []string        `json:"cited,omitempty"` // lines of the module with a comment that cites it
	Rules     []string        `json:"rules,omitempty"` // of vet, that cite it
	Tests     []string        `json:"tests,omitempty"` // assertions of the module that look at what it is about
	Missing   bool            `json:"missing,omitempty"`

	entry ledger.Entry
}

// A departure is a deviation of the blueprint from an entry.
type departure struct {
	Name     string `json:"name"`
	Rendered string `json:"rendered"`
	Reason   string `json:"reason"`
	Restore  string `json:"restore,omitempty"`
	Applies  bool   `json:"applies"` // with the options of the module, or those that are given
}

// An evidence is what came of an entry's proof.
type evidence struct {
	Way     string   `json:"way"`
	Options string   `json:"options,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	Source  string   `json:"source,omitempty"` // where the proof stands
	Places  []string `json:"places,omitempty"`
}

// look returns an entry as the ledger has it.
func look(notes *ledger.Ledger, id string) note {
	if notes == nil {
		return note{ID: id, Missing: true}
	}
	e, ok := notes.Lookup(id)
	if !ok {
		return note{ID: id, Missing: true}
	}
	n := note{
		ID: id, Section: e.Section, Lines: e.Lines, Kind: e.Kind, Strength: e.Strength, Statement: e.Statement,
		Quote: e.Quote, Value: e.Value, Caveat: e.Caveat, Terraform: e.Terraform, Sources: e.Sources(), entry: e,
	}
	if title := e.Title(); title != strings.Replace(e.Section, ". ", " ", 1) {
		n.Title = title
	}
	for _, r := range rules() {
		if slices.Contains(vet.NotesOf(r), id) {
			n.Rules = append(n.Rules, r.ID())
		}
	}
	return n
}

// judge fills in how the blueprint and the module honour notes.
func (e *explainer) judge(ctx context.Context, notes []*note) {
	if e.orphaned() {
		for _, n := range notes {
			n.Cited = e.module.cites(n.ID)
		}
	}
	if e.blueprint == nil {
		return
	}
	var systems []string
	for _, n := range notes {
		for _, d := range e.declared {
			if slices.Contains(d.Notes, n.ID) {
				n.Departed = append(n.Departed, e.departure(d))
			}
		}
		if e.module != nil {
			n.Cited = e.module.cites(n.ID)
		}
		if !n.Missing {
			systems = append(systems, n.entry.System)
		}
	}
	if len(systems) == 0 || e.module == nil {
		return
	}
	done := e.factory.IO.Progress("Evaluating proofs").Done
	defer done()
	books, diags := survey.Proofs(e.catalog, systems...)
	proofs := books.Of(e.catalog.RootOf(e.blueprint.Name))
	if past := e.module.past; past == nil || past.Layout != string(link.Nested) {
		e.opened = survey.Open(ctx, e.blueprint, e.choices, e.module.files)
	}
	for _, n := range notes {
		p := proofs[n.ID]
		switch {
		case n.Missing:
		case p != nil:
			n.Proof = e.prove(ctx, n, p)
			n.Tests = e.tests(p)
		case diags.HasErrors() && survey.Surveyed(n.entry):
			n.Proof = &evidence{Way: "not evaluated", Reason: diags.Errs()[0].Error()}
		}
	}
}

func (e *explainer) departure(d *deviation.Deviation) departure {
	applies := slices.ContainsFunc(e.deviations, func(other *deviation.Deviation) bool { return other.Name == d.Name }) // of another catalog, perhaps
	return departure{d.Name, d.Rendered, d.Reason, d.Restore, applies}
}

// prove returns what comes of the proof of an entry in the module, or else, where it names
// options that the module does not have, in a rendering with them.
func (e *explainer) prove(ctx context.Context, n *note, p *proof.Proof) *evidence {
	out := &evidence{Source: "the value of the entry"}
	if !p.Derived {
		out.Source = fmt.Sprintf("%s:%d", p.Range.Filename, p.Range.Start.Line)
	}
	if p.Waived != "" {
		out.Way, out.Reason = survey.Waived.String(), p.Waived
		return out
	}
	found, at := survey.Entry{Way: survey.Missing}, e.module.at
	if e.opened != nil {
		found = survey.Judge(n.entry, p, e.opened)
	}
	if found.Way != survey.Missing || len(p.Options) == 0 && e.opened != nil {
		found.Places = e.exactly(p, found.Places)
	} else if report, diags := survey.Take(ctx, survey.Input{Catalog: e.catalog, Blueprints: []string{e.blueprint.Name}, Only: []string{n.ID}}); !diags.HasErrors() && len(report.Entries) == 1 {
		found, at = report.Entries[0], memory // the files are not here
	}
	if e.opened == nil && found.Way != survey.Missing {
		found.Places, found.Reason = nil, "in the flat layout; the proofs of a module with child modules are not evaluated"
	}
	out.Way, out.Options, out.Reason = found.Way.String(), found.Options, found.Reason
	if found.Way == survey.Missing {
		out.Way = "not in this module"
	}
	if slices.ContainsFunc(n.Departed, func(d departure) bool { return d.Applies }) {
		out.Way, out.Reason = survey.Departed.String(), ""
		if p.Derived {
			return &evidence{Way: out.Way} // what follows from the entry is not what is rendered
		}
	}
	for _, place := range found.Places {
		if text := at(place.File, place.Line); !slices.Contains(out.Places, text) {
			out.Places = append(out.Places, text)
		}
	}
	return out
}

// memory names a line of a rendering that is nowhere but in memory.
func memory(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }

// exactly returns the lines of the arguments and nested blocks that a proof asks for, where
// places names their resources and they have lines of their own.
func (e *explainer) exactly(p *proof.Proof, places []proof.Place) []proof.Place {
	wanted := map[string][]string{} // names by type
	for _, c := range p.All() {
		o, ok := c.(*proof.Object)
		if !ok || o.Pattern == nil {
			continue
		}
		typ := strings.TrimPrefix(o.Block+".", "resource.") + o.Type
		for _, a := range o.Pattern.Args {
			wanted[typ] = append(wanted[typ], a.Name)
		}
		for _, b := range o.Pattern.Blocks {
			wanted[typ] = append(wanted[typ], cmp.Or(called(b.Pattern), b.Name))
		}
	}
	var out []proof.Place
	for _, place := range places {
		found := false
		if s, _, ok := e.module.cited.At(place.File, place.Line); ok {
			for _, name := range wanted[s.Type] {
				for _, exact := range e.module.cited.Find(s.Object + "." + name) {
					if exact.Object == s.Object {
						out, found = append(out, proof.Place{File: exact.File, Line: exact.Line}), true
					}
				}
			}
		}
		if !found {
			out = append(out, place)
		}
	}
	return out
}

// tests returns the assertions that look at an argument which a proof asks for.
func (e *explainer) tests(p *proof.Proof) []string {
	var out []string
	for _, t := range e.module.tests {
		if slices.ContainsFunc(p.All(), func(c proof.Claim) bool { return looks(t, c) }) {
			out = append(out, fmt.Sprintf("%s (%s)", e.module.at(t.File, t.Line), t.Run))
		}
	}
	return out
}

func looks(t cited.Test, c proof.Claim) bool {
	o, ok := c.(*proof.Object)
	if !ok || o.Block != "resource" || o.Pattern == nil {
		return false
	}
	if slices.ContainsFunc(o.Pattern.Args, func(a proof.Argument) bool { return t.LooksAt(o.Type, a.Name, "") }) {
		return true
	}
	return slices.ContainsFunc(o.Pattern.Blocks, func(b proof.Nested) bool { return t.LooksAt(o.Type, b.Name, called(b.Pattern)) })
}

// called returns the name that tells a nested block from others of its kind, such as
// that of a parameter.
func called(p *proof.Pattern) string {
	for _, from := range []*proof.Pattern{p.Which, p} {
		if from == nil {
			continue
		}
		for _, a := range from.Args {
			if a.Name == "name" || a.Name == "key" {
				return strings.Trim(a.Match.String(), `"`)
			}
		}
	}
	return ""
}

// entries calls a function with each entry of the systems in question.
func (e *explainer) entries(do func(ledger.Entry)) {
	if e.notes == nil {
		return
	}
	for _, system := range e.systems {
		entries, err := e.notes.Entries(system)
		if err != nil {
			continue // the blueprint names a system without notes, which its check says
		}
		for _, n := range entries {
			do(n)
		}
	}
}
