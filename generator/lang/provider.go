package lang

import (
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Providers returns the local names of the providers that a block names: in
// provider and providers, and by their functions. Those that follow from the types
// of resources are not among them.
func Providers(b *hclsyntax.Block) map[string]bool {
	out := map[string]bool{}
	for _, name := range []string{"provider", "providers"} {
		if a := b.Body.Attributes[name]; a != nil && Static(b.Type, name, true) {
			for _, t := range a.Expr.Variables() {
				out[t.RootName()] = true
			}
			if name := quotedProvider(a.Expr); name != "" {
				out[name] = true
			}
		}
	}
	maps.Copy(out, Called(b.Body))
	for _, n := range b.Body.Blocks {
		if b.Type == "check" {
			maps.Copy(out, Providers(n))
		}
	}
	return out
}

// quotedProvider returns the local name of a provider that is written in quotes,
// as Terraform once wanted it; "" when x is no such text.
func quotedProvider(x hclsyntax.Expression) string {
	if t, ok := x.(*hclsyntax.TemplateExpr); !ok || !t.IsStringLiteral() {
		return ""
	}
	v, diags := x.Value(nil)
	if diags.HasErrors() {
		return ""
	}
	name, _, _ := strings.Cut(v.AsString(), ".")
	return name
}

// Called returns the local names of the providers whose functions are called below
// a node.
func Called(n hclsyntax.Node) map[string]bool {
	out := map[string]bool{}
	Visit(n, func(n hclsyntax.Node) {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok {
			if name, ok := strings.CutPrefix(call.Name, "provider::"); ok {
				name, _, _ = strings.Cut(name, "::")
				out[name] = true
			}
		}
	})
	return out
}

// TypeProvider returns the local name of the provider that a type belongs to.
func TypeProvider(typ string) string {
	name, _, _ := strings.Cut(typ, "_")
	return name
}
