// Package options reads options as Terraform gives them.
//
// It takes values of terraform-plugin-framework, of any type, and returns
// resolve.Input values with the attribute that each stands at. What is unknown
// while planning stays unknown; resolve.Check judges the rest. It does not touch
// the operating system.
package options

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
	"github.com/bpgen/bpgen/generator/resolve"
)

// source says where options came from, in diagnostics and READMEs of bpgen.
const source = "the configuration"

// A Given is what a configuration chose.
type Given struct {
	Inputs  []resolve.Input    // by name; values may be unknown, or hold what is
	Places  diagnostics.Places // of the inputs' ranges
	Unknown []path.Path        // what is not known yet: nothing may be rendered
}

// Known says whether all is known, so that a module can be rendered.
func (g Given) Known() bool { return len(g.Unknown) == 0 }

// Read reads an object or a map of options by name, also inside a dynamic
// value; null is none. A null in it is an option that was not given.
func Read(ctx context.Context, value attr.Value, at path.Path) (Given, diag.Diagnostics) {
	g := Given{Places: diagnostics.Places{}}
	for {
		dynamic, ok := value.(basetypes.DynamicValuable)
		if !ok {
			break
		}
		d, diags := dynamic.ToDynamicValue(ctx)
		if diags.HasError() {
			return g, diags
		}
		if d.IsUnknown() || d.IsUnderlyingValueUnknown() {
			g.Unknown = append(g.Unknown, at)
			return g, nil
		}
		if d.IsNull() || d.IsUnderlyingValueNull() {
			return g, nil
		}
		value = d.UnderlyingValue()
	}
	switch {
	case value == nil || value.IsNull():
		return g, nil
	case value.IsUnknown():
		g.Unknown = append(g.Unknown, at)
		return g, nil
	}
	var elements map[string]attr.Value
	step := at.AtName
	switch v := value.(type) {
	case basetypes.ObjectValue:
		elements = v.Attributes()
	case basetypes.MapValue:
		elements, step = v.Elements(), at.AtMapKey
	default:
		kind := "something else"
		if got, err := Value(ctx, value); err == nil {
			kind = "of type " + got.Type().FriendlyName()
		}
		return g, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, "Not options", "Options must be an object, such as { cdn = false }, but this is "+kind+".")}
	}
	var diags diag.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		diags.Append(g.Add(ctx, name, elements[name], step(name))...)
	}
	return g, diags
}

// Add adds one option, which stands at an attribute. Null is an option that was
// not given.
func (g *Given) Add(ctx context.Context, name string, value attr.Value, at path.Path) diag.Diagnostics {
	v, err := Value(ctx, value)
	if err != nil {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, "Not a value", fmt.Sprintf("The value of the option %q cannot be read: %s.", name, err))}
	}
	if v.IsKnown() && v.IsNull() {
		return nil
	}
	if !v.IsWhollyKnown() {
		g.Unknown = append(g.Unknown, at)
	}
	if g.Places == nil {
		g.Places = diagnostics.Places{}
	}
	g.Inputs = append(g.Inputs, resolve.Input{Name: name, Value: v, Source: source, Range: g.Places.Mark(at), Veiled: true})
	return nil
}

// Blame puts a validation of the blueprint that fails at the option that it is
// about: that whose validation it is, or the only one given of those that it
// names.
func (g *Given) Blame(bp *blueprint.Blueprint) {
	if bp == nil {
		return
	}
	for _, o := range bp.Options {
		for _, v := range o.Validations {
			if at, ok := g.at(o.Name); ok && v.Condition != nil {
				g.Places[v.Condition.Range()] = at
			}
		}
	}
	for _, v := range bp.Validations {
		if v.Condition == nil {
			continue
		}
		var names []string
		for _, ref := range v.Condition.Variables() {
			if len(ref) < 2 || ref.RootName() != "option" {
				continue
			}
			if attr, ok := ref[1].(hcl.TraverseAttr); ok && !slices.Contains(names, attr.Name) {
				if _, given := g.at(attr.Name); given {
					names = append(names, attr.Name)
				}
			}
		}
		if len(names) == 1 {
			g.Places[v.Condition.Range()], _ = g.at(names[0])
		}
	}
}

// at returns where an option was given.
func (g *Given) at(name string) (path.Path, bool) {
	for _, in := range g.Inputs {
		if in.Name == name && in.Range != nil {
			at, ok := g.Places[*in.Range]
			return at, ok
		}
	}
	return path.Empty(), false
}

// Value returns a value of Terraform as one of cty, as it would travel between
// Terraform and its providers. What is unknown stays so.
func Value(ctx context.Context, value attr.Value) (cty.Value, error) {
	v, err := value.ToTerraformValue(ctx)
	if err != nil {
		return cty.NilVal, err
	}
	t := v.Type()
	if t == nil || t.Is(tftypes.DynamicPseudoType) {
		if !v.IsKnown() {
			return cty.DynamicVal, nil
		}
		return cty.NullVal(cty.DynamicPseudoType), nil
	}
	text, err := json.Marshal(t)
	if err != nil {
		return cty.NilVal, err
	}
	typ, err := ctyjson.UnmarshalType(text)
	if err != nil {
		return cty.NilVal, err
	}
	wire, err := tfprotov6.NewDynamicValue(t, v)
	if err != nil {
		return cty.NilVal, err
	}
	return ctymsgpack.Unmarshal(wire.MsgPack, typ)
}
