package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/template"
)

// declared lists the variables and outputs of a module as its own files declare them,
// for a module whose blueprint is not here.
func declared(m *module) []topic {
	var out []topic
	for _, f := range m.files {
		if strings.Contains(f.Path, "/") || !strings.HasSuffix(f.Path, ".tf") {
			continue
		}
		parsed, diags := guard.Parse(f.Bytes, f.Path)
		body, ok := parsed.Body.(*hclsyntax.Body)
		if diags.HasErrors() || !ok {
			continue
		}
		for _, b := range body.Blocks {
			if len(b.Labels) != 1 || b.Type != "variable" && b.Type != "output" {
				continue
			}
			t := topic{Name: b.Labels[0], Kind: b.Type}
			v, _ := template.ParseVariable(b) // of an output, its description
			t.Description = v.Description
			if a := b.Body.Attributes["default"]; a != nil {
				t.Default = shell.OneLine(string(a.Expr.Range().SliceBytes(f.Bytes)))
			}
			t.Required = b.Type == "variable" && t.Default == ""
			for _, s := range m.cited.Find("var." + t.Name + ".default") {
				t.ids, t.Why = s.IDs, s.Why
			}
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b topic) int { return strings.Compare(b.Kind, a.Kind) }) // variables first
	return out
}

// needsBlueprint says which blueprint must be named for what the files of its module do
// not tell.
func (e *explainer) needsBlueprint() string {
	return fmt.Sprintf("%q contains a module of the blueprint %q, which does not come with bpgen. For its options and deviations, pass the directory that contains it with --blueprint-dir or BPGEN_PATH", e.module.dir, e.module.past.Blueprint)
}

// orphaned says whether the blueprint of the module here is not at hand.
func (e *explainer) orphaned() bool {
	return e.blueprint == nil && e.module != nil && e.module.past != nil
}
