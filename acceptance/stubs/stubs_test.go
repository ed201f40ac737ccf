package stubs

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
)

// TestWrite: stubs are blueprints that render, as large as they say.
func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	names, err := Write(dir, 13)
	if err != nil || len(names) != 13 {
		t.Fatalf("%v %v", names, err)
	}
	root := os.DirFS(dir)
	lines := map[string]int{}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == ".md" {
			return err
		}
		src, err := fs.ReadFile(root, name)
		lines[strings.Split(name, "/")[0]] += strings.Count(string(src), "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if lines["blueprints"] < 4700 || lines["templates"] < 10_000 {
		t.Errorf("%d lines of blueprints and %d of templates are no large catalogue", lines["blueprints"], lines["templates"])
	}
	blueprints, err := fs.Sub(root, "blueprints")
	if err != nil {
		t.Fatal(err)
	}
	templates, err := fs.Sub(root, "templates")
	if err != nil {
		t.Fatal(err)
	}
	cat, diags := catalog.New(catalog.Root{Name: "stubs", Blueprints: blueprints, Templates: templates})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if _, diags := generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: names[12]}); diags.HasErrors() {
		t.Error(diags)
	}
}
