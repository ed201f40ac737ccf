// Package coverage is the command "bpgen notes coverage": which entries of the
// notes are honoured, and how.
package coverage

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/coverage"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// Options are what the flags say.
type Options struct {
	Blueprints []string
	Systems    []string
	Missing    bool
	Citations  bool
	Explain    string
	JSON       bool
	Dirs       []string
}

const help = `Show, per system of the notes, how each must, should and default is implemented.
The blueprints are rendered in memory, and an entry counts through its proof in
blueprints/proofs; citations are not counted. It is

  rendered   the proof holds in the default rendering
  offered    the proof holds with the options or values that it names
  checked    a rule of bpgen vet reports the rendering once it is broken
  by hand    a runbook covers it, which counts for runbooks, facts and what the
             proof calls a duty
  departed   a deviation of the blueprint applies, whatever else holds
  waived     with a reason
  missing    none of these; the reason says what is in the way

The exit status is 2 if the targets are missed: no must, should or default may be
missing, at least 90% of the must and should entries must be in code or covered by
hand, and at most 8% of them may be waived. Other entries (options, patterns, facts
and the like) need no proof; those that have one are counted too, and it must hold.

All entries of the systems that a blueprint declares are in scope, and entries of
other systems about resources that no declared system describes but some option
renders. What else these systems ask for is listed as out of scope, with the reason.

Use --explain to show a single entry with its proof and where it holds. Use
--citations to count the entries that are cited instead, options and patterns
included, whatever the code does.

With --json one document is printed, with the fields

  blueprints     names of the blueprints that were evaluated
  renderings     number of renderings that were evaluated
  holds          whether all targets are met
  contract       the targets, each with name, count, of, want and holds
  systems        for each system: system, total, and by: entries by way
  joined         systems in scope although no blueprint declares them
  out_of_scope   entries of these that are not counted, each with id and reason
  entries        each with id, kind, strength, statement, way, blueprint,
                 options (those that differ from the defaults), places
                 (file:line), reason, proof (its text) and derived (whether the
                 proof follows from the value)

Empty fields of an entry are left out.`

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:               "coverage",
		Short:             "Show which entries of the notes are implemented, and how",
		Long:              help,
		Example:           "  bpgen notes coverage\n  bpgen notes coverage --system aurora --system rds\n  bpgen notes coverage --explain aurora.deletion-protection",
		Args:              shell.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			if opts.Citations && opts.Explain == "" {
				return count(f, opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	cmd.Flags().StringArrayVar(&opts.Systems, "system", nil, "`system` of the notes (repeatable; default: those covered by the blueprints)")
	cmd.Flags().StringArrayVar(&opts.Blueprints, "blueprint", nil, "`name` of a blueprint (repeatable; default: all)")
	cmd.Flags().BoolVar(&opts.Missing, "missing", false, "also list the entries that are not cited, with --citations")
	cmd.Flags().BoolVar(&opts.Citations, "citations", false, "count citations instead of evaluating proofs")
	cmd.Flags().StringVar(&opts.Explain, "explain", "", "show how the entry `id` is implemented, by its proof")
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	shell.AddDirs(cmd, &opts.Dirs)
	shell.Complete(cmd, "blueprint", choose.Names(f, &opts.Dirs))
	shell.Complete(cmd, "system", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		silent := *f
		silent.IO = f.IO.Silent()
		cat, err := silent.Catalog(opts.Dirs)
		if err != nil || cat.Ledger() == nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return cat.Ledger().Systems(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// count counts by citations.
func count(f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Dirs)
	if err != nil {
		return err
	}
	in := coverage.Input{Catalog: cat, Blueprints: opts.Blueprints, Systems: opts.Systems}
	for _, r := range notes.Rules() {
		if noted, ok := r.(vet.Noted); ok {
			in.Rules = append(in.Rules, noted)
		}
	}
	report, diags := coverage.Take(in)
	if err := f.Report(cat.Sources(), diags); err != nil {
		return err
	}
	if opts.JSON {
		err = f.WriteJSON(describe(report))
	} else {
		err = tables(f, report, opts.Missing)
	}
	if err == nil && !report.Holds() {
		err = shell.Exit(shell.Findings)
	}
	return err
}

// tables prints the figures by system, by kind and strength, and against the
// contract.
func tables(f *shell.Factory, r coverage.Report, missing bool) error {
	head := []string{"entries"}
	for _, w := range coverage.Ways {
		head = append(head, w.String())
	}
	row := func(name string, c coverage.Count) []columns.Cell {
		cells := columns.Cells(name, fmt.Sprint(c.Total))
		for _, w := range coverage.Ways {
			cells = append(cells, columns.Cell{Text: fmt.Sprint(c.By[w])})
		}
		return cells
	}
	systems := [][]columns.Cell{columns.Cells(append([]string{"system"}, head...)...)}
	for _, s := range r.Systems {
		systems = append(systems, row(s, r.Count(s)))
	}
	systems = append(systems, row("all", r.Count("")))

	kinds := [][]columns.Cell{columns.Cells(append([]string{"kind, strength"}, head...)...)}
	for _, g := range byKind(r) {
		kinds = append(kinds, row(g.Kind+", "+g.Strength, g.Count))
	}

	contract := [][]columns.Cell{columns.Cells("contract", "entries", "of", "", "wanted", "")}
	for _, t := range r.Contract() {
		verdict := "holds"
		if !t.Holds {
			verdict = "broken"
		}
		share := 100.0
		if t.Of > 0 {
			share = 100 * float64(t.Count) / float64(t.Of)
		}
		contract = append(contract, columns.Cells(t.Name, fmt.Sprint(t.Count), fmt.Sprint(t.Of), fmt.Sprintf("%.1f %%", share), t.Want, verdict))
	}
	tables := [][][]columns.Cell{systems, kinds, contract}
	if missing {
		var rows [][]columns.Cell
		for _, e := range r.Entries {
			if e.Ways[0] == coverage.Missing {
				rows = append(rows, columns.Cells(e.ID, e.Kind, e.Strength, e.Statement))
			}
		}
		tables = append(tables, rows)
	}
	for i, rows := range tables {
		if i > 0 {
			fmt.Fprintln(f.IO.Out) //nolint:errcheck // The next write reports it.
		}
		if err := f.Table(rows); err != nil {
			return err
		}
	}
	return nil
}

// byKind adds up the groups of all systems.
func byKind(r coverage.Report) []coverage.Group {
	var out []coverage.Group
	for _, strength := range []string{"must", "should", "example", "info"} {
		for _, kind := range []string{"rule", "default", "option", "pattern", "artifact", "runbook", "fact"} {
			sum := coverage.Group{Kind: kind, Strength: strength}
			for _, g := range r.Groups {
				if g.Kind == kind && g.Strength == strength {
					sum.Total += g.Total
					for w, n := range g.By {
						sum.By[w] += n
					}
				}
			}
			if sum.Total > 0 {
				out = append(out, sum)
			}
		}
	}
	return out
}

type figures map[string]int

type group struct {
	System   string  `json:"system"`
	Kind     string  `json:"kind"`
	Strength string  `json:"strength"`
	Total    int     `json:"total"`
	By       figures `json:"by"`
}

type entry struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Strength string   `json:"strength"`
	Says     string   `json:"statement"`
	Ways     []string `json:"ways"`
	Places   []string `json:"places,omitempty"`
}

type term struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
	Of    int    `json:"of"`
	Want  string `json:"want"`
	Holds bool   `json:"holds"`
}

type document struct {
	Blueprints []string `json:"blueprints"`
	Systems    []string `json:"systems"`
	Holds      bool     `json:"holds"`
	Contract   []term   `json:"contract"`
	Groups     []group  `json:"groups"`
	Entries    []entry  `json:"entries"`
}

func describe(r coverage.Report) document {
	doc := document{Blueprints: r.Blueprints, Systems: r.Systems, Holds: r.Holds(), Groups: []group{}, Entries: []entry{}}
	for _, t := range r.Contract() {
		doc.Contract = append(doc.Contract, term(t))
	}
	for _, g := range r.Groups {
		by := figures{}
		for _, w := range coverage.Ways {
			by[w.String()] = g.By[w]
		}
		doc.Groups = append(doc.Groups, group{g.System, g.Kind, g.Strength, g.Total, by})
	}
	for _, e := range r.Entries {
		out := entry{ID: e.ID, Kind: e.Kind, Strength: e.Strength, Says: e.Statement, Places: e.Places}
		for _, w := range e.Ways {
			out.Ways = append(out.Ways, w.String())
		}
		doc.Entries = append(doc.Entries, out)
	}
	return doc
}
