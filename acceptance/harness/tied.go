package harness

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// starter is the one thread that starts processes: the kernel ties a child to the
// thread that made it, and this one lives as long as the test binary.
var starter = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// startTied starts a command that gets a signal when the test binary ends,
// however it ends: killed, too, where the system can do that. It runs in a
// process group of its own.
func startTied(cmd *exec.Cmd, signal syscall.Signal) error {
	tie(cmd, signal)
	started := make(chan error)
	starter() <- func() { started <- cmd.Start() }
	return <-started
}

// runTied runs a command of a core. It is asked to end when the test binary ends,
// so that it ends its providers, too; when its time is over it is killed with
// them.
func runTied(cmd *exec.Cmd) error {
	cmd.Cancel = func() error { killGroup(cmd); return nil }
	if err := startTied(cmd, syscall.SIGTERM); err != nil {
		return err
	}
	return cmd.Wait()
}
