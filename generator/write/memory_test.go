package write

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/fileset"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	m := MemoryIn(dir)
	if _, ok := m.Recall("k"); ok {
		t.Error("an empty memory recalls")
	}
	m.Remember("k", fileset.Digest([]byte("manifest")))
	if sum, ok := m.Recall("k"); !ok || sum != fileset.Digest([]byte("manifest")) {
		t.Errorf("got %q %v", sum, ok)
	}
	put(t, dir, map[string]string{"broken": "half"})
	if _, ok := m.Recall("broken"); ok {
		t.Error("a broken entry is recalled")
	}
	Memory{}.Remember("k", "")
	if _, ok := (Memory{}).Recall("k"); ok {
		t.Error("the zero memory recalls")
	}
	// A folder that cannot be made is no failure.
	MemoryIn(filepath.Join(dir, "broken", "x")).Remember("k", "")
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	m := MemoryIn(dir)
	for i := range maxMemories {
		name := fmt.Sprintf("k%03d", i)
		put(t, dir, map[string]string{name: fileset.Digest(nil)})
		at := time.Now().Add(-time.Hour + time.Duration(i)*time.Second)
		if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	m.Remember("new", fileset.Digest(nil))
	if _, ok := m.Recall("k000"); ok {
		t.Error("the oldest is still there")
	}
	for _, k := range []string{"new", "k001", fmt.Sprintf("k%03d", maxMemories-1)} {
		if _, ok := m.Recall(k); !ok {
			t.Errorf("%s is gone", k)
		}
	}
}

func TestUnchanged(t *testing.T) {
	t.Parallel()
	s := set(t, v1)
	manifest, _ := s.Get(ManifestPath)
	sum := fileset.Digest(manifest)
	tests := map[string]struct {
		files map[string]string
		links map[string]string
		want  bool
	}{
		"as written":   {nil, nil, true},
		"leftovers":    {map[string]string{".terraform/x": "", "terraform.tfstate": ""}, nil, true},
		"edited":       {map[string]string{"main.tf": "edit"}, nil, false},
		"foreign":      {map[string]string{"extra": ""}, nil, true},
		"manifest":     {map[string]string{ManifestPath: "{}"}, nil, false},
		"journal":      {map[string]string{".bpgen/tmp/x": ""}, nil, false},
		"half swapped": {map[string]string{"../.out.bpgen-tmp/x": ""}, nil, false},
		"a link":       {nil, map[string]string{"docs/b.md": "a.md"}, true}, // of others
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			if _, ok := Unchanged(out, sum); ok {
				t.Fatal("nothing is there")
			}
			apply(t, &applier{}, out, s, false)
			put(t, out, tt.files)
			for from, to := range tt.links {
				if err := os.Symlink(to, filepath.Join(out, from)); err != nil {
					t.Fatal(err)
				}
			}
			r, ok := Unchanged(out, sum)
			if ok != tt.want || ok && (r.Drift() || len(r.Unchanged) != 5) {
				t.Errorf("got %v %+v", ok, r)
			}
		})
	}
}

// TestUserMemoryIsNotInTheWorkingFolder holds that a home folder which is named
// from the working folder on has no memory, where there would be another in
// each folder.
func TestUserMemoryIsNotInTheWorkingFolder(t *testing.T) {
	for _, name := range []string{"rel", "../rel", "."} {
		t.Setenv("XDG_CACHE_HOME", "")
		t.Setenv("HOME", name)
		if m := UserMemory(); m != (Memory{}) {
			t.Errorf("HOME=%s: %q", name, m.dir)
		}
		t.Setenv("XDG_CACHE_HOME", name)
		if m := UserMemory(); m != (Memory{}) {
			t.Errorf("XDG_CACHE_HOME=%s: %q", name, m.dir)
		}
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if m := UserMemory(); m == (Memory{}) {
		t.Error("an ordinary cache directory has no memory")
	}
}
