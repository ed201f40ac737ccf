package generator_test

import (
	"io/fs"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
	"github.com/bpgen/bpgen/templates"
)

// TestRenderedIsClean: bpgen vet finds nothing in what render writes, in either
// layout, not even a warning. A nested module holds templates with the alternatives
// of every option side by side, so a rule must know what may be there together.
func TestRenderedIsClean(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	seen := 0
	for i, s := range samples(t, cat) {
		for _, layout := range []link.Layout{link.Nested, link.Flat} {
			if layout == link.Flat && i%6 > 0 {
				continue // a render of it runs vet itself
			}
			res := renderSample(t, cat, s, layout)
			opts := vet.Options{Home: resolve.HomeOf(res.Choices).Zone, Rules: notes.Rules()}
			for _, d := range vet.Run(t.Context(), res.Files.Files(), opts).Findings {
				t.Errorf("%s with %s: %s: %s (%v)", layout, s, d.Summary, d.Detail, d.Subject)
			}
			seen++
		}
		if t.Failed() {
			return // the next rows have the same
		}
	}
	if seen < len(samples(t, cat)) {
		t.Errorf("only %d trees were looked at", seen)
	}
}

// TestTemplatesAreClean: bpgen vet finds nothing in the templates as they stand.
func TestTemplatesAreClean(t *testing.T) {
	t.Parallel()
	var files []fileset.File
	err := fs.WalkDir(templates.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(templates.FS, name)
		files = append(files, fileset.File{Path: name, Bytes: src})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	result := vet.Run(t.Context(), files, vet.Options{Rules: notes.Rules()})
	for _, d := range result.Findings {
		t.Errorf("%s: %s (%v)", d.Summary, d.Detail, d.Subject)
	}
	if len(result.Modules) < 20 {
		t.Errorf("only %d modules were looked at", len(result.Modules))
	}
}
