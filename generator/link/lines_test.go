package link

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/templates"
)

// TestLinesDoWhatTokensDo: the quick way gives what the thorough way gives, for
// every block of the built-in templates and for awkward text.
func TestLinesDoWhatTokensDo(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "\n\n", "a = 1", "# only a comment\n", "\n\n# notes: s3.retention\n\n\nresource \"a\" \"b\" {\n\n  x = var.y # notes: s3.retention why\n\n\n  y = [\n\n    local.z,\n\n  ]\n\n}\n\n",
		"x = \"# no comment\" # notes: s3.retention\n", "x = \"${f(\"# notes: a.b\")}\"\n", "x = \"a\\\"b\" # c\ny = f(a, # d\n\n b)\n", "x = \"http://a\"\n",
		"x = {\n  # c\n\n  a = 1\n\n  # d\n\n}\n", "x = data.aws_a.b.c + module.m.o + aws_t.n[0].x + each.value.a\n", "x = var.a-1\ny = a .b\n",
	}
	blocks := builtInBlocks(t)
	texts = append(texts, blocks...)
	cited := func(id string) (string, string, bool) { return "22-02", "Words of " + id + ".", true }
	quick := 0
	for _, text := range texts {
		got, ok := tidyLines(text, false, cited, hclwrite.Format)
		if !ok {
			continue
		}
		quick++
		want := tidyTokens(text, false, cited, hclwrite.Format)
		if string(got.text) != string(want.text) {
			t.Errorf("lines give\n%s\ntokens give\n%s", got.text, want.text)
		}
		for _, ref := range slices.Sorted(maps.Keys(want.refs)) {
			if !got.refs[ref] {
				t.Errorf("lines do not see %s in\n%s", ref, text)
			}
		}
	}
	if quick < len(blocks)*3/4 {
		t.Errorf("only %d of %d texts go the quick way", quick, len(texts))
	}
}

// builtInBlocks returns every block of the built-in templates, with the comments
// in front of it.
func builtInBlocks(t *testing.T) []string {
	t.Helper()
	var out []string
	err := fs.WalkDir(templates.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".tf") {
			return err
		}
		src, err := fs.ReadFile(templates.FS, p)
		if err != nil {
			return err
		}
		f, diags := hclsyntax.ParseConfig(src, p, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		from := 0
		for _, b := range f.Body.(*hclsyntax.Body).Blocks {
			out = append(out, string(src[from:b.CloseBraceRange.End.Byte])+"\n")
			from = b.CloseBraceRange.End.Byte
		}
		return nil
	})
	if err != nil || len(out) < 100 {
		t.Fatalf("%d blocks, %v", len(out), err)
	}
	return out
}
