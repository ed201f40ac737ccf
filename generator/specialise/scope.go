package specialise

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// A scope holds the names that an expression sees besides the module's own:
// variables of for expressions, iterators of dynamic blocks, count and each.
type scope struct {
	parent *scope
	names  map[string]Result
	anon   map[*hclsyntax.AnonSymbolExpr]Result

	// opaque names stand as written in the text; a reference that is inlined
	// under one of them must not be captured by it.
	opaque map[string]bool
	// tentative says that what is evaluated here may never be when the module
	// is applied.
	tentative bool
	// never is a condition that is false wherever Terraform evaluates what is here,
	// and that it cannot decide before.
	never string
	// strict says that a failure is caught here, by try or can: what may fail
	// must not be left out.
	strict bool
	// captured collects the opaque names that would have captured something.
	captured map[string]bool
}

// find returns what a name means and the scope that binds it, nil when none
// does.
func (s *scope) find(name string) (Result, *scope) {
	for ; s != nil; s = s.parent {
		if r, ok := s.names[name]; ok {
			return r, s
		}
	}
	return Result{}, nil
}

// isOpaque says whether a name that the text may hold is that of a loop variable
// or iterator.
func (s *scope) isOpaque(name string) bool {
	for ; s != nil; s = s.parent {
		if s.opaque[name] {
			return true
		}
	}
	return false
}

func (s *scope) isTentative() bool {
	for ; s != nil; s = s.parent {
		if s.tentative {
			return true
		}
	}
	return false
}

// neverTrue returns the condition of the innermost block that may not be there.
func (s *scope) neverTrue() string {
	for ; s != nil; s = s.parent {
		if s.never != "" {
			return s.never
		}
	}
	return ""
}

func (s *scope) isStrict() bool {
	for ; s != nil; s = s.parent {
		if s.strict {
			return true
		}
	}
	return false
}

// outside returns the scope of an expression that stands here but was written where
// none of the names of this place are.
func (s *scope) outside() *scope {
	if s == nil {
		return nil
	}
	return &scope{strict: s.isStrict(), tentative: s.isTentative(), never: s.neverTrue()}
}

func (s *scope) tentatively() *scope { return &scope{parent: s, tentative: true} }

func (s *scope) symbol(e *hclsyntax.AnonSymbolExpr) (Result, bool) {
	for ; s != nil; s = s.parent {
		if r, ok := s.anon[e]; ok {
			return r, true
		}
	}
	return Result{}, false
}

// bind returns a scope in which name means r.
func (s *scope) bind(names map[string]Result) *scope {
	return &scope{parent: s, names: names}
}

// noteCapture records every opaque name that would hide a reference in r, which
// comes from the scope outer, nil for the module's own: those bound between there
// and here.
func (s *scope) noteCapture(r Result, outer *scope) {
	for ; s != nil && s != outer; s = s.parent {
		for name := range s.opaque {
			if r.mentions(name) {
				s.captured[name] = true
			}
		}
	}
}

// mentions says whether the identifier name starts a reference in the text of r
// or of one of its members. Being wrong towards true is harmless: a loop variable
// is renamed.
func (r Result) mentions(name string) bool {
	if rootOccurs(r.text, name) && (!r.Known() || refersTo(r.text, name)) {
		return true
	}
	for _, e := range r.Elems {
		if e.mentions(name) {
			return true
		}
	}
	for _, a := range r.Attrs {
		if a.mentions(name) {
			return true
		}
	}
	return false
}

// refersTo says whether text, an expression, has a reference that starts with
// name, or any if the name is "". Unlike rootOccurs it knows a word in a literal.
func refersTo(text, name string) bool {
	expr, diags := guard.PrintedExpression([]byte(text))
	if diags.HasErrors() {
		return true
	}
	for _, ref := range lang.Variables(expr) {
		if name == "" || ref.RootName() == name {
			return true
		}
	}
	return false
}

// rootOccurs says whether the identifier name may start a reference somewhere in
// text.
func rootOccurs(text, name string) bool {
	for i := 0; i+len(name) <= len(text); i++ {
		if text[i:i+len(name)] != name {
			continue
		}
		before := i > 0 && (isIdent(text[i-1]) || text[i-1] == '.')
		after := i+len(name) < len(text) && isIdent(text[i+len(name)])
		if !before && !after {
			return true
		}
	}
	return false
}

func isIdent(c byte) bool {
	return c == '_' || c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
