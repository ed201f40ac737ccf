package builtin_test

import (
	"io/fs"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/object"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/templates"
)

// TestFresh holds that no render has to parse what the program carries.
func TestFresh(t *testing.T) {
	t.Parallel()
	var all []object.Source
	add := func(dir string, tree fs.FS, patterns ...string) {
		for _, pattern := range patterns {
			files, err := fs.Glob(tree, pattern)
			if err != nil || len(files) == 0 {
				t.Fatalf("%s: %v, %d files", pattern, err, len(files))
			}
			for _, f := range files {
				src, err := fs.ReadFile(tree, f)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, object.Source{Name: dir + "/" + f, Src: src})
			}
		}
	}
	add("templates", templates.FS, "*/*.tf", "*/deviations.hcl", "*/tests/*.tftest.hcl", "*/tests/mocks/*.tfmock.hcl")
	add("blueprints", blueprints.FS, "*/blueprint.hcl", "parts/*.hcl")
	if err := builtin.Objects().Fresh(all); err != nil {
		t.Errorf("objects.bin holds %v; run: make generate", err)
	}
}
