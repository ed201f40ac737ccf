package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
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

// TestSignals: the first signal ends the work, whatever the work is, and a second one
// of another kind ends it as that one: it was not waited for the work to end.
func TestSignals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		signals []syscall.Signal
		jam     bool // nobody reads what is printed; else hundreds of modules are rendered
		code    int
	}{
		"interrupt":         {signals: []syscall.Signal{syscall.SIGINT}, code: 130},
		"terminate":         {signals: []syscall.Signal{syscall.SIGTERM}, code: 143},
		"printing to a jam": {signals: []syscall.Signal{syscall.SIGINT}, jam: true, code: 130},
		"twice":             {signals: []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}, jam: true, code: 143},
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
			var pipe io.ReadCloser
			if tt.jam {
				var err error
				if pipe, err = cmd.StdoutPipe(); err != nil { // 5,000 findings are more than a pipe holds
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
			if tt.jam { // It prints, and cannot end by itself any more: until then a signal could end it at once.
				if _, err := io.ReadFull(pipe, make([]byte, 1)); err != nil {
					t.Fatal(err)
				}
			}
			for atWork := false; !atWork; atWork = atWork || begun(t, cmd.Process.Pid) {
				select {
				case err := <-done:
					t.Fatalf("it ended by itself: %v", err)
				case <-time.After(500 * time.Millisecond):
					atWork = runtime.GOOS != "linux" // There is no way to look.
				}
			}
			for _, s := range tt.signals {
				if err := cmd.Process.Signal(s); err != nil {
					t.Fatal(err)
				}
			}
			err := <-done
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != tt.code {
				t.Errorf("it ended with %v, not %d", err, tt.code)
			}
		})
	}
}

// begun reports whether the process has used a fifth of a second of a processor, far
// more than it needs to be ready for signals.
func begun(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(stat), ") ") // behind the name
	const user, system, needed = 11, 12, 20        // the fields; hundredths of a second
	used := 0
	for _, i := range []int{user, system} {
		n, err := strconv.Atoi(strings.Fields(after)[i])
		if err != nil {
			t.Fatal(err)
		}
		used += n
	}
	return used >= needed
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
