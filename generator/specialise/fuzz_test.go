package specialise_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/acceptance/exprgen"
)

// FuzzMeaning lets the bytes choose an expression, the values of its variables
// and which of them are constants, and compares what it means before and after.
// An even first byte makes nothing constant: then nothing may be lost at all.
func FuzzMeaning(f *testing.F) {
	for _, s := range []string{"", "\x00\x05\x03", "\x01\x02\x07\x01\x00\x02\x04\x06\x01", "\x02" + strings.Repeat("\x07\x02\x01", 40), "\x03" + strings.Repeat("\x01\x03\x05\x09", 40), "\x01" + strings.Repeat("\x0b\x04\x02\x03\x01", 50)} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &exprgen.Bytes{Data: data}
		roots := [][]string{{"v", "y"}, {"k", "v", "r", "d", "h"}, {"v", "r"}, {"k", "v", "x", "y"}}[c.Intn(4)]
		kind := exprgen.Kinds()[c.Intn(len(exprgen.Kinds()))]
		g := &exprgen.Gen{C: c, Roots: roots}
		x := g.Expr(kind, 1+c.Intn(4))
		if len(x) > 4000 || !parses(x) {
			return
		}
		w := newWorld(c, roots...)
		wrong, _, err := w.check(map[string]string{"o": x}, "")
		if err != nil {
			t.Fatalf("%v\n%s", err, x)
		}
		for _, msg := range wrong {
			t.Error(msg)
		}
	})
}

// FuzzExpression specialises any text that parses: it never panics, and what is
// left parses again.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{
		`var.k_s`, `"${var.k_s}-${var.v_s}"`, `[for x in var.k_l : x if x != var.v_s]`, `{ for k, v in var.v_m : k => v... }`, `var.k_o.l[*]`, `try(var.v_t.x, var.k_t[0], null)`,
		"<<EOT\n${var.k_s}\n%{if var.v_b}a%{endif}\nEOT\n", `-var.k_n + !var.v_b`, `var.k_b ? var.v_s : (var.v_b ? 1 : 2)`, `merge(var.k_m, { (var.v_s) = 1 })`, `var.v_lo.*.a`, `var.k_l.0`, `"%%{if}$${${var.v_s}"`, `one(var.k_l[*])`,
	} {
		f.Add(s)
	}
	w := newWorld(&exprgen.Bytes{Data: []byte{1, 2, 1, 3, 0, 1, 2}}, "k", "v", "r", "d", "h", "x", "y")
	f.Fuzz(func(t *testing.T, x string) {
		if len(x) > 2000 || !parses(x) {
			return
		}
		expr, diags := hclsyntax.ParseExpression([]byte(x), "", hcl.InitialPos)
		if diags.HasErrors() {
			return
		}
		for _, ref := range expr.Variables() {
			second, ok := attr(ref)
			if ref.RootName() != "var" || !ok || !contains(w, second) {
				return // a template with a dangling reference is refused when it is loaded
			}
		}
		wrong, _, err := w.check(map[string]string{"o": x}, "")
		if err != nil {
			return
		}
		for _, msg := range wrong {
			t.Error(msg)
		}
	})
}

func attr(ref hcl.Traversal) (string, bool) {
	if len(ref) < 2 {
		return "", false
	}
	a, ok := ref[1].(hcl.TraverseAttr)
	return a.Name, ok
}

func contains(w *world, name string) bool { return strings.Contains(w.decls, "\""+name+"\"") }
