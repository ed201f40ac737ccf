package choose

import (
	"bytes"
	"errors"
	"math/big"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/resolve"
)

// parseHCL reads "name = value" lines. Values are literals.
func parseHCL(name string, src []byte) ([]resolve.Input, hcl.Diagnostics) {
	file, diags := guard.Parse(src, name)
	if diags.HasErrors() {
		return nil, diags
	}
	if body, ok := file.Body.(*hclsyntax.Body); ok {
		diags = append(diags, hclsyntax.VisitAll(body, keysTwice)...)
	}
	return fromAttributes(name, file, diags)
}

// keysTwice reports keys that stand twice in an object, which HCL itself takes.
func keysTwice(n hclsyntax.Node) hcl.Diagnostics {
	obj, ok := n.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	var diags hcl.Diagnostics
	seen := map[string]bool{}
	for _, item := range obj.Items {
		key, d := plain(item.KeyExpr)
		if d.HasErrors() || key.IsNull() || !key.IsKnown() || key.Type() != cty.String {
			continue // Evaluation reports it.
		}
		if k := key.AsString(); seen[k] {
			diags = append(diags, diag.Error(item.KeyExpr.Range(), "Duplicate key", "The key %q appears more than once in this object. Remove one of them.", k))
		}
		seen[key.AsString()] = true
	}
	return diags
}

// parseJSON reads one object. HCL's JSON parser keeps numbers as they are
// written, and knows where everything stands.
func parseJSON(name string, src []byte) ([]resolve.Input, hcl.Diagnostics) {
	file, diags := guard.ParseJSON(src, name)
	if diags.HasErrors() {
		return nil, diags[:1] // What comes after the first follows from it.
	}
	if first := bytes.TrimLeft(src, " \t\r\n"); len(first) > 0 && first[0] == '[' {
		pos := hcl.Pos{Line: 1 + bytes.Count(src[:len(src)-len(first)], []byte{'\n'}), Column: 1}
		return nil, hcl.Diagnostics{diag.Error(hcl.Range{Filename: name, Start: pos, End: pos}, "Not an object",
			"An options file must contain one object: { \"name\": value, ... }.")}
	}
	return fromAttributes(name, file, diags)
}

func fromAttributes(name string, file *hcl.File, diags hcl.Diagnostics) ([]resolve.Input, hcl.Diagnostics) {
	attrs, d := file.Body.JustAttributes()
	diags = append(diags, d...)
	var out []resolve.Input
	for _, a := range sorted(attrs) {
		v, d := plain(a.Expr)
		if d.HasErrors() {
			rng := a.Expr.Range()
			diags = append(diags, diag.Error(rng, "Not a literal", "The option %q needs a literal value here: %s", a.Name, firstDetail(d)))
			continue
		}
		rng := a.Range
		if !budget.Sane(v) {
			diags = append(diags, diag.Error(rng, "Number out of range", outOfRange, a.Name))
			continue
		}
		out = append(out, resolve.Input{Name: a.Name, Value: v, Source: filepath.Base(name), Range: &rng})
	}
	return out, diags
}

const outOfRange = "The option %q contains a number with more than a thousand digits, which nothing in a module can use."

// plain returns the value of an expression that writes one down. JSON's strings
// are taken as they stand.
func plain(x hcl.Expression) (cty.Value, hcl.Diagnostics) {
	if native, ok := x.(hclsyntax.Expression); ok {
		return resolve.Literal(native)
	}
	return x.Value(nil) // of JSON, which has no loops
}

func firstDetail(d hcl.Diagnostics) string {
	if d[0].Detail != "" {
		return d[0].Detail
	}
	return d[0].Summary
}

func sorted(attrs hcl.Attributes) []*hcl.Attribute {
	var out []*hcl.Attribute
	for _, a := range attrs {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *hcl.Attribute) int { return a.NameRange.Start.Byte - b.NameRange.Start.Byte })
	return out
}

// parseYAML reads one mapping. Anchors, aliases and tags of one's own are
// refused: a list of options needs none, and a few lines of aliases can stand
// for more values than any memory holds.
func parseYAML(name string, src []byte) ([]resolve.Input, hcl.Diagnostics) {
	y := &yamlReader{name: name}
	if rng, found := secondDocument(name, src); found {
		return nil, hcl.Diagnostics{diag.Error(rng, "More than one document", "%q contains more than one YAML document, of which only the first would be read. Put all options into one document, or into separate files.", name)}
	}
	file, diags, err := guard.ParseYAML(src, name)
	if diags.HasErrors() {
		return nil, diags
	}
	if err != nil {
		return nil, hcl.Diagnostics{diag.Error(y.errorRange(err), "Not valid YAML", "%s.", yamlMessage(err))}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil
	}
	values := y.mapping(file.Docs[0].Body)
	var out []resolve.Input
	for _, p := range values {
		v := y.value(p.Value)
		rng := y.rangeOf(p.Key.GetToken())
		if !budget.Sane(v) {
			y.diags = append(y.diags, diag.Error(rng, "Number out of range", outOfRange, y.key(p)))
			continue
		}
		out = append(out, resolve.Input{Name: y.key(p), Value: v, Source: filepath.Base(name), Range: &rng})
	}
	return out, y.diags
}

// secondDocument finds where a second document of a YAML file begins: at a second
// line ---, or at what follows a document that has ended.
func secondDocument(name string, src []byte) (hcl.Range, bool) {
	var headers, line, offset int
	var content, ended bool
	for text := range bytes.Lines(src) {
		line++
		start := hcl.Pos{Line: line, Column: 1, Byte: offset}
		offset += len(text)
		text = bytes.TrimRight(text, "\r\n")
		rng := hcl.Range{Filename: name, Start: start, End: hcl.Pos{Line: line, Column: 1 + len(text), Byte: start.Byte + len(text)}}
		rest, header := marker(text, "---")
		if _, end := marker(text, "..."); end {
			ended = ended || content
			continue
		}
		if header {
			if headers++; headers > 1 {
				return rng, true
			}
			ended = ended || content
			text = rest
		}
		if text = bytes.TrimSpace(text); len(text) == 0 || text[0] == '#' || text[0] == '%' && !content {
			continue
		}
		if ended {
			return rng, true
		}
		content = true
	}
	return hcl.Range{}, false
}

// marker says whether a line begins or ends a document, and what stands behind it.
func marker(line []byte, with string) ([]byte, bool) {
	rest, ok := bytes.CutPrefix(line, []byte(with))
	if ok && len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
		return nil, false
	}
	return rest, ok
}

type yamlReader struct {
	name  string
	diags hcl.Diagnostics
}

func (y *yamlReader) fail(n ast.Node, summary, format string, args ...any) cty.Value {
	y.diags = append(y.diags, diag.Error(y.rangeOf(n.GetToken()), summary, format, args...))
	return cty.DynamicVal
}

func (y *yamlReader) rangeOf(t *token.Token) hcl.Range {
	if t == nil || t.Position == nil {
		return hcl.Range{}
	}
	// HCL counts bytes from 0, goccy counts characters from 1; the line is
	// what a reader needs, so only that is exact beyond ASCII.
	start := hcl.Pos{Line: t.Position.Line, Column: t.Position.Column, Byte: max(0, t.Position.Offset-1)}
	end := start
	end.Column += len(t.Value)
	end.Byte += len(t.Value)
	return hcl.Range{Filename: y.name, Start: start, End: end}
}

func (y *yamlReader) errorRange(err error) hcl.Range {
	var e yaml.Error
	if !errors.As(err, &e) {
		return hcl.Range{}
	}
	return y.rangeOf(e.GetToken())
}

// yamlMessage is the parser's message without its own snippet.
func yamlMessage(err error) string {
	var e yaml.Error
	if errors.As(err, &e) {
		return strings.TrimSuffix(e.GetMessage(), ".")
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

func (y *yamlReader) mapping(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	case *ast.CommentGroupNode, *ast.NullNode:
		return nil
	}
	y.fail(n, "Not a mapping", "An options file consists of lines of the form \"name: value\".")
	return nil
}

func (y *yamlReader) key(p *ast.MappingValueNode) string {
	var n ast.Node = p.Key
	if k, ok := n.(*ast.MappingKeyNode); ok {
		n = k.Value
	}
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return n.GetToken().Value
	case *ast.MergeKeyNode:
		y.fail(n, "Aliases are not supported", "An options file cannot use anchors, aliases or merge keys. Write the values out.")
		return "<<"
	}
	y.fail(n, "Not a name", "The key of a mapping must be plain text.")
	return "?"
}

func (y *yamlReader) value(n ast.Node) cty.Value {
	switch n := n.(type) {
	case nil:
		return cty.NullVal(cty.DynamicPseudoType)
	case *ast.NullNode:
		return cty.NullVal(cty.DynamicPseudoType)
	case *ast.StringNode:
		// The parser takes numbers for text that fit no Go type.
		if n.GetToken().Type == token.StringType && plainNumber.MatchString(n.Value) {
			return y.number(n)
		}
		return cty.StringVal(n.Value)
	case *ast.LiteralNode:
		return cty.StringVal(n.Value.Value)
	case *ast.BoolNode:
		return cty.BoolVal(n.Value)
	case *ast.IntegerNode, *ast.FloatNode:
		return y.number(n)
	case *ast.SequenceNode:
		vals := make([]cty.Value, 0, len(n.Values))
		for _, e := range n.Values {
			vals = append(vals, y.value(e))
		}
		return cty.TupleVal(vals)
	case *ast.MappingNode, *ast.MappingValueNode:
		attrs := map[string]cty.Value{}
		for _, p := range y.mapping(n) {
			attrs[y.key(p)] = y.value(p.Value)
		}
		return cty.ObjectVal(attrs)
	case *ast.TagNode:
		if n.Start.Value == "!!str" {
			if s, ok := n.Value.(ast.ScalarNode); ok {
				return cty.StringVal(s.GetToken().Value)
			}
		}
		return y.fail(n, "Tags are not supported", "The only tag allowed in an options file is !!str, but there is %q here.", n.Start.Value)
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return y.fail(n, "Aliases are not supported", "An options file cannot use anchors, aliases or merge keys. Write the values out.")
	}
	return y.fail(n, "Not a value", "%q is not a value that an option can have.", clip(n.GetToken().Value))
}

var plainNumber = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// number reads the digits as they are written; a float64 would round them.
func (y *yamlReader) number(n ast.Node) cty.Value {
	text := strings.ReplaceAll(n.GetToken().Value, "_", "")
	if i, ok := new(big.Int).SetString(text, 0); ok && (len(text) < 2 || strings.ContainsAny(text, "xXoObB") || strings.TrimLeft(text, "+-")[0] != '0') {
		return cty.NumberVal(new(big.Float).SetPrec(512).SetInt(i))
	}
	v, err := cty.ParseNumberVal(strings.TrimPrefix(text, "+"))
	if err != nil {
		return y.fail(n, "Not a number", "%q is not a number that an option can have.", clip(text))
	}
	return v
}
