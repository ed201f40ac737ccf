package blueprint

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A Former name is one that a component, an option, a variable or an output had in an
// earlier version of the blueprint.
type Former struct {
	Name string
	// Prefix is the prefix that a component had under that name; nil: the one that it
	// has now.
	Prefix *string
	// Values are what values of an option are called now, by what they were.
	Values map[string]cty.Value
	Range  hcl.Range
}

// former reads the argument was: a name, an object with a name, or a list of them,
// the latest first. The objects may hold what else is named.
func (p *parser) former(a *hclsyntax.Attribute, more string) []Former {
	if a == nil {
		return nil
	}
	items := []hclsyntax.Expression{a.Expr}
	if list, ok := a.Expr.(*hclsyntax.TupleConsExpr); ok {
		items = list.Exprs
	}
	var out []Former
	for _, x := range items {
		v, diags := p.budget.Constant(x)
		p.diags = append(p.diags, diags...)
		if diags.HasErrors() {
			continue
		}
		f, fault := formerOf(v, more)
		f.Range = x.Range()
		switch {
		case fault != "":
			p.errorf(x.Range(), "Wrong type", "%s in \"was\": it %s.", fault, wasTakes(more))
		case !hclsyntax.ValidIdentifier(f.Name):
			p.errorf(x.Range(), "Not a valid name", "Nothing can have had the name %q: a name starts with a letter and consists of letters, digits, \"_\" and \"-\".", f.Name)
		default:
			out = append(out, f)
		}
	}
	return out
}

func wasTakes(more string) string {
	if more == "" {
		return "takes a former name, or a list of them"
	}
	return fmt.Sprintf("takes a former name, an object such as { name = \"...\", %s = ... }, or a list of them", more)
}

// formerOf reads one element of was. Fault says what it cannot be.
func formerOf(v cty.Value, more string) (f Former, fault string) {
	text := func(v cty.Value) (string, bool) {
		if v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
			return "", false
		}
		return v.AsString(), true
	}
	if name, ok := text(v); ok {
		return Former{Name: name}, ""
	}
	if more == "" || v.IsNull() || !v.Type().IsObjectType() {
		return f, "Value of another type"
	}
	for name, e := range v.AsValueMap() {
		ok := true
		switch {
		case name == "name":
			f.Name, ok = text(e)
		case name == "prefix" && more == name:
			var prefix string
			prefix, ok = text(e)
			f.Prefix, ok = &prefix, ok && (prefix == "" || hclsyntax.ValidIdentifier(prefix))
		case name == "values" && more == name && !e.IsNull() && e.Type().IsObjectType():
			f.Values = e.AsValueMap()
		default:
			ok = false
		}
		if !ok {
			return f, fmt.Sprintf("Unusable %q", name)
		}
	}
	if f.Name == "" {
		return f, "Object without a name"
	}
	return f, ""
}

// formers reports former names that cannot be: names that something else of the kind
// has, or had as well.
func (p *parser) formers() {
	p.formerOptions()
	kinds := []struct {
		kind string
		of   map[string][]Former
	}{
		{"component", map[string][]Former{}},
		{"variable", map[string][]Former{}},
		{"output", map[string][]Former{}},
	}
	for _, c := range p.bp.Components {
		kinds[0].of[c.Name] = c.Was
	}
	for _, v := range p.bp.Variables {
		kinds[1].of[v.Name] = v.Was
	}
	for _, o := range p.bp.Outputs {
		kinds[2].of[o.Name] = o.Was
	}
	for _, k := range kinds {
		p.formersOf(k.kind, k.of)
	}
}

// formersOf checks the former names of one kind, by the names of now.
func (p *parser) formersOf(kind string, of map[string][]Former) {
	first := map[string]hcl.Range{}
	for _, name := range keys(of) {
		for _, f := range of[name] {
			id := f.Name
			if f.Prefix != nil {
				id += "\x00" + *f.Prefix
			}
			_, living := of[f.Name]
			switch at, twice := first[id]; {
			case f.Name == name && f.Prefix == nil && len(f.Values) == 0:
				p.errorf(f.Range, "Name is not a former one", "The %s %q names itself in \"was\". List the names that it had before, or remove the argument.", kind, name)
			case living && f.Name != name:
				p.errorf(f.Range, "Former name in use", "The %s %q was called %q, but the blueprint has %s of that name. What a module has under it could belong to either: give the other one a new name, or remove %q from \"was\".", kind, name, f.Name, article(kind), f.Name)
			case twice:
				p.errorf(f.Range, "Duplicate former name", "The former name %q is already given at %s. Only one %s can have had it; remove one of the two.", f.Name, at, kind)
			default:
				first[id] = f.Range
			}
		}
	}
}

// formerOptions checks the former names of options, and the values that they stand
// for.
func (p *parser) formerOptions() {
	of := map[string][]Former{}
	for _, name := range BuiltIn {
		of[name] = nil
	}
	for name := range p.bp.Fixed {
		of[name] = nil
	}
	for _, o := range p.bp.Options {
		of[o.Name] = o.Was
		for i, f := range o.Was {
			o.Was[i].Values = p.formerValues(o, f)
		}
	}
	p.formersOf("option", of)
}

// formerValues returns the values of now, of the type of the option.
func (p *parser) formerValues(o *Option, f Former) map[string]cty.Value {
	out := map[string]cty.Value{}
	for _, was := range keys(f.Values) {
		v, err := convert.Convert(f.Values[was], o.Type)
		if err == nil && o.TypeDefaults != nil && !v.IsNull() {
			v = o.TypeDefaults.Apply(v)
		}
		old, unusable := convert.Convert(cty.StringVal(was), o.Type)
		switch {
		case err != nil:
			p.errorf(f.Range, "Wrong type", "What %q of the option %q became does not have the option's type: %s.", was, o.Name, err)
		case !o.Allows(v):
			p.errorf(f.Range, "Value not allowed", "What %q of the option %q became is not among the values of one_of.", was, o.Name)
		case f.Name == o.Name && unusable == nil && slices.ContainsFunc(o.OneOf, old.RawEquals):
			p.errorf(f.Range, "Former value in use", "The option %q still has the value %q, so it cannot stand for another. Remove one of the two.", o.Name, was)
		default:
			out[was] = v
		}
	}
	return out
}

// Renamed returns the option that had a name before, with what it says of it, and nil
// where none had. An option of that name is its own, for the values that it had.
func (b *Blueprint) Renamed(option string) (*Option, *Former) {
	for _, o := range b.Options {
		for i := range o.Was {
			if o.Was[i].Name == option {
				return o, &o.Was[i]
			}
		}
	}
	return nil, nil
}
