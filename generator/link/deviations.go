package link

import (
	"slices"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
)

// depart gathers the deviations in force: those of the blueprint, and those of the
// templates in use, each once, however many components a template makes.
func (l *linker) depart() []*deviation.Deviation {
	out := slices.Clone(l.in.Deviations)
	declared := slices.Clone(l.whole.Deviations)
	seen := map[string]bool{}
	for _, c := range l.in.Blueprint.Components {
		p := l.parts[c.Name]
		if !p.active || p.tmpl == nil || seen[c.Template] {
			continue
		}
		seen[c.Template] = true
		declared = append(declared, p.tmpl.Deviations...)
		for _, d := range p.tmpl.Deviations {
			if l.anyDeparts(c.Template, d) {
				out = append(out, d)
			}
		}
	}
	l.diags = append(l.diags, deviation.Doubles(declared)...)
	return out
}

// anyDeparts says whether a deviation of a template holds for one of its components.
func (l *linker) anyDeparts(tmpl string, d *deviation.Deviation) bool {
	return slices.ContainsFunc(l.in.Blueprint.Components, func(c *blueprint.Component) bool {
		p := l.parts[c.Name]
		return p.active && c.Template == tmpl && p.departs[d]
	})
}

// deviate notes which deviations of its template hold for a component.
func (l *linker) deviate(p *part) {
	p.departs = map[*deviation.Deviation]bool{}
	for _, d := range p.tmpl.Deviations {
		p.departs[d] = d.When == nil || l.departs(p, d)
	}
}

// departs decides the condition of a deviation with what a component gives to its
// template.
func (l *linker) departs(p *part, d *deviation.Deviation) bool {
	at := d.When.Range()
	r := specialise.Evaluate(p.input, d.When, at.Filename, p.tmpl.Sources[at.Filename].Bytes)
	if r.Err != nil {
		l.diags = append(l.diags, r.Err)
		return false
	}
	holds, ok := r.Bool()
	switch {
	case ok:
		return holds
	case r.Known():
		l.errorf(at, "Not a condition", "The condition \"when\" of a deviation must be true or false.")
	default:
		l.errorf(p.Range, "Deviation condition is unknown", "The condition of the deviation %q of the template %q, at %s, depends on %s. The component leaves that undecided until the plan. Use constants or options in \"with\".",
			d.Name, p.tmpl.Name, at, p.unknown(d))
	}
	return false
}

// unknown names the variables of a condition that are not known.
func (p *part) unknown(d *deviation.Deviation) string {
	var names []string
	for _, ref := range d.When.Variables() {
		name, _ := lang.Step(ref, 1)
		if r, bound := p.input.Bound[name]; ref.RootName() == "var" && !slices.Contains(names, name) && (!bound || !r.Known()) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "local values"
	}
	return diag.Quoted(names, "and")
}
