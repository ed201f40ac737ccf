package link

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
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
		child := l.childModule(p)
		text.WriteString(l.moduleCall(ev, p, child))
		text.WriteString(l.movedModule(p))
		l.place(m, p, child)
		if p.Foreign {
			m.Foreign = append(m.Foreign, "module."+p.Name)
		}
	}
	slices.Sort(m.Foreign)
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
	m.Variables = l.allowed(keepUsed(variables, variableRefs(variables), used))
	l.rename(m, order)
	m.Former = l.formerNested(order, m)
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

// moduleCall writes the call of a child module.
func (l *linker) moduleCall(ev *specialise.Evaluator, p *part, child childModule) string {
	var b strings.Builder
	b.WriteString("module " + specialise.Quote(p.Name) + " {\nsource = " + specialise.Quote("./"+path.Join("modules", p.Name, p.tmpl.Sub)) + "\n")
	if aliases, region := aliases(p.comp.Providers), p.input.Region; len(aliases) > 0 || region.Alias != "" {
		b.WriteString("\nproviders = {\n" + passedRegion(region))
		for _, a := range aliases {
			b.WriteString(a + " = " + a + "\n")
		}
		b.WriteString("}\n")
	}
	b.WriteString("\n")
	for _, a := range p.With {
		if child.unused["var."+a.Name] {
			continue
		}
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
		if child.unused["var."+v.Decl.Name] {
			continue
		}
		b.WriteString(v.Decl.Name + " = var." + v.Name + "\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// passedRegion passes the provider configuration that leads to a region.
func passedRegion(r specialise.Region) string {
	switch {
	case r.Alias == "":
		return "aws = aws\n"
	case r.Note == "":
		return "aws = " + r.Alias + "\n"
	}
	return "aws = " + r.Alias + " # " + r.Note + "\n"
}

func aliases(reqs []specialise.Requirement) []string {
	var out []string
	for _, r := range reqs {
		out = append(out, r.Aliases...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A childModule is a template on its way into the module.
type childModule struct {
	files  []childFile
	unused lang.Set // variables that only what directives cut out has a use for
}

// A childFile is a file of a child module without what directives cut out.
type childFile struct{ name, text string }

// childModule returns the template as its component needs it.
func (l *linker) childModule(p *part) childModule {
	var c childModule
	for _, f := range p.tmpl.Files {
		text, diags := specialise.Cut(p.input, f)
		l.diags = append(l.diags, diags...)
		c.files = append(c.files, childFile{f.Name, text})
	}
	c.dropUnused(p.tmpl)
	return c
}

// dropUnused leaves out the variables, local values and data sources that nothing
// refers to, as the flat layout does. A variable whose validation looks at another
// stays, for it is a check of both, and so does a data source with conditions.
func (c *childModule) dropUnused(t *template.Template) {
	c.unused = lang.Set{}
	var bodies []*hclsyntax.Body
	for _, f := range c.files {
		parsed, diags := guard.Printed([]byte(f.text))
		if diags.HasErrors() {
			return // vet reports it where it is written
		}
		bodies = append(bodies, parsed.Body.(*hclsyntax.Body))
	}
	used := usedIn(bodies)
	for _, v := range t.Variables {
		if !used["var."+v.Name] {
			c.unused["var."+v.Name] = true
		}
	}
	for i, f := range c.files {
		c.files[i].text = onlyUsed(f.text, bodies[i], used)
	}
}

// usedIn returns what something in a module refers to, other than local values and
// data sources that nothing refers to.
func usedIn(bodies []*hclsyntax.Body) lang.Set {
	used, idle := lang.Set{}, map[string]lang.Set{}
	for _, body := range bodies {
		for _, b := range body.Blocks {
			if b.Type == "locals" {
				for name, a := range b.Body.Attributes {
					idle["local."+name] = lang.Addresses(a.Expr)
				}
				continue
			}
			refs := lang.Addresses(b.Body)
			if b.Type == "data" && !asserts(b) {
				idle["data."+strings.Join(b.Labels, ".")] = refs
				continue
			}
			if own := "var." + strings.Join(b.Labels, "."); b.Type == "variable" && len(refs) == 1 {
				delete(refs, own)
			}
			maps.Copy(used, refs)
		}
	}
	for before := -1; before < len(used); {
		before = len(used)
		for name, refs := range idle {
			if used[name] {
				maps.Copy(used, refs)
			}
		}
	}
	return used
}

// asserts says whether a block has conditions of its own.
func asserts(b *hclsyntax.Block) bool {
	return slices.ContainsFunc(b.Body.Blocks, func(n *hclsyntax.Block) bool { return n.Type == "lifecycle" && len(n.Body.Blocks) > 0 })
}

// onlyUsed returns a file without what is not used, and without the comments above
// it.
func onlyUsed(text string, body *hclsyntax.Body, used lang.Set) string {
	comments := template.Comments{Src: []byte(text)}
	var cuts []template.Span
	cut := func(rng hcl.Range) {
		first := strings.LastIndexByte(text[:rng.Start.Byte], '\n') + 1
		cuts = append(cuts, template.Span{Start: comments.Above(first), End: template.LineEnd([]byte(text), rng.End.Byte)})
	}
	for _, b := range body.Blocks {
		switch {
		case b.Type == "variable" && !used["var."+strings.Join(b.Labels, ".")]:
			cut(lang.BlockRange(b))
		case b.Type == "data" && !asserts(b) && !used["data."+strings.Join(b.Labels, ".")]:
			cut(lang.BlockRange(b))
		case b.Type == "locals":
			var gone []hcl.Range
			for _, a := range lang.Attributes(b.Body) {
				if !used["local."+a.Name] {
					gone = append(gone, a.SrcRange)
				}
			}
			if len(gone) == len(b.Body.Attributes) {
				gone = []hcl.Range{lang.BlockRange(b)}
			}
			for _, rng := range gone {
				cut(rng)
			}
		}
	}
	for _, c := range slices.Backward(cuts) {
		text = text[:c.Start] + strings.TrimLeft(text[c.End:], "\n")
	}
	return text
}

// place puts a child module's files into the module.
func (l *linker) place(m *Module, p *part, child childModule) {
	dir := "modules/" + p.Name + "/"
	add := func(name string, content []byte) {
		if err := m.Assets.Add(dir+name, content); err != nil {
			l.errorf(p.Range, "File cannot be written", "The file %s of the template %q cannot be part of the module: %s.", name, p.tmpl.Name, err)
		}
	}
	for _, f := range child.files {
		if strings.TrimSpace(f.text) != "" {
			add(path.Join(p.tmpl.Sub, f.name), l.tidy(l.inRegion(p, f.text)))
		}
	}
	for _, a := range p.tmpl.Licences {
		add(a.Path, a.Src)
	}
	for _, a := range p.tmpl.Assets {
		t, keep, diags := assetText(p.input, a.Path, a.Src)
		l.diags = append(l.diags, diags...)
		if text := string(t.content); strings.HasSuffix(a.Path, ".tf") {
			if put := l.inRegion(p, text); put != text {
				t.content = l.tidy(put)
			}
		}
		if keep {
			l.asset(m, p, asset{from: a.Path, to: dir + a.Path, body: t})
		}
	}
}
