package link

import (
	"slices"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/specialise"
)

// withDefaults returns a part's component with the defaults that the blueprint
// gives to variables of its template.
func (l *linker) withDefaults(p *part) *specialise.Component {
	comp := p.done.comp
	if len(l.in.Blueprint.Defaults) == 0 || p.done.diags.HasErrors() {
		return comp
	}
	changed := *comp // it may be kept for other links
	changed.Variables = slices.Clone(comp.Variables)
	for i, v := range changed.Variables {
		d := l.defaultOf(v.Name)
		if d == nil {
			continue
		}
		plain := parseShared(v.Code.String(), v.Decl.Block, nil)
		made := parseShared(string(blueprint.Overridden(plain.src, plain.decl.Block, d)), d.Block, nil)
		for _, found := range append(plain.diags, made.diags...) {
			c := *found
			c.Subject = d.Range.Ptr()
			if a := d.Block.Body.Attributes["default"]; a != nil {
				c.Subject = a.Expr.Range().Ptr()
			}
			l.diags = append(l.diags, &c)
		}
		if plain.diags.HasErrors() || made.diags.HasErrors() {
			continue
		}
		made.decl.File, made.decl.Name = v.Decl.File, v.Decl.Name
		if l.defaults == nil {
			l.defaults = map[string][]byte{}
		}
		l.defaults[v.Name] = made.src
		changed.Variables[i].Decl, changed.Variables[i].Code = made.decl, made.code
	}
	return &changed
}

func (l *linker) defaultOf(name string) *blueprint.Default {
	i := slices.IndexFunc(l.in.Blueprint.Defaults, func(d *blueprint.Default) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return l.in.Blueprint.Defaults[i]
}

// unusedDefaults reports defaults for variables that no component has, whatever is
// chosen.
func (l *linker) unusedDefaults() {
	for _, d := range l.in.Blueprint.Defaults {
		if _, used := l.defaults[d.Name]; used || l.vars[d.Name] != nil {
			continue
		}
		var names []string
		for _, c := range l.whole.Components {
			t, diags := l.in.Templates.Template(c.Template, c.TemplateRange)
			if diags.HasErrors() {
				return // reported where it is used, or by blueprint check
			}
			for _, e := range Exposed(c, t) {
				names = append(names, e.Name)
			}
		}
		if !slices.Contains(names, d.Name) {
			l.errorf(d.Range, "Unknown variable", "The blueprint gives the variable %q another default, but no component leaves a variable of that name unset. %s A new variable needs a type.", d.Name, diag.DidYouMean(d.Name, names))
		}
	}
}
