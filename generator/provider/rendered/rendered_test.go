package rendered_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/provider/rendered"
)

// TestValues holds that values are of their types, and that what Terraform would
// change on the way is an error.
func TestValues(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"plain\n":         "",
		"caf\u00e9\n":     "",
		"cafe\u0301\n":    "File that Terraform cannot store",
		"\xff\xfe":        "File that Terraform cannot store",
		"with a \x00 NUL": "",
	} {
		res := generator.Result{Module: &link.Module{Name: "x", Variables: []link.Variable{{Name: "v", Required: true}, {Name: "w", Default: `"a"`}}, Outputs: []link.Output{{Name: "o", Sensitive: true}}}}
		if err := res.Files.Add("main.tf", []byte(content)); err != nil {
			t.Fatal(err)
		}
		values, diags := rendered.Values(res)
		switch {
		case want == "" && len(diags) > 0:
			t.Errorf("%q: got %v", content, diags)
		case want != "" && (len(diags) != 1 || diags[0].Summary != want || !strings.Contains(diags[0].Detail, `"main.tf"`)):
			t.Errorf("%q: got %v", content, diags)
		}
		if _, d := types.ObjectValue(rendered.Types(), values); d.HasError() {
			t.Error(d)
		}
		if _, d := types.ObjectValue(rendered.Types(), rendered.Nulls()); d.HasError() {
			t.Error(d)
		}
		vars := values[rendered.Variables].(types.Map).Elements()
		if def := func(name string) attr.Value { return vars[name].(types.Object).Attributes()["default"] }; !def("v").IsNull() || def("w").(types.String).ValueString() != `"a"` {
			t.Errorf("defaults: %s", vars)
		}
	}
	for name := range rendered.Types() {
		if _, ok := rendered.Attributes()[name]; !ok {
			t.Errorf("no attribute shows %s", name)
		}
	}
}
