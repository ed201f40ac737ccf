package vet

import (
	"context"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/lang"
)

// table holds the functions of validations. It is never changed.
var table = sync.OnceValue(functions.Table)

// refusedDefault reports the default of a variable that its own validation
// refuses: whoever relies on it cannot plan. A default of null or of nothing is a
// way to require a value with a message of one's own, and is left alone.
func (r *runner) refusedDefault(b *hclsyntax.Block) {
	find := func() int { return refusing(b) }
	var i int
	if f := r.sources[b.TypeRange.Filename]; f != nil && r.opts.Cache != nil {
		i = r.opts.Cache.refused.Get(hcl.RangeBetween(b.TypeRange, b.CloseBraceRange).SliceBytes(f.Bytes), find)
	} else {
		i = find()
	}
	if i < 0 {
		return
	}
	def, cond := b.Body.Attributes["default"], b.Body.Blocks[i].Body.Attributes["condition"]
	r.find(ruleRefusedDefault, def.Expr.Range(), "Default not allowed", "The validation of var.%s at %s:%d rejects its default, so every plan that does not set the variable fails. Fix one of the two, or remove the default.", b.Labels[0], cond.Expr.Range().Filename, cond.Expr.Range().Start.Line)
}

// refusing returns the index of the validation that refuses a variable's default
// among the variable's blocks, -1 when none does. It looks at nothing else.
func refusing(b *hclsyntax.Block) int {
	def := b.Body.Attributes["default"]
	if def == nil {
		return -1
	}
	var ctx *hcl.EvalContext
	for i, v := range b.Body.Blocks {
		cond := v.Body.Attributes["condition"]
		if v.Type != "validation" || cond == nil || !aboutItself(cond.Expr, b.Labels[0]) {
			continue
		}
		if ctx == nil {
			val, ok := defaultOf(b, def)
			if !ok || val.IsNull() || val.RawEquals(cty.StringVal("")) {
				return -1
			}
			ctx = &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{b.Labels[0]: val})}, Functions: table()}
		}
		holds, diags := budget.New(context.Background(), "the validation").Evaluate(cond.Expr, ctx)
		if diags.HasErrors() || !holds.IsKnown() || holds.IsNull() {
			continue
		}
		if holds, _ = holds.Unmark(); holds.Type() == cty.Bool && holds.False() {
			return i
		}
	}
	return -1
}

// aboutItself says whether a condition is about the one variable alone.
func aboutItself(x hclsyntax.Expression, name string) bool {
	for _, t := range lang.Traversals(x, nil) {
		if ref, ok := lang.Refer(t); !ok || ref.Kind != lang.Variable || ref.Name != name {
			return false
		}
	}
	return true
}

// defaultOf returns a variable's default as Terraform hands it to a validation.
func defaultOf(b *hclsyntax.Block, def *hclsyntax.Attribute) (cty.Value, bool) {
	val, diags := budget.Constant(def.Expr)
	if diags.HasErrors() || !val.IsWhollyKnown() {
		return val, false
	}
	return declared(b, val)
}

// declared returns a value as one of the type that a variable declares.
func declared(b *hclsyntax.Block, val cty.Value) (cty.Value, bool) {
	typ := b.Body.Attributes["type"]
	if typ == nil {
		return val, true
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(typ.Expr)
	if diags.HasErrors() {
		return val, false // reported where the type stands
	}
	if defaults != nil && !val.IsNull() {
		val = defaults.Apply(val)
	}
	val, err := convert.Convert(val, ty)
	return val, err == nil
}
