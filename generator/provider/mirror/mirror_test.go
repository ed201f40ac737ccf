package mirror_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/provider/mirror"
)

// TestTypes holds which types a schema says, and which it must leave to resolve.
func TestTypes(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"string":                           "StringAttribute",
		"bool":                             "BoolAttribute",
		"number":                           "NumberAttribute",
		"any":                              "DynamicAttribute",
		"list(string)":                     "ListAttribute",
		"set(number)":                      "SetAttribute",
		"map(bool)":                        "MapAttribute",
		"list(list(string))":               "ListAttribute",
		"map(map(list(number)))":           "MapAttribute",
		"object({ a = string })":           "SingleNestedAttribute",
		"list(object({ a = string }))":     "ListNestedAttribute",
		"set(object({ a = string }))":      "SetNestedAttribute",
		"map(object({ a = string }))":      "MapNestedAttribute",
		"list(list(object({ a = bool })))": "ListAttribute",
		"map(object({ a = optional(list(object({ b = bool }))) }))": "MapNestedAttribute",
		// No schema can say these.
		"list(any)":                                  "DynamicAttribute",
		"tuple([string])":                            "DynamicAttribute",
		"list(tuple([string]))":                      "DynamicAttribute",
		"object({ a = any })":                        "DynamicAttribute",
		"object({ A = string })":                     "DynamicAttribute",
		"list(list(object({ a = optional(bool) })))": "DynamicAttribute",
		"object({ a = tuple([string]) })":            "DynamicAttribute",
	}
	for typ, want := range tests {
		t.Run(typ, func(t *testing.T) {
			t.Parallel()
			src := "blueprint \"x\" {\n  version = \"1.0.0\"\n}\n\noption \"o\" {\n  type = " + typ + "\n}\n\noption \"p\" {\n  type    = " + typ + "\n  default = null\n}\n"
			bp, diags := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: []byte(src)}, "x", nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			fields := mirror.Fields(bp, nil, nil)
			if got := strings.TrimPrefix(fmt.Sprintf("%T", fields[0].Schema), "schema."); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if !fields[0].Schema.IsRequired() || fields[1].Schema.IsRequired() || !fields[1].Schema.IsOptional() {
				t.Error("an option without default must be given, and no other")
			}
			// What the framework would refuse when Terraform asks for the schema.
			s := schema.Schema{Attributes: map[string]schema.Attribute{"o": fields[0].Schema}}
			if diags := s.ValidateImplementation(t.Context()); diags.HasError() {
				t.Error(diags)
			}
		})
	}
}

// TestNames holds that every attribute has a name of its own that Terraform takes.
func TestNames(t *testing.T) {
	t.Parallel()
	bp, diags := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: []byte(`
blueprint "x" {
  version = "1.0.0"
}

option "plain" {
  type = bool
}

option "with-hyphen" {
  type = bool
}

option "with_hyphen" {
  type = bool
}

option "Big" {
  type = bool
}

option "for_each" {
  type = bool
}

option "files" {
  type = bool
}

variable "plain" {
  type = string
}

variable "outputs" {
  type = string
}

variable "password" {
  type      = string
  sensitive = true
}

variable "token" {
  type      = string
  ephemeral = true
}

variable "open" {
  sensitive = false
}
`)}, "x", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for _, f := range mirror.Fields(bp, nil, []string{"files", "outputs"}) {
		s := fmt.Sprintf("%s=%s", f.Attribute, f.Name)
		if f.Kind == mirror.Variable {
			s = "var." + s
		}
		if f.Sensitive {
			s += "!"
		}
		got = append(got, s)
	}
	want := "plain=plain with_hyphen=with-hyphen option_with_hyphen=with_hyphen big=Big option_for_each=for_each option_files=files " +
		"aws_provider=aws_provider target=target home=home var.variable_outputs=outputs var.password=password! var.token=token! var.open=open"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	for name, want := range map[string]string{"": "_", "1a": "_1a", "a.b": "a_b", "é": "_", "A-B": "a_b"} {
		if got := mirror.Identifier(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}
