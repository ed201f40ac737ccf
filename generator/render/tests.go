package render

import (
	"bytes"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// The mocks lie where every test file finds them, whatever folder terraform
// test is told to look in: the path starts at the module.
const (
	mocksDir  = "tests/mocks"
	mocksFile = mocksDir + "/aws.tfmock.hcl"
)

// testFile holds the shipped tests. They are one file, since Terraform starts
// the providers anew for each.
const testFile = "tests/module.tftest.hcl"

// tests adds the shipped tests, with the mock providers and the example values
// that they run on, and the mock values. Link has formatted the runs and mocks.
func (r *renderer) tests() {
	if len(r.Module.Tests) == 0 {
		return
	}
	blocks := [][]byte{r.testPreamble()}
	for _, t := range r.Module.Tests {
		blocks = append(blocks, append([]byte("# "+t.Name+"\n"), bytes.TrimLeft(t.Body, "\n")...))
	}
	r.config(testFile, joinBlocks(blocks...))
	var mocks [][]byte
	for _, m := range r.Module.Mocks {
		mocks = append(mocks, m.Body)
	}
	r.config(mocksFile, joinBlocks(mocks...))
}

// testPreamble returns what stands in front of the runs.
func (r *renderer) testPreamble() []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body()
	mock := func(provider, alias string) {
		b := body.AppendNewBlock("mock_provider", []string{provider}).Body()
		if alias != "" {
			b.SetAttributeValue("alias", cty.StringVal(alias))
		}
		if provider == "aws" && len(r.Module.Mocks) > 0 {
			b.SetAttributeValue("source", cty.StringVal("./"+mocksDir))
		}
		body.AppendNewline()
	}
	for _, p := range r.Module.Versions.Providers {
		mock(p.Name, "")
		for _, alias := range p.Aliases {
			mock(p.Name, aliasName(alias))
		}
	}
	if len(r.example) > 0 {
		variables := body.AppendNewBlock("variables", nil).Body()
		for _, v := range r.example {
			setAttribute(variables, v.name, v.expr, "")
		}
	}
	return file.Bytes()
}
