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
)

// A target is the place of the output folder, by name.
type target struct {
	shown  string // as the user gave it
	dir    string // absolute
	parent string // absolute
	base   string
	local  bool   // the folder must not leave the working folder
	below  string // of one that is local: its parent below the working folder
}

// locate checks the way to dir. The folder itself must not be a symbolic link,
// and a path relative to the working folder must not leave it over one. What it
// finds out by name is for words alone: open and root look again, at handles.
func locate(dir string) (*target, error) {
	if dir == "" {
		return nil, errors.New("no output directory given")
	}
	if strings.ContainsRune(dir, 0) {
		return nil, fmt.Errorf("the output directory %q contains a NUL character", dir)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, unreadable(dir, err)
	}
	t := &target{shown: dir, dir: abs, parent: filepath.Dir(abs), base: filepath.Base(abs)}
	if t.parent == t.dir {
		t.base = "." // The root of a file system.
	}
	info, err := os.Lstat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, unreadable(dir, err)
	default:
		if err := t.isFolder(info); err != nil {
			return nil, err
		}
	}
	if clean := filepath.Clean(dir); filepath.IsLocal(dir) && clean != "." {
		t.local, t.below = true, filepath.Dir(clean)
		if err := staysInside(dir, t.below); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// isFolder says what is wrong with what stands at the place of the folder.
func (t *target) isFolder(info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(t.dir)
		if err != nil {
			to = "an unknown target" // It has just gone.
		}
		return said("the output directory %q is a symbolic link to %q; bpgen does not write through links: use the real path", t.shown, to)
	case !info.IsDir():
		return said("the output directory %q is a file; choose another name", t.shown)
	}
	return nil
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
		return "", unreadable(dir, err)
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
		if err := dangling(d); err != nil {
			return "", err
		}
		rest = filepath.Join(filepath.Base(d), rest)
	}
}

// dangling is the error for a link that leads nowhere. What has come to stand
// there since somebody missed it is none.
func dangling(path string) error {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return said("%q is a dangling symbolic link; nothing was written", path)
		}
	}
	return nil
}

// staysInside follows a path below the working folder and refuses a link that
// leads out of it.
func staysInside(shown, path string) error {
	wd, err := os.Getwd()
	if err != nil {
		return unreadable(shown, err)
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return unreadable(shown, err)
	}
	where, err := Follow(filepath.Join(wd, path))
	if err != nil {
		return unreadable(shown, err)
	}
	rel, err := filepath.Rel(wd, where)
	if err != nil || !filepath.IsLocal(rel) {
		return said("the output directory %q leads through a symbolic link to %q, out of the working directory; if this is intended, use the real path", shown, where)
	}
	return nil
}

// A site is a target with the folder above it open. Whatever happens to the
// target goes through these handles, from the first look to the last rename: who
// puts another folder or a link in the place of one on the way moves nothing.
type site struct {
	*target
	anchor *os.Root // the working folder of a local target, else a folder above it that was there
	rel    string   // the parent below anchor
	outer  *os.Root // the parent; nil when it may not be read
	file   *os.File // what the lock is on
	made   []string // folders made on the way, below anchor, outermost first
	before int      // how many were made by tries that had to wait
	none   bool     // there is no parent, and so nothing in it
}

// open opens the parent folder without a lock, for a look.
func (t *target) open() (*site, error) {
	s := &site{target: t}
	if err := s.reach(false, 0); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close lets go of the handles, and so of the lock.
func (s *site) close() {
	for _, r := range []*os.Root{s.outer, s.anchor} {
		if r != nil {
			r.Close() //nolint:errcheck // No data in it.
		}
	}
	if s.file != nil {
		s.file.Close() //nolint:errcheck // Read only.
	}
	s.outer, s.anchor, s.file = nil, nil, nil
}

// release ends the lock. With undo the folders that were made for it go again.
func (s *site) release(undo bool) {
	if undo && s.anchor != nil {
		for i := len(s.made) - 1; i >= 0; i-- {
			s.anchor.Remove(s.made[i]) //nolint:errcheck // Fails when somebody else uses it: right.
		}
	}
	s.close()
}

// errBusy says that another bpgen has the lock, or had it and took the folder
// away.
var errBusy = errors.New("busy")

// reach opens the parent folder and makes it with create. Of a target that is
// not local it holds a folder that many levels above, if it can, from where the
// parent itself can be removed.
func (s *site) reach(create bool, levels int) error {
	if err := s.hold(levels); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil // Nothing in it may be changed by name; root knows more.
		}
		return err
	}
	outer, err := s.anchor.OpenRoot(s.rel)
	if errors.Is(err, fs.ErrNotExist) {
		switch {
		case s.dangles():
			return said("a symbolic link on the path to %q is dangling; nothing was written", s.shown)
		case !create:
			s.none = true
			return nil
		}
		if err := s.mkdirs(); err != nil {
			return err
		}
		if outer, err = s.anchor.OpenRoot(s.rel); errors.Is(err, fs.ErrNotExist) {
			return errBusy // Somebody removed it in between.
		}
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil
	case err != nil && levels > 0:
		s.close()
		return s.reach(create, 0) // A link between that leads out of what is held.
	case err != nil:
		return s.strayed(err)
	}
	s.outer = outer
	return nil
}

// strayed tells a folder that came to lie elsewhere since locate looked.
func (s *site) strayed(err error) error {
	for _, known := range []error{fs.ErrNotExist, syscall.ENOTDIR, syscall.ELOOP, syscall.EMFILE, syscall.ENFILE, syscall.EIO, syscall.ENAMETOOLONG} {
		if errors.Is(err, known) {
			return err
		}
	}
	if s.local {
		return said("the output directory %q leads out of the working directory, or through a symbolic link to an absolute path (%s); nothing was written: if this is intended, use the real path", s.shown, err)
	}
	return err
}

// hold opens the folder from which the way goes down.
func (s *site) hold(levels int) (err error) {
	if s.local {
		s.rel = s.below
		s.anchor, err = os.OpenRoot(".")
		return err
	}
	d := s.parent
	for range levels {
		d = filepath.Dir(d)
	}
	for {
		s.anchor, err = os.OpenRoot(d)
		switch {
		case err == nil:
			s.rel, err = filepath.Rel(d, s.parent)
			return err
		case levels > 0:
			return s.hold(0) // Higher up nothing can be had.
		case !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d):
			return err
		}
		if err := dangling(d); err != nil {
			return err
		}
		d = filepath.Dir(d)
	}
}

// dangles says whether a link that leads nowhere stands on the way from the
// anchor to the parent.
func (s *site) dangles() bool {
	for _, d := range onTheWay(s.rel) {
		if info, err := s.anchor.Lstat(d); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		if _, err := s.anchor.Stat(d); errors.Is(err, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// mkdirs makes what is missing between the anchor and the parent.
func (s *site) mkdirs() error {
	for _, d := range onTheWay(s.rel) {
		err := s.anchor.Mkdir(d, 0o755)
		switch {
		case err == nil:
			s.made = append(s.made, d)
		case errors.Is(err, fs.ErrExist):
		case errors.Is(err, fs.ErrNotExist):
			return errBusy // Somebody removed a folder in between.
		default:
			return err
		}
	}
	return nil
}

// onTheWay lists the folders of a relative path, outermost first.
func onTheWay(rel string) []string {
	var out []string
	for i, c := range rel {
		if c == filepath.Separator {
			out = append(out, rel[:i])
		}
	}
	if rel == "." {
		return nil
	}
	return append(out, rel)
}

// stands says whether the parent that is open is still the one at its path: a
// lock on another one keeps nobody out.
func (s *site) stands() bool {
	mine, err := s.outer.Stat(".")
	if err != nil {
		return false
	}
	now, err := os.Stat(s.parent)
	if s.local {
		now, err = s.anchor.Stat(s.rel)
	}
	return err == nil && os.SameFile(mine, now)
}

// root opens the output folder. It is fs.ErrNotExist when there is none.
func (s *site) root() (*os.Root, error) {
	if s.none {
		return nil, fs.ErrNotExist
	}
	lstat, open := s.look()
	info, err := lstat()
	if err != nil {
		return nil, err
	}
	if err := s.isFolder(info); err != nil {
		return nil, err
	}
	root, err := open()
	if err != nil {
		return nil, err
	}
	if is, err := root.Stat("."); err != nil || !os.SameFile(is, info) {
		root.Close() //nolint:errcheck // Read only.
		return nil, errors.Join(err, said("%q was replaced by another directory while bpgen was reading it; nothing was changed", s.shown))
	}
	return root, nil
}

// look returns how to see the output folder and how to open it: by the handle of
// its parent, or by name where the parent may not be read.
func (s *site) look() (lstat func() (fs.FileInfo, error), open func() (*os.Root, error)) {
	name := s.dir
	if filepath.Clean(s.shown) == "." {
		name = "."
	}
	if s.outer == nil {
		return func() (fs.FileInfo, error) { return os.Lstat(name) }, func() (*os.Root, error) { return os.OpenRoot(name) }
	}
	return func() (fs.FileInfo, error) { return s.outer.Lstat(s.base) }, func() (*os.Root, error) { return s.outer.OpenRoot(s.base) }
}

// removeEmpty removes the output folder when it is empty and this process does
// not stand in it.
func (s *site) removeEmpty() {
	if s.outer == nil || s.base == "." {
		return
	}
	if info, err := s.outer.Lstat(s.base); err == nil && info.IsDir() && !standsIn(info) {
		s.outer.Remove(s.base) //nolint:errcheck // Fails when not empty: right.
	}
}

// removeParents removes empty folders above an output folder that is gone.
func (s *site) removeParents(n int) {
	if s.outer == nil {
		return
	}
	if _, err := s.outer.Lstat(s.base); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	for d := s.rel; n > 0 && d != "."; n, d = n-1, filepath.Dir(d) {
		if info, err := s.anchor.Lstat(d); err != nil || !info.IsDir() || standsIn(info) || s.anchor.Remove(d) != nil {
			return
		}
	}
}

// friendly puts the usual causes in words.
func friendly(shown string, err error) error {
	return worded(shown, err, "is not writable and was left unchanged", "cannot write to %q, which was left unchanged: %w")
}

// unreadable is friendly for what only reads.
func unreadable(shown string, err error) error {
	return worded(shown, err, "is not readable", "cannot read %q: %w")
}

func worded(shown string, err error, forbidden, otherwise string) error {
	var refused *RefusedError
	var said *saidError
	var base *BaseError
	switch {
	case err == nil, errors.As(err, &refused), errors.As(err, &said), errors.As(err, &base):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return interrupted(shown)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("the disk is full: %q was left unchanged (%w)", shown, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("the file system is read-only: %q was left unchanged (%w)", shown, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%q %s (%w)", shown, forbidden, err)
	case errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("part of the path %q is a file, not a directory (%w)", shown, err)
	case errors.Is(err, syscall.ENAMETOOLONG):
		return fmt.Errorf("the path %q is too long (%w)", shown, err)
	}
	return fmt.Errorf(otherwise, shown, err)
}

// A saidError is an error whose words are meant for the user as they stand.
type saidError struct{ text string }

func (e *saidError) Error() string { return e.text }

func said(format string, args ...any) error { return &saidError{fmt.Sprintf(format, args...)} }
