package link

import (
	"maps"
	"strings"

	"github.com/bpgen/bpgen/generator/lang"
)

// usedProviders returns the local names of the providers that the module needs,
// or nil when child modules hide what they need: those of types, those that blocks
// name, and those whose functions are called.
func (l *linker) usedProviders(units []unit, variables []Variable, outputs []output) map[string]bool {
	used := map[string]bool{}
	for _, u := range units {
		maps.Copy(used, u.Code.Providers())
		switch parts := strings.Split(u.Address, "."); u.Kind {
		case "module":
			return nil
		case "resource":
			used[lang.TypeProvider(parts[0])] = true
		case "data", "ephemeral":
			used[lang.TypeProvider(parts[1])] = true
		case "check", "removed":
			maps.Copy(used, u.Code.Implied())
		}
	}
	for _, v := range variables {
		maps.Copy(used, v.code.Providers())
	}
	for _, o := range outputs {
		if x, diags := l.expression(o.value.Top() + "\n"); !diags.HasErrors() {
			maps.Copy(used, lang.Called(x))
		}
		for _, c := range o.conditions {
			maps.Copy(used, l.named(c).providers)
		}
	}
	return used
}
