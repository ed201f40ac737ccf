package generator

import (
	"context"
	"slices"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Deviations returns the deviations of a blueprint and of its templates that hold
// under the choices. One whose condition cannot be told holds not; a render says why.
func Deviations(ctx context.Context, cat *catalog.Catalog, bp *blueprint.Blueprint, choices []resolve.Choice) []*deviation.Deviation {
	spend := budget.New(ctx, "the blueprint")
	out, _ := inForce(bp, choices, spend)
	if !slices.ContainsFunc(cat.Deviations(bp), func(d *deviation.Deviation) bool { return d.Template != "" }) {
		return out
	}
	once := Session{catalog: cat, parsed: &parses{}}
	module, diags := once.module(spend, Request{}, &Result{Blueprint: bp, Choices: choices, Deviations: out}, true)
	if module == nil || diags.HasErrors() {
		return out
	}
	return module.Deviations
}
