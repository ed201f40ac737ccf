package object

import (
	"math/big"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A decoder reads one tree. It mirrors encoder, method by method.
type decoder struct {
	in      string
	name    string // of the file, for ranges
	last    hcl.Pos
	symbols []*hclsyntax.AnonSymbolExpr
}

func (d *decoder) byte() byte {
	b := d.in[0]
	d.in = d.in[1:]
	return b
}

func (d *decoder) uint() int {
	n, shift := 0, 0
	for i := 0; ; i++ {
		b := d.in[i]
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			d.in = d.in[i+1:]
			return n
		}
		shift += 7
	}
}

func (d *decoder) int() int {
	n := d.uint()
	return n>>1 ^ -(n & 1)
}

func (d *decoder) take(n int) string {
	s := d.in[:n]
	d.in = d.in[n:]
	return s
}

func (d *decoder) string() string { return d.take(d.uint()) }
func (d *decoder) bool() bool     { return d.byte() == 1 }

func (d *decoder) rng() hcl.Range {
	r := hcl.Range{Filename: d.name}
	r.Start.Line = d.last.Line + d.int()
	r.Start.Byte = d.last.Byte + d.int()
	r.Start.Column = d.uint()
	r.End.Line = r.Start.Line + d.int()
	r.End.Byte = r.Start.Byte + d.int()
	r.End.Column = d.uint()
	d.last = r.Start
	return r
}

func (d *decoder) body() *hclsyntax.Body {
	b := &hclsyntax.Body{SrcRange: d.rng(), EndRange: d.rng()}
	n := d.uint()
	b.Attributes = make(hclsyntax.Attributes, n)
	attributes := make([]hclsyntax.Attribute, n) // at once: small ones are what decoding waits for
	for i := range attributes {
		a := &attributes[i]
		*a = hclsyntax.Attribute{Name: d.string(), SrcRange: d.rng(), NameRange: d.rng(), EqualsRange: d.rng(), Expr: d.expr()}
		b.Attributes[a.Name] = a
	}
	if n = d.uint(); n > 0 {
		b.Blocks = make(hclsyntax.Blocks, n)
	}
	for i := range n {
		c := &hclsyntax.Block{Type: d.string(), TypeRange: d.rng()}
		if labels := d.uint(); labels > 0 {
			c.Labels, c.LabelRanges = make([]string, labels), make([]hcl.Range, labels)
			for j := range labels {
				c.Labels[j], c.LabelRanges[j] = d.string(), d.rng()
			}
		}
		c.OpenBraceRange, c.CloseBraceRange = d.rng(), d.rng()
		c.Body = d.body()
		b.Blocks[i] = c
	}
	return b
}

func (d *decoder) exprs() []hclsyntax.Expression {
	n := d.uint()
	if n == 0 {
		return nil
	}
	xs := make([]hclsyntax.Expression, n)
	for i := range xs {
		xs[i] = d.expr()
	}
	return xs
}

// expr reads a node. Go evaluates the calls in a composite literal from left to
// right, so fields stand in the order of the encoding.
func (d *decoder) expr() hclsyntax.Expression {
	switch kind(d.byte()) {
	case kindParentheses:
		return &hclsyntax.ParenthesesExpr{SrcRange: d.rng(), Expression: d.expr()}
	case kindLiteral:
		return &hclsyntax.LiteralValueExpr{SrcRange: d.rng(), Val: d.value()}
	case kindScopeTraversal:
		return &hclsyntax.ScopeTraversalExpr{SrcRange: d.rng(), Traversal: d.traversal()}
	case kindRelativeTraversal:
		return &hclsyntax.RelativeTraversalExpr{SrcRange: d.rng(), Source: d.expr(), Traversal: d.traversal()}
	case kindFunctionCall:
		return &hclsyntax.FunctionCallExpr{Name: d.string(), ExpandFinal: d.bool(),
			NameRange: d.rng(), OpenParenRange: d.rng(), CloseParenRange: d.rng(), Args: d.exprs()}
	case kindConditional:
		return &hclsyntax.ConditionalExpr{SrcRange: d.rng(), Condition: d.expr(), TrueResult: d.expr(), FalseResult: d.expr()}
	case kindIndex:
		return &hclsyntax.IndexExpr{SrcRange: d.rng(), OpenRange: d.rng(), BracketRange: d.rng(), Collection: d.expr(), Key: d.expr()}
	case kindTuple:
		return &hclsyntax.TupleConsExpr{SrcRange: d.rng(), OpenRange: d.rng(), Exprs: d.exprs()}
	case kindObject:
		x := &hclsyntax.ObjectConsExpr{SrcRange: d.rng(), OpenRange: d.rng()}
		if n := d.uint(); n > 0 {
			x.Items = make([]hclsyntax.ObjectConsItem, n)
			for i := range x.Items {
				x.Items[i] = hclsyntax.ObjectConsItem{KeyExpr: d.expr(), ValueExpr: d.expr()}
			}
		}
		return x
	case kindObjectKey:
		return &hclsyntax.ObjectConsKeyExpr{ForceNonLiteral: d.bool(), Wrapped: d.expr()}
	case kindFor:
		return &hclsyntax.ForExpr{KeyVar: d.string(), ValVar: d.string(), Group: d.bool(),
			SrcRange: d.rng(), OpenRange: d.rng(), CloseRange: d.rng(),
			CollExpr: d.expr(), KeyExpr: d.expr(), ValExpr: d.expr(), CondExpr: d.expr()}
	case kindSplat:
		x := &hclsyntax.SplatExpr{SrcRange: d.rng(), MarkerRange: d.rng(), Item: &hclsyntax.AnonSymbolExpr{SrcRange: d.rng()}, Source: d.expr()}
		d.symbols = append(d.symbols, x.Item)
		x.Each = d.expr()
		d.symbols = d.symbols[:len(d.symbols)-1]
		return x
	case kindAnonSymbol:
		return d.symbols[d.uint()]
	case kindTemplate:
		return &hclsyntax.TemplateExpr{SrcRange: d.rng(), Parts: d.exprs()}
	case kindTemplateJoin:
		return &hclsyntax.TemplateJoinExpr{Tuple: d.expr()}
	case kindTemplateWrap:
		return &hclsyntax.TemplateWrapExpr{SrcRange: d.rng(), Wrapped: d.expr()}
	case kindBinary:
		return &hclsyntax.BinaryOpExpr{Op: operations[d.uint()], SrcRange: d.rng(), LHS: d.expr(), RHS: d.expr()}
	case kindUnary:
		return &hclsyntax.UnaryOpExpr{Op: operations[d.uint()], SrcRange: d.rng(), SymbolRange: d.rng(), Val: d.expr()}
	}
	return nil
}

func (d *decoder) value() cty.Value {
	switch d.byte() {
	case valueTrue:
		return cty.True
	case valueFalse:
		return cty.False
	case valueInt:
		return cty.NumberVal(new(big.Float).SetPrec(precision).SetInt64(int64(d.uint())))
	case valueNumber:
		var f big.Float
		if err := f.GobDecode([]byte(d.string())); err != nil {
			return cty.DynamicVal // What Encode wrote can be read.
		}
		return cty.NumberVal(&f)
	case valueString:
		return cty.StringVal(d.string())
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func (d *decoder) traversal() hcl.Traversal {
	t := make(hcl.Traversal, d.uint())
	for i := range t {
		switch d.byte() {
		case stepRoot:
			t[i] = hcl.TraverseRoot{SrcRange: d.rng(), Name: d.string()}
		case stepAttr:
			t[i] = hcl.TraverseAttr{SrcRange: d.rng(), Name: d.string()}
		case stepIndex:
			t[i] = hcl.TraverseIndex{SrcRange: d.rng(), Key: d.value()}
		case stepSplat:
			t[i] = hcl.TraverseSplat{SrcRange: d.rng(), Each: d.traversal()}
		}
	}
	return t
}
