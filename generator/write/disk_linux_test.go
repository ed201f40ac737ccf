package write

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// mount needs root; without it the same errors are tested by injection in
// TestFailAtEveryStep.
func mount(t *testing.T, flags uintptr, data string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", flags, data); err != nil {
		t.Skipf("only root may mount a small disk (%v); TestFailAtEveryStep injects the error instead", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) }) // Best effort.
	return dir
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := mount(t, 0, "size=256k")
	modes(t, func(t *testing.T, a *applier) {
		out := filepath.Join(disk, t.Name()[len("TestFullDisk/"):])
		apply(t, a, out, set(t, v1), false)
		before := read(t, out)
		huge := map[string]string{"main.tf": "two\n", "huge.tf": strings.Repeat("x", 1<<20)}
		for _, dir := range []string{out, out + "-new"} {
			if _, err := a.apply(t.Context(), dir, set(t, huge), Options{}); err == nil || !strings.Contains(err.Error(), "the disk is full") {
				t.Errorf("got %v", err)
			}
		}
		equal(t, read(t, out), before)
		if _, err := os.Lstat(out + "-new"); err == nil {
			t.Error("something was written")
		}
		if m, _ := filepath.Glob(filepath.Join(disk, ".*"+filepath.Base(out)+"*")); len(m) > 0 {
			t.Errorf("left behind: %v", m)
		}
	})
}

func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	disk := mount(t, 0, "size=256k")
	out := filepath.Join(disk, "out")
	apply(t, &applier{}, out, set(t, v1), false)
	if err := unix.Mount("", disk, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	before := read(t, disk)
	modes(t, func(t *testing.T, a *applier) {
		for _, dir := range []string{out, filepath.Join(disk, "new")} {
			if _, err := a.apply(t.Context(), dir, set(t, v2), Options{}); err == nil || !strings.Contains(err.Error(), "read-only") {
				t.Errorf("got %v", err)
			}
		}
		if _, err := a.remove(t.Context(), out, Options{}); err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Errorf("remove: got %v", err)
		}
		equal(t, read(t, disk), before)
	})
}

// TestMountPoint writes to a folder that cannot be exchanged.
func TestMountPoint(t *testing.T) {
	t.Parallel()
	disk := mount(t, 0, "size=1m")
	apply(t, &applier{}, disk, set(t, v1), false)
	put(t, disk, map[string]string{"terraform.tfstate": "s"})
	apply(t, &applier{}, disk, set(t, v2), false)
	equal(t, read(t, disk), wantOf(set(t, v2), map[string]string{"terraform.tfstate": "s"}))
	if m, _ := filepath.Glob(filepath.Join(filepath.Dir(disk), ".*")); len(m) > 0 {
		t.Errorf("left behind: %v", m)
	}
	// The mount point itself stays.
	for _, kept := range []map[string]string{{"terraform.tfstate": "s"}, nil} {
		if kept == nil {
			if err := os.Remove(filepath.Join(disk, "terraform.tfstate")); err != nil {
				t.Fatal(err)
			}
			apply(t, &applier{}, disk, set(t, v1), false)
		}
		if _, err := Remove(t.Context(), disk, Options{Parents: 1}); err != nil {
			t.Fatal(err)
		}
		equal(t, read(t, disk), kept)
	}
	if entries, err := os.ReadDir(disk); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

// TestNotWritable looks at the disk as a user without rights. Root takes the
// identity of another user for its own thread.
func TestNotWritable(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	apply(t, &applier{}, out, set(t, v1), false)
	if os.Geteuid() == 0 {
		enterable(t, filepath.Dir(parent))
		for _, d := range []string{parent, filepath.Dir(parent)} {
			if err := os.Chmod(d, 0o755); err != nil { // To look, not to write.
				t.Fatal(err)
			}
		}
		runtime.LockOSThread() // Never unlocked: the thread ends with the test.
		if err := unix.Setfsuid(65534); err != nil {
			t.Fatal(err)
		}
		defer unix.Setfsuid(0) // For the cleanup.
	} else {
		for _, d := range []string{out, parent} {
			if err := os.Chmod(d, 0o555); err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(d, 0o755) // For the cleanup.
		}
	}
	for _, dir := range []string{out, filepath.Join(parent, "new")} {
		_, err := Apply(t.Context(), dir, set(t, v2), Options{})
		if err == nil || !strings.Contains(err.Error(), "not writable") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := Remove(t.Context(), out, Options{}); err == nil || !strings.Contains(err.Error(), "not writable") {
		t.Errorf("remove: got %v", err)
	}
	equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v1), nil)))
}

// TestSpecialFolderStays keeps what a folder carries besides its mode.
func TestSpecialFolderStays(t *testing.T) {
	t.Parallel()
	for name, mark := range map[string]func(dir string) error{
		"setgid": func(dir string) error { return os.Chmod(dir, 0o755|os.ModeSetgid) },
		"xattr":  func(dir string) error { return unix.Setxattr(dir, "user.note", []byte("x"), 0) },
		"group": func(dir string) error {
			if os.Geteuid() != 0 {
				return unix.ENOTSUP // Only root may give a folder away.
			}
			return os.Chown(dir, 0, 12345)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			apply(t, &applier{}, out, set(t, v1), false)
			if err := mark(out); errors.Is(err, unix.ENOTSUP) {
				t.Skipf("not on this file system or for this user: %v", err)
			} else if err != nil {
				t.Fatal(err)
			}
			before, err := os.Stat(out)
			if err != nil {
				t.Fatal(err)
			}
			apply(t, &applier{}, out, set(t, v2), false)
			after, err := os.Stat(out)
			if err != nil || !os.SameFile(before, after) || before.Mode() != after.Mode() {
				t.Errorf("another directory: %v %v %v", before.Mode(), after.Mode(), err)
			}
			equal(t, read(t, filepath.Dir(out)), prefixed("out/", wantOf(set(t, v2), nil)))
		})
	}
}
