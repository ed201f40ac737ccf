package cpu

import (
	"syscall"
	"time"
)

// Used returns the processor time that the process has used so far.
func Used() time.Duration {
	process, err := syscall.GetCurrentProcess()
	if err != nil {
		panic(err)
	}
	var created, exited, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(process, &created, &exited, &kernel, &user); err != nil {
		panic(err)
	}
	// Filetime.Nanoseconds is for points in time; these are lengths, in steps of
	// 100 nanoseconds.
	length := func(f syscall.Filetime) int64 { return (int64(f.HighDateTime)<<32 | int64(f.LowDateTime)) * 100 }
	return time.Duration(length(kernel) + length(user))
}
