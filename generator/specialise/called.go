package specialise

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/template"
)

// word is a name, with what makes clear that it is one: "var." in front of it, or
// an equals sign behind.
var word = regexp.MustCompile(`[\pL_][\pL\pN_-]*(\.[\pL_][\pL\pN_-]*)*(\s*=)?`)

// renamed puts the names that the module has for variables of the template into a
// text that Terraform shows, such as an error message. There is no markup in it: a
// variable is meant where a name has an underscore, is quoted, comes after "var." or
// before an equals sign. It returns what is named so and cannot be set.
func (in *Input) renamed(text string) (string, []string) {
	var fixed []string
	out, last := "", 0
	for _, m := range word.FindAllStringIndex(text, -1) {
		token := text[m[0]:m[1]]
		name := strings.TrimRight(strings.TrimSuffix(token, "="), " \t\n")
		bare, isVar := strings.CutPrefix(name, "var.")
		quoted := m[0] > 0 && m[1] < len(text) && strings.ContainsRune("\"'`", rune(text[m[0]-1])) && text[m[0]-1] == text[m[1]]
		plain := !isVar && !quoted && name == token && !strings.Contains(name, "_")
		if plain || strings.Contains(bare, ".") || in.Template.Variable(bare) == nil || m[0] > 0 && strings.ContainsRune("./$-", rune(text[m[0]-1])) {
			continue
		}
		called, ok := in.Called[bare]
		if !ok {
			fixed = append(fixed, bare)
			continue
		}
		out += text[last:m[0]] + strings.Replace(token, bare, called, 1)
		last = m[1]
	}
	return out + text[last:], fixed
}

// A spokenText is what a literal text in a message of the template says.
type spokenText struct {
	text      string
	fixed     []string // variables that it names and nobody can set
	describes bool     // it describes a variable, rather than say what is wrong
}

// speech finds the texts of a file that speak to whoever uses the module: error
// messages, and descriptions of variables.
func (in *Input) speech(f *template.File) map[*hclsyntax.LiteralValueExpr]spokenText {
	out := map[*hclsyntax.LiteralValueExpr]spokenText{}
	if len(in.Called) == 0 {
		return out
	}
	for _, b := range f.Body.Blocks {
		in.speechOf(b, out)
	}
	return out
}

func (in *Input) speechOf(b *hclsyntax.Block, out map[*hclsyntax.LiteralValueExpr]spokenText) {
	describes := b.Type == "variable"
	said := b.Body.Attributes["error_message"]
	switch b.Type {
	case "variable":
		said = b.Body.Attributes["description"]
	case "validation", "precondition", "postcondition", "assert":
	default:
		said = nil
	}
	if said != nil {
		in.spoken(said.Expr, describes, out)
	}
	for _, n := range b.Body.Blocks {
		in.speechOf(n, out)
	}
}

// spoken collects the literal texts that an expression is made of.
func (in *Input) spoken(x hclsyntax.Expression, describes bool, out map[*hclsyntax.LiteralValueExpr]spokenText) {
	switch x := x.(type) {
	case *hclsyntax.TemplateExpr:
		for _, p := range x.Parts {
			in.spoken(p, describes, out)
		}
	case *hclsyntax.TemplateWrapExpr:
		in.spoken(x.Wrapped, describes, out)
	case *hclsyntax.ParenthesesExpr:
		in.spoken(x.Expression, describes, out)
	case *hclsyntax.ConditionalExpr:
		in.spoken(x.TrueResult, describes, out)
		in.spoken(x.FalseResult, describes, out)
	case *hclsyntax.LiteralValueExpr:
		if x.Val.Type() != cty.String || x.Val.IsNull() {
			return
		}
		was := x.Val.AsString()
		if is, fixed := in.renamed(was); is != was || len(fixed) > 0 {
			out[x] = spokenText{text: is, fixed: fixed, describes: describes}
		}
	}
}

// speak gives the messages of the template the names of the module.
func (c *component) speak() {
	c.ev.speech = &speech{texts: map[*hclsyntax.LiteralValueExpr]spokenText{}, said: map[*hclsyntax.LiteralValueExpr]bool{}}
	for _, f := range c.in.Template.Files {
		maps.Copy(c.ev.speech.texts, c.in.speech(f))
	}
}

// A speech is what the messages of a template say in the module.
type speech struct {
	texts map[*hclsyntax.LiteralValueExpr]spokenText
	said  map[*hclsyntax.LiteralValueExpr]bool // that are in the module
}

// of returns what a literal text says with the names of the module. It reports false
// for one that stays.
func (s *speech) of(x *hclsyntax.LiteralValueExpr) (string, bool) {
	if s == nil {
		return "", false
	}
	t, ok := s.texts[x]
	if ok {
		s.said[x] = true
	}
	return t.text, ok && t.text != x.Val.AsString()
}

// said returns the edits that give the error messages of a file of a child module
// the names of the module. What its variables say of each other stays.
func (in *Input) said(f *template.File) []edit {
	var out []edit
	for x, said := range in.speech(f) {
		if was := x.Val.AsString(); !said.describes && said.text != was {
			out = append(out, edit{x.SrcRange.Start.Byte, x.SrcRange.End.Byte, in.respelt(string(x.SrcRange.SliceBytes(f.Src)), was, said.text)})
		}
	}
	slices.SortFunc(out, func(a, b edit) int { return a.start - b.start })
	return out
}

// respelt writes a literal text anew, given how it was written and what it said.
func (in *Input) respelt(source, was, is string) string {
	if source == was || strings.Contains(source, "\n") { // a heredoc has no escapes
		out, _ := in.renamed(source)
		return out
	}
	return escapeBefore(is)
}

// misnamed returns advice on messages of the module that name, as if its users could
// set it, what the component fixes.
func (c *component) misnamed() hcl.Diagnostics {
	var out hcl.Diagnostics
	for x := range c.ev.speech.said {
		for _, name := range c.ev.speech.texts[x].fixed {
			out = append(out, Misnamed(c.in, name, x.SrcRange, "Reword the message"))
		}
	}
	return diag.Sort(out)
}

// Misnamed is the advice on a text that names a variable of the template which
// users of the module cannot set.
func Misnamed(in Input, name string, rng hcl.Range, mend string) *hcl.Diagnostic {
	return diag.Warning(rng, "Name of what cannot be set", "The text mentions %q, which users of the module cannot set: the component %q gives this variable of the template %q its value. %s, or let users set it: pass an option or a variable of the blueprint in \"with\".", name, in.Name, in.Template.Name, mend)
}
