package link

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
)

// placeAll finds a place for every assertion of the templates that could not be
// decided and that has no block of its own in the module: validations of
// variables that are bound to something only known later, and preconditions of
// outputs.
func (l *linker) placeAll(order []*part, units []unit, vars []Variable, outputs []output, given bindings) []unit {
	pl := &placer{l: l, order: order, units: units, outputs: outputs, checks: map[string]bool{}}
	pl.linked = make([][]link, len(outputs))
	for i, o := range outputs {
		pl.linked[i] = l.links(o.decl.Value)
	}
	for _, p := range order {
		for _, pend := range p.comp.Pending {
			pl.pending(p, pend, vars)
		}
	}
	for _, p := range order {
		for _, o := range p.tmpl.Outputs {
			for _, text := range p.comp.Conditions[o.Name] {
				pl.passed(p, o.Name, text, given)
			}
		}
	}
	return pl.units
}

// A placer finds places for assertions.
type placer struct {
	l       *linker
	order   []*part
	units   []unit
	graph   *graph // of the units
	outputs []output
	linked  [][]link        // what each output refers to
	checks  map[string]bool // addresses of the checks that were made here
}

// pending places a validation: with the module's variable that it is about, as a
// precondition of one of the component's resources, or of an output of the module,
// one that comes from the component if there is any. In a check, the last resort,
// it only warns.
func (pl *placer) pending(p *part, pend specialise.Pending, vars []Variable) {
	cond, msg := pend.Condition.Top(), `"The value is not allowed."`
	if pend.Message.Err == nil {
		msg = pend.Message.Top()
	}
	block := "{\ncondition = " + cond + "\nerror_message = " + msg + "\n}\n"
	if i := onlyVariables(pl.l.exprRefs(cond), vars); i >= 0 {
		vars[i].validate(cond, block)
		return
	}
	text := "precondition " + block
	if !pl.precondition(p, text) && !pl.ofOutput(p, text) && !pl.ofOutput(nil, text) {
		pl.check(p, pend.Variable, text, pend.Range)
	}
}

// passed places a precondition of a template's output: with the outputs of the
// module that pass the value on, else where the value is used.
func (pl *placer) passed(p *part, output, text string, given bindings) {
	from := link{p.Name, output}
	done := false
	for i := range pl.outputs {
		if slices.Contains(pl.linked[i], from) {
			pl.outputs[i].conditions = append(pl.outputs[i].conditions, text)
			done = true
		}
	}
	if done {
		return
	}
	for _, user := range pl.order {
		for _, name := range sortedKeys(given[user.Name]) {
			if slices.Contains(given[user.Name][name], from) && pl.precondition(user, text) {
				return
			}
		}
	}
	if !pl.ofOutput(p, text) && !pl.precondition(p, text) && !pl.ofOutput(nil, text) {
		pl.check(p, output, text, p.tmpl.Output(output).Block.DefRange())
	}
}

// precondition adds a precondition to the component's first resource that exists
// once and that the condition itself does not rest on.
func (pl *placer) precondition(p *part, text string) bool {
	refs := pl.l.named(text).addresses
	for i, u := range pl.units {
		if u.part != p || u.Kind != "resource" || u.Empty || u.Code.Has("count") || u.Code.Has("for_each") {
			continue
		}
		if pl.graph == nil {
			pl.graph = unitGraph(pl.units)
		}
		if pl.graph.reaches(refs, u.Address) {
			continue
		}
		u.Code = u.Code.Precondition(text)
		pl.units[i], pl.graph = u, nil
		return true
	}
	return false
}

// ofOutput adds a precondition to the module's first output that comes from the
// component, or to its first output if there is no component.
func (pl *placer) ofOutput(p *part, text string) bool {
	for i := range pl.outputs {
		if p == nil || slices.ContainsFunc(pl.linked[i], func(to link) bool { return to.component == p.Name }) {
			pl.outputs[i].conditions = append(pl.outputs[i].conditions, text)
			return true
		}
	}
	return false
}

// check makes a check of a condition. Conditions of one name are in one check.
func (pl *placer) check(p *part, name, text string, rng hcl.Range) {
	name = specialise.Prefixed(p.Name, p.Prefix, name)
	assert := asserted(text)
	for {
		at := slices.IndexFunc(pl.units, func(u unit) bool { return u.Address == "check."+name })
		if at < 0 {
			break
		}
		if u := pl.units[at]; u.part == p && pl.checks[u.Address] {
			u.Code = u.Code.Insert("\n" + assert)
			pl.units[at] = u
			return
		}
		name += "_value"
	}
	u := unit{Block: specialise.Block{Kind: "check", Address: "check." + name, Origin: rng, Code: pl.l.code("check "+specialise.Quote(name)+" {\n"+assert+"}\n", rng)}, file: p.File, part: p}
	pl.checks[u.Address] = true
	pl.units = append(pl.units, u)
}

// asserted returns a precondition as an assertion of a check.
func asserted(precondition string) string {
	f, diags := guard.Printed([]byte(precondition))
	if diags.HasErrors() || len(f.Body.(*hclsyntax.Body).Blocks) == 0 {
		return precondition
	}
	rng := f.Body.(*hclsyntax.Body).Blocks[0].TypeRange
	return precondition[:rng.Start.Byte] + "assert" + strings.TrimRight(precondition[rng.End.Byte:], "\n") + "\n"
}

// lasting says whether a variable of a component stays though nothing uses it:
// its validation holds for whoever gives it. Where the component depends on
// options, or on defaults of variables that directives look at, the module's
// variables follow these, and what they have no use for cannot be given at all.
func (l *linker) lasting(v *Variable) bool {
	p := l.parts[v.Component]
	return p != nil && len(Defaulted(p.Component, p.tmpl)) == 0 && !slices.ContainsFunc(p.With, func(a blueprint.Argument) bool {
		return slices.ContainsFunc(lang.Variables(a.Expr), func(ref hcl.Traversal) bool { return ref.RootName() == "option" })
	}) && v.validated()
}

// validated says whether a variable has a validation.
func (v *Variable) validated() bool {
	return slices.ContainsFunc(v.code.Inner(), func(n ir.Inner) bool { return n.Type == "validation" })
}

// validate adds a validation, unless the variable has it.
func (v *Variable) validate(condition, block string) {
	for _, n := range slices.Concat(v.code.Inner(), v.code.Inserted()) {
		if n.Type == "validation" && lang.Same(n.Value("condition"), condition) {
			return
		}
	}
	v.code = v.code.Insert("\nvalidation " + block)
}

// onlyVariables returns the index of the first variable that a condition is
// about, or -1 when it refers to anything but variables.
func onlyVariables(refs map[string]bool, vars []Variable) int {
	first := -1
	for _, r := range sortedKeys(refs) {
		name, ok := strings.CutPrefix(r, "var.")
		if !ok {
			return -1
		}
		i := slices.IndexFunc(vars, func(v Variable) bool { return v.Name == name })
		if i < 0 {
			return -1
		}
		if first < 0 || i < first {
			first = i
		}
	}
	return first
}
