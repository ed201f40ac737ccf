package generator

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// A Request says what to render.
type Request struct {
	Catalog   *catalog.Catalog
	Blueprint string          // name of a blueprint of the catalog
	Inputs    []resolve.Input // chosen options; what is missing takes its default
	Profile   string          // "" or the name of a profile of the blueprint
	Layout    link.Layout     // "" is link.Flat
	Cache     *Cache          // kept between renders of one catalog; nil for a single render
}

// A Result is a rendered module in memory.
type Result struct {
	Files     fileset.Set
	Blueprint *blueprint.Blueprint
	Choices   []resolve.Choice // every option with its value and where it came from
	Module    *link.Module
	Sources   map[string]*hcl.File // what the diagnostics' ranges point into
}

// Generate renders one blueprint: load, resolve, specialise and link, render,
// vet. It never touches the disk; writing is the caller's. The diagnostics hold
// all that is wrong at once; with errors the Result's files must not be used.
//
// No secret stands in the diagnostics, nor in the sources that they point into.
func Generate(ctx context.Context, req Request) (res Result, diags hcl.Diagnostics) {
	defer func() {
		res.Sources = merge(req.Catalog.Sources(), res.Sources)
		if len(diags) > 0 {
			mask := resolve.Veil(res.Blueprint, req.Inputs, res.Choices)
			diags, res.Sources = mask.Diagnostics(diags), mask.Sources(res.Sources)
		}
	}()
	defer crash.Diagnose(&diags)

	bp, d := req.Catalog.Blueprint(req.Blueprint)
	if diags = append(diags, d...); diags.HasErrors() {
		return res, diags
	}
	res.Blueprint = bp

	choices, d := resolve.Resolve(bp, req.Inputs, req.Profile)
	res.Choices = choices
	if diags = append(diags, d...); diags.HasErrors() {
		return res, diags
	}

	major := awsMajor(choices)
	ledger := req.Catalog.Ledger()
	module, d := link.Link(link.Input{
		Blueprint: bp, Templates: req.Catalog, Choices: choices, Layout: req.Layout,
		Schemas: schemas(major), Citations: citations{ledger}, Cache: req.Cache.links(),
	})
	res.Module = module
	// Of a secret that comes from an option, it is enough to say so once.
	if exposed := resolve.Secrets(bp, choices); len(exposed) > 0 {
		diags = append(diags, exposed...)
		d = slices.DeleteFunc(d, func(d *hcl.Diagnostic) bool { _, ok := d.Extra.(secret.Exposed); return ok })
	}
	if diags = append(diags, d...); diags.HasErrors() {
		return res, diags
	}
	if err := ctx.Err(); err != nil {
		return res, append(diags, diag.Error(hcl.Range{}, "Interrupted", "The render was stopped: %s.", err))
	}

	files := req.Cache.parses()
	if req.Cache == nil {
		files.begin(module.Files) // vet reads them when the rest is written
	}
	deviations, d := inForce(bp, choices)
	diags = append(diags, d...)
	in := render.Input{Module: module, Blueprint: bp, Choices: choices, Profile: req.Profile, Deviations: deviations, Cache: req.Cache.renders(), Parse: files.parse}
	if ledger != nil {
		in.Ledger = ledger
	}
	res.Files, d = render.Render(in)
	if diags = append(diags, d...); diags.HasErrors() {
		return res, diags
	}

	found := vet.Run(ctx, res.Files.Files(), vet.Options{Major: major, Home: resolve.HomeOf(choices).Zone, Formatted: true, Parse: files.parse, Rules: notes.Rules(), Verdicts: req.Cache.judged()})
	res.Sources = found.Sources
	return res, append(diags, own(vet.Inform(found, module.Foreign), req.Layout)...)
}

// own turns vet's findings in a rendered module into the render's diagnostics.
// The nested layout holds templates as they are, toggles and all, so only what
// Terraform would refuse counts there: no rules of the notes, for a template holds
// alternatives side by side.
func own(findings hcl.Diagnostics, layout link.Layout) hcl.Diagnostics {
	if layout != link.Nested {
		return findings
	}
	var out hcl.Diagnostics
	for _, d := range findings {
		f, _ := vet.FindingOf(d)
		if _, noted := f.Rule.(vet.Noted); d.Severity == hcl.DiagError && !noted {
			out = append(out, d)
		}
	}
	return out
}

// awsMajor returns the chosen major version of the AWS provider.
func awsMajor(choices []resolve.Choice) string {
	for _, c := range choices {
		if c.Option.Name == resolve.AWSProvider && c.Value.Type() == cty.String && c.Value.IsKnown() && !c.Value.IsNull() {
			return c.Value.AsString()
		}
	}
	return "6"
}

// inForce returns the deviations that hold under the choices.
func inForce(bp *blueprint.Blueprint, choices []resolve.Choice) ([]*blueprint.Deviation, hcl.Diagnostics) {
	var out []*blueprint.Deviation
	var diags hcl.Diagnostics
	ctx := resolve.Scope(choices)
	for _, dev := range bp.Deviations {
		if dev.When != nil {
			v, d := dev.When.Value(ctx)
			if diags = append(diags, d...); d.HasErrors() {
				continue
			}
			if v.IsNull() || !v.IsKnown() || v.Type() != cty.Bool {
				diags = append(diags, diag.Error(dev.When.Range(), "Not a condition", "The when of a deviation must be true or false."))
				continue
			}
			if v.False() {
				continue
			}
		}
		out = append(out, dev)
	}
	return out, diags
}

func merge(a, b map[string]*hcl.File) map[string]*hcl.File {
	for name, f := range b {
		if _, ok := a[name]; !ok {
			a[name] = f
		}
	}
	return a
}
