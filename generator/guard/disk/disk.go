// Package disk opens files of the disk for reading, of a kind and in a way that
// cannot make the program wait.
//
// It takes names, or the os.Root of a folder, and returns open files or an fs.FS
// for package guard, which looks at sizes. What is not an ordinary file (a pipe,
// a socket, a device, a file of the kernel's that has no size) is refused before
// a byte of it is read: configuration stands in files, and whatever else bears
// such a name stands there by mistake or by malice. It writes nothing.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// patience is how long an empty file may take to say that it is empty.
const patience = 100 * time.Millisecond

// Open opens the ordinary file of that name for reading. Links are followed.
func Open(name string) (*os.File, error) {
	return open(name, os.Stat, func() (*os.File, error) { return os.OpenFile(name, mode, 0) })
}

// FS returns the tree of root for reading. As in root.FS no link leads out of
// it.
func FS(root *os.Root) fs.FS { return tree{root, "."} }

// mode makes opening a pipe return at once; for ordinary files it changes
// nothing.
const mode = os.O_RDONLY | syscall.O_NONBLOCK

// open looks at what a name stands for before opening it, and again at what it
// got, since another may have been put there meanwhile.
func open(name string, stat func(string) (fs.FileInfo, error), opened func() (*os.File, error)) (*os.File, error) {
	info, err := stat(name)
	if err != nil {
		return nil, err
	}
	if err := ordinary(name, info); err != nil {
		return nil, err
	}
	f, err := opened()
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = ordinary(name, info)
	}
	if err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		err = empty(name, f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// ordinary returns an error for what is neither a file nor a folder.
func ordinary(name string, info fs.FileInfo) error {
	kind := "not a regular file"
	switch m := info.Mode(); {
	case m.IsRegular(), m.IsDir():
		return nil
	case m&fs.ModeNamedPipe != 0:
		kind = "a pipe, not a regular file"
	case m&fs.ModeSocket != 0:
		kind = "a socket, not a regular file"
	case m&fs.ModeDevice != 0:
		kind = "a device, not a regular file"
	}
	return &fs.PathError{Op: "open", Path: name, Err: errors.New("it is " + kind)}
}

// empty returns an error when a file whose size is 0 holds something all the
// same, as those of /proc do: some of them never end, or make a reader wait.
func empty(name string, f *os.File) error {
	// A file that cannot be waited for has no deadline and needs none.
	if err := f.SetReadDeadline(time.Now().Add(patience)); err != nil && !errors.Is(err, os.ErrNoDeadline) {
		return err
	}
	switch n, err := f.Read(make([]byte, 1)); {
	case n > 0, errors.Is(err, os.ErrDeadlineExceeded):
		return &fs.PathError{Op: "open", Path: name, Err: errors.New("its size is 0 although it has content, so it is not a regular file")}
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// A tree is a folder below an os.Root.
type tree struct {
	root *os.Root
	dir  string
}

// Open opens an ordinary file or a folder.
func (t tree) Open(name string) (fs.File, error) {
	at, err := t.at("open", name)
	if err != nil {
		return nil, err
	}
	f, err := open(at, t.root.Stat, func() (*os.File, error) { return t.root.OpenFile(at, mode, 0) })
	if err != nil {
		return nil, err // Not f: a nil *os.File would make an fs.File that is not nil.
	}
	return f, nil
}

// ReadDir lists a folder. That is one way through the folders above it, where Open
// goes there twice; nothing is read of what is no folder, and opening it makes
// nobody wait.
func (t tree) ReadDir(name string) ([]fs.DirEntry, error) {
	at, err := t.at("open", name)
	if err != nil {
		return nil, err
	}
	f, err := t.root.OpenFile(at, mode, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // Read only.
	entries, err := f.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// Stat says what a name stands for, without opening it.
func (t tree) Stat(name string) (fs.FileInfo, error) {
	at, err := t.at("stat", name)
	if err != nil {
		return nil, err
	}
	return t.root.Stat(at)
}

// Sub returns the tree of a folder of this one.
func (t tree) Sub(dir string) (fs.FS, error) {
	if _, err := t.at("sub", dir); err != nil {
		return nil, err
	}
	return tree{t.root, path.Join(t.dir, dir)}, nil
}

func (t tree) at(op, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	local, err := filepath.Localize(path.Join(t.dir, name))
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", op, name, err)
	}
	return local, nil
}
