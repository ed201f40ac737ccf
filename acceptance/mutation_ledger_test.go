package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/survey"
)

// Mutations by the ledger: each value that the proof of an entry asks for is turned
// over where the proof holds, and must be noticed as those of the table are.

// mostSurvivors is the share of mutants that may survive.
const mostSurvivors = 0.05

// A ledgerProofs is the proofs that may be tried with a blueprint.
type ledgerProofs struct {
	catalog   *catalog.Catalog
	blueprint *blueprint.Blueprint
	proofs    survey.Book
	example   map[string]cty.Value
	placed    map[string]bool // the proofs that have found a set of options
	mu        sync.Mutex
}

func readProofs(name string) (*ledgerProofs, error) {
	l := &ledgerProofs{example: map[string]cty.Value{}, placed: map[string]bool{}}
	var err error
	l.catalog, l.blueprint, err = builtInWith(name)
	if err != nil {
		return nil, err
	}
	if l.blueprint.Example == nil {
		return nil, fmt.Errorf("%s has no example block, so its tests have no values", name)
	}
	books, diags := survey.Proofs(l.catalog)
	if diags.HasErrors() {
		return nil, diags
	}
	l.proofs = books.Of("")
	maps.DeleteFunc(l.proofs, func(_ string, p *proof.Proof) bool { return p.Waived != "" })
	for _, v := range l.blueprint.Example.Values {
		if value, diags := budget.Constant(v.Expr); !diags.HasErrors() {
			l.example[v.Name] = value
		}
	}
	return l, nil
}

// mutants returns the mutants of a rendering by the entries of the notes, each once.
func (l *ledgerProofs) mutants(t *testing.T, options matrix.Row, result generator.Result) []*trial {
	t.Helper()
	files := result.Files.Files()
	account := proof.Account{Values: l.example, Region: resolve.HomeOf(result.Choices).Region()}
	m := proof.Load(t.Context(), files, account, guard.Parse, nil)
	var out []*trial
	for _, id := range slices.Sorted(maps.Keys(l.proofs)) {
		p := l.proofs[id]
		if !covers(options, p.Options) || !m.Holds(p).Holds || !l.place(id) {
			continue
		}
		for _, mutant := range m.Mutants(t.Context(), p) {
			file := changedFile(files, mutant.Files)
			i := slices.IndexFunc(out, func(tr *trial) bool { return tr.file.Path == file.Path && string(tr.file.Bytes) == string(file.Bytes) })
			if i >= 0 {
				out[i].entries = append(out[i].entries, id)
				continue
			}
			name := fmt.Sprintf("notes %s.%s %s: %s", mutant.Object, mutant.Argument, shortened(mutant.From), shortened(mutant.To))
			out = append(out, &trial{name: name, file: file, entries: []string{id}, value: mutant.Object + "." + mutant.Argument + ": " + shortened(mutant.To)})
		}
	}
	return out
}

// place says whether a proof has not been tried with other options yet.
func (l *ledgerProofs) place(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := !l.placed[id]
	l.placed[id] = true
	return first
}

// covers says whether options hold what a proof asks for, and nothing that it may not
// be about: a proof without options is about the default.
func covers(options matrix.Row, asked map[string]cty.Value) bool {
	if len(asked) == 0 {
		return len(options) == 0
	}
	for name, v := range asked {
		if o, ok := options[name]; !ok || !o.RawEquals(v) {
			return false
		}
	}
	return true
}

func changedFile(was, is []fileset.File) fileset.File {
	for i, f := range is {
		if string(f.Bytes) != string(was[i].Bytes) {
			return f
		}
	}
	return fileset.File{}
}

func shortened(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	return s
}

// allSets returns the sets of the blueprint's file, the default's among them, and as
// few more as it takes to try every proof with the options that it names.
func allSets(renderings []mutationSet, l *ledgerProofs) []mutationSet {
	out := slices.Clone(renderings)
	if !slices.ContainsFunc(out, func(s mutationSet) bool { return len(s.options) == 0 }) {
		out = append(out, mutationSet{name: "default", options: matrix.Row{}})
	}
	own := len(out)
	allowed := matrix.Allowed(l.blueprint, resolve.Options(l.blueprint))
	for _, id := range slices.Sorted(maps.Keys(l.proofs)) {
		asked := l.proofs[id].Options
		if slices.ContainsFunc(out, func(s mutationSet) bool { return covers(s.options, asked) }) || !known(l.blueprint, asked) || !allowed(asked) {
			continue
		}
		i := own + slices.IndexFunc(out[own:], func(s mutationSet) bool { return agree(s.options, asked) && allowed(union(s.options, asked)) })
		if i >= own {
			out[i].options = union(out[i].options, asked)
			continue
		}
		out = append(out, mutationSet{name: fmt.Sprintf("notes %d", 1+len(out)-own), options: maps.Clone(asked)})
	}
	return out
}

// known says whether a blueprint has the options that a proof names, with these
// values: it may be about another blueprint.
func known(bp *blueprint.Blueprint, asked map[string]cty.Value) bool {
	for name, value := range asked {
		if !slices.ContainsFunc(resolve.Options(bp), func(o *blueprint.Option) bool {
			return o.Name == name && value.Type().Equals(o.Type) &&
				(len(o.OneOf) == 0 || slices.ContainsFunc(o.OneOf, value.RawEquals))
		}) {
			return false
		}
	}
	return true
}

func agree(a, b map[string]cty.Value) bool {
	for name, v := range b {
		if o, ok := a[name]; ok && !o.RawEquals(v) {
			return false
		}
	}
	return true
}

func union(a, b map[string]cty.Value) matrix.Row {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// A score counts what became of mutants.
type score struct {
	mu                            sync.Mutex
	what                          string
	survivors                     map[string]string // that are expected, with the reason
	vet, tests, survived, refused int
	listed                        map[string]bool // survivors that were met
}

func (c *score) judge(t *testing.T, tr *trial) {
	c.mu.Lock()
	defer c.mu.Unlock()
	why := c.survivors[tr.value]
	switch {
	case tr.by == "rule" && tr.vet == "":
		t.Error("no rule of vet notices it")
	case tr.vet != "":
		c.vet++
		t.Log("vet:", tr.vet)
	case tr.mutant.Noticed != "":
		c.tests++
		t.Log("test:", tr.mutant.Noticed)
	case tr.refused != "" && len(tr.entries) == 0:
		t.Error("the mutation does more than it should:", tr.refused)
	case tr.refused != "":
		c.refused++
		t.Log("no module:", tr.refused)
	case why == "":
		c.survived++
		t.Errorf("nothing notices it %s", tr.entries)
	default:
		c.survived++
		c.listed[tr.value] = true
		t.Log("survives:", why)
	}
}

// report says how many were noticed. With whole, all sets were tried.
func (c *score) report(t *testing.T, whole bool) {
	t.Logf("%s: %d mutants: %d noticed by vet, %d by shipped tests, %d survivors, and %d that are no module", c.what, c.vet+c.tests+c.survived, c.vet, c.tests, c.survived, c.refused)
	if all := c.vet + c.tests + c.survived; float64(c.survived) > mostSurvivors*float64(all) {
		t.Errorf("%s: %d of %d mutants survive", c.what, c.survived, all)
	}
	for value := range c.survivors {
		if whole && !c.listed[value] {
			t.Errorf("%s is listed as a survivor, and is noticed, or is gone", value)
		}
	}
}
