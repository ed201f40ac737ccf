package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, src := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestSelect(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{
		"go.mod":                 "module example\n",
		"a/a.go":                 "package a\n\nfunc Start() { go func() {}() }\n",
		"a/a_test.go":            "package a\n\nfunc TestUnit(t *testing.T) {}\n",
		"b/b.go":                 "package b\n\nimport \"sync\"\n\nvar once sync.Once\n",
		"b/b_test.go":            "package b\n\nfunc TestNear(t *testing.T) { harness.Live(t) }\n\nfunc TestUnit(t *testing.T) { go run() }\n",
		"c/c.go":                 "package c\n\nfunc Plain() {}\n",
		"c/c_test.go":            "package c\n\nfunc TestFar(t *testing.T) { t.Run(\"x\", func(t *testing.T) { deeper(t) }) }\n\nfunc live(t *testing.T) { harness.Live(t) }\n",
		"c/deeper_test.go":       "package c\n\nfunc deeper(t *testing.T) { live(t) }\n\nfunc TestUnit(t *testing.T) { harness.Other(t) }\n\nfunc TestMain(m *testing.M) { live(nil) }\n",
		"tools/own/go.mod":       "module own\n",
		"tools/own/x_test.go":    "package x\n\nfunc TestOwn(t *testing.T) { harness.Live(t) }\n",
		"c/testdata/x/x_test.go": "not looked at",
	})
	packages, pattern, err := live(dir)
	if err != nil || !slices.Equal(packages, []string{"./b", "./c"}) || pattern != "^(TestFar|TestNear)$" {
		t.Errorf("live: %v %s %v", packages, pattern, err)
	}
	got, err := racing(dir)
	if err != nil || !slices.Equal(got, []string{"./a", "./b"}) {
		t.Errorf("racing: %v %v", got, err)
	}
	args, err := arguments(dir, []string{"-only=live", "-v"})
	if want := []string{"-run", pattern, "-v", "./b", "./c"}; err != nil || !slices.Equal(args, want) {
		t.Error(cmp.Diff(want, args), err)
	}
	if args, err := arguments(dir, []string{"-only=racing", "-race"}); err != nil || !slices.Equal(args, []string{"-race", "./a", "./b"}) {
		t.Error(args, err)
	}
	if args, err := arguments(dir, nil); err != nil || !slices.Equal(args, []string{"./..."}) {
		t.Error(args, err)
	}
	for _, files := range []map[string]string{{"a.go": "package a\n"}, {"a.go": "package"}} {
		empty := writeTree(t, files)
		if _, _, err := live(empty); err == nil {
			t.Errorf("%v: no error though no test is live", files)
		}
		if _, err := racing(empty); err == nil {
			t.Errorf("%v: no error though nothing races", files)
		}
	}
}

// TestSelectHere: what must be there of this module, and what must not.
func TestSelectHere(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	packages, pattern, err := live(root)
	if err != nil || !slices.Contains(packages, "./acceptance") || !slices.Contains(packages, "./generator/provider/module") || slices.Contains(packages, "./generator/lang") {
		t.Errorf("live: %v %v", packages, err)
	}
	for _, name := range []string{"TestLife", "TestMatrix", "TestTerraformAgrees"} {
		if !strings.Contains(pattern, name+"|") {
			t.Errorf("%s is not live: %s", name, pattern)
		}
	}
	shared, err := racing(root)
	if err != nil || !slices.Contains(shared, "./generator/memo") || !slices.Contains(shared, "./generator/specialise") || slices.Contains(shared, "./generator/lang") || slices.Contains(shared, "./acceptance") {
		t.Errorf("racing: %v %v", shared, err)
	}
	t.Log(pattern)
	t.Log(shared)
}
