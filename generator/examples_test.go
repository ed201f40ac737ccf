package generator_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// TestExamples: the options in examples/ are formatted, and its README leads to each
// of them and to what is rendered with it.
func TestExamples(t *testing.T) {
	t.Parallel()
	examples := os.DirFS("../examples")
	readme, err := fs.ReadFile(examples, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(examples, "*/*.hcl")
	if err != nil || len(files) < 3 {
		t.Fatalf("only %q: %v", files, err)
	}
	for _, name := range files {
		src, err := fs.ReadFile(examples, name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(src, hclwrite.Format(src)) {
			t.Errorf("%s is not formatted", name)
		}
		for _, link := range []string{name, strings.TrimSuffix(name, ".hcl")} {
			if !bytes.Contains(readme, []byte("("+link+")")) {
				t.Errorf("examples/README.md has no link to %s", link)
			}
		}
	}
}
