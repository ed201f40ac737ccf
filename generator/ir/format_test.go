package ir_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/ir"
)

// lines are lines, or a few that go together, whose equal signs are easily taken for
// something else.
var lines = []string{
	"a = 1", "long_name = 2", "a.b=3", "\"quoted\" = 4", "\"has = sign\" = 5", "\"${var.x}\" = 6", "\"${f(\"a=b\")}\" = 7", "(var.k) = 8", "é = 9", "n=-1", "m =!true",
	"x = a == b", "x == y", "x = y => z", "k => v", "a <= b", "a != b ? c : d", "if x >= 1 && y == 2", "= 3", "  = 3", "x =", "!=", "==", "a ==", "x = = y",
	"o = {", "}", "l = [", "]", "o = { a = 1, b = 2 }", "b { c = 1 }", "block {", "f(", ")", "\"a=b\",", "\"a\\\"=b\" = 1", "s = \"\\\" = \"", "t = \"%{ if a == b }x%{ endif }\"",
	"s = \"${jsonencode({\n a = 1\n bb = 2 # c\n})}\"",
	"", "# a = 1", "// b == 2", "a = 1 # c = d", "long_name = 2 // e == f", "x == y # z = 1", "é = 1 # ä", "a = <<EOT\n x = 1\n yy = 2 # c\nEOT", "r = [\"arn:*:b/*\", \"c/*\"] # d", "\"e/*\" = f /* g\nh */", "x == y && z != w", "\"${a == b}\",", "/* a = 1 */", "/* a\n b = 1 */", "a = '1'",
}

// TestFormat: whatever lines come together, Format makes of them what hclwrite makes,
// also where they are no code.
func TestFormat(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // The same texts in every run.
	for range 30_000 {
		var src strings.Builder
		for range 1 + random.IntN(6) {
			src.WriteString(strings.Repeat(" ", random.IntN(3)) + lines[random.IntN(len(lines))] + "\n")
		}
		if want, got := string(hclwrite.Format([]byte(src.String()))), string(ir.Format([]byte(src.String()))); got != want {
			t.Fatalf("%s\nbecomes\n%s\nwant\n%s", src.String(), got, want)
		}
	}
}
