package resolve

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/home"
)

// AWSProvider, Target and Home are the names of the built-in options.
const (
	AWSProvider = "aws_provider"
	Target      = "target"
	Home        = "home"
)

// BuiltIn returns the options that every blueprint has unless it declares its
// own: aws_provider ("6" or "5"), target ("both", "terraform", "opentofu") and
// home (a time zone).
func BuiltIn() []*blueprint.Option {
	choice := func(name, description, why string, values ...string) *blueprint.Option {
		o := &blueprint.Option{Name: name, Type: cty.String, Default: cty.StringVal(values[0]), Description: description, Why: why}
		for _, v := range values {
			o.OneOf = append(o.OneOf, cty.StringVal(v))
		}
		return o
	}
	return []*blueprint.Option{
		choice(AWSProvider, "Major version of the hashicorp/aws provider.", "the current major version", "6", "5"),
		choice(Target, "The program that applies the module. Choosing one allows features that the other does not have.", "a module that works with both is the safest to share", "both", "terraform", "opentofu"),
		homeOption(),
	}
}

// homeOption returns the option home. Its samples are what combinations of options
// are tried with: a zone east of Greenwich, one near it, and one to the west.
func homeOption() *blueprint.Option {
	o := &blueprint.Option{
		Name: Home, Type: cty.String, Default: cty.StringVal(home.Default),
		Description: "Where the users are, as an IANA time zone. It sets maintenance and backup windows, the weekend, the time zone of databases and schedules, and the region of the examples.",
		Notes:       []string{"aurora.param-time-zone", "region.example-region"},
	}
	for _, zone := range []string{home.Default, "Europe/Dublin", "America/Los_Angeles"} {
		o.Samples = append(o.Samples, cty.StringVal(zone))
	}
	return o
}

// HomeOf returns where the users are by the choices.
func HomeOf(choices []Choice) home.Home {
	zone := home.Default
	for _, c := range choices {
		if c.Option.Name == Home && c.Value.Type() == cty.String && c.Value.IsKnown() && !c.Value.IsNull() {
			zone = c.Value.AsString()
		}
	}
	return home.FindOrDefault(zone)
}

// Functions returns what an expression of a blueprint may call: Terraform's pure
// functions, and those of package home.
func Functions() map[string]function.Function {
	out := functions.Table()
	maps.Copy(out, home.Functions())
	return out
}

// Options returns the blueprint's options followed by the built-in ones it
// does not declare itself.
func Options(bp *blueprint.Blueprint) []*blueprint.Option {
	out := slices.Clone(bp.Options)
	for _, b := range BuiltIn() {
		i := slices.IndexFunc(out, func(o *blueprint.Option) bool { return o.Name == b.Name })
		if i < 0 {
			out = append(out, b)
		} else if out[i].Brief {
			out[i] = completed(out[i], b)
		}
	}
	return out
}

// completed returns an option with the name of a built-in one, with what it leaves
// to that.
func completed(o, builtIn *blueprint.Option) *blueprint.Option {
	c := *o
	if len(c.OneOf) == 0 {
		c.OneOf = builtIn.OneOf
	}
	if c.Description == "" {
		c.Description = builtIn.Description
	}
	if len(c.OneOf) == 0 && len(c.Samples) == 0 {
		c.Samples = builtIn.Samples
	}
	if c.Default == cty.NilVal {
		c.Default = builtIn.Default
		if len(c.Notes) == 0 && c.Why == "" {
			c.Notes, c.Why = builtIn.Notes, builtIn.Why
		}
	}
	return &c
}

// ProfileFault is the Extra of a diagnostic about the name of the profile, which
// has no range.
type ProfileFault struct{}

// UnknownOption is the Extra of a diagnostic about an option that the blueprint
// does not have.
type UnknownOption struct{ Name string }

// MissingOption is the Extra of a diagnostic about an option that must be given,
// for callers without --set.
type MissingOption struct{ Name string }

// Resolve returns one choice per option, in the order of Options. An input
// beats the profile, the profile beats the default; of two inputs for one
// option the later one wins.
func Resolve(bp *blueprint.Blueprint, inputs []Input, profile string) ([]Choice, hcl.Diagnostics) {
	return choose(bp, inputs, profile, false)
}

// Check returns what is wrong with inputs of which some have unknown values,
// whatever these turn out to be. Where all are known it says what Resolve says.
func Check(bp *blueprint.Blueprint, inputs []Input, profile string) hcl.Diagnostics {
	choices, diags := choose(bp, inputs, profile, true)
	return append(diags, Secrets(bp, choices)...)
}

// choose is Resolve; with pending, a value may be unknown.
func choose(bp *blueprint.Blueprint, inputs []Input, profile string, pending bool) ([]Choice, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	options := Options(bp)
	var names []string
	for _, o := range options {
		names = append(names, o.Name)
	}

	for _, b := range BuiltIn() {
		diags = append(diags, narrows(options[slices.Index(names, b.Name)], b)...)
	}

	given := map[string]Input{}
	if profile != "" {
		i := slices.IndexFunc(bp.Profiles, func(p *blueprint.Profile) bool { return p.Name == profile })
		if i < 0 {
			var have []string
			for _, p := range bp.Profiles {
				have = append(have, p.Name)
			}
			d := diag.Error(hcl.Range{}, "Unknown profile", "The blueprint %q has no profile %q. %s", bp.Name, profile, diag.DidYouMean(profile, have))
			d.Extra = ProfileFault{}
			diags = append(diags, d)
		} else {
			for _, nr := range bp.Profiles[i].OptionRanges {
				given[nr.Name] = Input{Name: nr.Name, Value: bp.Profiles[i].Options[nr.Name], Source: "profile " + profile, Range: &nr.Range, Soft: true}
				diags = append(diags, unknownOption(bp, given[nr.Name], names)...)
			}
		}
	}
	inputs, d := renamed(bp, inputs)
	diags = append(diags, d...)
	for _, in := range inputs {
		given[in.Name] = in
		diags = append(diags, unknownOption(bp, in, names)...)
	}

	choices, d := chosen(bp, options, given, pending)
	diags = append(diags, d...)
	idle, d := rest(bp, choices, given)
	diags = append(diags, d...)
	for _, o := range options {
		if _, ok := given[o.Name]; !ok && o.Default == cty.NilVal && !idle[o.Name] {
			d := diag.Error(o.Range, "Missing option", "The option %q has no default and was not set. Set it: --set %s=%s", o.Name, o.Name, placeholder(o))
			d.Extra = MissingOption{o.Name}
			diags = append(diags, d)
		}
	}
	if diags.HasErrors() {
		return choices, diags
	}
	return choices, append(diags, validate(bp, choices, pending)...)
}

// chosen returns what each option is: what was given to it, else its default.
func chosen(bp *blueprint.Blueprint, options []*blueprint.Option, given map[string]Input, pending bool) (choices []Choice, diags hcl.Diagnostics) {
	for _, o := range options {
		c := Choice{Option: o, Value: o.Default, Source: "default"}
		if in, ok := given[o.Name]; ok {
			v, d := value(bp, o, in, pending)
			diags = append(diags, d...)
			c.Value, c.Source, c.Range, c.Veiled = v, in.Source, in.Range, in.Veiled
		}
		if c.Value == cty.NilVal {
			c.Value = cty.UnknownVal(o.Type)
		}
		choices = append(choices, c)
	}
	return choices, diags
}

// Scope returns the value of every option as the object "option", for
// evaluating expressions of the blueprint.
func Scope(choices []Choice) *hcl.EvalContext {
	vals := map[string]cty.Value{}
	for _, c := range choices {
		vals[c.Option.Name] = c.Value
	}
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{"option": cty.ObjectVal(vals)},
		Functions: Functions(),
	}
}

// narrows checks that an option with the name of a built-in one offers nothing
// that the generator does not know.
func narrows(o, builtIn *blueprint.Option) hcl.Diagnostics {
	if builtIn.Name == Home {
		return narrowsHome(o)
	}
	var allowed []string
	for _, v := range builtIn.OneOf {
		allowed = append(allowed, v.AsString())
	}
	switch {
	case o.Type != cty.String:
		return hcl.Diagnostics{diag.Error(o.Range, "Invalid redefinition of a built-in option", "bpgen interprets the option %q itself, so it must be a string.", o.Name)}
	case len(o.OneOf) == 0:
		return hcl.Diagnostics{diag.Error(o.Range, "Invalid redefinition of a built-in option", "bpgen interprets the option %q itself. List in one_of which of its values are allowed: %s.", o.Name, diag.Quoted(allowed, "and"))}
	}
	for _, v := range o.OneOf {
		if !builtIn.Allows(v) {
			return hcl.Diagnostics{diag.Error(o.Range, "Invalid redefinition of a built-in option", "bpgen interprets the option %q itself and does not support the value %q. It supports %s.", o.Name, v.AsString(), diag.Quoted(allowed, "and"))}
		}
	}
	return nil
}

// narrowsHome checks that an option called home holds time zones.
func narrowsHome(o *blueprint.Option) hcl.Diagnostics {
	if o.Type != cty.String {
		return hcl.Diagnostics{diag.Error(o.Range, "Invalid redefinition of a built-in option", "bpgen interprets the option %q itself, so it must be a string.", o.Name)}
	}
	for _, v := range append(slices.Clone(o.OneOf), o.Default) {
		if v == cty.NilVal || v.IsNull() {
			continue
		}
		if fault := unknownZone(v.AsString()); fault != "" {
			return hcl.Diagnostics{diag.Error(o.Range, "Invalid redefinition of a built-in option", "bpgen interprets the option %q itself, as a time zone, but %q %s", o.Name, v.AsString(), fault)}
		}
	}
	return nil
}

// unknownZone says what is wrong with the name of a time zone, or nothing.
func unknownZone(name string) string {
	if _, ok := home.Find(name); ok {
		return ""
	}
	near := diag.Nearest(name, home.Zones())
	for _, zone := range home.Zones() {
		// A city without its continent, and any spelling of capital letters.
		if _, city, _ := strings.Cut(zone, "/"); strings.EqualFold(city, name) || strings.EqualFold(zone, name) {
			near = []string{zone}
		}
	}
	if len(near) == 0 {
		return "is not an IANA time zone. Use one such as Europe/Paris or America/New_York."
	}
	return "is not an IANA time zone. Did you mean " + diag.Quoted(near, "or") + "?"
}

func unknownOption(bp *blueprint.Blueprint, in Input, names []string) hcl.Diagnostics {
	if slices.Contains(names, in.Name) {
		return nil
	}
	if fixed, ok := bp.Fixed[in.Name]; ok {
		return hcl.Diagnostics{diag.Error(rangeOf(in), "Fixed option", "The blueprint %q does not offer the option %q (from %s): it is always %s, as chosen at %s.", bp.Name, in.Name, in.Source, Show(fixed.Value), fixed.Range)}
	}
	d := diag.Error(rangeOf(in), "Unknown option", "The blueprint %q has no option %q (from %s). %s", bp.Name, in.Name, in.Source, diag.DidYouMean(in.Name, names))
	d.Extra = UnknownOption{in.Name}
	return hcl.Diagnostics{d}
}

// value parses and converts one input to the option's type. With pending it may
// be unknown, or hold what is.
func value(bp *blueprint.Blueprint, o *blueprint.Option, in Input, pending bool) (cty.Value, hcl.Diagnostics) {
	fail := func(format string, args ...any) (cty.Value, hcl.Diagnostics) {
		return cty.NilVal, hcl.Diagnostics{diag.Error(rangeOf(in), "Not a valid value", "The option %q (from %s) %s%s", o.Name, in.Source, fmt.Sprintf(format, args...), several(bp, in))}
	}
	v := in.Value
	if v == cty.NilVal {
		var err error
		if v, err = parseRaw(o.Type, in.Raw); err != nil {
			if in.Veiled || hidden(bp, in.Name) {
				return fail("could not be read as %s.", o.Type.FriendlyNameForConstraint())
			}
			return fail("could not be read as %s: %s.", o.Type.FriendlyNameForConstraint(), err)
		}
	}
	if !budget.Sane(v) {
		return fail("contains a number with more than a thousand digits, which nothing in a module can use.")
	}
	if o.TypeDefaults != nil && v.IsKnown() && !v.IsNull() {
		v = o.TypeDefaults.Apply(v)
	}
	c, err := convert.Convert(v, o.Type)
	switch {
	case err != nil && o.Type == cty.Bool:
		return fail("must be true or false, not a value of type %s.", v.Type().FriendlyName())
	case err != nil:
		return fail("takes %s: %s.", o.Type.FriendlyNameForConstraint(), within(err))
	case pending && !c.IsWhollyKnown():
		return c, nil
	case !c.IsWhollyKnown():
		return fail("must be known when the module is rendered.")
	case c.IsNull() && (o.Default == cty.NilVal || !o.Default.IsNull()):
		return fail("must not be null.")
	case o.Name == Home && !c.IsNull() && in.Veiled && unknownZone(c.AsString()) != "":
		return fail("is not an IANA time zone. Use one such as Europe/Paris or America/New_York.")
	case o.Name == Home && !c.IsNull() && unknownZone(c.AsString()) != "":
		return fail("is %q, which %s", c.AsString(), unknownZone(c.AsString()))
	case !o.Allows(c) && hidden(bp, in.Name):
		return fail("has a value that is not allowed.")
	case !o.Allows(c):
		var allowed []string
		for _, a := range o.OneOf {
			allowed = append(allowed, Show(a))
		}
		if in.Veiled {
			return fail("must be one of %s.", strings.Join(allowed, ", "))
		}
		hint := ""
		if c.Type() == cty.String {
			hint = diag.Suggest(diag.Nearest(c.AsString(), allowed))
		}
		return fail("is %s, but must be one of %s.%s", Show(c), strings.Join(allowed, ", "), hint)
	}
	return c, nil
}

// several says how more than one option is set, to who wrote a=b,c=d. It shows no
// value.
func several(bp *blueprint.Blueprint, in Input) string {
	for _, o := range Options(bp) {
		if in.Source == "--set" && strings.Contains(in.Raw, ","+o.Name+"=") {
			return fmt.Sprintf(" To set more than one option, repeat the flag: --set %s=... --set %s=...", in.Name, o.Name)
		}
	}
	return ""
}

// within says what is wrong with which part of a value.
func within(err error) string {
	var at cty.PathError
	if !errors.As(err, &at) || len(at.Path) == 0 || strings.HasPrefix(at.Error(), "attribute ") || strings.HasPrefix(at.Error(), "element ") {
		return err.Error()
	}
	var b strings.Builder
	for _, step := range at.Path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			b.WriteString("." + step.Name)
		case cty.IndexStep:
			b.WriteString("[" + Show(step.Key) + "]")
		}
	}
	return "at " + strings.TrimPrefix(b.String(), ".") + ", " + at.Error()
}

// parseRaw reads the text behind --set. A string option takes it as it stands.
func parseRaw(t cty.Type, raw string) (cty.Value, error) {
	if t == cty.String {
		return cty.StringVal(raw), nil
	}
	if strings.TrimSpace(raw) == "" {
		return cty.NilVal, fmt.Errorf("it is empty; use a value such as %s", example(t))
	}
	expr, diags := guard.ParseExpression([]byte(raw), "--set", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, fmt.Errorf("%s", strings.TrimSuffix(diags[0].Detail, "."))
	}
	v, diags := Literal(expr)
	if diags.HasErrors() {
		if t == cty.DynamicPseudoType {
			return cty.StringVal(raw), nil
		}
		if t == cty.Bool {
			return cty.NilVal, errors.New("write true or false")
		}
		return cty.NilVal, fmt.Errorf("write it as an HCL literal, such as %s", example(t))
	}
	return v, nil
}

// validate checks every validation block against the final values. With pending
// it says nothing where a condition is unknown.
func validate(bp *blueprint.Blueprint, choices []Choice, pending bool) hcl.Diagnostics {
	var diags hcl.Diagnostics
	ctx := Scope(choices)
	spend := budget.New(context.Background(), "the validations of the blueprint")
	check := func(v *blueprint.Validation) {
		if v.Condition == nil || v.ErrorMessage == nil {
			return
		}
		ok, d := spend.Evaluate(v.Condition, ctx)
		if fault := spend.Fault(); fault != nil {
			diags = hcl.Diagnostics{fault}
			return
		}
		if d.HasErrors() {
			diags = append(diags, discreet(bp, v.Condition, choices, d)...)
			return
		}
		ok, err := convert.Convert(ok, cty.Bool)
		if err == nil && pending && !ok.IsKnown() {
			return
		}
		if err != nil || ok.IsNull() || !ok.IsKnown() {
			diags = append(diags, diag.Error(v.Condition.Range(), "Not a condition", "The condition of a validation must be true or false."))
			return
		}
		if ok.True() {
			return
		}
		msg, d := spend.Evaluate(v.ErrorMessage, marked(bp, choices))
		text := "The condition is false."
		switch {
		case msg.ContainsMarked():
			text = "The condition is false. Its message is omitted because it contains a value that must not be shown."
		case !d.HasErrors() && !msg.IsNull() && msg.IsKnown() && msg.Type() == cty.String:
			text = msg.AsString()
		}
		diags = append(diags, diag.Error(v.Condition.Range(), "Incompatible options", "%s", text+"\n\n"+used(bp, v.Condition, choices)))
	}
	for _, c := range choices {
		for _, v := range c.Option.Validations {
			check(v)
		}
	}
	for _, v := range bp.Validations {
		check(v)
	}
	return diags
}

// used lists the options a condition looks at with their values and origins.
func used(bp *blueprint.Blueprint, cond hclsyntax.Expression, choices []Choice) string {
	var lines []string
	for _, t := range cond.Variables() {
		if t.RootName() != "option" || len(t) < 2 {
			continue
		}
		attr, ok := t[1].(hcl.TraverseAttr)
		if !ok {
			continue
		}
		for _, c := range choices {
			if c.Option.Name == attr.Name {
				lines = append(lines, fmt.Sprintf("%s is %s (%s)", attr.Name, c.Show(bp), c.Source))
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}

func rangeOf(in Input) hcl.Range {
	if in.Range == nil {
		return hcl.Range{}
	}
	return *in.Range
}

func placeholder(o *blueprint.Option) string {
	if len(o.OneOf) > 0 {
		return Show(o.OneOf[0])
	}
	return example(o.Type)
}

func example(t cty.Type) string {
	switch {
	case t == cty.Bool:
		return "true"
	case t == cty.Number:
		return "3"
	case t.IsListType(), t.IsSetType(), t.IsTupleType():
		return `'["a", "b"]'`
	case t.IsMapType(), t.IsObjectType():
		return `'{ key = "value" }'`
	}
	return "VALUE"
}
