package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

// acting makes the test binary the program itself.
const acting = "BPGEN_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(acting) != "" {
		main()
		return
	}
	m.Run()
}

// TestSignals: the first signal ends the work within a second, whatever the work
// is.
func TestSignals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		signal syscall.Signal
		twice  bool
		jam    bool // nobody reads what is printed; else hundreds of modules are rendered
		code   int
		within time.Duration
	}{
		"interrupt":         {signal: syscall.SIGINT, code: 130, within: time.Second},
		"terminate":         {signal: syscall.SIGTERM, code: 143, within: time.Second},
		"printing to a jam": {signal: syscall.SIGINT, jam: true, code: 130, within: time.Second},
		"twice":             {signal: syscall.SIGINT, twice: true, jam: true, code: 130, within: 500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			args := []string{"blueprint", "check", "ecs-fargate"}
			if tt.jam {
				var finds strings.Builder
				for range 5000 {
					finds.WriteString("resource \"aws_s3_bucket\" \"b\" {\n  nope = 1\n}\n")
				}
				put(t, filepath.Join(dir, "m", "main.tf"), finds.String())
				args = []string{"vet", "m", "--json"}
			}
			cmd := exec.Command(os.Args[0], args...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), acting+"=1", "HOME="+dir)
			var said bytes.Buffer
			cmd.Stderr = &said
			if tt.jam {
				pipe, err := cmd.StdoutPipe() // 5,000 findings are more than a pipe holds
				if err != nil {
					t.Fatal(err)
				}
				defer pipe.Close() // Wait does it.
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() {
				state, err := cmd.Process.Wait()
				if err == nil && state.ExitCode() != 0 {
					err = &exec.ExitError{ProcessState: state}
				}
				done <- err
			}()
			select {
			case err := <-done:
				t.Fatalf("it ended by itself: %v", err)
			case <-time.After(500 * time.Millisecond):
			}
			start := time.Now()
			for range map[bool]int{false: 1, true: 2}[tt.twice] {
				if err := cmd.Process.Signal(tt.signal); err != nil {
					t.Fatal(err)
				}
				time.Sleep(100 * time.Millisecond)
			}
			var err error
			select {
			case err = <-done:
			case <-time.After(20 * time.Second):
				cmd.Process.Kill() // It may be done.
				t.Fatal("it does not end")
			}
			// A machine at work may add to what the program takes.
			if took := time.Since(start); took > tt.within+2*time.Second {
				t.Errorf("it took %s", took)
			}
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != tt.code {
				t.Errorf("it ended with %v, not %d", err, tt.code)
			}
		})
	}
}

// TestCollectLate: the collector stays off until its first run, and as it is for who
// has chosen.
func TestCollectLate(t *testing.T) { //nolint:paralleltest // The collector is one for all.
	defer func(percent int, limit int64) {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}(debug.SetGCPercent(100), debug.SetMemoryLimit(-1))
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Setenv(name, "77")
		collectLate()
		if percent := debug.SetGCPercent(100); percent != 100 {
			t.Errorf("%s is set, and the collector runs at %d", name, percent)
		}
		os.Unsetenv(name)
	}
	collectLate()
	if percent := debug.SetGCPercent(-1); percent != -1 {
		t.Errorf("the collector runs at %d from the start", percent)
	}
	collected := func() (percent int) {
		for range 20 {
			runtime.GC()
			time.Sleep(5 * time.Millisecond) // cleanups run beside
			if percent = debug.SetGCPercent(-1); percent != -1 {
				break
			}
		}
		return percent
	}
	if percent := collected(); percent != -1 {
		t.Errorf("with little in use the collector runs at %d", percent)
	}
	ballast := make([]byte, late)
	if percent := collected(); percent != 100 {
		t.Errorf("with much in use the collector runs at %d", percent)
	}
	runtime.KeepAlive(ballast)
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
