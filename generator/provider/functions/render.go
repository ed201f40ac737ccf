package functions

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/provider/rendered"
	"github.com/bpgen/bpgen/generator/provider/workspace"
)

// render renders a blueprint in memory.
type render struct{ w *workspace.Workspace }

func (f *render) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "render"
}

func (f *render) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Render a blueprint in memory",
		MarkdownDescription: "Returns what the data source of the blueprint returns: `files`, `variables`, `outputs`, `manifest` and `diagram`. " +
			"It can render the blueprints that come with bpgen and those of `BPGEN_PATH`. If an argument is sensitive, so is the whole result.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "blueprint", MarkdownDescription: "Name of the blueprint, such as `ecs-fargate`."},
			function.DynamicParameter{Name: "options", AllowUnknownValues: true, MarkdownDescription: "Options by name, such as `{ cdn = false }`; `{}` uses every default."},
		},
		VariadicParameter: settings("`{ profile = \"...\", layout = \"flat\" }`, or one of them."),
		Return:            function.ObjectReturn{AttributeTypes: rendered.Types()},
	}
}

func (f *render) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name string
	var chosen types.Dynamic
	var more []types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &name, &chosen, &more); resp.Error != nil {
		return
	}
	given, err := read(ctx, chosen, 1)
	resp.Error = function.ConcatFuncErrors(resp.Error, err)
	last, err := one(more, 2)
	resp.Error = function.ConcatFuncErrors(resp.Error, err)
	extra, err := read(ctx, last, 2)
	resp.Error = function.ConcatFuncErrors(resp.Error, err)
	if resp.Error != nil {
		return
	}
	if !given.Known() || !extra.Known() {
		resp.Error = resp.Result.Set(ctx, types.ObjectUnknown(rendered.Types()))
		return
	}
	words, err := texts(extra, 2, "profile", "layout")
	if resp.Error = err; err != nil {
		return
	}
	if l := words["layout"]; l != "" && l != string(link.Flat) && l != string(link.Nested) {
		resp.Error = function.NewArgumentFuncError(2, fmt.Sprintf("There is no layout with that name. %s", diag.DidYouMean(l, []string{string(link.Flat), string(link.Nested)})))
		return
	}
	bp, _ := f.w.Catalog().Blueprint(name) // Render says what is wrong with it
	given.Blame(bp)
	res, diags := f.w.Render(ctx, generator.Request{Blueprint: name, Inputs: given.Inputs, Profile: words["profile"], Layout: link.Layout(words["layout"])})
	if resp.Error = divide(diags, res.Sources, given.Places, 2, 1, 0); resp.Error != nil {
		return
	}
	values, diags := rendered.Values(res)
	if resp.Error = divide(diags, nil, nil, 2, 1, 0); resp.Error != nil {
		return
	}
	object, d := types.ObjectValue(rendered.Types(), values)
	if resp.Error = function.FuncErrorFromDiags(ctx, d); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, object)
	}
}
