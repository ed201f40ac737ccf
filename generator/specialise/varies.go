package specialise

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/guard"
)

// Varies says whether the text of a result gives something else wherever it is
// written, because a function in it does. It must not be written twice.
func (r Result) Varies() bool { return varies(r) }

func varies(r Result) bool {
	if r.Known() || !strings.Contains(r.text, "(") {
		return false
	}
	expr, diags := guard.PrintedExpression([]byte(r.Text() + "\n"))
	if diags.HasErrors() {
		return false
	}
	found := false
	_ = hclsyntax.VisitAll(expr, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok {
			about, _ := functions.Lookup(call.Name)
			found = found || about.Has(functions.Varies)
		}
		return nil
	})
	return found
}
