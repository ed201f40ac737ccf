//go:build unix

package cpu

import (
	"syscall"
	"time"
)

// Used returns the processor time that the process has used so far.
func Used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // There is no way to call it wrong.
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
