package cited

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// A Test is an assertion of a shipped test.
type Test struct {
	Place

	Run string `json:"run"`

	text string // of the condition
	refs map[look]bool
}

// A look is what an assertion looks at: an argument of a type of resource.
type look struct{ typ, argument string }

// Tests reads the assertions of a module's tests.
func Tests(files []fileset.File) []Test {
	var out []Test
	for _, f := range files {
		if !strings.HasSuffix(f.Path, ".tftest.hcl") || strings.HasPrefix(f.Path, "examples/") {
			continue
		}
		parsed, _ := guard.Parse(f.Bytes, f.Path) // what can be read is enough
		body, ok := parsed.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, run := range body.Blocks {
			if run.Type != "run" || len(run.Labels) != 1 {
				continue
			}
			for _, assert := range run.Body.Blocks {
				if c := assert.Body.Attributes["condition"]; assert.Type == "assert" && c != nil {
					out = append(out, Test{
						Place: Place{f.Path, assert.TypeRange.Start.Line}, Run: run.Labels[0],
						text: string(c.Expr.Range().SliceBytes(f.Bytes)), refs: looks(c.Expr),
					})
				}
			}
		}
	}
	return out
}

// LooksAt says whether an assertion looks at an argument or a block of a type of
// resource, and names an element of it; "" is any.
func (t Test) LooksAt(typ, argument, element string) bool {
	return t.refs[look{typ, argument}] && strings.Contains(t.text, element)
}

// looks returns what an expression reads of resources: by name, by a splat, or in a loop
// over them.
func looks(x hclsyntax.Expression) map[look]bool {
	out := map[look]bool{}
	_ = hclsyntax.VisitAll(x, func(n hclsyntax.Node) hcl.Diagnostics { // the visitor has nothing to report
		switch e := n.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			if r, ok := resource(e.Traversal); ok {
				out[look{r.Type, lang.FirstStep(e.Traversal, r.Steps)}] = true
			}
		case *hclsyntax.SplatExpr:
			source, ok := e.Source.(*hclsyntax.ScopeTraversalExpr)
			each, relative := e.Each.(*hclsyntax.RelativeTraversalExpr)
			if !ok || !relative {
				break
			}
			if r, ok := resource(source.Traversal); ok && lang.FirstStep(source.Traversal, r.Steps) == "" {
				out[look{r.Type, lang.FirstStep(each.Traversal, 0)}] = true
			}
		case *hclsyntax.ForExpr:
			for typ := range whole(e.CollExpr) {
				for _, argument := range read(e) {
					out[look{typ, argument}] = true
				}
			}
		}
		return nil
	})
	return out
}

func resource(t hcl.Traversal) (lang.Reference, bool) {
	r, ok := lang.Refer(t)
	return r, ok && r.Kind == lang.Resource
}

// whole returns the types of the resources that an expression names without an argument.
func whole(x hclsyntax.Expression) map[string]bool {
	out := map[string]bool{}
	for _, t := range lang.Traversals(x, nil) {
		if r, ok := resource(t); ok && lang.FirstStep(t, r.Steps) == "" {
			out[r.Type] = true
		}
	}
	return out
}

// read returns the arguments that a loop reads of its values.
func read(e *hclsyntax.ForExpr) []string {
	var out []string
	for _, x := range []hclsyntax.Expression{e.ValExpr, e.CondExpr, e.KeyExpr} {
		if x == nil {
			continue
		}
		for _, t := range x.Variables() {
			if t.RootName() == e.ValVar {
				out = append(out, lang.FirstStep(t, 1))
			}
		}
	}
	return out
}
