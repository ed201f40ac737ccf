package harness

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

var bpgen = sync.OnceValues(func() (string, error) {
	root, err := repoRoot()
	if err != nil {
		return "", err
	}
	dir, err := tempDir("bpgen")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "bpgen"+exe())
	_, err = goTool(root, "build", "-o", path, ".")
	return path, err
})

// BpgenPath returns the program bpgen, built once per run.
func BpgenPath(t testing.TB) string {
	t.Helper()
	path, err := bpgen()
	if err != nil {
		t.Fatalf("bpgen does not build: %v", err)
	}
	return path
}

// Bpgen runs bpgen itself and returns how it ended and what it said on standard
// error.
func Bpgen(t testing.TB, dir string, args ...string) (code int, stderr string) {
	t.Helper()
	cmd := exec.Command(BpgenPath(t), args...)
	cmd.Dir = dir
	cmd.Env = baseEnv("")
	var out bytes.Buffer
	cmd.Stderr = &out
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, out.String()
	case errors.As(err, &exit):
		return exit.ExitCode(), out.String()
	}
	t.Fatal(err)
	return 0, ""
}
