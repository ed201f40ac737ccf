package blueprint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
)

// SummaryFor returns the summary under chosen options, which scope holds as the
// object "option".
func (b *Blueprint) SummaryFor(scope *hcl.EvalContext, spend *budget.Budget) (string, hcl.Diagnostics) {
	if b.summary == nil {
		return "", nil
	}
	for _, ref := range b.summary.Variables() {
		if _, secret := b.Secret(Step(ref, 1)); secret {
			return "", hcl.Diagnostics{diag.Error(ref.SourceRange(), "Secret in the summary", "The option %q is secret, and everyone can read the summary.", Step(ref, 1))}
		}
	}
	v, diags := spend.Evaluate(b.summary, scope)
	switch {
	case diags.HasErrors():
		return "", diags
	case v.IsNull() || v.Type() != cty.String && v.Type() != cty.DynamicPseudoType:
		return "", append(diags, diag.Error(b.summary.Range(), "Wrong type", "\"summary\" must be a string."))
	case !v.IsKnown():
		return "", append(diags, diag.Error(b.summary.Range(), "No summary without a choice", "The summary must be known before any option is chosen, so every option that it uses needs a default."))
	}
	return v.AsString(), diags
}

// defaultSummary fills Summary, when all options have been read.
func (p *parser) defaultSummary() {
	if p.bp.summary == nil {
		return
	}
	if len(p.bp.summary.Variables()) == 0 {
		p.bp.Summary = p.text(&hclsyntax.Attribute{Name: "summary", Expr: p.bp.summary})
		return
	}
	defaults := map[string]cty.Value{}
	for _, o := range p.bp.Options {
		if defaults[o.Name] = o.Default; o.Default == cty.NilVal {
			defaults[o.Name] = cty.UnknownVal(o.Type)
		}
	}
	for _, ref := range p.bp.summary.Variables() {
		_, known := defaults[Step(ref, 1)]
		switch {
		case ref.RootName() != "option":
			p.errorf(ref.SourceRange(), "Unknown reference", "A summary is made of text and of the options of the blueprint, as option.<name>; it does not know %q.", ref.RootName())
			return
		case !known:
			p.errorf(ref.SourceRange(), "Unknown option", "The blueprint has no option %q.%s", Step(ref, 1), spaced(diag.DidYouMean(Step(ref, 1), keys(defaults))))
			return
		}
	}
	var diags hcl.Diagnostics
	p.bp.Summary, diags = p.bp.SummaryFor(&hcl.EvalContext{
		Variables: map[string]cty.Value{"option": cty.ObjectVal(defaults)},
		Functions: functions.Table(),
	}, p.budget)
	p.diags = append(p.diags, diags...)
}

func spaced(hint string) string {
	if hint == "" {
		return ""
	}
	return " " + hint
}
