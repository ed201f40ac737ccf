package module_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledUpdate kills the provider itself in an update, at once when Terraform
// asks for it and later and later, until it comes too late. The next apply succeeds
// each time, and the plan after it is empty.
func TestKilledUpdate(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		const rounds, most = 10, 40 // on a busy machine the update may be over before the kill
		killed, i := 0, 0
		for ; i < rounds || killed == 0 && i < most; i++ {
			s := begin(t)
			s.write(team, "", config(""))
			s.ok(apply)
			s.write(team, "", config("options = { archive = true }"))
			n := i % rounds
			if s.kill(time.Duration(n*n) * 300 * time.Microsecond) {
				killed++
			}
			s.ok(apply)
			s.ok(plan, noChanges)
			if _, err := os.Stat(s.path("modules/web/archive.tf")); err != nil {
				t.Error(err)
			}
		}
		t.Logf("killed in time in %d of %d rounds", killed, i)
		if killed == 0 {
			t.Error("no kill came in time")
		}
	})
}

// kill applies, kills the provider so long after the update has begun, and says
// whether the apply failed of it.
func (s *stack) kill(after time.Duration) bool {
	s.t.Helper()
	cmd := exec.Command(s.core.Path, "apply", "-auto-approve", "-no-color")
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "Modifying...") {
			time.Sleep(after)
			s.killChildren(cmd.Process.Pid)
		}
	}
	return cmd.Wait() != nil
}

// killChildren kills the providers that a process has started.
func (s *stack) killChildren(parent int) {
	s.t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, name := range processes {
		// Every file that is read takes time that the update goes on.
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err != nil || pid < parent {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			continue // It is gone.
		}
		// pid (name) state parent ...
		_, rest, _ := strings.Cut(string(b), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != fmt.Sprint(parent) || !strings.Contains(string(b), "(terraform-provi") {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
				s.t.Error(err)
			}
		}
	}
}
