package template

import (
	"strings"
	"testing"
)

func TestCommentsAbove(t *testing.T) {
	t.Parallel()
	cases := map[string]string{ // what stands above "x = 1" -> what of it belongs to it
		"":                             "",
		"# a\n":                        "# a\n",
		"a = 1\n# a\n// b\n":           "# a\n// b\n",
		"# a\n\n# b\n":                 "# b\n",
		"/* a */\n":                    "/* a */\n",
		"/*###\n# a\n###*/\n":          "/*###\n# a\n###*/\n",
		"# a\n/*\n// b\n*/\n# c\n":     "# a\n/*\n// b\n*/\n# c\n",
		"a = 1 /* b\n# c */\n":         "",
		"/* a\n*/ b = 1\n":             "",
		"/* a\n*/ b = 1\n# c\n":        "# c\n",
		"# globs end with /*/ or */\n": "# globs end with /*/ or */\n",
		"a = \"/*\"\n# */\n":           "# */\n",
		"a = \"*/\"\n":                 "",
		"/* a */ /* b */\n":            "",
		"/* a\n\n# b\n*/\n":            "/* a\n\n# b\n*/\n",
		"a = <<E\n/*\nE\n# b\n":        "# b\n",
		"/* first */\n/* second */\n":  "/* first */\n/* second */\n",
		"a = 1 // b\n  # c\n":          "  # c\n",
		"/* a */\n\n/* b\n*/\n":        "/* b\n*/\n",
	}
	for above, want := range cases {
		src := above + "x = 1\n"
		c := Comments{Src: []byte(src)}
		at := strings.LastIndex(src, "x = 1")
		if got := src[c.Above(at):at]; got != want {
			t.Errorf("above: %q, want %q, got %q", above, want, got)
		}
	}
}
