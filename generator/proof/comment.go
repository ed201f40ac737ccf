package proof

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
)

// uncommented returns a file with spaces in place of its comments, so that lines and
// columns stay: what a comment says is not what the module does.
func uncommented(name string, src []byte) []byte {
	switch ext := path.Ext(name); {
	case ext == ".tf" || ext == ".hcl" || ext == ".tfvars":
		return withoutHCL(src, name)
	case ext == ".md":
		return blank(src, hidden.FindAllIndex(src, -1))
	case ext == ".yml" || ext == ".yaml" || ext == ".sh" || strings.HasPrefix(path.Base(name), "Dockerfile"):
		return blank(src, hash.FindAllIndex(src, -1))
	}
	return src
}

var (
	// hidden is what Markdown does not show: comments of HTML, and references that
	// serve as comments.
	hidden = regexp.MustCompile(`(?s:<!--.*?-->)|(?m:^\[[^\]]*\]: *#[^\n]*$)`)
	// hash is a line that is a comment. Behind other text a # may stand in a string.
	hash = regexp.MustCompile(`(?m)^[ \t]*#[^!].*$`)
)

func withoutHCL(src []byte, name string) []byte {
	var comments [][]int
	for _, t := range guard.Lex(src, name) {
		if t.Type == hclsyntax.TokenComment {
			comments = append(comments, []int{t.Range.Start.Byte, t.Range.End.Byte})
		}
	}
	return blank(src, comments)
}

func blank(src []byte, ranges [][]int) []byte {
	if len(ranges) == 0 {
		return src
	}
	out := bytes.Clone(src)
	for _, r := range ranges {
		for i := r[0]; i < r[1]; i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
	}
	return out
}
