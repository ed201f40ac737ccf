package render

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// examplePath is where the complete example stands.
const examplePath = "examples/complete/main.tf"

// region returns the region that examples show: the one nearest to the users.
func (r *renderer) region() string { return resolve.HomeOf(r.Choices).Region() }

// saysRegion says whether it is known where the users are. A team's own blueprint
// does not follow the notes, so their home is not its default: the team must have
// said where, in its own option or by a choice.
func (r *renderer) saysRegion() bool {
	return !r.Blueprint.Own || slices.ContainsFunc(r.Blueprint.Options, func(o *blueprint.Option) bool { return o.Name == resolve.Home }) ||
		slices.ContainsFunc(r.Choices, func(c resolve.Choice) bool {
			return c.Option.Name == resolve.Home && !c.Value.RawEquals(c.Option.Default)
		})
}

// completeExample returns a root module that calls the rendered one with the
// example values, or nil when the blueprint has no example.
func (r *renderer) completeExample() []byte {
	if r.Blueprint.Example == nil {
		return nil
	}
	file := hclwrite.NewEmptyFile()
	body := file.Body()
	if appendVersions(body, r.Module.Versions, false) {
		body.AppendNewline()
	}
	r.appendProviders(body)
	r.appendModule(body, "../..")
	if len(r.Module.Outputs) > 0 {
		body.AppendNewline()
		out := body.AppendNewBlock("output", []string{r.moduleLabel()}).Body()
		out.SetAttributeValue("description", cty.StringVal("All outputs of the module."))
		out.SetAttributeRaw("value", address("module."+r.moduleLabel()))
		if r.hasSensitive() {
			out.SetAttributeValue("sensitive", cty.True)
		}
	}
	return r.printed(file)
}

// hasSensitive says whether an output of the module is sensitive.
func (r *renderer) hasSensitive() bool {
	return slices.ContainsFunc(r.Module.Outputs, func(o link.Output) bool { return o.Sensitive })
}

// appendProviders appends the provider configurations that the module needs
// from its caller.
func (r *renderer) appendProviders(body *hclwrite.Body) {
	for _, p := range r.Module.Versions.Providers {
		if p.Name != "aws" {
			continue // whether and how it wants to be configured is not for us to guess
		}
		region := ""
		if r.saysRegion() {
			region = r.region()
		}
		appendProvider(body, "", region, !r.Blueprint.Own)
		for _, alias := range p.Aliases {
			name := aliasName(alias)
			appendProvider(body, name, strings.ReplaceAll(name, "_", "-"), !r.Blueprint.Own)
		}
	}
}

// appendProvider appends one configuration of the AWS provider. An alias is
// named after its region; without a region the environment says it.
func appendProvider(body *hclwrite.Body, alias, region string, tagged bool) {
	b := body.AppendNewBlock("provider", []string{"aws"}).Body()
	if alias != "" {
		b.SetAttributeValue("alias", cty.StringVal(alias))
	}
	if region == "" {
		b.AppendUnstructuredTokens(comment("The region comes from AWS_REGION or your profile."))
	} else {
		b.SetAttributeValue("region", cty.StringVal(region))
	}
	if !tagged {
		body.AppendNewline()
		return
	}
	b.AppendNewline()
	tags := b.AppendNewBlock("default_tags", nil).Body()
	tags.SetAttributeRaw("tags", onOneLine(hclwrite.TokensForObject([]hclwrite.ObjectAttrTokens{
		{Name: hclwrite.TokensForIdentifier("Environment"), Value: hclwrite.TokensForValue(cty.StringVal("example"))},
		{Name: hclwrite.TokensForIdentifier("ManagedBy"), Value: hclwrite.TokensForValue(cty.StringVal("terraform"))},
		{Name: hclwrite.TokensForIdentifier("User"), Value: hclwrite.TokensForValue(cty.StringVal("example-team"))},
	})))
	body.AppendNewline()
}

// comment returns a line of comment.
func comment(text string) hclwrite.Tokens {
	return hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte("# " + text + "\n")}}
}

// appendModule appends the call of the module.
func (r *renderer) appendModule(body *hclwrite.Body, source string) {
	b := body.AppendNewBlock("module", []string{r.moduleLabel()}).Body()
	b.SetAttributeValue("source", cty.StringVal(source))
	if r.needsAliases() {
		b.AppendNewline()
		var passed []hclwrite.ObjectAttrTokens
		for _, p := range r.Module.Versions.Providers {
			// An explicit map ends all inheritance, so it names the defaults too.
			for _, name := range append([]string{p.Name}, p.Aliases...) {
				passed = append(passed, hclwrite.ObjectAttrTokens{Name: address(name), Value: address(name)})
			}
		}
		b.SetAttributeRaw("providers", hclwrite.TokensForObject(passed))
	}
	if len(r.example) > 0 {
		b.AppendNewline()
	}
	for _, v := range r.example {
		setAttribute(b, v.name, v.expr, v.comment)
	}
}

// moduleLabel returns the name that examples give the module.
func (r *renderer) moduleLabel() string {
	label := strings.ReplaceAll(r.Blueprint.Name, "-", "_")
	if !hclsyntax.ValidIdentifier(label) {
		return "this"
	}
	return label
}
