//go:build linux || darwin

package write

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTwoWriters lets writers and removers loose on one folder, whose parents
// come and go. Each ends well, and what stands in the end is one tree.
func TestTwoWriters(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		top := t.TempDir()
		out := filepath.Join(top, "a", "b", "out")
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for n := range 15 {
					b := &applier{journalOnly: a.journalOnly}
					var err error
					if i == 3 {
						_, err = b.remove(context.Background(), out, Options{Parents: 2})
					} else {
						_, err = b.apply(context.Background(), out, set(t, big(1+(i+n)%2)), Options{})
					}
					if err != nil {
						t.Errorf("writer %d: %v", i, err)
					}
				}
			})
		}
		wg.Wait()
		one, two := prefixed("a/b/out/", wantOf(set(t, big(1)), nil)), prefixed("a/b/out/", wantOf(set(t, big(2)), nil))
		if got := read(t, top); len(got) > 0 && !maps.Equal(got, one) && !maps.Equal(got, two) {
			t.Errorf("neither tree: %v", sortedKeys(got))
		}
	})
}

// TestNeighbours lets writers loose on folders side by side, whose parent each
// remover takes away when nobody uses it.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			out := filepath.Join(top, "a", "b", fmt.Sprint(i))
			for range 15 {
				if _, err := Apply(context.Background(), out, set(t, v1), Options{}); err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
				equal(t, read(t, out), wantOf(set(t, v1), nil))
				if _, err := Remove(context.Background(), out, Options{Parents: 2}); err != nil {
					t.Errorf("remover %d: %v", i, err)
				}
			}
		})
	}
	wg.Wait()
	if m := read(t, top); len(m) > 0 {
		t.Errorf("left behind: %v", sortedKeys(m))
	}
}

// TestLockKeepsOut holds that two processes never write at once: while one has
// the lock the other waits, and gives up when it is told to.
func TestLockKeepsOut(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	first, err := locate(out)
	if err != nil {
		t.Fatal(err)
	}
	h, err := (&applier{}).lock(t.Context(), first, true, 0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for what, do := range map[string]func() error{
		"apply":  func() error { _, err := Apply(ctx, out, set(t, v1), Options{}); return err },
		"remove": func() error { _, err := Remove(ctx, out, Options{}); return err },
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), "another bpgen was writing") {
			t.Errorf("%s: got %v", what, err)
		}
	}
	if m := read(t, parent); len(m) > 0 {
		t.Errorf("written all the same: %v", m)
	}
	done := make(chan error)
	go func() {
		_, err := Apply(context.Background(), out, set(t, v1), Options{})
		done <- err
	}()
	h.release(false)
	if err := <-done; err != nil {
		t.Error(err)
	}
	equal(t, read(t, out), wantOf(set(t, v1), nil))
}

// TestLockFollowsTheFolder holds that a lock on a folder that was exchanged or
// removed meanwhile is no lock.
func TestLockFollowsTheFolder(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	located, err := locate(filepath.Join(top, "a", "out"))
	if err != nil {
		t.Fatal(err)
	}
	h, err := (&applier{}).lock(t.Context(), located, true, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan *site)
	go func() {
		second, err := (&applier{}).lock(context.Background(), located, true, 0)
		if err != nil {
			t.Error(err)
		}
		got <- second
	}()
	time.Sleep(30 * time.Millisecond) // It waits on the folder that goes.
	if err := os.Remove(located.parent); err != nil {
		t.Fatal(err)
	}
	h.release(false)
	second := <-got
	defer second.release(false)
	mine, err := second.file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if now, err := os.Stat(located.parent); err != nil || !os.SameFile(mine, now) {
		t.Errorf("the lock is on another directory: %v", err)
	}
}

// TestLockIsToldAndGivenUp holds that a lock which nobody gives back, as any user
// who may read the folder can take one, is told of after a while and given up.
func TestLockIsToldAndGivenUp(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	f, err := os.Open(parent)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if tryLock(f) {
		t.Fatal("the lock cannot be had")
	}
	holder := "another process"
	if pid := lockedBy(f); pid != 0 {
		if holder = fmt.Sprintf("process %d", pid); pid != os.Getpid() {
			t.Errorf("%s has the lock, not %d", holder, os.Getpid())
		}
	}
	opts, told := notices(Options{})
	a := &applier{says: 20 * time.Millisecond, givesUp: 150 * time.Millisecond}
	if _, err := a.apply(t.Context(), out, set(t, v1), opts); err == nil || !strings.Contains(err.Error(), holder+" has held the lock on the directory \""+parent) {
		t.Errorf("got %v", err)
	}
	if want := []string{"waiting for " + holder + ", which holds the lock on the directory \"" + parent + "\""}; !slices.Equal(*told, want) {
		t.Errorf("told: %q", *told)
	}
	if m := read(t, parent); len(m) > 0 {
		t.Errorf("written all the same: %v", m)
	}
	// What is usual is not without end, and an interrupt ends it at once.
	if saysAfter > time.Second || givesUpAfter > time.Minute {
		t.Errorf("waits for %s and %s", saysAfter, givesUpAfter)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := Apply(ctx, out, set(t, v1), Options{}); err == nil || !strings.HasPrefix(err.Error(), "interrupted while another bpgen was writing") {
		t.Errorf("got %v", err)
	}
}
