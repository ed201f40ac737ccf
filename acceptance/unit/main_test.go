package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
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

// TestSlow: of the tests that took long, those are named that no part of them explains,
// the slowest first.
func TestSlow(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	r := reporter{out: &out, took: map[test]float64{}, said: map[test][]string{}, skipped: map[string]int{}, failing: map[string]bool{}}
	for _, e := range []event{
		{Action: "pass", Package: "a", Test: "TestWhole/part", Elapsed: 8.6},
		{Action: "pass", Package: "a", Test: "TestWhole", Elapsed: 60},
		{Action: "fail", Package: "b", Test: "TestWholeOther", Elapsed: 12},
		{Action: "pass", Package: "b", Test: "TestQuick", Elapsed: 4},
		{Action: "pass", Package: "b", Elapsed: 80},
	} {
		r.take(e)
	}
	r.slow()
	if diff := cmp.Diff("\nSlowest, in seconds:\n   12  b TestWholeOther\n    9  a TestWhole/part\n", out.String()); diff != "" {
		t.Error(diff)
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
	if !strings.Contains(makefile, "\ncheck: needs test rest ") || !regexp.MustCompile(`\ntest: .*\n\t`+regexp.QuoteMeta(command)+`\n`).MatchString(makefile) {
		t.Errorf("make check does not begin with %s", command)
	}
	steps := regexp.MustCompile(`(?m)^(time )?(go|make) .*$`).FindAllString(read(filepath.Join(".ci", "run")), -1)
	if want := []string{"time " + command, "time make rest"}; !slices.Equal(steps, want) {
		t.Errorf(".ci/run runs %q, not %q", steps, want)
	}
}

// TestNeeds: make check says what is missing before it begins, and CI installs that.
func TestNeeds(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not on the PATH: the package bash has it")
	}
	script, err := filepath.Abs(filepath.Join("..", "..", ".ci", "needs"))
	if err != nil {
		t.Fatal(err)
	}
	// Everything but a compiler and Python.
	bin := t.TempDir()
	says := map[string]string{"go": t.TempDir() + "/not/yet", "df": "Filesystem\ndisk 9 6 3145728 67% /"}
	for _, name := range []string{"make", "git", "grep", "diff", "find", "jq", "go", "df"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\necho '"+says[name]+"'\n"), 0o755); err != nil { //nolint:gosec // A program.
			t.Fatal(err)
		}
	}
	needs := func(args ...string) (string, error) {
		cmd := exec.Command(bash, append([]string{script}, args...)...)
		cmd.Env = []string{"PATH=" + bin, "HOME=" + t.TempDir()}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	said, err := needs()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	for _, want := range []string{"\n  gcc, for the race detector (package gcc libc6-dev)\n", "\n  python3 with venv, ", " GB beside " + filepath.Dir(filepath.Dir(says["go"])) + ", and 3 GB are free", "takes about an hour"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "jq") {
		t.Errorf("it asks for what is there:\n%s", said)
	}
	packages, err := needs("--packages")
	if err != nil || !strings.HasPrefix(packages, "gcc\nlibc6-dev\npython3\npython3-venv\n") {
		t.Errorf("packages: %q %v", packages, err)
	}
}
