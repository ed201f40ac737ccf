package write_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/write"
)

// TestFiles: changes are carried out as a whole or not begun, file by file, and never
// through a link.
func TestFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	set := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	get := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "-"
		}
		return string(b)
	}
	set("a", "1", 0o600)
	set("b", "1", 0o644)
	set("run.sh", "1", 0o755)
	err := write.Files(dir, []write.Change{
		{Path: "a", Old: []byte("1"), New: []byte("2")}, {Path: "b", Old: []byte("1")}, {Path: "new/c", New: []byte("3")}, {Path: "run.sh", Old: []byte("1"), New: []byte("2")},
	})
	if err != nil || get("a") != "2" || get("b") != "-" || get("new/c") != "3" {
		t.Errorf("%v: %q %q %q", err, get("a"), get("b"), get("new/c"))
	}
	if info, err := os.Stat(filepath.Join(dir, "run.sh")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("a script lost its mode: %v %v", info, err)
	}
	for name, c := range map[string][]write.Change{
		"has changed meanwhile": {{Path: "a", Old: []byte("2"), New: []byte("3")}, {Path: "run.sh", Old: []byte("1"), New: []byte("3")}},
		"nothing was written":   {{Path: "a", Old: []byte("2"), New: []byte("3")}, {Path: "gone", Old: []byte("1")}},
	} {
		if err := write.Files(dir, c); err == nil || !strings.Contains(err.Error(), name) || get("a") != "2" {
			t.Errorf("%s: %v, a is %q", name, err, get("a"))
		}
	}
	outside := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Skip("links need a right here")
	}
	if err := write.Files(dir, []write.Change{{Path: "link/x", New: []byte("1")}}); err == nil {
		t.Error("a link led out of the directory")
	}
	if _, err := os.Stat(filepath.Join(outside, "x")); err == nil {
		t.Error("something was written outside")
	}
}
