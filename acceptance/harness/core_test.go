package harness

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// TestBuildOnce: of those that want the same program at the same time, one builds it.
func TestBuildOnce(t *testing.T) {
	t.Parallel()
	tools := t.TempDir()
	files, err := txtar.FS(txtar.Parse([]byte("-- go.mod --\nmodule example\n\ngo 1.26\n-- main.go --\npackage main\n\nfunc main() {}\n")))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(tools, files); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "program")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "program")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := buildOnce(path, "a program", tools, "-s -w", "."); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v %v", entries, err)
	}
	if out, err := exec.Command(path).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestAlone: nobody makes what another is making.
func TestAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made")
	var all sync.WaitGroup
	var mu sync.Mutex
	for range 8 {
		all.Go(func() {
			err := alone(dir, func() error {
				if !mu.TryLock() {
					t.Error("two make it at once")
					return nil
				}
				defer mu.Unlock()
				time.Sleep(time.Millisecond)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
