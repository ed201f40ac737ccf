package harness

import (
	"os/exec"
	"syscall"
)

// tie has the kernel send the signal to the command when its parent is gone.
func tie(cmd *exec.Cmd, signal syscall.Signal) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: signal, Setpgid: true}
}

// killGroup ends a command and whatever it started.
func killGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
}
