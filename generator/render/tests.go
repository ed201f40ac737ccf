package render

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
)

// testFile holds the shipped tests. They are one file, since Terraform starts
// the providers anew for each.
const testFile = "tests/module.tftest.hcl"

// tests adds the shipped tests, which link has formatted, with the mock
// providers and the example values that they run on.
func (r *renderer) tests() {
	if len(r.Module.Tests) == 0 {
		return
	}
	blocks := [][]byte{r.kept(r.mocksKey(), r.mockProviders), r.kept("variables "+r.callKey(), r.testVariables)}
	for _, t := range r.Module.Tests {
		blocks = append(blocks, bytes.TrimLeft(t.Body, "\n")) // the name of each run begins with the component's
	}
	r.config(testFile, joinBlocks(blocks...))
}

// mockProviders returns the mock providers of the tests. The mock values stand in
// each of them: OpenTofu cannot take them from a folder.
func (r *renderer) mockProviders() []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body()
	mock := func(provider, alias string) {
		b := body.AppendNewBlock("mock_provider", []string{provider}).Body()
		if alias != "" {
			b.SetAttributeValue("alias", cty.StringVal(alias))
		}
		r.appendMocks(b, provider)
		body.AppendNewline()
	}
	for _, p := range r.Module.Versions.Providers {
		mock(p.Name, "")
		for _, alias := range p.Aliases {
			mock(p.Name, aliasName(alias))
		}
	}
	return file.Bytes()
}

// testVariables returns the values that the tests run on.
func (r *renderer) testVariables() []byte {
	if len(r.example) == 0 {
		return nil
	}
	file := hclwrite.NewEmptyFile()
	variables := file.Body().AppendNewBlock("variables", nil).Body()
	for _, v := range r.example {
		setAttribute(variables, v.name, v.expr, "")
	}
	return file.Bytes()
}

// appendMocks appends the mock values of the provider's types.
func (r *renderer) appendMocks(body *hclwrite.Body, provider string) {
	first := len(body.Attributes()) == 0
	for _, m := range r.Module.Mocks {
		file, diags := hclwrite.ParseConfig(m.Body, "", hcl.InitialPos)
		if diags.HasErrors() {
			r.diags = append(r.diags, diag.Bug(hcl.Range{}, "The mock of %s does not parse: %s", m.Type, diags))
			continue
		}
		for _, b := range file.Body().Blocks() {
			if !strings.HasPrefix(m.Type, provider+"_") {
				continue
			}
			if !first {
				body.AppendNewline()
			}
			first = false
			body.AppendBlock(b)
		}
	}
}
