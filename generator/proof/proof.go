// Package proof says what of a rendered module shows that it honours an entry of
// the notes, and finds out whether it is there.
//
// A proof stands in a file proofs/<system>.hcl beside the blueprints, in the
// language of the module itself: resources with arguments, files with a pattern,
// sections of runbooks. Where the ledger gives the arguments and their values, a
// proof follows from the entry (Derive). Parse reads proofs and holds every path
// against the provider's schemas; Load opens a rendered module; Module.Holds
// says whether a proof holds there, where, and what is in the way if not. A
// comment that cites an entry is no part of any of this.
//
// A value is what the code says with the values of its variables: those that are
// given, else those of the blueprint's example, else the defaults. What only AWS
// knows is unknown and equals nothing. The package takes bytes and returns values
// and diagnostics; it renders nothing and does not touch the operating system.
package proof

import (
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// A Proof is what must be found in a module for an entry of the notes to count.
type Proof struct {
	ID      string
	Claims  []Claim              // all must hold
	Either  [][]Claim            // of these, where there are any, all claims of one must hold
	Options map[string]cty.Value // options of the blueprint with which they hold; the others are at their defaults
	Given   map[string]cty.Value // values of the module's variables with which they hold
	Profile string               // the profile whose values hold, "" for none
	Duty    string               // why people have to do what a rule, option or default asks, "" where code does
	Derived bool                 // it follows from the entry
	Waived  string               // why there is no proof, "" where there is one
	Text    string               // as it is written
	Range   hcl.Range
}

// All returns the claims with those of the alternatives.
func (p *Proof) All() []Claim {
	out := append([]Claim{}, p.Claims...)
	for _, e := range p.Either {
		out = append(out, e...)
	}
	return out
}

// ByHand says whether people do what the proof is about: nothing but runbooks has a
// part in it, or it calls it their duty, whatever else must be there.
func (p *Proof) ByHand() bool {
	return p.Duty != "" || !slices.ContainsFunc(p.All(), func(c Claim) bool { return !isHuman(c) })
}

func isHuman(c Claim) bool { _, ok := c.(*Human); return ok }

// Checked says whether a rule of vet has a part in the proof.
func (p *Proof) Checked() bool {
	for _, c := range p.All() {
		if _, ok := c.(*Rule); ok {
			return true
		}
	}
	return false
}

// A Claim is one part of a proof.
type Claim interface {
	// Where returns the place of the claim in its file.
	Where() hcl.Range
	holds(m *Module) Finding
}

// A Quantifier says of how many objects a claim speaks.
type Quantifier string

// The quantifiers.
const (
	Some  Quantifier = "some"  // at least one
	Every Quantifier = "every" // all, and there is one
	No    Quantifier = "no"    // none, and there may be none
)

// An Object is a claim about resources, data sources, variables or outputs.
type Object struct {
	Quantifier Quantifier
	Block      string // resource, data, variable or output
	Type       string // of resources and data sources
	Name       string // of variables and outputs
	Pattern    *Pattern
	Range      hcl.Range
}

// Where returns the place of the claim.
func (o *Object) Where() hcl.Range { return o.Range }

// A File is a claim about the files of the module.
type File struct {
	Glob    string
	Matches *regexp.Regexp
	Lacks   *regexp.Regexp
	Range   hcl.Range
}

// Where returns the place of the claim.
func (f *File) Where() hcl.Range { return f.Range }

// A Human is a claim that a runbook tells people what to do.
type Human struct {
	Path    string // of the runbook
	Heading string // of the section
	Says    *regexp.Regexp
	Range   hcl.Range
}

// Where returns the place of the claim.
func (h *Human) Where() hcl.Range { return h.Range }

// A Rule is a claim that a rule of vet finds something in the module as soon as
// it is changed in a way that breaks the entry.
type Rule struct {
	ID      string
	Changes []Change
	Range   hcl.Range
}

// Where returns the place of the claim.
func (r *Rule) Where() hcl.Range { return r.Range }

// A Change breaks a module in one place.
type Change struct {
	Do      string // turn, remove or add
	Type    string // of the resource
	Where   *Pattern
	Name    string // of the argument that is turned over
	Value   string // the text of its new value
	Text    string // what is added
	Range   hcl.Range
	Pattern *Pattern
}

// A Pattern is what an object's body must hold.
type Pattern struct {
	Which  *Pattern // of the objects, those that fit it; nil for all
	Args   []Argument
	Blocks []Nested
}

// An Argument is a demand on an argument.
type Argument struct {
	Name  string
	Match Matcher
	Range hcl.Range
}

// A Nested is a demand on the nested blocks of one name: one of them, or with a
// "where" all that fit it, must hold it.
type Nested struct {
	Name    string
	Pattern *Pattern
	Range   hcl.Range
}

// A Place is where something was found in a module.
type Place struct {
	File string
	Line int
}

// A Finding is what came of a claim or a proof.
type Finding struct {
	Holds  bool
	Places []Place
	Why    string // what is in the way
}

// providers returns the schemas of the versions of the provider that modules are
// rendered for.
func providers() []*schema.Provider {
	var out []*schema.Provider
	for _, major := range schema.Majors() {
		if p, ok := schema.For(major); ok {
			out = append(out, p)
		}
	}
	return out
}
