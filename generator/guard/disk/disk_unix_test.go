//go:build unix

package disk_test

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/guard/disk"
)

// TestOddFiles holds that what is no ordinary file is refused in words, at once
// and without being read, whether it is named or found in a tree.
func TestOddFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(at("plain"), []byte("a = 1\n"), 0o600))
	must(os.WriteFile(at("empty"), nil, 0o600))
	must(os.Symlink("plain", at("link")))
	must(os.Mkdir(at("folder"), 0o700))
	must(syscall.Mkfifo(at("pipe"), 0o600))
	must(os.WriteFile(at("sparse"), nil, 0o600))
	must(os.Truncate(at("sparse"), 4<<30))
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", at("s"))
	must(err)
	defer l.Close()

	root, err := os.OpenRoot(dir)
	must(err)
	defer root.Close()
	fsys := disk.FS(root)
	for name, want := range map[string]string{
		"plain": "", "empty": "", "link": "",
		"folder": "is a directory", "pipe": "it is a pipe", "s": "it is a socket", "sparse": "4096 MiB", "none": "no such file",
	} {
		within(t, name, func() {
			_, diags := guard.ReadFile(fsys, name, name)
			expect(t, "in a tree, "+name, diags.Error(), want, len(diags))
			f, err := disk.Open(at(name))
			if err != nil {
				expect(t, name, err.Error(), want, 1)
				return
			}
			defer f.Close()
			_, diags = guard.ReadAll(f, name)
			expect(t, name, diags.Error(), want, len(diags))
		})
		within(t, name, func() {
			if entries, err := fs.ReadDir(fsys, name); (err == nil) != (name == "folder") || len(entries) > 0 {
				t.Errorf("%s lists %v, %v", name, entries, err)
			}
		})
	}
}

// TestKernelFiles holds that files which have no size, and may make a reader
// wait, are refused too.
func TestKernelFiles(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"/dev/zero": "it is a device", "/proc/self/environ": "its size is 0", "/proc/self/maps": "its size is 0", "/proc/kmsg": ""} {
		if _, err := os.Stat(name); err != nil {
			continue // Another system than Linux has no /proc.
		}
		within(t, name, func() {
			f, err := disk.Open(name)
			if err == nil {
				t.Errorf("%s was opened", name)
				f.Close()
			} else if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		})
	}
}

// TestTree holds the tree against what the standard library wants of one.
func TestTree(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "b", "c"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "a", "out")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	sub, err := fs.Sub(disk.FS(root), "a")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	err = fs.WalkDir(sub, ".", func(name string, _ fs.DirEntry, err error) error {
		names = append(names, name)
		return err
	})
	if got := strings.Join(names, " "); err != nil || got != ". b b/c out" {
		t.Errorf("walked %q, %v", got, err)
	}
	if b, err := fs.ReadFile(sub, "b/c"); err != nil || string(b) != "x" {
		t.Errorf("read %q, %v", b, err)
	}
	for _, name := range []string{"out", "../a/b/c", "/etc/passwd"} {
		if f, err := sub.Open(name); err == nil {
			t.Errorf("%s was opened", name)
			f.Close()
		}
	}
}

func expect(t *testing.T, what, got, want string, n int) {
	t.Helper()
	if want == "" && n > 0 || want != "" && (n == 0 || !strings.Contains(got, want)) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// within fails the test when f does not return. A reader that waits does so for
// ever, so the limit is far above what a busy machine needs.
func within(t *testing.T, name string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		t.Fatalf("%s makes the reader wait", name)
	}
}
