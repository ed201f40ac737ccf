package acceptance

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/mutants"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// noteRules are the rules beyond those of the language, which alone may catch a
// mutant: that a variable is no longer used is not why it is wrong.
var noteRules = notes.Rules()

// TestMutations breaks what each blueprint renders in one place at a time and requires
// that a rule of vet or a test that the module ships notices: by the notes, and by the
// blueprint's file of mutations.
func TestMutations(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for _, name := range builtIn(t).Blueprints() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			breakModule(t, name)
		})
	}
}

func breakModule(t *testing.T, blueprint string) {
	// Terraform's mocks answer at plan (package mutants). With OpenTofu, which must apply,
	// some forty mutants survive that Terraform notices, most of which exchange one ID
	// for another.
	core := harness.Find(t, harness.Terraform)
	provider := harness.SchemaAWS(t, core, "6")
	own, err := mutationsOf(blueprint)
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := readProofs(blueprint)
	if err != nil {
		t.Fatal(err)
	}
	table, notes := &score{what: "by hand"}, &score{what: "by the notes", survivors: own.survivors, listed: map[string]bool{}}
	var tried atomic.Int64
	sets := allSets(own.renderings, ledger)
	t.Cleanup(func() {
		whole := int(tried.Load()) == len(sets)
		table.report(t, whole)
		notes.report(t, whole)
		if n := table.vet + table.tests; whole && n < own.atLeast {
			t.Errorf("only %d mutants by hand were noticed, of %d wanted", n, own.atLeast)
		}
	})
	for _, s := range sets {
		t.Run(s.name, func(t *testing.T) {
			tried.Add(1)
			dir := harness.WorkDir(t)
			result := render(t, dir, blueprint, link.Flat, s.options)
			files := result.Files.Files()
			if by := caughtByVet(files); by != "" {
				t.Fatalf("vet finds something without a mutation: %s", by)
			}
			trials := ledger.mutants(t, s.options, result)
			trials = append(s.byHand(t, files, trials), trials...)
			t.Parallel() // not before: the sets take the proofs in their order
			left := slices.DeleteFunc(slices.Clone(trials), func(tr *trial) bool { return tr.vetted(files) })
			newWitness(t, core, provider, dir, files).try(t, left)
			for _, tr := range trials {
				t.Run(strings.ReplaceAll(tr.name, "/", "|"), func(t *testing.T) {
					if len(tr.entries) > 0 {
						notes.judge(t, tr)
					} else {
						table.judge(t, tr)
					}
				})
			}
		})
	}
}

// A trial is a mutant and what came of it.
type trial struct {
	name    string
	file    fileset.File
	entries []string // of the notes, where it follows from them
	value   string   // object and argument that it follows from
	by      string   // who must notice it
	mutant  *mutants.Mutant
	vet     string // what vet says of it
	refused string // why it is no module
}

// vetted asks vet, unless a test must notice, and says whether no test is needed.
func (tr *trial) vetted(files []fileset.File) bool {
	if tr.by != "test" {
		tr.vet = caughtByVet(replaced(files, tr.file))
	}
	return tr.vet != "" || tr.by == "rule"
}

// byHand returns the mutations of the table, which may not be those of the notes.
func (s mutationSet) byHand(t *testing.T, files []fileset.File, notes []*trial) []*trial {
	t.Helper()
	var out []*trial
	for _, m := range s.mutations {
		file, err := m.apply(files)
		if err != nil {
			t.Errorf("the mutation does not fit the rendered code any more: %v", err)
			continue
		}
		if slices.ContainsFunc(notes, func(tr *trial) bool { return bytes.Equal(hclwrite.Format(tr.file.Bytes), file.Bytes) }) {
			t.Errorf("%s follows from the notes: it need not stand in the table", m)
		}
		out = append(out, &trial{name: m.String(), file: file, by: m.by})
	}
	return out
}

// replaced returns the files with one exchanged.
func replaced(files []fileset.File, file fileset.File) []fileset.File {
	files = slices.Clone(files)
	for i := range files {
		if files[i].Path == file.Path {
			files[i] = file
		}
	}
	return files
}

// caughtByVet returns the first finding of one of the noteRules, or one that a
// shipped test refers to what is gone.
func caughtByVet(files []fileset.File) string {
	ids := map[string]bool{}
	for _, r := range noteRules {
		ids[r.ID()] = true
	}
	for _, d := range vet.Run(context.Background(), files, vet.Options{Formatted: true, Rules: noteRules}).Findings {
		f, ok := vet.FindingOf(d)
		if ok && d.Subject != nil && (ids[f.Rule.ID()] || strings.HasPrefix(d.Subject.Filename, "tests/")) {
			return fmt.Sprintf("%s: %s", f.Rule.ID(), d.Summary)
		}
	}
	return ""
}
