package write

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// exchange swaps two entries of two folders in one step.
func exchange(aDir *os.File, a string, bDir *os.File, b string) error {
	return unix.Renameat2(int(aDir.Fd()), a, int(bDir.Fd()), b, unix.RENAME_EXCHANGE)
}

// born is when an open file was made or, on a file system that does not keep
// that, last changed in any way, in nanoseconds. No program can set either.
func born(f *os.File, info fs.FileInfo) int64 {
	var st unix.Statx_t
	if unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BTIME, &st) == nil && st.Mask&unix.STATX_BTIME != 0 && st.Btime.Sec != 0 {
		return st.Btime.Sec*1e9 + int64(st.Btime.Nsec)
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctim.Nano()
	}
	return 0
}

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
		if n, _ := fmt.Sscan(lines.Text(), &number, &kind, &mode, &access, &pid, &place); n == 6 && kind == "FLOCK" && place == where { // n tells.
			return pid
		}
	}
	return 0
}
