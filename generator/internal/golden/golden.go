// Package golden compares what a test made with files that were accepted
// before.
//
// It takes a folder and a fileset and fails the test with a unified diff when
// they differ in either direction. With the test flag -update it writes the
// files instead. It is for tests alone and so may touch the disk.
package golden

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"

	"github.com/bpgen/bpgen/generator/fileset"
)

var update = flag.Bool("update", false, "accept what the tests make as the new golden files")

const howToAccept = `if this is what you meant, run "make golden" to accept it`

// Update says whether the golden files are to be written rather than compared.
func Update() bool { return *update }

// Tree compares the tree below dir with files: content, missing files and
// files too many. Line ends of the folder are read as \n, since a checkout may
// change them.
func Tree(t testing.TB, dir string, files fileset.Set) {
	t.Helper()
	if *update {
		write(t, dir, files)
		return
	}
	if diff := compare(read(t, dir), files); diff != "" {
		t.Errorf("%s differs from what was generated:\n%s\n%s", dir, diff, howToAccept)
	}
}

// File compares the one file at path with got.
func File(t testing.TB, path string, got []byte) {
	t.Helper()
	var want, made fileset.Set
	name := filepath.Base(path)
	add(t, &made, name, got)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	content, err := os.ReadFile(path)
	switch {
	case err == nil:
		add(t, &want, name, normalise(content))
	case !os.IsNotExist(err):
		t.Fatal(err)
	}
	if diff := compare(want, made); diff != "" {
		t.Errorf("%s differs from what was generated:\n%s\n%s", path, diff, howToAccept)
	}
}

// compare returns a unified diff from want to got, empty when they are equal.
func compare(want, got fileset.Set) string {
	var out strings.Builder
	var paths []string
	for _, set := range []fileset.Set{want, got} {
		for _, f := range set.Files() {
			paths = append(paths, f.Path)
		}
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		old, had := want.Get(path)
		made, has := got.Get(path)
		switch {
		case !has:
			out.WriteString("no longer generated: " + path + "\n")
		case !had:
			out.WriteString("not in the golden files: " + path + "\n")
			out.WriteString(udiff.Unified("golden/"+path, "made/"+path, "", string(made)))
		case !bytes.Equal(old, made):
			out.WriteString(udiff.Unified("golden/"+path, "made/"+path, string(old), string(made)))
		}
	}
	return out.String()
}

func read(t testing.TB, dir string) fileset.Set {
	t.Helper()
	var set fileset.Set
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if os.IsNotExist(err) && path == dir {
				return fs.SkipAll
			}
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return set.Add(filepath.ToSlash(rel), normalise(content))
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func write(t testing.TB, dir string, files fileset.Set) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, f := range files.Files() {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Bytes, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func add(t testing.TB, set *fileset.Set, path string, content []byte) {
	t.Helper()
	if err := set.Add(path, content); err != nil {
		t.Fatal(err)
	}
}

func normalise(content []byte) []byte { return bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")) }
