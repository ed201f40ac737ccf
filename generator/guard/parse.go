package guard

import (
	"github.com/goccy/go-yaml/ast"
	yamlparser "github.com/goccy/go-yaml/parser"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	hcljson "github.com/hashicorp/hcl/v2/json"
)

// The parsers of bpgen. Nothing else in the program calls those of a library,
// which a test holds: what comes from outside is looked at first, and what is
// taken without a look says so by its name.

// Parse parses a file of native HCL syntax. What is refused has an empty body, and
// no bytes for a snippet; of what does not parse the arguments that could be read
// are left.
func Parse(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	return ParseAt(src, name, hcl.InitialPos)
}

// ParseAt is Parse for a part of a file that begins at start.
func ParseAt(src []byte, name string, start hcl.Pos) (*hcl.File, hcl.Diagnostics) {
	if diags := HCL(name, src); diags.HasErrors() {
		return &hcl.File{Body: &hclsyntax.Body{}}, diags
	}
	file, diags := hclsyntax.ParseConfig(src, name, start)
	if body, ok := file.Body.(*hclsyntax.Body); ok && diags.HasErrors() {
		legible(body)
	}
	return file, diags
}

// legible removes the arguments of a body that the parser could not read: it puts
// unknown values in their place, which nothing behind it expects of what is
// written down.
func legible(body *hclsyntax.Body) {
	for name, a := range body.Attributes {
		if !read(a.Expr) {
			delete(body.Attributes, name)
		}
	}
	for _, b := range body.Blocks {
		legible(b.Body)
	}
}

// read says whether the parser knows all of an expression.
func read(x hclsyntax.Expression) bool {
	whole := true
	hclsyntax.VisitAll(x, func(n hclsyntax.Node) hcl.Diagnostics {
		var steps hcl.Traversal
		switch n := n.(type) {
		case *hclsyntax.LiteralValueExpr:
			whole = whole && n.Val.IsWhollyKnown()
		case *hclsyntax.ScopeTraversalExpr:
			steps = n.Traversal
		case *hclsyntax.RelativeTraversalExpr:
			steps = n.Traversal
		}
		for _, step := range steps {
			if index, ok := step.(hcl.TraverseIndex); ok {
				whole = whole && index.Key.IsWhollyKnown()
			}
		}
		return nil
	})
	return whole
}

// ParseExpression parses an expression of native HCL syntax that begins at start.
// What is refused is null.
func ParseExpression(src []byte, name string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics) {
	if diags := HCL(name, src); diags.HasErrors() {
		return nil, diags
	}
	return hclsyntax.ParseExpression(src, name, start)
}

// ParseJSON parses a file of HCL's JSON syntax.
func ParseJSON(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	if diags := JSON(name, src); diags.HasErrors() {
		return nil, diags
	}
	return hcljson.Parse(src, name)
}

// ParseYAML parses a YAML file, which may hold several documents. The error is
// the parser's.
func ParseYAML(src []byte, name string) (*ast.File, hcl.Diagnostics, error) {
	if diags := YAML(name, src); diags.HasErrors() {
		return nil, diags, nil
	}
	file, err := yamlparser.ParseBytes(src, 0)
	return file, nil, err
}

// Lex returns the tokens of native HCL syntax, which needs no stack.
func Lex(src []byte, name string) hclsyntax.Tokens {
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	return tokens
}

// LexExpression returns the tokens of an expression that begins at start.
func LexExpression(src []byte, name string, start hcl.Pos) hclsyntax.Tokens {
	tokens, _ := hclsyntax.LexExpression(src, name, start)
	return tokens
}

// Printed parses HCL that bpgen has printed, of files that were looked at when
// they were read. It lies as deep as they do and, where values are put in place of
// names, as deep as a budget lets them.
func Printed(src []byte) (*hcl.File, hcl.Diagnostics) {
	return hclsyntax.ParseConfig(src, "", hcl.InitialPos)
}

// PrintedExpression is Printed for an expression.
func PrintedExpression(src []byte) (hclsyntax.Expression, hcl.Diagnostics) {
	return hclsyntax.ParseExpression(src, "", hcl.InitialPos)
}

// PrintedReference is Printed for a reference.
func PrintedReference(src []byte) (hcl.Traversal, hcl.Diagnostics) {
	return hclsyntax.ParseTraversalAbs(src, "", hcl.InitialPos)
}

// PrintedForEdit is Printed for code that is to be changed.
func PrintedForEdit(src []byte) (*hclwrite.File, hcl.Diagnostics) {
	return hclwrite.ParseConfig(src, "", hcl.InitialPos)
}

// LexPrinted returns the tokens of a printed expression, and what is wrong with
// them.
func LexPrinted(src []byte) (hclsyntax.Tokens, hcl.Diagnostics) {
	return hclsyntax.LexExpression(src, "", hcl.InitialPos)
}
