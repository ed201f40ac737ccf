package write

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "a", "b", "script")
	yes := func([]byte) error { return nil }
	wants := func(content string, may func([]byte) error, changed bool, left string) {
		t.Helper()
		got, err := File(name, []byte(content), may)
		if got != changed || (err != nil) != (left != content) {
			t.Errorf("%q: changed %t, %v", content, got, err)
		}
		if b, err := os.ReadFile(name); err != nil || string(b) != left {
			t.Errorf("%q: %q stands there, %v", content, b, err)
		}
	}
	wants("one", nil, true, "one")
	wants("one", nil, false, "one")
	wants("two", yes, true, "two")
	refused := errors.New("no")
	wants("three", func(old []byte) error {
		if string(old) != "two" {
			t.Errorf("asked about %q", old)
		}
		return refused
	}, false, "two")
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}

	// A link stays one.
	real := filepath.Join(dir, "real")
	if err := os.WriteFile(real, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(real, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if changed, err := File(link, []byte("new"), yes); !changed || err != nil {
		t.Errorf("a link: %t %v", changed, err)
	}
	if b, err := os.ReadFile(real); err != nil || string(b) != "new" {
		t.Errorf("behind the link: %q %v", b, err)
	}
	if _, err := File(dir, []byte("new"), yes); err == nil {
		t.Error("a directory was written")
	}
}
