package acceptance

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing/fstest"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/write"
	"github.com/bpgen/bpgen/templates"
)

// A templateEdit is a change in a newer release of bpgen, or one that puts a
// fault back.
type templateEdit struct{ file, old, new string }

// render writes the module as bpgen render does, over what was rendered
// before. The state and the root's own files stand beside it, hence --force.
func (v *living) render() error {
	files, err := renderedWith(v.life.blueprint, v.options, v.edits)
	if err != nil {
		return err
	}
	_, err = write.Apply(context.Background(), v.dir, files, write.Options{OnConflict: write.Overwrite})
	return err
}

// renderedWith renders a blueprint from the built-in templates with edits.
func renderedWith(blueprint string, options map[string]cty.Value, edits []templateEdit) (fileset.Set, error) {
	c, diags := openBuiltIn()
	if len(edits) > 0 {
		tree, err := edited(templates.FS, edits)
		if err != nil {
			return fileset.Set{}, err
		}
		c, diags = catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: tree})
	}
	if diags.HasErrors() {
		return fileset.Set{}, diags
	}
	result, diags := generator.Generate(context.Background(), generator.Request{
		Catalog: c, Blueprint: blueprint, Inputs: inputs(options), Layout: link.Flat,
	})
	if diags.HasErrors() {
		return fileset.Set{}, diags
	}
	return result.Files, nil
}

// edited returns a copy of the templates with edits, each of which must change
// something.
func edited(tree fs.FS, edits []templateEdit) (fs.FS, error) {
	out := fstest.MapFS{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		out[name] = &fstest.MapFile{Data: text, Mode: 0o644}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		file := out[path.Clean(e.file)]
		if file == nil || strings.Count(string(file.Data), e.old) != 1 {
			return nil, fmt.Errorf("templates/%s does not hold once what is to be changed: %q", e.file, e.old)
		}
		file.Data = []byte(strings.Replace(string(file.Data), e.old, e.new, 1))
	}
	return out, nil
}
