package choose

import (
	"cmp"
	"context"
	"maps"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// A Preview is a blueprint and, when the choices allow it, its module. It is
// for commands that show something and write nothing.
type Preview struct {
	Blueprint *blueprint.Blueprint
	Result    generator.Result // valid when Diags has no errors
	Diags     hcl.Diagnostics
	Sources   map[string]*hcl.File
	Notes     *ledger.Ledger // nil when no folder carries one
	Catalog   *catalog.Catalog
}

// Preview loads the blueprint and links its module. A blueprint that
// cannot be read is an error, already shown; one that cannot be rendered with
// these choices is in Diags.
func (c *Flags) Preview(ctx context.Context, f *shell.Factory, name string) (*Preview, error) {
	return c.PreviewOf(ctx, f, name, Standing{})
}

// Standing is what a preview takes from a module that was rendered before.
type Standing struct {
	Kept    func(*blueprint.Blueprint) []resolve.Input // options that hold on; nil is none
	Profile string                                     // that holds unless the flags give one
	Files   bool                                       // make the module's files as well
}

// PreviewOf is Preview with what a module has kept: the flags beat it.
func (c *Flags) PreviewOf(ctx context.Context, f *shell.Factory, name string, standing Standing) (*Preview, error) {
	cat, err := f.Catalog(c.Dirs)
	if err != nil {
		return nil, err
	}
	inputs, sources, wrong := c.Inputs()
	bp, diags := cat.Blueprint(name)
	if wrong.HasErrors() {
		return nil, f.Report(VeilBroken(bp, sources, wrong))
	}
	if diags.HasErrors() {
		return nil, f.Report(cat.Sources(), diags)
	}
	done := f.IO.Progress("Linking " + name).Done
	defer done()
	p := &Preview{Blueprint: bp, Notes: cat.Ledger(), Catalog: cat}
	preview := f.Preview
	if preview == nil || standing.Files {
		preview = f.Generate
	}
	if standing.Kept != nil {
		inputs = append(standing.Kept(bp), inputs...)
	}
	profile := cmp.Or(c.Profile, standing.Profile)
	p.Result, p.Diags = preview(ctx, generator.Request{
		Catalog: cat, Blueprint: name, Inputs: inputs, Profile: profile, Layout: link.Flat,
	})
	p.Sources = cat.Sources()
	maps.Copy(p.Sources, Veil(bp, inputs, sources))
	maps.Copy(p.Sources, p.Result.Sources)
	return p, nil
}
