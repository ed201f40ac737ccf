package template

import "github.com/hashicorp/hcl/v2/hclsyntax"

// A Mock holds the mock values of one type of resource or data source.
type Mock struct {
	Kind  string // "mock_resource" or "mock_data"
	Type  string
	Block *hclsyntax.Block
	File  *File
}

// MockValues returns the mock values of the tests: those that a test file states in
// its mock providers, which Terraform prefers, before those of the files of mocks.
func (t *Template) MockValues() []Mock {
	var out []Mock
	add := func(f *File, blocks hclsyntax.Blocks) {
		for _, b := range blocks {
			if (b.Type == "mock_resource" || b.Type == "mock_data") && len(b.Labels) == 1 {
				out = append(out, Mock{Kind: b.Type, Type: b.Labels[0], Block: b, File: f})
			}
		}
	}
	for _, f := range t.Tests {
		for _, b := range f.Body.Blocks {
			if b.Type == "mock_provider" {
				add(f, b.Body.Blocks)
			}
		}
	}
	for _, f := range t.Mocks {
		add(f, f.Body.Blocks)
	}
	return out
}
