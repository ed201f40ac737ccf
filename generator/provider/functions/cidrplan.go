package functions

import (
	"context"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/cidrplan"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/provider/rendered"
	"github.com/bpgen/bpgen/generator/provider/workspace"
)

// network is the template whose plan of addresses is shown, and cidr its
// variable for the range of the VPC.
const (
	network = "network"
	cidr    = "cidr"
)

// cidrPlan shows the addresses that the network template gives to subnets.
type cidrPlan struct{ w *workspace.Workspace }

func (f *cidrPlan) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "cidr_plan"
}

func (f *cidrPlan) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Show the address ranges of a VPC's subnets",
		MarkdownDescription: "Evaluates the address plan of the network template, the one that rendered modules use, and returns the ranges by tier, in the order of the zones, " +
			"such as `{ app = [\"10.200.48.0/26\", ...], datastore = [...], public = [...] }`. A range that cannot be split this way, or that overlaps one of `other_cidrs`, is an error.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: cidr, MarkdownDescription: "IPv4 range of the VPC, such as `10.200.48.0/23`."},
		},
		VariadicParameter: settings("Other variables of the network template: `zones`, `subnet_weights`, `other_cidrs`; with `app_addresses` it also checks that the applications fit in each app subnet."),
		Return:            function.MapReturn{ElementType: types.ListType{ElemType: types.StringType}},
	}
}

func (f *cidrPlan) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var vpc string
	var more []types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &vpc, &more); resp.Error != nil {
		return
	}
	last, err := one(more, 1)
	if resp.Error = err; err != nil {
		return
	}
	extra, err := read(ctx, last, 1)
	if resp.Error = err; err != nil {
		return
	}
	result := types.ListType{ElemType: types.StringType}
	if !extra.Known() {
		resp.Error = resp.Result.Set(ctx, types.MapUnknown(result))
		return
	}
	values := map[string]cty.Value{}
	for _, in := range extra.Inputs {
		values[in.Name] = in.Value
	}
	if _, twice := values[cidr]; twice {
		resp.Error = function.NewArgumentFuncError(1, "The range of the VPC is the first argument; leave cidr out of the settings.")
		return
	}
	values[cidr] = cty.StringVal(vpc)
	t, diags := f.w.Catalog().Template(network, hcl.Range{})
	if resp.Error = diagnostics.Function(diags, f.w.Catalog().Sources(), 0); resp.Error != nil {
		return
	}
	plan, diags := cidrplan.Of(t, values)
	position := int64(0)
	for _, d := range diags {
		// A value that is no value of its variable is one of the settings: any
		// string may be a range.
		if d.Subject == nil {
			position = 1
		}
	}
	if resp.Error = diagnostics.Function(diags, f.w.Catalog().Sources(), position); resp.Error != nil {
		return
	}
	ranges := map[string]attr.Value{}
	for label, of := range plan {
		ranges[label] = rendered.Strings(of)
	}
	resp.Error = resp.Result.Set(ctx, types.MapValueMust(result, ranges))
}
