package specialise

import (
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// Varies says whether the text of a result gives something else wherever it is
// written, because a function in it does. It must not be written twice.
func (r Result) Varies() bool { return varies(r) }

// varying names the functions that give something else at every call.
var varying = sync.OnceValue(func() []string {
	return slices.DeleteFunc(functions.Names(), func(name string) bool {
		about, _ := functions.Lookup(name)
		return !about.Has(functions.Varies)
	})
})

func varies(r Result) bool {
	if r.Known() || !slices.ContainsFunc(varying(), func(name string) bool { return strings.Contains(r.text, name+"(") }) {
		return false
	}
	expr, diags := guard.PrintedExpression([]byte(r.Text() + "\n"))
	if diags.HasErrors() {
		return false
	}
	found := false
	lang.Visit(expr, func(n hclsyntax.Node) {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok {
			found = found || slices.Contains(varying(), functions.Name(call.Name))
		}
	})
	return found
}
