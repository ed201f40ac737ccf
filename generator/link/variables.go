package link

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/template"
)

// variables lists the module's variables: the shared ones first, then those of
// the components in the blueprint's order.
func (l *linker) variables(order []*part) []Variable {
	var out []Variable
	for _, v := range l.shared {
		out = append(out, describe(v.decl.Name, v.decl, "", v.code, v.src))
	}
	for _, c := range l.in.Blueprint.Components {
		p := l.parts[c.Name]
		if !slices.Contains(order, p) {
			continue
		}
		for _, v := range p.comp.Variables {
			src, other := l.defaults[v.Name]
			if !other {
				src = v.Decl.File.Src
			}
			d := describe(v.Name, v.Decl, p.Name, v.Code, src)
			d.Description = v.Description
			out = append(out, d)
		}
	}
	return out
}

// commentsAbove returns the lines of comments directly above the line that at
// lies in, the lowest first, each with its end.
func commentsAbove(src []byte, at int) []string {
	first := bytes.LastIndexByte(src[:at], '\n') + 1
	comments := template.Comments{Src: src}
	lines := slices.Collect(strings.Lines(string(src[comments.Above(first):first])))
	slices.Reverse(lines)
	return lines
}

// Describe gathers what the documentation says of a variable of a template, under
// the name that it has there.
func Describe(v *template.Variable) Variable { return describe(v.Name, v, "", nil, v.File.Src) }

// describe gathers what the documentation says of a variable.
func describe(name string, decl *template.Variable, component string, code *ir.Block, src []byte) Variable {
	v := Variable{
		Name: name, Type: "any", Required: decl.Default == cty.NilVal, Description: decl.Description,
		Sensitive: decl.Sensitive, Component: component, code: code, Value: decl.Default, Range: decl.Block.DefRange(),
	}
	if a := decl.Block.Body.Attributes["type"]; a != nil {
		v.Type = string(src[a.Expr.Range().Start.Byte:a.Expr.Range().End.Byte])
	}
	if a := decl.Block.Body.Attributes["default"]; a != nil {
		v.Default = string(src[a.Expr.Range().Start.Byte:a.Expr.Range().End.Byte])
		v.Notes, v.Why = source(src, a)
	}
	for _, n := range decl.Block.Body.Blocks {
		if m := n.Body.Attributes["error_message"]; n.Type == "validation" && m != nil {
			if t, d := budget.Constant(m.Expr); !d.HasErrors() && t.Type() == cty.String && !t.IsNull() {
				v.Allowed = strings.TrimSpace(v.Allowed + " " + t.AsString())
			}
		}
	}
	return v
}

// allowed gathers what the validations of variables allow, now that each has those
// of the variables that it is bound to and options are decided.
func (l *linker) allowed(vars []Variable) []Variable {
	for i, v := range vars {
		var messages []string
		for _, n := range slices.Concat(v.code.Inner(), v.code.Inserted()) {
			if n.Type != "validation" {
				continue
			}
			x, diags := l.expression(n.Value("error_message"))
			if diags.HasErrors() {
				continue
			}
			if t, d := budget.Constant(x); !d.HasErrors() && t.Type() == cty.String && !t.IsNull() {
				messages = append(messages, t.AsString())
			}
		}
		vars[i].Allowed = strings.Join(messages, " ")
	}
	return vars
}

var reason = regexp.MustCompile(`#\s*why:\s*(.*)$`)

// source returns the citations or the reason that stand on an argument's lines
// or on the comment lines directly above it.
func source(src []byte, a *hclsyntax.Attribute) (notes []string, why string) {
	end := a.Expr.Range().End.Byte
	line, _, _ := bytes.Cut(src[end:], []byte{'\n'})
	comments := strings.Split(string(src[a.Expr.Range().Start.Byte:end])+string(line), "\n")
	comments = append(comments, commentsAbove(src, a.SrcRange.Start.Byte)...)
	for _, c := range comments {
		if i := strings.IndexByte(c, '#'); i >= 0 {
			ids, _ := cite.Parse(c[i:])
			for _, id := range ids {
				if !slices.Contains(notes, id) {
					notes = append(notes, id)
				}
			}
			if _, words := cite.Departing(c[i:]); why == "" {
				why = words
			}
		}
		if m := reason.FindStringSubmatch(strings.TrimRight(c, "\n")); m != nil && why == "" {
			why = strings.TrimSpace(m[1])
		}
	}
	return notes, why
}
