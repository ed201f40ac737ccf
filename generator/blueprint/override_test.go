package blueprint_test

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/blueprint"
)

// A component in an override file used to render, and Terraform refused the module.
func TestOverrideFile(t *testing.T) {
	t.Parallel()
	for component, want := range map[string]string{
		"component \"c\" {\n  template = \"t\"\n  file     = \"override.tf\"\n}\n":   "override.tf",
		"component \"c\" {\n  template = \"t\"\n  file     = \"x_override.tf\"\n}\n": "x_override.tf",
		"component \"override\" {\n  template = \"t\"\n}\n":                          "override.tf",
		"component \"c_override\" {\n  template = \"t\"\n}\n":                        "c_override.tf",
		"component \"override\" {\n  template = \"t\"\n  file     = \"c.tf\"\n}\n":   "",
	} {
		src := "blueprint \"b\" {\n  version = \"1.0.0\"\n  summary = \"s\"\n}\n\n" + component
		_, diags := blueprint.Parse(blueprint.Source{Name: "blueprint.hcl", Bytes: []byte(src)}, "b", nil)
		switch {
		case want == "" && len(diags) > 0:
			t.Errorf("%s: %v", component, diags)
		case want != "" && (len(diags) != 1 || diags[0].Summary != "Not a file name" || !strings.Contains(diags[0].Detail, want) || diags[0].Subject == nil):
			t.Errorf("%s: %v", component, diags)
		}
	}
}
