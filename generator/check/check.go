// Package check finds what could fail for some choice of options before
// anybody makes that choice.
//
// It takes a catalog and the name of a blueprint and returns diagnostics. Most
// of them come from reasoning: names, citations and conditions are looked at
// over every combination of the options that they depend on. Combinations that
// reasoning finds suspect are rendered together with a set that holds every pair
// of option values, and what fails is reported once, with the fewest options
// that make it fail. It stands above package generator, which it calls, and does
// not touch the operating system.
package check

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// A Progress hears that n of all are done, such as "components".
type Progress func(n, all int, what string)

// A Report is what a check came to.
type Report struct {
	Diagnostics hcl.Diagnostics
	Tried       int // combinations of options that were rendered
	Unshipped   []Unshipped
}

// Blueprint checks one blueprint of the catalog with all its templates. An
// error is something that fails, or is forbidden, for at least one combination
// of options; a warning is something that no combination needs.
//
// progress hears how many components of all have been looked at, and then how many
// combinations of all have been rendered, from several goroutines; nil is nobody to
// tell.
func Blueprint(ctx context.Context, cat *catalog.Catalog, name string, progress Progress) Report {
	bp, diags := cat.Blueprint(name)
	if diags.HasErrors() {
		return Report{Diagnostics: diags}
	}
	c := newChecker(ctx, cat, bp)
	if progress != nil {
		c.progress = progress
	}
	c.diags = append(c.diags, diags...)
	c.links()
	c.unused()
	c.defaults()
	c.notes()
	c.sources()
	c.places()
	c.mocks()
	c.undeclared()
	c.deprecated()
	c.regions()
	c.values()
	if !c.diags.HasErrors() || c.whole() {
		c.names()
		c.conditions(ctx)
	}
	if fault := c.space.fault; fault != nil {
		if fault.Extra == any(budget.Stopped{Interrupted: true}) {
			return Report{} // it blames nobody
		}
		return Report{Diagnostics: hcl.Diagnostics{fault}} // a render would take as long
	}
	c.render(ctx)
	return Report{Diagnostics: diag.Sort(bp.Placed(c.diags)), Tried: c.tried, Unshipped: c.unshipped}
}

// spend returns the budget of one evaluation, and what to call behind it: the
// first that ends early ends the check.
func (c *checker) spend() (b *budget.Budget, end func()) {
	b = c.series.Part("the blueprint")
	return b, func() {
		if fault := b.Fault(); fault != nil && c.space.fault == nil {
			c.space.fault = fault
		}
	}
}

// checker is the state of one check.
type checker struct {
	series    *budget.Budget
	cat       *catalog.Catalog
	session   *generator.Session
	bp        *blueprint.Blueprint
	options   []*blueprint.Option
	byName    map[string]*blueprint.Option
	templates map[*blueprint.Component]*template.Template // without those that do not load
	shared    map[string]*template.Variable               // the blueprint's own variables
	departs   []*deviation.Deviation                      // of the blueprint and of all its templates
	space     *space
	code      map[string][]byte // files of the blueprint
	demands   specialise.Demands
	texts     ir.Texts
	suspects  []point // combinations that reasoning wants to see rendered
	special   map[string]special
	progress  Progress
	tried     int  // combinations that were rendered
	few       bool // the tests of all of them are foretold
	unshipped []Unshipped
	diags     hcl.Diagnostics
}

func newChecker(ctx context.Context, cat *catalog.Catalog, bp *blueprint.Blueprint) *checker {
	c := &checker{
		series: budget.Series(ctx, "the blueprint"), cat: cat, session: generator.NewSession(cat), bp: bp, options: resolve.Options(bp), templates: map[*blueprint.Component]*template.Template{},
		special: map[string]special{}, byName: map[string]*blueprint.Option{}, progress: func(int, int, string) {},
	}
	for _, o := range c.options {
		c.byName[o.Name] = o
	}
	c.space, c.code = newSpace(bp, c.options), bp.Sources()
	shared, diags := link.Variables(bp, c.defaultChoices())
	c.shared, c.diags = shared, append(c.diags, diags...)
	for _, comp := range bp.Components {
		t, diags := cat.Template(comp.Template, comp.TemplateRange)
		c.diags = append(c.diags, diags...)
		if !diags.HasErrors() && t != nil {
			c.templates[comp] = t
		}
	}
	c.departs = cat.Deviations(bp)
	return c
}

// defaultChoices returns the choice of every default; an option without one is not
// known.
func (c *checker) defaultChoices() []resolve.Choice {
	p := point{}
	for _, o := range c.options {
		if o.Default != cty.NilVal {
			p[o.Name] = o.Default
		}
	}
	return c.choices(p)
}

// whole says whether every component has its template.
func (c *checker) whole() bool { return len(c.templates) == len(c.bp.Components) }

func (c *checker) errorf(rng hcl.Range, summary, format string, args ...any) {
	c.diags = append(c.diags, diag.Error(rng, summary, format, args...))
}

func (c *checker) warnf(rng hcl.Range, summary, format string, args ...any) {
	c.diags = append(c.diags, diag.Warning(rng, summary, format, args...))
}

func (c *checker) option(name string) *blueprint.Option { return c.byName[name] }

func (c *checker) optionNames() []string {
	var out []string
	for _, o := range c.options {
		out = append(out, o.Name)
	}
	return out
}

// there says whether a component may be there at a point, with any of its
// templates.
func (c *checker) there(name string, p point) bool {
	return slices.ContainsFunc(c.bp.Alternatives(name), func(comp *blueprint.Component) bool { return c.possible(comp.When, p) })
}

func (c *checker) componentNames() []string {
	var out []string
	for _, comp := range c.bp.Components {
		out = append(out, comp.Name)
	}
	return out
}

// exposed returns the variables of a component's template that stay variables
// of the module, by their name there.
func (c *checker) exposed(comp *blueprint.Component) []link.Exposure {
	if t := c.templates[comp]; t != nil {
		return link.Exposed(comp, t)
	}
	return nil
}

// own returns the templates that are not foreign: those that the notes and the
// rules of the house speak of.
func (c *checker) own() []*template.Template {
	return slices.DeleteFunc(c.distinct(), func(t *template.Template) bool {
		return !slices.ContainsFunc(c.bp.Components, func(comp *blueprint.Component) bool {
			return !comp.Foreign && c.templates[comp] == t
		})
	})
}

// required says whether whoever uses the module must give the variable.
func required(v *template.Variable) bool { return v != nil && v.Default == cty.NilVal }

// distinct returns the templates in use, each once, in order of first use.
func (c *checker) distinct() []*template.Template {
	var out []*template.Template
	for _, comp := range c.bp.Components {
		if t := c.templates[comp]; t != nil && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
