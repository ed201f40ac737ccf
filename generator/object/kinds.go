package object

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A kind is a node of the syntax tree, as one byte.
type kind byte

const (
	kindNil kind = iota
	kindParentheses
	kindLiteral
	kindScopeTraversal
	kindRelativeTraversal
	kindFunctionCall
	kindConditional
	kindIndex
	kindTuple
	kindObject
	kindObjectKey
	kindFor
	kindSplat
	kindAnonSymbol
	kindTemplate
	kindTemplateJoin
	kindTemplateWrap
	kindBinary
	kindUnary
)

// Kinds of literal values and of index keys.
const (
	valueNull byte = iota
	valueTrue
	valueFalse
	valueInt    // a whole number below 2^31, as most are
	valueNumber // any other, in full precision
	valueString
)

// precision is what cty gives a number that it parses, in bits.
const precision = 512

// Steps of a traversal.
const (
	stepRoot byte = iota
	stepAttr
	stepIndex
	stepSplat
)

// operations lists the operators; an encoding holds the index.
var operations = []*hclsyntax.Operation{
	hclsyntax.OpLogicalOr, hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalNot,
	hclsyntax.OpEqual, hclsyntax.OpNotEqual,
	hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual,
	hclsyntax.OpAdd, hclsyntax.OpSubtract, hclsyntax.OpMultiply, hclsyntax.OpDivide, hclsyntax.OpModulo, hclsyntax.OpNegate,
}
