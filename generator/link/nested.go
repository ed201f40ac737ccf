package link

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
)

// nestedFile is the root module's only configuration file in the nested layout.
const nestedFile = "main.tf"

// nested writes every component as an unspecialised child module and a root
// module that calls them. Only directives are decided, because Terraform cannot
// decide them.
func (l *linker) nested(order []*part) *Module {
	m := &Module{Name: l.in.Blueprint.Name, Layout: Nested, Edges: l.uniqueEdges(), Parts: l.partList(order), Versions: l.versions(order, nil)}
	for i := range m.Parts {
		m.Parts[i].File = nestedFile
	}
	ev := l.callEvaluator()
	var text strings.Builder
	for _, c := range l.in.Blueprint.Components {
		p := l.parts[c.Name]
		if !slices.Contains(order, p) {
			continue
		}
		if text.Len() > 0 {
			text.WriteString("\n")
		}
		text.WriteString(l.moduleCall(ev, p))
		l.childModule(m, p)
	}
	outputs := l.outputs(ev)
	used := map[string]bool{}
	maps.Copy(used, l.named(text.String()).addresses)
	for _, o := range outputs {
		for r := range l.exprRefs(o.value.Top()) {
			used[r] = true
		}
		m.Outputs = append(m.Outputs, l.describeOutput(o))
	}
	variables := ownValidations(l.variables(order))
	m.Variables = keepUsed(variables, variableRefs(variables), used)
	l.rename(m, order)
	m.print = func() {
		if text.Len() > 0 {
			m.Files = []File{{Name: nestedFile, Body: l.tidy(text.String())}}
		}
		l.printDeclarations(m, outputs)
	}
	return m
}

// ownValidations leaves out validations that look at more than variables of the
// module: they are written for the flat layout, and the child module has them.
func ownValidations(vars []Variable) []Variable {
	for i, v := range vars {
		if v.Component == "" {
			continue
		}
		vars[i].code = v.code.WithoutInner(func(n ir.Inner) bool { return n.Type == "validation" && !overVariables(n.Refs, vars) })
	}
	return vars
}

// overVariables says whether all that is referred to are variables of the module.
func overVariables(refs lang.Set, vars []Variable) bool {
	for r := range refs {
		if !slices.ContainsFunc(vars, func(v Variable) bool { return "var."+v.Name == r }) {
			return false
		}
	}
	return true
}

func (l *linker) moduleCall(ev *specialise.Evaluator, p *part) string {
	var b strings.Builder
	b.WriteString("module " + specialise.Quote(p.Name) + " {\nsource = " + specialise.Quote("./"+path.Join("modules", p.Name, p.tmpl.Sub)) + "\n")
	if aliases := aliases(p.comp.Providers); len(aliases) > 0 {
		b.WriteString("\nproviders = {\naws = aws\n")
		for _, a := range aliases {
			b.WriteString(a + " = " + a + "\n")
		}
		b.WriteString("}\n")
	}
	b.WriteString("\n")
	for _, a := range p.With {
		typ := cty.DynamicPseudoType
		if v := p.tmpl.Variable(a.Name); v != nil {
			typ = v.Type
		}
		r := ev.EvalFor(a.Expr, typ)
		if r.Err != nil {
			l.diags = append(l.diags, r.Err)
			continue
		}
		text := r.Top()
		if typ.HasDynamicTypes() {
			text = r.Exact()
		}
		b.WriteString(a.Name + " = " + text + "\n")
	}
	for _, v := range p.comp.Variables {
		b.WriteString(v.Decl.Name + " = var." + v.Name + "\n")
	}
	b.WriteString("}\n")
	return b.String()
}

func aliases(reqs []specialise.Requirement) []string {
	var out []string
	for _, r := range reqs {
		out = append(out, r.Aliases...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// childModule copies a template into the module.
func (l *linker) childModule(m *Module, p *part) {
	dir := "modules/" + p.Name + "/"
	add := func(name string, content []byte) {
		if err := m.Assets.Add(dir+name, content); err != nil {
			l.errorf(p.Range, "Cannot place a file", "The file %s of the template %q has no place: %s.", name, p.tmpl.Name, err)
		}
	}
	for _, f := range p.tmpl.Files {
		text, diags := specialise.Cut(p.input, f)
		l.diags = append(l.diags, diags...)
		if strings.TrimSpace(text) != "" {
			add(path.Join(p.tmpl.Sub, f.Name), l.tidy(text))
		}
	}
	for _, a := range p.tmpl.Licences {
		add(a.Path, a.Src)
	}
	for _, a := range p.tmpl.Assets {
		content, keep, diags := l.assetText(p.input, a.Path, a.Src)
		l.diags = append(l.diags, diags...)
		if keep {
			add(a.Path, content)
		}
	}
}
