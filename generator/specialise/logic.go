package specialise

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
)

func isLogic(op *hclsyntax.Operation) bool {
	return op == hclsyntax.OpLogicalAnd || op == hclsyntax.OpLogicalOr
}

// determines says whether the value of one side alone is that of the operation.
func determines(op *hclsyntax.Operation, side Result) bool {
	b, ok := knownBool(side)
	return ok && b == (op == hclsyntax.OpLogicalOr)
}

// shortCircuit folds && and || when one side decides or says nothing.
func (ev *evaluator) shortCircuit(e *hclsyntax.BinaryOpExpr, l, r Result, s *scope) (Result, bool) {
	for i, side := range []Result{l, r} {
		other := []Result{r, l}[i]
		if _, ok := knownBool(side); !ok || side.Sensitive {
			continue
		}
		if determines(e.Op, side) {
			if other.Known() && other.Sensitive || notBool(other) || s.isStrict() && !(ev.sure(other, s) && other.Type == cty.Bool) {
				continue
			}
			v := cty.BoolVal(e.Op == hclsyntax.OpLogicalOr)
			if topSensitive(other) {
				v = v.Mark(functions.Sensitive)
			}
			out := knownResult(v)
			if !side.Changed && !other.Changed {
				out = ev.unchanged(e, out.Val)
				out.prec = binaryPrec(e.Op)
			}
			return out, true
		}
		if !other.Known() && other.Err == nil && other.Type == cty.Bool {
			other.Changed = true
			return other, true
		}
	}
	return Result{}, false
}

// notBool says whether a side is a constant that no release of Terraform takes
// for a truth value, whatever the other side is.
func notBool(r Result) bool {
	if !r.Known() || r.IsNull() {
		return false
	}
	_, err := convertUnmarked(r.Val, cty.Bool)
	return err != nil
}

// equality folds == and != where less than the values decides. What try and can
// watch is left alone when a side may fail.
func (ev *evaluator) equality(e *hclsyntax.BinaryOpExpr, l, r Result, s *scope) (Result, bool) {
	if binaryPrec(e.Op) != precEqual {
		return Result{}, false
	}
	if l.source != "" && r.IsNull() || r.source != "" && l.IsNull() {
		out := residual(l.source+r.source+map[bool]string{true: " == null", false: " != null"}[e.Op == hclsyntax.OpEqual], precEqual, cty.Bool, true)
		out.Sensitive, out.NotNull = anySensitive(l, r), true
		return out, true
	}
	if ev.anyMayFail(s, l, r) {
		return Result{}, false
	}
	if perhaps(l, r) {
		return Result{}, false
	}
	if l.IsNull() && r.NotNull || r.IsNull() && l.NotNull || unlike(e, l, r) {
		v := cty.BoolVal(e.Op == hclsyntax.OpNotEqual)
		if l.Sensitive || r.Sensitive { // comparing takes marks from what is inside, too
			v = v.Mark(functions.Sensitive)
		}
		return knownResult(v), true
	}
	return ev.emptyTest(e, l, r)
}

// typedOperand returns the text of a side of == that is to keep the type which
// its variable declares.
func typedOperand(r Result, text string) string {
	if r.Known() || !r.declared {
		return text
	}
	return r.spelt(exactly)
}

// veilWhole makes a value sensitive as a whole. What is known of its type stays.
func veilWhole(r Result) Result {
	if r.Known() {
		return knownResult(r.Val.Mark(functions.Sensitive))
	}
	out := opened(r)
	if out.isTyped() {
		out.typed = "sensitive(" + out.typed + ")"
	}
	out.loose, out.inside, out.heredoc, out.loop = r.loose, false, "", nil
	out = out.rewritten("sensitive("+r.Text()+")", precTerm)
	out.Sensitive, out.perhaps, out.wrapped, out.Changed = true, false, true, true
	return out
}

// surelySensitive says whether a value as a whole is sensitive for certain. What
// a function makes of a list with a sensitive member need not be.
func surelySensitive(r Result) bool {
	return topSensitive(r) && !r.perhaps && (r.Known() || r.wrapped || r.Type.IsPrimitiveType() || isReference(r.text))
}

// veils says whether the arm o of a conditional makes r sensitive, which is taken.
func veils(o, r Result) bool { return topSensitive(o) && !surelySensitive(r) }

// topSensitive says whether a value as a whole is sensitive, not only something
// in it.
func topSensitive(r Result) bool {
	switch {
	case r.Err != nil || !r.Sensitive || r.Tuple || r.Attrs != nil:
		return false
	case r.Known():
		return r.Val.IsMarked()
	}
	return !r.inside
}

// mayDisagree says whether the arms of a conditional may turn out to have no type
// in common, which is an error that try and can see.
func mayDisagree(t, f Result) bool {
	if t.Err != nil || f.Err != nil || t.Dropped != nil || f.Dropped != nil || t.IsNull() || f.IsNull() {
		return false
	}
	return !sureType(unifyTypes(t.Type, f.Type))
}
