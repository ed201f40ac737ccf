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
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// variables lists the module's variables: the shared ones first, then those of
// the components in the blueprint's order.
func (l *linker) variables(order []*part) []Variable {
	var out []Variable
	for _, v := range l.shared {
		out = append(out, describe(v.decl.Name, v.decl, "", v.text, v.src))
	}
	for _, c := range l.in.Blueprint.Components {
		p := l.parts[c.Name]
		if !slices.Contains(order, p) {
			continue
		}
		for _, v := range p.comp.Variables {
			out = append(out, describe(v.Name, v.Decl, p.Name, v.Text, v.Decl.File.Src))
		}
	}
	return out
}

// commentsAbove returns the lines of comments directly above the line that at
// lies in, the lowest first, each with its end.
func commentsAbove(src []byte, at int) []string {
	var out []string
	end := bytes.LastIndexByte(src[:at], '\n') + 1
	for end > 0 {
		start := bytes.LastIndexByte(src[:end-1], '\n') + 1
		if !bytes.HasPrefix(bytes.TrimSpace(src[start:end]), []byte{'#'}) {
			break
		}
		out = append(out, string(src[start:end]))
		end = start
	}
	return out
}

// describe gathers what the documentation says of a variable.
func describe(name string, decl *template.Variable, component, text string, src []byte) Variable {
	v := Variable{
		Name: name, Type: "any", Required: decl.Default == cty.NilVal, Description: decl.Description,
		Sensitive: decl.Sensitive, Component: component, Text: []byte(text), Value: decl.Default, Range: decl.Block.DefRange(),
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
		}
		if m := reason.FindStringSubmatch(strings.TrimRight(c, "\n")); m != nil && why == "" {
			why = strings.TrimSpace(m[1])
		}
	}
	return notes, why
}

// placePending finds a place for validations of variables that are bound to
// something only known later: with the module's variable they are about, or as
// a precondition of one of the component's resources.
func (l *linker) placePending(order []*part, units []unit, vars []Variable) ([]unit, []Variable) {
	for _, p := range order {
		for _, pend := range p.comp.Pending {
			cond, msg := pend.Condition.Top(), `"The value is not allowed."`
			if pend.Message.Err == nil {
				msg = pend.Message.Top()
			}
			block := "{\ncondition = " + cond + "\nerror_message = " + msg + "\n}\n"
			if i := onlyVariables(l.exprRefs(cond), vars); i >= 0 {
				if !strings.Contains(squeeze(string(vars[i].Text)), squeeze("condition = "+cond)) {
					vars[i].Text = []byte(insertBeforeEnd(string(vars[i].Text), "\nvalidation "+block))
				}
				continue
			}
			units = l.placeCondition(p, units, pend, block)
		}
	}
	return units, vars
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

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func insertBeforeEnd(text, what string) string {
	i := strings.LastIndexByte(text, '}')
	return text[:i] + what + text[i:]
}

// placeCondition makes a pending validation a precondition of the component's
// first resource that exists once, or a check when there is none.
func (l *linker) placeCondition(p *part, units []unit, pend specialise.Pending, block string) []unit {
	for i, u := range units {
		if u.part != p || u.Kind != "resource" || repeats(u.Text) {
			continue
		}
		units[i].Text = addPrecondition(u.Text, block)
		return units
	}
	name := specialise.Prefixed(p.Name, p.Prefix, pend.Variable)
	return append(units, unit{Block: specialise.Block{Kind: "check", Address: "check." + name, Origin: pend.Range,
		Text: "check " + specialise.Quote(name) + " {\nassert " + block + "}\n"}, file: p.File, part: p})
}
