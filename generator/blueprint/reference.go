package blueprint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Step returns the name that the i-th step of a reference takes, such as the
// option's in option.name and in option["name"]; "" without one.
func Step(ref hcl.Traversal, i int) string {
	if i >= len(ref) {
		return ""
	}
	switch s := ref[i].(type) {
	case hcl.TraverseAttr:
		return s.Name
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString()
		}
	}
	return ""
}
