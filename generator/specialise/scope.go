package specialise

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
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
	// guard is a condition that does not hold for any instance or element, and that
	// Terraform cannot decide before there is one; "" where there are none.
	guard string
	// strict says that a failure is caught here, by try or can: what may fail
	// must not be left out.
	strict bool
	// captured collects the opaque names that would have captured something.
	captured map[string]bool
}

func (s *scope) lookup(name string) (Result, bool) {
	for ; s != nil; s = s.parent {
		if r, ok := s.names[name]; ok {
			return r, true
		}
	}
	return Result{}, false
}

func (s *scope) isTentative() bool {
	for ; s != nil; s = s.parent {
		if s.tentative {
			return true
		}
	}
	return false
}

func (s *scope) isStrict() bool {
	for ; s != nil; s = s.parent {
		if s.strict {
			return true
		}
	}
	return false
}

// guarded returns the guard of the innermost instance or element.
func (s *scope) guarded() string {
	for ; s != nil; s = s.parent {
		if s.guard != "" {
			return s.guard
		}
	}
	return ""
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

// noteCapture records every opaque name that occurs as the root of a reference
// in text, which was inlined from outside the scope.
func (s *scope) noteCapture(text string) {
	for ; s != nil; s = s.parent {
		for name := range s.opaque {
			if rootOccurs(text, name) {
				s.captured[name] = true
			}
		}
	}
}

// rootOccurs says whether the identifier name starts a reference somewhere in
// text. Being wrong towards true is harmless: a loop variable is renamed.
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
