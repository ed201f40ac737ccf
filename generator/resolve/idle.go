package resolve

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
)

// rest gives the options that have no meaning under the others the value that they
// have then, and returns their names. One that was asked for with another value is
// an error; a profile, or an earlier render, gives way.
func rest(bp *blueprint.Blueprint, choices []Choice, given map[string]Input) (idle map[string]bool, diags hcl.Diagnostics) {
	idle = map[string]bool{}
	spend := budget.New(context.Background(), "the conditions of the options")
	for _, o := range bp.Decided() {
		if o.When == nil {
			continue
		}
		applies, d := spend.Evaluate(o.When, Scope(choices))
		if fault := spend.Fault(); fault != nil {
			return idle, hcl.Diagnostics{fault}
		}
		if d.HasErrors() {
			diags = append(diags, discreet(bp, o.When, choices, d)...)
			continue
		}
		applies, err := convert.Convert(applies, cty.Bool)
		switch {
		case err != nil || applies.IsNull():
			diags = append(diags, diag.Error(o.When.Range(), "Not a condition", "The condition \"when\" of the option %q must be true or false.", o.Name))
			continue
		case !applies.IsKnown() || applies.True():
			continue
		}
		c := &choices[slices.IndexFunc(choices, func(c Choice) bool { return c.Option.Name == o.Name })]
		idle[o.Name] = true
		in, asked := given[o.Name]
		if asked && !in.Soft && c.Value.IsWhollyKnown() && !c.Value.RawEquals(o.Otherwise) {
			diags = append(diags, diag.Error(rangeOf(in), "Option without effect", "The option %q (from %s) has no effect here: it applies only where %s.\n\n%s\n\nLeave it out, or change the other options.",
				o.Name, in.Source, bp.Text(o.When), used(bp, o.When, choices)))
		}
		c.Value, c.Source, c.Range = o.Otherwise, "default", nil
	}
	return idle, diags
}
