package write

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A target is the place of the output folder.
type target struct {
	shown  string // as the user gave it
	dir    string // absolute
	parent string // absolute
	base   string
}

// locate checks the way to dir. The folder itself must not be a symbolic link,
// and a path relative to the working folder must not leave it over one.
func locate(dir string) (*target, error) {
	if dir == "" {
		return nil, errors.New("no output folder is given; use --out DIR")
	}
	if strings.ContainsRune(dir, 0) {
		return nil, fmt.Errorf("the output folder %q holds a NUL character", dir)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, friendly(dir, err)
	}
	t := &target{shown: dir, dir: abs, parent: filepath.Dir(abs), base: filepath.Base(abs)}

	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, friendly(dir, err)
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(abs)
		if err != nil {
			return nil, friendly(dir, err)
		}
		return nil, fmt.Errorf("the output folder %q is a symbolic link to %q; bpgen does not write through links: give the folder itself", dir, to)
	case !info.IsDir():
		return nil, fmt.Errorf("the output folder %q is a file; choose another name with --out", dir)
	}
	if filepath.IsLocal(dir) {
		if err := staysInside(dir); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// staysInside follows the existing part of a relative path and refuses a link
// that leads out of the working folder.
func staysInside(dir string) error {
	wd, err := os.Getwd()
	if err != nil {
		return friendly(dir, err)
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return friendly(dir, err)
	}
	for d := filepath.Clean(dir); d != "."; d = filepath.Dir(d) {
		where, err := filepath.EvalSymlinks(filepath.Join(wd, d))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return friendly(dir, err)
		}
		if !within(wd, where) {
			return fmt.Errorf("the output folder %q leads through a symbolic link to %q, out of the working folder; give the real path if that is meant", dir, where)
		}
		break
	}
	return nil
}

// within says whether path is dir or lies below it. Both are clean.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

// lock keeps a second bpgen out of the same parent folder until unlock. The
// operating system drops the lock when the process dies.
func (t *target) lock(ctx context.Context) (unlock func(), err error) {
	none := func() {}
	f, err := os.Open(t.parent)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return none, nil // Nothing to protect yet, or nothing that may be changed.
	}
	if err != nil {
		return none, err
	}
	for {
		busy := tryLock(f)
		if !busy {
			return func() { f.Close() }, nil //nolint:errcheck // Read only.
		}
		select {
		case <-ctx.Done():
			f.Close() //nolint:errcheck // Read only.
			return none, fmt.Errorf("interrupted while another bpgen was writing to %q", t.parent)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// friendly puts the usual causes in words.
func friendly(shown string, err error) error {
	var refused *RefusedError
	var said *saidError
	switch {
	case err == nil, errors.As(err, &refused), errors.As(err, &said):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return interrupted(shown)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("the disk is full: %q is as before (%w)", shown, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("the file system is read-only: %q is as before (%w)", shown, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%q is not writable for you; it is as before (%w)", shown, err)
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("a part of the path %q is a file, not a folder (%w)", shown, err)
	case errors.Is(err, syscall.ENAMETOOLONG):
		return fmt.Errorf("the path %q is too long (%w)", shown, err)
	}
	return fmt.Errorf("cannot write to %q, it is as before: %w", shown, err)
}

// A saidError is an error whose words are meant for the user as they stand.
type saidError struct{ text string }

func (e *saidError) Error() string { return e.text }

func said(format string, args ...any) error { return &saidError{fmt.Sprintf(format, args...)} }
