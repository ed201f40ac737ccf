package generator_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog/catalogtest"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/internal/golden"
)

// TestMessages holds the messages of all conformance cases that are errors, as people
// see them: whoever changes one reads it, and the place that it shows.
func TestMessages(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../acceptance/testdata/conformance/*-error-*.txtar")
	if err != nil || len(paths) < 100 {
		t.Fatalf("only %d cases: %v", len(paths), err)
	}
	var out bytes.Buffer
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		cat, diags := catalogtest.Archive(t, archive)
		var res generator.Result
		if !diags.HasErrors() {
			res, diags = generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: "case", Inputs: sets(archive)})
		}
		if !diags.HasErrors() {
			t.Errorf("%s: no error", path)
		}
		if res.Sources == nil {
			res.Sources = cat.Sources()
		}
		out.WriteString("=== " + strings.TrimSuffix(filepath.Base(path), ".txtar") + "\n\n")
		if err := diag.Print(&out, res.Sources, diags, 0, nil); err != nil {
			t.Fatal(err)
		}
	}
	golden.File(t, "testdata/messages.golden", out.Bytes())
}
