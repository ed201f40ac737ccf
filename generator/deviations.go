package generator

import (
	"context"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Deviations returns the deviations of a blueprint that hold under the choices. One
// whose condition cannot be told holds not; a render says why.
func Deviations(ctx context.Context, bp *blueprint.Blueprint, choices []resolve.Choice) []*blueprint.Deviation {
	out, _ := inForce(bp, choices, budget.New(ctx, "the blueprint"))
	return out
}
