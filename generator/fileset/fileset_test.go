package fileset_test

import (
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
)

func TestAdd(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		have []string
		add  string
		want string // part of the error, "" for none
	}{
		"first":                 {nil, "main.tf", ""},
		"another":               {[]string{"main.tf"}, "variables.tf", ""},
		"twice":                 {[]string{"main.tf"}, "main.tf", "two files have"},
		"other case":            {[]string{"README.md"}, "readme.md", "two files have"},
		"other case, not ASCII": {[]string{"Über.md"}, "über.md", "two files have"},
		"below a file":          {[]string{"envs"}, "envs/prd.tfvars", "would have to be a directory"},
		"above a file":          {[]string{"envs/prd.tfvars"}, "envs", "would have to be a directory"},
		"below, other case":     {[]string{"Envs"}, "envs/prd.tfvars", "would have to be a directory"},
		"same start":            {[]string{"envs"}, "envs2/prd.tfvars", ""},
		"sibling":               {[]string{"envs/dev.tfvars"}, "envs/prd.tfvars", ""},
		"unsafe":                {nil, "../main.tf", "leads out"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s fileset.Set
			for _, p := range tt.have {
				if err := s.Add(p, []byte(p)); err != nil {
					t.Fatal(err)
				}
			}
			err := s.Add(tt.add, []byte("new"))
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			case tt.want != "" && s.Len() != len(tt.have):
				t.Errorf("a refused file is in the set: %d files", s.Len())
			}
		})
	}
}

// TestOrder holds that the order of Add makes no difference.
func TestOrder(t *testing.T) {
	t.Parallel()
	paths := []string{".bpgen/manifest.json", "README.md", "envs/dev.tfvars", "envs/prd.tfvars", "main.tf", "tests/mocks/aws.tfmock.hcl", "tests/module.tftest.hcl"}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var s fileset.Set
		for _, i := range rng.Perm(len(paths)) {
			if err := s.Add(paths[i], []byte(paths[i])); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, f := range s.Files() {
			got = append(got, f.Path)
			if content, ok := s.Get(f.Path); !ok || string(content) != f.Path {
				t.Errorf("Get(%q) is %q, %v", f.Path, content, ok)
			}
		}
		if !slices.Equal(got, paths) {
			t.Fatalf("got %v", got)
		}
	}
}

func TestGetMissing(t *testing.T) {
	t.Parallel()
	var s fileset.Set
	if content, ok := s.Get("main.tf"); ok || content != nil {
		t.Errorf("an empty set holds %q", content)
	}
	if s.Len() != 0 || len(s.Files()) != 0 {
		t.Error("an empty set is not empty")
	}
}

func TestSHA256(t *testing.T) {
	t.Parallel()
	// The digest of "abc" stands in FIPS 180-2, B.1.
	got := fileset.File{Bytes: []byte("abc")}.SHA256()
	if want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestCheckPath(t *testing.T) {
	t.Parallel()
	good := []string{
		"main.tf", ".bpgen/manifest.json", "a/b/c", "with space.md", "日本語.md", "console.tf", "COM10", "nul1", "lpt.tf", "a..b", "...a", "-x", "~x",
		strings.Repeat("a", 255),
	}
	for _, p := range good {
		if err := fileset.CheckPath(p); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
	bad := map[string]string{
		"": "empty", "/etc/passwd": "absolute", "..": "leads out", "../x": "leads out", "a/../b": "leads out", "a/..": "leads out",
		".": "not clean", "./a": "not clean", "a//b": "not clean", "a/": "not clean", "a/./b": "not clean",
		"a\x00b": "character", "a\nb": "character", "a\x7fb": "character", `a\b`: "character", `C:\x`: "character", "C:x": "character", "a*": "character",
		"a?": "character", `a"`: "character", "a<b": "character", "a>b": "character", "a|b": "character",
		"a.": "dot or a space", "a ": "dot or a space", "a /b": "dot or a space", "a./b": "dot or a space",
		"con": "reserves", "NUL.txt": "reserves", "a/Aux.tf": "reserves", "com1": "reserves", "LPT9.tar.gz": "reserves", "COM\u00b9": "reserves", "CON .txt": "reserves", "conin$": "reserves",
		"a\xffb": "UTF-8", strings.Repeat("a", 256): "255 bytes", strings.Repeat("a/", 200) + "a": "400 bytes",
	}
	for p, want := range bad {
		if err := fileset.CheckPath(p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", p, err, want)
		}
	}
}

// FuzzCheckPath holds that a path that is let through stays below the folder it
// is joined to, however it is read.
func FuzzCheckPath(f *testing.F) {
	for _, p := range []string{"main.tf", "../x", "a/..", "a//b", "C:x", "con", "a\x00", "é/x"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if fileset.CheckPath(p) != nil {
			return
		}
		if !validPath(p) {
			t.Errorf("%q is let through", p)
		}
	})
}

// validPath is what package io/fs asks of a path, which must be the weaker rule.
func validPath(p string) bool { return fs.ValidPath(p) && p != "." }
