package link

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// Templates loads a template by name; from is where it is asked for.
type Templates interface {
	Template(name string, from hcl.Range) (*template.Template, hcl.Diagnostics)
}

// Citations answers what a ledger id stands for.
type Citations interface {
	// Statement returns what the notes say under that id.
	Statement(id string) (string, bool)
}

// An Input is what Link needs.
type Input struct {
	Blueprint *blueprint.Blueprint
	Templates Templates
	Choices   []resolve.Choice
	Layout    Layout
	Schemas   specialise.Schemas
	Citations Citations
	// Deviations are those of the blueprint that are in force; those of the templates
	// come beside them. A line that cites an entry that one departs from says so.
	Deviations []*deviation.Deviation
	Cache      *Cache // nil: nothing is kept for another link
	// Bare leaves out what goes beside the configuration, tests and other files, for
	// who wants to know what is in the module alone.
	Bare bool
	// Budget bounds what may be evaluated, and ends the work with its context; nil
	// is a budget of its own.
	Budget *budget.Budget
}

// Link joins the blueprint's components under the given choices.
func Link(in Input) (*Module, hcl.Diagnostics) {
	l := newLinker(in)
	l.checkFiles()
	order := l.order()
	if l.diags.HasErrors() {
		return nil, l.ended()
	}
	for _, p := range order {
		if l.in.Budget.Interrupted() == nil {
			l.component(p)
		}
	}
	for _, p := range order {
		l.settle(p)
	}
	deviations := l.depart()
	l.departures = deviation.Departures(deviations, "")
	l.unusedDefaults()
	outputs := l.outputs(l.ev)
	if l.diags.HasErrors() || l.in.Budget.Interrupted() != nil {
		return nil, l.ended()
	}
	var m *Module
	if in.Layout == Nested {
		m = l.nested(order)
	} else {
		m = l.flat(order, outputs)
	}
	m.Deviations = deviations
	return m, l.ended()
}

// ended returns the diagnostics. Of work that did not come to its end only the
// reason is told, for all that failed afterwards failed by it.
func (l *linker) ended() hcl.Diagnostics {
	if fault := l.in.Budget.Fault(); fault != nil {
		return hcl.Diagnostics{fault}
	}
	return l.diags
}

// linker is the state of one link.
type linker struct {
	in         Input                // with the components that were chosen
	whole      *blueprint.Blueprint // with all of them
	sources    map[string][]byte    // files of the blueprint
	ev         *specialise.Evaluator
	funcs      map[string]function.Function // of templates
	words      map[string]function.Function // of the blueprint
	options    map[string]cty.Value
	parts      map[string]*part
	vars       map[string]*template.Variable // shared variables
	shared     []sharedVariable              // the same, with their texts
	owners     map[string]hcl.Range          // name of a variable of the module -> where it was declared
	linked     map[string]bool               // outputs that something refers to
	edges      []Edge
	departures map[string]*deviation.Deviation // by the entry that each departs from
	defaults   map[string][]byte               // texts of variables with other defaults, by name
	current    *part                           // whose arguments are being evaluated
	diags      hcl.Diagnostics
}

// A part is one component of the blueprint with what became of it.
type part struct {
	*blueprint.Component
	active  bool
	tmpl    *template.Template
	comp    *specialise.Component
	done    *specialised
	outputs map[string]specialise.Result
	input   specialise.Input
	hoisted []hoisted
	ready   chan struct{}                 // closed when done is there; nil when nothing is under way
	panic   *crash.Panic                  // of what was under way
	departs map[*deviation.Deviation]bool // of its template, that hold for it
}

// A hoisted output is a local value that stands for a long output.
type hoisted struct {
	name string
	text string
}

// newLinkerOf returns a linker that knows the chosen options and nothing else yet.
func newLinkerOf(in Input) *linker {
	if in.Cache == nil {
		in.Cache = &Cache{}
	}
	if in.Budget == nil {
		in.Budget = budget.New(context.Background(), "the blueprint")
	}
	l := &linker{in: in, sources: in.Blueprint.Sources(), funcs: functions.Table(), words: resolve.Functions(), options: map[string]cty.Value{}, parts: map[string]*part{}, vars: map[string]*template.Variable{}, owners: map[string]hcl.Range{}}
	for _, c := range in.Choices {
		l.options[c.Option.Name] = c.Value
	}
	return l
}

func newLinker(in Input) *linker {
	l := newLinkerOf(in)
	l.whole = in.Blueprint
	l.ev = l.evaluator(l.output)
	l.declare()
	l.choose()
	l.linked = l.in.Blueprint.Linked()
	l.load()
	return l
}

// choose decides which components are there, and with which of their templates:
// from here on the blueprint has one component of a name.
func (l *linker) choose() {
	bp := *l.in.Blueprint
	bp.Components = nil
	for _, c := range l.whole.Components {
		if l.parts[c.Name] == nil {
			l.parts[c.Name] = &part{Component: c}
			bp.Components = append(bp.Components, c)
		}
	}
	for _, c := range l.whole.Components {
		active := l.when(c.When, "component")
		p := l.parts[c.Name]
		switch {
		case p.Component == c:
			p.active = active
		case active && p.active:
			l.errorf(c.TemplateRange, "Two templates for one component", "With the chosen options the component %q would use both the template %q and %q, at %s. Write conditions so that at most one of them is true.", c.Name, c.Template, p.Template, p.TemplateRange)
		case active:
			bp.Components[slices.Index(bp.Components, p.Component)] = c
			p.Component, p.active = c, true
		}
	}
	l.in.Blueprint = &bp
}

// load loads the templates of the active components, side by side: parsing them
// is a large part of a render.
func (l *linker) load() {
	parts := l.in.Blueprint.Components
	diags := make([]hcl.Diagnostics, len(parts))
	var wg crash.Group
	for i, c := range parts {
		if p := l.parts[c.Name]; p.active {
			wg.Go(func() { p.tmpl, diags[i] = l.in.Templates.Template(c.Template, c.TemplateRange) })
		}
	}
	wg.Wait()
	seen := map[string]bool{}
	for i, c := range parts {
		// A template that several components use reports its faults once: for the
		// first that is there.
		if l.parts[c.Name].active && !seen[c.Template] {
			l.diags = append(l.diags, diags[i]...)
			seen[c.Template] = true
		}
	}
}

func (l *linker) errorf(rng hcl.Range, summary, format string, args ...any) {
	l.diags = append(l.diags, diag.Error(rng, summary, format, args...))
}

// evaluator returns an evaluator for the blueprint in which output answers
// references to components.
func (l *linker) evaluator(output func(p *part, name string, rng hcl.Range) specialise.Result) *specialise.Evaluator {
	return specialise.NewEvaluator(l.sources, l.words, func(ref hcl.Traversal) (specialise.Result, int) {
		second, third := blueprint.Step(ref, 1), blueprint.Step(ref, 2)
		switch ref.RootName() {
		case "option":
			return l.option(second, ref.SourceRange()), 2
		case "var":
			return l.variable(second, ref.SourceRange()), 2
		case "component":
			p := l.parts[second]
			if p == nil {
				return specialise.Failed(diag.Error(ref.SourceRange(), "Unknown component", "The blueprint has no component %q. %s", second, diag.DidYouMean(second, l.componentNames()))), 3
			}
			if len(ref) < 3 || third == "" {
				return specialise.Failed(diag.Error(ref.SourceRange(), "Component without an output", "Name one of its outputs: component.%s.<output>.", second)), len(ref)
			}
			return output(p, third, ref.SourceRange()), 3
		}
		return specialise.Failed(diag.Error(ref.SourceRange(), "Unknown reference", "A blueprint can refer to option.<name>, var.<name> and component.<name>.<output>, but not to %q.", ref.RootName())), len(ref)
	}).Within(l.in.Budget)
}

func (l *linker) option(name string, rng hcl.Range) specialise.Result {
	v, ok := l.options[name]
	if !ok {
		var names []string
		for n := range l.options {
			names = append(names, n)
		}
		return specialise.Failed(diag.Error(rng, "Unknown option", "The blueprint has no option %q. %s", name, diag.DidYouMean(name, names)))
	}
	return specialise.Constant(v)
}

func (l *linker) variable(name string, rng hcl.Range) specialise.Result {
	v := l.vars[name]
	if v == nil {
		var names []string
		for n := range l.vars {
			names = append(names, n)
		}
		return specialise.Failed(diag.Error(rng, "Unknown variable", "The blueprint declares no variable %q. %s", name, diag.DidYouMean(name, names)))
	}
	return specialise.VariableReference("var."+name, v)
}

func (l *linker) componentNames() []string {
	var out []string
	for _, c := range l.in.Blueprint.Components {
		out = append(out, c.Name)
	}
	return out
}

// output answers a reference to an output of a component that is linked.
func (l *linker) output(p *part, name string, rng hcl.Range) specialise.Result {
	if !p.active {
		return specialise.Failed(diag.Error(rng, "Reference to a component that is not rendered",
			"The component %q does not exist with the chosen options: its condition \"when\", at %s, is false. Guard the reference with the same condition, or with try().", p.Name, p.When.Range()))
	}
	if p.tmpl == nil {
		return specialise.Failed(diag.Error(rng, "Reference to a broken component", "The template of the component %q could not be loaded.", p.Name))
	}
	if p.tmpl.Output(name) == nil {
		return specialise.Failed(diag.Error(rng, "Unknown output", "The template %q of the component %q has no output %q. %s", p.tmpl.Name, p.Name, name, diag.DidYouMean(name, p.tmpl.OutputNames())))
	}
	l.settle(p)
	if p.comp == nil {
		return specialise.Failed(diag.Bug(rng, "The component %q is used before it is linked.", p.Name))
	}
	if l.current != nil {
		l.edges = append(l.edges, Edge{From: p.Name, To: l.current.Name, Output: name})
	}
	return p.outputs[name]
}

// when evaluates a condition over options; without one it is true.
func (l *linker) when(x hclsyntax.Expression, what string) bool {
	if x == nil {
		return true
	}
	r := l.early(x, "Condition depends on a component", "The condition \"when\" of the "+what+" is evaluated before components are linked; it may use only options.")
	if r.Err != nil {
		l.diags = append(l.diags, r.Err)
		return false
	}
	b, ok := r.Bool()
	if !ok {
		l.errorf(x.Range(), "Condition is unknown", "The condition \"when\" of the %s must be true or false at render time; use options, not variables.", what)
	}
	return b
}

// early evaluates an expression over options. That it refers to a component is an
// error, in the given words.
func (l *linker) early(x hclsyntax.Expression, summary, detail string) specialise.Result {
	return l.evaluator(func(_ *part, _ string, rng hcl.Range) specialise.Result {
		return specialise.Failed(diag.Error(rng, summary, "%s", detail))
	}).Eval(x)
}

// order sorts the components so that each comes after those it links to.
func (l *linker) order() []*part {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var out []*part
	var visit func(p *part, trail []string)
	visit = func(p *part, trail []string) {
		trail = append(trail, p.Name)
		switch state[p.Name] {
		case done:
			return
		case open:
			circle := trail[slices.Index(trail, p.Name) : len(trail)-1]
			l.errorf(p.Range, "Cycle between components", "These components depend on each other: %s. Move what both need into one of them, or pass it in a variable.", diag.Quoted(circle, "and"))
			return
		}
		state[p.Name] = open
		for _, name := range l.needs(p) {
			visit(l.parts[name], trail)
		}
		state[p.Name] = done
		if p.active {
			out = append(out, p)
		}
	}
	for _, c := range l.in.Blueprint.Components {
		visit(l.parts[c.Name], nil)
	}
	return out
}

// needs names the components that the arguments of a component refer to.
func (l *linker) needs(p *part) []string {
	var out []string
	for _, a := range p.With {
		for _, ref := range lang.Variables(a.Expr) {
			name := blueprint.Step(ref, 1)
			if ref.RootName() == "component" && l.parts[name] != nil && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// component evaluates a component's arguments and begins to specialise its
// template; settle ends it.
func (l *linker) component(p *part) {
	if p.tmpl == nil {
		return
	}
	l.current = p
	defer func() { l.current = nil }()
	for _, name := range l.needs(p) {
		l.settle(l.parts[name]) // now, so that its faults do not count as this one's
	}
	before := len(l.diags)
	bound := map[string]specialise.Result{}
	for _, a := range p.With {
		v := p.tmpl.Variable(a.Name)
		if v == nil {
			l.errorf(a.NameRange, "Unknown variable", "The template %q has no variable %q. %s", p.tmpl.Name, a.Name, diag.DidYouMean(a.Name, p.tmpl.VariableNames()))
			continue
		}
		seen := len(l.edges)
		r := l.ev.EvalFor(a.Expr, v.Type)
		if r.Err != nil {
			l.diags = append(l.diags, r.Err)
			continue
		}
		l.keepTaken(seen, r)
		if !v.Ephemeral && l.ev.Lifetime(a.Expr, l) != specialise.Lasting {
			l.errorf(a.Expr.Range(), "Ephemeral value for a variable that is not ephemeral", "The variable %q of the template %q is not ephemeral, so it cannot take an ephemeral value. Declare it with ephemeral = true, or use ephemeralasnull().", v.Name, p.tmpl.Name)
		}
		r = l.once(p, a.Name, r)
		b, diags := specialise.Bind(v, r, a.Expr.Range())
		if !v.Sensitive && len(lang.Variables(a.Expr)) > 0 {
			// What a template itself marks is no secret of the blueprint; options are
			// traced by name.
			diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { _, ok := d.Extra.(secret.Exposed); return ok })
		}
		l.diags = append(l.diags, diags...)
		bound[a.Name] = b
	}
	l.decide(p, bound)
	p.input = specialise.Input{
		Template: p.tmpl, Name: p.Name, Prefix: p.Prefix, Bound: bound, Exposed: l.expose(p, bound), Region: l.region(p),
		Schemas: l.in.Schemas, Funcs: l.funcs, Budget: l.in.Budget.Part("the component \"" + p.Name + "\""), Demands: &l.in.Cache.demands, Texts: &l.in.Cache.named,
	}
	p.input.Called = l.called(p)
	if l.diags[before:].HasErrors() || l.open(p) {
		p.comp = &specialise.Component{Name: p.Name, Template: p.tmpl}
		p.outputs = unknownOutputs(p.tmpl)
		return
	}
	l.deviate(p)
	p.ready = make(chan struct{})
	go func() {
		p.panic = crash.Catch(func() { p.done = l.specialise(p.input) })
		close(p.ready)
	}()
}

// settle waits for a component to be specialised, and takes the result. The
// next components are under way meanwhile, until one needs its outputs.
func (l *linker) settle(p *part) {
	if p.ready == nil {
		return
	}
	<-p.ready
	p.ready = nil
	if p.panic != nil {
		panic(p.panic)
	}
	l.diags = append(l.diags, p.done.diags...)
	p.comp = l.withDefaults(p)
	if p.done.diags.HasErrors() {
		p.outputs = unknownOutputs(p.tmpl)
		return
	}
	p.outputs = maps.Clone(p.comp.Outputs)
	for _, o := range p.tmpl.Outputs {
		// One that is linked is reported where it is asked for.
		if r := p.outputs[o.Name]; r.Fails() && !l.linked[p.Name+"."+o.Name] {
			l.diags = append(l.diags, r.Err)
		}
	}
	l.hoist(p)
}

// keepTaken drops the edges from the given one on that the result does not rest
// on: the arm of a conditional that is not taken is looked at too, for its type.
func (l *linker) keepTaken(from int, r specialise.Result) {
	text := r.Top()
	l.edges = append(l.edges[:from], slices.DeleteFunc(slices.Clone(l.edges[from:]), func(e Edge) bool {
		return !strings.Contains(text, l.parts[e.From].outputs[e.Output].Top())
	})...)
}

// unknownOutputs stand in for the outputs of a component that failed, so that
// what depends on it is still checked.
func unknownOutputs(t *template.Template) map[string]specialise.Result {
	out := map[string]specialise.Result{}
	for _, o := range t.Outputs {
		out[o.Name] = specialise.Reference("null", cty.DynamicPseudoType)
	}
	return out
}

// expose names the variables that stay variables of the module.
func (l *linker) expose(p *part, bound map[string]specialise.Result) map[string]string {
	out := map[string]string{}
	for _, v := range p.tmpl.Variables {
		if _, ok := bound[v.Name]; ok || slices.ContainsFunc(p.With, func(a blueprint.Argument) bool { return a.Name == v.Name }) {
			continue
		}
		name := p.Name + "_" + v.Name
		if n, ok := p.Expose[v.Name]; ok {
			name = n
		}
		if first, twice := l.owners[name]; twice {
			l.errorf(p.Range, "Conflicting variable names", "The variable %q of the component %q would be called %q in the rendered module, like the one declared at %s. Give it another name with \"expose\".", v.Name, p.Name, name, first)
			continue
		}
		l.owners[name] = v.Block.DefRange()
		out[v.Name] = name
	}
	defaulted := Defaulted(p.Component, p.tmpl)
	for _, name := range sortedKeys(p.Expose) {
		if v := p.tmpl.Variable(name); v == nil {
			l.errorf(p.Range, "Unknown variable", "\"expose\" names the variable %q, which the template %q does not have. %s", name, p.tmpl.Name, diag.DidYouMean(name, p.tmpl.VariableNames()))
		} else if slices.Contains(defaulted, v) {
			l.errorf(p.Range, "Variable cannot be exposed", "\"expose\" names the variable %q, but directives of the template %q use it, so it must be known at render time and cannot stay a variable. Set it to a constant or an option in \"with\", or remove it from \"expose\" to use its default.", name, p.tmpl.Name)
		} else if out[name] == "" && l.owners[p.Expose[name]] == (hcl.Range{}) {
			l.errorf(p.Range, "Variable cannot be exposed", "\"expose\" renames the variable %q, but \"with\" sets it, so it does not stay a variable. Remove one of the two.", name)
		}
	}
	return out
}

// called says what users of the module set instead of the variables of a component's
// template: a variable of the module, or the option that the blueprint passes on.
func (l *linker) called(p *part) map[string]string {
	out := maps.Clone(p.input.Exposed)
	for _, a := range p.With {
		if name, ok := strings.CutPrefix(p.input.Bound[a.Name].Text(), "var."); ok && !p.input.Bound[a.Name].Known() && lang.Identifier(name) {
			out[a.Name] = name
		}
		ref, diags := hcl.AbsTraversalForExpr(a.Expr)
		if diags.HasErrors() || len(ref) != 2 || ref.RootName() != "option" || p.tmpl.Variable(a.Name) == nil {
			continue
		}
		if _, fixed := l.in.Blueprint.Fixed[blueprint.Step(ref, 1)]; !fixed {
			out[a.Name] = blueprint.Step(ref, 1)
		}
	}
	return out
}

// complexity is the length from which an output is given a name, so that it is
// written once.
const complexity = 60

// hoist turns into local values what outputs should not write more than once.
func (l *linker) hoist(p *part) {
	for _, o := range p.tmpl.Outputs {
		r := p.outputs[o.Name]
		if r.Err != nil || r.Known() || !l.linked[p.Name+"."+o.Name] {
			continue
		}
		long := len(r.Text()) >= complexity && !specialise.IsReference(r.Text()) && p.tmpl.Locals[o.Name] == nil
		if long || r.Varies() {
			p.outputs[o.Name] = p.name(o.Name, r)
		}
	}
}

// once returns the value of a component's variable under a name when it must not
// be written twice: Terraform computes the argument of a module once.
func (l *linker) once(p *part, variable string, r specialise.Result) specialise.Result {
	if r.Err != nil || !r.Varies() {
		return r
	}
	return p.name(variable, r)
}

// name gives a result a local value of the component, called after what it is
// for.
func (p *part) name(of string, r specialise.Result) specialise.Result {
	free := func(n string) bool {
		return p.tmpl.Locals[n] == nil && (p.comp == nil || !p.comp.Taken("local."+specialise.Prefixed(p.Name, p.Prefix, n))) && !slices.ContainsFunc(p.hoisted, func(h hoisted) bool { return h.name == specialise.Prefixed(p.Name, p.Prefix, n) })
	}
	for !free(of) {
		of += "_value"
	}
	name := specialise.Prefixed(p.Name, p.Prefix, of)
	p.hoisted = append(p.hoisted, hoisted{name: name, text: r.Exact()})
	return specialise.Named(r, "local."+name)
}

// Lifetime implements specialise.Lifetimes for the blueprint.
func (l *linker) Lifetime(ref hcl.Traversal) specialise.Lifetime {
	second, third := blueprint.Step(ref, 1), blueprint.Step(ref, 2)
	switch ref.RootName() {
	case "var":
		if v := l.vars[second]; v != nil && v.Ephemeral {
			return specialise.Ephemeral
		}
	case "component":
		if p := l.parts[second]; p != nil && p.tmpl != nil {
			if o := p.tmpl.Output(third); o != nil && o.Ephemeral {
				return specialise.Unmarked
			}
		}
	}
	return specialise.Lasting
}

// Local implements specialise.Lifetimes: a blueprint has no local values.
func (l *linker) Local(string) hclsyntax.Expression { return nil }

// An output is an output value of the module before it is written.
type output struct {
	decl       *blueprint.Output
	value      specialise.Result
	sensitive  bool
	conditions []string // its preconditions
}

// outputs evaluates the blueprint's outputs.
func (l *linker) outputs(ev *specialise.Evaluator) []output {
	var out []output
	for _, o := range l.in.Blueprint.Outputs {
		if !l.when(o.When, "output") {
			continue
		}
		r := ev.EvalFor(o.Value, cty.DynamicPseudoType)
		if r.Err != nil {
			l.diags = append(l.diags, r.Err)
			continue
		}
		if l.ev.Lifetime(o.Value, l) != specialise.Lasting {
			l.errorf(o.Value.Range(), "Ephemeral value for an output", "An output of a root module is stored in the state, so it cannot be ephemeral. Use ephemeralasnull().")
		}
		if r.IsNull() {
			continue
		}
		sensitive := o.Sensitive || r.Sensitive
		if sensitive && r.Known() && len(lang.Variables(o.Value)) == 0 && secret.Bears(r.Val) {
			d := secret.Error(o.Value.Range(), "Constant for a sensitive output", "The output %q is sensitive, but its value is a constant. %s %s", o.Name, secret.Where, secret.Mend)
			l.diags = append(l.diags, d)
		}
		if sensitive && !r.Known() {
			r = r.Unveiled()
		}
		out = append(out, output{decl: o, value: r, sensitive: sensitive})
	}
	return out
}
