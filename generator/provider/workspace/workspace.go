// Package workspace is what the provider's configuration leads to: a catalogue of
// blueprints, renders of it, and the folders that may be written.
//
// It takes the built-in trees and the settings of the provider block and returns
// a Workspace, which data sources, functions and resources share. Rendering is
// generator.Generate and nothing else. It reads folders and changes nothing.
package workspace

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/platform"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/specialise"
)

// Settings are what the provider block and the environment say.
type Settings struct {
	Folders      []platform.Folder // of the platform team
	Strict       bool              // a warning is an error
	AllowedPaths []string          // folders outside the working directory that may be written
}

// A Workspace is a catalogue with what its renders share. It is safe for
// concurrent use.
type Workspace struct {
	catalog *catalog.Catalog
	cache   *generator.Cache
	strict  bool
	places  []string // folders that may be written, absolute, without links
	shown   []string // the same, as somebody named them
}

// Open returns the workspace of the built-in blueprints and of the folders. What
// is wrong with folders is in the diagnostics, and the workspace goes without
// them.
func Open(builtIn catalog.Root, s Settings) (*Workspace, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	roots, err := platform.Open(s.Folders)
	for _, e := range parts(err) {
		diags = append(diags, diag.Error(hcl.Range{}, "Blueprint folder not usable", "%s.", e))
	}
	cat, d := catalog.New(append([]catalog.Root{builtIn}, roots...)...)
	diags = append(diags, d...)
	w := &Workspace{catalog: cat, cache: generator.NewCache(), strict: s.Strict}
	if err := w.allow(s.AllowedPaths); err != nil {
		diags = append(diags, diag.Error(hcl.Range{}, "Allowed path not usable", "%s.", err))
	}
	return w, diags
}

// parts returns the errors that errors.Join joined.
func parts(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// Catalog returns the blueprints and templates.
func (w *Workspace) Catalog() *catalog.Catalog { return w.catalog }

// Strict says whether a warning is an error.
func (w *Workspace) Strict() bool { return w.strict }

// Render is generator.Generate with the catalogue and the cache of the
// workspace, which the request leaves out. A secret that would stand in the files
// is an error, and so is a warning when the workspace is strict.
func (w *Workspace) Render(ctx context.Context, req generator.Request) (generator.Result, hcl.Diagnostics) {
	req.Catalog, req.Cache = w.catalog, w.cache
	bp, _ := w.catalog.Blueprint(req.Blueprint) // Generate says what is wrong with it
	if diags := secrets(bp, req.Inputs); len(diags) > 0 {
		return generator.Result{Sources: w.catalog.Sources()}, diags
	}
	res, diags := generator.Generate(ctx, req)
	return res, w.judge(diags)
}

// Check returns what is wrong with a request of which some inputs are unknown
// yet, whatever they turn out to be. It renders nothing.
func (w *Workspace) Check(req generator.Request) hcl.Diagnostics {
	bp, diags := w.catalog.Blueprint(req.Blueprint)
	if diags.HasErrors() {
		return diags
	}
	diags = append(diags, resolve.Check(bp, req.Inputs, req.Profile)...)
	return append(diags, secrets(bp, req.Inputs)...)
}

// judge makes errors of warnings that may not be passed over.
func (w *Workspace) judge(diags hcl.Diagnostics) hcl.Diagnostics {
	out := slices.Clone(diags)
	for i, d := range diags {
		_, exposed := d.Extra.(specialise.Exposed)
		if d.Severity != hcl.DiagWarning || !exposed && !w.strict {
			continue
		}
		c := *d
		c.Severity = hcl.DiagError
		if !exposed {
			c.Detail += "\n\nThe provider is strict: a warning is an error."
		}
		out[i] = &c
	}
	return out
}

// secrets returns an error for every input that the blueprint itself takes for a
// secret: what it gives to sensitive() would stand in the files.
func secrets(bp *blueprint.Blueprint, inputs []resolve.Input) hcl.Diagnostics {
	if bp == nil {
		return nil
	}
	secret := map[string]hcl.Range{}
	look := func(e hclsyntax.Expression) {
		if e == nil {
			return
		}
		hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
			call, ok := n.(*hclsyntax.FunctionCallExpr)
			if !ok || call.Name != "sensitive" {
				return nil
			}
			for _, t := range call.Variables() {
				if attr, ok := second(t); ok && t.RootName() == "option" {
					secret[attr.Name] = call.Range()
				}
			}
			return nil
		})
	}
	for _, c := range bp.Components {
		for _, a := range c.With {
			look(a.Expr)
		}
	}
	for _, o := range bp.Outputs {
		look(o.Value)
	}
	var diags hcl.Diagnostics
	for _, in := range inputs {
		if at, ok := secret[in.Name]; ok && in.Range != nil {
			diags = append(diags, diag.Error(*in.Range, "Secret in the files",
				"The blueprint %q treats the option %q as a secret (%s), and an option's value stands in the rendered files and in the state. Make it a variable of the module, and give it where the module is used.", bp.Name, in.Name, at))
		}
	}
	return diags
}

// second returns the name behind the root of a reference.
func second(t hcl.Traversal) (hcl.TraverseAttr, bool) {
	if len(t) < 2 {
		return hcl.TraverseAttr{}, false
	}
	attr, ok := t[1].(hcl.TraverseAttr)
	return attr, ok
}
