package generator_test

import (
	"maps"
	"math/rand/v2"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/internal/mutate"
	"github.com/bpgen/bpgen/generator/link"
)

// platforms returns the blueprints with their templates of the conformance cases,
// each as an archive.
func platforms(t testing.TB) []*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob("../acceptance/testdata/conformance/*.txtar")
	if err != nil || len(paths) < 100 {
		t.Fatalf("%d cases: %v", len(paths), err)
	}
	var out []*txtar.Archive
	for _, p := range paths {
		a, err := txtar.ParseFile(p)
		if err != nil {
			t.Fatal(err)
		}
		a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool {
			return !strings.HasPrefix(f.Name, "blueprints/") && !strings.HasPrefix(f.Name, "templates/")
		})
		a.Comment = nil
		out = append(out, a)
	}
	return out
}

// FuzzPlatform renders a platform of a blueprint and templates with their tests
// and texts, with words changed as the seed says: whatever stands in the files, no
// stage panics, nothing blames bpgen, and it does not take long.
func FuzzPlatform(f *testing.F) {
	for _, a := range platforms(f) {
		a.Files = append(a.Files,
			txtar.File{Name: "templates/t/tests/a.tftest.hcl", Data: []byte("run \"a\" {\n  command = plan\n\n  variables {\n    x = 1\n  }\n\n  assert {\n    condition     = var.x == 1\n    error_message = \"m\"\n  }\n}\n")},
			txtar.File{Name: "templates/t/runbooks/a.md", Data: []byte("# A\n\n<!-- bpgen:if 1 == 1 -->\n{{ 1 + 1 }} {{ \"${path.module}/a\" }}\n<!-- bpgen:end -->\n")})
		for seed := range uint64(2) {
			f.Add(string(txtar.Format(a)), seed)
		}
	}
	f.Fuzz(func(t *testing.T, platform string, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 1))
		files := fstest.MapFS{}
		for _, file := range txtar.Parse([]byte(platform)).Files {
			name := path.Clean(file.Name)
			if !strings.HasPrefix(name, "blueprints/") && !strings.HasPrefix(name, "templates/") || len(files) > 20 {
				continue
			}
			src := file.Data
			if seed > 0 && r.IntN(2) == 0 {
				src = mutate.Words(r, src)
			}
			files[name] = &fstest.MapFile{Data: src}
		}
		stop := mutate.Watch(time.Minute, sources(files)) // Half a second is much.
		rendered(t, files)
		stop()
	})
}

// sources returns the files as an archive, as they were rendered.
func sources(files fstest.MapFS) string {
	a := &txtar.Archive{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		a.Files = append(a.Files, txtar.File{Name: name, Data: files[name].Data})
	}
	return string(txtar.Format(a))
}

// rendered renders every blueprint of a platform in both layouts.
func rendered(t *testing.T, files fstest.MapFS) {
	t.Helper()
	blueprints, err := files.Sub("blueprints")
	if err != nil {
		return // there is none
	}
	templates, err := files.Sub("templates")
	if err != nil {
		return
	}
	cat, _ := catalog.New(catalog.Root{Name: "p", Blueprints: blueprints, Templates: templates})
	for _, name := range cat.Blueprints() {
		for _, layout := range []link.Layout{link.Flat, link.Nested} {
			_, diags := generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: name, Layout: layout})
			for _, d := range diags {
				if p, ok := d.Extra.(*crash.Panic); ok {
					t.Errorf("%s: %s", layout, p.Error())
				} else if strings.Contains(d.Detail, "bug in bpgen") {
					t.Errorf("%s: %s", layout, d)
				}
			}
		}
	}
}
