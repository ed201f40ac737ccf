package blueprint

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// sortedAttributes returns a body's attributes in the order of the source.
func sortedAttributes(body *hclsyntax.Body) []*hclsyntax.Attribute {
	return slices.SortedFunc(maps.Values(body.Attributes), func(a, b *hclsyntax.Attribute) int {
		return cmp.Compare(a.SrcRange.Start.Byte, b.SrcRange.Start.Byte)
	})
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") && noun != "use" {
		return "an " + noun
	}
	return "a " + noun
}

// sentence makes the first letter a capital.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
