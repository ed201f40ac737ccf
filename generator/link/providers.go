package link

import (
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// usedProviders returns the local names of the providers that the module needs,
// or nil when child modules hide what they need: those of types, those that blocks
// name, and those whose functions are called.
func (l *linker) usedProviders(order []*part, units []unit, variables []Variable, outputs []output) map[string]bool {
	used := map[string]bool{}
	for _, p := range order {
		if p.comp.ModuleDir != "" {
			return nil
		}
	}
	for _, u := range units {
		maps.Copy(used, u.providers)
		switch parts := strings.Split(u.Address, "."); u.Kind {
		case "module":
			return nil
		case "resource":
			used[typePrefix(parts[0])] = true
		case "data", "ephemeral":
			used[typePrefix(parts[1])] = true
		case "check", "removed":
			maps.Copy(used, innerProviders(u.Text))
		}
	}
	for _, v := range variables {
		maps.Copy(used, l.tidy(string(v.Text)).providers)
	}
	for _, o := range outputs {
		if x, diags := guard.PrintedExpression([]byte(o.value.Top() + "\n")); !diags.HasErrors() {
			maps.Copy(used, lang.Called(x))
		}
		for _, c := range o.conditions {
			maps.Copy(used, l.tidy(c).providers)
		}
	}
	return used
}

// typePrefix returns the local name of the provider that a type belongs to.
func typePrefix(typ string) string {
	name, _, _ := strings.Cut(typ, "_")
	return name
}

// innerProviders returns the local names of the providers that follow from the
// data source of a check and from the type of what is removed.
func innerProviders(text string) map[string]bool {
	used := map[string]bool{}
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return used
	}
	for _, b := range f.Body.(*hclsyntax.Body).Blocks {
		for _, n := range b.Body.Blocks {
			if n.Type == "data" && len(n.Labels) == 2 {
				used[typePrefix(n.Labels[0])] = true
			}
		}
		if from := b.Body.Attributes["from"]; b.Type == "removed" && from != nil {
			if ref, diags := hcl.AbsTraversalForExpr(from.Expr); !diags.HasErrors() && ref.RootName() != "module" {
				used[typePrefix(ref.RootName())] = true
			}
		}
	}
	return used
}
