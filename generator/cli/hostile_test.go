package cli_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/visible"
)

// osc is what a terminal takes for a command: it would fill the clipboard.
const osc = "\x1b]52;c;ZXZpbA==\x07"

// site is a whole folder for --blueprint-dir.
var site = map[string]string{
	"p/blueprints/b/blueprint.hcl": "blueprint \"b\" {\n  version = \"1.0.0\"\n  summary = \"s\"\n}\n\noption \"o\" {\n  type        = string\n  default     = \"x\"\n  description = \"d\"\n  why         = \"w\"\n}\n\ncomponent \"c\" {\n  template = \"t\"\n  with     = { x = option.o }\n}\n",
	"p/templates/t/main.tf":        "resource \"aws_s3_bucket\" \"this\" {\n  bucket = var.x\n}\n",
	"p/templates/t/variables.tf":   "variable \"x\" {\n  type        = string\n  default     = \"d\" # why: w\n  description = \"x\"\n}\n",
	"p/templates/t/calls.tf":       "module \"m\" {\n  source = \"./modules/m\"\n}\n",
	"p/templates/t/modules/m/a.tf": "locals {\n  b = 1\n}\n",
	"p/templates/t/README.md":      "# t\n\nA bucket.\n",
}

// TestHostile looks at what each command says of what nobody in their senses
// writes: an error or an answer, without a panic, without the stack of a
// goroutine, and without anything hidden.
func TestHostile(t *testing.T) {
	render := []string{"render", "b", "--blueprint-dir", "p", "--out", "out"}
	deep := strings.Repeat("[", 60_000)
	tests := map[string]struct {
		file, old, text string // of site: the text takes the place of old; without old it is the whole file
		args            []string
		code            shell.Code
		want            string
	}{
		"half a blueprint":            {"p/blueprints/b/blueprint.hcl", "summary = \"s\"", "systems = [", render, 1, "Invalid expression"},
		"half a blueprint, listed":    {"p/blueprints/b/blueprint.hcl", "summary = \"s\"", "systems = [", []string{"list", "--blueprint-dir", "p"}, 1, "Invalid expression"},
		"half a text":                 {"p/blueprints/b/blueprint.hcl", "summary = \"s\"", "summary = \"a${\"", []string{"show", "b", "--blueprint-dir", "p"}, 1, "Invalid"},
		"half an exposure":            {"p/blueprints/b/blueprint.hcl", "with  ", "expose = { x = \"a${}\" }\n  with  ", []string{"explain", "b", "--blueprint-dir", "p"}, 1, "Invalid"},
		"half a condition under vet":  {"m/main.tf", "", "variable \"v\" {\n  description = \"%{if\n}\n", []string{"vet", "m"}, 2, "Invalid"},
		"moved from nowhere":          {"p/templates/t/main.tf", "", "resource \"aws_s3_bucket\" \"this\" {\n}\n\nmoved {\n  from = true\n  to   = aws_s3_bucket.this\n}\n", render, 1, "Not an address"},
		"moved from an index":         {"p/templates/t/main.tf", "", "resource \"aws_s3_bucket\" \"this\" {\n}\n\nmoved {\n  from = a[\"b\"]\n  to   = aws_s3_bucket.this\n}\n", render, 1, "Not an address"},
		"a run without a name":        {"p/templates/t/tests/a.tftest.hcl", "", "run {\n  assert {\n    condition     = true\n    error_message = \"m\"\n  }\n}\n", render, 1, "Wrong number of labels"},
		"a deep policy":               {"m/main.tf", "", "resource \"aws_iam_policy\" \"p\" {\n  policy = \"" + deep + "\"\n}\n", []string{"vet", "m"}, 0, "1 module"},
		"a deep directive":            {"p/templates/t/main.tf", "resource", "# bpgen:if " + deep + "\nresource", render, 1, "Not a condition"},
		"a deep runbook":              {"p/templates/t/runbooks/a.md", "", "# A\n\n{{ " + deep + " }}\n", render, 1, "Not an expression"},
		"a deep child module":         {"p/templates/t/modules/m/main.tf", "", "locals {\n  a = " + deep + "\n}\n", render, 1, "Nested too deeply"},
		"a deep test among the files": {"p/templates/t/files/a.tftest.hcl", "", "a = " + deep, render, 1, "Nested too deeply"},
		"a function that panics":      {"p/blueprints/b/blueprint.hcl", "x = option.o", "x = indent(-1, \"a\\nb\")", render, 1, "it cannot handle these values"},
		"an operator that panics":     {"p/blueprints/b/blueprint.hcl", "x = option.o", "x = tostring(1e999999999 % 7)", render, 1, "it cannot handle these values"},

		"a snippet of vet":     {"m/main.tf", "", "resource \"aws_s3_bucket\" \"b\" {\n  nope = 1 # " + osc + "\n}\n", []string{"vet", "m"}, 2, `nope = 1 # \x1b]52;c;ZXZpbA==\x07`},
		"a snippet, backwards": {"m/main.tf", "", "resource \"aws_s3_bucket\" \"b\" {\n  nope = 1 # a\u202eb\n}\n", []string{"vet", "m"}, 2, "# a<U+202E>b"},
		"a summary, listed":    {"p/blueprints/b/blueprint.hcl", `"s"`, `"\u001b[2J\u202e"`, []string{"list", "--blueprint-dir", "p"}, 0, `\x1b[2J<U+202E>`},
		"a summary, as JSON":   {"p/blueprints/b/blueprint.hcl", `"s"`, `"\u001b\u009b\u202e"`, []string{"list", "--blueprint-dir", "p", "--json"}, 0, `"\u001b\u009b\u202e"`},
		"a reason, explained":  {"p/blueprints/b/blueprint.hcl", `"w"`, `"a\u009bb"`, []string{"explain", "b", "--blueprint-dir", "p"}, 0, "why: a<U+009B>b"},
		"a description, shown": {"p/blueprints/b/blueprint.hcl", `"d"`, `"a\u0008b"`, []string{"show", "b", "--blueprint-dir", "p"}, 0, `a\x08b`},
		"a tooltip of DOT":     {"p/templates/t/README.md", "A bucket", "A " + osc + "bucket", []string{"graph", "b", "--blueprint-dir", "p", "--format", "dot"}, 0, `A \x1b]52;c;ZXZpbA==\x07bucket`},
		"a diff":               {"p/templates/t/runbooks/a.md", "", "# A\n\n" + osc + "\n", append(render, "--diff"), 0, `\x1b]52;`},
		"a directory's name":   {"m/main.tf", "", "", []string{"vet", "a" + osc}, 1, `\x1b]52;c;ZXZpbA==`},
		"an unknown flag":      {"m/main.tf", "", "", []string{"vet", "--a" + osc}, 1, `unknown flag --a\x1b]52;`},
		"an unknown command":   {"m/main.tf", "", "", []string{"a" + osc}, 1, `\x1b]52;`},
		"an unknown option":    {"m/main.tf", "", "", append(render, "--set", "a"+osc+"=1"), 1, `\x1b]52;`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for file, text := range site {
				if file == tt.file && tt.old != "" {
					text = strings.Replace(text, tt.old, tt.text, 1)
				}
				put(t, file, text)
			}
			if tt.old == "" {
				put(t, tt.file, tt.text)
			}
			f, s := shelltest.New(t, false, nil)
			f.Generate = generator.Generate
			code := cli.Run(t.Context(), f, tt.args)
			said := s.Out.String() + s.Err.String()
			if code != tt.code || !strings.Contains(said, tt.want) {
				t.Errorf("exit %d, want %d with %q", code, tt.code, tt.want)
			}
			if strings.ContainsFunc(said, visible.Hidden) || strings.Contains(said, "goroutine") || strings.Contains(said, "bug in bpgen") {
				t.Error("it holds what it must not")
			}
			if _, err := os.Stat("out"); err == nil {
				t.Error("something was written")
			}
			if t.Failed() {
				t.Logf("%.2000q", said)
			}
		})
	}
}

// TestManyFolders: an error of many lines is cut off and counted.
func TestManyFolders(t *testing.T) {
	t.Parallel()
	f, s := shelltest.New(t, false, nil)
	var dirs []string
	for i := range 1000 {
		dirs = append(dirs, fmt.Sprintf("testdata/none%d", i))
	}
	f.Path = strings.Join(dirs, string(os.PathListSeparator))
	code := cli.Run(t.Context(), f, []string{"list"})
	if text := s.Err.String(); code != shell.Failed || strings.Count(text, "\n") > 60 || !strings.HasSuffix(text, " more lines.\n") {
		t.Errorf("exit %d: %.300s", code, text)
	}
}

// TestPanic: a panic of a command is an error with a place; its stack is shown to
// who asks for it.
func TestPanic(t *testing.T) {
	t.Parallel()
	for _, trace := range []bool{false, true} {
		f, s := shelltest.New(t, false, nil)
		f.Trace = trace
		f.Check = func(context.Context, *catalog.Catalog, string, check.Progress) check.Report { panic("unforeseen") }
		code := cli.Run(t.Context(), f, []string{"blueprint", "check", "demo"})
		if text := s.Err.String(); code != shell.Failed || !strings.Contains(text, "This is a bug in bpgen") || !strings.Contains(text, "hostile_test.go:") || strings.Contains(text, "goroutine") != trace {
			t.Errorf("trace %t: exit %d: %s", trace, code, text)
		}
	}
}
