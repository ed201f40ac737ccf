package functions

import (
	"context"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/provider/rendered"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// vetting checks files as bpgen vet does.
type vetting struct{}

var findingTypes = map[string]attr.Type{
	"severity": types.StringType,
	"rule":     types.StringType,
	"summary":  types.StringType,
	"detail":   types.StringType,
	"file":     types.StringType,
	"line":     types.NumberType,
	"module":   types.StringType,
	"why":      types.StringType,
	"link":     types.StringType,
	"notes":    types.ListType{ElemType: types.StringType},
}

func (f *vetting) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "vet"
}

func (f *vetting) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Check Terraform files without a provider",
		MarkdownDescription: "Checks files as `bpgen vet` does, rendered by bpgen or not, and returns the findings in order: `severity` (`error` or `warning`), `rule`, `summary`, `detail`, " +
			"`file` and `line`, `module`, `why`, `link` and `notes`. Files other than Terraform files are skipped. An empty list means that the module is clean.",
		Parameters: []function.Parameter{
			function.MapParameter{Name: "files", ElementType: types.StringType, MarkdownDescription: "Contents of the files by path, such as `files` of a data source."},
		},
		Return: function.ListReturn{ElementType: types.ObjectType{AttrTypes: findingTypes}},
	}
}

func (f *vetting) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var given map[string]types.String
	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return
	}
	element := types.ObjectType{AttrTypes: findingTypes}
	var set fileset.Set
	var diags hcl.Diagnostics
	var budget guard.Budget
	sources := map[string]*hcl.File{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch content := given[name]; {
		case content.IsUnknown():
			resp.Error = resp.Result.Set(ctx, types.ListUnknown(element))
			return
		case content.IsNull():
			diags = append(diags, diag.Error(hcl.Range{}, "File without content", "The content of %q is null.", name))
		default:
			b := []byte(content.ValueString())
			if err := set.Add(name, b); err != nil {
				diags = append(diags, diag.Error(hcl.Range{}, "Not a path", "%s.", err))
				continue
			}
			if vet.Reads(name) {
				sources[name] = &hcl.File{Bytes: b}
				diags = append(diags, budget.Take(name, b, true)...)
				diags = append(diags, guard.HCL(name, b)...)
			}
		}
	}
	// Without the sources: what is given may be sensitive.
	if resp.Error = diagnostics.Function(diags, nil, 0); resp.Error != nil {
		return
	}
	found := vet.Run(ctx, set.Files(), vet.Options{Rules: notes.Rules()})
	findings := []attr.Value{}
	for _, d := range found.Findings {
		j := diag.JSON(hcl.Diagnostics{d})[0]
		values := map[string]attr.Value{
			"severity": types.StringValue(j.Severity), "summary": types.StringValue(j.Summary), "detail": types.StringValue(j.Detail),
			"file": types.StringNull(), "line": types.NumberNull(), "rule": types.StringNull(), "module": types.StringNull(),
			"why": types.StringNull(), "link": types.StringNull(), "notes": rendered.Strings(nil),
		}
		if j.Range != nil {
			values["file"], values["line"] = types.StringValue(j.Range.Filename), types.NumberValue(big.NewFloat(float64(j.Range.Start.Line)))
		}
		if fd, ok := vet.FindingOf(d); ok {
			values["severity"] = types.StringValue(fd.Rule.Severity().String())
			values["rule"], values["module"] = types.StringValue(fd.Rule.ID()), types.StringValue(fd.Module)
			values["why"], values["link"] = types.StringValue(fd.Rule.Why()), types.StringValue(fd.Rule.Link())
			values["notes"] = rendered.Strings(vet.CitedBy(fd.Rule))
		}
		findings = append(findings, types.ObjectValueMust(findingTypes, values))
	}
	resp.Error = resp.Result.Set(ctx, types.ListValueMust(element, findings))
}
