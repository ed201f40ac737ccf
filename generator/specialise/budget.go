package specialise

import (
	"context"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
)

// spending is the part of an evaluator that keeps evaluation within bounds. Its
// zero value takes a budget of its own.
type spending struct {
	budget *budget.Budget
	depth  int
	loops  map[string]Result // what for expressions inside of others became
	apart  *budget.Budget    // that of all rehearsals
}

// purse returns the budget.
func (sp *spending) purse() *budget.Budget {
	if sp.budget == nil {
		sp.budget = budget.New(context.Background(), "an expression")
	}
	return sp.budget
}

// aside returns a budget for one rehearsal. All of a component have one together: a
// component that takes more is rehearsed no further.
func (sp *spending) aside() *budget.Budget {
	if sp.apart == nil {
		sp.apart = sp.purse().Apart("a rehearsal")
	}
	return sp.apart.Part("a rehearsal")
}

// eval returns what the expression becomes in the scope. It never panics for
// bad input; what cannot be evaluated comes back as a Result with Err. When the
// budget is spent everything fails, with its fault.
func (ev *evaluator) eval(expr hclsyntax.Expression, s *scope) Result {
	b := ev.purse()
	if fault := b.Step(expr); fault != nil {
		return failed(fault)
	}
	ev.depth++
	defer func() { ev.depth-- }()
	if fault := b.Deep(ev.depth, expr); fault != nil {
		return failed(fault)
	}
	var r Result
	if loop, ok := expr.(*hclsyntax.ForExpr); ok {
		r = ev.loop(loop, s)
	} else {
		r = ev.evaluate(expr, s)
	}
	if fault := ev.pay(expr, r); fault != nil {
		return failed(fault)
	}
	return r
}

// result is what a Result takes in memory beside its value.
const result = 192

// pay takes the cost of a result from the budget.
func (ev *evaluator) pay(expr hclsyntax.Expression, r Result) *hcl.Diagnostic {
	b := ev.purse()
	switch {
	case b.Fault() != nil || r.Err != nil:
		return b.Fault()
	case !r.Known() && r.Changed:
		return b.Make(len(r.text), expr)
	case !r.Known():
		return nil
	}
	made := true
	switch expr.(type) {
	case *hclsyntax.ForExpr, *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr:
		// Each member was a Result on the way.
		if v, _ := r.Val.Unmark(); !v.IsNull() && v.IsKnown() {
			if fault := b.Make(result*v.LengthInt(), expr); fault != nil {
				return fault
			}
		}
	case *hclsyntax.ScopeTraversalExpr, *hclsyntax.RelativeTraversalExpr, *hclsyntax.IndexExpr, *hclsyntax.ParenthesesExpr, *hclsyntax.ConditionalExpr, *hclsyntax.AnonSymbolExpr:
		made = false // of what is there
	}
	return b.Value(r.Val, made, expr)
}

// unrolled takes what it costs to write a block once for each member of a value.
func (ev *evaluator) unrolled(v cty.Value, b *hclsyntax.Block) *hcl.Diagnostic {
	const block = 1024
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return nil
	}
	return ev.purse().Make(block*v.LengthInt(), b)
}

// part takes the cost of one part of a template, which may stand in a loop.
func (ev *evaluator) part(p hclsyntax.Expression) *Result {
	if fault := ev.purse().Make(result, p); fault != nil {
		bad := failed(fault)
		return &bad
	}
	return nil
}

// toll takes what a call costs before it is made.
func (ev *evaluator) toll(e *hclsyntax.FunctionCallExpr, args []Result) *hcl.Diagnostic {
	vals := make([]cty.Value, len(args))
	for i, a := range args {
		vals[i] = a.Val
	}
	return ev.purse().Call(e.Name, vals, e)
}

// loop is forExpr, but in the midst of other loops one that comes with the same
// values again is not evaluated again: a loop is evaluated for each element, and
// once more for its text, so that loops in loops would double at each level.
func (ev *evaluator) loop(e *hclsyntax.ForExpr, s *scope) Result {
	if s.loops() < 2 {
		return ev.forExpr(e, s)
	}
	key := ev.loopKey(e, s)
	if r, ok := ev.loops[key]; ok {
		return r
	}
	r := ev.forExpr(e, s)
	// What is inlined may have been captured by a name of this very scope.
	if r.Err == nil && (r.Known() && r.text == "" || !r.Changed) {
		if ev.loops == nil {
			ev.loops = map[string]Result{}
		}
		ev.loops[key] = r
	}
	return r
}

// loopKey writes down what a for expression depends on: where it stands and what
// the names in it mean there.
func (ev *evaluator) loopKey(e *hclsyntax.ForExpr, s *scope) string {
	rng := e.Range()
	var key strings.Builder
	key.WriteString(rng.Filename + "\x00" + strconv.Itoa(rng.Start.Byte) + "\x00" + strconv.FormatBool(s.isStrict()) + strconv.FormatBool(s.isTentative()))
	for _, ref := range hclsyntax.Variables(e) {
		if r, bound := s.find(ref.RootName()); bound != nil {
			key.WriteString("\x00" + ref.RootName() + "=")
			r.Fingerprint(&key)
		}
	}
	return key.String()
}

// loops returns how many scopes with names there are around an expression.
func (s *scope) loops() int {
	n := 0
	for ; s != nil; s = s.parent {
		if len(s.names) > 0 {
			n++
		}
	}
	return n
}

// spent returns why a specialisation ended early, and nothing else: what was
// evaluated afterwards failed for that reason, in whatever words.
func spent(b *budget.Budget, diags hcl.Diagnostics) hcl.Diagnostics {
	if fault := b.Fault(); fault != nil {
		return hcl.Diagnostics{fault}
	}
	return diags
}
