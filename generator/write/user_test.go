//go:build unix

package write

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const nobody = 65534

// asNobody runs a test of this binary as a user whom rights keep out, in a folder
// of his own, which it returns to him by TMPDIR.
func asNobody(t *testing.T, name string, env ...string) (output string, err error) {
	t.Helper()
	dir, err := os.MkdirTemp("", "nobody")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	enterable(t, dir)
	binary := filepath.Join(dir, "test")
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(binary, os.O_WRONLY|os.O_CREATE, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(to.Close(), os.Chmod(dir, 0o755), os.Chown(dir, nobody, nobody)); err != nil {
		t.Skipf("root may not act for another user here: %v", err)
	}
	cmd := exec.Command(binary, "-test.run=^"+name+"$", "-test.v")
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "TMPDIR="+dir, "HOME="+dir), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// enterable skips a test when another user cannot come to the directory, which it is
// about to hand over.
func enterable(t *testing.T, dir string) {
	t.Helper()
	for up := filepath.Dir(dir); ; up = filepath.Dir(up) {
		info, err := os.Stat(up)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o001 == 0 {
			t.Skipf("another user cannot enter %s: set TMPDIR to a directory that everybody may enter, such as /tmp", up)
		}
		if up == filepath.Dir(up) {
			return
		}
	}
}

// TestRights looks at folders that the user may not write or read. Root hands it
// to a user who has no more rights than others.
func TestRights(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		out, err := asNobody(t, t.Name())
		if err != nil || !strings.Contains(out, "--- PASS: TestRights/a_directory_without_right_to_write") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	chmod := func(t *testing.T, name string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	rendered := func(t *testing.T) (parent, out string) {
		t.Helper()
		parent = t.TempDir()
		out = filepath.Join(parent, "out")
		apply(t, &applier{}, out, set(t, v1), false)
		return parent, out
	}
	// What is not writable is refused before anything changes, and afterwards all
	// is as if nothing had been.
	for name, where := range map[string]string{"a directory without right to write": "out", "a directory of a file that goes": "out/old", "the directory of the manifest": "out/.bpgen"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, remove := range []bool{false, true} {
				parent, out := rendered(t)
				chmod(t, filepath.Join(parent, where), 0o555)
				for range 2 {
					_, err := Apply(t.Context(), out, set(t, v2), Options{OnConflict: Overwrite})
					if remove {
						_, err = Remove(t.Context(), out, Options{})
					}
					if err == nil || !strings.Contains(err.Error(), "is not writable and was left unchanged") {
						t.Errorf("got %v", err)
					}
					equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v1), nil)))
				}
				chmod(t, filepath.Join(parent, where), 0o755)
				apply(t, &applier{}, out, set(t, v2), false)
				equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v2), nil)))
			}
		})
	}
	t.Run("a parent that may not be entered", func(t *testing.T) {
		t.Parallel()
		parent, out := rendered(t)
		chmod(t, parent, 0)
		defer chmod(t, parent, 0o755)
		_, compared := Compare(out, set(t, v2), Options{})
		_, applied := Apply(t.Context(), out, set(t, v2), Options{})
		for _, err := range []error{compared, applied} {
			if err == nil || !strings.Contains(err.Error(), "is not readable") || strings.Contains(err.Error(), "writable") {
				t.Errorf("got %v", err)
			}
		}
	})
	t.Run("a directory in which nothing changes", func(t *testing.T) {
		t.Parallel()
		parent, out := rendered(t)
		put(t, out, map[string]string{"deep/er/x.tfstate": "s"})
		for _, d := range []string{"docs", "deep/er", "deep"} {
			chmod(t, filepath.Join(out, d), 0o555)
		}
		apply(t, &applier{}, out, set(t, v2), false)
		equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v2), map[string]string{"deep/er/x.tfstate": "s"})))
		for _, d := range []string{"docs", "deep/er", "deep"} {
			if info, err := os.Stat(filepath.Join(out, d)); err != nil || info.Mode().Perm() != 0o555 {
				t.Errorf("%s: %v %v", d, info.Mode(), err)
			}
			chmod(t, filepath.Join(out, d), 0o755) // For the cleanup.
		}
	})
	for name, mode := range map[string]os.FileMode{"a parent that may not be written": 0o555, "a parent that may not be read": 0o111} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parent, out := rendered(t)
			chmod(t, parent, mode)
			defer chmod(t, parent, 0o755)
			opts, told := notices(Options{})
			if _, err := Apply(t.Context(), out, set(t, v2), opts); err != nil {
				t.Fatal(err)
			}
			equal(t, read(t, out), wantOf(set(t, v2), nil))
			if len(*told) != 1 || !strings.Contains((*told)[0], "in place, file by file, because ") || !strings.Contains((*told)[0], "parent directory") {
				t.Errorf("told: %q", *told)
			}
			if _, err := Apply(t.Context(), out+"-new", set(t, v2), Options{}); err == nil {
				t.Error("a directory comes where none may be made")
			}
			if _, err := Remove(t.Context(), out, Options{}); err != nil {
				t.Fatal(err)
			}
			if m := read(t, out); len(m) > 0 {
				t.Errorf("left: %v", m)
			}
		})
	}
}

// TestTwoUsers lets one user be killed in the middle of a write to a folder that
// two share: the other neither takes his leftovers nor gets stuck by them.
func TestTwoUsers(t *testing.T) {
	t.Parallel()
	if out := os.Getenv("WRITE_TEST_SHARED"); out != "" { // The other one.
		opts, told := notices(Options{OnConflict: Overwrite})
		if err := Unfinished(out); err == nil {
			t.Error("the mixture is taken for a tree")
		}
		if _, err := Apply(t.Context(), out, set(t, v2), opts); err != nil {
			t.Error(err)
		}
		if len(*told) == 0 || !strings.Contains((*told)[0], "left alone") {
			t.Errorf("told: %q", *told)
		}
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("there is one user here, and only root may act for another")
	}
	parent, err := os.MkdirTemp("", "shared")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(parent) })
	out := filepath.Join(parent, "out")
	apply(t, &applier{}, out, set(t, v1), false)
	for _, d := range []string{"", "out", "out/docs", "out/old", "out/.bpgen"} {
		if err := os.Chmod(filepath.Join(parent, d), 0o777|os.ModeSetgid); err != nil {
			t.Fatal(err)
		}
	}
	at := 0 // The second replay.
	n, replays := 0, 0
	probe := &applier{journalOnly: true, step: func(what string) error {
		n++
		if strings.HasPrefix(what, "replay ") {
			if replays++; replays == 2 {
				at = n
			}
		}
		return nil
	}}
	trial := filepath.Join(t.TempDir(), "out")
	apply(t, &applier{}, trial, set(t, v1), false)
	apply(t, probe, trial, set(t, v2), false)
	if output, err := childProcess(out, "write", true, at).CombinedOutput(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("not killed at %d: %v %s", at, err, output)
	}
	if output, err := asNobody(t, t.Name(), "WRITE_TEST_SHARED="+out); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	got := read(t, out)
	for name, text := range wantOf(set(t, v2), nil) {
		if got[name] != text {
			t.Errorf("%s is %q", name, got[name])
		}
	}
	// The first one finishes, and undoes nothing.
	apply(t, &applier{}, out, set(t, v2), true)
	if err := Unfinished(out); err != nil {
		t.Error(err)
	}
	equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v2), nil)))
}
