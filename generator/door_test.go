package generator_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// parsers are the packages that parse, with the beginnings of the names of what
// does in them.
var parsers = map[string][]string{
	"github.com/hashicorp/hcl/v2/hclsyntax": {"Parse", "Lex"},
	"github.com/hashicorp/hcl/v2/hclwrite":  {"Parse"},
	"github.com/hashicorp/hcl/v2/hclparse":  {""},
	"github.com/hashicorp/hcl/v2/hclsimple": {""},
	"github.com/hashicorp/hcl/v2/json":      {""},
	"github.com/goccy/go-yaml/parser":       {""},
	"github.com/goccy/go-yaml/lexer":        {""},
	"github.com/goccy/go-yaml":              {"Unmarshal", "NewDecoder"},
}

// trusted names the files that may parse by themselves, each with why.
var trusted = map[string]string{
	"generator/guard/guard.go":     "the guard's own lexer, which needs no stack",
	"generator/guard/parse.go":     "the door",
	"generator/budget/call.go":     "what an alias in a YAML text costs, behind guard.YAML",
	"generator/cost/cost.go":       "the list of prices, which the program carries",
	"generator/ledger/gen/main.go": "a program that writes the project's copy of the notes",
}

// TestOneDoor: what comes from outside reaches a parser through guard alone.
func TestOneDoor(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, f := range parsing(t, os.DirFS("..")) {
		if file, _, _ := strings.Cut(f, ":"); trusted[file] == "" {
			t.Errorf("%s: call guard instead", f)
		} else {
			used[file] = true
		}
	}
	for file := range trusted {
		if !used[file] {
			t.Errorf("trusted names %s, which parses nothing", file)
		}
	}
}

// TestOneDoorFinds shows that a call is found under any name.
func TestOneDoorFinds(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"plain":   "package x\nimport \"github.com/hashicorp/hcl/v2/hclsyntax\"\nvar _ = hclsyntax.ParseConfig\n",
		"renamed": "package x\nimport h \"github.com/hashicorp/hcl/v2/hclsyntax\"\nfunc f() { h.LexConfig(nil, \"\", hcl.InitialPos) }\n",
		"write":   "package x\nimport \"github.com/hashicorp/hcl/v2/hclwrite\"\nvar p = hclwrite.ParseConfig\n",
		"json":    "package x\nimport hcljson \"github.com/hashicorp/hcl/v2/json\"\nvar p = hcljson.Parse\n",
		"yaml":    "package x\nimport \"github.com/goccy/go-yaml\"\nvar p = yaml.Unmarshal\n",
	} {
		if got := parsing(t, fstest.MapFS{"generator/x/x.go": {Data: []byte(src)}}); len(got) != 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// parsing returns where a tree of packages uses a parser.
func parsing(t *testing.T, root fs.FS) (out []string) {
	t.Helper()
	selections(t, root, func(s selection) {
		if slices.ContainsFunc(parsers[s.from], func(begin string) bool { return strings.HasPrefix(s.name, begin) }) {
			out = append(out, s.at.String()+" "+s.name)
		}
	})
	return out
}
