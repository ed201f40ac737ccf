//go:build unix

package write

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if out := os.Getenv("WRITE_TEST_OUT"); out != "" {
		child(out)
		return
	}
	m.Run()
}

// child writes v2, removes what is there, or writes two trees in turn for ever,
// and kills itself in front of the step with the given number.
func child(out string) {
	var t panicker
	killAt, _ := strconv.Atoi(os.Getenv("WRITE_TEST_KILL_AT"))
	n := 0
	a := &applier{journalOnly: os.Getenv("WRITE_TEST_JOURNAL") == "true"}
	a.step = func(string) error {
		if n++; n == killAt {
			syscall.Kill(os.Getpid(), syscall.SIGKILL) // It does not return.
			select {}
		}
		return nil
	}
	switch os.Getenv("WRITE_TEST_DO") {
	case "write":
		apply(t, a, out, set(t, v2), true)
		return
	case "remove":
		if _, err := a.remove(context.Background(), out, Options{}); err != nil {
			t.Fatal(err)
		}
		return
	}
	for {
		for _, v := range []map[string]string{big(1), big(2)} {
			apply(t, a, out, set(t, v), true)
		}
	}
}

type panicker struct{ testing.TB }

func (panicker) Helper()           {}
func (panicker) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

func big(version int) map[string]string {
	m := map[string]string{}
	for i := range 30 {
		m[fmt.Sprintf("d%d/f%d.tf", i%5, i)] = strings.Repeat(fmt.Sprintf("version %d file %d\n", version, i%7*version), 200)
	}
	m[fmt.Sprintf("only%d.tf", version)] = "x"
	return m
}

func childProcess(out, do string, journal bool, killAt int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "WRITE_TEST_OUT="+out, "WRITE_TEST_DO="+do, fmt.Sprintf("WRITE_TEST_JOURNAL=%v", journal), fmt.Sprintf("WRITE_TEST_KILL_AT=%d", killAt))
	return cmd
}

// visible is the tree without what a killed run may leave behind beside the
// files: its work folder.
func visible(t *testing.T, out string) map[string]string {
	m := read(t, out)
	maps.DeleteFunc(m, func(k, _ string) bool { return strings.HasPrefix(k, bpgenDir+"/"+tmpPrefix) })
	return m
}

// TestKilledAtEveryStep kills a real process in front of each change to the
// disk, one after the other, until one run comes through.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	kept := map[string]string{".terraform/plugin": "p", "terraform.tfstate": "state", "foreign/f": "f"}
	for _, fresh := range []bool{true, false} {
		t.Run(map[bool]string{true: "fresh", false: "over"}[fresh], func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				for at := 1; ; at++ {
					parent := t.TempDir()
					out := filepath.Join(parent, "out")
					var old map[string]string
					if !fresh {
						apply(t, a, out, set(t, v1), false)
						put(t, out, kept)
						old = wantOf(set(t, v1), kept)
					}
					goal := wantOf(set(t, v2), map[bool]map[string]string{false: kept}[fresh])
					output, err := childProcess(out, "write", a.journalOnly, at).CombinedOutput()
					if err == nil {
						equal(t, read(t, parent), prefixed("out/", goal))
						if at < 5 {
							t.Errorf("only %d steps: the hook does not work", at)
						}
						return
					}
					if !strings.Contains(err.Error(), "killed") {
						t.Fatalf("%v: %s", err, output)
					}
					got := visible(t, out)
					if whole := maps.Equal(got, old) || maps.Equal(got, goal); !whole && !a.journalOnly {
						t.Errorf("killed at %d: the tree is neither the old nor the new one: %v", at, sortedKeys(got))
					}
					for name, body := range got { // With or without exchange: no half file.
						if body != old[name] && body != goal[name] {
							t.Errorf("killed at %d: %s is %q", at, name, body)
						}
					}
					// The next run ends in the new tree and leaves nothing behind.
					apply(t, a, out, set(t, v2), true)
					equal(t, read(t, parent), prefixed("out/", goal))
				}
			})
		})
	}
}

// TestRemoveKilledAtEveryStep kills a process that removes, in front of each
// change to the disk. The next run ends without the module and with all that is
// not bpgen's, whether it removes again or writes anew.
func TestRemoveKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	for name, kept := range map[string]map[string]string{
		"whole": nil,
		"kept":  {".terraform/plugin": "p", "terraform.tfstate": "state", "foreign/f": "f", "same.tf": "edit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes(t, func(t *testing.T, a *applier) {
				for at := 1; ; at++ {
					for _, again := range []bool{true, false} {
						parent := t.TempDir()
						out := filepath.Join(parent, "out")
						apply(t, a, out, set(t, v1), false)
						put(t, out, kept)
						old := wantOf(set(t, v1), kept)
						output, err := childProcess(out, "remove", a.journalOnly, at).CombinedOutput()
						if err == nil {
							equal(t, read(t, parent), prefixed("out/", kept))
							if at < 4 {
								t.Errorf("only %d steps: the hook does not work", at)
							}
							return
						}
						if !strings.Contains(err.Error(), "killed") {
							t.Fatalf("%v: %s", err, output)
						}
						got := visible(t, out)
						if whole := maps.Equal(got, old) || maps.Equal(got, kept) || len(got)+len(kept) == 0; !whole && !a.journalOnly {
							t.Errorf("killed at %d: neither the old tree nor what stays: %v", at, sortedKeys(got))
						}
						for name, body := range got {
							if body != old[name] {
								t.Errorf("killed at %d: %s is %q", at, name, body)
							}
						}
						for name, body := range kept {
							if got[name] != body {
								t.Errorf("killed at %d: %s is lost", at, name)
							}
						}
						if !again {
							apply(t, a, out, set(t, v2), true)
							want := maps.Clone(kept)
							delete(want, "same.tf") // v2 has its own.
							equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v2), want)))
							continue
						}
						if _, err := a.remove(t.Context(), out, Options{}); err != nil {
							t.Fatal(err)
						}
						equal(t, read(t, parent), prefixed("out/", kept))
						if _, err := os.Lstat(out); len(kept) == 0 && !errors.Is(err, os.ErrNotExist) {
							t.Errorf("killed at %d: the directory stays: %v", at, err)
						}
					}
				}
			})
		})
	}
}

// TestRecoveryFinishesTheJournal shows that a run which only looks again at the
// old choice does not leave a mixture.
func TestRecoveryFinishesTheJournal(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	apply(t, &applier{}, out, set(t, v1), false)
	crash := errors.New("crash")
	a := &applier{journalOnly: true, step: func(what string) error {
		if what == "replay main.tf" {
			return crash
		}
		return nil
	}}
	if _, err := a.apply(t.Context(), out, set(t, v2), Options{}); err == nil || !strings.Contains(err.Error(), "next run finishes") {
		t.Fatalf("got %v", err)
	}
	put(t, out, map[string]string{"main.tf": "edited in between\n"})
	if err := Unfinished(out); err == nil || !strings.Contains(err.Error(), "half written") {
		t.Errorf("the mixture is taken for a tree: %v", err)
	}
	located, err := locate(out)
	if err != nil {
		t.Fatal(err)
	}
	at, err := a.lock(t.Context(), located, true, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer at.release(false)
	if err := (&applier{}).recoverLeftovers(at); err != nil {
		t.Fatal(err)
	}
	if err := Unfinished(out); err != nil {
		t.Error(err)
	}
	equal(t, read(t, out), wantOf(set(t, v2), map[string]string{"main.tf": "edited in between\n"}))
}

// TestKilledAtRandom kills a process that writes two trees in turn.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		parent := t.TempDir()
		out := filepath.Join(parent, "out")
		one, two := wantOf(set(t, big(1)), nil), wantOf(set(t, big(2)), nil)
		seen := map[string]int{}
		random := rand.New(rand.NewPCG(1, 2))
		kills := 60
		if n, err := strconv.Atoi(os.Getenv("WRITE_TEST_KILLS")); err == nil {
			kills = n
		}
		for range kills {
			cmd := childProcess(out, "", a.journalOnly, 0)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(5+random.IntN(60)) * time.Millisecond)
			cmd.Process.Kill() // It runs for ever.
			cmd.Wait()         // It was killed.
			got := visible(t, out)
			switch {
			case len(got) == 0:
				seen["none"]++
				if seen["one"]+seen["two"] > 0 {
					t.Fatal("the tree vanished")
				}
			case maps.Equal(got, one):
				seen["one"]++
			case maps.Equal(got, two):
				seen["two"]++
			default:
				if seen["mixed"]++; Unfinished(out) == nil {
					t.Fatal("a mixture is taken for a tree")
				}
				if !a.journalOnly {
					t.Fatalf("neither tree: %v", sortedKeys(got))
				}
			}
			for name, body := range got {
				if body != one[name] && body != two[name] {
					t.Fatalf("%s is a half file", name)
				}
			}
		}
		if seen["one"]+seen["two"] == 0 {
			t.Errorf("the process never came to write: %v", seen)
		}
		if _, err := Apply(context.Background(), out, set(t, v2), Options{OnConflict: Overwrite}); err != nil {
			t.Fatal(err)
		}
		equal(t, read(t, parent), prefixed("out/", wantOf(set(t, v2), nil)))
		t.Log(seen)
	})
}

// TestFailAtEveryStep lets each change to the disk fail in turn with the error
// of a full disk: the folder must be as before, with nothing beside it.
func TestFailAtEveryStep(t *testing.T) {
	t.Parallel()
	modes(t, func(t *testing.T, a *applier) {
		for at := 1; ; at++ {
			parent := t.TempDir()
			out := filepath.Join(parent, "out")
			apply(t, &applier{journalOnly: a.journalOnly}, out, set(t, v1), false)
			before := read(t, parent)
			n, committed, failed := 0, false, false
			b := &applier{journalOnly: a.journalOnly, step: func(what string) error {
				if what == "tidy" || strings.HasPrefix(what, "replay") {
					committed = true
				}
				if n++; n == at {
					failed = true
					return fmt.Errorf("writing: %w", syscall.ENOSPC)
				}
				return nil
			}}
			_, err := b.apply(t.Context(), out, set(t, v2), Options{})
			if !failed {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if committed {
				continue // TestKilledAtEveryStep looks at what comes after.
			}
			if err == nil || !strings.Contains(err.Error(), "the disk is full") {
				t.Errorf("step %d: got %v", at, err)
			}
			equal(t, read(t, parent), before)
		}
	})
}
