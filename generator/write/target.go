package write

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
		return nil, errors.New("no output folder is given")
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
		return nil, fmt.Errorf("the output folder %q is a file; choose another name", dir)
	}
	if filepath.IsLocal(dir) {
		if err := staysInside(dir); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Resolve returns the absolute place of dir with every symbolic link on the way
// followed. What is not there yet is taken as it is written.
func Resolve(dir string) (string, error) {
	t, err := locate(dir)
	if err != nil {
		return "", err
	}
	where, err := Follow(t.dir)
	if err != nil {
		return "", friendly(dir, err)
	}
	return where, nil
}

// Follow resolves the links in the part of an absolute path that exists. A link
// that leads nowhere is an error: it may lead somewhere later.
func Follow(abs string) (string, error) {
	rest := ""
	for d := abs; ; d = filepath.Dir(d) {
		where, err := filepath.EvalSymlinks(d)
		if err == nil {
			return filepath.Join(where, rest), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			return "", err
		}
		if _, err := os.Lstat(d); err == nil {
			return "", said("%q is a symbolic link that leads nowhere", d)
		}
		rest = filepath.Join(filepath.Base(d), rest)
	}
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

// held is the lock on a parent folder, and which folders were made to have one.
type held struct {
	file *os.File
	made []string // outermost first
	none bool     // there is no such folder, and so nothing in it
}

// release ends the lock. With undo the folders that were made for it go again.
func (h *held) release(undo bool) {
	if undo {
		for _, d := range slices.Backward(h.made) {
			os.Remove(d) //nolint:errcheck // Fails when somebody else uses it: right.
		}
	}
	if h.file != nil {
		h.file.Close() //nolint:errcheck // Read only.
	}
}

// lock keeps a second bpgen out of the same parent folder until release. The
// operating system drops the lock when the process dies. With create, a parent
// folder that is missing is made first; without, there is nothing to lock.
func (t *target) lock(ctx context.Context, create bool) (*held, error) {
	h := &held{}
	for {
		if err := h.try(t, create); err != errBusy { //nolint:errorlint // It is never wrapped.
			if err != nil {
				h.release(true)
			}
			return h, err
		}
		select {
		case <-ctx.Done():
			h.release(false) // Who has the lock uses the folders.
			return h, said("interrupted while another bpgen was writing to %q", t.parent)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// errBusy says that another bpgen has the lock, or had it and took the folder
// away.
var errBusy = errors.New("busy")

// try takes the lock if nobody has it.
func (h *held) try(t *target, create bool) error {
	if create {
		made, err := mkdirParents(t.parent)
		h.made = append(h.made, made...)
		if errors.Is(err, fs.ErrNotExist) {
			return errBusy // Somebody removed a folder in between.
		}
		if err != nil {
			return err
		}
	}
	f, err := os.Open(t.parent)
	switch {
	case errors.Is(err, fs.ErrNotExist) && create:
		return errBusy
	case errors.Is(err, fs.ErrNotExist):
		h.none = true
		return nil
	case errors.Is(err, fs.ErrPermission):
		return nil // Nothing in it may be changed.
	case err != nil:
		return err
	}
	if !tryLock(f) {
		// It must still be the folder at that path, or the lock keeps nobody out.
		mine, err := f.Stat()
		if now, gone := os.Stat(t.parent); err == nil && gone == nil && os.SameFile(mine, now) {
			h.file = f
			return nil
		}
		if err == nil {
			err = errBusy
		}
		f.Close() //nolint:errcheck // Read only.
		return err
	}
	f.Close() //nolint:errcheck // Read only.
	return errBusy
}

// mkdirParents is os.MkdirAll that returns what it made.
func mkdirParents(dir string) ([]string, error) {
	var missing []string
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			break
		}
		missing = append(missing, d)
	}
	slices.Reverse(missing)
	var made []string
	for _, d := range missing {
		err := os.Mkdir(d, 0o755)
		if err == nil {
			made = append(made, d)
		} else if !errors.Is(err, fs.ErrExist) {
			return made, err
		}
	}
	return made, nil
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
