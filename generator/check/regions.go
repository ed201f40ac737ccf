package check

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// regions checks that templates leave it to their components where they stand: then a
// template can be used in any region, with every version of the provider.
func (c *checker) regions() {
	for _, t := range c.own() {
		for _, f := range t.Files {
			for _, b := range f.Body.Blocks {
				switch b.Type {
				case "resource", "data", "ephemeral":
					c.regionOf(f, b)
				case "terraform":
					c.aliases(b)
				}
			}
		}
	}
}

// regionOf reports a region that a block names, other than those which are good for
// one place only: these are reported as such.
func (c *checker) regionOf(f *template.File, b *hclsyntax.Block) {
	if a := b.Body.Attributes["region"]; a != nil && worldwide.Match(f.Src) {
		lang.Visit(a.Expr, func(n hclsyntax.Node) {
			l, ok := n.(*hclsyntax.LiteralValueExpr)
			if ok && l.Val.Type() == cty.String && l.Val.AsString() == "us-east-1" {
				c.regional(a.SrcRange, l.Val.AsString())
			}
		})
	}
	if a := b.Body.Attributes["provider"]; a != nil {
		c.alias(a.Expr)
	}
}

// aliases reports provider configurations that a template wants and that are called
// after a region.
func (c *checker) aliases(terraform *hclsyntax.Block) {
	for _, b := range terraform.Body.Blocks {
		if b.Type != "required_providers" {
			continue
		}
		for _, a := range template.SortedAttributes(b.Body) {
			lang.Visit(a.Expr, func(n hclsyntax.Node) {
				if x, ok := n.(*hclsyntax.ScopeTraversalExpr); ok {
					c.alias(x)
				}
			})
		}
	}
}

// regionAlias is the shape of a provider configuration that is called after a region.
var regionAlias = regexp.MustCompile(`^[a-z]{2,}(_[a-z]+)+_[0-9]+$`)

func (c *checker) alias(x hclsyntax.Expression) {
	ref, diags := hcl.AbsTraversalForExpr(x)
	if diags.HasErrors() || len(ref) < 2 {
		return
	}
	if step, ok := ref[1].(hcl.TraverseAttr); ok && ref.RootName() == "aws" && regionAlias.MatchString(step.Name) {
		c.regional(x.Range(), strings.ReplaceAll(step.Name, "_", "-"))
	}
}

func (c *checker) regional(rng hcl.Range, region string) {
	c.errorf(rng, "Region in a template", "A template does not say where it is deployed. Remove the argument, and set region = %q in the component of the blueprint.", region)
}
