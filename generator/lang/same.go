package lang

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
)

// Same says whether two expressions are written with the same tokens, however they
// are spaced.
func Same(a, b string) bool {
	return slices.EqualFunc(tokens(a), tokens(b), func(x, y hclsyntax.Token) bool { return x.Type == y.Type && bytes.Equal(x.Bytes, y.Bytes) })
}

func tokens(text string) hclsyntax.Tokens {
	return slices.DeleteFunc(guard.Lex([]byte(text), ""), func(t hclsyntax.Token) bool {
		return t.Type == hclsyntax.TokenNewline || t.Type == hclsyntax.TokenEOF
	})
}
