package notes_test

import (
	"math/rand/v2"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/mutate"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// FuzzModule vets a module with a test, values and all rules, with words changed
// as the seed says: no rule panics, whatever a file holds.
func FuzzModule(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) < 20 {
		f.Fatalf("%d fixtures: %v", len(paths), err)
	}
	for i, p := range paths {
		a, err := txtar.ParseFile(p)
		if err != nil {
			f.Fatal(err)
		}
		var src []byte
		for _, file := range a.Files {
			if path.Ext(file.Name) == ".tf" && len(src) < 4000 {
				src = append(src, file.Data...)
			}
		}
		f.Add(string(src), "run \"a\" {\n  command = plan\n\n  variables {\n    name = \"x\"\n  }\n\n  assert {\n    condition     = var.name == \"x\"\n    error_message = \"m\"\n  }\n}\n", uint64(i))
	}
	f.Fuzz(func(t *testing.T, module, test string, seed uint64) {
		src := []byte(module)
		if seed > 0 {
			src = mutate.Words(rand.New(rand.NewPCG(seed, 1)), src)
		}
		files := []fileset.File{
			{Path: "main.tf", Bytes: src}, {Path: "modules/m/main.tf", Bytes: src},
			{Path: "tests/a.tftest.hcl", Bytes: []byte(test)}, {Path: "envs/a.tfvars", Bytes: []byte(test)}, {Path: "tests/mocks/aws.tfmock.hcl", Bytes: []byte(test)},
		}
		stop := mutate.Watch(time.Minute, string(src), test)
		for _, major := range []string{"5", "6"} {
			for _, d := range vet.Run(t.Context(), files, vet.Options{Major: major, Rules: notes.Rules()}).Findings {
				if _, ok := vet.FindingOf(d); !ok || strings.Contains(d.Detail, "bug in bpgen") {
					t.Errorf("no finding: %s", d)
				}
			}
		}
		stop()
	})
}
