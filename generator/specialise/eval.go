package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
)

// An evaluator folds expressions of one template or blueprint.
type evaluator struct {
	sources sources
	funcs   map[string]function.Function
	// root resolves a reference that no scope holds. It returns the result of
	// its first n steps.
	root func(ref hcl.Traversal, s *scope) (r Result, n int)
	// revive keeps an object that is left out, as one without instances, for text
	// that stays as it is written. It may be nil.
	revive func(ref hcl.Traversal) (name string, n int, ok bool)
	// schemas knows the attributes of objects; it may be nil.
	schemas Schemas
	// lifetimes knows what is ephemeral; it may be nil.
	lifetimes Lifetimes
	// demands says what is asked of each expression; it may be nil.
	demands func() *demander
	// modulePath rewrites what follows path.module in a template string.
	modulePath modulePath
	// verdicts keep of whole expressions as what they are written, if that is not
	// what they were folded to.
	verdicts map[hclsyntax.Expression]*Result
	// written are the local values of the linked module, by their addresses.
	written map[string]writtenLocal
	// speech is what messages say in the linked module; it may be nil.
	speech *speech
	// doubts counts what rehearsals are for.
	doubts int
	spending
}

// evaluate is eval, of which it is one step: within the budget.
func (ev *evaluator) evaluate(expr hclsyntax.Expression, s *scope) Result {
	switch e := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return ev.unchanged(e, e.Val)
	case *hclsyntax.TemplateExpr:
		return ev.template(e, s)
	case *hclsyntax.TemplateWrapExpr:
		return ev.templateWrap(e, s)
	case *hclsyntax.ScopeTraversalExpr:
		return ev.reference(e, s)
	case *hclsyntax.RelativeTraversalExpr:
		return ev.relative(e, s)
	case *hclsyntax.FunctionCallExpr:
		return ev.call(e, s)
	case *hclsyntax.ConditionalExpr:
		return ev.conditional(e, s)
	case *hclsyntax.IndexExpr:
		return ev.index(e, s)
	case *hclsyntax.TupleConsExpr:
		return ev.tuple(e, s)
	case *hclsyntax.ObjectConsExpr:
		return ev.object(e, s)
	case *hclsyntax.ObjectConsKeyExpr:
		return ev.objectKey(e, s)
	case *hclsyntax.ForExpr:
		return ev.forExpr(e, s)
	case *hclsyntax.SplatExpr:
		return ev.splat(e, s)
	case *hclsyntax.AnonSymbolExpr:
		if r, ok := s.symbol(e); ok {
			return r
		}
		return residual("", precTerm, cty.DynamicPseudoType, false)
	case *hclsyntax.BinaryOpExpr:
		return ev.binary(e, s)
	case *hclsyntax.UnaryOpExpr:
		return ev.unary(e, s)
	case *hclsyntax.ParenthesesExpr:
		return ev.parentheses(e, s)
	}
	return residual(ev.sources.text(expr.Range()), precConditional, cty.DynamicPseudoType, false)
}

// unchanged returns a known result whose text is the source.
func (ev *evaluator) unchanged(e hclsyntax.Expression, v cty.Value) Result {
	return Result{Val: v, Type: v.Type(), text: ev.sources.text(e.Range()), prec: precTerm, NotNull: !v.IsNull(), Sensitive: markedDeep(v)}
}

// native evaluates an expression made of literals alone, with the meaning that
// hcl itself gives it.
func (ev *evaluator) native(e hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	v, diags := e.Value(&hcl.EvalContext{Functions: ev.funcs})
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	return v, nil
}

func lit(v cty.Value, rng hcl.Range) *hclsyntax.LiteralValueExpr {
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: rng}
}

// fold returns the known result of e, where the operands' results are ops: the
// source text when none of them changed, else the value's literal.
func (ev *evaluator) fold(e hclsyntax.Expression, v cty.Value, ops ...Result) Result {
	if v.IsKnown() && !v.IsWhollyKnown() || !v.IsKnown() {
		return residual(ev.sources.text(e.Range()), precConditional, v.Type(), false)
	}
	for _, o := range ops {
		if o.Changed {
			return knownResult(v)
		}
	}
	return ev.unchanged(e, v)
}

// failure turns what hcl says of e into a failed result. A reference to an
// object that was left out is the usual reason, and is named.
func (ev *evaluator) failure(e hclsyntax.Expression, diags hcl.Diagnostics, ops ...Result) Result {
	for _, o := range ops {
		if o.Dropped != nil {
			return failed(droppedError(e.Range(), o.Dropped))
		}
	}
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			return failed(diag.Error(e.Range(), d.Summary, "%s", d.Detail))
		}
	}
	return failed(diag.Bug(e.Range(), "An expression failed without an error message."))
}

// droppedSummary is what a reference to an object that is left out is called.
const droppedSummary = "Reference to an object that is not rendered"

func droppedError(rng hcl.Range, d *Drop) *hcl.Diagnostic {
	err := diag.Error(rng, droppedSummary,
		"%s does not exist with the chosen options: its count or for_each, at %s, is empty. Guard the reference with the same condition, or with try() or one().", d.Address, d.Range)
	err.Extra = leftOut{}
	return err
}

// leftOut is the Extra of an error about something that is not there under the
// chosen options.
type leftOut struct{}

// Fails says whether a result is an error whatever is there, and not because
// something is left out that nobody may need.
func (r Result) Fails() bool {
	if r.Err == nil {
		return false
	}
	_, ok := r.Err.Extra.(leftOut)
	return !ok
}

// finite says whether a value can be written down: HCL divides by zero to
// infinity, which has no literal.
func finite(v cty.Value) bool {
	ok := true
	v, _ = v.UnmarkDeep()
	_ = cty.Walk(v, func(_ cty.Path, e cty.Value) (bool, error) {
		if e.Type() == cty.Number && e.IsKnown() && !e.IsNull() && e.AsBigFloat().IsInf() {
			ok = false
		}
		return ok, nil
	})
	return ok
}

// firstErr returns the first failed result.
func firstErr(rs ...Result) (Result, bool) {
	for _, r := range rs {
		if r.Err != nil {
			return r, true
		}
	}
	return Result{}, false
}

func anySensitive(rs ...Result) bool {
	for _, r := range rs {
		if r.Sensitive {
			return true
		}
	}
	return false
}

// perhaps says whether results, of which some count as sensitive, need not be:
// what try does not come to may be what makes them so.
func perhaps(rs ...Result) bool {
	return anySensitive(rs...) && !slices.ContainsFunc(rs, func(r Result) bool { return r.Sensitive && !r.perhaps })
}

func (ev *evaluator) parentheses(e *hclsyntax.ParenthesesExpr, s *scope) Result {
	if lang.Elsewhere(e) {
		r := ev.eval(e.Expression, s.outside())
		r.Changed = true
		s.noteCapture(r, nil)
		return r
	}
	r := ev.eval(e.Expression, s)
	if r.Err != nil || !r.Changed {
		r.text, r.prec, r.heredoc = ev.sources.text(e.Range()), precTerm, ""
		return r
	}
	if r.heredoc != "" {
		r.heredoc = ""
	}
	if r.text == "" || r.prec == precTerm {
		return r
	}
	return r.rewritten(ev.sources.splice(e.Range(), []piece{{e.Expression.Range(), r.text}}), precTerm)
}

func (ev *evaluator) unary(e *hclsyntax.UnaryOpExpr, s *scope) Result {
	r := ev.eval(e.Val, s)
	if r.Err != nil {
		return r
	}
	if r.Known() {
		c := *e
		c.Val = lit(r.Val, e.Val.Range())
		v, diags := ev.native(&c)
		if diags != nil {
			return ev.failure(e, diags, r)
		}
		out := ev.fold(e, v, r)
		if !out.Changed {
			out.prec = precUnary
		}
		return out
	}
	out := residual(ev.sources.splice(e.Range(), []piece{{e.Val.Range(), r.operand(precUnary)}}), precUnary, e.Op.Type, r.Changed)
	out.Sensitive, out.perhaps, out.NotNull = r.Sensitive, r.perhaps, true
	return out
}

func binaryPrec(op *hclsyntax.Operation) int {
	switch op {
	case hclsyntax.OpLogicalOr:
		return precOr
	case hclsyntax.OpLogicalAnd:
		return precAnd
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		return precEqual
	case hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual:
		return precCompare
	case hclsyntax.OpAdd, hclsyntax.OpSubtract:
		return precAdd
	}
	return precMultiply
}

func (ev *evaluator) binary(e *hclsyntax.BinaryOpExpr, s *scope) Result {
	l, r := ev.eval(e.LHS, s), ev.eval(e.RHS, s)
	if isLogic(e.Op) {
		// Releases of Terraform differ in whether they evaluate a side when the other
		// one decides, and try and can tell.
		strict := s.isStrict()
		if r.Err != nil && (!l.Known() || l.Sensitive || strict && determines(e.Op, l)) {
			r = ev.failedArm(e.RHS, r, s)
		}
		if l.Err != nil && (!r.Known() || strict && determines(e.Op, r)) {
			l = ev.failedArm(e.LHS, l, s)
		}
		if out, ok := ev.shortCircuit(e, l, r, s); ok {
			return out
		}
	}
	if bad, ok := firstErr(l, r); ok {
		return bad
	}
	if l.Known() && r.Known() {
		c := *e
		c.LHS, c.RHS = lit(l.Val, e.LHS.Range()), lit(r.Val, e.RHS.Range())
		v, diags := ev.native(&c)
		if diags != nil {
			return ev.failure(e, diags, l, r)
		}
		if finite(v) {
			out := ev.fold(e, v, l, r)
			if !out.Changed {
				out.prec = binaryPrec(e.Op)
			}
			return out
		}
	}
	ev.doubtEqual(e, l, r)
	if out, ok := ev.equality(e, l, r, s); ok {
		return out
	}
	prec := binaryPrec(e.Op)
	lt, rt := l.operand(prec), r.operand(prec+1)
	if prec == precEqual {
		lt, rt = ev.putCompared(e.LHS, l, prec), ev.putCompared(e.RHS, r, prec+1)
		if unlike(e, l, r) { // kept for try or can
			lt, rt = typedOperand(l, lt), typedOperand(r, rt)
		}
		if encoded(l, r) {
			lt, rt = "jsonencode("+l.Text()+")", "jsonencode("+r.Text()+")"
		}
	}
	out := residual(ev.sources.splice(e.Range(), []piece{{e.LHS.Range(), lt}, {e.RHS.Range(), rt}}), prec, e.Op.Type, l.Changed || r.Changed)
	out.Sensitive, out.perhaps, out.NotNull = anySensitive(l, r), perhaps(l, r), true
	return out
}

// encoded says whether two collections of one type must be compared by their
// JSON: what one of them was replaced by is a tuple or object, whose type differs
// from a list's or a map's, and then Terraform finds even equal ones different.
func encoded(l, r Result) bool {
	if !honest(l) || !honest(r) || !l.Changed && !r.Changed || !sureType(l.Type) || !sureType(r.Type) || l.Type.IsPrimitiveType() || !l.Type.Equals(r.Type) || l.IsNull() || r.IsNull() {
		return false
	}
	return !l.exactText() || !r.exactText()
}

// honest says whether the type of a result is the one that the template gave it.
func honest(r Result) bool {
	switch {
	case r.Known() || r.declared || r.Type.IsPrimitiveType():
		return true
	case r.Tuple:
		return !slices.ContainsFunc(r.Elems, func(e Result) bool { return !honest(e) })
	case r.Attrs != nil:
		for _, a := range r.Attrs {
			if !honest(a) {
				return false
			}
		}
		return true
	}
	return !r.guessed && isReference(r.text)
}

// unlike says whether e compares a collection with a literal of another type, as
// in var.names == []: a list never equals a tuple. What the list was replaced by
// may be a tuple, so the comparison cannot stay.
func unlike(e *hclsyntax.BinaryOpExpr, l, r Result) bool {
	if binaryPrec(e.Op) != precEqual {
		return false
	}
	if l.Known() {
		l, r = r, l
	}
	return l.declared && (l.loose || l.mixes()) && r.Known() && !r.IsNull() && !r.Sensitive && sureType(l.Type) && !l.Type.Equals(r.Type)
}

// exactText says whether the text of a result has the very type that the result
// has.
func (r Result) exactText() bool {
	if !r.Known() {
		return !r.loose && isReference(r.text)
	}
	return !r.vague()
}

// vague says whether a constant has no text of just its type: an empty list or
// map whose members have a type, or one in it.
func (r Result) vague() bool {
	if !r.Known() || !r.Changed || r.Type.IsPrimitiveType() {
		return false
	}
	v, _ := r.Val.UnmarkDeep()
	_, made := spelling(v, exactly, wholly)
	return !made.RawEquals(v)
}

// emptyTest compares with a constant empty list or map by length: HCL has no
// literal for an empty collection that has an element type.
func (ev *evaluator) emptyTest(e *hclsyntax.BinaryOpExpr, l, r Result) (Result, bool) {
	if binaryPrec(e.Op) != precEqual {
		return Result{}, false
	}
	if l.Known() {
		l, r = r, l
	}
	if l.Known() || l.guessed || !honest(l) || !r.Known() || !r.Changed || r.Val.IsNull() || r.Val.IsMarked() || !(r.Type.IsListType() || r.Type.IsMapType()) || r.Val.LengthInt() > 0 || !l.Type.Equals(r.Type) {
		return Result{}, false
	}
	length := "length(" + l.Text() + ")"
	if !l.NotNull {
		length = "try(" + length + ", -1)"
	}
	out := residual(length+" == 0", precEqual, cty.Bool, true)
	if e.Op == hclsyntax.OpNotEqual {
		out.text = length + " != 0"
	}
	out.Sensitive = l.Sensitive
	return out, true
}

// knownBool returns the truth value of a known result that is one.
func knownBool(r Result) (value, ok bool) {
	if !r.Known() || r.Val.IsNull() || !r.Val.IsKnown() {
		return false, false
	}
	v, _ := r.Val.Unmark()
	switch {
	case v.Type() == cty.Bool:
		return v.True(), true
	case v.Type() == cty.String && (v.AsString() == "true" || v.AsString() == "false"):
		return v.AsString() == "true", true
	}
	return false, false
}

func (ev *evaluator) conditional(e *hclsyntax.ConditionalExpr, s *scope) Result {
	cond := ev.eval(e.Condition, s)
	if cond.Err != nil {
		return cond
	}
	if b, ok := knownBool(cond); ok && !cond.Sensitive {
		taken, other := e.TrueResult, e.FalseResult
		if !b {
			taken, other = other, taken
		}
		return ev.branch(e, taken, other, cond, s)
	}
	t, f := ev.arm(e.TrueResult, s), ev.arm(e.FalseResult, s)
	if bad, ok := firstErr(t, f); ok {
		return bad
	}
	if cond.Known() && t.Known() && f.Known() {
		c := *e
		c.Condition, c.TrueResult, c.FalseResult = lit(cond.Val, e.Condition.Range()), lit(t.Val, e.TrueResult.Range()), lit(f.Val, e.FalseResult.Range())
		v, diags := ev.native(&c)
		if diags != nil {
			return ev.failure(e, diags, cond, t, f)
		}
		return ev.fold(e, v, cond, t, f)
	}
	if inconsistent(t, f) {
		return failed(inconsistentArms(e))
	}
	ev.doubt(e, t, f)
	t, f = ev.alike(e, t, f)
	tt, ft := ev.putArm(e.TrueResult, t, f, precOr), ev.putArm(e.FalseResult, f, t, precConditional)
	if ev.asked(e) == converts && (!ev.agree(e, t, f) || t.Type.IsListType() && f.Type.IsSetType() || t.Type.IsSetType() && f.Type.IsListType()) {
		tt, ft = speltOperand(t, precOr), speltOperand(f, precConditional)
	}
	text := ev.sources.splice(e.Range(), []piece{{e.Condition.Range(), cond.operand(precOr)}, {e.TrueResult.Range(), tt}, {e.FalseResult.Range(), ft}})
	out := residual(text, precConditional, commonType(t, f), cond.Changed || t.Changed || f.Changed)
	out.Sensitive, out.perhaps = anySensitive(cond, t, f), perhaps(cond, t, f)
	if !slices.ContainsFunc([]Result{cond, t, f}, topSensitive) { // what is in an arm comes with it alone
		out.inside, out.perhaps = out.Sensitive, out.perhaps || t.Sensitive != f.Sensitive
	}
	out.NotNull = t.NotNull && f.NotNull
	out.exact = ev.asked(e) > converts
	out.declared = sureType(out.Type) && honest(t) && honest(f)
	out.loose = !out.exact && (t.loosens() || f.loosens())
	return out
}

// agree says whether the arms of a conditional still have a type in common, now
// that a list in them may have become a tuple.
func (ev *evaluator) agree(e *hclsyntax.ConditionalExpr, t, f Result) bool {
	if !t.Changed && !f.Changed {
		return true
	}
	if risky(t) || risky(f) {
		return false
	}
	tv, fv := sample(t), sample(f)
	if tv == cty.NilVal || fv == cty.NilVal {
		return true
	}
	for _, b := range []cty.Value{cty.True, cty.False} {
		c := *e
		c.Condition, c.TrueResult, c.FalseResult = lit(b, e.Condition.Range()), lit(tv, e.TrueResult.Range()), lit(fv, e.FalseResult.Range())
		if _, diags := ev.native(&c); diags != nil {
			return false
		}
	}
	return true
}

// risky says whether a list or map of objects with lists in them may have become
// a tuple whose elements differ in type.
func risky(r Result) bool {
	if r.Known() && !r.Changed || !r.Known() && !r.loose || !r.Type.IsListType() && !r.Type.IsMapType() || !r.Type.ElementType().IsObjectType() {
		return false
	}
	for _, t := range r.Type.ElementType().AttributeTypes() {
		if !t.IsPrimitiveType() {
			return true
		}
	}
	return false
}

// sample returns a value of the type that the text of a result has, NilVal when
// that type is not known.
func sample(r Result) cty.Value {
	switch {
	case r.Known() && !r.Changed:
		return r.Val
	case r.Known():
		v, _ := r.Val.UnmarkDeep()
		return loosened(v)
	case r.Tuple:
		vals := make([]cty.Value, len(r.Elems))
		for i, e := range r.Elems {
			if vals[i] = sample(e); vals[i] == cty.NilVal {
				return cty.NilVal
			}
		}
		return cty.TupleVal(vals)
	case r.source != "":
		return cty.NilVal
	case r.Attrs != nil:
		vals := map[string]cty.Value{}
		for k, a := range r.Attrs {
			if vals[k] = sample(a); vals[k] == cty.NilVal {
				return cty.NilVal
			}
		}
		return cty.ObjectVal(vals)
	case sureType(r.Type) && (r.Type.IsPrimitiveType() || r.exactText()):
		return cty.UnknownVal(r.Type)
	}
	return cty.NilVal
}

// loosened returns what the literal of v evaluates to.
func loosened(v cty.Value) cty.Value {
	t := v.Type()
	switch {
	case v.IsNull():
		return cty.NullVal(cty.DynamicPseudoType)
	case t.IsListType() || t.IsTupleType():
		var vals []cty.Value
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			vals = append(vals, loosened(e))
		}
		return cty.TupleVal(vals)
	case t.IsMapType() || t.IsObjectType():
		vals := map[string]cty.Value{}
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			vals[k.AsString()] = loosened(e)
		}
		return cty.ObjectVal(vals)
	}
	return v
}

// arm evaluates an expression that may never be evaluated when the module is
// applied: an arm of a conditional that cannot be decided, the body of a loop
// over what is not known. That it fails is only an error when it is, so a
// constant expression in it that fails stays as it is.
func (ev *evaluator) arm(x hclsyntax.Expression, s *scope) Result {
	return ev.failedArm(x, ev.eval(x, s), s)
}

// failedArm is arm for what has been evaluated and may have failed.
func (ev *evaluator) failedArm(x hclsyntax.Expression, r Result, s *scope) Result {
	if r.Err == nil || ev.purse().Fault() != nil {
		return r
	}
	if text := ev.verbatim(x, s); text.Err == nil {
		return text
	}
	return r
}

// evalIn is eval, or arm where the scope is tentative.
func (ev *evaluator) evalIn(x hclsyntax.Expression, s *scope) Result {
	if s.isTentative() {
		return ev.arm(x, s)
	}
	return ev.eval(x, s)
}

// branch returns the branch that a known condition takes, converted to the
// type that both branches have in common, as the conditional would.
func (ev *evaluator) branch(e *hclsyntax.ConditionalExpr, taken, other hclsyntax.Expression, cond Result, s *scope) Result {
	r := ev.eval(taken, s)
	if r.Err != nil {
		return r
	}
	toggle := isToggle(e.TrueResult) && isToggle(e.FalseResult)
	o := ev.eval(other, s)
	if (!r.Known() || !o.Known()) && !(o.IsNull() && o.Type == cty.DynamicPseudoType) {
		ev.doubt(e, r, o)
	}
	if o.Fails() && ev.asked(e) > converts && open(r) {
		if kept := ev.failedArm(other, o, s); kept.Err == nil {
			return ev.heldOpen(e, taken, r, kept)
		}
	}
	if s.isStrict() && mayDisagree(r, o) || ev.undecided(e, r, o, s) || o.perhaps && veils(o, r) {
		return ev.heldOpen(e, taken, r, o)
	}
	if inconsistent(r, o) {
		return failed(inconsistentArms(e))
	}
	switch {
	case o.Fails() && isText(other):
		if c, err := coerce(r, cty.String, nil); err == nil {
			r = c
		}
	case r.Known():
		r = ev.constantBranch(e, taken, other, r, o)
		if r.Err != nil {
			return r
		}
		if r.Dropped == nil && !cond.Changed && !r.Changed && o.Known() && !o.Changed {
			r.text = ev.sources.text(e.Range())
			r.prec = precConditional
			r.Switch = toggle
			return r
		}
	case o.Err == nil && o.Dropped == nil && (!o.IsNull() || o.Type != cty.DynamicPseudoType):
		r = common(r, o, ev.asked(e))
	}
	if veils(o, r) {
		r = veilWhole(r)
	}
	r.Changed = true
	r.Switch = toggle
	return r
}

// isText says whether an expression is a string, even where it fails.
func isText(x hclsyntax.Expression) bool {
	_, ok := bare(x).(*hclsyntax.TemplateExpr)
	return ok
}

// constantBranch converts the constant branch r to the type that it has in common
// with the other branch.
func (ev *evaluator) constantBranch(e *hclsyntax.ConditionalExpr, taken, other hclsyntax.Expression, r, o Result) Result {
	want := r.Val
	switch {
	case o.Err != nil || o.Dropped != nil:
	case o.Known():
		c := *e
		c.Condition, c.TrueResult, c.FalseResult = lit(cty.True, e.Condition.Range()), lit(r.Val, taken.Range()), lit(o.Val, other.Range())
		v, diags := ev.native(&c)
		if diags != nil {
			return ev.failure(e, diags, r, o)
		}
		want = v
	default:
		if t := commonType(r, o); sureType(t) {
			if v, err := convertUnmarked(r.Val, t); err == nil {
				want = v
			}
		}
	}
	if !want.RawEquals(r.Val) {
		return knownResult(want)
	}
	return r
}

// undecided says whether the type of a decided conditional rests on an arm of
// which something is not known, and the consumer sees it: a number beside what may
// be a string becomes one, and so do the members of a list(any) beside a list of
// strings. An arm that may fail has no type when it does.
func (ev *evaluator) undecided(e *hclsyntax.ConditionalExpr, r, o Result, s *scope) bool {
	empty := ev.asked(e) == precisely || ev.asked(e) > converts && ev.demands().arms[e] // the type of what is empty shows
	switch {
	case ev.asked(e) == converts || o.Err != nil || o.Dropped != nil || r.IsNull() || o.IsNull() || r.Known() && o.Known():
		return false
	case r.ofAny():
		return !o.isBare()
	case (open(o) || o.guessed && (empty || r.Type.IsSetType())) && !o.Known():
		if r.Type.IsMapType() && o.members != nil && honest(r) && r.Type.ElementType().Equals(*o.members) {
			return false // it is made like r, if it is not like it
		}
		return open(r) || holdsPlain(r.Type) || (empty || r.Type.IsSetType()) && !r.Type.IsPrimitiveType()
	case (open(r) || r.guessed && (empty || o.Type.IsSetType())) && !r.Known():
		return changesWith(r, o, empty)
	}
	return !o.Known() && !ev.sure(o, s) && (empty || !r.isBare()) && !r.Type.Equals(unifyTypes(r.Type, o.Type))
}

// changesWith says whether the type of an arm of which something is open may be
// another beside o; empty says that the type of what is empty shows.
func changesWith(r, o Result, empty bool) bool {
	if !empty && r.members != nil && (o.Type.IsMapType() && honest(o) || o.Type.IsListType()) && o.Type.ElementType().Equals(*r.members) {
		return false // whatever it is, its members are like those of o
	}
	return !o.Type.IsPrimitiveType() && (!o.isBare() || empty || !r.Tuple && r.Attrs == nil && (!isReference(r.text) || strings.HasPrefix(r.text, "local.")) && (r.members == nil || *r.members != cty.String))
}

// open says whether something of the type of a result is open.
func open(r Result) bool { return !sureType(r.Type) || r.guessed && holdsPlain(r.Type) }

// inconsistent says whether two arms have no type in common, whatever their values
// are: Terraform refuses that whichever it takes.
func inconsistent(r, o Result) bool {
	if r.Err != nil || o.Err != nil || r.Dropped != nil || o.Dropped != nil || !sureType(r.Type) || !sureType(o.Type) || !honest(r) || !honest(o) {
		return false
	}
	t, _ := convert.UnifyUnsafe([]cty.Type{r.Type, o.Type})
	return t == cty.NilType
}

func inconsistentArms(e *hclsyntax.ConditionalExpr) *hcl.Diagnostic {
	return diag.Error(hcl.RangeBetween(e.TrueResult.Range(), e.FalseResult.Range()), "Inconsistent conditional result types", "The true and false result expressions must have consistent types.")
}

// commonType returns what is known of the type of a conditional with the arms t
// and f: a null takes that of the other arm.
func commonType(t, f Result) cty.Type {
	switch {
	case t.IsNull() && t.Type == cty.DynamicPseudoType:
		return f.Type
	case f.IsNull() && f.Type == cty.DynamicPseudoType:
		return t.Type
	}
	return unifyTypes(t.Type, f.Type)
}

// ofAny says whether a result is a list, set or map whose members are alike, but
// nothing says what they are: a list(any).
func (r Result) ofAny() bool {
	return !r.Known() && r.Type.IsCollectionType() && !sureType(r.Type) && (r.declared || isReference(r.text))
}

// isBare says whether a constant has no members, which could make others alike.
func (r Result) isBare() bool {
	v, _ := r.Val.Unmark()
	return r.Known() && !r.IsNull() && v.IsKnown() && v.CanIterateElements() && v.LengthInt() == 0
}

// holdsPlain says whether numbers or bools are in something of type t, which may
// become strings where it is made like another value.
func holdsPlain(t cty.Type) bool {
	switch {
	case t == cty.NilType:
		return false
	case t == cty.Number || t == cty.Bool:
		return true
	case t.IsCollectionType():
		return holdsPlain(t.ElementType())
	case t.IsTupleType():
		return slices.ContainsFunc(t.TupleElementTypes(), holdsPlain)
	case t.IsObjectType():
		for _, a := range t.AttributeTypes() {
			if holdsPlain(a) {
				return true
			}
		}
	}
	return false
}

// heldOpen leaves a decided conditional as it is written, for the sake of its
// type.
func (ev *evaluator) heldOpen(e *hclsyntax.ConditionalExpr, taken hclsyntax.Expression, r, o Result) Result {
	cond, t, f := "true", r, o
	if taken != e.TrueResult {
		cond, t, f = "false", o, r
	}
	out := residual(ev.sources.splice(e.Range(), []piece{{e.Condition.Range(), cond}, {e.TrueResult.Range(), ev.putHeld(e.TrueResult, t, precOr)}, {e.FalseResult.Range(), ev.putHeld(e.FalseResult, f, precConditional)}}), precConditional, cty.DynamicPseudoType, true)
	out.Sensitive, out.perhaps, out.NotNull = anySensitive(r, o), perhaps(r, o), r.NotNull
	return out
}

// putHeld is putOperand for an arm that is there for its type.
func (ev *evaluator) putHeld(x hclsyntax.Expression, r Result, prec int) string {
	switch {
	case ev.asked(x) == converts:
	case r.isEmpty():
		return r.empty()
	case r.isHollow():
		return r.spelt(precisely)
	}
	return ev.putOperand(x, r, prec)
}

// common converts the branch r that is taken to the type that it has in common
// with the other branch.
func common(r, o Result, d demand) Result {
	other := o.Type
	if other == cty.String && mayDiffer(r.Type) {
		return wrapCall("tostring", r, cty.String)
	}
	t := unifyTypes(r.Type, other)
	if o.Known() && sureType(r.Type) { // an empty list says nothing of its members
		t, _ = convert.UnifyUnsafe([]cty.Type{r.Type, other})
	}
	if d >= exactly && other.IsMapType() && other.ElementType() == cty.String && r.Type.IsMapType() && mayDiffer(r.Type.ElementType()) {
		r.Type, t = cty.Map(cty.DynamicPseudoType), other
	} else if !sureType(r.Type) {
		return r
	}
	if !sureType(t) || t.Equals(r.Type) {
		return r
	}
	if out, err := coerce(r, t, nil); err == nil {
		return out
	}
	return r
}

// mayDiffer says whether a residual of type t may turn out to be something that
// converts to a string but is none.
func mayDiffer(t cty.Type) bool {
	return t == cty.DynamicPseudoType || t == cty.Number || t == cty.Bool
}

// isToggle says whether a branch is 0, 1 or again a choice between them.
func isToggle(e hclsyntax.Expression) bool {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.Val.Type() == cty.Number && !e.Val.IsNull() && (e.Val.RawEquals(cty.Zero) || e.Val.RawEquals(cty.NumberIntVal(1)))
	case *hclsyntax.ParenthesesExpr:
		return isToggle(e.Expression)
	case *hclsyntax.ConditionalExpr:
		return isToggle(e.TrueResult) && isToggle(e.FalseResult)
	}
	return false
}

// wrapCall returns fn(r).
func wrapCall(fn string, r Result, typ cty.Type) Result {
	out := residual(fn+"("+r.Text()+")", precTerm, typ, true)
	out.Sensitive, out.perhaps, out.NotNull = r.Sensitive, r.perhaps, r.NotNull
	return out
}
