package budget

import (
	"errors"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Constant returns the value of an expression without names, as x.Value(nil)
// does, within a budget of its own.
func Constant(x hcl.Expression) (cty.Value, hcl.Diagnostics) {
	return constant().Constant(x)
}

// Constant returns the value of an expression without names. One that is written
// out takes nothing from the budget, for it is no longer than the file that it
// stands in.
func (b *Budget) Constant(x hcl.Expression) (cty.Value, hcl.Diagnostics) {
	switch e := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		if Sane(e.Val) {
			return e.Val, nil
		}
	case *hclsyntax.TemplateExpr:
		if e.IsStringLiteral() {
			return e.Value(nil)
		}
	}
	return b.Evaluate(x, nil)
}

// Evaluate is x.Value(ctx) within the budget.
func (b *Budget) Evaluate(x hcl.Expression, ctx *hcl.EvalContext) (v cty.Value, diags hcl.Diagnostics) {
	if fault := b.Step(x); fault != nil {
		return cty.DynamicVal, hcl.Diagnostics{fault}
	}
	if node, ok := x.(hclsyntax.Expression); ok {
		m := meter{b: b}
		x = m.expression(node)
		if b.fault != nil {
			return cty.DynamicVal, hcl.Diagnostics{b.fault}
		}
		ctx = m.functions(ctx)
	}
	defer func() {
		// hcl itself cannot be stopped in a loop.
		switch r := recover(); {
		case r == nil:
		case r == any(errStopped):
			v, diags = cty.DynamicVal, hcl.Diagnostics{b.fault}
		default:
			panic(r)
		}
	}()
	v, diags = x.Value(ctx)
	return b.weighed(v, diags, x)
}

// weighed returns a value, or why it is too large.
func (b *Budget) weighed(v cty.Value, diags hcl.Diagnostics, at Place) (cty.Value, hcl.Diagnostics) {
	if fault := b.Value(v, true, at); fault != nil {
		return cty.DynamicVal, hcl.Diagnostics{fault}
	}
	return v, diags
}

// errStopped is what ends a loop of hcl's.
var errStopped = errors.New("the budget is spent")

// A meter prepares an expression: what is evaluated many times, or can grow,
// takes from the budget.
type meter struct {
	b     *Budget
	calls []string // the functions that are called
}

// counted is an expression that takes from the budget.
type counted struct {
	hclsyntax.Expression
	b *Budget
}

// Value implements hcl.Expression.
func (c counted) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if c.b.spend(turn, 0, c) != nil {
		panic(errStopped)
	}
	v, diags := c.Expression.Value(ctx)
	if c.b.Value(v, true, c) != nil {
		panic(errStopped)
	}
	return v, diags
}

// turn is what a turn of one of hcl's loops takes, in steps.
const turn = 2

func (m *meter) count(x hclsyntax.Expression) hclsyntax.Expression {
	if x == nil {
		return nil
	}
	return counted{m.expression(x), m.b}
}

func (m *meter) all(xs []hclsyntax.Expression) []hclsyntax.Expression {
	out := slices.Clone(xs)
	for i, x := range out {
		out[i] = m.expression(x)
	}
	return out
}

// expression returns a copy of x in which the bodies of loops, and what makes
// numbers large, are counted. What needs no counting is not copied.
func (m *meter) expression(x hclsyntax.Expression) hclsyntax.Expression {
	if m.b.Step(x) != nil {
		return x
	}
	switch e := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		if !Sane(e.Val) && m.b.wild(e) != nil {
			return x
		}
	case *hclsyntax.ForExpr:
		c := *e
		c.CollExpr = m.expression(e.CollExpr)
		c.KeyExpr, c.ValExpr, c.CondExpr = m.count(e.KeyExpr), m.count(e.ValExpr), m.count(e.CondExpr)
		return &c
	case *hclsyntax.FunctionCallExpr:
		c := *e
		if catches(e.Name) {
			// cty evaluates their arguments twice, to learn the type.
			c.Args = slices.Clone(e.Args)
			for i, x := range e.Args {
				c.Args[i] = m.count(x)
			}
			return &c
		}
		c.Args = m.all(e.Args)
		m.calls = append(m.calls, e.Name)
		return &c
	case *hclsyntax.BinaryOpExpr:
		c := *e
		c.LHS, c.RHS = m.expression(e.LHS), m.expression(e.RHS)
		if e.Op == hclsyntax.OpMultiply || e.Op == hclsyntax.OpDivide {
			return counted{&c, m.b}
		}
		return &c
	case *hclsyntax.TemplateExpr:
		if e.IsStringLiteral() {
			return e
		}
		c := *e
		c.Parts = m.all(e.Parts)
		return &c
	}
	return m.wrapping(x)
}

// catches says whether a function evaluates its arguments itself.
func catches(name string) bool {
	name = strings.TrimPrefix(name, "core::")
	return name == "try" || name == "can"
}

// wrapping is expression for nodes that only hold others.
func (m *meter) wrapping(x hclsyntax.Expression) hclsyntax.Expression {
	switch e := x.(type) {
	case *hclsyntax.TemplateJoinExpr:
		c := *e
		c.Tuple = m.expression(e.Tuple)
		return &c
	case *hclsyntax.TemplateWrapExpr:
		c := *e
		c.Wrapped = m.expression(e.Wrapped)
		return &c
	case *hclsyntax.ParenthesesExpr:
		c := *e
		c.Expression = m.expression(e.Expression)
		return &c
	case *hclsyntax.ConditionalExpr:
		c := *e
		c.Condition, c.TrueResult, c.FalseResult = m.expression(e.Condition), m.expression(e.TrueResult), m.expression(e.FalseResult)
		return &c
	case *hclsyntax.IndexExpr:
		c := *e
		c.Collection, c.Key = m.expression(e.Collection), m.expression(e.Key)
		return &c
	case *hclsyntax.TupleConsExpr:
		c := *e
		c.Exprs = m.all(e.Exprs)
		return &c
	case *hclsyntax.ObjectConsExpr:
		c := *e
		c.Items = slices.Clone(e.Items)
		for i, item := range c.Items {
			c.Items[i] = hclsyntax.ObjectConsItem{KeyExpr: m.expression(item.KeyExpr), ValueExpr: m.expression(item.ValueExpr)}
		}
		return &c
	case *hclsyntax.ObjectConsKeyExpr:
		c := *e
		if _, name := e.Wrapped.(*hclsyntax.ScopeTraversalExpr); !name {
			c.Wrapped = m.expression(e.Wrapped)
		}
		return &c
	case *hclsyntax.SplatExpr:
		c := *e
		c.Source = m.expression(e.Source)
		return &c
	case *hclsyntax.RelativeTraversalExpr:
		c := *e
		c.Source = m.expression(e.Source)
		return &c
	case *hclsyntax.UnaryOpExpr:
		c := *e
		c.Val = m.expression(e.Val)
		return &c
	}
	return x
}

// functions returns a context in which the functions that the expression calls
// take from the budget.
func (m *meter) functions(ctx *hcl.EvalContext) *hcl.EvalContext {
	if ctx == nil || len(m.calls) == 0 {
		return ctx
	}
	child := ctx.NewChild()
	child.Functions = map[string]function.Function{}
	for _, name := range m.calls {
		for c := ctx; c != nil; c = c.Parent() {
			if f, ok := c.Functions[name]; ok {
				child.Functions[name] = m.b.function(name, f)
				break
			}
		}
	}
	if len(child.Functions) == 0 {
		return ctx
	}
	return child
}

// function returns f with its cost taken. The original decides what it makes of
// unknown, null and marked values.
func (b *Budget) function(name string, f function.Function) function.Function {
	if c, ok := b.calls[name]; ok && c.f == f {
		return c.counted
	}
	open := func(p function.Parameter) function.Parameter {
		p.AllowNull, p.AllowUnknown, p.AllowDynamicType, p.AllowMarked = true, true, true, true
		return p
	}
	spec := &function.Spec{Description: f.Description()}
	for _, p := range f.Params() {
		spec.Params = append(spec.Params, open(p))
	}
	if v := f.VarParam(); v != nil {
		p := open(*v)
		spec.VarParam = &p
	}
	// cty asks for the type and then, at once, for the value. Many functions do all
	// their work for the type, so the value is made with it.
	var made cty.Value
	spec.Type = func(args []cty.Value) (cty.Type, error) {
		if b.Call(name, args, nowhere{}) != nil {
			return cty.DynamicPseudoType, errStopped
		}
		v, err := f.Call(args)
		if err != nil {
			return cty.DynamicPseudoType, err
		}
		made = v
		return v.Type(), nil
	}
	spec.Impl = func([]cty.Value, cty.Type) (cty.Value, error) {
		v := made
		made = cty.NilVal // nothing of it is kept
		if b.Value(v, true, nowhere{}) != nil {
			return cty.DynamicVal, errStopped
		}
		return v, nil
	}
	counted := function.New(spec)
	if b.calls == nil {
		b.calls = map[string]call{}
	}
	b.calls[name] = call{f, counted}
	return counted
}

// A call is a function, and the one that takes from the budget in its place.
type call struct{ f, counted function.Function }

// nowhere is the place of a call that hcl makes.
type nowhere struct{}

// Range implements Place.
func (nowhere) Range() hcl.Range { return hcl.Range{} }
