package generator

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

	"github.com/bpgen/bpgen/templates"
)

// TestParseFile: block by block, from known blocks or as a whole, the trees are
// the same.
func TestParseFile(t *testing.T) {
	t.Parallel()
	sources := []string{
		"", "a = 1\n", "a = 1\nb {\n}\nc = 2\n", "a {\n  x = 1\n}\n\n# é\nb {\n  y = \"é\"\n}\n", "a {\n}\n# no line end",
		"a {\n  x = <<EOT\n}\nEOT\n}\nb {\n}\n", "a {\n/*\n}\n*/\n}\nb {\n}\n", "a = 1\nb {\n}\na = 2\n", "a {\n", "}\n", "a = [{\n}\n, 1]\n",
	}
	err := fs.WalkDir(templates.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".tf") && !strings.HasSuffix(p, ".hcl") {
			return err
		}
		src, err := fs.ReadFile(templates.FS, p)
		sources = append(sources, string(src))
		return err
	})
	if err != nil || len(sources) < 50 {
		t.Fatal(err, len(sources))
	}
	same := cmp.Options{
		cmpopts.EquateEmpty(),
		cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.Comparer(func(a, b cty.Value) bool { return a.RawEquals(b) }),
		cmp.Comparer(func(a, b *hclsyntax.Operation) bool { return a == b }),
	}
	known := &blocks{}
	for _, src := range sources {
		want, wantDiags := hclsyntax.ParseConfig([]byte(src), "f", hcl.InitialPos)
		for how, k := range map[string]*blocks{"one render": nil, "first of many": known, "again": known} {
			got, gotDiags := k.parseFile([]byte(src), "f")
			if d := cmp.Diff(wantDiags.Error(), gotDiags.Error()); d != "" {
				t.Errorf("%.60q, %s: %s", src, how, d)
			}
			a, b := want.Body.(*hclsyntax.Body), got.Body.(*hclsyntax.Body)
			// Where the body ends is nobody's question.
			b.SrcRange, b.EndRange = a.SrcRange, a.EndRange
			empty(a)
			empty(b)
			if reflect.DeepEqual(a, b) { // cmp takes a hundred times as long to say so.
				continue
			}
			if d := cmp.Diff(a, b, same); d != "" {
				t.Errorf("%.60q, %s: -whole +blocks\n%s", src, how, d)
			}
		}
	}
	if n := known.trees.Len(); n < len(sources) {
		t.Errorf("only %d blocks are known", n)
	}
}

// empty makes nil of every list of blocks without any, which means the same.
func empty(b *hclsyntax.Body) {
	if len(b.Blocks) == 0 {
		b.Blocks = nil
	}
	for _, block := range b.Blocks {
		empty(block.Body)
	}
}
