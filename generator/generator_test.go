package generator_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// reference is the blueprint of tests that are about one rendering.
const reference = "ecs-fargate"

// A sample is a combination of a blueprint's options.
type sample struct {
	blueprint string
	row       matrix.Row
}

func (s sample) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(s.row)) {
		parts = append(parts, name+"="+resolve.Show(s.row[name]))
	}
	return s.blueprint + " " + strings.Join(parts, ",")
}

// samples returns rows of the options of all blueprints that hold each value, or with
// BPGEN_ACC_MATRIX=pairs each pair of values. It skips the test under the race detector,
// where a row takes ten times as long: one render after the other says nothing there that
// TestSessionOfTheBuiltIn does not.
func samples(t *testing.T, cat *catalog.Catalog) []sample {
	t.Helper()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
	return rowsOf(t, cat)
}

// rowsOf returns the rows of samples, or two for each blueprint with -short.
func rowsOf(t *testing.T, cat *catalog.Catalog) []sample {
	t.Helper()
	var out []sample
	for _, name := range cat.Blueprints() {
		bp, diags := cat.Blueprint(name)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		axes, allowed := matrix.Axes(resolve.Options(bp), nil), matrix.Allowed(bp, resolve.Options(bp))
		rows, _ := matrix.Each(axes, allowed)
		switch {
		case os.Getenv("BPGEN_ACC_MATRIX") != "":
			rows, _ = matrix.Pairwise(axes, allowed)
		case testing.Short():
			rows = rows[:2]
		}
		if len(rows) < 2 {
			t.Fatalf("only %d rows cover the options of %s", len(rows), name)
		}
		for _, row := range rows {
			out = append(out, sample{name, row})
		}
	}
	return out
}

func inputs(row matrix.Row) []resolve.Input {
	var in []resolve.Input
	for _, name := range slices.Sorted(maps.Keys(row)) {
		in = append(in, resolve.Input{Name: name, Value: row[name], Source: "test"})
	}
	return in
}

// render renders the reference.
func render(t *testing.T, cat *catalog.Catalog, in []resolve.Input, layout link.Layout) generator.Result {
	t.Helper()
	return mustRender(t, generator.Request{Catalog: cat, Blueprint: reference, Inputs: in, Layout: layout})
}

// renderSample renders a blueprint with the sample's options.
func renderSample(t *testing.T, cat *catalog.Catalog, s sample, layout link.Layout) generator.Result {
	t.Helper()
	return mustRender(t, generator.Request{Catalog: cat, Blueprint: s.blueprint, Inputs: inputs(s.row), Layout: layout})
}

func mustRender(t *testing.T, req generator.Request) generator.Result {
	t.Helper()
	res, diags := generator.Generate(t.Context(), req)
	if diags.HasErrors() {
		var out bytes.Buffer
		_ = hcl.NewDiagnosticTextWriter(&out, res.Sources, 100, false).WriteDiagnostics(diags)
		t.Fatal(out.String())
	}
	return res
}

func TestSameBytesEveryTime(t *testing.T) {
	t.Parallel()
	times := 8
	if testing.Short() { // under the race detector
		times = 2
	}
	for _, layout := range []link.Layout{link.Flat, link.Nested} {
		first := render(t, builtIn(t), nil, layout)
		for range times {
			again := render(t, builtIn(t), nil, layout)
			if !slices.EqualFunc(first.Files.Files(), again.Files.Files(), func(a, b fileset.File) bool {
				return a.Path == b.Path && bytes.Equal(a.Bytes, b.Bytes)
			}) {
				t.Fatalf("two renders of the %s layout differ", layout)
			}
		}
	}
}

// TestNamesDoNotDependOnOptions: what stays when an option changes keeps its
// address, or switching it would re-create what it does not concern.
func TestNamesDoNotDependOnOptions(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	seen := map[string]string{}
	from := map[string]sample{}
	for _, s := range samples(t, cat) {
		for _, r := range renderSample(t, cat, s, link.Flat).Module.Rename {
			if strings.HasPrefix(r.Flat, "data.") {
				continue // only read: version 5 of the provider reads once more in each region
			}
			nested := s.blueprint + " " + strings.TrimSuffix(r.Nested, "[0]")
			if flat, ok := seen[nested]; ok && flat != r.Flat {
				t.Errorf("%s is %s with %s, but %s with %s", nested, flat, from[nested], r.Flat, s)
			}
			seen[nested], from[nested] = r.Flat, s
		}
	}
	if len(seen) < 80 {
		t.Errorf("only %d addresses were compared", len(seen))
	}
}

// TestNoDecidedToggleIsLeft: a count, for_each or dynamic that the options
// decide does not reach the flat module.
func TestNoDecidedToggleIsLeft(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	repeats := 0
	for _, s := range samples(t, cat) {
		res := renderSample(t, cat, s, link.Flat)
		for _, f := range res.Files.Files() {
			if !strings.HasSuffix(f.Path, ".tf") || strings.Contains(f.Path, "/") {
				continue
			}
			file, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, b := range file.Body.(*hclsyntax.Body).Blocks {
				repeats += toggles(b, func(a *hclsyntax.Attribute) {
					t.Errorf("%s: %s is decided: %s", s, a.SrcRange, f.Bytes[a.SrcRange.Start.Byte:a.SrcRange.End.Byte])
				})
			}
		}
	}
	if repeats == 0 {
		t.Error("the module has no count, for_each or dynamic at all: nothing was checked")
	}
}

// toggles counts the repetitions in a block and reports those that are toggles:
// a count of 0 or 1, an empty collection, a dynamic over a constant.
func toggles(b *hclsyntax.Block, report func(*hclsyntax.Attribute)) int {
	n := 0
	for _, name := range []string{"count", "for_each"} {
		a := b.Body.Attributes[name]
		if a == nil {
			continue
		}
		n++
		v, diags := a.Expr.Value(nil)
		if diags.HasErrors() || !v.IsWhollyKnown() || v.IsNull() {
			continue
		}
		switch {
		case b.Type == "dynamic",
			v.Type() == cty.Number && v.AsBigFloat().IsInt() && v.LessThanOrEqualTo(cty.NumberIntVal(1)).True(),
			v.CanIterateElements() && v.LengthInt() == 0:
			report(a)
		}
	}
	for _, nested := range b.Body.Blocks {
		n += toggles(nested, report)
	}
	return n
}

// TestEveryCombinationIsSound: every value of every option renders, and vet
// has nothing to say.
func TestEveryCombinationIsSound(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	for _, s := range samples(t, cat) {
		res, diags := generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: s.blueprint, Inputs: inputs(s.row)})
		if len(diags) > 0 {
			t.Errorf("%s: %s", s, diags)
		}
		for _, f := range res.Files.Files() {
			if ext := path.Ext(f.Path); ext != ".tf" && ext != ".tfvars" && ext != ".hcl" {
				continue
			}
			if want := hclwrite.Format(f.Bytes); !bytes.Equal(f.Bytes, want) {
				t.Errorf("%s: %s is not formatted:\n%s\nbut should be\n%s", s, f.Path, f.Bytes, want)
			}
		}
	}
}

// TestBuiltInIsFormatted: the linker does not format again what it takes from
// the built-in tree unchanged.
func TestBuiltInIsFormatted(t *testing.T) {
	t.Parallel()
	n := 0
	for _, fsys := range []fs.FS{blueprints.FS, templates.FS} {
		err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
			if ext := path.Ext(p); err != nil || d.IsDir() || ext != ".tf" && ext != ".hcl" {
				return err
			}
			n++
			src, err := fs.ReadFile(fsys, p)
			if err == nil && !bytes.Equal(src, hclwrite.Format(src)) {
				t.Errorf("%s is not formatted: terraform fmt", p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 40 {
		t.Errorf("only %d files were looked at", n)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, diags := generator.Generate(ctx, generator.Request{Catalog: builtIn(t), Blueprint: reference})
	if !diags.HasErrors() || !strings.Contains(diags.Error(), "Interrupted") {
		t.Errorf("a cancelled render says %v", diags)
	}
}

// TestErrorsComeTogether: one run reports everything that is wrong.
func TestErrorsComeTogether(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"blueprints/x/blueprint.hcl": {Data: []byte(`
blueprint "x" {
  version = "1.0.0"
}

component "a" {
  template = "t"
  with = {
    size  = "many"
    colour = "red"
    other = component.b.missing
  }
}

component "b" {
  template = "t"
  with = { size = 99, other = "x" }
}

output "o" {
  value = component.a.nothing
}
`)},
		"templates/t/main.tf": {Data: []byte(`
variable "size" {
  type = number
  validation {
    condition     = var.size < 10
    error_message = "The size is at most 9."
  }
}

variable "color" {
  type    = string
  default = "blue" # why: test
}

variable "other" {
  type = string
}

output "id" {
  value = "${var.size}${var.color}${var.other}"
}
`)},
	}
	blueprints, _ := fsys.Sub("blueprints")
	templates, _ := fsys.Sub("templates")
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints, Templates: templates})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	_, diags = generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: "x"})
	all := ""
	for _, d := range diags {
		all += fmt.Sprintf("%s: %s\n", d.Summary, d.Detail)
	}
	for _, want := range []string{
		`"size" of the template must have type number`, `no variable "colour"`, `Did you mean "color"`, `no output "missing"`, "The size is at most 9.", `no output "nothing"`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q in:\n%s", want, all)
		}
	}
}
