package harness

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What does not start is told in one line, with the log to look into.
func TestServersThatDoNotStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	free, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		program string
		args    []string
		port    int
		want    string
	}{
		{"port taken", "/bin/sleep", []string{"60"}, taken.Addr().(*net.TCPAddr).Port, "port %d is taken"},
		{"ends at once", "/bin/sh", []string{"-c", "exit 3"}, free, "it ended at once"},
		{"never answers", "/bin/sleep", []string{"60"}, free, "no answer in 500ms"},
		{"no such program", "/bin/no-such-program", nil, free, "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "server.log")
			patience := time.Minute // The others are done as soon as they are seen.
			if strings.HasPrefix(tt.want, "no answer") {
				patience = 500 * time.Millisecond
			}
			_, err := server{name: "thing", program: tt.program, args: tt.args, ready: "/"}.startAt(t, tt.port, log, patience)
			want := tt.want
			if strings.Contains(want, "%d") {
				want = fmt.Sprintf(want, tt.port)
			}
			if err == nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "thing does not start") || !strings.Contains(err.Error(), want) || !strings.HasSuffix(err.Error(), "log: "+log) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// envTied makes the test binary the one that is killed in TestTiedProcessesEnd.
const envTied = "HARNESS_TIED"

// TestTiedProcessesEnd kills a test binary, which has no time to end what it
// started.
func TestTiedProcessesEnd(t *testing.T) {
	if os.Getenv(envTied) != "" {
		cmd := exec.Command("/bin/sleep", "300")
		if err := startTied(cmd, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("child %d\n", cmd.Process.Pid)
		time.Sleep(time.Minute)
		return
	}
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("only Linux ties processes together")
	}
	parent := exec.Command(os.Args[0], "-test.run=^TestTiedProcessesEnd$")
	parent.Env = append(os.Environ(), envTied+"=1")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	child := 0
	for lines := bufio.NewScanner(out); child == 0 && lines.Scan(); {
		if pid, ok := strings.CutPrefix(lines.Text(), "child "); ok {
			if child, err = strconv.Atoi(pid); err != nil {
				t.Fatal(err)
			}
		}
	}
	if child == 0 || !running(child) {
		t.Fatal("no child was started")
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // killed
	for end := time.Now().Add(time.Minute); running(child); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d outlives the killed one that started it", child)
		}
	}
}

// running reports whether a process is there and has not ended.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z")
}
