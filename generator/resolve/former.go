package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
)

// Renamed returns an input under the name that its option has now, with the value
// that its value is called now, and a warning where one of them was another. What the
// blueprint never called otherwise stays as it is.
func Renamed(bp *blueprint.Blueprint, in Input) (Input, hcl.Diagnostics) {
	o, f := former(bp, in.Name)
	if o == nil {
		return in, nil
	}
	out := in
	out.Name = o.Name
	was, now, valued := formerValue(f, in)
	if valued {
		out.Raw, out.Value = "", now
	}
	var detail string
	switch {
	case out.Name != in.Name && valued && !in.Veiled && !hidden(bp, o.Name):
		detail = fmt.Sprintf("The option %q (from %s) is now called %q, and its value %q is %s.", in.Name, in.Source, o.Name, was, Show(now))
	case out.Name != in.Name:
		detail = fmt.Sprintf("The option %q (from %s) is now called %q.", in.Name, in.Source, o.Name)
	case valued && !in.Veiled && !hidden(bp, o.Name):
		detail = fmt.Sprintf("The value %q of the option %q (from %s) is now called %s.", was, in.Name, in.Source, Show(now))
	case valued:
		detail = fmt.Sprintf("The value of the option %q (from %s) has another name now.", in.Name, in.Source)
	default:
		return in, nil
	}
	mend := " It was taken for that; use the new name."
	if in.Soft {
		mend = " The next render writes it so."
	}
	return out, hcl.Diagnostics{diag.Warning(rangeOf(in), "Renamed option", "%s%s", detail, mend)}
}

// former returns the option that a name stands for and what the blueprint says of that
// name. A name that an option has now stands for that alone.
func former(bp *blueprint.Blueprint, name string) (*blueprint.Option, *blueprint.Former) {
	if i := slices.IndexFunc(bp.Options, func(o *blueprint.Option) bool { return o.Name == name }); i >= 0 {
		o := bp.Options[i]
		if j := slices.IndexFunc(o.Was, func(f blueprint.Former) bool { return f.Name == name }); j >= 0 {
			return o, &o.Was[j]
		}
		return nil, nil
	}
	return bp.Renamed(name)
}

// formerValue returns what a value is called now. Was is the value as text.
func formerValue(f *blueprint.Former, in Input) (was string, now cty.Value, ok bool) {
	was = strings.TrimSpace(in.Raw)
	if in.Value != cty.NilVal {
		text, err := convert.Convert(in.Value, cty.String)
		if err != nil || text.IsNull() || !text.IsKnown() {
			return "", cty.NilVal, false
		}
		was = text.AsString()
	}
	now, ok = f.Values[was]
	return was, now, ok
}

// renamed returns the inputs under the names of now. Two that are given for one
// option, under its name and under a former one, are an error; one that nobody asks
// for now gives way.
func renamed(bp *blueprint.Blueprint, inputs []Input) ([]Input, hcl.Diagnostics) {
	var out []Input
	var diags hcl.Diagnostics
	under := map[string]string{} // the name that the input for an option has, by its name of now
	hard := map[string]Input{}
	for _, in := range inputs {
		now, d := Renamed(bp, in)
		diags = append(diags, d...)
		first, given := under[now.Name]
		switch other := hard[now.Name]; {
		case in.Soft && other.Name != "" && other.Name != in.Name:
			continue
		case !in.Soft && given && first != in.Name && other.Name != "":
			diags = append(diags, diag.Error(rangeOf(in), "Option given twice", "The option %q is given as %q (from %s) and by its former name %q (from %s). Use %q alone.",
				now.Name, now.Name, sourceOf(now.Name, in, other), formerOf(now.Name, in, other), sourceOf(formerOf(now.Name, in, other), in, other), now.Name))
			continue
		}
		under[now.Name] = in.Name
		if !in.Soft {
			hard[now.Name] = in
		}
		out = append(out, now)
	}
	return out, diags
}

// formerOf returns the name of one of two inputs that is not the one of now.
func formerOf(now string, a, b Input) string {
	if a.Name != now {
		return a.Name
	}
	return b.Name
}

// sourceOf returns where the one of two inputs comes from that has a name.
func sourceOf(name string, a, b Input) string {
	if a.Name == name {
		return a.Source
	}
	return b.Source
}
