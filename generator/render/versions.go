package render

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/link"
)

// versions returns versions.tf, or nil when the module constrains nothing.
func (r *renderer) versions() []byte {
	file := hclwrite.NewEmptyFile()
	if !appendVersions(file.Body(), r.Module.Versions, true) {
		return nil
	}
	return r.printed(file)
}

// appendVersions appends the terraform block and says whether there was
// anything to say. The aliases that a module wants from its caller, and the
// reasons of its constraints, belong to the module and not to its callers.
func appendVersions(body *hclwrite.Body, v link.Versions, own bool) bool {
	if v.Terraform == "" && len(v.Providers) == 0 {
		return false
	}
	tf := body.AppendNewBlock("terraform", nil).Body()
	if v.Terraform != "" {
		if own {
			appendComment(tf, v.TerraformNote)
		}
		tf.SetAttributeValue("required_version", cty.StringVal(v.Terraform))
	}
	if len(v.Providers) == 0 {
		return true
	}
	if v.Terraform != "" {
		tf.AppendNewline()
	}
	providers := tf.AppendNewBlock("required_providers", nil).Body()
	for _, p := range v.Providers {
		if own {
			appendComment(providers, p.Note)
		}
		item := func(name string, value hclwrite.Tokens) hclwrite.ObjectAttrTokens {
			return hclwrite.ObjectAttrTokens{Name: hclwrite.TokensForIdentifier(name), Value: value}
		}
		items := []hclwrite.ObjectAttrTokens{item("source", hclwrite.TokensForValue(cty.StringVal(p.Source)))}
		if p.Version != "" {
			items = append(items, item("version", hclwrite.TokensForValue(cty.StringVal(p.Version))))
		}
		if own && len(p.Aliases) > 0 {
			var aliases []hclwrite.Tokens
			for _, a := range p.Aliases {
				aliases = append(aliases, address(a))
			}
			items = append(items, item("configuration_aliases", hclwrite.TokensForTuple(aliases)))
		}
		entry := hclwrite.TokensForObject(items)
		if !own {
			entry = onOneLine(entry)
		}
		providers.SetAttributeRaw(p.Name, entry)
	}
	return true
}

// address returns the tokens of a dotted name such as aws.us_east_1.
func address(name string) hclwrite.Tokens {
	var out hclwrite.Tokens
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			out = append(out, &hclwrite.Token{Type: hclsyntax.TokenDot, Bytes: []byte(".")})
		}
		out = append(out, &hclwrite.Token{Type: hclsyntax.TokenIdent, Bytes: []byte(part)})
	}
	return out
}

// aliasName returns the name of an alias without its provider.
func aliasName(alias string) string { return alias[strings.LastIndexByte(alias, '.')+1:] }

// needsAliases says whether the module wants provider configurations from its
// caller, so that it cannot be a root module itself.
func (r *renderer) needsAliases() bool {
	for _, p := range r.Module.Versions.Providers {
		if len(p.Aliases) > 0 {
			return true
		}
	}
	return false
}
