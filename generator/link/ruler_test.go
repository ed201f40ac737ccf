package link

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// settledText runs a ruler over text.
func settledText(text string) bool {
	var r ruler
	ok := true
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" {
			ok = r.paragraph() && ok
			continue
		}
		code, comment, cut := cutComment(line)
		if !cut {
			return false
		}
		bare := strings.TrimRight(code, " \t")
		r.line(bare, len(code)-len(bare), comment != "")
	}
	return r.paragraph() && ok
}

func TestRuler(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want bool
	}{
		"aligned":              {"a {\n  x   = 1\n  yyy = 2\n}\n", true},
		"too far right":        {"a {\n  x    = 1\n  yyy  = 2\n}\n", false},
		"not aligned":          {"a {\n  x = 1\n  yyy = 2\n}\n", false},
		"apart":                {"a {\n  x = 1\n\n  yyy = 2\n}\n", true},
		"several lines":        {"a {\n  x = [\n    1,\n  ]\n  yyy = 2\n}\n", true},
		"comments":             {"a {\n  x   = 1  # a\n  yyy = 22 # b\n}\n", true},
		"comments not aligned": {"a {\n  x   = 1 # a\n  yyy = 22 # b\n}\n", false},
		"comment far":          {"a {\n  x = 1  # a\n}\n", false},
		"comment between":      {"a {\n  x = 1\n  # c\n  yyy = 2\n}\n", true},
		"comment not indented": {"a {\n# c\n}\n", false},
		"indented too little":  {"a {\n x = 1\n}\n", false},
		"indented too far":     {"a {\n    x = 1\n}\n", false},
		"interpolation":        {"a {\n  x   = \"${f({ a = 1 })}=\"\n  yyy = \"$${ \\\" {\"\n}\n", true},
		"quotes inside":        {"a {\n  x   = \"${f[\"{\"]}\"\n  yyy = 1\n}\n", true},
		"comparison":           {"a {\n  x   = 1 == 2\n  yyy = 1 >= 2\n}\n", true},
		"two brackets a line":  {"a {\n  x = f({\n    b = 1\n  })\n}\n", true},
		"not ASCII":            {"a {\n  x = \"é\"\n}\n", false},
		"tab":                  {"a {\n\tx = 1\n}\n", false},
		"string left open":     {"a {\n  x = \"b\n}\n", false},
		"one line":             {"a { x = 1 }\nb = 2\n", true},
		"for":                  {"a {\n  x = { for k, v in b : k => v }\n}\n", true},
	}
	for name, c := range cases {
		if got := settledText(c.text); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if formatted := string(hclwrite.Format([]byte(c.text))) == c.text; c.want && !formatted {
			t.Errorf("%s: the case is wrong, it is not formatted", name)
		}
	}
}

// TestRulerKnowsFormat holds the ruler against hclwrite: what it calls settled,
// formatting leaves alone. The texts are the built-in templates with lines
// dropped, doubled, moved, lengthened and indented, as specialising does.
func TestRulerKnowsFormat(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // Chance for a test.
	settled, unsettled := 0, 0
	rounds := 40
	if testing.Short() {
		rounds = 6 // under the race detector, where it takes minutes
	}
	for _, block := range builtInBlocks(t) {
		if !strings.Contains(block, "<<") && isASCII(block) && !settledText(block) {
			t.Errorf("not settled as it stands:\n%s", block)
		}
		for range rounds {
			lines := strings.Split(block, "\n")
			for range 1 + random.IntN(3) {
				lines = mutated(lines, random)
			}
			text := strings.Join(lines, "\n")
			// Paragraph by paragraph or as a whole, the result is the same.
			if by, ok := tidyLines(text, true, nil, hclwrite.Format); ok {
				whole, _ := tidyLines(text, false, nil, hclwrite.Format)
				if string(by.text) != string(whole.text) {
					t.Fatalf("by paragraphs\n%s\nas a whole\n%s", by.text, whole.text)
				}
			}
			if by, whole := tidyTokens(text, true, nil, hclwrite.Format), tidyTokens(text, false, nil, hclwrite.Format); string(by.text) != string(whole.text) {
				t.Fatalf("tokens: by paragraphs\n%s\nas a whole\n%s", by.text, whole.text)
			}
			if !settledText(text) {
				unsettled++
				continue
			}
			settled++
			if got := string(hclwrite.Format([]byte(text))); got != text {
				t.Fatalf("settled, but formatting changes\n%s\nto\n%s", text, got)
			}
		}
	}
	if settled < 200 || unsettled < 200 {
		t.Errorf("%d texts settled and %d not: the test says little", settled, unsettled)
	}
}

func mutated(lines []string, random *rand.Rand) []string {
	if len(lines) == 0 { // a block of one line that was dropped
		return lines
	}
	i := random.IntN(len(lines))
	out := append([]string(nil), lines...)
	switch random.IntN(6) {
	case 0:
		return append(out[:i], lines[i+1:]...)
	case 1:
		return append(append(out[:i:i], lines[i]), lines[i:]...)
	case 2:
		out[i] = strings.Replace(out[i], "var.", "local.a_", 1)
	case 3:
		out[i] = strings.Replace(out[i], "this", "x", 1)
	case 4:
		if out[i] != "" {
			out[i] = "  " + out[i]
		}
	case 5:
		j := random.IntN(len(lines))
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
