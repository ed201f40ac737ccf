package survey

import (
	"context"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Open opens the files of a module that a blueprint was rendered to with these choices,
// as they are now, for proofs.
func Open(ctx context.Context, bp *blueprint.Blueprint, choices []resolve.Choice, files []fileset.File) *proof.Module {
	account := proof.Account{Values: exampleOf(bp), Region: resolve.HomeOf(choices).Region()}
	judge := func(files []fileset.File) []string { return rules(ctx, files, choices) }
	return proof.Load(ctx, files, account, guard.Parse, judge)
}
