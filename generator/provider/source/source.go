// Package source is the data source of one blueprint, made from the blueprint.
//
// It takes a blueprint of a workspace and returns a data source whose schema
// mirrors the options; reading it renders the module in memory. All decisions are
// those of resolve and generator.Generate. It writes nothing.
package source

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/provider/mirror"
	"github.com/bpgen/bpgen/generator/provider/options"
	"github.com/bpgen/bpgen/generator/provider/rendered"
	"github.com/bpgen/bpgen/generator/provider/workspace"
)

// The arguments besides the options, and the value besides those of a rendered
// module.
const (
	Profile = diagnostics.Profile
	Layout  = "layout"
	tfvars  = "tfvars"
)

// A Source is the data source of one blueprint.
type Source struct {
	typ       string // in Terraform
	blueprint *blueprint.Blueprint
	fields    []mirror.Field
	start     *workspace.Workspace // of the environment alone, as at start-up
	now       *workspace.Workspace // of the provider's configuration
}

var (
	_ datasource.DataSourceWithConfigure      = (*Source)(nil)
	_ datasource.DataSourceWithValidateConfig = (*Source)(nil)
)

// New returns the data source of a blueprint, to be called typ. A blueprint with
// errors has one too: it says so where it is used.
func New(typ string, bp *blueprint.Blueprint, w *workspace.Workspace) *Source {
	var notes mirror.Notes
	if l := w.Catalog().Ledger(); l != nil {
		notes = l
	}
	reserved := append(rendered.Names(), Profile, Layout, tfvars)
	return &Source{typ: typ, blueprint: bp, fields: mirror.Fields(bp, notes, reserved), start: w, now: w}
}

// Metadata names the data source.
func (s *Source) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = s.typ
}

// Schema mirrors the options.
func (s *Source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attrs := map[string]schema.Attribute{
		Layout: LayoutAttribute(),
		tfvars: schema.StringAttribute{Computed: true, MarkdownDescription: "A `terraform.tfvars` with the variables that were set; null if none was."},
	}
	if p, ok := profileAttribute(s.blueprint); ok {
		attrs[Profile] = p
	}
	maps.Copy(attrs, rendered.Attributes())
	for _, f := range s.fields {
		attrs[f.Attribute] = f.Schema
	}
	resp.Schema = schema.Schema{
		Attributes:          attrs,
		MarkdownDescription: fmt.Sprintf("%s\n\nRenders the blueprint `%s` %s in memory.", s.blueprint.Summary, s.blueprint.Name, s.blueprint.Version),
	}
}

// LayoutAttribute is the argument for the shape of the module.
func LayoutAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: fmt.Sprintf("Shape of the module: `%s`, one plain module, or `%s`, with a child module per component. Default: `%s`.", link.Flat, link.Nested, link.Flat),
		Validators:          []validator.String{stringvalidator.OneOf(string(link.Flat), string(link.Nested))},
	}
}

func profileAttribute(bp *blueprint.Blueprint) (schema.Attribute, bool) {
	text := "Uses the option values of one of the blueprint's profiles; `options` take precedence."
	for _, p := range bp.Profiles {
		text += fmt.Sprintf("\n- `%s`: %s", p.Name, p.Description)
	}
	return schema.StringAttribute{Optional: true, MarkdownDescription: text}, len(bp.Profiles) > 0
}

// Configure takes the workspace of the provider's configuration.
func (s *Source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	if w, ok := req.ProviderData.(*workspace.Workspace); ok {
		s.now = w
	}
}

// ValidateConfig says what is wrong whatever unknown values turn out to be.
func (s *Source) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	config, given, request := s.request(ctx, req.Config, &resp.Diagnostics)
	if profile, ok := config.Attributes()[Profile]; resp.Diagnostics.HasError() || ok && profile.IsUnknown() {
		return // what the profile sets is not known
	}
	diags := s.start.Check(request)
	resp.Diagnostics.Append(diagnostics.Convert(diags, s.start.Catalog().Sources(), given.Places, path.Empty())...)
}

// Read renders the module.
func (s *Source) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, given, request := s.request(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	res, diags := s.now.Render(ctx, request)
	var values map[string]attr.Value
	if !diags.HasErrors() {
		v, more := rendered.Values(res)
		values, diags = v, append(diags, more...)
	}
	resp.Diagnostics.Append(diagnostics.Convert(diags, res.Sources, given.Places, path.Empty())...)
	if resp.Diagnostics.HasError() {
		return
	}
	values[tfvars] = s.tfvars(ctx, config, &resp.Diagnostics)
	all := config.Attributes()
	maps.Copy(all, values)
	state, d := types.ObjectValue(config.AttributeTypes(ctx), all)
	resp.Diagnostics.Append(d...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}

// request reads the configuration.
func (s *Source) request(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (types.Object, options.Given, generator.Request) {
	var object types.Object
	var given options.Given
	diags.Append(config.Get(ctx, &object)...)
	if diags.HasError() {
		return object, given, generator.Request{}
	}
	all := object.Attributes()
	for _, f := range s.fields {
		value, at := all[f.Attribute], path.Root(f.Attribute)
		switch {
		case f.Kind == mirror.Option:
			diags.Append(given.Add(ctx, f.Name, value, at)...)
		case f.Sensitive && !value.IsNull():
			diags.AddAttributeError(at, "Secret in the state",
				fmt.Sprintf("The variable %q of the module is a secret. If it were set here, its value would be stored in tfvars and in the state. Set it where the module is used.", f.Name))
		}
	}
	given.Blame(s.blueprint)
	return object, given, generator.Request{
		Blueprint: s.blueprint.Name, Inputs: given.Inputs, Profile: Text(all[Profile]), Layout: link.Layout(Text(all[Layout])),
	}
}

// Text returns a known string, or "".
func Text(v attr.Value) string {
	if s, ok := v.(types.String); ok {
		return s.ValueString()
	}
	return ""
}

// tfvars writes the variables that were given as a file of values.
func (s *Source) tfvars(ctx context.Context, config types.Object, diags *diag.Diagnostics) types.String {
	file := hclwrite.NewEmptyFile()
	given := config.Attributes()
	for _, f := range s.fields {
		if f.Kind != mirror.Variable || given[f.Attribute].IsNull() {
			continue
		}
		v, err := options.Value(ctx, given[f.Attribute])
		if err != nil {
			diags.AddAttributeError(path.Root(f.Attribute), "Not a value", fmt.Sprintf("The value cannot be read: %s.", err))
			continue
		}
		file.Body().SetAttributeValue(f.Name, v)
	}
	if len(file.Body().Attributes()) == 0 {
		return types.StringNull()
	}
	return types.StringValue(string(hclwrite.Format(file.Bytes())))
}

// Types returns the names of data sources for blueprints by name; reserved ones
// are taken. Two blueprints that would share a name have none: it would depend on
// their order.
func Types(blueprints []string, reserved ...string) (byBlueprint map[string]string) {
	count := map[string]int{}
	for _, b := range blueprints {
		count[mirror.Identifier(b)]++
	}
	byBlueprint = map[string]string{}
	for _, b := range blueprints {
		if id := mirror.Identifier(b); count[id] == 1 && !slices.Contains(reserved, id) {
			byBlueprint[b] = id
		}
	}
	return byBlueprint
}
