package lang_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/templates"
)

// TestVisit: Visit sees the nodes that hclsyntax.VisitAll sees, each once,
// and Variables what the method of an expression returns, in
// every file of the templates and in expressions that they have none of.
func TestVisit(t *testing.T) {
	t.Parallel()
	bodies := []*hclsyntax.Body{body(t, `
x = { a = var.a, (var.b) = 1, (c) = 2, "d" = 3, e.f = 4, null = 5, "${var.g}" = 6 }
y = [for k, v in var.m : { (k) = v.x, z = var.z } if k != var.k]
z = { for k, v in var.m : k => [for k in v : k.a]... if v.b }
s = "${var.a}-%{ for s in t.x.l }${s.n}%{ endfor }-%{ if local.c }y%{ endif }"
h = <<EOT
  ${var.b} text
EOT
o = -var.n + (var.o ? a.b[*].c[var.i].d : f(var.p, [local.q]...)).r
`[1:])}
	err := fs.WalkDir(templates.FS, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".tf") && !strings.HasSuffix(path, ".hcl") {
			return err
		}
		src, err := fs.ReadFile(templates.FS, path)
		if err == nil {
			bodies = append(bodies, body(t, string(src)))
		}
		return err
	})
	if err != nil || len(bodies) < 50 {
		t.Fatalf("%d bodies: %v", len(bodies), err)
	}
	for _, b := range bodies {
		var want, got []string
		name := func(n hclsyntax.Node) string { return fmt.Sprintf("%T %s", n, n.Range()) }
		_ = hclsyntax.VisitAll(b, func(n hclsyntax.Node) hcl.Diagnostics {
			switch x := n.(type) {
			case hclsyntax.Attributes, hclsyntax.Blocks, hclsyntax.ChildScope:
				return nil
			case hclsyntax.Expression:
				if got, want := lang.Variables(x), x.Variables(); !slices.EqualFunc(got, want, func(a, b hcl.Traversal) bool { return a.SourceRange() == b.SourceRange() }) {
					t.Errorf("%s: refers to %v, want %v", x.Range(), got, want)
				}
			}
			want = append(want, name(n))
			return nil
		})
		lang.Visit(b, func(n hclsyntax.Node) { got = append(got, name(n)) })
		slices.Sort(want) // attributes come in any order
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: visited\n%s\nwant\n%s", b.SrcRange.Filename, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
