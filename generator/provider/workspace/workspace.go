// Package workspace is what the provider's configuration leads to: a catalogue of
// blueprints, renders of it, and the folders that may be written.
//
// It takes the built-in trees and the settings of the provider block and returns
// a Workspace, which data sources, functions and resources share. Rendering is
// generator.Generate and nothing else. It reads folders and changes nothing.
package workspace

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/platform"
	"github.com/bpgen/bpgen/generator/resolve"
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
	session *generator.Session
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
		diags = append(diags, diag.Error(hcl.Range{}, "Blueprint directory cannot be used", "%s.", e))
	}
	cat, d := catalog.New(append([]catalog.Root{builtIn}, roots...)...)
	diags = append(diags, d...)
	w := &Workspace{catalog: cat, session: generator.NewSession(cat), strict: s.Strict}
	if err := w.allow(s.AllowedPaths); err != nil {
		diags = append(diags, diag.Error(hcl.Range{}, "Allowed path cannot be used", "%s.", err))
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

// Render is generator.Generate in the session of the workspace. A warning is an
// error when the workspace is strict.
func (w *Workspace) Render(ctx context.Context, req generator.Request) (generator.Result, hcl.Diagnostics) {
	res, diags := w.session.Generate(ctx, req)
	return res, w.judge(w.veil(req, diags))
}

// Blueprint returns a blueprint of the catalogue.
func (w *Workspace) Blueprint(name string) (*blueprint.Blueprint, hcl.Diagnostics) {
	bp, diags := w.catalog.Blueprint(name)
	return bp, w.veil(generator.Request{Blueprint: name}, diags)
}

// Check returns what is wrong with a request of which some inputs are unknown
// yet, whatever they turn out to be. It renders nothing.
func (w *Workspace) Check(req generator.Request) hcl.Diagnostics {
	bp, diags := w.catalog.Blueprint(req.Blueprint)
	if !diags.HasErrors() {
		diags = append(diags, resolve.Check(bp, req.Inputs, req.Profile)...)
	}
	return w.veil(req, resolve.Veil(bp, req.Inputs, nil).Diagnostics(diags))
}

// veil leaves out names that are none: Terraform may hold them for sensitive, and
// shows where they stand if it does not.
func (w *Workspace) veil(req generator.Request, diags hcl.Diagnostics) hcl.Diagnostics {
	var words []string
	bp, _ := w.catalog.Blueprint(req.Blueprint)
	switch {
	case bp == nil:
		words = append(words, fmt.Sprintf("%q", req.Blueprint), "of that name")
	case req.Profile != "":
		if !slices.ContainsFunc(bp.Profiles, func(p *blueprint.Profile) bool { return p.Name == req.Profile }) {
			words = append(words, fmt.Sprintf("%q", req.Profile), "of that name")
		}
	}
	if len(words) == 0 {
		return diags
	}
	without := strings.NewReplacer(words...)
	out := slices.Clone(diags)
	for i, d := range diags {
		c := *d
		c.Detail = without.Replace(d.Detail)
		out[i] = &c
	}
	return out
}

// judge makes errors of warnings that may not be passed over.
func (w *Workspace) judge(diags hcl.Diagnostics) hcl.Diagnostics {
	out := slices.Clone(diags)
	for i, d := range diags {
		if d.Severity != hcl.DiagWarning || !w.strict {
			continue
		}
		c := *d
		c.Severity = hcl.DiagError
		c.Detail += "\n\nThe provider is strict: a warning is an error."
		out[i] = &c
	}
	return out
}
