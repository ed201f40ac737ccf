// Package companions is a stand-in for the small providers that published
// modules require beside hashicorp/aws: external, local, null, random and time.
//
// It serves the few types that those modules name. What a provider computes
// follows from the arguments, so that the same arguments give the same values in
// any module; nothing is waited for, written or run.
package companions

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Version is that of every companion: above what modules ask for.
const Version = "99.0.0"

// Names returns the names of the providers, sorted.
func Names() []string { return slices.Sorted(maps.Keys(resources)) }

// resources are the types of each provider.
var resources = map[string]map[string]map[string]schema.Attribute{
	"external": {},
	"local": {"local_file": {
		"filename": given(), "content": text(), "content_base64": text(), "source": text(), "sensitive_content": text(),
		"file_permission": text(), "directory_permission": text(), "id": computed(),
	}},
	"null":   {"null_resource": {"triggers": textMap(), "id": computed()}},
	"random": {"random_id": {"byte_length": schema.Int64Attribute{Required: true}, "keepers": textMap(), "prefix": text(), "hex": computed(), "dec": computed(), "b64_std": computed(), "b64_url": computed(), "id": computed()}},
	"time":   {"time_sleep": {"create_duration": text(), "destroy_duration": text(), "triggers": textMap(), "id": computed()}},
}

func given() schema.Attribute    { return schema.StringAttribute{Required: true} }
func text() schema.Attribute     { return schema.StringAttribute{Optional: true} }
func computed() schema.Attribute { return schema.StringAttribute{Computed: true} }
func textMap() schema.Attribute {
	return schema.MapAttribute{ElementType: types.StringType, Optional: true}
}

// New returns the provider of a name.
func New(name string) (provider.Provider, error) {
	if _, ok := resources[name]; !ok {
		return nil, fmt.Errorf("no companion is called %q: there are %q", name, Names())
	}
	return companion{name}, nil
}

type companion struct{ name string }

func (c companion) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = c.name, Version
}

func (companion) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (companion) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (c companion) Resources(context.Context) []func() resource.Resource {
	var out []func() resource.Resource
	for name, attributes := range resources[c.name] {
		out = append(out, func() resource.Resource { return thing{name, attributes} })
	}
	return out
}

func (c companion) DataSources(context.Context) []func() datasource.DataSource {
	if c.name != "external" {
		return nil
	}
	return []func() datasource.DataSource{func() datasource.DataSource { return external{} }}
}

// A thing is a resource that is what its arguments say.
type thing struct {
	name       string
	attributes map[string]schema.Attribute
}

func (r thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.name
}

func (r thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: r.attributes}
}

func (r thing) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.make(req.Plan, &resp.State, &resp.Diagnostics)
}

func (thing) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r thing) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.make(req.Plan, &resp.State, &resp.Diagnostics)
}

// make puts what a plan comes to into the state.
func (r thing) make(plan tfsdk.Plan, state *tfsdk.State, diags *diag.Diagnostics) {
	settled, err := r.settle(plan.Raw)
	if err != nil {
		diags.AddError(r.name, err.Error())
		return
	}
	state.Raw = settled
}

func (thing) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// settle gives every computed attribute a value that follows from the arguments.
func (r thing) settle(plan tftypes.Value) (tftypes.Value, error) {
	var values map[string]tftypes.Value
	if err := plan.As(&values); err != nil {
		return plan, err
	}
	var arguments string
	names := slices.Sorted(maps.Keys(values))
	for _, name := range names {
		if values[name].IsKnown() {
			arguments += fmt.Sprintln(name, values[name])
		}
	}
	for _, name := range names {
		if !values[name].IsKnown() {
			values[name] = tftypes.NewValue(tftypes.String, fmt.Sprintf("%.8x", sha256.Sum256([]byte(r.name+name+arguments))))
		}
	}
	return tftypes.NewValue(plan.Type(), values), nil
}

// external is a data source that runs a program, which no test wants.
type external struct{}

func (external) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "external"
}

func (external) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dataschema.Schema{Attributes: map[string]dataschema.Attribute{
		"program":     dataschema.ListAttribute{ElementType: types.StringType, Required: true},
		"query":       dataschema.MapAttribute{ElementType: types.StringType, Optional: true},
		"working_dir": dataschema.StringAttribute{Optional: true},
		"result":      dataschema.MapAttribute{ElementType: types.StringType, Computed: true},
		"id":          dataschema.StringAttribute{Computed: true},
	}}
}

func (external) Read(_ context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.Diagnostics.AddError("Nothing is run", "The stand-in for hashicorp/external runs no programs.")
}
