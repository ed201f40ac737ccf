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

// openFlags keep an open from waiting for the other end of a pipe that came to
// stand where a file was.
const openFlags = unix.O_NONBLOCK

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

// ownedByUser says whether an entry belongs to the user that runs this process.
func ownedByUser(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int64(st.Uid) == int64(os.Geteuid())
}

// inode returns the number of an entry in its file system.
func inode(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ino
	}
	return 0
}

// special says whether an open folder carries more than a mode, such as the bit
// that hands down its group or an access list, which a new one would lack.
func special(f *os.File, info fs.FileInfo) bool {
	if info.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky) != 0 {
		return true
	}
	names := make([]byte, 4096)
	n, err := unix.Flistxattr(int(f.Fd()), names)
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

// mayWrite asks the system whether the user may write to an entry below an open
// folder.
func mayWrite(f *os.File, name string, folder bool) error {
	want := uint32(unix.W_OK)
	if folder {
		want |= unix.X_OK
	}
	err := unix.Faccessat(int(f.Fd()), name, want, 0)
	switch {
	case err == nil, errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOTSUP):
		return nil // Not there yet, or no such question here.
	case !folder && !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EROFS):
		return nil // Its mode keeps nobody from putting another file in its place.
	}
	return &fs.PathError{Op: "write", Path: name, Err: err}
}
