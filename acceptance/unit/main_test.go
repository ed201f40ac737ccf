package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = `package a

import "testing"

func TestPasses(t *testing.T) { t.Log("not shown") }

func TestFails(t *testing.T) {
	t.Run("one", func(t *testing.T) { t.Error("seen") })
	t.Run("two", func(t *testing.T) {})
}

func TestNeedsOne(t *testing.T) { t.Log("on the way"); t.Skip("jq: install the package jq") }
func TestNeedsTwo(t *testing.T) { t.Run("part", func(t *testing.T) { t.Skip("jq: install the package jq") }) }
func TestNeedsThree(t *testing.T) { t.Skip("bash:\n\tinstall the package bash") }
func TestScript(t *testing.T) { t.Log("WORK=$WORK\n\n> cd a\n> [root] skip 'root may do all: run it as another user'\n"); t.SkipNow() }
func TestSaysNothing(t *testing.T) { t.SkipNow() }
`

// TestRun runs go test on packages of each kind: one that passes is a line, of one
// that fails what failed is shown, and the reasons for skips come last, once each.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, src := range map[string]string{
		"go.mod":           "module example\n\ngo 1.26\n",
		"a/a_test.go":      module,
		"b/b_test.go":      "package b\n\nimport \"testing\"\n\nfunc TestB(t *testing.T) {}\n",
		"c/c_test.go":      "package c\n\nvar x int = \"no number\"\n",
		"d/d_test.go":      "package d\n\nimport (\"os\"; \"testing\")\n\nfunc TestD(t *testing.T) { println(\"last words\"); os.Exit(3) }\n",
		"nothing/code.go":  "package nothing\n",
		"testdata/left.go": "not looked at",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for args, c := range map[string]struct {
		failed bool
		want   string
	}{
		"./b":    {false, "ok  \texample/b\n\n1 passed, 0 failed, 0 skipped\n"},
		"-v ./b": {false, "--- PASS: TestB\nPASS\nok  \texample/b\n\n1 passed, 0 failed, 0 skipped\n"},
		"./a": {true, `    a_test.go:8: seen
--- FAIL: TestFails/one
--- FAIL: TestFails
FAIL
FAIL	example/a

Skipped:
    2  jq: install the package jq
    1  bash: install the package bash
    1  no reason was given
    1  root may do all: run it as another user

Failed:
       example/a TestFails/one
       example/a TestFails

3 passed, 2 failed, 5 skipped
`},
		"./c":       {true, "# example/c [example/c.test]\nc/c_test.go:3:13: cannot use \"no number\" (untyped string constant) as int value in variable declaration\nFAIL\texample/c [build failed]\n\nFailed:\n       example/c\n\n0 passed, 1 failed, 0 skipped\n"},
		"./d":       {true, "last words\nFAIL\texample/d\n\nFailed:\n       example/d\n\n0 passed, 1 failed, 0 skipped\n"},
		"./nothing": {false, "\n0 passed, 0 failed, 0 skipped\n"},
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			failed, err := run(dir, strings.Fields(args), &out, &errs)
			if err != nil || failed != c.failed || errs.Len() > 0 {
				t.Errorf("failed is %t, %v; %s", failed, err, errs.Bytes())
			}
			took := regexp.MustCompile(`( \(|\t)\d+\.\d+s\)?`)
			if diff := cmp.Diff(c.want, took.ReplaceAllString(out.String(), "")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSameCommand: what the README's second line tells a newcomer to run is what make
// check and CI begin with.
func TestSameCommand(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	_, block, _ := strings.Cut(read("README.md"), "```sh\n")
	lines := strings.SplitN(block, "\n", 3)
	command, _, _ := strings.Cut(lines[1], "  ")
	if command != "go run ./acceptance/unit" {
		t.Fatalf("the README's second command is %q", lines[1])
	}
	makefile := read("GNUmakefile")
	if !strings.Contains(makefile, "\ncheck: needs test ") || !regexp.MustCompile(`\ntest: .*\n\t`+regexp.QuoteMeta(command)+`\n`).MatchString(makefile) {
		t.Errorf("make check does not begin with %s", command)
	}
	if ci := regexp.MustCompile(`(?m)^(time )?(go|make) .*$`).FindString(read(filepath.Join(".ci", "run"))); ci != "time "+command {
		t.Errorf(".ci/run begins with %q", ci)
	}
}
