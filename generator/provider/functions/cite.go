package functions

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/provider/rendered"
	"github.com/bpgen/bpgen/generator/provider/workspace"
)

// citation looks up an entry of the notes.
type citation struct{ w *workspace.Workspace }

var citationTypes = map[string]attr.Type{
	"id":        types.StringType,
	"citation":  types.StringType,
	"chapter":   types.StringType,
	"section":   types.StringType,
	"kind":      types.StringType,
	"strength":  types.StringType,
	"statement": types.StringType,
	"value":     types.StringType,
	"caveat":    types.StringType,
	"terraform": types.ListType{ElemType: types.StringType},
}

func (f *citation) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "cite"
}

func (f *citation) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Look up an entry of the notes",
		MarkdownDescription: "Returns an entry: `citation`, as it appears in comments of rendered modules, such as `notes aurora.deletion-protection: ...`; `chapter`, `section`, `kind`, `strength`, `statement`; " +
			"`value` as JSON, or null; `caveat`, where the notes are out of date or unsafe; and `terraform`, the types and arguments that it applies to.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "id", MarkdownDescription: "ID of the entry, such as `aurora.deletion-protection`."},
		},
		Return: function.ObjectReturn{AttributeTypes: citationTypes},
	}
}

func (f *citation) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var id string
	if resp.Error = req.Arguments.Get(ctx, &id); resp.Error != nil {
		return
	}
	notes := f.w.Catalog().Ledger()
	if notes == nil {
		resp.Error = function.NewArgumentFuncError(0, "No blueprint directory contains notes.")
		return
	}
	e, ok := notes.Lookup(id)
	if !ok {
		resp.Error = function.NewArgumentFuncError(0, "The notes have no entry with that ID."+diag.Suggest(notes.Nearest(id)))
		return
	}
	value := types.StringNull()
	if e.Value != nil {
		b, err := json.Marshal(e.Value)
		if err != nil {
			resp.Error = function.NewFuncError(fmt.Sprintf("The value of the entry %q cannot be written as JSON: %s. This is a bug in bpgen.", id, err))
			return
		}
		value = types.StringValue(string(b))
	}
	words := cite.Comment("notes: "+id, func(string) (cite.Meaning, bool) { return cite.Meaning{Statement: e.Statement}, true })
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(citationTypes, map[string]attr.Value{
		"id":        types.StringValue(e.ID),
		"citation":  types.StringValue(strings.TrimSpace(words)),
		"chapter":   types.StringValue(e.Chapter),
		"section":   types.StringValue(e.Section),
		"kind":      types.StringValue(e.Kind),
		"strength":  types.StringValue(e.Strength),
		"statement": types.StringValue(e.Statement),
		"value":     value,
		"caveat":    types.StringValue(e.Caveat),
		"terraform": rendered.Strings(e.Terraform),
	}))
}
