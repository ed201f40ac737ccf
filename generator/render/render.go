// Package render makes the files of a rendered module out of a linked one:
// the configuration, its README, tests, values per environment, a complete
// example and the manifest.
//
// It takes a *link.Module with the blueprint, the choices and the ledger
// behind it and returns a fileset with diagnostics. HCL is built from tokens,
// never from text templates; Markdown is plain text with everything escaped.
// The same input gives the same bytes: there is no clock, no chance and no map
// order in it. It does not touch the operating system. The next stage is vet.
package render

import (
	"sync"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// A Ledger looks up what the notes say under an id, and what they are.
type Ledger interface {
	Lookup(id string) (ledger.Entry, bool)
	About() string // Markdown without headings, "" when nothing is known
}

// An Input is all that a rendering is made of.
type Input struct {
	Module     *link.Module
	Blueprint  *blueprint.Blueprint
	Choices    []resolve.Choice
	Profile    string                 // that gave some of the choices; "" for none
	Summary    string                 // of the blueprint, with these choices
	Deviations []*deviation.Deviation // those in force with these choices
	Ledger     Ledger                 // nil: citations show their ids
	Origin     Origin                 // for the manifest

	// Parse takes the place of the parser, for a caller that keeps what was parsed;
	// nil is guard.Parse. What it returns is not changed.
	Parse func(src []byte, name string) (*hcl.File, hcl.Diagnostics)

	// Draft leaves README.md empty and NOTES.md out, for who wants to know what is
	// wrong alone.
	Draft bool

	// Cache keeps what the notes say for other renderings; nil keeps nothing.
	Cache *Cache

	// Budget bounds what may be evaluated; nil is a budget of its own.
	Budget *budget.Budget
}

// Render returns the files of the module. The manifest is made last, over all
// the others. With errors the set is not whole and must not be used.
func Render(in Input) (fileset.Set, hcl.Diagnostics) {
	if in.Cache == nil {
		in.Cache = &Cache{}
	}
	r := &renderer{Input: in, evaluator: newEvaluator(in)}
	r.departures = sync.OnceValue(func() map[string]*deviation.Deviation { return deviation.Departures(in.Deviations, "") })
	r.example = r.exampleValues()

	r.config("versions.tf", r.versions())
	r.config("variables.tf", r.variables())
	r.config("outputs.tf", r.outputs())
	for _, f := range in.Module.Files {
		r.config(f.Name, f.Body)
	}
	r.tests()
	r.envs()
	r.config(examplePath, r.completeExample())
	for _, f := range in.Module.Assets.Files() {
		r.add(f.Path, r.withSources(f))
	}
	r.texts()
	r.add(ManifestPath, r.manifest())
	return r.set, r.diags
}

// texts adds what is there for people to read.
func (r *renderer) texts() {
	if r.Draft {
		r.add("README.md", nil)
		return
	}
	notes := r.notes()
	r.config(NotesPath, notes)
	r.add("README.md", r.readme(len(notes) > 0))
}

// A renderer collects the files and the diagnostics of one rendering.
type renderer struct {
	Input
	*evaluator
	example []value // values of the blueprint's example that the module takes
	set     fileset.Set
	diags   hcl.Diagnostics

	departures func() map[string]*deviation.Deviation // by the entry that each departs from
}

// config adds a file of HCL; one without content is left out. The content is
// formatted already, and but once, for that is dear: by link, or by hclwrite
// what is built here.
func (r *renderer) config(path string, content []byte) {
	if len(content) > 0 {
		r.add(path, content)
	}
}

func (r *renderer) add(path string, content []byte) {
	if err := r.set.Add(path, content); err != nil {
		r.diags = append(r.diags, diag.Error(r.Blueprint.Range, "File cannot be written",
			"The blueprint %q cannot be rendered: %s. Rename the component's file or the template's asset.", r.Blueprint.Name, err))
	}
}
