package check

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/template"
)

// mocks finds mock providers whose mocks are not read, so that the tests of the
// module would run without them.
func (c *checker) mocks() {
	for _, t := range c.own() {
		for _, f := range t.Tests {
			for _, b := range f.Body.Blocks {
				a := b.Body.Attributes["source"]
				if b.Type != "mock_provider" || a == nil {
					continue
				}
				dir, diags := budget.Constant(a.Expr)
				if diags.HasErrors() || dir.Type() != cty.String || dir.IsNull() {
					continue
				}
				if p := path.Clean(dir.AsString()); p != "tests" && !strings.HasPrefix(p, "tests/") {
					c.warnf(a.SrcRange, "Mocks that are not read", "bpgen reads the mocks of a template from its directory tests, so those in %s are not in the tests of the module. Move them to tests/mocks.", dir.AsString())
				}
			}
		}
	}
}

// undeclared warns of tests that set variables which their template does not have:
// Terraform warns of them, and the tests of the module go without.
func (c *checker) undeclared() {
	for _, t := range c.own() {
		for _, f := range t.Tests {
			other := slices.ContainsFunc(f.Body.Blocks, calls)
			for _, b := range f.Body.Blocks {
				switch {
				case b.Type == "variables" && !other:
					c.declared(t, b)
				case b.Type == "run" && !calls(b):
					for _, n := range b.Body.Blocks {
						if n.Type == "variables" {
							c.declared(t, n)
						}
					}
				}
			}
		}
	}
}

// calls says whether a run is about another module.
func calls(run *hclsyntax.Block) bool {
	return slices.ContainsFunc(run.Body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "module" })
}

// declared warns of values for variables that a template does not have.
func (c *checker) declared(t *template.Template, values *hclsyntax.Block) {
	for _, a := range template.SortedAttributes(values.Body) {
		if t.Variable(a.Name) == nil {
			c.warnf(a.NameRange, "Unknown variable in a test", "The template %q has no variable %q, so the value is not used, and what the run asserts is tested without it. %s", t.Name, a.Name, diag.DidYouMean(a.Name, t.VariableNames()))
		}
	}
}
