package check

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
	"github.com/bpgen/bpgen/generator/template"
)

// deprecated warns of attributes that the newest version of the provider is going to
// give up: a template is there for every version that a user may choose.
func (c *checker) deprecated() {
	versions := schema.Majors()
	newest, ok := schema.For(versions[len(versions)-1])
	if !ok {
		return
	}
	for _, t := range c.own() {
		for _, f := range t.Files {
			for _, b := range f.Body.Blocks {
				c.deprecatedIn(newest, t, b)
			}
		}
	}
}

func (c *checker) deprecatedIn(newest *schema.Provider, t *template.Template, b *hclsyntax.Block) {
	if o := objectOf(t, b); o != nil {
		for _, a := range template.SortedAttributes(b.Body) {
			c.deprecatedAttribute(newest, o, a.Name, a.NameRange)
		}
	}
	for _, ref := range lang.Traversals(b, nil) {
		addr, steps := template.ObjectAddress(ref)
		o := t.Objects[addr]
		if o == nil {
			continue
		}
		for i := steps; i < len(ref); i++ {
			if name, ok := lang.Step(ref, i); ok {
				c.deprecatedAttribute(newest, o, name, ref.SourceRange())
				break
			}
		}
	}
}

func objectOf(t *template.Template, b *hclsyntax.Block) *template.Object {
	for _, o := range t.Objects {
		if o.Block == b {
			return o
		}
	}
	return nil
}

func (c *checker) deprecatedAttribute(newest *schema.Provider, o *template.Object, name string, rng hcl.Range) {
	kind := schema.KindResource
	if o.Kind == "data" {
		kind = schema.KindData
	}
	described, ok := newest.Type(kind, o.Type)
	if !ok || o.Kind == "module" || o.Kind == "ephemeral" {
		return
	}
	if a := described.Attributes[name]; a != nil && a.Deprecated {
		c.warnf(rng, "Deprecated attribute", "%s of %s is deprecated in version %s of the AWS provider. Use what its documentation names instead, if both versions that bpgen supports have it; otherwise put both behind directives on a variable that the blueprint sets from option.aws_provider.", name, o.Type, newest.Version())
	}
}
