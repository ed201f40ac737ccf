package object_test

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/object"
	"github.com/bpgen/bpgen/templates"
)

// equal compares trees to the last field, those that hcl keeps to itself too.
var equal = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.Comparer(func(a, b cty.Value) bool {
		if !a.RawEquals(b) {
			return false
		}
		return a.IsNull() || a.Type() != cty.Number || a.AsBigFloat().Prec() == b.AsBigFloat().Prec()
	}),
	cmp.Comparer(func(a, b *hclsyntax.Operation) bool { return a == b }),
}

// every has each kind of node that the parser knows.
const every = `
a = (1 + 2) * -3 / 4 % 5 - 0.1 + 1e100 + 18446744073709551616
b = !true || false && null == "x" || 1 != 2 || 1 < 2 || 1 <= 2 || 1 > 2 || 1 >= 2
c = var.x.y[0]["k"].*.z
d = aws_x.y[*].z[0].w
e = aws_x.y[*].z[*].w
f = f(x)[0].y
g = f(x, y...)
h = x ? "a" : "b"
i = x[y]
j = [1, "日本語 👩‍👩‍👧 \u00e9 \\ \" \n $${x} %%{y}", [], {}]
k = { a = 1, (b) = 2, "c" = 3, "${d}" = 4, e : 5 }
l = [for v in x : v]
m = { for k, v in x : k => v... if v != null }
n = "${x}"
o = "a ${x} b %{ if y }c%{ else }d%{ endif } %{ for k, v in z ~} ${v} %{~ endfor }"
p = <<EOT
  heredoc ${x}
EOT
q = <<-EOT
    indented
  EOT
r = provider::aws::arn_parse("x")
s = x.0.y
t = "tab	and ${"nested ${x}"}"

# a comment é
block "label" two {
  inner {}
  x = 1 # behind
  inner {
    deeper "a" "b" {}
  }
}
oneline { x = 1 }
`

func TestTreesAreEqual(t *testing.T) {
	t.Parallel()
	sources := []object.Source{
		{Name: "every", Src: []byte(every)},
		{Name: "empty", Src: nil},
		{Name: "windows", Src: []byte(strings.ReplaceAll(every[:strings.Index(every, "p = <<EOT")], "\n", "\r\n"))},
	}
	sources = append(sources, builtIn(t)...)
	data, err := object.Encode(sources)
	if err != nil {
		t.Fatal(err)
	}
	store := object.Open(string(data))
	for i, s := range sources {
		if testing.Short() && i > 3 && i%16 > 0 { // under the race detector comparing takes ten minutes
			continue
		}
		want, diags := hclsyntax.ParseConfig(s.Src, s.Name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		got, ok := store.File(s.Src, s.Name)
		if !ok {
			t.Fatalf("%s is not there", s.Name)
		}
		if d := cmp.Diff(want.Body, got.Body, equal); d != "" {
			t.Errorf("%s: -parsed +read\n%s", s.Name, d)
		}
		if string(got.Bytes) != string(s.Src) {
			t.Errorf("%s: other bytes", s.Name)
		}
	}
}

// builtIn returns every HCL file that the program carries.
func builtIn(t testing.TB) []object.Source {
	t.Helper()
	var out []object.Source
	for dir, tree := range map[string]fs.FS{"templates": templates.FS, "blueprints": blueprints.FS} {
		err := fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(p, ".tf") && !strings.HasSuffix(p, ".hcl") {
				return err
			}
			src, err := fs.ReadFile(tree, p)
			out = append(out, object.Source{Name: dir + "/" + p, Src: src})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) < 40 {
		t.Fatalf("only %d files", len(out))
	}
	return out
}

func TestChangedSourceIsParsed(t *testing.T) {
	t.Parallel()
	data, err := object.Encode([]object.Source{{Name: "a", Src: []byte("x = 1\n")}})
	if err != nil {
		t.Fatal(err)
	}
	store := object.Open(string(data))
	for name, c := range map[string]struct{ name, src, want string }{
		"changed": {"a", "y = 1\n", "y"},
		"unknown": {"b", "x = 1\n", "x"},
		"same":    {"a", "x = 1\n", "x"},
	} {
		f, diags := store.Parse([]byte(c.src), c.name)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if f.Body.(*hclsyntax.Body).Attributes[c.want] == nil {
			t.Errorf("%s: the tree is not that of the source", name)
		}
		if _, held := store.File([]byte(c.src), c.name); held != (name == "same") {
			t.Errorf("%s: File says %v", name, held)
		}
	}
	var none *object.Store
	if _, diags := none.Parse([]byte("x = "), "a"); !diags.HasErrors() {
		t.Error("a nil store does not parse")
	}
	if _, err := object.Encode([]object.Source{{Name: "a", Src: []byte("x = ")}}); err == nil {
		t.Error("what does not parse was encoded")
	}
}

// TestTreesOfAFileAreApart holds that two callers may each change their tree.
func TestTreesOfAFileAreApart(t *testing.T) {
	t.Parallel()
	src := []byte("b { x = 1 }\n")
	data, err := object.Encode([]object.Source{{Name: "a", Src: src}})
	if err != nil {
		t.Fatal(err)
	}
	store := object.Open(string(data))
	one, _ := store.File(src, "a")
	two, _ := store.File(src, "a")
	delete(one.Body.(*hclsyntax.Body).Blocks[0].Body.Attributes, "x")
	if two.Body.(*hclsyntax.Body).Blocks[0].Body.Attributes["x"] == nil {
		t.Error("trees share nodes")
	}
}

// TestSnippetsNameTheBlock holds that diagnostics print as with a parsed file.
func TestSnippetsNameTheBlock(t *testing.T) {
	t.Parallel()
	src := []byte("variable \"a\" {\n  type = string\n}\n")
	data, err := object.Encode([]object.Source{{Name: "a.tf", Src: src}})
	if err != nil {
		t.Fatal(err)
	}
	read, _ := object.Open(string(data)).File(src, "a.tf")
	parsed, _ := hclsyntax.ParseConfig(src, "a.tf", hcl.InitialPos)
	var texts [2]strings.Builder
	for i, f := range []*hcl.File{read, parsed} {
		rng := f.Body.(*hclsyntax.Body).Blocks[0].Body.Attributes["type"].SrcRange
		w := hcl.NewDiagnosticTextWriter(&texts[i], map[string]*hcl.File{"a.tf": f}, 80, false)
		if err := w.WriteDiagnostic(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "s", Detail: "d", Subject: &rng}); err != nil {
			t.Fatal(err)
		}
	}
	if texts[0].String() != texts[1].String() || !strings.Contains(texts[0].String(), `in variable "a"`) {
		t.Errorf("read:\n%s\nparsed:\n%s", &texts[0], &texts[1])
	}
}

func FuzzTreesAreEqual(f *testing.F) {
	f.Add([]byte(every))
	f.Fuzz(func(t *testing.T, src []byte) {
		want, diags := hclsyntax.ParseConfig(src, "f", hcl.InitialPos)
		if diags.HasErrors() {
			return
		}
		data, err := object.Encode([]object.Source{{Name: "f", Src: src}})
		if err != nil {
			t.Skipf("not encoded: %v", err) // a node that only faults make
		}
		got, ok := object.Open(string(data)).File(src, "f")
		if !ok {
			t.Fatal("not there")
		}
		if d := cmp.Diff(want.Body, got.Body, equal); d != "" {
			t.Error(d)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	sources := builtIn(b)
	data, err := object.Encode(sources)
	if err != nil {
		b.Fatal(err)
	}
	text := string(data)
	b.Run("object", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			store := object.Open(text)
			for _, s := range sources {
				store.File(s.Src, s.Name)
			}
		}
	})
	b.Run("source", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, s := range sources {
				hclsyntax.ParseConfig(s.Src, s.Name, hcl.InitialPos)
			}
		}
	})
}
