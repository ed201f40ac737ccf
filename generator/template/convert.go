package template

import (
	"fmt"
	"math/big"
	"strconv"

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
	if text, ok := wholeNumber(val); ok && v.Type == cty.String {
		return text, nil
	}
	out, err := convert.Convert(val, v.Type)
	if err != nil {
		return cty.NilVal, err
	}
	if out.IsNull() && !v.Nullable {
		if v.Default == cty.NilVal {
			return cty.NilVal, fmt.Errorf("a value is required; null is not allowed")
		}
		return v.Default.WithSameMarks(out), nil
	}
	return out, nil
}

// wholeNumber returns a whole number as a string. The library goes by way of all
// the digits that a number may have, which takes far longer.
func wholeNumber(val cty.Value) (cty.Value, bool) {
	if val.IsMarked() || val.Type() != cty.Number || val.IsNull() || !val.IsKnown() {
		return cty.NilVal, false
	}
	n, accuracy := val.AsBigFloat().Int64()
	if accuracy != big.Exact || n == 0 { // minus zero keeps its sign
		return cty.NilVal, false
	}
	return cty.StringVal(strconv.FormatInt(n, 10)), true
}
