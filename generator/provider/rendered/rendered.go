// Package rendered shows a rendered module as values of Terraform.
//
// It takes a generator.Result and returns the values that data sources and the
// function render share: the files, the module's variables and outputs, the
// manifest and the diagram. It renders nothing and does not touch the operating
// system.
package rendered

import (
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/resolve"
)

// The names of the values.
const (
	Files     = "files"
	Variables = "variables"
	Outputs   = "outputs"
	Manifest  = "manifest"
	Diagram   = "diagram"
)

var variableTypes = map[string]attr.Type{
	"type":        types.StringType,
	"required":    types.BoolType,
	"default":     types.StringType,
	"description": types.StringType,
	"allowed":     types.StringType,
	"sensitive":   types.BoolType,
	"why":         types.StringType,
	"notes":       types.ListType{ElemType: types.StringType},
	"component":   types.StringType,
}

var outputTypes = map[string]attr.Type{
	"description": types.StringType,
	"sensitive":   types.BoolType,
}

// Types returns the type of every value by its name.
func Types() map[string]attr.Type {
	return map[string]attr.Type{
		Files:     types.MapType{ElemType: types.StringType},
		Variables: types.MapType{ElemType: types.ObjectType{AttrTypes: variableTypes}},
		Outputs:   types.MapType{ElemType: types.ObjectType{AttrTypes: outputTypes}},
		Manifest:  types.StringType,
		Diagram:   types.StringType,
	}
}

// Names returns the names of the values, sorted.
func Names() []string { return slices.Sorted(maps.Keys(Types())) }

// Attributes returns the values as computed attributes of a data source.
func Attributes() map[string]schema.Attribute {
	text := func(words string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: words}
	}
	truth := func(words string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: words}
	}
	return map[string]schema.Attribute{
		Files: schema.MapAttribute{Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Contents of every file by path: what `bpgen render` would write with the same options, byte for byte."},
		Variables: schema.MapNestedAttribute{Computed: true, MarkdownDescription: "Input variables of the module by name.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"type":        text("Type constraint as written."),
				"required":    truth("True if it has no default."),
				"default":     text("Default as HCL; null if there is none."),
				"description": text("What it is for."),
				"allowed":     text("What its validations allow."),
				"sensitive":   truth("True if the value is secret."),
				"why":         text("Reason for a default that does not come from the notes."),
				"notes":       schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Entries of the notes that its default comes from."},
				"component":   text("Component that it belongs to; empty if several share it."),
			}}},
		Outputs: schema.MapNestedAttribute{Computed: true, MarkdownDescription: "Output values of the module by name.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"description": text("What it is."),
				"sensitive":   truth("True if the value is secret."),
			}}},
		Manifest: text("The module's `" + render.ManifestPath + "` as JSON: blueprint, version, options and the SHA-256 of every file."),
		Diagram:  text("The components and their links as a Mermaid diagram."),
	}
}

// Nulls returns the values of a module that was not rendered.
func Nulls() map[string]attr.Value {
	return map[string]attr.Value{
		Files:     types.MapNull(types.StringType),
		Variables: types.MapNull(types.ObjectType{AttrTypes: variableTypes}),
		Outputs:   types.MapNull(types.ObjectType{AttrTypes: outputTypes}),
		Manifest:  types.StringNull(),
		Diagram:   types.StringNull(),
	}
}

// Values returns the values of a rendered module. A file that Terraform could not
// hold unchanged is an error.
func Values(res generator.Result) (map[string]attr.Value, hcl.Diagnostics) {
	files, diags := content(res.Files)
	variables := map[string]attr.Value{}
	for _, v := range res.Module.Variables {
		variables[v.Name] = types.ObjectValueMust(variableTypes, map[string]attr.Value{
			"type":        types.StringValue(v.Type),
			"required":    types.BoolValue(v.Required),
			"default":     defaultOf(v),
			"description": types.StringValue(v.Description),
			"allowed":     types.StringValue(v.Allowed),
			"sensitive":   types.BoolValue(v.Sensitive),
			"why":         types.StringValue(v.Why),
			"notes":       Strings(v.Notes),
			"component":   types.StringValue(v.Component),
		})
	}
	outputs := map[string]attr.Value{}
	for _, o := range res.Module.Outputs {
		outputs[o.Name] = types.ObjectValueMust(outputTypes, map[string]attr.Value{
			"description": types.StringValue(o.Description),
			"sensitive":   types.BoolValue(o.Sensitive),
		})
	}
	manifest := types.StringNull()
	if b, ok := res.Files.Get(render.ManifestPath); ok {
		manifest = types.StringValue(string(b))
	}
	return map[string]attr.Value{
		Files:     types.MapValueMust(types.StringType, files),
		Variables: types.MapValueMust(types.ObjectType{AttrTypes: variableTypes}, variables),
		Outputs:   types.MapValueMust(types.ObjectType{AttrTypes: outputTypes}, outputs),
		Manifest:  manifest,
		Diagram:   types.StringValue(string(render.Diagram(res.Module))),
	}, diags
}

// Strings returns a list of strings, empty and never null.
func Strings(list []string) types.List {
	values := make([]attr.Value, len(list))
	for i, s := range list {
		values[i] = types.StringValue(s)
	}
	return types.ListValueMust(types.StringType, values)
}

// content returns the files as a map. A string of Terraform is text in Unicode's
// normal form C, and Terraform would make it so: bytes that are not would change
// on the way.
func content(set fileset.Set) (map[string]attr.Value, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	out := map[string]attr.Value{}
	for _, f := range set.Files() {
		for _, b := range [][]byte{f.Bytes, []byte(f.Path)} {
			if !utf8.Valid(b) || !norm.NFC.IsNormal(b) {
				diags = append(diags, diag.Error(hcl.Range{}, "File that Terraform cannot store",
					"The name or content of the file %q is not text in Unicode normalization form C, so Terraform would change it. Write the module with the resource bpgen_module or with bpgen render.", f.Path))
				break
			}
		}
		out[f.Path] = types.StringValue(string(f.Bytes))
	}
	return out, diags
}

func defaultOf(v link.Variable) types.String {
	switch {
	case v.Required:
		return types.StringNull()
	case v.Value != cty.NilVal:
		value, _ := v.Value.UnmarkDeep()
		if value.Type() == cty.String && !value.IsNull() {
			return types.StringValue(string(hclwrite.TokensForValue(value).Bytes()))
		}
		return types.StringValue(resolve.Show(value))
	}
	return types.StringValue(v.Default)
}
