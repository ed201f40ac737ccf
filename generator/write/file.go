package write

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File writes one file that belongs to no module, such as a completion script, and
// the directories above it, and says whether that changed anything. Of a file that is there
// already may is asked whether it may be replaced; its error is returned. The file
// is there as a whole or not at all. A link to a file is followed.
func File(name string, content []byte, may func(old []byte) error) (changed bool, err error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	switch info, err := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("nothing was written: %q exists, but is not a regular file", name)
	default:
		old, err := os.ReadFile(name)
		if err != nil {
			return false, err
		}
		if bytes.Equal(old, content) {
			return false, nil
		}
		if err := may(old); err != nil {
			return false, err
		}
	}
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return false, err
	}
	f, err := os.CreateTemp(dir, ".bpgen-*")
	if err != nil {
		return false, err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // The error that is told is the one of writing.
		return false, err
	}
	return true, nil
}
