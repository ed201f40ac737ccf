package statesafe

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// A print is what an expression comes to, as far as its text and that of the names
// in it tell: equal prints have equal values, unless what they refer to changes.
type print struct {
	text  string // the same for the same meaning
	shown string // as the code has it, for people
	refs  []ref
}

// A ref is an attribute of a resource that an expression reads.
type ref struct{ address, attribute string }

// print returns the print of an expression; nil has an empty one.
func (s *scope) print(x hclsyntax.Expression) print {
	if x == nil {
		return print{}
	}
	src := s.sources[x.Range().Filename]
	shown := strings.TrimSpace(string(x.Range().SliceBytes(src)))
	if text, ok := constant(x); ok {
		return print{text: text, shown: shown}
	}
	if p, ok := s.alias(x); ok {
		return p
	}
	out := print{text: s.text(x, src), shown: shown}
	defined := map[string]bool{}
	for _, t := range lang.Variables(x) {
		r, ok := lang.Refer(t)
		if !ok {
			continue
		}
		switch r.Kind {
		case lang.Variable, lang.Local:
			name := string(r.Kind) + "." + r.Name
			if !defined[name] {
				p := s.name(r)
				defined[name] = true
				out.text += "\n" + name + " = " + digest(p.text)
				out.refs = append(out.refs, p.refs...)
			}
		case lang.Resource:
			out.refs = append(out.refs, ref{s.prefix + r.Type + "." + r.Name, attributeAfter(t, r.Steps)})
		}
	}
	return out
}

// alias returns the print of a name that stands alone: that of what it means.
func (s *scope) alias(x hclsyntax.Expression) (print, bool) {
	t, ok := x.(*hclsyntax.ScopeTraversalExpr)
	if !ok {
		return print{}, false
	}
	r, ok := lang.Refer(t.Traversal)
	if !ok || r.Kind != lang.Variable && r.Kind != lang.Local || len(t.Traversal) != r.Steps {
		return print{}, false
	}
	return s.name(r), true
}

// name returns the print of a variable or local value. A variable of the root may
// have any value, so it is not what its default is.
func (s *scope) name(r lang.Reference) print {
	name := string(r.Kind) + "." + r.Name
	if p, ok := s.memo[name]; ok {
		return p
	}
	s.memo[name] = print{text: name, shown: name} // what refers to itself ends here
	p := print{text: name, shown: name}
	switch {
	case r.Kind == lang.Local:
		if x := s.locals[r.Name]; x != nil {
			p = s.print(x)
		}
	case s.caller == nil:
		if d := s.print(s.variables[r.Name]); d.text != "" {
			p.text, p.shown = name+" default "+digest(d.text), name+" (default "+d.shown+")"
		}
	case s.bound[r.Name] != nil:
		p = s.caller.print(s.bound[r.Name])
	default:
		p = s.print(s.variables[r.Name])
	}
	s.memo[name] = p
	return p
}

// text returns an expression without layout and comments, and with moved addresses.
func (s *scope) text(x hclsyntax.Expression, src []byte) string {
	var words []string
	for _, t := range guard.LexExpression(x.Range().SliceBytes(src), x.Range().Filename, hcl.InitialPos) {
		switch t.Type {
		case hclsyntax.TokenComment, hclsyntax.TokenNewline, hclsyntax.TokenEOF:
		default:
			words = append(words, string(t.Bytes))
		}
	}
	for i := 0; i+2 < len(words); i++ {
		if words[i+1] != "." {
			continue
		}
		to, ok := s.renamed(s.prefix + words[i] + "." + words[i+2])
		if typ, name, two := strings.Cut(strings.TrimPrefix(to, s.prefix), "."); ok && two {
			words[i], words[i+2] = typ, name
		}
	}
	return strings.Join(words, " ")
}

// attributeAfter returns the first attribute that a traversal reads of what its first
// steps name.
func attributeAfter(t hcl.Traversal, steps int) string {
	for _, step := range t[min(steps, len(t)):] {
		if a, ok := step.(hcl.TraverseAttr); ok {
			return a.Name
		}
	}
	return ""
}

// constant returns a value as text; 1 and "1" are the same to a provider. Null is as
// good as nothing.
func constant(x hclsyntax.Expression) (string, bool) {
	v, diags := x.Value(nil)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return "", false
	}
	if v.IsNull() {
		return "", true
	}
	if v.Type().IsPrimitiveType() {
		s, err := convert.Convert(v, cty.String)
		if err != nil {
			return "", false
		}
		return "= " + s.AsString(), true
	}
	return "= " + v.GoString(), true
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// arguments returns the prints of a body's arguments by their path, in order of the
// blocks that they are in. Under the path of a block itself are its occurrences.
func (s *scope) arguments(body *hclsyntax.Body, at string, out map[string][]print) {
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		if p := s.print(body.Attributes[name].Expr); p.text != "" {
			out[at+name] = append(out[at+name], p)
		}
	}
	for _, b := range body.Blocks {
		if at == "" && (b.Type == "lifecycle" || b.Type == "provisioner" || b.Type == "connection" || b.Type == "timeouts") {
			continue
		}
		name, inner, once := b.Type, b.Body, print{text: "block", shown: "a block"}
		if b.Type == "dynamic" && len(b.Labels) == 1 {
			name, inner = b.Labels[0], content(b.Body)
			if a := b.Body.Attributes["for_each"]; a != nil {
				once = s.print(a.Expr)
				once.text = "block for each " + once.text
			}
		}
		out[at+name] = append(out[at+name], once)
		if inner != nil {
			s.arguments(inner, at+name+".", out)
		}
	}
}

// content returns what a dynamic block generates.
func content(b *hclsyntax.Body) *hclsyntax.Body {
	for _, inner := range b.Blocks {
		if inner.Type == "content" {
			return inner.Body
		}
	}
	return nil
}
