package resolve

import (
	"strconv"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Show returns a value as --set would take it: strings bare, the rest as an
// HCL literal on one line.
func Show(v cty.Value) string {
	switch {
	case v == cty.NilVal || !v.IsKnown():
		return "(not set)"
	case v.Type() == cty.String && !v.IsNull():
		return v.AsString()
	case v.Type() == cty.Bool && v.IsKnown() && !v.IsNull():
		return strconv.FormatBool(v.True())
	}
	return string(hclwrite.Format(oneLine(v)))
}

func oneLine(v cty.Value) []byte {
	var out []byte
	for _, t := range hclwrite.TokensForValue(v) {
		if string(t.Bytes) == "\n" {
			if len(out) > 0 && out[len(out)-1] != '{' {
				out = append(out, ',')
			}
			continue
		}
		if string(t.Bytes) == "}" && len(out) > 0 && out[len(out)-1] == ',' {
			out = out[:len(out)-1]
		}
		for range t.SpacesBefore {
			out = append(out, ' ')
		}
		out = append(out, t.Bytes...)
	}
	return out
}
