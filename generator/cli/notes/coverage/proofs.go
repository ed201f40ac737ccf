package coverage

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/survey"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// run evaluates proofs on renderings.
func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Dirs)
	if err != nil {
		return err
	}
	in := survey.Input{Catalog: cat, Blueprints: opts.Blueprints, Systems: opts.Systems}
	if opts.Explain != "" {
		l := cat.Ledger()
		if l == nil {
			return fmt.Errorf("no blueprint directory contains the notes")
		}
		e, ok := l.Lookup(opts.Explain)
		if !ok {
			return fmt.Errorf("the notes have no entry %q%s", opts.Explain, hint(l.Nearest(opts.Explain)))
		}
		in.Only = []string{e.ID}
	}
	report, diags := survey.Take(ctx, in)
	sources := cat.Sources()
	maps.Copy(sources, report.Sources)
	if err := f.Report(sources, diags); err != nil {
		return err
	}
	switch {
	case opts.Explain != "" && len(report.Entries) == 0:
		return fmt.Errorf("the entry %q has no proof, and needs none: it is neither a must, a should nor a default", opts.Explain)
	case opts.JSON:
		err = f.WriteJSON(proven(report))
	case opts.Explain != "":
		err = explained(f, report.Entries)
	default:
		err = provenTables(f, report)
	}
	if err == nil && opts.Explain == "" && !report.Holds() {
		err = shell.Exit(shell.Findings)
	}
	return err
}

func hint(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + diag.Quoted(near, "or") + "?"
}

// provenTables prints the figures by system, against the contract, and the reasons.
func provenTables(f *shell.Factory, r survey.Report) error {
	page := f.Page()
	page.Table("", bySystem(r))
	page.Part()
	page.Table("", targets(r))
	page.Part()
	page.Line("", fmt.Sprintf("%d renderings evaluated.", r.Rows))
	if len(r.Joined) > 0 {
		page.Line("", fmt.Sprintf("In scope because their resources are rendered, though no blueprint declares them: %s.", strings.Join(r.Joined, ", ")))
	}
	for _, w := range []survey.Way{survey.ByHand, survey.Departed, survey.Waived, survey.Missing} {
		if rows := reasons(r, w); len(rows) > 1 {
			page.Part()
			page.Table("", rows)
		}
	}
	if len(r.Outside) > 0 {
		page.Part()
		page.Table("", outside(r))
	}
	return page.Write()
}

// outside lists the entries that are out of scope.
func outside(r survey.Report) [][]columns.Cell {
	rows := [][]columns.Cell{columns.Cells("out of scope", "", "")}
	for _, o := range r.Outside {
		rows = append(rows, columns.Cells(o.ID, o.Kind+", "+o.Strength, o.Reason))
	}
	return rows
}

func bySystem(r survey.Report) [][]columns.Cell {
	head := []string{"system", "entries"}
	for _, w := range survey.Ways {
		head = append(head, w.String())
	}
	rows := [][]columns.Cell{columns.Cells(head...)}
	for _, s := range append(slices.Clone(r.Systems), "") {
		c := r.Count(s)
		if c.Total == 0 {
			continue
		}
		if s == "" {
			s = "all"
		}
		cells := []string{s, fmt.Sprint(c.Total)}
		for _, w := range survey.Ways {
			cells = append(cells, fmt.Sprint(c.By[w]))
		}
		rows = append(rows, columns.Cells(cells...))
	}
	return rows
}

func targets(r survey.Report) [][]columns.Cell {
	rows := [][]columns.Cell{columns.Cells("contract", "entries", "of", "", "wanted", "")}
	for _, t := range r.Contract() {
		verdict, share := "holds", 100.0
		if !t.Holds {
			verdict = "broken"
		}
		if t.Of > 0 {
			share = 100 * float64(t.Count) / float64(t.Of)
		}
		rows = append(rows, columns.Cells(t.Name, fmt.Sprint(t.Count), fmt.Sprint(t.Of), fmt.Sprintf("%.1f %%", share), t.Want, verdict))
	}
	return rows
}

// reasons lists the entries of one way with their reasons.
func reasons(r survey.Report, w survey.Way) [][]columns.Cell {
	title := w.String()
	if w == survey.ByHand {
		title = "by hand, as a duty"
	}
	rows := [][]columns.Cell{columns.Cells(title, "", "")}
	for _, e := range r.Entries {
		if e.Way == w && e.Reason != "" {
			rows = append(rows, columns.Cells(e.ID, e.Kind+", "+e.Strength, e.Reason))
		}
	}
	return rows
}

// explained shows entries with their proofs.
func explained(f *shell.Factory, entries []survey.Entry) error {
	page := f.Page()
	for _, e := range entries {
		page.Title(fmt.Sprintf("%s (%s, %s; notes %s, lines %s)", e.ID, e.Kind, e.Strength, e.Title(), e.Lines))
		page.Line("", e.Statement)
		if value, err := json.Marshal(e.Value); e.Value != nil && err == nil {
			page.Line("", "Value: "+string(value))
		}
		if e.Caveat != "" {
			page.Line("", "Caveat: "+e.Caveat)
		}
		page.Part()
		page.Line("", outcome(e))
		for _, p := range e.Places {
			page.Raw(fmt.Sprintf("  %s:%d\n", p.File, p.Line))
		}
		if e.Proof != nil {
			page.Part()
			page.Line("", origin(e.Proof))
			page.Raw(e.Proof.Text + "\n")
		}
		if held := ruling(e.ID); held != "" {
			page.Part()
			page.Line("", held)
		}
	}
	return page.Write()
}

// ruling says which rules of vet hold an entry, and which speak of it alone.
func ruling(id string) string {
	var hold, speak []string
	for _, r := range notes.Rules() {
		switch {
		case slices.Contains(vet.NotesOf(r), id):
			hold = append(hold, r.ID())
		case slices.Contains(vet.CitedBy(r), id):
			speak = append(speak, r.ID())
		}
	}
	var out []string
	if len(hold) > 0 {
		out = append(out, "Enforced by bpgen vet: "+strings.Join(hold, ", ")+".")
	}
	if len(speak) > 0 {
		out = append(out, "Mentioned by bpgen vet, which enforces something else: "+strings.Join(speak, ", ")+".")
	}
	return strings.Join(out, " ")
}

func outcome(e survey.Entry) string {
	out := e.Way.String()
	if e.Options != "" {
		out += " with " + e.Options
	}
	if e.Reason != "" {
		out += ": " + e.Reason
	}
	return out
}

func origin(p *proof.Proof) string {
	if p.Derived {
		return "The proof follows from the value of the entry:"
	}
	return fmt.Sprintf("The proof, %s:%d:", p.Range.Filename, p.Range.Start.Line)
}

type provenEntry struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Strength  string   `json:"strength"`
	Says      string   `json:"statement"`
	Way       string   `json:"way"`
	Blueprint string   `json:"blueprint,omitempty"`
	Options   string   `json:"options,omitempty"`
	Places    []string `json:"places,omitempty"`
	Reason    string   `json:"reason,omitempty"`
	Proof     string   `json:"proof,omitempty"`
	Derived   bool     `json:"derived,omitempty"`
}

type provenSystem struct {
	System string  `json:"system"`
	Total  int     `json:"total"`
	By     figures `json:"by"`
}

type outsideEntry struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

type provenDocument struct {
	Blueprints []string       `json:"blueprints"`
	Rows       int            `json:"renderings"`
	Holds      bool           `json:"holds"`
	Contract   []term         `json:"contract"`
	Systems    []provenSystem `json:"systems"`
	Joined     []string       `json:"joined"`
	Outside    []outsideEntry `json:"out_of_scope"`
	Entries    []provenEntry  `json:"entries"`
}

func proven(r survey.Report) provenDocument {
	doc := provenDocument{Blueprints: r.Blueprints, Rows: r.Rows, Holds: r.Holds(), Joined: append([]string{}, r.Joined...), Outside: []outsideEntry{}, Systems: []provenSystem{}, Entries: []provenEntry{}}
	for _, t := range r.Contract() {
		doc.Contract = append(doc.Contract, term(t))
	}
	for _, s := range r.Systems {
		c := r.Count(s)
		by := figures{}
		for _, w := range survey.Ways {
			by[w.String()] = c.By[w]
		}
		doc.Systems = append(doc.Systems, provenSystem{s, c.Total, by})
	}
	for _, o := range r.Outside {
		doc.Outside = append(doc.Outside, outsideEntry{o.ID, o.Reason})
	}
	for _, e := range r.Entries {
		out := provenEntry{ID: e.ID, Kind: e.Kind, Strength: e.Strength, Says: e.Statement, Way: e.Way.String(), Blueprint: e.Blueprint, Options: e.Options, Reason: e.Reason}
		for _, p := range e.Places {
			out.Places = append(out.Places, fmt.Sprintf("%s:%d", p.File, p.Line))
		}
		if e.Proof != nil {
			out.Proof, out.Derived = e.Proof.Text, e.Proof.Derived
		}
		doc.Entries = append(doc.Entries, out)
	}
	return doc
}
