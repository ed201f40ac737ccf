// Package mutate damages HCL for fuzz tests, word by word: what comes out is
// nearly right, as a file is while somebody writes it. Bytes changed at random
// hardly ever pass the parser.
package mutate

import (
	"bytes"
	"math/rand/v2"

	"github.com/bpgen/bpgen/generator/guard"
)

// words are put in besides those of the text itself.
var words = []string{
	"null", "true", "0", "1", "-1", "1e999", `""`, `"x"`, "[]", "{}", "[0]", "(", ")", "{", "}", "[", "]", ",", "=", "=>", "...", "?", ":", ".", ".*", "[*]", "!", "-", "&&", "||", "==", "\n",
	"for", "in", "if", "each", "each.value", "each.key", "count.index", "self", "var", "local", "path.module", "terraform.workspace", "option", "component", "dynamic", "content", "lifecycle", "count", "for_each",
	"try(null.x, 1)", "can(var.x)", "one([])", "toset([1])", "sensitive(1)", "length(null)", "flatten([[1], null])", "lookup({}, \"a\", null)", "jsonencode(null)", "range(3)", "1/0", "unknown()", "provider::a::b(1)",
	`"${`, `"%{ if true }a%{ endif }"`, `"%{ for a in [1] }${a}%{ endfor }"`, `"$${"`, "<<E\na\nE\n", "# bpgen:if true\n", "# bpgen:if var.x == null\n", "/* */", "[for a in [1] : a]", "{ for a in [1] : a => a }",
	"moved", "removed", "import", "check", "assert", "data", "module", "resource", "variable", "output", "locals", "run", "validation", "precondition", "nullable", "ephemeral",
}

// Words returns src with as many changes as the generator chooses, of one to
// twenty: words go, stand twice, change places, or give way to others.
func Words(r *rand.Rand, src []byte) []byte {
	tokens := guard.Lex(src, "")
	if len(tokens) < 2 {
		return []byte(words[r.IntN(len(words))])
	}
	parts := make([][]byte, 0, len(tokens))
	end := 0
	for _, t := range tokens {
		if t.Range.Start.Byte > end {
			parts = append(parts, src[end:t.Range.Start.Byte])
		}
		parts = append(parts, t.Bytes)
		end = t.Range.End.Byte
	}
	for range 1 + r.IntN(20) {
		i, j := r.IntN(len(parts)), r.IntN(len(parts))
		switch r.IntN(6) {
		case 0:
			parts[i] = nil
		case 1:
			parts[i] = parts[j]
		case 2:
			parts[i], parts[j] = parts[j], parts[i]
		case 3:
			parts[i] = bytes.Join([][]byte{parts[i], parts[i]}, []byte(" "))
		case 4:
			parts[i] = []byte(words[r.IntN(len(words))])
		default:
			// A run of words, such as an argument or a block, goes elsewhere.
			n := min(1+r.IntN(12), len(parts)-i)
			run := bytes.Join(parts[i:i+n], nil)
			parts[j] = append(bytes.Clone(parts[j]), run...)
		}
	}
	return bytes.Join(parts, nil)
}
