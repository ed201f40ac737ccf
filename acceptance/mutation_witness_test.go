package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/mutants"
	"github.com/bpgen/bpgen/generator/fileset"
)

// A witness says which mutants of a module its shipped tests notice.
type witness struct {
	core     harness.Core
	provider harness.Provider
	dir      string
	bench    *mutants.Bench
	tests    []fileset.File // the runs alone, with their conditions apart
	files    []fileset.File
	base     *harness.Runner
	ready    func() error
	runs     int
}

func newWitness(t *testing.T, core harness.Core, provider harness.Provider, dir string, files []fileset.File) *witness {
	t.Helper()
	onePlan(t, dir)
	w := &witness{core: core, provider: provider, dir: dir, files: files, base: core.In(t, dir, provider).Setenv("GOGC=400")}
	if err := w.base.OnlyNames(dir); err != nil {
		t.Fatal(err)
	}
	w.ready = sync.OnceValue(w.base.Init)
	paths, err := filepath.Glob(filepath.Join(dir, runsAlone, "*.tftest.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err == nil {
			src, err = mutants.Apart(path, src)
		}
		if err == nil && core.Name == harness.Terraform { // OpenTofu mocks at apply alone
			src, err = mutants.AtPlan(path, src, files)
		}
		if err == nil {
			err = harness.WriteFile(path, src)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.tests = append(w.tests, fileset.File{Path: runsAlone + "/" + filepath.Base(path), Bytes: src})
	}
	if w.bench, err = mutants.NewBench(files, w.tests); err != nil {
		t.Fatal(err)
	}
	return w
}

// try tries mutants, many at a time, and alone those of which that says nothing.
func (w *witness) try(t *testing.T, trials []*trial) {
	t.Helper()
	var all []*mutants.Mutant
	for _, tr := range trials {
		m, err := w.bench.Mutant(tr.name, tr.file)
		if err != nil {
			t.Fatal(err)
		}
		tr.mutant, all = m, append(all, m)
	}
	if len(all) == 0 {
		return
	}
	none, err := w.bench.Batch()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range w.tests {
		names = append(names, f.Path)
	}
	if found := w.test(t, none.Files, names); len(found.Faults) > 0 {
		t.Fatalf("a shipped test fails without a mutation: %v", found.Faults)
	}
	for {
		batch, err := w.bench.Pick(all)
		if err != nil {
			t.Fatal(err)
		}
		if len(batch.Mutants) == 0 {
			break
		}
		w.batch(t, batch)
	}
	for _, tr := range trials {
		if m := tr.mutant; m.Noticed == "" && m.Apart {
			w.alone(t, tr)
		}
	}
	w.sample(t, all)
	t.Logf("%d mutants in %d runs of the tests", len(all), w.runs)
}

// sample tries some of the mutants that were noticed among others alone, too: the
// same must come of it.
func (w *witness) sample(t *testing.T, all []*mutants.Mutant) {
	t.Helper()
	const every = 20
	noticed := slices.DeleteFunc(slices.Clone(all), func(m *mutants.Mutant) bool { return m.Noticed == "" || m.Apart })
	for i := 0; i < len(noticed); i += every {
		m := noticed[i]
		among := m.Noticed
		batch, err := w.bench.Batch(m)
		if err != nil {
			t.Fatal(err)
		}
		if m.Noticed = ""; len(w.judge(t, batch)) > 0 || m.Noticed == "" {
			t.Errorf("%s is noticed among others (%s), and not alone", m.Name, among)
		}
	}
}

// batch tries mutants together. What stands outside of the tests and can be the fault
// of some is a reason to try these alone; else they are tried by halves.
func (w *witness) batch(t *testing.T, batch *mutants.Batch) {
	t.Helper()
	others := w.judge(t, batch)
	if len(others) == 0 {
		return
	}
	blamed := 0
	for _, f := range others {
		behind := batch.Behind(f)
		for _, m := range behind {
			blamed++
			m.Apart = true
		}
	}
	if blamed > 0 {
		return
	}
	if n := len(batch.Mutants); n > 1 {
		for _, half := range [][]*mutants.Mutant{batch.Mutants[:n/2], batch.Mutants[n/2:]} {
			half = slices.DeleteFunc(slices.Clone(half), func(m *mutants.Mutant) bool { return !m.Open() })
			smaller, err := w.bench.Batch(half...)
			if err != nil {
				t.Fatal(err)
			}
			if len(half) > 0 {
				w.batch(t, smaller)
			}
		}
		return
	}
	batch.Mutants[0].Apart = true
}

// alone tries one mutant. A condition of the module that refuses it has noticed it;
// anything else that fails makes it no module at all.
func (w *witness) alone(t *testing.T, tr *trial) {
	t.Helper()
	batch, err := w.bench.Batch(tr.mutant)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range w.judge(t, batch) {
		switch {
		case strings.Contains(f.Text, "condition failed"), strings.HasPrefix(f.Text, "Check block assertion failed"):
			tr.mutant.Noticed = f.File + ": " + f.Text
			return
		case tr.refused == "":
			tr.refused = fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
		}
	}
	if tr.mutant.Noticed != "" {
		tr.refused = ""
	}
}

func (w *witness) judge(t *testing.T, batch *mutants.Batch) []mutants.Failure {
	t.Helper()
	found := w.test(t, batch.Files, batch.Tests())
	var failures []mutants.Failure
	for _, f := range found.Faults {
		failures = append(failures, mutants.Failure(f))
	}
	ended := map[[2]string]bool{}
	for _, run := range found.Runs {
		if run.Status == "pass" || run.Status == "fail" {
			ended[[2]string{run.File, run.Name}] = true
		}
	}
	return batch.Judge(failures, ended)
}

// test runs test files with a changed module, or knows what came of it before.
func (w *witness) test(t *testing.T, files []fileset.File, names []string) harness.TestResult {
	t.Helper()
	var asked fileset.Set
	for _, f := range w.tests {
		if slices.Contains(names, f.Path) {
			if err := asked.Add(f.Path, f.Bytes); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := harness.Known(t, w.core, w.provider, "TestMutations 2", func() (harness.TestResult, error) {
		w.runs++
		if err := w.ready(); err != nil {
			return harness.TestResult{}, err
		}
		dir := copyTree(t, w.dir)
		for _, f := range files {
			if err := harness.WriteFile(filepath.Join(dir, filepath.FromSlash(f.Path)), f.Bytes); err != nil {
				return harness.TestResult{}, err
			}
		}
		args := []string{"-test-directory=" + runsAlone}
		for _, name := range names {
			args = append(args, "-filter="+name)
		}
		result, err := w.base.At(dir).TestBriefly(args...)
		if len(result.Runs) > 0 || len(result.Faults) > 0 {
			err = nil // that tests fail is what is asked
		}
		return result, err
	}, code(t, files), asked)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
