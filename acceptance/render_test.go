package acceptance

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// openBuiltIn opens the catalog that bpgen ships, once for all tests.
var openBuiltIn = sync.OnceValues(func() (*catalog.Catalog, hcl.Diagnostics) {
	return catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
})

// builtIn returns the catalog that bpgen ships.
func builtIn(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, diags := openBuiltIn()
	fatal(t, nil, diags)
	return c
}

// builtInBlueprint returns a blueprint that bpgen ships.
func builtInBlueprint(t testing.TB, name string) *blueprint.Blueprint {
	t.Helper()
	c := builtIn(t)
	bp, diags := c.Blueprint(name)
	fatal(t, c, diags)
	return bp
}

// builtInWith is the same for what is not a test's own.
func builtInWith(name string) (*catalog.Catalog, *blueprint.Blueprint, error) {
	c, diags := openBuiltIn()
	if diags.HasErrors() {
		return nil, nil, diags
	}
	bp, diags := c.Blueprint(name)
	if diags.HasErrors() {
		return nil, nil, diags
	}
	return c, bp, nil
}

// render renders a blueprint below dir and returns the result.
func render(t testing.TB, dir, name string, layout link.Layout, options matrix.Row) generator.Result {
	t.Helper()
	result := memory(t, name, layout, options)
	if err := harness.WriteFiles(dir, result.Files); err != nil {
		t.Fatal(err)
	}
	return result
}

// memory renders a blueprint without writing anything.
func memory(t testing.TB, name string, layout link.Layout, options matrix.Row) generator.Result {
	t.Helper()
	c := builtIn(t)
	result, diags := generator.Generate(context.Background(), generator.Request{
		Catalog: c, Blueprint: name, Inputs: inputs(options), Layout: layout,
	})
	fatal(t, c, diags)
	return result
}

// inputs turns a row into what a user would give, sorted by name.
func inputs(options matrix.Row) []resolve.Input {
	var out []resolve.Input
	for _, name := range slices.Sorted(maps.Keys(options)) {
		out = append(out, resolve.Input{Name: name, Value: options[name], Source: "the test"})
	}
	return out
}

// label names a row of options in a test's name.
func label(options matrix.Row, axes []matrix.Axis) string {
	var parts []string
	for _, a := range axes {
		raw, err := ctyjson.Marshal(options[a.Name], options[a.Name].Type())
		if err != nil {
			raw = []byte(fmt.Sprintf("%#v", options[a.Name]))
		}
		parts = append(parts, a.Name+"="+strings.Trim(string(raw), `"`))
	}
	return strings.Join(parts, ",")
}

// choice returns an option's value as text.
func choice(options matrix.Row, name string) string {
	v := options[name]
	if v == cty.NilVal || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// fatal ends the test when there are errors, with their places.
func fatal(t testing.TB, c *catalog.Catalog, diags hcl.Diagnostics) {
	t.Helper()
	if !diags.HasErrors() {
		return
	}
	var text strings.Builder
	var sources map[string]*hcl.File
	if c != nil {
		sources = c.Sources()
	}
	if err := hcl.NewDiagnosticTextWriter(&text, sources, 120, false).WriteDiagnostics(diags); err != nil {
		t.Fatal(diags)
	}
	t.Fatal(text.String())
}

// complete is the root module through which a rendered module is validated and
// applied: one with configuration aliases cannot be a root itself.
func complete(dir string) string { return filepath.Join(dir, "examples", "complete") }

// code returns the files that a core reads, which is what a proof by a core is
// about: prose changes more often, and changes nothing there.
func code(t *testing.T, files []fileset.File) fileset.Set {
	t.Helper()
	var set fileset.Set
	for _, f := range files {
		if path.Ext(f.Path) == ".md" {
			continue
		}
		if err := set.Add(f.Path, f.Bytes); err != nil {
			t.Fatal(err)
		}
	}
	return set
}
