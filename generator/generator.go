package generator

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/deviation"
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
	Draft     bool            // leaves README.md empty, for who wants the diagnostics alone
	Origin    render.Origin   // for the manifest
}

// A Result is a rendered module in memory.
type Result struct {
	Files      fileset.Set
	Blueprint  *blueprint.Blueprint
	Choices    []resolve.Choice       // every option with its value and where it came from
	Summary    string                 // the blueprint's, with these choices
	Deviations []*deviation.Deviation // those in force with these choices
	Module     *link.Module
	Sources    map[string]*hcl.File // what the diagnostics' ranges point into
}

// Generate renders one blueprint: load, resolve, specialise and link, render,
// vet. It never touches the disk; writing is the caller's. The diagnostics hold
// all that is wrong at once; with errors the Result's files must not be used.
//
// No secret stands in the diagnostics, nor in the sources that they point into.
//
// Who renders more than once from one catalog has a Session.
func Generate(ctx context.Context, req Request) (Result, hcl.Diagnostics) {
	once := Session{catalog: req.Catalog, parsed: &parses{}}
	return once.generate(ctx, req)
}

// Preview is Generate up to the linked module: it makes no files, so it does not
// judge them, and leaves the templates' tests alone.
func Preview(ctx context.Context, req Request) (Result, hcl.Diagnostics) {
	once := Session{catalog: req.Catalog, parsed: &parses{}}
	return once.guarded(ctx, req, func(spend *budget.Budget, req Request, res *Result) hcl.Diagnostics {
		return once.link(spend, req, res, true)
	})
}

func (s *Session) generate(ctx context.Context, req Request) (Result, hcl.Diagnostics) {
	return s.guarded(ctx, req, func(spend *budget.Budget, req Request, res *Result) hcl.Diagnostics {
		diags := s.link(spend, req, res, false)
		if diags.HasErrors() {
			return diags
		}
		return append(diags, s.render(ctx, spend, req, res)...)
	})
}

// guarded runs stages, which spend from one budget. A panic of theirs is a
// diagnostic, and no secret stands in what they return. What an interrupt leaves
// unfinished is not told: it is that alone.
func (s *Session) guarded(ctx context.Context, req Request, stages func(*budget.Budget, Request, *Result) hcl.Diagnostics) (res Result, diags hcl.Diagnostics) {
	defer func() {
		res.Sources = merge(s.catalog.Sources(), res.Sources)
		diags = res.Blueprint.Placed(diags)
		if len(diags) > 0 {
			mask := resolve.Veil(res.Blueprint, req.Inputs, res.Choices)
			diags, res.Sources = mask.Diagnostics(diags), mask.Sources(res.Sources)
		}
	}()
	defer crash.Diagnose(&diags)
	spend := budget.New(ctx, "the blueprint")
	diags = stages(spend, req, &res)
	if fault := spend.Interrupted(); fault != nil {
		diags = hcl.Diagnostics{fault}
	}
	return res, diags
}

// link loads the blueprint, resolves the options and links the module; a bare one
// has no tests and no files beside its configuration.
func (s *Session) link(spend *budget.Budget, req Request, res *Result, bare bool) hcl.Diagnostics {
	bp, diags := s.catalog.Blueprint(req.Blueprint)
	if diags.HasErrors() {
		return diags
	}
	res.Blueprint = bp

	choices, d := resolve.Resolve(bp, req.Inputs, req.Profile)
	res.Choices = choices
	if diags = append(diags, d...); diags.HasErrors() {
		return s.variablesAmong(spend, req, bp, diags)
	}

	res.Summary, d = bp.SummaryFor(resolve.Scope(choices), spend)
	diags = append(diags, d...)

	res.Deviations, d = inForce(bp, choices, spend)
	diags = append(diags, d...)

	module, d := s.module(spend, req, res, bare)
	if res.Module = module; module != nil {
		res.Deviations = module.Deviations
	}
	// Of a secret that comes from an option, it is enough to say so once.
	if exposed := resolve.Secrets(bp, choices); len(exposed) > 0 {
		diags = append(diags, exposed...)
		d = slices.DeleteFunc(d, func(d *hcl.Diagnostic) bool { _, ok := d.Extra.(secret.Exposed); return ok })
	}
	diags = append(diags, d...)
	if fault := spend.Interrupted(); fault != nil {
		return hcl.Diagnostics{fault} // a module that is not whole
	}
	return diags
}

// module links the module of a blueprint.
func (s *Session) module(spend *budget.Budget, req Request, res *Result, bare bool) (*link.Module, hcl.Diagnostics) {
	return link.Link(link.Input{
		Blueprint: res.Blueprint, Templates: s.catalog, Choices: res.Choices, Layout: req.Layout,
		Schemas: schemas(awsMajor(res.Choices)), Citations: citations{s.catalog.Ledger()}, Deviations: res.Deviations,
		Cache: s.linked, Bare: bare, Budget: spend,
	})
}

// variablesAmong says of unknown options which are variables of the module that
// the other options lead to: the two are easily taken for each other.
func (s *Session) variablesAmong(spend *budget.Budget, req Request, bp *blueprint.Blueprint, diags hcl.Diagnostics) hcl.Diagnostics {
	unknown := func(d *hcl.Diagnostic) (string, bool) { u, ok := d.Extra.(resolve.UnknownOption); return u.Name, ok }
	names := map[string]bool{}
	for _, d := range diags {
		if name, ok := unknown(d); ok {
			names[name] = true
		}
	}
	rest := slices.DeleteFunc(slices.Clone(req.Inputs), func(in resolve.Input) bool { return names[in.Name] })
	choices, d := resolve.Resolve(bp, rest, req.Profile)
	if len(names) == 0 || d.HasErrors() {
		return diags
	}
	module, d := s.module(spend, req, &Result{Blueprint: bp, Choices: choices}, true) // Its variables are all that is looked at.
	if module == nil || d.HasErrors() {
		return diags
	}
	out := slices.Clone(diags)
	for i, d := range diags {
		name, ok := unknown(d)
		if !ok || !slices.ContainsFunc(module.Variables, func(v link.Variable) bool { return v.Name == name }) {
			continue
		}
		c := *d
		c.Summary = "Variable, not an option"
		c.Detail = fmt.Sprintf("%q is a variable of the module. Options are chosen at render time and decide which code there is; variables are set where the module is used, "+
			"in its module block or in a .tfvars file: %s = ... Run \"bpgen explain %s %s\" to see what it is for.", name, name, bp.Name, name)
		out[i] = &c
	}
	return out
}

// render makes the files of a linked module and judges them.
func (s *Session) render(ctx context.Context, spend *budget.Budget, req Request, res *Result) hcl.Diagnostics {
	res.Module.Print()
	if s.linked == nil {
		s.parsed.begin(res.Module.Files) // vet reads them when the rest is written
	}
	in := render.Input{Module: res.Module, Blueprint: res.Blueprint, Choices: res.Choices, Profile: req.Profile, Summary: res.Summary, Deviations: res.Deviations, Origin: req.Origin, Parse: s.parsed.parse, Draft: req.Draft, Cache: s.noted, Budget: spend}
	if ledger := s.catalog.Ledger(); ledger != nil {
		in.Ledger = ledger
	}
	files, diags := render.Render(in)
	res.Files = files
	if diags.HasErrors() || spend.Interrupted() != nil {
		return diags
	}
	opts := VetOptions(res.Choices)
	opts.Parse, opts.Cache = s.parsed.parse, s.vetted
	found := vet.Run(ctx, files.Files(), opts)
	res.Sources = found.Sources
	return append(diags, own(vet.Inform(found, res.Module.Foreign), req.Layout)...)
}

// own turns vet's findings in a rendered module into the render's diagnostics.
// The nested layout holds templates as they are, toggles and all, so of the language
// only what Terraform would refuse counts there. The rules of the notes follow what the
// toggles are set to.
func own(findings hcl.Diagnostics, layout link.Layout) hcl.Diagnostics {
	if layout != link.Nested {
		return findings
	}
	var out hcl.Diagnostics
	for _, d := range findings {
		f, _ := vet.FindingOf(d)
		if _, noted := f.Rule.(vet.Noted); noted || d.Severity == hcl.DiagError {
			out = append(out, d)
		}
	}
	return out
}

// VetOptions returns the options of vet for what is rendered with these choices:
// formatted, and held against the rules of the notes.
func VetOptions(choices []resolve.Choice) vet.Options {
	return vet.Options{Major: awsMajor(choices), Home: resolve.HomeOf(choices).Zone, Target: text(choices, resolve.Target), Formatted: true, Rules: notes.Rules()}
}

// awsMajor returns the chosen major version of the AWS provider.
func awsMajor(choices []resolve.Choice) string {
	if major := text(choices, resolve.AWSProvider); major != "" {
		return major
	}
	return "6"
}

// text returns the string that was chosen for an option, "" without one.
func text(choices []resolve.Choice, option string) string {
	for _, c := range choices {
		if c.Option.Name == option && c.Value.Type() == cty.String && c.Value.IsKnown() && !c.Value.IsNull() {
			return c.Value.AsString()
		}
	}
	return ""
}

// inForce returns the deviations that hold under the choices.
func inForce(bp *blueprint.Blueprint, choices []resolve.Choice, spend *budget.Budget) ([]*deviation.Deviation, hcl.Diagnostics) {
	var out []*deviation.Deviation
	var diags hcl.Diagnostics
	ctx := resolve.Scope(choices)
	for _, dev := range bp.Deviations {
		if dev.When != nil {
			v, d := spend.Evaluate(dev.When, ctx)
			if diags = append(diags, d...); d.HasErrors() {
				continue
			}
			if v.IsNull() || !v.IsKnown() || v.Type() != cty.Bool {
				diags = append(diags, diag.Error(dev.When.Range(), "Not a condition", "The condition \"when\" of a deviation must be true or false."))
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
