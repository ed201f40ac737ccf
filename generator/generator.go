package generator

import (
	"context"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// A Request says what to render.
type Request struct {
	Catalog   *catalog.Catalog
	Blueprint string          // name of a blueprint of the catalog
	Inputs    []resolve.Input // chosen options; what is missing takes its default
	Profile   string          // "" or the name of a profile of the blueprint
	Layout    link.Layout
}

// A Result is a rendered module in memory.
type Result struct {
	Files     fileset.Set
	Blueprint *blueprint.Blueprint
	Choices   []resolve.Choice // every option with its value and where it came from
	Module    *link.Module
}

// Generate renders one blueprint: load, resolve, specialise, link, render, vet.
// It never touches the disk; writing is the caller's. The diagnostics hold all
// that is wrong at once; with errors the Result's files must not be used.
func Generate(ctx context.Context, req Request) (Result, hcl.Diagnostics) {
	panic("skeleton")
}
