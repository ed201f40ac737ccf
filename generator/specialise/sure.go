package specialise

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/guard"
)

// sure says whether a result cannot fail when Terraform evaluates it in the
// scope. What is bound to a variable or a local value counts as sure: when it
// fails, Terraform fails there, whatever try and can say.
func (ev *evaluator) sure(r Result, s *scope) bool {
	switch {
	case r.Err != nil:
		return false
	case r.Known():
		return true
	case r.Tuple:
		return !slices.ContainsFunc(r.Elems, func(e Result) bool { return !ev.sure(e, s) })
	case r.Attrs != nil:
		for _, a := range r.Attrs {
			if !ev.sure(a, s) {
				return false
			}
		}
		return true
	}
	return sureReference(r, s)
}

// sureReference says whether a residual cannot fail: it is an attribute of an
// object whose index was folded away, or a plain variable or local value. A name
// that a loop or a dynamic block binds says nothing of that kind, whatever it is
// called.
func sureReference(r Result, s *scope) bool {
	if r.Known() || r.prec != precTerm {
		return false
	}
	ref, diags := guard.PrintedReference([]byte(r.text))
	if diags.HasErrors() || s.isOpaque(ref.RootName()) {
		return false
	}
	for _, step := range ref[1:] {
		if _, ok := step.(hcl.TraverseAttr); !ok {
			return false
		}
	}
	switch ref.RootName() {
	case "var", "local":
		return len(ref) == 2
	case "data", "ephemeral":
		return len(ref) == 4
	case "each", "count", "path", "terraform", "self", "module":
		return false
	}
	return len(ref) == 3
}

// anyMayFail says whether one of the results may fail and try or can waits for
// that, so that none of them may be left out.
func (ev *evaluator) anyMayFail(s *scope, rs ...Result) bool {
	return s.isStrict() && slices.ContainsFunc(rs, func(r Result) bool { return !ev.sure(r, s) })
}
