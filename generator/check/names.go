package check

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// A claim is a name of the rendered module that a component may use.
type claim struct {
	name   string // as an address: aws_vpc.network, local.network_x, var.network_cidr
	what   string // for the message
	comp   *blueprint.Component
	rng    hcl.Range
	shared bool // a data source that all components share
	always bool // used whenever the component is there
}

// names reports names that two components would both use under some combination
// of options. Names never depend on options, so each pair is known beforehand;
// what remains is whether both can be there at once.
func (c *checker) names() {
	linked := c.bp.Linked()
	byName := map[string][]claim{}
	var order []string
	add := func(cl claim) {
		key := cl.name
		if strings.Contains(key, "/") {
			key = strings.ToLower(key) // some file systems do not tell cases apart
		}
		if byName[key] == nil {
			order = append(order, key)
		}
		byName[key] = append(byName[key], cl)
	}
	for _, v := range c.bp.Variables {
		add(claim{name: "var." + v.Name, what: "the variable", rng: v.Range, always: true})
	}
	for _, comp := range c.bp.Components {
		for _, cl := range c.claims(comp, linked) {
			add(cl)
		}
	}
	for _, key := range order {
		c.collide(byName[key])
	}
}

// claims lists every name that a component may use; linked are the outputs that
// the blueprint uses.
func (c *checker) claims(comp *blueprint.Component, linked map[string]bool) []claim {
	t := c.templates[comp]
	prefixed := func(label string) string { return specialise.Prefixed(comp.Name, comp.Prefix, label) }
	var out []claim
	add := func(name, what string, rng hcl.Range) {
		out = append(out, claim{name: name, what: what, comp: comp, rng: rng})
	}
	for _, addr := range slices.Sorted(maps.Keys(t.Objects)) {
		o := t.Objects[addr]
		name, kind := template.Address(o.Kind, o.Type, prefixed(o.Label)), o.Kind
		if sharedData(o) {
			out = append(out, claim{name: addr, what: addr, comp: comp, rng: o.Block.DefRange(), shared: true})
			continue
		}
		switch kind {
		case "module":
			kind = "module call"
		case "data":
			kind = "data source"
		}
		add(name, "the "+kind+" "+addr, o.Block.DefRange())
	}
	for _, name := range slices.Sorted(maps.Keys(t.Locals)) {
		add("local."+prefixed(name), "local."+name, t.Locals[name].Attr.NameRange)
	}
	for _, f := range t.Files {
		for _, b := range f.Body.Blocks {
			if b.Type == "check" {
				add("check."+prefixed(b.Labels[0]), "the check \""+b.Labels[0]+"\"", b.DefRange())
			}
		}
	}
	for _, v := range t.Variables {
		if bound := slices.ContainsFunc(comp.With, func(a blueprint.Argument) bool { return a.Name == v.Name }); bound && v.Keep {
			add("local."+prefixed(keptName(t, v.Name)), "the local value for var."+v.Name, v.Block.DefRange())
		}
	}
	for _, o := range t.Outputs {
		if t.Locals[o.Name] == nil && linked[comp.Name+"."+o.Name] {
			add("local."+prefixed(o.Name), "the local value for the output \""+o.Name+"\"", o.Block.DefRange())
		}
	}
	for _, e := range c.exposed(comp) {
		out = append(out, claim{name: "var." + e.Name, what: "var." + e.Variable.Name, comp: comp, rng: e.Variable.Block.DefRange(), always: true})
	}
	for _, a := range t.Assets {
		if rest, ok := strings.CutPrefix(a.Path, "runbooks/"); ok {
			out = append(out, claim{name: "runbooks/" + comp.Name + "-" + rest, what: "the file " + a.Path, comp: comp, rng: comp.Range, always: true})
		}
	}
	return out
}

// sharedData says whether a data source is rendered once for all components.
func sharedData(o *template.Object) bool {
	return o.Kind == "data" && o.Label == "current" && len(o.Block.Body.Attributes) == 0 && len(o.Block.Body.Blocks) == 0
}

// keptName is the local value that a variable becomes which templatestring
// reads.
func keptName(t *template.Template, name string) string {
	if t.Locals[name] != nil {
		return "var_" + name
	}
	return name
}

// collide reports the first two claims of one name that can be there at once.
func (c *checker) collide(claims []claim) {
	for i, b := range claims {
		for _, a := range claims[:i] {
			if a.shared && b.shared || a.comp != nil && b.comp != nil && a.comp != b.comp && a.comp.Name == b.comp.Name {
				continue // of alternatives one is there
			}
			if p, ok := c.together(a, b); ok {
				c.collision(a, b, p)
				return
			}
		}
	}
}

func (c *checker) collision(a, b claim, p point) {
	when := "Both exist with " + c.space.words(p) + "."
	name := strings.TrimPrefix(b.name, "var.")
	switch {
	case strings.HasPrefix(b.name, "var.") && a.comp == nil:
		c.errorf(b.comp.Range, "Conflicting variable names", "The variable %q of the component %q would be called %q in the rendered module, like the one declared at %s. %s Give it another name with \"expose\", or a value in \"with\".",
			strings.TrimPrefix(b.what, "var."), b.comp.Name, name, a.rng, when)
	case strings.HasPrefix(b.name, "var."):
		c.errorf(b.comp.Range, "Conflicting variable names", "The variable %q of the component %q would be called %q in the rendered module, like %s of the component %q, declared at %s. %s Give one of them another name with \"expose\", or a value in \"with\".",
			strings.TrimPrefix(b.what, "var."), b.comp.Name, name, a.what, a.comp.Name, a.rng, when)
	case strings.Contains(b.name, "/"):
		c.errorf(b.comp.Range, "Conflicting file names", "%s of the component %q and %s of the component %q, which begins at %s, would both be written to %s. %s Rename one of the files or of the components.",
			upper(b.what), b.comp.Name, a.what, a.comp.Name, a.rng, b.name, when)
	case a.comp == b.comp:
		c.errorf(b.rng, "Conflicting names", "%s and %s of the component %q would both be called %s in the rendered module (the other one is at %s). %s Set a different prefix for the component, or rename one of the labels in the template.",
			upper(b.what), a.what, b.comp.Name, b.name, a.rng, when)
	default:
		c.errorf(b.rng, "Conflicting names", "%s of the component %q and %s of the component %q would both be called %s in the rendered module (the other one is at %s). %s Set a different prefix for one of the components, or rename the label in one of the templates.",
			upper(b.what), b.comp.Name, a.what, a.comp.Name, b.name, a.rng, when)
	}
}

// upper makes the first letter of a sentence a capital, unless it begins with a
// name from the code.
func upper(s string) string {
	if rest, ok := strings.CutPrefix(s, "the "); ok {
		return "The " + rest
	}
	return s
}

// together looks for a combination of options under which both claims are made.
func (c *checker) together(a, b claim) (point, bool) {
	var whens, args []hclsyntax.Expression // the whens first: they must be decided, whatever else is too much
	for _, cl := range []claim{a, b} {
		if cl.comp == nil {
			continue
		}
		whens = append(whens, cl.comp.When)
		if !cl.always {
			args = append(args, arguments(cl.comp)...)
		}
	}
	exprs := append(whens, args...)
	var found point
	c.space.points(exprs, func(p point) bool {
		if c.made(a, p) && c.made(b, p) {
			found = maps.Clone(p)
		}
		return found == nil
	})
	if found == nil {
		return nil, false
	}
	return c.reduced(found, func(p point) bool { return c.made(a, p) && c.made(b, p) }), true
}

// reduced returns to their defaults the options that a finding does not need.
func (c *checker) reduced(p point, holds func(point) bool) point {
	for _, name := range c.space.changed(p) {
		def := c.option(name).Default
		if def == cty.NilVal {
			continue
		}
		less := maps.Clone(p)
		less[name] = def
		if c.space.allowed(less) && holds(less) {
			p = less
		}
	}
	return p
}

// made says whether a claim may be made at a point.
func (c *checker) made(cl claim, p point) bool {
	if cl.comp == nil {
		return true
	}
	if !c.possible(cl.comp.When, p) {
		return false
	}
	if cl.always {
		return true
	}
	s := c.specialised(cl.comp, p)
	return !s.made || slices.Contains(s.claims, cl.name)
}

// A special is what is to be known of a component that was specialised at a
// point. The component itself is too large to be kept.
type special struct {
	made   bool            // false when it cannot be told
	claims []string        // the names that it uses
	vars   map[string]bool // the variables of the module that it refers to
	open   bool            // an output may refer to others
	diags  hcl.Diagnostics // why it cannot be told; none when an argument fails
}

// specialised returns the component at a point, with links that lead nowhere.
func (c *checker) specialised(comp *blueprint.Component, p point) special {
	var key strings.Builder
	key.WriteString(comp.Key())
	for _, name := range optionsOf(arguments(comp)...) {
		key.WriteString("\x00" + literal(p[name]))
	}
	// What a placeholder stands for depends on which components are there.
	for _, name := range c.linkedTo(comp) {
		fmt.Fprintf(&key, "\x00%v", c.there(name, p))
	}
	if done, ok := c.special[key.String()]; ok {
		return done
	}
	in, ok := c.input(comp, p)
	var out special
	if ok {
		// Many combinations of options give a component the same values.
		same := comp.Key() + "\x00\x00"
		for _, a := range comp.With {
			same += in.Bound[a.Name].Text() + "\x00"
		}
		var done bool
		if out, done = c.special[same]; !done {
			spend, end := c.spend()
			in.Budget = spend
			made, diags := specialise.Specialise(in)
			end()
			out = summary(comp, made, diags)
			c.special[same] = out
		}
	}
	c.special[key.String()] = out
	return out
}

// linkedTo returns the components that a component's arguments refer to.
func (c *checker) linkedTo(comp *blueprint.Component) []string {
	var out []string
	for _, x := range arguments(comp) {
		for _, ref := range x.Variables() {
			if name := blueprint.Step(ref, 1); ref.RootName() == "component" && len(c.bp.Alternatives(name)) > 0 && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// arguments returns the values that a component's with gives.
func arguments(comp *blueprint.Component) []hclsyntax.Expression {
	var out []hclsyntax.Expression
	for _, a := range comp.With {
		out = append(out, a.Expr)
	}
	return out
}

// input returns what specialises a component at a point; not ok when an argument
// cannot be evaluated there.
func (c *checker) input(comp *blueprint.Component, p point) (specialise.Input, bool) {
	t := c.templates[comp]
	in := specialise.Input{Template: t, Name: comp.Name, Prefix: comp.Prefix, Bound: map[string]specialise.Result{}, Exposed: map[string]string{}, Funcs: c.space.funcs, Demands: &c.demands, Texts: &c.texts}
	for _, a := range comp.With {
		v := t.Variable(a.Name)
		if v == nil {
			return in, false
		}
		r := c.result(a.Expr, p, c.placeholder(p))
		if r.Err != nil {
			return in, false
		}
		b, diags := specialise.Bind(v, r, a.Expr.Range())
		if diags.HasErrors() {
			return in, false
		}
		in.Bound[a.Name] = b
	}
	c.defaulted(comp, in)
	for _, e := range c.exposed(comp) {
		in.Exposed[e.Variable.Name] = e.Name
	}
	return in, true
}

// placeholder answers references to components: with something that nothing is
// known of, or with a failure when the component is not there.
func (c *checker) placeholder(p point) func(component, name string, rng hcl.Range) specialise.Result {
	return func(component, name string, rng hcl.Range) specialise.Result {
		if !c.there(component, p) {
			return specialise.Failed(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Reference to a component that is not rendered", Subject: rng.Ptr()})
		}
		for _, comp := range c.bp.Alternatives(component) {
			if t := c.templates[comp]; t != nil && t.Output(name) == nil && c.possible(comp.When, p) {
				return specialise.Failed(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unknown output", Subject: rng.Ptr()})
			}
		}
		return specialise.Reference("component."+component+"."+name, cty.DynamicPseudoType)
	}
}

// variable finds variables in references and in texts.
var variable = regexp.MustCompile(`\bvar\.([\w-]+)`)

// summary keeps of a specialised component what is asked about it.
func summary(comp *blueprint.Component, made *specialise.Component, diags hcl.Diagnostics) special {
	if diags.HasErrors() {
		return special{diags: diags}
	}
	out := special{made: true, vars: map[string]bool{}, diags: diags}
	refers := func(text string) {
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			out.vars[m[1]] = true
		}
	}
	for _, b := range made.Blocks {
		if b.Address != "" {
			out.claims = append(out.claims, b.Address)
		}
		if b.Kind == "locals" {
			for _, a := range b.Code.Arguments() {
				out.claims = append(out.claims, "local."+a.Name)
			}
		}
		for address := range b.Code.References() {
			refers(address)
		}
	}
	for name, r := range made.Outputs {
		if r.Err != nil {
			out.open = true
			continue
		}
		text := r.Text()
		refers(text)
		// A link that is written out elsewhere gets a local value when it is long.
		if !r.Known() && !specialise.IsReference(text) {
			out.claims = append(out.claims, "local."+specialise.Prefixed(comp.Name, comp.Prefix, name))
		}
	}
	return out
}
