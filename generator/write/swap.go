package write

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// errNoSwap says that this folder cannot be exchanged; nothing has happened.
var errNoSwap = errors.New("the folder cannot be exchanged")

const (
	treeName    = "tree"         // the new tree, and after the exchange the old one
	knownName   = "known.json"   // what may be in there: nothing of it is lost when it goes
	journalName = "journal.json" // for the way without exchange
)

// container is the name of the folder beside the target in which it is built.
func (t *target) container() string { return "." + t.base + ".bpgen-tmp" }

// swap builds the new tree beside the target and exchanges the two.
func (a *applier) swap(ctx context.Context, t *target, p *plan) error {
	parent, err := os.OpenRoot(t.parent)
	if err != nil {
		return noSwapIf(p.exists, err)
	}
	defer parent.Close() //nolint:errcheck // No data in it.
	if err := a.at("make container"); err != nil {
		return err
	}
	if err := parent.Mkdir(t.container(), 0o700); err != nil {
		return noSwapIf(p.exists, err)
	}
	committed := false
	defer func() {
		if !committed {
			// All in it is new or has a second link in the target.
			parent.RemoveAll(t.container()) //nolint:errcheck // The next run tries again.
		}
	}()
	tree := path.Join(t.container(), treeName)
	if p.vanishes() {
		if err := writeKnown(parent, t, p); err != nil {
			return err
		}
	} else if err := a.build(ctx, parent, t, tree, p); err != nil {
		return err
	}
	if err := a.at("commit"); err != nil {
		return err
	}
	if p.vanishes() {
		if err := parent.Rename(t.base, tree); err != nil {
			return errors.Join(errNoSwap, err)
		}
		committed = true
		a.tidy(func() error { return a.clear(parent, t) })
		return nil
	}
	if !p.exists {
		if err := parent.Rename(tree, t.base); err != nil {
			return err
		}
		committed = true
		a.tidy(func() error { return parent.RemoveAll(t.container()) })
		return nil
	}
	if err := exchangeIn(parent, t.container(), treeName, t.base); err != nil {
		return errors.Join(errNoSwap, err)
	}
	committed = true
	a.tidy(func() error { return a.clear(parent, t) })
	return nil
}

// noSwapIf leaves it to the journal when the folder itself may still be
// writable though its parent is not.
func noSwapIf(exists bool, err error) error {
	if exists {
		return errors.Join(errNoSwap, err)
	}
	return err
}

// tidy runs what comes after the new tree is in place. Its failure is no
// failure of the write: the next run cleans up.
func (a *applier) tidy(f func() error) {
	if a.at("tidy") == nil {
		f() //nolint:errcheck // See above.
	}
}

// build makes the whole new tree at the path tree of parent.
func (a *applier) build(ctx context.Context, parent *os.Root, t *target, tree string, p *plan) error {
	mode := p.mode
	if !p.exists {
		mode = 0o755
	}
	if err := parent.Mkdir(tree, 0o755); err != nil {
		return err
	}
	root, err := parent.OpenRoot(tree)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // No data in it.
	if info, err := root.Stat("."); err != nil || p.exists && !sameOwner(info, p.info) {
		return errors.Join(errNoSwap, err)
	}

	made := map[string]bool{}
	mkdir := func(name string) error {
		if name == "." || made[name] {
			return nil
		}
		made[name] = true
		return root.MkdirAll(filepath.FromSlash(name), 0o755)
	}
	for _, f := range p.writes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.at("write " + f.Path); err != nil {
			return err
		}
		if err := mkdir(path.Dir(f.Path)); err != nil {
			return err
		}
		if err := writeFile(root, f.Path, f.Bytes); err != nil {
			return err
		}
	}
	if !p.exists {
		return nil
	}

	// What stays is linked, not copied: same content, same times, no second copy.
	link := func(name string) error {
		if err := a.at("link " + name); err != nil {
			return err
		}
		if err := mkdir(path.Dir(name)); err != nil {
			return err
		}
		if err := parent.Link(path.Join(t.base, name), path.Join(tree, name)); err != nil {
			return errors.Join(errNoSwap, err)
		}
		return nil
	}
	for _, name := range p.report.Unchanged {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := link(name); err != nil {
			return err
		}
	}
	emptied := p.emptied()
	for _, e := range p.others {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case e.mode.IsDir():
			if slices.Contains(emptied, e.path) {
				continue
			}
			if err := mkdir(e.path); err != nil {
				return err
			}
		case e.mode.Type() == fs.ModeSymlink:
			to, err := parent.Readlink(path.Join(t.base, e.path))
			if err != nil {
				return errors.Join(errNoSwap, err)
			}
			if err := mkdir(path.Dir(e.path)); err != nil {
				return err
			}
			if err := root.Symlink(to, e.path); err != nil {
				return errors.Join(errNoSwap, err)
			}
		default:
			if err := link(e.path); err != nil {
				return err
			}
		}
	}
	if err := writeKnown(parent, t, p); err != nil {
		return err
	}
	// Modes last: a folder that may not be written could not be filled.
	for name, m := range p.dirs {
		if made[name] {
			if err := root.Chmod(name, m); err != nil {
				return errors.Join(errNoSwap, err)
			}
		}
	}
	return root.Chmod(".", mode)
}

// writeKnown lists every file of the old tree, so that clear can tell what
// somebody put into it between the scan and the exchange.
func writeKnown(parent *os.Root, t *target, p *plan) error {
	var known []string
	for _, names := range [][]string{p.report.Created, p.report.Changed, p.report.Unchanged, p.report.Deleted} {
		known = append(known, names...)
	}
	for _, e := range p.others {
		if !e.mode.IsDir() {
			known = append(known, e.path)
		}
	}
	slices.Sort(known)
	b, err := json.Marshal(known)
	if err != nil {
		return err
	}
	return writeFile(parent, path.Join(t.container(), knownName), b)
}

// clear removes the container after an exchange, and after a kill at any
// moment. A file that was not there when the tree was scanned is moved to the
// target, unless the target has one of that name.
func (a *applier) clear(parent *os.Root, t *target) error {
	b, err := parent.ReadFile(path.Join(t.container(), knownName))
	if errors.Is(err, fs.ErrNotExist) {
		return parent.RemoveAll(t.container()) // Killed while building: all of it is ours.
	}
	if err != nil {
		return err
	}
	var names []string
	if err := json.Unmarshal(b, &names); err != nil {
		// Killed while writing the list, before the exchange.
		return parent.RemoveAll(t.container())
	}
	known := map[string]bool{}
	for _, n := range names {
		known[n] = true
	}
	tree := path.Join(t.container(), treeName)
	root, err := parent.OpenRoot(tree)
	if errors.Is(err, fs.ErrNotExist) {
		return parent.RemoveAll(t.container())
	}
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // No data in it.
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || known[name] {
			return err
		}
		to := path.Join(t.base, name)
		if _, err := parent.Lstat(to); err == nil {
			return nil
		}
		if err := parent.MkdirAll(path.Dir(to), 0o755); err != nil {
			return err
		}
		return parent.Rename(path.Join(tree, name), to)
	})
	if err != nil {
		return err
	}
	if err := a.at("remove container"); err != nil {
		return err
	}
	return parent.RemoveAll(t.container())
}

// exchangeIn swaps container/name and base, all below root.
func exchangeIn(root *os.Root, container, name, base string) error {
	outer, err := root.Open(".")
	if err != nil {
		return err
	}
	defer outer.Close() //nolint:errcheck // No data in it.
	inner, err := root.Open(container)
	if err != nil {
		return err
	}
	defer inner.Close() //nolint:errcheck // No data in it.
	return exchange(inner, name, outer, base)
}

// writeFile writes a new file and closes it, and says so when either fails.
func writeFile(root *os.Root, name string, b []byte) error {
	f, err := root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}
