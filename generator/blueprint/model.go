// Package blueprint parses a blueprint, the link script of a reference
// architecture, into a model.
//
// It takes the bytes of blueprint.hcl and returns a *Blueprint with
// diagnostics; it does not know templates, chosen options or the disk. The
// next stage is resolve. The language is described in ARCHITECTURE.md.
package blueprint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/secret"
)

// A Blueprint is one reference architecture: what may be chosen, which
// templates make it up and how they are linked.
type Blueprint struct {
	Name    string
	Version string   // semantic version of the blueprint itself
	Summary string   // one sentence, with the defaults of the options that it speaks of
	Systems []string // systems of the notes it covers: names of ledger files

	Options     []*Option
	Validations []*Validation // cross-option checks outside option blocks
	Variables   []*Variable
	Components  []*Component
	Outputs     []*Output
	Profiles    []*Profile
	Deviations  []*deviation.Deviation // its own; those of its templates come beside them
	Example     *Example               // nil when there is no example block

	// Secrets says what the blueprint treats as secret, once asked; nil for a
	// blueprint that no catalog has loaded, of which nothing is known to be.
	Secrets func() *secret.Secrets

	// Own says that the blueprint does not come with bpgen, so that what bpgen says of
	// its own project does not hold for it.
	Own bool
	// Formatted says that the file is known to be formatted.
	Formatted bool
	Range     hcl.Range
	File      *hcl.File            // blueprint.hcl itself
	Files     map[string]*hcl.File // by name, all that it is made of: blueprint.hcl, parts, what it extends
	Included  map[string]hcl.Range // where a file is taken in, by its name
	Base      *Base                // what it extends; nil for nothing
	Fixed     map[string]Fixed     // options that nobody is asked any more, by name
	Defaults  []*Default           // other defaults for variables of templates

	summary hclsyntax.Expression // nil without one
	decided []*Option            // options in the order of their conditions
}

// Secret returns the place to which an option's value goes that must be secret.
func (b *Blueprint) Secret(option string) (hcl.Range, bool) {
	if b == nil || b.Secrets == nil {
		return hcl.Range{}, false
	}
	at, ok := b.Secrets().Options[option]
	return at, ok
}

// BuiltIn are the names of the options that every blueprint has. A blueprint that
// says something of one of them need not repeat its type, values and description.
var BuiltIn = []string{"aws_provider", "target", "home"}

// A Base is a blueprint that another extends.
type Base struct{ Name, Version string }

// A Fixed option has a value that the blueprint chose: it omits the option of a
// part, or fixes that of the blueprint that it extends.
type Fixed struct {
	Value cty.Value
	Range hcl.Range
}

// A Default gives a variable of the rendered module, which a template declares,
// another default. Block is the variable block of the blueprint, without a type.
type Default struct {
	Name  string
	Block *hclsyntax.Block
	Src   []byte // what the ranges of Block point into
	Range hcl.Range
}

// An Option is a structural choice, made when the module is rendered.
type Option struct {
	Name         string
	Brief        bool // one with the name of a built-in option that leaves the type, and what else it does not say, to that
	Type         cty.Type
	TypeDefaults *typeexpr.Defaults // defaults of optional object attributes, nil without
	OneOf        []cty.Value        // empty: any value of Type
	Samples      []cty.Value        // what to try where any value is allowed; only built-in options have it
	Default      cty.Value          // cty.NilVal: the option must be given
	Description  string
	Notes        []string // ledger ids
	Why          string   // reason of a default that the notes do not give
	// When says under which other options the option has a meaning; nil: always. Where
	// it is false, the option has the value Otherwise.
	When        hclsyntax.Expression
	Otherwise   cty.Value // cty.NilVal without When
	Validations []*Validation
	Was         []Former // its former names, and what values were called under them; the latest first
	Range       hcl.Range
}

// A Validation is a condition over options, with the message for when it is
// false.
type Validation struct {
	Condition    hclsyntax.Expression
	ErrorMessage hclsyntax.Expression
	Range        hcl.Range
}

// A Variable is an ordinary input variable of the rendered module that several
// components share. Block is the variable block as written.
type Variable struct {
	Name  string
	Block *hclsyntax.Block
	Src   []byte   // what the ranges of Block point into
	Was   []Former // its former names, the latest first
	Range hcl.Range
}

// A Component is one use of a template. One that has several templates to choose
// from, by blocks use, is a component for each, all of one name: at most one of
// them is there under any choice of options.
type Component struct {
	Name       string
	Template   string
	File       string               // file of the rendered module; "<name>.tf" unless set
	Prefix     *string              // nil: the component's name
	When       hclsyntax.Expression // nil: always
	With       []Argument
	Region     hclsyntax.Expression // nil: where the module stands
	RegionNote string               // the comment at Region, without markers
	Foreign    bool                 // the template is somebody else's module: the notes inform, and do not refuse
	Expose     map[string]string    // template variable -> variable of the rendered module
	Was        []Former             // its former names, the latest first

	Range         hcl.Range
	TemplateRange hcl.Range // the value of template
	FileRange     hcl.Range // the value of file, zero when defaulted
}

// Key tells a component from others of its name.
func (c *Component) Key() string { return c.Name + "\x00" + c.Template }

// Alternatives returns the components of a name: more than one where it chooses
// among templates.
func (b *Blueprint) Alternatives(name string) []*Component {
	var out []*Component
	for _, c := range b.Components {
		if c.Name == name {
			out = append(out, c)
		}
	}
	return out
}

// An Argument gives a template's variable a constant, a shared variable, or
// another component's output.
type Argument struct {
	Name      string
	Expr      hclsyntax.Expression
	NameRange hcl.Range
}

// An Output is an output value of the rendered module.
type Output struct {
	Name        string
	Value       hclsyntax.Expression
	When        hclsyntax.Expression // nil: always
	Description string
	Sensitive   bool
	Was         []Former // its former names, the latest first
	Range       hcl.Range
}

// A Profile is a named set of values for the rendered module's variables
// (rendered as envs/<name>.tfvars) and, with --profile, of options.
type Profile struct {
	Name         string
	Description  string
	Values       []ProfileValue
	Options      map[string]cty.Value // as written, not yet of the option's type
	OptionRanges []NamedRange         // the names in Options, in the order of the source
	Range        hcl.Range
}

// A NamedRange is a name and where it stands.
type NamedRange struct {
	Name  string
	Range hcl.Range
}

// A ProfileValue is one variable of a profile. Comment is the comment that
// stands above or behind it, where the difference is cited, without markers.
type ProfileValue struct {
	Name    string
	Expr    hclsyntax.Expression
	Comment string
	Range   hcl.Range
}

// An Example holds values for the rendered module's required variables; they
// fill examples/complete and the shipped tests.
type Example struct {
	Values []ProfileValue
	Range  hcl.Range
}
