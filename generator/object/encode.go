package object

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// An encoder writes one tree, each node as its kind and its fields in the order
// in which the decoder reads them. The first error stays.
type encoder struct {
	out     []byte
	last    hcl.Pos                     // start of the last range, which the next one is near to
	symbols []*hclsyntax.AnonSymbolExpr // of the splats around the node
	err     error
}

func (e *encoder) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}

func (e *encoder) byte(b byte)     { e.out = append(e.out, b) }
func (e *encoder) int(n int)       { e.out = binary.AppendVarint(e.out, int64(n)) }
func (e *encoder) uint(n int)      { e.out = binary.AppendUvarint(e.out, uint64(n)) } //nolint:gosec // Lengths, never negative.
func (e *encoder) string(s string) { e.out = appendString(e.out, s) }

func appendString(out []byte, s string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(s))), s...)
}

func (e *encoder) bool(b bool) {
	if b {
		e.byte(1)
		return
	}
	e.byte(0)
}

// rng writes a range, mostly in six small numbers.
func (e *encoder) rng(r hcl.Range) {
	e.int(r.Start.Line - e.last.Line)
	e.int(r.Start.Byte - e.last.Byte)
	e.uint(r.Start.Column)
	e.int(r.End.Line - r.Start.Line)
	e.int(r.End.Byte - r.Start.Byte)
	e.uint(r.End.Column)
	e.last = r.Start
}

func (e *encoder) body(b *hclsyntax.Body) {
	e.rng(b.SrcRange)
	e.rng(b.EndRange)
	e.uint(len(b.Attributes))
	// In the order of the source, so that ranges are near to each other.
	attributes := slices.SortedFunc(maps.Values(b.Attributes), func(x, y *hclsyntax.Attribute) int {
		return x.SrcRange.Start.Byte - y.SrcRange.Start.Byte
	})
	for _, a := range attributes {
		e.string(a.Name)
		e.rng(a.SrcRange)
		e.rng(a.NameRange)
		e.rng(a.EqualsRange)
		e.expr(a.Expr)
	}
	e.uint(len(b.Blocks))
	for _, n := range b.Blocks {
		e.string(n.Type)
		e.rng(n.TypeRange)
		e.uint(len(n.Labels))
		for i, l := range n.Labels {
			e.string(l)
			e.rng(n.LabelRanges[i])
		}
		e.rng(n.OpenBraceRange)
		e.rng(n.CloseBraceRange)
		e.body(n.Body)
	}
}

func (e *encoder) exprs(xs []hclsyntax.Expression) {
	e.uint(len(xs))
	for _, x := range xs {
		e.expr(x)
	}
}

func (e *encoder) kind(k kind) { e.byte(byte(k)) }

//nolint:funlen // one case a node
func (e *encoder) expr(x hclsyntax.Expression) {
	switch x := x.(type) {
	case nil:
		e.kind(kindNil)
	case *hclsyntax.ParenthesesExpr:
		e.kind(kindParentheses)
		e.rng(x.SrcRange)
		e.expr(x.Expression)
	case *hclsyntax.LiteralValueExpr:
		e.kind(kindLiteral)
		e.rng(x.SrcRange)
		e.value(x.Val)
	case *hclsyntax.ScopeTraversalExpr:
		e.kind(kindScopeTraversal)
		e.rng(x.SrcRange)
		e.traversal(x.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		e.kind(kindRelativeTraversal)
		e.rng(x.SrcRange)
		e.expr(x.Source)
		e.traversal(x.Traversal)
	case *hclsyntax.FunctionCallExpr:
		e.kind(kindFunctionCall)
		e.string(x.Name)
		e.bool(x.ExpandFinal)
		e.rng(x.NameRange)
		e.rng(x.OpenParenRange)
		e.rng(x.CloseParenRange)
		e.exprs(x.Args)
	case *hclsyntax.ConditionalExpr:
		e.kind(kindConditional)
		e.rng(x.SrcRange)
		e.expr(x.Condition)
		e.expr(x.TrueResult)
		e.expr(x.FalseResult)
	case *hclsyntax.IndexExpr:
		e.kind(kindIndex)
		e.rng(x.SrcRange)
		e.rng(x.OpenRange)
		e.rng(x.BracketRange)
		e.expr(x.Collection)
		e.expr(x.Key)
	case *hclsyntax.TupleConsExpr:
		e.kind(kindTuple)
		e.rng(x.SrcRange)
		e.rng(x.OpenRange)
		e.exprs(x.Exprs)
	case *hclsyntax.ObjectConsExpr:
		e.kind(kindObject)
		e.rng(x.SrcRange)
		e.rng(x.OpenRange)
		e.uint(len(x.Items))
		for _, it := range x.Items {
			e.expr(it.KeyExpr)
			e.expr(it.ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		e.kind(kindObjectKey)
		e.bool(x.ForceNonLiteral)
		e.expr(x.Wrapped)
	case *hclsyntax.ForExpr:
		e.kind(kindFor)
		e.string(x.KeyVar)
		e.string(x.ValVar)
		e.bool(x.Group)
		e.rng(x.SrcRange)
		e.rng(x.OpenRange)
		e.rng(x.CloseRange)
		e.expr(x.CollExpr)
		e.expr(x.KeyExpr)
		e.expr(x.ValExpr)
		e.expr(x.CondExpr)
	case *hclsyntax.SplatExpr:
		e.kind(kindSplat)
		e.rng(x.SrcRange)
		e.rng(x.MarkerRange)
		e.rng(x.Item.SrcRange)
		e.expr(x.Source)
		e.symbols = append(e.symbols, x.Item)
		e.expr(x.Each)
		e.symbols = e.symbols[:len(e.symbols)-1]
	case *hclsyntax.AnonSymbolExpr:
		e.kind(kindAnonSymbol)
		at := slices.Index(e.symbols, x)
		if at < 0 {
			e.fail("a splat symbol outside its splat")
			return
		}
		e.uint(at)
	case *hclsyntax.TemplateExpr:
		e.kind(kindTemplate)
		e.rng(x.SrcRange)
		e.exprs(x.Parts)
	case *hclsyntax.TemplateJoinExpr:
		e.kind(kindTemplateJoin)
		e.expr(x.Tuple)
	case *hclsyntax.TemplateWrapExpr:
		e.kind(kindTemplateWrap)
		e.rng(x.SrcRange)
		e.expr(x.Wrapped)
	case *hclsyntax.BinaryOpExpr:
		e.kind(kindBinary)
		e.operation(x.Op)
		e.rng(x.SrcRange)
		e.expr(x.LHS)
		e.expr(x.RHS)
	case *hclsyntax.UnaryOpExpr:
		e.kind(kindUnary)
		e.operation(x.Op)
		e.rng(x.SrcRange)
		e.rng(x.SymbolRange)
		e.expr(x.Val)
	default:
		e.fail("unknown kind of node: %T", x)
	}
}

func (e *encoder) operation(op *hclsyntax.Operation) {
	at := slices.Index(operations, op)
	if at < 0 {
		e.fail("unknown operator")
		return
	}
	e.uint(at)
}

func (e *encoder) value(v cty.Value) {
	switch {
	case v.IsMarked() || !v.IsKnown():
		e.fail("a literal that is marked or unknown")
	case v.IsNull():
		e.byte(valueNull)
		if v.Type() != cty.DynamicPseudoType {
			e.fail("a null of type %s", v.Type().FriendlyName())
		}
	case v.Type() == cty.Bool && v.True():
		e.byte(valueTrue)
	case v.Type() == cty.Bool:
		e.byte(valueFalse)
	case v.Type() == cty.String:
		e.byte(valueString)
		e.string(v.AsString())
	case v.Type() == cty.Number:
		e.number(v.AsBigFloat())
	default:
		e.fail("a literal of type %s", v.Type().FriendlyName())
	}
}

func (e *encoder) number(f *big.Float) {
	if n, exact := f.Int64(); exact == big.Exact && n >= 0 && n < 1<<31 && f.Prec() == precision && !f.Signbit() {
		e.byte(valueInt)
		e.uint(int(n))
		return
	}
	e.byte(valueNumber)
	bits, err := f.GobEncode() // every bit, precision included
	if err != nil {
		e.fail("a number: %v", err)
	}
	e.string(string(bits))
}

func (e *encoder) traversal(t hcl.Traversal) {
	e.uint(len(t))
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			e.byte(stepRoot)
			e.rng(s.SrcRange)
			e.string(s.Name)
		case hcl.TraverseAttr:
			e.byte(stepAttr)
			e.rng(s.SrcRange)
			e.string(s.Name)
		case hcl.TraverseIndex:
			e.byte(stepIndex)
			e.rng(s.SrcRange)
			e.value(s.Key)
		case hcl.TraverseSplat:
			e.byte(stepSplat)
			e.rng(s.SrcRange)
			e.traversal(s.Each)
		default:
			e.fail("unknown step of a traversal: %T", s)
		}
	}
}
