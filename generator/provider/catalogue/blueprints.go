// Package catalogue holds the data sources about blueprints: bpgen_blueprints,
// the list, and bpgen_blueprint, one in detail.
//
// It takes the workspace of the provider's configuration and returns what the
// catalogue knows. A blueprint that has no data source of its own can be rendered
// by bpgen_blueprint. It writes nothing.
package catalogue

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/provider/rendered"
	"github.com/bpgen/bpgen/generator/provider/workspace"
)

// Blueprints is the data source bpgen_blueprints.
type Blueprints struct {
	typ   string
	types map[string]string // data sources by blueprint
	now   *workspace.Workspace
}

var _ datasource.DataSourceWithConfigure = (*Blueprints)(nil)

// NewBlueprints returns the data source. The names of the blueprints' own data
// sources are given.
func NewBlueprints(typ string, types map[string]string, w *workspace.Workspace) *Blueprints {
	return &Blueprints{typ, types, w}
}

var itemTypes = map[string]attr.Type{
	"version":     types.StringType,
	"summary":     types.StringType,
	"systems":     types.ListType{ElemType: types.StringType},
	"data_source": types.StringType,
	"usable":      types.BoolType,
}

// Metadata names the data source.
func (b *Blueprints) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = b.typ
}

// Schema has one value, the blueprints by name.
func (b *Blueprints) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The blueprints that come with bpgen, those of `BPGEN_PATH` and those of `blueprint_dirs`.",
		Attributes: map[string]schema.Attribute{
			"blueprints": schema.MapNestedAttribute{Computed: true, MarkdownDescription: "The blueprints by name.", NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{
					"version":     schema.StringAttribute{Computed: true, MarkdownDescription: "Version of the blueprint."},
					"summary":     schema.StringAttribute{Computed: true, MarkdownDescription: "What it renders, in one sentence."},
					"systems":     schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Systems of the notes that it covers."},
					"data_source": schema.StringAttribute{Computed: true, MarkdownDescription: "Type of its data source; null if it has none of its own and is rendered by `bpgen_blueprint`."},
					"usable":      schema.BoolAttribute{Computed: true, MarkdownDescription: "True if its file parses. If it does not, a warning says why."},
				},
			}},
		},
	}
}

// Configure takes the workspace of the provider's configuration.
func (b *Blueprints) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	if w, ok := req.ProviderData.(*workspace.Workspace); ok {
		b.now = w
	}
}

// Read lists the blueprints.
func (b *Blueprints) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	items := map[string]attr.Value{}
	for _, name := range b.now.Catalog().Blueprints() {
		bp, diags := b.now.Catalog().Blueprint(name)
		typ := types.StringNull()
		if t, ok := b.types[name]; ok {
			typ = types.StringValue(t)
		}
		items[name] = types.ObjectValueMust(itemTypes, map[string]attr.Value{
			"version": types.StringValue(bp.Version), "summary": types.StringValue(bp.Summary), "systems": rendered.Strings(bp.Systems),
			"data_source": typ, "usable": types.BoolValue(!diags.HasErrors()),
		})
	}
	element := types.ObjectType{AttrTypes: itemTypes}
	resp.Diagnostics.Append(resp.State.Set(ctx, types.ObjectValueMust(
		map[string]attr.Type{"blueprints": types.MapType{ElemType: element}},
		map[string]attr.Value{"blueprints": types.MapValueMust(element, items)},
	))...)
}
