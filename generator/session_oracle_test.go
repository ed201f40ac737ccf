package generator_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/catalog/catalogtest"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// A job is one render of a catalog.
type job struct {
	blueprint string
	inputs    []resolve.Input
	layout    link.Layout
}

func (j job) request(cat *catalog.Catalog) generator.Request {
	return generator.Request{Catalog: cat, Blueprint: j.blueprint, Inputs: j.inputs, Layout: j.layout}
}

// An outcome is what a render by itself returns.
type outcome struct {
	result generator.Result
	diags  hcl.Diagnostics
}

// TestSessionChangesNothing: in a session every render has the files and the
// diagnostics that it has by itself, whatever was rendered before. It runs every
// conformance case and every case of testdata/session, each of which varies one
// thing that a render may depend on, with every pair of option values, in both
// layouts, twice, in an order of chance.
func TestSessionChangesNothing(t *testing.T) {
	t.Parallel()
	var cases []string
	for _, pattern := range []string{"../acceptance/testdata/conformance/*.txtar", "testdata/session/*.txtar"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) < 5 {
			t.Fatalf("only %d cases in %s: %v", len(found), pattern, err)
		}
		cases = append(cases, found...)
	}
	renders, failed := 0, 0
	for n, path := range cases {
		if testing.Short() && n%16 > 0 { // under the race detector; here nothing runs at once
			continue
		}
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		cat, diags := catalogtest.Archive(t, archive)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		jobs := every(cat, sets(archive))
		session := generator.NewSession(cat)
		alone := make([]outcome, len(jobs))
		numbers := make([]int, len(jobs))
		for i, j := range jobs {
			numbers[i] = i
			alone[i].result, alone[i].diags = generator.Generate(t.Context(), j.request(cat))
			if alone[i].diags.HasErrors() {
				failed++
			}
		}
		order := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // The same order in every run.
		for range 2 {
			order.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
			for _, i := range numbers {
				j := jobs[i]
				got, gotDiags := session.Generate(t.Context(), j.request(cat))
				if difference := differs(alone[i].result, got, alone[i].diags, gotDiags); difference != "" {
					t.Fatalf("%s, blueprint %s, %v, %s: in a session %s", path, j.blueprint, j.inputs, j.layout, difference)
				}
				renders++
			}
		}
	}
	if !testing.Short() && (renders < 3000 || failed < 150 || failed > renders/4) {
		t.Errorf("%d renders, %d of them with errors: that proves little", renders, failed)
	}
}

// TestSessionOfTheBuiltIn is the same for the built-in blueprint.
func TestSessionOfTheBuiltIn(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	session := generator.NewSession(cat)
	for _, s := range rowsOf(t, cat) {
		for _, layout := range []link.Layout{link.Flat, link.Nested} {
			req := generator.Request{Catalog: cat, Blueprint: s.blueprint, Inputs: inputs(s.row), Layout: layout}
			want, wantDiags := generator.Generate(t.Context(), req)
			got, gotDiags := session.Generate(t.Context(), req)
			if wantDiags.HasErrors() {
				t.Fatal(wantDiags)
			}
			if difference := differs(want, got, wantDiags, gotDiags); difference != "" {
				t.Fatalf("%s, %s: in a session %s", s, layout, difference)
			}
		}
	}
}

// sets returns what a case gives to its options, which are the values that it was
// written for.
func sets(archive *txtar.Archive) []resolve.Input {
	var out []resolve.Input
	for _, f := range archive.Files {
		if f.Name != "set" {
			continue
		}
		for line := range strings.SplitSeq(string(f.Data), "\n") {
			if name, value, ok := strings.Cut(line, "="); ok {
				out = append(out, resolve.Input{Name: name, Raw: value, Source: "--set"})
			}
		}
	}
	return out
}

// every returns the renders of all blueprints with every pair of option values.
func every(cat *catalog.Catalog, given []resolve.Input) []job {
	var out []job
	for _, name := range cat.Blueprints() {
		chosen := [][]resolve.Input{given}
		if bp, diags := cat.Blueprint(name); !diags.HasErrors() {
			options := resolve.Options(bp)
			// Impossible combinations are wanted too: errors must be the same.
			pairs, _ := matrix.Pairwise(matrix.Axes(options, nil), func(matrix.Row) bool { return true })
			for _, row := range pairs {
				chosen = append(chosen, inputs(row))
			}
		}
		for _, in := range chosen {
			for _, layout := range []link.Layout{link.Flat, link.Nested} {
				out = append(out, job{name, in, layout})
			}
		}
	}
	return out
}

// differs says what differs between a render by itself and one in a session.
func differs(want, got generator.Result, wantDiags, gotDiags hcl.Diagnostics) string {
	if a, b := told(wantDiags), told(gotDiags); a != b {
		return fmt.Sprintf("the diagnostics differ:\n%s\ninstead of\n%s", b, a)
	}
	if wantDiags.HasErrors() {
		return "" // there are no files to use
	}
	a, b := want.Files.Files(), got.Files.Files()
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return b[i].Path + " is there"
		case i >= len(b) || a[i].Path != b[i].Path:
			return a[i].Path + " is missing"
		case !bytes.Equal(a[i].Bytes, b[i].Bytes):
			return fmt.Sprintf("%s differs:\n%s\ninstead of\n%s", a[i].Path, b[i].Bytes, a[i].Bytes)
		}
	}
	return ""
}

func told(diags hcl.Diagnostics) string {
	var lines []string
	for _, d := range diag.Sort(diags) {
		lines = append(lines, fmt.Sprintf("%v %v %s; %s", d.Severity, d.Subject, d.Summary, d.Detail))
	}
	return strings.Join(slices.Compact(lines), "\n")
}
