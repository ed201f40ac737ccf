package link

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// A sharedVariable is a blueprint's own variable under the chosen options.
type sharedVariable struct {
	decl  *template.Variable
	code  *ir.Block
	src   []byte // what the ranges of decl point into
	diags hcl.Diagnostics
}

// Variables returns the blueprint's own variables as they are declared under the
// choices, by name. What depends on a choice that is not known is null.
func Variables(bp *blueprint.Blueprint, choices []resolve.Choice) (map[string]*template.Variable, hcl.Diagnostics) {
	l := newLinkerOf(Input{Blueprint: bp, Choices: choices})
	l.declare()
	return l.vars, l.diags
}

// declare decides what the blueprint's variables are under the chosen options.
func (l *linker) declare() {
	for _, v := range l.in.Blueprint.Variables {
		s := l.sharedVariable(v)
		l.diags = append(l.diags, s.diags...)
		l.vars[v.Name] = s.decl
		l.owners[v.Name] = v.Range
		l.shared = append(l.shared, s)
	}
}

func (l *linker) sharedVariable(v *blueprint.Variable) sharedVariable {
	b, src := v.Block, v.Src
	start := textStart(src, b)
	edits, diags := l.chosen(b.Body)
	if diags.HasErrors() {
		return sharedVariable{decl: &template.Variable{Name: b.Labels[0], Type: cty.DynamicPseudoType, Block: b}, src: src, diags: diags}
	}
	if len(edits) == 0 {
		source := &ir.Source{Bytes: src, Formatted: l.in.Blueprint.Formatted, Texts: &l.in.Cache.named}
		s := sharedVariable{code: ofTerraform(ir.New(source, b, template.Span{Start: start, End: b.CloseBraceRange.End.Byte}, nil)), src: src}
		s.decl, s.diags = template.ParseVariable(b)
		return s
	}
	text := edited(src, start, b.CloseBraceRange.End.Byte, edits) + "\n"
	return l.in.Cache.shared.Get(declared{b, text}, func() sharedVariable { return parseShared(text, b, &l.in.Cache.named) })
}

// A declared variable is a block of the blueprint and what it says under the chosen
// options.
type declared struct {
	block *hclsyntax.Block
	text  string
}

// parseShared reads a variable's text in which options have become constants. Its
// ranges count lines as the blueprint does. Texts may be nil.
func parseShared(text string, b *hclsyntax.Block, texts *ir.Texts) sharedVariable {
	s := sharedVariable{src: []byte(text), decl: &template.Variable{Name: b.Labels[0], Type: cty.DynamicPseudoType, Block: b}}
	above := bytes.Count(s.src[:bytes.Index(s.src, []byte("variable"))], []byte{'\n'})
	file, diags := guard.ParseAt(s.src, b.TypeRange.Filename, hcl.Pos{Line: b.TypeRange.Start.Line - above, Column: 1})
	if s.diags = diags; diags.HasErrors() {
		return s
	}
	made := file.Body.(*hclsyntax.Body).Blocks[0]
	s.code = ofTerraform(ir.New(&ir.Source{Bytes: s.src, Texts: texts}, made, template.Span{End: len(s.src)}, nil))
	s.decl, s.diags = template.ParseVariable(made)
	return s
}

// ofTerraform returns the block of a variable without what only a blueprint says.
func ofTerraform(b *ir.Block) *ir.Block {
	if !b.Has("was") {
		return b
	}
	return b.Without(lang.Set{"was": true})
}

// textStart returns where a block begins, with the comments directly above it.
func textStart(src []byte, b *hclsyntax.Block) int {
	start := b.TypeRange.Start.Byte
	for _, line := range commentsAbove(src, start) {
		start -= len(line)
	}
	return start
}

// An edit puts text in the place of an expression.
type edit struct {
	rng  hcl.Range
	text string
}

// chosen evaluates the expressions of a variable's block that look at options.
func (l *linker) chosen(body *hclsyntax.Body) ([]edit, hcl.Diagnostics) {
	var edits []edit
	var diags hcl.Diagnostics
	for _, a := range template.SortedAttributes(body) {
		if !lang.Holds(a.Expr) && !slices.ContainsFunc(lang.Variables(a.Expr), func(ref hcl.Traversal) bool { return ref.RootName() == "option" }) {
			continue
		}
		if l.undecided(a.Expr) {
			edits = append(edits, edit{a.Expr.Range(), "null"})
			continue
		}
		r := l.optionsOnly().Eval(a.Expr)
		if r.Err != nil {
			diags = append(diags, r.Err)
			continue
		}
		edits = append(edits, edit{a.Expr.Range(), r.Top()})
	}
	for _, nested := range body.Blocks {
		more, d := l.chosen(nested.Body)
		edits, diags = append(edits, more...), append(diags, d...)
	}
	return edits, diags
}

// undecided says whether an expression looks at an option that is not known, as
// when a blueprint is checked before anybody chooses.
func (l *linker) undecided(x hclsyntax.Expression) bool {
	return slices.ContainsFunc(lang.Variables(x), func(ref hcl.Traversal) bool {
		v, ok := l.options[blueprint.Step(ref, 1)]
		return ref.RootName() == "option" && ok && !v.IsWhollyKnown()
	})
}

// optionsOnly returns an evaluator that knows the options and leaves everything
// else as it stands: a variable is read before it is known what variables there
// are.
func (l *linker) optionsOnly() *specialise.Evaluator {
	return specialise.NewEvaluator(l.sources, l.words, func(ref hcl.Traversal) (specialise.Result, int) {
		if ref.RootName() == "option" {
			return l.option(blueprint.Step(ref, 1), ref.SourceRange()), 2
		}
		return specialise.Reference(ref.RootName()+"."+blueprint.Step(ref, 1), cty.DynamicPseudoType), 2
	}).Within(l.in.Budget)
}

// edited returns a part of a text after edits.
func edited(src []byte, start, end int, edits []edit) string {
	slices.SortFunc(edits, func(a, b edit) int { return a.rng.Start.Byte - b.rng.Start.Byte })
	var out []byte
	for _, e := range edits {
		out = append(out, src[start:e.rng.Start.Byte]...)
		out = append(out, e.text...)
		start = e.rng.End.Byte
	}
	return string(append(out, src[start:end]...))
}
