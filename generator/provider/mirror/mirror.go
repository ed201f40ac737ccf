// Package mirror shows what a blueprint offers as a schema of Terraform.
//
// It takes a parsed blueprint and the notes and returns attributes: one per
// option, of its type and with its description, default and citations, and one
// per variable that the blueprint itself declares. It decides nothing about
// values; package resolve does. It does not touch the operating system.
package mirror

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/secret"
)

// A Kind says what stands behind an attribute.
type Kind int

// The kinds: an option of the blueprint, and a variable of the rendered module.
const (
	Option Kind = iota
	Variable
)

// A Field is one attribute of the schema.
type Field struct {
	Attribute string // name in Terraform
	Kind      Kind
	Name      string // of the option or variable
	Sensitive bool   // the variable is: its value must not be given here
	Schema    schema.Attribute
}

// meta are the arguments that Terraform itself has in every block.
var meta = []string{"connection", "count", "depends_on", "for_each", "lifecycle", "locals", "provider", "providers", "provisioner", "source", "version"}

// told returns an option without what must not be told of it. The defaults of options
// that every blueprint has stand in bpgen's documentation: to follow them would read
// all templates of all blueprints, for which Terraform waits.
func told(bp *blueprint.Blueprint, o *blueprint.Option) *blueprint.Option {
	if !secret.Bears(o.Default) || len(o.OneOf) > 0 || len(bp.Files) == 0 || !slices.Contains(bp.Options, o) {
		return o
	}
	if _, ok := bp.Secret(o.Name); !ok {
		return o
	}
	c := *o
	c.Default = cty.NilVal
	return &c
}

// Fields returns one field per option, then one per variable of the blueprint
// that has not the name of an option. A name that is taken, by one of the
// reserved names or by Terraform, gets "option_" or "variable_" in front.
func Fields(bp *blueprint.Blueprint, notes Notes, reserved []string) []Field {
	taken := append(slices.Clone(meta), reserved...)
	name := func(s, prefix string) string {
		s = Identifier(s)
		for slices.Contains(taken, s) {
			s = prefix + s
		}
		taken = append(taken, s)
		return s
	}
	var out []Field
	for _, o := range resolve.Options(bp) {
		out = append(out, Field{
			Attribute: name(o.Name, "option_"), Kind: Option, Name: o.Name,
			Schema: attribute(o.Type, o.Default == cty.NilVal, Describe(told(bp, o), notes)),
		})
	}
	for _, v := range bp.Variables {
		if slices.ContainsFunc(out, func(f Field) bool { return f.Kind == Option && f.Name == v.Name }) {
			continue
		}
		typ, sensitive := declared(v.Block)
		out = append(out, Field{
			Attribute: name(v.Name, "variable_"), Kind: Variable, Name: v.Name, Sensitive: sensitive,
			Schema: attribute(typ, false, describeVariable(v.Block, sensitive)),
		})
	}
	return out
}

// Identifier makes a name of Terraform's schemas of any name: small letters,
// digits and "_".
func Identifier(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			r = '_'
		}
		b.WriteRune(r)
	}
	s := b.String()
	if s == "" || s[0] >= '0' && s[0] <= '9' {
		s = "_" + s
	}
	return s
}

// declared returns the type of a variable block, and whether its value is
// secret.
func declared(b *hclsyntax.Block) (cty.Type, bool) {
	typ, secret := cty.DynamicPseudoType, false
	if a := b.Body.Attributes["type"]; a != nil {
		if t, _, diags := typeexpr.TypeConstraintWithDefaults(a.Expr); !diags.HasErrors() {
			typ = t
		}
	}
	for _, name := range []string{"sensitive", "ephemeral"} {
		if a := b.Body.Attributes[name]; a != nil {
			v, diags := a.Expr.Value(nil)
			// What is not plainly false is taken for a secret.
			secret = secret || diags.HasErrors() || !v.RawEquals(cty.False)
		}
	}
	return typ, secret
}
