package template

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Convert gives a value the variable's type as Terraform does on a module
// call: optional attributes take their defaults, and a null becomes the default
// when the variable is not nullable. Marks are kept.
func (v *Variable) Convert(val cty.Value) (cty.Value, error) {
	if v.Defaults != nil && !val.IsNull() {
		val = v.Defaults.Apply(val)
	}
	out, err := convert.Convert(val, v.Type)
	if err != nil {
		return cty.NilVal, err
	}
	if out.IsNull() && !v.Nullable {
		if v.Default == cty.NilVal {
			return cty.NilVal, fmt.Errorf("a value is required, null is not allowed")
		}
		return v.Default.WithSameMarks(out), nil
	}
	return out, nil
}
