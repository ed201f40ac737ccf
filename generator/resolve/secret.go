package resolve

import (
	"encoding/json"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/secret"
)

// Secrets returns an error for every option that the blueprint treats as secret
// and that has a value: all options stand in the manifest and the README of the
// module, whether its code uses them or not. A value that is not known yet could be
// one.
func Secrets(bp *blueprint.Blueprint, choices []Choice) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, c := range choices {
		if !secret.Bears(c.Value) && (c.Source == "default" || c.Value == cty.NilVal || c.Value.IsWhollyKnown()) {
			continue
		}
		at, ok := bp.Secret(c.Option.Name)
		if !ok {
			continue
		}
		rng := c.Option.Range
		if c.Source != "default" {
			rng = hcl.Range{}
		}
		if c.Range != nil {
			rng = *c.Range
		}
		d := secret.Error(rng, "Secret as an option", "The option %q (from %s) goes where Terraform expects a secret, at %s. "+
			"An option becomes a constant of the rendered module: it appears in the code, in README.md and in .bpgen/manifest.json, for everyone who can read the repository. "+
			"Do not set it here. A secret must be a variable of the module, set when it is applied, with TF_VAR_... or a file outside the repository; or keep it in Secrets Manager or Parameter Store, and set the option to its ARN.", c.Option.Name, c.Source, at)
		diags = append(diags, d)
	}
	return diags
}

// hidden says whether the value of an option must not be told, whoever gave it.
func hidden(bp *blueprint.Blueprint, option string) bool {
	_, ok := bp.Secret(option)
	return ok
}

// Say shows the value of an option of a blueprint, unless it must not be told.
func Say(bp *blueprint.Blueprint, option string, v cty.Value) string {
	if secret.Bears(v) && hidden(bp, option) {
		return secret.Hidden
	}
	return Show(v)
}

// JSON returns the value of an option of a blueprint as JSON, unless it must not be
// told.
func JSON(bp *blueprint.Blueprint, option string, v cty.Value) (json.RawMessage, error) {
	if secret.Bears(v) && hidden(bp, option) {
		return json.Marshal(secret.Hidden)
	}
	return ctyjson.Marshal(v, v.Type())
}

// Show returns the value as Show does, unless it must not be told.
func (c Choice) Show(bp *blueprint.Blueprint) string {
	if c.hides(bp) {
		return secret.Hidden
	}
	return Show(c.Value)
}

// hides says whether the value of a choice must not be told. A short number may be:
// without it a message says nothing, and nobody keeps a secret in three digits.
func (c Choice) hides(bp *blueprint.Blueprint) bool {
	if !secret.Bears(c.Value) {
		return false
	}
	if c.Value.Type() == cty.Number && len(Show(c.Value)) < 4 {
		return hidden(bp, c.Option.Name)
	}
	return c.Veiled || hidden(bp, c.Option.Name)
}

// marked is Scope for a message: in the place of a text that must not be told there
// is another, and what else must not be told is marked as sensitive.
func marked(bp *blueprint.Blueprint, choices []Choice) *hcl.EvalContext {
	ctx := Scope(choices)
	vals := ctx.Variables["option"].AsValueMap()
	for _, c := range choices {
		switch {
		case !c.hides(bp):
		case c.Value.Type() == cty.String:
			vals[c.Option.Name] = cty.StringVal(secret.Hidden)
		default:
			vals[c.Option.Name] = c.Value.Mark(functions.Sensitive)
		}
	}
	ctx.Variables = map[string]cty.Value{"option": cty.ObjectVal(vals)}
	return ctx
}

// discreet returns the diagnostics of a condition that could not be evaluated,
// without their details where these may hold what must not be told.
func discreet(bp *blueprint.Blueprint, cond hclsyntax.Expression, choices []Choice, diags hcl.Diagnostics) hcl.Diagnostics {
	for _, ref := range cond.Variables() {
		if ref.RootName() != "option" || len(ref) < 2 {
			continue
		}
		attr, ok := ref[1].(hcl.TraverseAttr)
		for _, c := range choices {
			if ok && c.Option.Name == attr.Name && c.hides(bp) {
				return hcl.Diagnostics{diag.Error(cond.Range(), "Condition is unknown", "%s", fmt.Sprintf("The condition cannot be evaluated because the value of the option %q must not be shown.", attr.Name))}
			}
		}
	}
	return diags
}

// Veil returns a mask for what must not be told of inputs and of choices made of
// them. Of an option that the blueprint does not treat as secret, what is named in
// the blueprint may be told.
func Veil(bp *blueprint.Blueprint, inputs []Input, choices []Choice) *secret.Mask {
	var m secret.Mask
	if bp != nil && bp.Secrets != nil {
		m.Ranges(bp.Secrets().Literals...)
	}
	options := map[string]*blueprint.Option{}
	if bp != nil {
		for _, o := range Options(bp) {
			options[o.Name] = o
		}
	}
	for _, in := range inputs {
		if !in.Veiled && !hidden(bp, in.Name) {
			continue
		}
		if o := options[in.Name]; o != nil && !hidden(bp, in.Name) && in.Value != cty.NilVal && known(o, in.Value) {
			continue
		}
		m.Value(in.Value)
		m.Word(in.Raw)
	}
	for _, c := range choices {
		if hidden(bp, c.Option.Name) {
			m.Value(c.Value)
		}
	}
	return &m
}

// known says whether a value is one that the option itself names.
func known(o *blueprint.Option, v cty.Value) bool {
	return len(o.OneOf) > 0 && o.Allows(v) || o.Default != cty.NilVal && v.RawEquals(o.Default)
}
