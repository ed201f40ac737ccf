package catalogue

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/provider/options"
	"github.com/bpgen/bpgen/generator/provider/rendered"
	"github.com/bpgen/bpgen/generator/provider/source"
	"github.com/bpgen/bpgen/generator/provider/workspace"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Blueprint is the data source bpgen_blueprint.
type Blueprint struct {
	typ   string
	start *workspace.Workspace
	now   *workspace.Workspace
}

var (
	_ datasource.DataSourceWithConfigure      = (*Blueprint)(nil)
	_ datasource.DataSourceWithValidateConfig = (*Blueprint)(nil)
)

// NewBlueprint returns the data source.
func NewBlueprint(typ string, w *workspace.Workspace) *Blueprint { return &Blueprint{typ, w, w} }

var (
	text  = types.StringType
	texts = types.ListType{ElemType: types.StringType}

	optionTypes = map[string]attr.Type{
		"type": text, "required": types.BoolType, "default": text, "one_of": texts, "description": text, "notes": texts, "why": text, "when": text,
	}
	profileTypes   = map[string]attr.Type{"description": text, "options": types.MapType{ElemType: text}, "values": texts}
	componentTypes = map[string]attr.Type{"template": text, "file": text, "when": text}
)

// Metadata names the data source.
func (b *Blueprint) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = b.typ
}

// Schema has what a blueprint offers, and with options what it renders to.
func (b *Blueprint) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	said := func(words string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: words}
	}
	list := func(words string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: text, MarkdownDescription: words}
	}
	objects := func(words string, attrs map[string]schema.Attribute) schema.Attribute {
		return schema.MapNestedAttribute{Computed: true, MarkdownDescription: words, NestedObject: schema.NestedAttributeObject{Attributes: attrs}}
	}
	attrs := rendered.Attributes()
	maps.Copy(attrs, map[string]schema.Attribute{
		"name":         schema.StringAttribute{Required: true, MarkdownDescription: "Name of the blueprint, such as `ecs-fargate`."},
		"options":      schema.DynamicAttribute{Optional: true, MarkdownDescription: "Options by name, such as `{ cdn = false }`. If it is not set, nothing is rendered, and `files` and the other results are null; `{}` uses every default."},
		source.Profile: schema.StringAttribute{Optional: true, MarkdownDescription: "Uses the option values of one of the blueprint's profiles; `options` take precedence."},
		source.Layout:  source.LayoutAttribute(),

		"version": said("Version of the blueprint."),
		"summary": said("What it renders, in one sentence."),
		"systems": list("Systems of the notes that it covers."),
		"offered": objects("Its options by name.", map[string]schema.Attribute{
			"type":        said("Type constraint."),
			"required":    schema.BoolAttribute{Computed: true, MarkdownDescription: "True if it has no default."},
			"default":     said("Default, as `--set` takes it; null if there is none."),
			"one_of":      list("Allowed values; empty if every value of the type is allowed."),
			"description": said("What it is for."),
			"notes":       list("Entries of the notes that it is based on."),
			"why":         said("Reason for a default that does not come from the notes."),
			"when":        said("Condition on other options under which it applies; null if it always does."),
		}),
		"profiles": objects("Its profiles by name.", map[string]schema.Attribute{
			"description": said("What the profile is for."),
			"options":     schema.MapAttribute{Computed: true, ElementType: text, MarkdownDescription: "Options that it sets, as `--set` takes them."},
			"values":      list("Variables of the module that its `envs/<name>.tfvars` sets."),
		}),
		"components": objects("Its components by name.", map[string]schema.Attribute{
			"template": said("Template of the component."),
			"file":     said("File of the module that contains it."),
			"when":     said("Condition for rendering it; null if it is always rendered."),
		}),
	})
	resp.Schema = schema.Schema{Attributes: attrs, MarkdownDescription: "One blueprint in detail: its options and components and, with `options`, the module rendered from them."}
}

// Configure takes the workspace of the provider's configuration.
func (b *Blueprint) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	if w, ok := req.ProviderData.(*workspace.Workspace); ok {
		b.now = w
	}
}

// ValidateConfig says what is wrong whatever unknown values turn out to be. A
// blueprint that the provider's configuration alone knows is judged when it is
// read.
func (b *Blueprint) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	config, given, request := b.request(ctx, req.Config, &resp.Diagnostics)
	cat := b.start.Catalog()
	if resp.Diagnostics.HasError() || !slices.Contains(cat.Blueprints(), request.Blueprint) || !wanted(config) || config.Attributes()[source.Profile].IsUnknown() {
		return
	}
	resp.Diagnostics.Append(diagnostics.Convert(b.start.Check(request), cat.Sources(), given.Places, path.Root("name"))...)
}

// wanted says whether a module is asked for.
func wanted(config types.Object) bool { return !config.Attributes()["options"].IsNull() }

func (b *Blueprint) request(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (types.Object, options.Given, generator.Request) {
	var object types.Object
	diags.Append(config.Get(ctx, &object)...)
	if diags.HasError() {
		return object, options.Given{}, generator.Request{}
	}
	all := object.Attributes()
	given, d := options.Read(ctx, all["options"], path.Root("options"))
	diags.Append(d...)
	bp, _ := b.now.Catalog().Blueprint(source.Text(all["name"])) // what is wrong with it is said where it is used
	given.Blame(bp)
	return object, given, generator.Request{
		Blueprint: source.Text(all["name"]), Inputs: given.Inputs, Profile: source.Text(all[source.Profile]), Layout: link.Layout(source.Text(all[source.Layout])),
	}
}

// Read shows the blueprint, and renders it when options are given.
func (b *Blueprint) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, given, request := b.request(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	cat := b.now.Catalog()
	bp, diags := b.now.Blueprint(request.Blueprint)
	if diags.HasErrors() {
		resp.Diagnostics.Append(diagnostics.Convert(diags, cat.Sources(), given.Places, path.Root("name"))...)
		return
	}
	all := config.Attributes()
	maps.Copy(all, rendered.Nulls())
	maps.Copy(all, detail(bp))
	if wanted(config) {
		res, more := b.now.Render(ctx, request)
		diags = more // with those of the blueprint
		if !diags.HasErrors() {
			values, more := rendered.Values(res)
			diags = append(diags, more...)
			maps.Copy(all, values)
		}
		resp.Diagnostics.Append(diagnostics.Convert(diags, res.Sources, given.Places, path.Root("options"))...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	state, d := types.ObjectValue(config.AttributeTypes(ctx), all)
	resp.Diagnostics.Append(d...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// detail returns what a blueprint offers and is made of.
func detail(bp *blueprint.Blueprint) map[string]attr.Value {
	offered, profiles, components := map[string]attr.Value{}, map[string]attr.Value{}, map[string]attr.Value{}
	for _, o := range resolve.Options(bp) {
		def := types.StringNull()
		if o.Default != cty.NilVal {
			def = types.StringValue(resolve.Say(bp, o.Name, o.Default))
		}
		var oneOf []string
		for _, v := range o.OneOf {
			oneOf = append(oneOf, resolve.Say(bp, o.Name, v))
		}
		offered[o.Name] = types.ObjectValueMust(optionTypes, map[string]attr.Value{
			"type": types.StringValue(typeexpr.TypeString(o.Type)), "required": types.BoolValue(o.Default == cty.NilVal), "default": def,
			"one_of": rendered.Strings(oneOf), "description": types.StringValue(o.Description), "notes": rendered.Strings(o.Notes), "why": types.StringValue(o.Why), "when": written(bp, o.When),
		})
	}
	for _, p := range bp.Profiles {
		set := map[string]attr.Value{}
		for name, v := range p.Options {
			set[name] = types.StringValue(resolve.Say(bp, name, v))
		}
		var values []string
		for _, v := range p.Values {
			values = append(values, v.Name)
		}
		profiles[p.Name] = types.ObjectValueMust(profileTypes, map[string]attr.Value{
			"description": types.StringValue(p.Description), "options": types.MapValueMust(text, set), "values": rendered.Strings(values),
		})
	}
	for _, c := range bp.Components {
		name := c.Name
		if _, chooses := components[name]; chooses {
			name += "/" + c.Template
		}
		components[name] = types.ObjectValueMust(componentTypes, map[string]attr.Value{
			"template": types.StringValue(c.Template), "file": types.StringValue(c.File), "when": written(bp, c.When),
		})
	}
	return map[string]attr.Value{
		"version": types.StringValue(bp.Version), "summary": types.StringValue(bp.Summary), "systems": rendered.Strings(bp.Systems),
		"offered":    types.MapValueMust(types.ObjectType{AttrTypes: optionTypes}, offered),
		"profiles":   types.MapValueMust(types.ObjectType{AttrTypes: profileTypes}, profiles),
		"components": types.MapValueMust(types.ObjectType{AttrTypes: componentTypes}, components),
	}
}

// written is an expression as the blueprint writes it, on one line.
func written(bp *blueprint.Blueprint, e hclsyntax.Expression) types.String {
	if e == nil {
		return types.StringNull()
	}
	return types.StringValue(bp.Text(e))
}
