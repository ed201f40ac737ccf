package write

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// exchange swaps two entries of two folders in one step.
func exchange(aDir *os.File, a string, bDir *os.File, b string) error {
	return unix.Renameat2(int(aDir.Fd()), a, int(bDir.Fd()), b, unix.RENAME_EXCHANGE)
}

// changeTime is when an entry was last changed in any way, in nanoseconds. No
// program can set it.
func changeTime(st *syscall.Stat_t) int64 { return st.Ctim.Nano() }

// lockedBy returns the process that has the lock on a folder; 0 when that is not
// known.
func lockedBy(f *os.File) int {
	var st unix.Stat_t
	if unix.Fstat(int(f.Fd()), &st) != nil {
		return 0
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0
	}
	where := fmt.Sprintf("%02x:%02x:%d", unix.Major(st.Dev), unix.Minor(st.Dev), st.Ino)
	for lines := bufio.NewScanner(bytes.NewReader(locks)); lines.Scan(); {
		// 1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF
		var number, kind, mode, access, place string
		var pid int
		if n, _ := fmt.Sscan(lines.Text(), &number, &kind, &mode, &access, &pid, &place); n == 6 && kind == "FLOCK" && place == where { //nolint:errcheck // n tells.
			return pid
		}
	}
	return 0
}
