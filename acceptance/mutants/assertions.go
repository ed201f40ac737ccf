package mutants

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
)

// An Assertion is a condition of a test, or what a test expects to be refused.
type Assertion struct {
	File     string
	Run      string
	From, To int // lines
	refs     []string
}

// Apart returns a test file in which each assertion whose condition is a
// conjunction is one assertion for each of its parts. The file fails as before, and
// says more.
func Apart(name string, src []byte) ([]byte, error) {
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	type edit struct {
		rng  hcl.Range
		text string
	}
	var edits []edit
	for _, run := range file.Body.(*hclsyntax.Body).Blocks {
		for _, b := range run.Body.Blocks {
			condition, message := b.Body.Attributes["condition"], b.Body.Attributes["error_message"]
			if run.Type != "run" || b.Type != "assert" || condition == nil || message == nil {
				continue
			}
			var text strings.Builder
			for _, x := range conjuncts(condition.Expr) {
				fmt.Fprintf(&text, "assert {\ncondition = (%s)\nerror_message = %s\n}\n", x.Range().SliceBytes(src), message.Expr.Range().SliceBytes(src))
			}
			edits = append(edits, edit{blockRange(b), text.String()})
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return b.rng.Start.Byte - a.rng.Start.Byte })
	for _, e := range edits {
		src = slices.Concat(src[:e.rng.Start.Byte], []byte(e.text), src[e.rng.End.Byte:])
	}
	return src, nil
}

// conjuncts returns the expressions that must all be true for one to be.
func conjuncts(x hclsyntax.Expression) []hclsyntax.Expression {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return conjuncts(x.Expression)
	case *hclsyntax.BinaryOpExpr:
		if x.Op == hclsyntax.OpLogicalAnd {
			return append(conjuncts(x.LHS), conjuncts(x.RHS)...)
		}
	case *hclsyntax.FunctionCallExpr:
		if list, ok := only(x.Args); ok && x.Name == "alltrue" && !x.ExpandFinal {
			var out []hclsyntax.Expression
			for _, e := range list.Exprs {
				out = append(out, conjuncts(e)...)
			}
			return out
		}
	}
	return []hclsyntax.Expression{x}
}

func only(args []hclsyntax.Expression) (*hclsyntax.TupleConsExpr, bool) {
	if len(args) != 1 {
		return nil, false
	}
	list, ok := args[0].(*hclsyntax.TupleConsExpr)
	return list, ok && len(list.Exprs) > 0
}

// AtPlan returns a test file whose only run applies the module as one that plans it
// and knows then already what AWS would answer, which is much cheaper and gives the
// assertions the same values. Any other file is returned as it is.
func AtPlan(name string, src []byte, files []fileset.File) ([]byte, error) {
	file, diags := hclwrite.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	var runs, mocks []*hclwrite.Block
	for _, b := range file.Body().Blocks() {
		switch b.Type() {
		case "run":
			runs = append(runs, b)
		case "mock_provider":
			mocks = append(mocks, b)
		}
	}
	if len(runs) != 1 || len(mocks) == 0 || runs[0].Body().GetAttribute("command") == nil {
		return src, nil
	}
	word := func(body *hclwrite.Body, name, word string) {
		body.SetAttributeTraversal(name, hcl.Traversal{hcl.TraverseRoot{Name: word}})
	}
	g, err := NewGraph(files, nil)
	if err != nil {
		return nil, err
	}
	word(runs[0].Body(), "command", "plan")
	for _, mock := range mocks {
		word(mock.Body(), "override_during", "plan")
		for _, typ := range slices.Sorted(maps.Keys(g.types)) {
			if strings.HasPrefix(typ, "data.") || mock.Body().FirstMatchingBlock("mock_resource", []string{typ}) != nil {
				continue
			}
			// What is not named is not known at plan.
			mock.Body().AppendNewBlock("mock_resource", []string{typ}).Body().SetAttributeValue("defaults", cty.EmptyObjectVal)
		}
	}
	return file.Bytes(), nil
}

// read returns the assertions of a test file of a module.
func read(g *Graph, f fileset.File) ([]Assertion, error) {
	file, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	var out []Assertion
	for _, run := range file.Body.(*hclsyntax.Body).Blocks {
		if run.Type != "run" {
			continue
		}
		at := func(rng hcl.Range, x hclsyntax.Expression) {
			out = append(out, Assertion{File: f.Path, Run: run.Labels[0], From: rng.Start.Line, To: rng.End.Line, refs: g.Refs(x)})
		}
		if a := run.Body.Attributes["expect_failures"]; a != nil {
			at(a.SrcRange, a.Expr)
		}
		for _, b := range run.Body.Blocks {
			if a := b.Body.Attributes["condition"]; b.Type == "assert" && a != nil {
				at(blockRange(b), a.Expr)
			}
		}
	}
	if len(out) == 0 && bytes.Contains(f.Bytes, []byte("\nrun ")) {
		return nil, fmt.Errorf("%s has runs that assert nothing", f.Path)
	}
	return out, nil
}
