package blueprint

import (
	"bytes"
	"context"
	"slices"
	"strings"

	version "github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
)

// Parse reads a blueprint. The name is the blueprint's directory, which its
// blueprint block must repeat; the library, which may be nil, has the parts that it
// includes and the blueprints that it may extend. The model is best effort when
// there are errors.
func Parse(of Source, name string, lib Library) (*Blueprint, hcl.Diagnostics) {
	p := &parser{
		bp:     &Blueprint{Name: name, Files: map[string]*hcl.File{}, Included: map[string]hcl.Range{}, Fixed: map[string]Fixed{}},
		lib:    lib,
		seen:   map[string]hcl.Range{},
		fixed:  map[string]hcl.Range{},
		within: map[*hclsyntax.Block]putting{},
		sizes:  map[hclsyntax.Expression]int{},
		budget: budget.New(context.Background(), "the constants of the blueprint"),
	}
	body, diags := p.open(of)
	p.bp.File = p.bp.Files[of.Name]
	if body == nil {
		return p.bp, diags
	}
	if diags.HasErrors() {
		// What else is wrong follows from these. What can be read is read all the
		// same, for who wants to know the options.
		crash.Catch(func() { p.body(body, name, of.Name) }) //nolint:errcheck // The file is refused as it is.
		return p.bp, diags
	}
	p.body(body, name, of.Name)
	return p.bp, p.bp.Placed(append(diags, p.diags...))
}

// open parses a file of the blueprint; nil when nothing of it can be read.
func (p *parser) open(of Source) (*hclsyntax.Body, hcl.Diagnostics) {
	file, diags := of.Objects.Parse(of.Bytes, of.Name)
	p.bp.Files[of.Name] = file
	body, _ := file.Body.(*hclsyntax.Body)
	return body, diags
}

type parser struct {
	bp     *Blueprint
	lib    Library
	seen   map[string]hcl.Range // "option x" -> where it was declared
	fixed  map[string]hcl.Range // options that nobody is asked, with where it is said
	within map[*hclsyntax.Block]putting
	sizes  map[hclsyntax.Expression]int // of expressions that are put in
	putIn  int                          // nodes that were put in so far
	budget *budget.Budget
	diags  hcl.Diagnostics
}

// blocks pairs each kind of top-level block with its number of labels and its
// decoder.
func (p *parser) blocks() map[string]blockKind {
	return map[string]blockKind{
		"blueprint":  {1, p.header},
		"option":     {1, p.option},
		"validation": {0, p.crossValidation},
		"variable":   {1, p.variable},
		"component":  {1, p.component},
		"output":     {1, p.output},
		"profile":    {1, p.profile},
		"deviation":  {1, p.deviation},
		"example":    {0, p.example},
	}
}

type blockKind struct {
	labels int
	decode func(*hclsyntax.Block)
}

func (p *parser) body(body *hclsyntax.Body, name, filename string) {
	kinds := p.blocks()
	header := false
	for _, b := range p.compose(body, name) {
		kind, ok := kinds[b.Type]
		if !ok {
			p.errorf(b.TypeRange, "Unknown block", "A blueprint has no %q block. %s", b.Type, diag.DidYouMean(b.Type, append(keys(kinds), "include")))
			continue
		}
		if len(b.Labels) != kind.labels {
			p.errorf(b.DefRange(), "Wrong number of labels", "%s block takes %s.", sentence(article(b.Type)), map[int]string{0: "no label", 1: "one label, its name"}[kind.labels])
			continue
		}
		if kind.labels == 1 && !p.declare(b) {
			continue
		}
		header = header || b.Type == "blueprint"
		kind.decode(b)
	}
	p.order()
	p.formers()
	p.defaultSummary()
	p.profilesOfDeviations()
	if !header {
		p.errorf(hcl.Range{Filename: filename, Start: hcl.InitialPos, End: hcl.InitialPos}, "Missing blueprint block",
			"The file must contain one block that names the blueprint:\n\n  blueprint %q {\n    version = \"1.0.0\"\n    summary = \"...\"\n  }", name)
	}
}

// declare records a named block and reports doubles and bad names.
func (p *parser) declare(b *hclsyntax.Block) bool {
	label, rng := b.Labels[0], b.LabelRanges[0]
	id := b.Type + " " + label
	if first, twice := p.seen[id]; twice {
		p.errorf(rng, "Duplicate declaration", "There is already %s %q at %s. Rename or remove one of them.", article(b.Type), label, first)
		return false
	}
	p.seen[id] = rng
	if b.Type != "blueprint" && b.Type != "deviation" && b.Type != "profile" && !hclsyntax.ValidIdentifier(label) {
		p.errorf(rng, "Not a valid name", "%q cannot name %s: a name starts with a letter and consists of letters, digits, \"_\" and \"-\".", label, article(b.Type))
		return false
	}
	if err := fileset.CheckPath(label); b.Type == "profile" && (err != nil || strings.Contains(label, "/")) {
		p.errorf(rng, "Not a valid name", "A profile is written to envs/<name>.tfvars, and %q cannot be part of a file name.", label)
		return false
	}
	return true
}

func (p *parser) header(b *hclsyntax.Block) {
	if len(p.bp.Version) > 0 || p.bp.Range.Filename != "" {
		p.errorf(b.DefRange(), "Duplicate blueprint block", "A file describes one blueprint. Remove one of the blocks.")
		return
	}
	p.bp.Range = b.DefRange()
	if b.Labels[0] != p.bp.Name {
		p.errorf(b.LabelRanges[0], "Blueprint and directory have different names", "The block is labelled %q, but the directory is called %q. Use the same name for both: it is the one that `bpgen render` takes.", b.Labels[0], p.bp.Name)
	}
	a := p.arguments(b, "version", "summary", "systems", "extends")
	before := len(p.diags)
	p.bp.Version = p.text(a["version"])
	readable := len(p.diags) == before
	if a["summary"] != nil {
		p.bp.summary = a["summary"].Expr
	}
	if a["systems"] != nil {
		p.bp.Systems = p.texts(a["systems"])
	}
	switch {
	case a["version"] == nil:
		p.errorf(b.DefRange(), "Missing argument", "A blueprint needs a version, such as version = \"1.0.0\".")
	case readable:
		if _, err := version.NewSemver(p.bp.Version); err != nil {
			p.errorf(a["version"].Expr.Range(), "Not a version", "%q is not a semantic version. Write three numbers, such as \"1.0.0\".", p.bp.Version)
		}
	}
}

func (p *parser) option(b *hclsyntax.Block) {
	a := p.arguments(b, "type", "one_of", "default", "description", "notes", "why", "when", "otherwise", "was", "validation{}")
	o := &Option{Name: b.Labels[0], Type: cty.DynamicPseudoType, Range: b.DefRange(), Default: cty.NilVal, Otherwise: cty.NilVal,
		Description: p.text(a["description"]), Notes: p.texts(a["notes"]), Why: p.text(a["why"])}
	p.bp.Options = append(p.bp.Options, o)
	var defaults *typeexpr.Defaults
	if a["type"] == nil && slices.Contains(BuiltIn, o.Name) {
		o.Type, o.Brief = cty.String, true
	} else if a["type"] == nil {
		p.errorf(b.DefRange(), "Missing argument", "The option %q needs a type, such as type = bool.", o.Name)
	} else {
		t, d, diags := typeexpr.TypeConstraintWithDefaults(a["type"].Expr)
		p.diags = append(p.diags, diags...)
		o.Type, o.TypeDefaults, defaults = t, d, d
	}
	if oneOf := a["one_of"]; oneOf != nil {
		p.oneOf(o, oneOf)
	}
	o.Default = p.valueOf(o, a["default"], defaults)
	o.Validations, o.Was = p.validations(b), p.former(a["was"], "values")
	p.applies(o, a["when"], a["otherwise"], defaults)
}

// valueOf reads a value that an option may have; cty.NilVal without one.
func (p *parser) valueOf(o *Option, a *hclsyntax.Attribute, defaults *typeexpr.Defaults) cty.Value {
	if a == nil {
		return cty.NilVal
	}
	v, diags := p.budget.Constant(a.Expr)
	p.diags = append(p.diags, diags...)
	if diags.HasErrors() {
		return cty.NilVal
	}
	if defaults != nil && !v.IsNull() {
		v = defaults.Apply(v)
	}
	what := "The default"
	if a.Name != "default" {
		what = "The value of " + a.Name
	}
	c, err := convert.Convert(v, o.Type)
	switch {
	case err != nil:
		p.errorf(a.Expr.Range(), "Wrong type", "%s does not have the option's type: %s.", what, err)
		return cty.NilVal
	case !o.Allows(c):
		p.errorf(a.Expr.Range(), "Value not allowed", "%s is not among the values of one_of.", what)
	}
	return c
}

// oneOf reads the values that an option may take.
func (p *parser) oneOf(o *Option, a *hclsyntax.Attribute) {
	v, diags := p.budget.Constant(a.Expr)
	p.diags = append(p.diags, diags...)
	switch {
	case diags.HasErrors():
		return
	case v.IsNull() || !v.CanIterateElements() || v.Type().IsMapType() || v.Type().IsObjectType():
		p.errorf(a.Expr.Range(), "Wrong type", "one_of must be a list of the allowed values.")
		return
	case v.LengthInt() == 0:
		p.errorf(a.Expr.Range(), "No allowed values", "one_of is empty, so no value is allowed. List the allowed values, or remove one_of to allow any value.")
		return
	}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() {
			p.errorf(a.Expr.Range(), "Wrong type", "one_of contains a null.")
			continue
		}
		if o.TypeDefaults != nil {
			e = o.TypeDefaults.Apply(e)
		}
		c, err := convert.Convert(e, o.Type)
		switch {
		case err != nil:
			p.errorf(a.Expr.Range(), "Wrong type", "A value of one_of does not have the option's type: %s.", err)
		case slices.ContainsFunc(o.OneOf, c.RawEquals):
			p.diags = append(p.diags, diag.Warning(a.Expr.Range(), "Duplicate value", "one_of lists a value twice. Remove one of the two."))
		default:
			o.OneOf = append(o.OneOf, c)
		}
	}
}

// Allows says whether v, of the option's type, is among the values of one_of.
func (o *Option) Allows(v cty.Value) bool {
	if len(o.OneOf) == 0 || v == cty.NilVal {
		return true
	}
	for _, w := range o.OneOf {
		if v.RawEquals(w) {
			return true
		}
	}
	return false
}

func (p *parser) validations(b *hclsyntax.Block) []*Validation {
	var out []*Validation
	for _, nested := range b.Body.Blocks {
		if nested.Type == "validation" {
			out = append(out, p.validation(nested))
		}
	}
	return out
}

func (p *parser) crossValidation(b *hclsyntax.Block) {
	p.bp.Validations = append(p.bp.Validations, p.validation(b))
}

func (p *parser) validation(b *hclsyntax.Block) *Validation {
	a := p.arguments(b, "condition", "error_message")
	if len(b.Labels) > 0 {
		p.errorf(b.DefRange(), "Wrong number of labels", "A validation block takes no label.")
	}
	v := &Validation{Range: b.DefRange()}
	for name, dst := range map[string]*hclsyntax.Expression{"condition": &v.Condition, "error_message": &v.ErrorMessage} {
		if a[name] != nil {
			*dst = a[name].Expr
		}
	}
	if v.Condition == nil || v.ErrorMessage == nil {
		p.errorf(b.DefRange(), "Missing argument", "A validation needs a condition and an error_message.")
	}
	return v
}

// reservedVariables are the names that a variable must not have.
var reservedVariables = []string{"count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"}

func (p *parser) variable(b *hclsyntax.Block) {
	a := p.arguments(b, "type", "description", "default", "nullable", "sensitive", "ephemeral", "deprecated", "was", "validation{}")
	if slices.Contains(reservedVariables, b.Labels[0]) {
		p.errorf(b.LabelRanges[0], "Reserved name", "Terraform does not allow a variable called %q, because the name has a meaning in module blocks. Choose another name.", b.Labels[0])
	}
	p.bp.Variables = append(p.bp.Variables, &Variable{Name: b.Labels[0], Block: b, Src: p.bp.Bytes(b.TypeRange), Was: p.former(a["was"], ""), Range: b.DefRange()})
}

func (p *parser) component(b *hclsyntax.Block) {
	a := p.arguments(b, "template", "file", "foreign", "prefix", "region", "was", "when", "with", "expose", "use{}")
	c := &Component{Name: b.Labels[0], Template: p.text(a["template"]), File: p.text(a["file"]), Was: p.former(a["was"], "prefix"), Range: b.DefRange()}
	switch {
	case a["template"] == nil && len(b.Body.Blocks) == 0:
		p.errorf(b.DefRange(), "Missing argument", "The component %q needs a template, or \"use\" blocks to choose among several.", c.Name)
	case a["template"] != nil && len(b.Body.Blocks) > 0:
		p.errorf(a["template"].NameRange, "Both template and use", "The component %q has a template and \"use\" blocks. Remove the template, or write it as one of the blocks.", c.Name)
	}
	if a["file"] == nil {
		c.File = c.Name + ".tf"
	} else {
		c.FileRange = a["file"].Expr.Range()
	}
	if fileset.Override(c.File) {
		rng := c.Range
		if a["file"] != nil {
			rng = c.FileRange
		}
		p.errorf(rng, "Not a file name", "The component %q cannot be written to %q: Terraform treats a file with this name as an override file, whose blocks only change those of other files. Set \"file\" to another name.", c.Name, c.File)
	}
	if a["template"] != nil {
		c.TemplateRange = a["template"].Expr.Range()
	}
	if a["prefix"] != nil {
		prefix := p.text(a["prefix"])
		c.Prefix = &prefix
		if prefix != "" && !hclsyntax.ValidIdentifier(prefix) {
			p.errorf(a["prefix"].Expr.Range(), "Not a valid prefix", "A name cannot start with %q. Use letters, digits and \"_\", or \"\" for no prefix.", prefix)
		}
	}
	if a["when"] != nil {
		c.When = a["when"].Expr
	}
	if r := a["region"]; r != nil {
		c.Region, c.RegionNote = r.Expr, p.comment(item{rng: r.NameRange, value: r.Expr})
	}
	if a["foreign"] != nil {
		c.Foreign = p.flag(a["foreign"])
	}
	p.bind(c, a)
	if uses := b.Body.Blocks; len(uses) > 0 {
		p.uses(c, uses)
		return
	}
	p.bp.Components = append(p.bp.Components, c)
}

// bind reads what a component gives to its template, and the names of what it
// leaves open.
func (p *parser) bind(c *Component, a hclsyntax.Attributes) {
	for _, item := range p.items(a["with"]) {
		if i := slices.IndexFunc(c.With, func(w Argument) bool { return w.Name == item.name }); i >= 0 {
			p.errorf(item.rng, "Duplicate value", "The component already sets %q for all of its templates, at %s. Remove one of the two.", item.name, c.With[i].NameRange)
			continue
		}
		c.With = append(c.With, Argument{Name: item.name, Expr: item.value, NameRange: item.rng})
	}
	for _, item := range p.items(a["expose"]) {
		if c.Expose == nil {
			c.Expose = map[string]string{}
		}
		v, diags := p.budget.Constant(item.value)
		p.diags = append(p.diags, diags...)
		if diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String || !hclsyntax.ValidIdentifier(v.AsString()) {
			p.errorf(item.value.Range(), "Not a valid name", "\"expose\" maps a variable of the template to its name in the rendered module.")
			continue
		}
		c.Expose[item.name] = v.AsString()
	}
}

func (p *parser) output(b *hclsyntax.Block) {
	a := p.arguments(b, "value", "when", "description", "sensitive", "was")
	o := &Output{Name: b.Labels[0], Description: p.text(a["description"]), Was: p.former(a["was"], ""), Range: b.DefRange()}
	if a["value"] == nil {
		p.errorf(b.DefRange(), "Missing argument", "The output %q needs a value.", o.Name)
		return
	}
	o.Value = a["value"].Expr
	if a["when"] != nil {
		o.When = a["when"].Expr
	}
	if s := a["sensitive"]; s != nil {
		o.Sensitive = p.flag(s)
	}
	p.bp.Outputs = append(p.bp.Outputs, o)
}

func (p *parser) profile(b *hclsyntax.Block) {
	a := p.arguments(b, "values", "options", "description")
	pr := &Profile{Name: b.Labels[0], Description: p.text(a["description"]), Values: p.values(a["values"]), Options: map[string]cty.Value{}, Range: b.DefRange()}
	for _, item := range p.items(a["options"]) {
		v, diags := p.budget.Constant(item.value)
		p.diags = append(p.diags, diags...)
		if !diags.HasErrors() {
			pr.Options[item.name] = v
			pr.OptionRanges = append(pr.OptionRanges, NamedRange{item.name, item.rng})
		}
	}
	p.bp.Profiles = append(p.bp.Profiles, pr)
}

func (p *parser) example(b *hclsyntax.Block) {
	if p.bp.Example != nil {
		p.errorf(b.DefRange(), "Duplicate example block", "A blueprint can have only one example. Remove one of the blocks.")
		return
	}
	a := p.arguments(b, "values")
	p.bp.Example = &Example{Values: p.values(a["values"]), Range: b.DefRange()}
}

func (p *parser) deviation(b *hclsyntax.Block) {
	d, diags := deviation.Decode(b, deviation.OfBlueprint, p.budget)
	p.diags = append(p.diags, diags...)
	p.bp.Deviations = append(p.bp.Deviations, d)
}

// profilesOfDeviations reports deviations of profiles that there are not.
func (p *parser) profilesOfDeviations() {
	var names []string
	for _, prof := range p.bp.Profiles {
		names = append(names, prof.Name)
	}
	for _, d := range p.bp.Deviations {
		if d.Profile != "" && !slices.Contains(names, d.Profile) {
			p.errorf(d.Range, "Unknown profile", "The deviation %q belongs to the profile %q, which the blueprint does not have.%s", d.Name, d.Profile, spaced(diag.DidYouMean(d.Profile, names)))
		}
	}
}

// arguments returns the block's attributes by name and reports names and
// nested blocks that are not allowed. A name ending in "{}" allows a block.
func (p *parser) arguments(b *hclsyntax.Block, allowed ...string) hclsyntax.Attributes {
	ok := map[string]bool{}
	var names, blocks []string
	for _, n := range allowed {
		ok[n] = true
		name, block := strings.CutSuffix(n, "{}")
		names = append(names, name)
		if block {
			blocks = append(blocks, name)
		}
	}
	for _, a := range sortedAttributes(b.Body) {
		if !ok[a.Name] {
			p.errorf(a.NameRange, "Unknown argument", "%s block has no argument %q. %s", sentence(article(b.Type)), a.Name, diag.DidYouMean(a.Name, names))
		}
	}
	for _, nested := range b.Body.Blocks {
		if !ok[nested.Type+"{}"] {
			near := names
			if len(diag.Nearest(nested.Type, names)) == 0 {
				near = blocks
			}
			p.errorf(nested.TypeRange, "Unknown block", "%s block has no nested block %q. %s", sentence(article(b.Type)), nested.Type, diag.DidYouMean(nested.Type, near))
		}
	}
	return b.Body.Attributes
}

// flag returns the truth value of an argument.
func (p *parser) flag(a *hclsyntax.Attribute) bool {
	v, diags := p.budget.Constant(a.Expr)
	p.diags = append(p.diags, diags...)
	switch {
	case diags.HasErrors():
	case v.Type() != cty.Bool || v.IsNull():
		p.errorf(a.Expr.Range(), "Wrong type", "%s must be true or false.", a.Name)
	default:
		return v.True()
	}
	return false
}

func (p *parser) text(a *hclsyntax.Attribute) string {
	text, diags := p.budget.Text(a)
	p.diags = append(p.diags, diags...)
	return text
}

func (p *parser) texts(a *hclsyntax.Attribute) []string {
	texts, diags := p.budget.Texts(a)
	p.diags = append(p.diags, diags...)
	return texts
}

type item struct {
	name  string
	rng   hcl.Range
	value hclsyntax.Expression
}

// items returns the entries of an object constructor with literal keys.
func (p *parser) items(a *hclsyntax.Attribute) []item {
	if a == nil {
		return nil
	}
	obj, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		p.errorf(a.Expr.Range(), "Wrong type", "%s must be a literal object: %s = { name = value }.", a.Name, a.Name)
		return nil
	}
	seen := map[string]bool{}
	var out []item
	for _, it := range obj.Items {
		k, diags := p.budget.Constant(it.KeyExpr)
		if diags.HasErrors() || k.IsNull() || k.Type() != cty.String {
			p.errorf(it.KeyExpr.Range(), "Not a name", "The names in %s must be literals; they cannot be computed.", a.Name)
			continue
		}
		name := k.AsString()
		if seen[name] {
			p.errorf(it.KeyExpr.Range(), "Duplicate value", "%q appears twice in %s. Remove one of the two.", name, a.Name)
			continue
		}
		seen[name] = true
		out = append(out, item{name, it.KeyExpr.Range(), it.ValueExpr})
	}
	return out
}

func (p *parser) values(a *hclsyntax.Attribute) []ProfileValue {
	var out []ProfileValue
	for _, it := range p.items(a) {
		out = append(out, ProfileValue{Name: it.name, Expr: it.value, Comment: p.comment(it), Range: it.rng})
	}
	return out
}

// comment returns the words of the comment behind the item on its last line or,
// without one, of the comment lines directly above it.
func (p *parser) comment(it item) string {
	src := p.bp.Bytes(it.rng)
	line := src[it.value.Range().End.Byte:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if _, after, ok := strings.Cut(string(line), "#"); ok {
		return strings.TrimSpace(after)
	}
	var words []string
	above := src[:max(bytes.LastIndexByte(src[:it.rng.Start.Byte], '\n'), 0)]
	for len(above) > 0 {
		start := bytes.LastIndexByte(above, '\n') + 1
		t := strings.TrimSpace(string(above[start:]))
		if !strings.HasPrefix(t, "#") {
			break
		}
		words = append([]string{strings.TrimSpace(strings.TrimLeft(t, "#"))}, words...)
		above = above[:max(start-1, 0)]
	}
	return strings.Join(words, " ")
}

func (p *parser) errorf(rng hcl.Range, summary, format string, args ...any) {
	p.diags = append(p.diags, diag.Error(rng, summary, format, args...))
}
