package catalog

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/template"
)

// secrets finds what a blueprint treats as secret: what it gives to a sensitive
// variable, to sensitive(), and to a sensitive output, directly or over outputs of
// components. It follows values as they are written, whatever is chosen, for an
// option stands in the files even where the component that takes it does not.
func (c *Catalog) secrets(bp *blueprint.Blueprint) *secret.Secrets {
	t := &tracer{catalog: c, bp: bp, found: &secret.Secrets{Options: map[string]hcl.Range{}}, seen: map[step]bool{}, sensitive: map[string]bool{}}
	for _, f := range bp.Files {
		t.calls = t.calls || callsSensitive(f.Bytes)
	}
	for _, v := range bp.Variables {
		t.shared(v.Block)
	}
	for _, comp := range bp.Components {
		t.component(comp)
	}
	for _, o := range bp.Outputs {
		t.look(o.Value, o.Sensitive, false)
	}
	for _, p := range bp.Profiles {
		for _, v := range p.Values {
			t.look(v.Expr, t.sensitive[v.Name], false)
		}
	}
	if bp.Example != nil {
		for _, v := range bp.Example.Values {
			t.look(v.Expr, t.sensitive[v.Name], true)
		}
	}
	for _, p := range bp.Profiles {
		for _, o := range p.OptionRanges {
			if _, ok := t.found.Options[o.Name]; ok {
				t.found.Literals = append(t.found.Literals, restOfLine(bp.Files[o.Range.Filename], o.Range))
			}
		}
	}
	for _, o := range bp.Options {
		if _, ok := t.found.Options[o.Name]; ok {
			t.option(o)
		}
	}
	return t.found
}

// A tracer follows values backwards from where they must be secret.
type tracer struct {
	catalog   *Catalog
	bp        *blueprint.Blueprint
	found     *secret.Secrets
	seen      map[step]bool
	sensitive map[string]bool // variables of the module
	at        hcl.Range       // where the value must be secret
	calls     bool            // the blueprint calls sensitive() somewhere
}

// A step is a name of a template that a value went through.
type step struct {
	component, kind, name string
	whole                 bool
}

// shared looks at a variable of the blueprint.
func (t *tracer) shared(b *hclsyntax.Block) {
	is := false
	if a := b.Body.Attributes["sensitive"]; a != nil {
		v, diags := budget.Constant(a.Expr) // it may depend on an option
		is = diags.HasErrors() || v.RawEquals(cty.True)
	}
	t.sensitive[b.Labels[0]] = is
	if def := b.Body.Attributes["default"]; def != nil {
		t.look(def.Expr, is, false)
	}
}

// component looks at what a component gives to its template, and at the defaults
// of what it leaves open.
func (t *tracer) component(c *blueprint.Component) {
	var tmpl *template.Template
	if !t.catalog.quiet(c.Template) {
		tmpl = t.template(c)
	}
	bound := map[string]bool{}
	for _, a := range c.With {
		bound[a.Name] = true
		v := variable(tmpl, a.Name)
		t.look(a.Expr, v != nil && v.Sensitive, false)
	}
	if tmpl == nil {
		return
	}
	t.code(c, tmpl)
	for _, v := range tmpl.Variables {
		if !v.Sensitive {
			continue
		}
		if a := v.Block.Body.Attributes["default"]; a != nil {
			t.at = a.Expr.Range()
			t.literals(a.Expr)
		}
		if name, ok := c.Expose[v.Name]; ok && !bound[v.Name] {
			t.sensitive[name] = true
		} else if !bound[v.Name] {
			t.sensitive[c.Name+"_"+v.Name] = true
		}
	}
}

// quiet says whether the word "sensitive" stands nowhere in a built-in template: none
// of its variables is, and it marks nothing. Most are so, and a render need not load
// those that the chosen options leave out. The files of others may be without end.
func (c *Catalog) quiet(name string) bool {
	root, built := c.templates[name]
	if !built || root.Objects == nil {
		return false
	}
	found := false
	err := fs.WalkDir(root.Templates, name, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, diags := guard.ReadFile(root.Templates, p, p)
		if found = diags.HasErrors() || bytes.Contains(src, []byte("sensitive")); found {
			return fs.SkipAll
		}
		return nil
	})
	return err == nil && !found
}

// code looks at what the code and the texts of a template give to sensitive().
func (t *tracer) code(c *blueprint.Component, tmpl *template.Template) {
	for _, f := range tmpl.Files {
		if !callsSensitive(f.Src) {
			continue
		}
		sensitiveCalls(f.Body, func(x hclsyntax.Expression, at hcl.Range) {
			t.at = at
			t.literals(x)
			t.inside(c, tmpl, x, true)
		})
	}
	tmpl.Tested(func(_ *template.Variable, a *hclsyntax.Attribute) {
		if v, diags := budget.Constant(a.Expr); diags.HasErrors() || !secret.Placeholder(v) {
			t.literals(a.Expr)
		}
	})
	for _, a := range tmpl.Assets {
		if !callsSensitive(a.Src) {
			continue
		}
		for _, m := range quoted.FindAllSubmatchIndex(a.Src, -1) {
			at := func(i int) hcl.Pos { return hcl.Pos{Line: 1, Column: 1, Byte: i} }
			t.found.Literals = append(t.found.Literals, hcl.Range{Filename: path.Join(tmpl.Dir, a.Path), Start: at(m[2]), End: at(m[3])})
		}
	}
}

// callsSensitive says whether a text may call sensitive(), and not nonsensitive()
// alone.
func callsSensitive(src []byte) bool {
	return bytes.Count(src, []byte("sensitive(")) > bytes.Count(src, []byte("nonsensitive("))
}

// sensitiveCalls calls do for every argument of every call of sensitive(), with the
// place of the call.
func sensitiveCalls(in hclsyntax.Node, do func(x hclsyntax.Expression, at hcl.Range)) {
	lang.Visit(in, func(n hclsyntax.Node) {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && strings.TrimPrefix(call.Name, "core::") == "sensitive" {
			for _, a := range call.Args {
				do(a, call.Range())
			}
		}
	})
}

// quoted finds constants that a text gives to sensitive().
var quoted = regexp.MustCompile(`\bsensitive\(\s*"((?:[^"\\]|\\.)*)"`)

func (t *tracer) template(c *blueprint.Component) *template.Template {
	tmpl, _ := t.catalog.Template(c.Template, c.TemplateRange)
	return tmpl
}

func variable(t *template.Template, name string) *template.Variable {
	if t == nil {
		return nil
	}
	return t.Variable(name)
}

// look follows an expression that must be secret as a whole, and what it gives to
// sensitive(). A value of the example may be a placeholder.
func (t *tracer) look(x hclsyntax.Expression, whole, example bool) {
	if x == nil {
		return
	}
	sink := func(x hclsyntax.Expression, at hcl.Range) {
		if v, diags := budget.Constant(x); example && !diags.HasErrors() && secret.Placeholder(v) {
			return
		}
		t.at = at
		t.literals(x)
		values(x, true, func(ref hcl.Traversal, whole bool) { t.reference(ref, whole) })
	}
	if whole {
		sink(x, x.Range())
	}
	if t.calls {
		sensitiveCalls(x, sink)
	}
}

// reference goes on with what a reference of the blueprint stands for.
func (t *tracer) reference(ref hcl.Traversal, whole bool) {
	second, third := blueprint.Step(ref, 1), blueprint.Step(ref, 2)
	switch ref.RootName() {
	case "option":
		t.secretOption(second, whole)
	case "component":
		for _, c := range t.bp.Components {
			if c.Name == second {
				t.output(c, third, whole)
			}
		}
	}
}

// secretOption notes an option. A part of a secret that is one of few words, a number
// or a truth value is none: the protocol, the port or the kind of what it opens.
func (t *tracer) secretOption(name string, whole bool) {
	for _, o := range t.bp.Options {
		if o.Name != name || o.Type == cty.Bool || !whole && (len(o.OneOf) > 0 || o.Type == cty.Number) {
			continue
		}
		if _, ok := t.found.Options[name]; !ok {
			t.found.Options[name] = t.at
		}
	}
}

// output goes on with what an output of a component is made of.
func (t *tracer) output(c *blueprint.Component, name string, whole bool) {
	tmpl := t.template(c)
	s := step{c.Key(), "output", name, whole}
	if tmpl == nil || t.seen[s] {
		return
	}
	t.seen[s] = true
	if o := tmpl.Output(name); o != nil && o.Value != nil {
		t.inside(c, tmpl, o.Value, whole)
	}
}

// inside follows an expression of a template. What comes from a resource is
// Terraform's to know.
func (t *tracer) inside(c *blueprint.Component, tmpl *template.Template, x hclsyntax.Expression, whole bool) {
	values(x, whole, func(ref hcl.Traversal, whole bool) {
		s := step{c.Key(), ref.RootName(), blueprint.Step(ref, 1), whole}
		if t.seen[s] {
			return
		}
		t.seen[s] = true
		switch s.kind {
		case "local":
			if l := tmpl.Locals[s.name]; l != nil {
				t.inside(c, tmpl, l.Attr.Expr, whole)
			}
		case "var":
			for _, a := range c.With {
				if a.Name == s.name {
					t.literals(a.Expr)
					values(a.Expr, whole, func(ref hcl.Traversal, whole bool) { t.reference(ref, whole) })
				}
			}
		}
	})
}

// option notes the default of a secret option, which stands in its block.
func (t *tracer) option(o *blueprint.Option) {
	for _, f := range t.bp.Files {
		body, ok := f.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, b := range body.Blocks {
			if b.Type != "option" || len(b.Labels) != 1 || b.Labels[0] != o.Name {
				continue
			}
			for _, arg := range []string{"default", "one_of", "fixed"} {
				if a := b.Body.Attributes[arg]; a != nil {
					t.literals(a.Expr)
				}
			}
		}
	}
}

// literals notes the constants of an expression.
func (t *tracer) literals(x hclsyntax.Expression) {
	lang.Visit(x, func(n hclsyntax.Node) {
		if l, ok := n.(*hclsyntax.LiteralValueExpr); ok && secret.Bears(l.Val) {
			// What stands behind it on its line may be a comment that says it again.
			t.found.Literals = append(t.found.Literals, l.SrcRange, restOfLine(t.file(l.SrcRange.Filename), l.SrcRange))
		}
	})
}

// judging are the functions whose result says something about their arguments
// and holds nothing of them.
var judging = map[string]bool{
	"alltrue": true, "anytrue": true, "can": true, "contains": true, "endswith": true, "issensitive": true, "length": true, "startswith": true, "strcontains": true,
}

// passing are the functions whose result may be an argument as it is.
var passing = map[string]bool{
	"coalesce": true, "nonsensitive": true, "sensitive": true, "tonumber": true, "tostring": true, "trimspace": true, "try": true,
}

// values calls do for every reference whose value an expression's value may hold.
// whole says of each whether the value is that of the reference as it is, and not
// a part of it.
//
//nolint:funlen // one case a node
func values(x hclsyntax.Expression, whole bool, do func(ref hcl.Traversal, whole bool)) {
	switch x := x.(type) {
	case nil:
	case *hclsyntax.ScopeTraversalExpr:
		do(x.Traversal, whole)
	case *hclsyntax.ParenthesesExpr:
		values(x.Expression, whole, do)
	case *hclsyntax.TemplateWrapExpr:
		values(x.Wrapped, whole, do)
	case *hclsyntax.ConditionalExpr:
		values(x.TrueResult, whole, do)
		values(x.FalseResult, whole, do)
	case *hclsyntax.BinaryOpExpr:
		if x.Op.Type == cty.Number {
			values(x.LHS, false, do)
			values(x.RHS, false, do)
		}
	case *hclsyntax.UnaryOpExpr:
		if x.Op.Type == cty.Number {
			values(x.Val, false, do)
		}
	case *hclsyntax.FunctionCallExpr:
		if judging[x.Name] {
			return
		}
		same := whole && passing[x.Name]
		for _, a := range x.Args {
			values(a, same, do)
		}
	case *hclsyntax.TupleConsExpr:
		for _, e := range x.Exprs {
			values(e, whole, do)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			values(item.KeyExpr, false, do)
			values(item.ValueExpr, whole && len(x.Items) == 1, do)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		if x.ForceNonLiteral || hcl.ExprAsKeyword(x) == "" {
			values(x.Wrapped, false, do)
		}
	case *hclsyntax.TemplateExpr:
		for _, p := range x.Parts {
			values(p, false, do)
		}
	case *hclsyntax.TemplateJoinExpr:
		values(x.Tuple, false, do)
	case *hclsyntax.ForExpr:
		values(x.CollExpr, false, do)
		values(x.KeyExpr, false, do)
		values(x.ValExpr, false, do)
	case *hclsyntax.IndexExpr:
		values(x.Collection, whole, do)
	case *hclsyntax.RelativeTraversalExpr:
		values(x.Source, whole, do)
	case *hclsyntax.SplatExpr:
		values(x.Source, whole, do)
		values(x.Each, false, do)
	case *hclsyntax.LiteralValueExpr, *hclsyntax.AnonSymbolExpr:
	default:
		for _, ref := range x.Variables() {
			do(ref, false)
		}
	}
}

// file returns a file of the blueprint or of its templates.
func (t *tracer) file(name string) *hcl.File {
	t.catalog.mu.Lock()
	defer t.catalog.mu.Unlock()
	return t.catalog.sources[name]
}

// restOfLine returns what stands behind a name on its line.
func restOfLine(f *hcl.File, rng hcl.Range) hcl.Range {
	out := hcl.Range{Filename: rng.Filename, Start: rng.End, End: rng.End}
	if f == nil || rng.End.Byte > len(f.Bytes) {
		return out
	}
	rest := len(bytes.TrimSuffix(f.Bytes[rng.End.Byte:template.LineEnd(f.Bytes, rng.End.Byte)], []byte("\n")))
	out.End.Byte += rest
	out.End.Column += rest
	return out
}
