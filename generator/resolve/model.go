// Package resolve turns what the user chose into one constant per option.
//
// It takes a parsed blueprint, raw inputs and a profile, and returns choices
// with diagnostics: unknown names, wrong types, values outside one_of and
// failed validations, all at once. The next stage is specialise.
package resolve

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
)

// An Input is one option as the user gave it: either Raw, the text behind
// --set name=text, parsed by the option's type (a string option takes the text
// as it stands, the others take an HCL expression), or Value, from an options
// file. Source tells where it came from, such as "--set" or "options.yaml".
type Input struct {
	Name   string
	Raw    string
	Value  cty.Value // cty.NilVal: use Raw
	Source string
	Range  *hcl.Range // place in an options file, nil for a flag
	Veiled bool       // nobody must be told its value: Terraform may hold it for sensitive and does not say so
	// Soft says that nobody asked for it now: it is of a profile, or of an earlier
	// render. Where the option has no meaning, it gives way.
	Soft bool
}

// A Choice is one option with its final value.
type Choice struct {
	Option *blueprint.Option
	Value  cty.Value
	Source string     // "default", "profile prd", "--set", "options.yaml"
	Range  *hcl.Range // where it was given; nil for a default and a flag
	Veiled bool       // as the input was
}
