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
	"syscall"

	"github.com/bpgen/bpgen/generator/fileset"
)

// A noSwap says that this folder cannot be exchanged; nothing has happened.
type noSwap struct {
	why   string
	cause error // nil for none
}

func (e *noSwap) Error() string {
	if e.cause == nil {
		return e.why
	}
	return e.why + " (" + e.cause.Error() + ")"
}

func (e *noSwap) Unwrap() error { return e.cause }

// noSwapIf leaves to the journal what a file system or its rights do not allow,
// for a folder that is there. Any other error is one: a disk that is full or
// broken is no better in place.
func noSwapIf(exists bool, why string, err error) error {
	if !exists {
		return err
	}
	for _, fit := range []error{fs.ErrPermission, syscall.EROFS, syscall.EXDEV, syscall.EMLINK, syscall.EBUSY, syscall.EINVAL, syscall.ENOSYS, syscall.ENOTSUP, errors.ErrUnsupported} {
		if errors.Is(err, fit) {
			return &noSwap{why, err}
		}
	}
	return err
}

const (
	knownName   = "known.json"   // what may be in the old tree: nothing else is lost when it goes
	journalName = "journal.json" // for the way without exchange
)

// A known says what the old tree holds, and what is to be done after the
// exchange.
type known struct {
	Old   uint64            `json:"old"`   // number of the folder that is replaced
	Files []string          `json:"files"` // of which the new tree has what it needs
	Modes map[string]uint32 `json:"modes"` // of folders of the new tree, in the end
}

// prefix is what the names of work folders beside the target begin with.
func (t *target) prefix() string {
	if len(t.base) > 128 {
		return "." + fileset.Digest([]byte(t.base))[:32] + ".bpgen-"
	}
	return "." + t.base + ".bpgen-"
}

// older is what bpgen called the folder beside the target before its name was
// random.
func (t *target) older() string { return "." + t.base + ".bpgen-tmp" }

// swap builds the new tree beside the target and exchanges the two.
func (a *applier) swap(ctx context.Context, at *site, p *plan) error {
	if at.outer == nil {
		return &fs.PathError{Op: "open", Path: at.parent, Err: fs.ErrPermission}
	}
	if err := a.at("make container"); err != nil {
		return err
	}
	w, err := a.makeWork(at.outer, at.prefix())
	if err != nil {
		return noSwapIf(p.exists, "no second directory can be created in its parent directory", err)
	}
	committed := false
	defer func() {
		if !committed {
			// All in it is new or has a second link in the target.
			w.remove() //nolint:errcheck // The next run tries again.
		}
	}()
	modes := map[string]uint32{}
	if !p.vanishes() {
		if modes, err = a.build(ctx, at, w, p); err != nil {
			return err
		}
	}
	if p.exists {
		if err := writeKnown(w, p, modes); err != nil {
			return err
		}
	}
	if err := a.at("commit"); err != nil {
		return err
	}
	if err := commit(at, w, p); err != nil {
		return err
	}
	committed = true
	// Its failure is no failure of the write: the next run cleans up.
	if a.at("tidy") == nil {
		if err := a.clear(at, w); err != nil {
			a.notice("%q was written, but the previous content could not be removed from %q: %s", at.shown, w.name, err)
		}
	}
	return nil
}

// commit puts the new tree in its place. What goes must be what was scanned.
func commit(at *site, w *work, p *plan) error {
	tree := w.path(treeName)
	if !p.exists {
		return at.outer.Rename(tree, at.base)
	}
	now, err := at.outer.Lstat(at.base)
	if err != nil {
		return err
	}
	if !os.SameFile(now, p.info) {
		return said("%q was replaced by another directory while bpgen was working; nothing was changed", at.shown)
	}
	why := "the two directories cannot be exchanged"
	if p.vanishes() {
		return noSwapIf(true, why, at.outer.Rename(at.base, tree))
	}
	if err := exchangeIn(at, w); err != nil {
		return noSwapIf(true, why, err)
	}
	if was, err := w.root.Lstat(treeName); err == nil && !os.SameFile(was, p.info) {
		// Somebody was quicker by a hair: what he put there goes back.
		return errors.Join(exchangeIn(at, w), said("%q was replaced by another directory while bpgen was working; nothing was changed", at.shown))
	}
	return nil
}

// exchangeIn swaps the tree of a work folder and the target.
func exchangeIn(at *site, w *work) error {
	outer, err := at.outer.Open(".")
	if err != nil {
		return err
	}
	defer outer.Close() //nolint:errcheck // No data in it.
	inner, err := w.root.Open(".")
	if err != nil {
		return err
	}
	defer inner.Close() //nolint:errcheck // No data in it.
	return exchange(inner, treeName, outer, at.base)
}

// A builder makes a new tree.
type builder struct {
	*applier
	at   *site
	w    *work
	root *os.Root // the tree
	made map[string]bool
}

// build makes the whole new tree. It returns the modes that folders get after
// the exchange: one that its owner may not write could be neither filled nor
// moved.
func (a *applier) build(ctx context.Context, at *site, w *work, p *plan) (map[string]uint32, error) {
	if err := w.root.Mkdir(treeName, 0o755); err != nil {
		return nil, err
	}
	root, err := w.root.OpenRoot(treeName)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // No data in it.
	b := &builder{applier: a, at: at, w: w, root: root, made: map[string]bool{".": true}}
	if p.exists {
		info, err := root.Stat(".")
		if err != nil {
			return nil, err
		}
		if !sameOwner(info, p.info) {
			return nil, &noSwap{why: "its owner or group is not the one that a new directory would have"}
		}
	}
	for _, f := range p.writes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := b.write(f); err != nil {
			return nil, err
		}
	}
	if !p.exists {
		return nil, nil
	}
	// What stays is linked, not copied: same content, same times, no second copy.
	for _, name := range p.report.Unchanged {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := b.link(name); err != nil {
			return nil, err
		}
	}
	emptied := p.emptied()
	for _, e := range p.others {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if e.mode.IsDir() && slices.Contains(emptied, e.path) {
			continue
		}
		if err := b.carry(e); err != nil && !errors.Is(err, fs.ErrNotExist) { // Its owner has taken it away.
			return nil, err
		}
	}
	return b.modes(p)
}

func (b *builder) mkdir(name string) error {
	if b.made[name] {
		return nil
	}
	b.made[name] = true
	return b.root.MkdirAll(filepath.FromSlash(name), 0o755)
}

func (b *builder) write(f fileset.File) error {
	if err := b.before("write ", f.Path); err != nil {
		return err
	}
	return writeFile(b.root, f.Path, f.Bytes)
}

// link takes a file of the old tree into the new one.
func (b *builder) link(name string) error {
	if err := b.before("link ", name); err != nil {
		return err
	}
	return noSwapIf(true, "the files to keep cannot be linked", b.at.outer.Link(path.Join(b.at.base, name), b.w.path(treeName+"/"+name)))
}

// before comes in front of each file.
func (b *builder) before(what, name string) error {
	if err := b.applier.at(what + name); err != nil {
		return err
	}
	return b.mkdir(path.Dir(name))
}

// carry takes something of somebody else's into the new tree.
func (b *builder) carry(e entry) error {
	switch {
	case e.mode.IsDir():
		return b.mkdir(e.path)
	case e.mode.Type() == fs.ModeSymlink:
		to, err := b.at.outer.Readlink(path.Join(b.at.base, e.path))
		if err != nil {
			return err
		}
		if err := b.mkdir(path.Dir(e.path)); err != nil {
			return err
		}
		return noSwapIf(true, "a symbolic link in it cannot be recreated", b.root.Symlink(to, e.path))
	}
	return b.link(e.path)
}

// modes gives the folders of the tree the modes of the old ones, and returns
// those that must wait.
func (b *builder) modes(p *plan) (map[string]uint32, error) {
	later := map[string]uint32{}
	set := func(name string, mode fs.FileMode) error {
		if mode&0o700 != 0o700 {
			later[name] = uint32(mode)
		}
		return noSwapIf(true, "the mode of a directory cannot be set", b.root.Chmod(filepath.FromSlash(name), mode|0o700))
	}
	for name, mode := range p.dirs {
		if b.made[name] {
			if err := set(name, mode); err != nil {
				return nil, err
			}
		}
	}
	return later, set(".", p.mode)
}

// writeKnown writes down what clear needs, so that it can tell what somebody put
// into the old tree between the scan and the exchange.
func writeKnown(w *work, p *plan, modes map[string]uint32) error {
	k := known{Old: inode(p.info), Modes: modes}
	for _, names := range [][]string{p.report.Created, p.report.Changed, p.report.Unchanged, p.report.Deleted} {
		k.Files = append(k.Files, names...)
	}
	k.Files = append(k.Files, p.records...)
	for _, e := range p.others {
		if !e.mode.IsDir() {
			k.Files = append(k.Files, e.path)
		}
	}
	slices.Sort(k.Files)
	return writeJSON(w.root, knownName, k)
}

// clear removes a work folder beside the target, after an exchange and after a
// kill at any moment. A file that was not in the old tree when that was scanned
// is moved to the target, unless the target has one of that name.
func (a *applier) clear(at *site, w *work) error {
	k, old, err := w.exchanged()
	if err != nil {
		return err
	}
	if old != nil {
		defer old.Close() //nolint:errcheck // No data in it.
		if err := settle(at, k.Modes); err != nil {
			return err
		}
		if err := rescue(at, w, old, k); err != nil {
			return err
		}
		old.Close() //nolint:errcheck // No data in it.
	}
	if err := a.at("remove container"); err != nil {
		return err
	}
	return w.remove()
}

// exchanged opens the old tree when it is in the work folder. When it is not, the
// run was killed before the exchange, and all that is there is bpgen's.
func (w *work) exchanged() (k known, old *os.Root, err error) {
	info, err := w.root.Lstat(knownName)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil, nil // Of a folder that was not there before, or killed while building.
	}
	if err != nil {
		return k, nil, err
	}
	if !info.Mode().IsRegular() {
		return k, nil, said("%q is not a file", knownName)
	}
	b, err := w.root.ReadFile(knownName)
	if err != nil {
		return k, nil, err
	}
	if json.Unmarshal(b, &k) != nil {
		return k, nil, nil //nolint:nilerr // Killed while writing the list, before the exchange.
	}
	tree, err := w.root.Lstat(treeName)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil, nil
	}
	if err != nil || !tree.IsDir() || inode(tree) != k.Old {
		return k, nil, err
	}
	old, err = w.root.OpenRoot(treeName)
	if err != nil {
		return k, nil, err
	}
	if is, err := old.Stat("."); err != nil || !os.SameFile(is, tree) {
		old.Close() //nolint:errcheck // Read only.
		return k, nil, errors.Join(err, said("the old tree was replaced by another directory"))
	}
	return k, old, nil
}

// settle gives folders of the new tree their modes.
func settle(at *site, modes map[string]uint32) error {
	if len(modes) == 0 {
		return nil
	}
	root, err := at.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // No data in it.
	names := sortedKeys(modes)
	slices.Reverse(names) // What is inside first.
	for _, name := range names {
		if info, err := root.Lstat(filepath.FromSlash(name)); err != nil || !info.IsDir() {
			continue
		}
		if err := root.Chmod(filepath.FromSlash(name), fs.FileMode(modes[name]).Perm()); err != nil {
			return err
		}
	}
	return nil
}

// rescue moves files that came to the old tree meanwhile to the target.
func rescue(at *site, w *work, old *os.Root, k known) error {
	files := map[string]bool{}
	for _, name := range k.Files {
		files[name] = true
	}
	return fs.WalkDir(old.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			loosen(old, name, d) // A file cannot leave a folder that may not be written.
		}
		if err != nil || d.IsDir() || files[name] {
			return err
		}
		to := path.Join(at.base, name)
		if _, err := at.outer.Lstat(to); err == nil {
			return nil
		}
		if err := realFolders(at.outer, path.Dir(to)); err != nil {
			return err
		}
		return at.outer.Rename(w.path(treeName+"/"+name), to)
	})
}

// realFolders makes the folders of a path and refuses what else stands there.
func realFolders(root *os.Root, dir string) error {
	for _, d := range onTheWay(filepath.FromSlash(dir)) {
		err := root.Mkdir(d, 0o755)
		if err == nil || !errors.Is(err, fs.ErrExist) {
			if err != nil {
				return err
			}
			continue
		}
		if info, err := root.Lstat(d); err != nil || !info.IsDir() {
			return errors.Join(err, said("%q is not a directory", filepath.ToSlash(d)))
		}
	}
	return nil
}

// writeJSON writes a new file that holds a value.
func writeJSON(root *os.Root, name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFile(root, name, b)
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
