package vet_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/vet"
)

func read(t testing.TB, dir string) []fileset.File {
	t.Helper()
	var files []fileset.File
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		files = append(files, fileset.File{Path: filepath.ToSlash(rel), Bytes: content})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func run(files []fileset.File) vet.Result {
	return vet.Run(context.Background(), files, vet.Options{})
}

// lines writes findings as a golden file holds them.
func lines(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		f, _ := vet.FindingOf(d)
		fmt.Fprintf(&b, "%s: %s %s: %s\n    %s\n", d.Subject, f.Rule.Severity(), f.Rule.ID(), d.Summary, d.Detail)
	}
	return b.String()
}

// Every rule has a folder testdata/<rule> with a tree pass, in which vet finds
// nothing at all, and a tree fail, whose findings are in fail.golden. A new
// folder is a new test.
func TestFixtures(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var want, have []string
	for _, r := range vet.Rules() {
		want = append(want, r.ID())
	}
	for _, e := range entries {
		if e.Name() != "truth" {
			have = append(have, e.Name())
		}
	}
	if !slices.Equal(want, have) {
		t.Errorf("rules and directories of testdata differ:\nrules   %v\nfolders %v", want, have)
	}
	for _, id := range have {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			dir := path.Join("testdata", id)
			if pass := run(read(t, path.Join(dir, "pass"))); len(pass.Findings) > 0 {
				t.Errorf("the passing fixture has findings:\n%s", lines(pass.Findings))
			}
			fail := run(read(t, path.Join(dir, "fail")))
			if !slices.ContainsFunc(fail.Findings, func(d *hcl.Diagnostic) bool {
				f, _ := vet.FindingOf(d)
				return f.Rule.ID() == id
			}) {
				t.Errorf("the failing fixture has no finding of its rule:\n%s", lines(fail.Findings))
			}
			golden.File(t, path.Join(dir, "fail.golden"), []byte(lines(fail.Findings)))
		})
	}
}

func TestRulesAreDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range vet.Rules() {
		if r.ID() == "" || seen[r.ID()] || strings.ToLower(r.ID()) != r.ID() || strings.ContainsAny(r.ID(), " _.") {
			t.Errorf("rule %q: the ID is empty, doubled or not in lower case with hyphens", r.ID())
		}
		seen[r.ID()] = true
		if !strings.HasSuffix(r.Why(), ".") || strings.Contains(r.Why(), "\n") {
			t.Errorf("rule %s: why is %q, want one sentence", r.ID(), r.Why())
		}
		if r.Link() != "" && !strings.HasPrefix(r.Link(), "https://") {
			t.Errorf("rule %s: link is %q", r.ID(), r.Link())
		}
	}
}

// Findings point into a file that Sources hold, carry their rule, and have the
// same order in every run.
func TestFindingsAreWhole(t *testing.T) {
	fixtures, err := filepath.Glob("testdata/*/fail")
	if err != nil || len(fixtures) == 0 {
		t.Fatal(err, len(fixtures))
	}
	for _, dir := range fixtures {
		files := read(t, dir)
		first := run(files)
		for _, d := range first.Findings {
			f, ok := vet.FindingOf(d)
			if !ok || d.Subject == nil || d.Summary == "" || !strings.HasSuffix(strings.TrimRight(d.Detail, "\n"), ".") && !strings.HasSuffix(d.Detail, "?") {
				if ok && f.Rule.ID() == "parse" || ok && strings.HasSuffix(d.Detail, "...") {
					continue
				}
				t.Errorf("%s: incomplete finding %#v", dir, d)
				continue
			}
			if (f.Rule.Severity() == vet.SeverityError) != (d.Severity == hcl.DiagError) {
				t.Errorf("%s: severity of %s", dir, d)
			}
			if f.Rule.ID() != "unread-file" && first.Sources[d.Subject.Filename] == nil {
				t.Errorf("%s: no source for %s", dir, d.Subject)
			}
		}
		want := lines(first.Findings)
		for range 5 {
			if got := lines(run(files).Findings); got != want {
				t.Fatalf("%s: two runs differ:\n%s\n---\n%s", dir, want, got)
			}
		}
	}
}
