package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/link"
)

// testFile holds the shipped tests. They are one file as long as a person can
// read it, since Terraform starts the providers anew for each.
const testFile = "tests/module.tftest.hcl"

// testFileLines is the length from which the tests go on in another file.
const testFileLines = 550

// tests adds the shipped tests, which link has formatted, with the mock
// providers and the example values that they run on.
func (r *renderer) tests() {
	if len(r.Module.Tests) == 0 {
		return
	}
	head := joinBlocks(r.mockProviders(), r.testVariables())
	for i, bodies := range spreadTests(r.Module.Tests, testFileLines-countLines(head)) {
		r.config(testFileName(i), joinBlocks(append([][]byte{head}, bodies...)...))
	}
}

// testFileName names the files of the shipped tests: module.tftest.hcl,
// module-2.tftest.hcl and so on.
func testFileName(i int) string {
	if i == 0 {
		return testFile
	}
	name, _ := strings.CutSuffix(testFile, ".tftest.hcl")
	return fmt.Sprintf("%s-%d.tftest.hcl", name, i+1)
}

// spreadTests shares the tests out over files of about the given number of
// lines, in their order; the tests of one component stay together.
func spreadTests(tests []link.TestFile, lines int) [][][]byte {
	var files [][][]byte
	left := 0
	for _, t := range tests {
		body := bytes.TrimLeft(t.Body, "\n") // the name of each run begins with the component's
		length := countLines(body) + 1
		if len(files) == 0 || length > left {
			files, left = append(files, nil), lines
		}
		last := len(files) - 1
		files[last] = append(files[last], body)
		left -= length
	}
	return files
}

// countLines counts the lines of a text that ends with one.
func countLines(text []byte) int { return bytes.Count(text, []byte{'\n'}) }

// mockProviders returns the mock providers of the tests. The mock values stand in
// each of them: OpenTofu cannot take them from a folder.
func (r *renderer) mockProviders() []byte {
	var blocks [][]byte
	for _, p := range r.Module.Versions.Providers {
		var mocks [][]byte
		for _, m := range r.Module.Mocks {
			if strings.HasPrefix(m.Type, p.Name+"_") {
				mocks = append(mocks, r.mock(m))
			}
		}
		blocks = append(blocks, r.mockProvider(p.Name, "", mocks))
		for _, alias := range p.Aliases {
			blocks = append(blocks, r.mockProvider(p.Name, aliasName(alias), mocks))
		}
	}
	return joinBlocks(blocks...)
}

// mockProvider returns one mock provider around its mocks.
func (r *renderer) mockProvider(provider, alias string, mocks [][]byte) []byte {
	file := hclwrite.NewEmptyFile()
	body := file.Body().AppendNewBlock("mock_provider", []string{provider}).Body()
	if alias != "" {
		body.SetAttributeValue("alias", cty.StringVal(alias))
		if len(mocks) > 0 {
			body.AppendNewline()
		}
	}
	head, _ := bytes.CutSuffix(r.printed(file), []byte("}\n"))
	text := slices.Clone(head)
	for i, m := range mocks {
		if i > 0 && countLines(mocks[i-1])+countLines(m) > 2 { // lines that are alike stand together
			text = append(text, '\n')
		}
		text = append(text, m...)
	}
	return append(text, "}\n"...)
}

// mock returns the mock values of a type, indented as in a provider.
func (r *renderer) mock(m link.MockType) []byte {
	if bytes.Contains(m.Body, []byte("<<")) {
		return r.formattedMock(m) // the lines of a heredoc stay where they are
	}
	var out []byte
	for line := range bytes.Lines(m.Body) {
		if len(bytes.TrimSpace(line)) > 0 {
			out = append(out, "  "...)
		}
		out = append(out, line...)
	}
	return singleLine(out)
}

// formattedMock is mock for any text.
func (r *renderer) formattedMock(m link.MockType) []byte {
	parsed, diags := guard.PrintedForEdit(m.Body)
	if diags.HasErrors() {
		r.diags = append(r.diags, diag.Bug(hcl.Range{}, "The mock of %s does not parse: %s", m.Type, diags))
		return nil
	}
	file := hclwrite.NewEmptyFile()
	around := file.Body().AppendNewBlock("mock_provider", nil).Body()
	for _, b := range parsed.Body().Blocks() {
		around.AppendBlock(b)
	}
	_, inside, _ := bytes.Cut(r.printed(file), []byte{'\n'})
	inside, _ = bytes.CutSuffix(inside, []byte("}\n"))
	return singleLine(inside)
}

// singleLine puts a block that holds one argument, on one line, onto one line.
func singleLine(block []byte) []byte {
	lines := bytes.Split(bytes.TrimRight(block, "\n"), []byte{'\n'})
	if len(lines) != 3 {
		return block
	}
	return slices.Concat(lines[0], []byte(" "), bytes.TrimSpace(lines[1]), []byte(" "), bytes.TrimSpace(lines[2]), []byte("\n"))
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
	return r.printed(file)
}
