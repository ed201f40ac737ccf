package write

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// exchange swaps two entries of two folders in one step.
func exchange(aDir *os.File, a string, bDir *os.File, b string) error {
	return unix.RenameatxNp(int(aDir.Fd()), a, int(bDir.Fd()), b, unix.RENAME_SWAP)
}

// changeTime is when an entry was last changed in any way, in nanoseconds. No
// program can set it.
func changeTime(st *syscall.Stat_t) int64 { return st.Ctimespec.Nano() }

// lockedBy returns the process that has the lock on a folder: this system does
// not say.
func lockedBy(*os.File) int { return 0 }
