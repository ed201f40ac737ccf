package check

import (
	"path"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
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
