package link

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// usedProviders returns the local names of the providers that the module needs,
// or nil when child modules hide what they need.
func usedProviders(order []*part, units []unit, variables []Variable, outputs []output) map[string]bool {
	used := map[string]bool{}
	for _, p := range order {
		if p.comp.ModuleDir != "" {
			return nil
		}
	}
	for _, u := range units {
		if u.Kind == "module" {
			return nil
		}
		explicit := false
		if strings.Contains(u.Text, "provider") || u.Kind == "check" || u.Kind == "removed" {
			explicit = namedProviders(u.Text, used)
		}
		parts := strings.Split(u.Address, ".")
		switch {
		case explicit:
		case u.Kind == "resource":
			used[typePrefix(parts[0])] = true
		case u.Kind == "data", u.Kind == "ephemeral":
			used[typePrefix(parts[1])] = true
		}
	}
	for _, v := range variables {
		if strings.Contains(string(v.Text), "provider::") {
			namedProviders(string(v.Text), used)
		}
	}
	for _, o := range outputs {
		for _, text := range append([]string{"value = " + o.value.Top() + "\n"}, o.conditions...) {
			if strings.Contains(text, "provider::") {
				namedProviders(text, used)
			}
		}
	}
	return used
}

// typePrefix returns the local name of the provider that a type belongs to.
func typePrefix(typ string) string {
	name, _, _ := strings.Cut(typ, "_")
	return name
}

// namedProviders adds the providers that code names: by the argument provider, by
// a call of a provider's function, by the data source of a check and by what is
// removed. It says whether the code's own block has an argument provider.
func namedProviders(text string, used map[string]bool) (explicit bool) {
	f, diags := hclsyntax.ParseConfig([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	body := f.Body.(*hclsyntax.Body)
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok {
			if rest, ok := strings.CutPrefix(call.Name, "provider::"); ok {
				name, _, _ := strings.Cut(rest, "::")
				used[name] = true
			}
		}
		return nil
	})
	for _, b := range body.Blocks {
		explicit = holder(b, used) || explicit
		for _, n := range b.Body.Blocks {
			if n.Type == "data" && len(n.Labels) == 2 && !holder(n, used) {
				used[typePrefix(n.Labels[0])] = true
			}
		}
		if from := b.Body.Attributes["from"]; b.Type == "removed" && from != nil && !explicit {
			if ref, diags := hcl.AbsTraversalForExpr(from.Expr); !diags.HasErrors() && ref.RootName() != "module" {
				used[typePrefix(ref.RootName())] = true
			}
		}
	}
	return explicit
}

// holder adds the provider that the argument provider of a block names, and says
// whether there is one. Old modules write it in quotes.
func holder(b *hclsyntax.Block, used map[string]bool) bool {
	a := b.Body.Attributes["provider"]
	if a == nil {
		return false
	}
	name := ""
	if ref, diags := hcl.AbsTraversalForExpr(a.Expr); !diags.HasErrors() {
		name = ref.RootName()
	} else if v, diags := a.Expr.Value(nil); !diags.HasErrors() && v.Type().FriendlyName() == "string" && !v.IsNull() {
		name, _, _ = strings.Cut(v.AsString(), ".")
	}
	used[name] = true
	return true
}
