package write

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// Files carries out changes in a directory that people keep themselves, such as the
// result of a merge. Each file is there as a whole or not at all; a change without
// new content removes its file. What a file was is compared first: when somebody
// changed one meanwhile, nothing is written. No link leads out of the directory.
func Files(dir string, changes []Change) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // What was written has been closed.
	for _, c := range changes {
		now, err := root.ReadFile(c.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && c.Old == nil:
		case err != nil:
			return fmt.Errorf("nothing was written: %w", err)
		case !bytes.Equal(now, c.Old) || c.Old == nil:
			return fmt.Errorf("nothing was written: %q has changed meanwhile", c.Path)
		}
	}
	for _, c := range changes {
		if err := carryOut(root, c); err != nil {
			return fmt.Errorf("the files before it are written, but not %q: %w", c.Path, err)
		}
	}
	return nil
}

func carryOut(root *os.Root, c Change) error {
	if c.New == nil {
		return root.Remove(c.Path)
	}
	if dir := path.Dir(c.Path); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	mode := fs.FileMode(0o644)
	if info, err := root.Lstat(c.Path); err == nil {
		mode = info.Mode().Perm()
	}
	staged := path.Join(path.Dir(c.Path), ".bpgen-"+path.Base(c.Path)+".new")
	if err := root.WriteFile(staged, c.New, mode); err != nil {
		return err
	}
	if err := root.Rename(staged, c.Path); err != nil {
		root.Remove(staged) //nolint:errcheck // The error that is told is the one of renaming.
		return err
	}
	return nil
}
