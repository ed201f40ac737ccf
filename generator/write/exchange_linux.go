package write

import (
	"os"

	"golang.org/x/sys/unix"
)

// exchange swaps two entries of two folders in one step.
func exchange(aDir *os.File, a string, bDir *os.File, b string) error {
	return unix.Renameat2(int(aDir.Fd()), a, int(bDir.Fd()), b, unix.RENAME_EXCHANGE)
}
