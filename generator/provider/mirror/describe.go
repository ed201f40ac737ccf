package mirror

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Notes answers what an id of the notes stands for.
type Notes interface {
	Lookup(id string) (ledger.Entry, bool)
}

// maxStatement bounds, in characters, what the notes say in a description.
const maxStatement = 140

// Describe returns what is known of an option, in Markdown: what it is for, what
// it takes, its default and where that comes from.
func Describe(o *blueprint.Option, notes Notes) string {
	var parts []string
	if o.Description != "" {
		parts = append(parts, o.Description)
	}
	var facts []string
	if len(o.OneOf) > 0 {
		var values []string
		for _, v := range o.OneOf {
			values = append(values, code(resolve.Show(v)))
		}
		facts = append(facts, "One of "+strings.Join(values, ", ")+".")
	}
	if o.Default != cty.NilVal {
		facts = append(facts, "Default: "+code(resolve.Show(o.Default))+".")
	}
	if len(facts) > 0 {
		parts = append(parts, strings.Join(facts, " "))
	}
	var sources []string
	for _, id := range o.Notes {
		sources = append(sources, "- "+Citation(id, notes))
	}
	switch {
	case len(sources) > 0:
		parts = append(parts, "Source:\n"+strings.Join(sources, "\n"))
	case o.Why != "":
		parts = append(parts, "Why: "+o.Why+".")
	}
	return strings.Join(parts, "\n\n")
}

// Citation returns an entry of the notes as a reader finds it: its chapter and
// what it says, with its id.
func Citation(id string, notes Notes) string {
	if notes != nil {
		if e, ok := notes.Lookup(id); ok {
			return "notes " + e.Chapter + ": " + cite.Shorten(e.Statement, maxStatement) + " (" + code(id) + ")"
		}
	}
	return "notes " + code(id)
}

// describeVariable returns what is known of a variable block.
func describeVariable(b *hclsyntax.Block, sensitive bool) string {
	name := code(b.Labels[0])
	text := "Value of the variable " + name + " of the module. It goes into `tfvars` and changes no file."
	if sensitive {
		text = "The variable " + name + " of the module is a secret: it cannot be set here, only where the module is used."
	}
	if a := b.Body.Attributes["description"]; a != nil {
		if v, diags := a.Expr.Value(named(a.Expr)); !diags.HasErrors() && v.Type() == cty.String && !v.IsNull() {
			text = v.AsString() + "\n\n" + text
		}
	}
	return text
}

// named answers references to options with their names, for nobody has chosen yet.
func named(x hclsyntax.Expression) *hcl.EvalContext {
	names := map[string]cty.Value{}
	for _, ref := range x.Variables() {
		if len(ref) < 2 || ref.RootName() != "option" {
			continue
		}
		if step, ok := ref[1].(hcl.TraverseAttr); ok {
			names[step.Name] = cty.StringVal(code(step.Name))
		}
	}
	return &hcl.EvalContext{Variables: map[string]cty.Value{"option": cty.ObjectVal(names)}, Functions: resolve.Functions()}
}

// code makes a span of code.
func code(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || s == "" {
		s = " " + s + " "
	}
	return fence + s + fence
}
