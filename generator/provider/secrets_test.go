package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// canary is what no refusal may hold: Terraform may have it for sensitive, and does
// not say so.
const canary = "hunter2-s3cr3t"

// secretPlatform is a folder with the blueprint "b", whose option goes to a variable.
func secretPlatform(t *testing.T, option, variable string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"blueprints/b/blueprint.hcl": "blueprint \"b\" {\n  version = \"1.0.0\"\n  summary = \"s\"\n}\n\noption \"o\" {\n  type        = string\n  default     = null\n  description = \"d\"\n  why         = \"w\"\n" + option + "}\n\n" +
			"component \"c\" {\n  template = \"t\"\n  with     = { x = option.o }\n}\n",
		"templates/t/main.tf":      "resource \"aws_s3_bucket\" \"this\" {\n  bucket = var.x\n}\n",
		"templates/t/variables.tf": "variable \"x\" {\n  type        = string\n  description = \"x\"\n" + variable + "}\n",
		"templates/t/README.md":    "T.\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestRefusalsKeepSecrets holds that nothing that is refused is repeated: no value
// of an option, no name and no path, by no part of the provider.
func TestRefusalsKeepSecrets(t *testing.T) {
	t.Parallel()
	const sensitive = "  sensitive   = true\n"
	tests := map[string]struct{ option, variable string }{
		"a sensitive variable":           {"", sensitive},
		"one_of":                         {"  one_of      = [\"x\", \"z\"]\n", ""},
		"one_of, a sensitive variable":   {"  one_of      = [\"x\", \"z\"]\n", sensitive},
		"a validation":                   {"\n  validation {\n    condition     = option.o == null\n    error_message = \"Not ${option.o}.\"\n  }\n", ""},
		"a validation, sensitive":        {"\n  validation {\n    condition     = option.o == null\n    error_message = \"Not ${option.o}.\"\n  }\n", sensitive},
		"a validation, undecided":        {"\n  validation {\n    condition     = tonumber(option.o) > 3\n    error_message = \"Not ${option.o}.\"\n  }\n", ""},
		"a validation of the template":   {"", "\n  validation {\n    condition     = length(var.x) < 3\n    error_message = \"Not ${var.x}.\"\n  }\n"},
		"a type that the template lacks": {"", "\n  validation {\n    condition     = tonumber(var.x) > 3\n    error_message = \"Not ${var.x}.\"\n  }\n"},
	}
	str := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	options := func(name string) tftypes.Value {
		return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{name: tftypes.String}}, map[string]tftypes.Value{name: str(canary)})
	}
	refused := func(t *testing.T, what, says string, state tftypes.Value) {
		t.Helper()
		if !strings.Contains(says, "error") {
			t.Errorf("%s is not refused: %s", what, says)
		}
		if strings.Contains(says, canary) || strings.Contains(says, "hunter2") {
			t.Errorf("%s repeats it: %s", what, says)
		}
		if !state.IsNull() && strings.Contains(state.String(), canary) {
			t.Errorf("%s keeps it in the state: %s", what, state)
		}
	}
	null := tftypes.NewValue(tftypes.String, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, secretPlatform(t, tt.option, tt.variable))
			s.configure(t, nil)
			state, diags := s.read(t, "bpgen_b", map[string]tftypes.Value{"o": str(canary)})
			refused(t, "the data source", said(diags), null)
			for name, v := range state {
				if name != "o" && strings.Contains(v.String(), canary) { // What is given the framework returns, and Terraform drops.
					t.Errorf("the data source has %s = %s in the state", name, v)
				}
			}
			_, diags = s.read(t, "bpgen_blueprint", map[string]tftypes.Value{"name": str("b"), "options": options("o")})
			refused(t, "the data source bpgen_blueprint", said(diags), null)
			_, err := s.call(t, "render", str("b"), options("o"))
			if err == nil {
				t.Fatal("the function renders it")
			}
			refused(t, "the function", "error: "+err.Text, null)
			says, planned := s.planModule(t, map[string]tftypes.Value{"path": str("m"), "blueprint": str("b"), "options": options("o")})
			refused(t, "the resource", says, null)
			if files := fields(t, planned)["files"]; files.IsKnown() && !files.IsNull() {
				t.Error("the resource plans files")
			}
		})
	}
	t.Run("names", func(t *testing.T) {
		t.Parallel()
		s := start(t, secretPlatform(t, "", ""))
		s.configure(t, nil)
		for what, given := range map[string]map[string]tftypes.Value{
			"the blueprint": {"path": str("m"), "blueprint": str(canary)},
			"the profile":   {"path": str("m"), "blueprint": str("b"), "profile": str(canary)},
			"the path":      {"path": str("../" + canary), "blueprint": str("b")},
			"a directory":   {"path": str("/var/lib/" + canary + "/x"), "blueprint": str("b")},
			"NUL":           {"path": str("a\x00" + canary), "blueprint": str("b")},
		} {
			says, _ := s.planModule(t, given)
			refused(t, what, says, null)
		}
		for what, args := range map[string][]tftypes.Value{
			"render": {str(canary), options("o")},
			"cite":   {str(canary)},
		} {
			_, err := s.call(t, what, args...)
			if err == nil {
				t.Fatalf("%s takes it", what)
			}
			refused(t, what, "error: "+err.Text, null)
		}
	})
}

// planModule plans a bpgen_module that is to be created.
func (s *session) planModule(t *testing.T, given map[string]tftypes.Value) (string, tftypes.Value) {
	t.Helper()
	schema := s.schema.ResourceSchemas["bpgen_module"]
	typ := schema.ValueType().(tftypes.Object)
	proposed := map[string]tftypes.Value{"layout": tftypes.NewValue(tftypes.String, "flat"), "on_conflict": tftypes.NewValue(tftypes.String, "fail")}
	for name, v := range given {
		proposed[name] = v
	}
	for _, name := range []string{"id", "version", "files", "manifest_sha256"} {
		proposed[name] = tftypes.NewValue(typ.AttributeTypes[name], tftypes.UnknownValue)
	}
	nothing, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, nil))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "bpgen_module", PriorState: &nothing, ProposedNewState: block(t, schema, proposed), Config: block(t, schema, given),
	})
	if err != nil {
		t.Fatal(err)
	}
	planned, err := resp.PlannedState.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	return said(resp.Diagnostics), planned
}
