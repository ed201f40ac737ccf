//go:build !linux && !darwin

package write

import (
	"io/fs"
	"os"
)

// tryLock takes the lock on an open folder: not on this system.
func tryLock(*os.File) (busy bool) { return false }

// sameOwner and special guard the exchange of folders, which this system does
// not have.
func sameOwner(fs.FileInfo, fs.FileInfo) bool { return true }

func special(string, fs.FileInfo) bool { return false }
