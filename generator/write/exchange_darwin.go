package write

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// exchange swaps two entries of two folders in one step.
func exchange(aDir *os.File, a string, bDir *os.File, b string) error {
	return unix.RenameatxNp(int(aDir.Fd()), a, int(bDir.Fd()), b, unix.RENAME_SWAP)
}

// born is when a file was last changed in any way, in nanoseconds. No program can
// set it, which does not hold of the time of birth here.
func born(_ *os.File, info fs.FileInfo) int64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctimespec.Nano()
	}
	return 0
}

// lockedBy returns the process that has the lock on a folder: this system does
// not say.
func lockedBy(*os.File) int { return 0 }
