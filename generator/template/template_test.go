package template_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/template"
)

// TestLoad loads every archive of testdata as the template "t". What is in valid
// has no diagnostics, what is in invalid has those of the .diag beside it. A new
// archive is a new test.
func TestLoad(t *testing.T) {
	t.Parallel()
	for folder, least := range map[string]int{"valid": 3, "invalid": 12} {
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
		if err != nil || len(paths) < least {
			t.Fatalf("found %d archives in %s, want %d: %v", len(paths), folder, least, err)
		}
		for _, path := range paths {
			t.Run(folder+"/"+strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
				t.Parallel()
				tmpl, diags := template.Load(archive(t, path), "t", "templates/t", nil)
				var text bytes.Buffer
				if err := diag.Print(&text, tmpl.Sources, diags, 0, nil); err != nil {
					t.Fatal(err)
				}
				if folder == "valid" {
					if len(diags) > 0 {
						t.Errorf("got\n%s", &text)
					}
					return
				}
				if !diags.HasErrors() {
					t.Error("found no error")
				}
				golden.File(t, strings.TrimSuffix(path, ".txtar")+".diag", text.Bytes())
			})
		}
	}
}

func archive(t testing.TB, path string) fstest.MapFS {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, f := range a.Files {
		out[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return out
}

func load(t *testing.T, fsys fs.FS) *template.Template {
	t.Helper()
	tmpl, diags := template.Load(fsys, "t", "templates/t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return tmpl
}

func TestFiles(t *testing.T) {
	t.Parallel()
	tmpl := load(t, archive(t, "testdata/valid/files.txtar"))
	var files, tests, assets []string
	for _, f := range tmpl.Files {
		files = append(files, f.Name)
	}
	for _, f := range tmpl.Tests {
		tests = append(tests, f.Path)
	}
	for _, a := range tmpl.Assets {
		assets = append(assets, a.Path)
	}
	equal(t, "files", files, []string{"main.tf", "b.tf", "versions.tf"})
	equal(t, "tests", tests, []string{"templates/t/tests/a.tftest.hcl"})
	equal(t, "assets", assets, []string{"files/a.txt", "modules/x/main.tf", "modules/y/main.tf", "modules/y/texts/b.txt", "runbooks/restart.md"})
	if len(tmpl.Licences) != 1 || string(tmpl.Licences[0].Src) != "Terms.\n" {
		t.Errorf("licences: %q", tmpl.Licences)
	}
	equal(t, "read by y", tmpl.Modules["modules/y"].Reads, []string{"modules/y/texts/b.txt"})
	if tmpl.Summary != "The first sentence." || len(tmpl.Mocks) != 1 {
		t.Errorf("summary %q, mocks %v", tmpl.Summary, tmpl.Mocks)
	}
	for _, path := range []string{"main.tf", "b.tf", "tests/a.tftest.hcl", "tests/mocks/aws.tfmock.hcl"} {
		if tmpl.Sources["templates/t/"+path] == nil {
			t.Errorf("the source of %s was not kept", path)
		}
	}
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestDeclarations(t *testing.T) {
	t.Parallel()
	tmpl := load(t, archive(t, "testdata/valid/references.txtar"))
	var objects []string
	for addr, o := range tmpl.Objects {
		if addr != o.Address() {
			t.Errorf("%s stands under %s", o.Address(), addr)
		}
		objects = append(objects, fmt.Sprintf("%s %d", addr, o.Uses))
	}
	slices.Sort(objects)
	equal(t, "objects with their uses", objects, []string{
		"aws_security_group.this 3", "data.aws_region.current 1", "ephemeral.aws_secretsmanager_secret_version.this 1", "module.child 2",
	})
	equal(t, "variables", tmpl.VariableNames(), []string{"list"})
	equal(t, "outputs", tmpl.OutputNames(), []string{"id"})
	if tmpl.Locals["a"].Uses != 1 || tmpl.Locals["b"].Uses != 1 {
		t.Errorf("local values are used %d and %d times", tmpl.Locals["a"].Uses, tmpl.Locals["b"].Uses)
	}
	if tmpl.Variable("none") != nil || tmpl.Output("none") != nil || tmpl.Output("id") == nil {
		t.Error("what is not declared is found, or the other way round")
	}
}

// TestDirectives compares what each directive guards.
func TestDirectives(t *testing.T) {
	t.Parallel()
	tmpl := load(t, archive(t, "testdata/valid/directives.txtar"))
	var got []string
	for _, f := range tmpl.Files {
		for _, d := range f.Directives {
			if line := string(f.Src[d.Line.Start:d.Line.End]); !strings.Contains(line, "bpgen:if") || strings.Count(line, "\n") != 1 {
				t.Errorf("the line of a directive is %q", line)
			}
			rest := string(f.Src[d.Line.End:d.Item.End])
			if d.WholeFile {
				rest = "the file"
			}
			got = append(got, strings.Join(strings.Fields(rest), " "))
		}
	}
	equal(t, "guarded", got, []string{
		"input = 1 # with a comment",
		"triggers_replace = [ 1, # bpgen:if var.a 2, { # bpgen:if var.a x = 1 y = 2 }, ]",
		"2,",
		"x = 1",
		"lifecycle { ignore_changes = [ # bpgen:if var.a input, triggers_replace, # last ] }",
		"input,",
		"# A paragraph of # two lines.",
		"the file",
	})
}

// TestManyDirectives: directives one above the other guard the same item, and
// their number costs its number: each looking through all behind it would take
// minutes.
func TestManyDirectives(t *testing.T) {
	t.Parallel()
	const n = 60_000
	src := strings.Repeat("# bpgen:if 1\n", n) + "locals {\n  a = 1\n}\n"
	tmpl, diags := template.Load(fstest.MapFS{"main.tf": {Data: []byte(src)}}, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := tmpl.Files[0].Directives
	if len(got) != n || got[0].Item.End != len(src) || got[n-1].Item.End != len(src) {
		t.Errorf("%d directives, the first guards to %d of %d", len(got), got[0].Item.End, len(src))
	}
}

func TestNotOrdinaryFile(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{
		"main.tf":    {Data: []byte("")},
		"link.tf":    {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink | 0o777},
		"files/pipe": {Mode: fs.ModeNamedPipe | 0o600},
	}
	_, diags := template.Load(tree, "t", "templates/t", nil)
	if len(diags) != 2 || diags[0].Subject.Filename != "templates/t/link.tf" || diags[1].Subject.Filename != "templates/t/files/pipe" {
		t.Errorf("got %v", diags)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"main.tf", "files/a.bin", "README.md", "tests/a.tftest.hcl"} {
		tree := fstest.MapFS{"main.tf": {Data: []byte("")}}
		tree[name] = &fstest.MapFile{Data: bytes.Repeat([]byte("#"), 2<<20)}
		if _, diags := template.Load(tree, "t", "templates/t", nil); !diags.HasErrors() || !strings.Contains(diags.Error(), "large") {
			t.Errorf("%s: got %v", name, diags)
		}
	}
}

// TestConvert gives values to variables as a module call does.
func TestConvert(t *testing.T) {
	t.Parallel()
	tmpl := load(t, fstest.MapFS{"main.tf": {Data: []byte(`
variable "number" {
  type = number
}

variable "never_null" {
  type     = string
  default  = "d"
  nullable = false
}

variable "required_never_null" {
  type     = string
  nullable = false
}

variable "object" {
  type = object({ a = string, b = optional(number, 2), c = optional(object({ d = optional(bool, true) }), {}) })
}

variable "map" {
  type = map(object({ a = optional(number, 1) }))
}

variable "anything" {}
`)}})
	object := func(kv map[string]cty.Value) cty.Value { return cty.ObjectVal(kv) }
	full := object(map[string]cty.Value{"a": cty.StringVal("1"), "b": cty.NumberIntVal(2), "c": object(map[string]cty.Value{"d": cty.True})})
	tests := []struct {
		variable string
		in       cty.Value
		want     cty.Value // NilVal: an error
	}{
		{"number", cty.StringVal("3"), cty.NumberIntVal(3)},
		{"number", cty.StringVal("x"), cty.NilVal},
		{"number", cty.NullVal(cty.DynamicPseudoType), cty.NullVal(cty.Number)},
		{"number", cty.NumberIntVal(1).Mark("m"), cty.NumberIntVal(1).Mark("m")},
		{"never_null", cty.NullVal(cty.String), cty.StringVal("d")},
		{"never_null", cty.NullVal(cty.String).Mark("m"), cty.StringVal("d").Mark("m")},
		{"never_null", cty.UnknownVal(cty.String), cty.UnknownVal(cty.String)},
		{"required_never_null", cty.NullVal(cty.String), cty.NilVal},
		{"object", object(map[string]cty.Value{"a": cty.NumberIntVal(1)}), full},
		{"object", object(map[string]cty.Value{"a": cty.NumberIntVal(1), "extra": cty.True}), full},
		{"object", cty.EmptyObjectVal, cty.NilVal},
		{"object", cty.StringVal("x"), cty.NilVal},
		{"object", cty.TupleVal([]cty.Value{cty.True}), cty.NilVal},
		{"map", object(map[string]cty.Value{"k": cty.EmptyObjectVal}), cty.MapVal(map[string]cty.Value{"k": object(map[string]cty.Value{"a": cty.NumberIntVal(1)})})},
		{"map", cty.EmptyObjectVal, cty.MapValEmpty(cty.Object(map[string]cty.Type{"a": cty.Number}))},
		{"map", object(map[string]cty.Value{"k": cty.True}), cty.NilVal},
		{"map", cty.TupleVal([]cty.Value{cty.EmptyObjectVal}), cty.NilVal},
		{"anything", cty.TupleVal([]cty.Value{cty.True, cty.Zero}), cty.TupleVal([]cty.Value{cty.True, cty.Zero})},
	}
	for _, tt := range tests {
		got, err := tmpl.Variable(tt.variable).Convert(tt.in)
		switch {
		case tt.want == cty.NilVal && err == nil:
			t.Errorf("%s takes %#v as %#v", tt.variable, tt.in, got)
		case tt.want != cty.NilVal && (err != nil || !got.RawEquals(tt.want)):
			t.Errorf("%s makes of %#v %#v, %v; want %#v", tt.variable, tt.in, got, err, tt.want)
		}
	}
}

func TestObjectAddress(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		addr  string
		steps int
	}{
		"aws_vpc.this.id":                {"aws_vpc.this", 2},
		"aws_vpc.this[0].id":             {"aws_vpc.this", 2},
		"data.aws_region.current.name":   {"data.aws_region.current", 3},
		"ephemeral.a.b":                  {"ephemeral.a.b", 3},
		"module.child.id":                {"module.child", 2},
		"module.child[\"x\"].id":         {"module.child", 2},
		"data.aws_region.current[0].arn": {"data.aws_region.current", 3},
	}
	for text, tt := range tests {
		ref, diags := hclsyntax.ParseTraversalAbs([]byte(text), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if addr, n := template.ObjectAddress(ref); addr != tt.addr || n != tt.steps {
			t.Errorf("%s: got %s and %d", text, addr, n)
		}
	}
}
