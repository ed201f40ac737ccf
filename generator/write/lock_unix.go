//go:build linux || darwin

package write

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// tryLock takes the lock on an open folder and says whether somebody else has
// it. A file system without locks does not keep anybody from writing.
func tryLock(f *os.File) (busy bool) {
	return errors.Is(unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB), unix.EWOULDBLOCK)
}

// sameOwner says whether two folders belong to the same user and group. One
// that bpgen makes may get others than the one that it would take the place of.
func sameOwner(a, b fs.FileInfo) bool {
	x, ok := a.Sys().(*syscall.Stat_t)
	y, also := b.Sys().(*syscall.Stat_t)
	return ok && also && x.Uid == y.Uid && x.Gid == y.Gid
}

// special says whether a folder carries more than a mode, such as the bit that
// hands down its group or an access list, which a new one would lack.
func special(dir string, info fs.FileInfo) bool {
	if info.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) != 0 {
		return true
	}
	names := make([]byte, 4096)
	n, err := unix.Listxattr(dir, names)
	if errors.Is(err, unix.ENOTSUP) {
		return false
	}
	if err != nil {
		return true
	}
	for name := range strings.SplitSeq(string(names[:n]), "\x00") {
		// Labels of the system's own are given to every new file alike.
		if name != "" && name != "security.selinux" && name != "com.apple.provenance" {
			return true
		}
	}
	return false
}
