// Package link joins specialised components into one module: it wires outputs
// to variables, renames, drops what nobody uses and orders the result.
//
// It takes a blueprint, its templates and the resolved choices and returns a
// *Module: text per block with its meaning beside it, but no files yet. The
// next stage is render, which adds documentation, tests and examples and makes
// files of it.
package link

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/ir"
)

// A Layout is the shape of the rendered module.
type Layout string

// The layouts: Flat is one specialised module; Nested keeps each component an
// unspecialised child module, for proofs and for those who prefer it.
const (
	Flat   Layout = "flat"
	Nested Layout = "nested"
)

// A Module is a linked module, ready to be rendered.
type Module struct {
	Name       string // blueprint's name
	Layout     Layout
	Files      []File     // configuration by area, in order of first component; without variables.tf, outputs.tf, versions.tf
	Variables  []Variable // in order of declaration
	Outputs    []Output
	Versions   Versions
	Assets     fileset.Set            // everything else: files/, modules/, runbooks/
	Tests      []TestFile             // shipped tests, already renamed to the module's names
	Mocks      []MockType             // mock values of the types in use, sorted by kind and type
	Rename     []Rename               // nested address -> flat address
	Former     []Former               // what had other names in earlier versions of the blueprint
	Edges      []Edge                 // links between components, for the diagram
	Parts      []Part                 // components in use, for the diagram and the README
	Foreign    []string               // addresses of what comes from foreign templates, sorted; those of calls in the nested layout
	LeftOut    []LeftOut              // what the module does not have of foreign templates
	Advice     hcl.Diagnostics        // what the author of the blueprint may want to mend; users of the module cannot
	Cited      []Cited                // entries of the notes that assets follow without saying so
	Deviations []*deviation.Deviation // in force: the blueprint's own first, then those of the templates in use

	print func()
}

// Print writes the texts of the module: its files, and the blocks of variables,
// outputs, tests and mocks. Before, they are empty.
func (m *Module) Print() {
	if m.print != nil {
		m.print()
		m.print = nil
	}
}

// A File is one configuration file: formatted HCL.
type File struct {
	Name string
	Body []byte
}

// Cited are the citations of a file on lines that are not rendered: below a
// paragraph of Markdown, or above a line of JSON.
type Cited struct {
	File   string
	Places []cite.Place
}

// A Variable is an input variable of the module. Text is its whole block.
type Variable struct {
	Name        string
	Type        string // type constraint as written
	Default     string // HCL text; "" when required
	Required    bool
	Description string
	Allowed     string   // what its validations allow, in words taken from their error messages
	Notes       []string // ledger ids cited on the default
	Why         string   // the reason on the default when there is no id
	Sensitive   bool
	Component   string // "" for a shared variable
	Text        []byte
	Value       cty.Value // value of Default when constant, else NilVal
	Range       hcl.Range

	code *ir.Block
}

// An Output is an output value of the module.
type Output struct {
	Name        string
	Description string
	Sensitive   bool
	Text        []byte
}

// Versions are the module's version constraints.
type Versions struct {
	Terraform     string // required_version, "" for none
	TerraformNote string // reason, rendered as a comment; may be empty
	Providers     []Provider
}

// A Provider is one entry of required_providers.
type Provider struct {
	Name    string
	Source  string
	Version string
	Note    string   // reason, rendered as a comment; may be empty
	Aliases []string // configuration_aliases, such as "aws.us_east_1"
}

// A TestFile is one shipped tests/*.tftest.hcl, without the file-level
// variables and mock_provider blocks, which render adds.
type TestFile struct {
	Name string // component's name
	Body []byte

	runs []*ir.Block
}

// A MockType is the mock_resource or mock_data block of one type.
type MockType struct {
	Kind string // "mock_resource" or "mock_data"
	Type string
	Body []byte // the whole block

	values []mocked
}

// A Rename pairs an address in the nested layout with its flat one.
type Rename struct {
	Nested string // module.database.aws_rds_cluster.this
	Flat   string // aws_rds_cluster.database
}

// A Former name is one that something of the module had in an earlier version of the
// blueprint. From and To are addresses as references write them, such as
// aws_subnet.app, data.aws_vpc.app, module.app, local.app_name or var.app_size, and
// output.app_url for outputs.
type Former struct{ From, To string }

// An Edge says that component To uses an output of component From.
type Edge struct {
	From, To string
	Output   string
}

// A LeftOut is something of a foreign template that the module does not have.
type LeftOut struct {
	Component string `json:"component"`
	Kind      string `json:"kind"`
	Name      string `json:"name"`
}

// A Part is one component in use.
type Part struct {
	Name     string
	Template string
	Summary  string // first sentence of the template's README.md, "" without one
	File     string
}
