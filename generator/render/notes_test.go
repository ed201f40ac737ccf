package render

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	source "github.com/yuin/goldmark/text"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/link"
)

// TestNotesAreText: what a ledger and a blueprint say is text in NOTES.md and in the
// footers of runbooks, whoever wrote it.
func TestNotesAreText(t *testing.T) {
	t.Parallel()
	const evil = "<script>x</script> [a](javascript:b) ![i](j) # h\n# h | *b* \x1b[31m \u202e ``` `"
	in := Input{
		Blueprint:  parse(t, "x", "blueprint \"x\" {\n  version = \"1.0.0\"\n  summary = \"X.\"\n}\n"),
		Ledger:     entries{"s3.x": ledger.Entry{ID: "s3.x", Section: "1. " + evil + " › " + evil, Lines: "7", Kind: evil, Strength: evil, Statement: evil, Value: evil, Caveat: evil}},
		Deviations: []*deviation.Deviation{{Name: "d " + evil, Notes: []string{"s3.x"}, Rendered: evil, Reason: evil, Restore: evil}},
		Module: &link.Module{
			Name: "x", Layout: link.Flat, Cited: []link.Cited{{File: "runbooks/r.md", Places: []cite.Place{{Line: 1, ID: "s3.x"}}}},
		},
	}
	if err := in.Module.Assets.Add("runbooks/r.md", []byte("# R\n")); err != nil {
		t.Fatal(err)
	}
	set := render(t, in)
	for _, path := range []string{NotesPath, "runbooks/r.md"} {
		src, ok := set.Get(path)
		if !ok || strings.ContainsAny(string(src), "\x1b\u202e") {
			t.Fatalf("%s: there is %t, with what a terminal obeys:\n%q", path, ok, src)
		}
		err := ast.Walk(goldmark.New().Parser().Parse(source.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			switch n := n.(type) {
			case *ast.RawHTML, *ast.HTMLBlock, *ast.Image, *ast.FencedCodeBlock:
				t.Errorf("%s has %s:\n%s", path, n.Kind(), src)
			case *ast.Link:
				if strings.HasPrefix(string(n.Destination), "javascript") {
					t.Errorf("%s leads to %s", path, n.Destination)
				}
			}
			return ast.WalkContinue, nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
