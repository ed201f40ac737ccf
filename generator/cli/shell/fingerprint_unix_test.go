//go:build unix

package shell_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cli/shell"
)

// TestFingerprintReadsConfigurationAlone holds that what is not configuration
// changes no fingerprint and is not opened, and that what a render refuses has
// none.
func TestFingerprintReadsConfigurationAlone(t *testing.T) {
	t.Parallel()
	bp := &blueprint.Blueprint{Name: "b", Components: []*blueprint.Component{{Template: "t"}}}
	fresh := func(t *testing.T) (dir string, put func(name, text string), print func() (string, error)) {
		t.Helper()
		dir = t.TempDir()
		put = func(name, text string) {
			t.Helper()
			full := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		put("blueprints/b/blueprint.hcl", "x")
		put("blueprints/notes/n.yaml", "x")
		put("templates/t/main.tf", "x")
		return dir, put, func() (string, error) { return (&shell.Factory{}).Fingerprint([]string{dir}, bp, "word") }
	}
	big := func(t *testing.T, name string) {
		t.Helper()
		if err := os.Truncate(name, 4<<30); err != nil {
			t.Fatal(err)
		}
	}

	for _, name := range []string{"templates/t/.terraform/providers/x", "templates/t/.hidden", "templates/t/files/.x", "blueprints/b/.x", "blueprints/b/notes.txt", "blueprints/other/blueprint.hcl"} {
		t.Run("not read, "+name, func(t *testing.T) {
			t.Parallel()
			dir, put, print := fresh(t)
			before, err := print()
			if err != nil || len(before) != 64 {
				t.Fatalf("%q, %v", before, err)
			}
			put(name, "")
			big(t, filepath.Join(dir, name))
			if err := syscall.Mkfifo(filepath.Join(dir, filepath.Dir(name), ".pipe"), 0o600); err != nil {
				t.Fatal(err)
			}
			if after, err := print(); err != nil || after != before {
				t.Errorf("%q before, %q after, %v", before, after, err)
			}
		})
	}
	for _, name := range []string{"templates/t/main.tf", "templates/t/files/x", "blueprints/b/blueprint.hcl", "blueprints/notes/n.yaml"} {
		t.Run("read, "+name, func(t *testing.T) {
			t.Parallel()
			dir, put, print := fresh(t)
			before, err := print()
			if err != nil {
				t.Fatal(err)
			}
			put(name, "y")
			if after, err := print(); err != nil || after == before {
				t.Errorf("%s changed and the fingerprint did not, %v", name, err)
			}
			big(t, filepath.Join(dir, name))
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			start := m.TotalAlloc
			if _, err := print(); err == nil {
				t.Error("4 GiB have a fingerprint")
			}
			if runtime.ReadMemStats(&m); m.TotalAlloc-start > 256<<20 {
				t.Errorf("took %d MiB", (m.TotalAlloc-start)>>20)
			}
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := print(); err == nil {
				t.Error("a pipe has a fingerprint")
			}
		})
	}
	t.Run("too many bytes", func(t *testing.T) {
		t.Parallel()
		_, put, print := fresh(t)
		for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			put("templates/t/files/"+string(c), strings.Repeat("x", 1<<20))
		}
		if _, err := print(); err == nil {
			t.Error("52 MiB have a fingerprint")
		}
	})
}
