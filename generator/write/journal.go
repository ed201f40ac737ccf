package write

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/bpgen/bpgen/generator/fileset"
)

// A step of the journal brings one file from a known state to a new one. Steps
// may be done again: what is done already has no staged file any more.
type step struct {
	Path   string `json:"path"`
	Was    string `json:"was"`    // sha256 of the file before; "" for none
	Delete bool   `json:"delete"` // else the staged file is moved to Path
}

type journalFile struct {
	Steps   []step   `json:"steps"`
	Emptied []string `json:"emptied"` // folders to remove in the end, innermost first
	Vanish  bool     `json:"vanish"`  // the folder itself goes, too, when it is empty
}

// journal stages the new files inside the folder, writes down what is to be
// done, and does it. Once the journal is there, recoverLeftovers finishes it.
func (a *applier) journal(ctx context.Context, at *site, p *plan) (err error) {
	made := false
	if !p.exists {
		if at.outer == nil {
			return &fs.PathError{Op: "mkdir", Path: at.dir, Err: fs.ErrPermission}
		}
		if err := at.outer.Mkdir(at.base, 0o755); err != nil {
			return err
		}
		made = true
	}
	committed := false
	defer func() {
		if made && !committed {
			at.removeEmpty()
		}
	}()
	root, err := at.root()
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // No data in it.
	if err := a.at("create work directory"); err != nil {
		return err
	}
	if err := root.MkdirAll(bpgenDir, 0o755); err != nil {
		return err
	}
	defer root.Remove(bpgenDir) //nolint:errcheck // Fails when it holds the manifest: right.
	w, err := a.makeWork(root, bpgenDir+"/"+tmpPrefix)
	if err != nil {
		return err
	}
	defer func() {
		if !committed {
			w.remove() //nolint:errcheck // The next run tries again.
		}
	}()
	j, err := a.stage(ctx, w, p)
	if err != nil {
		return err
	}
	if err := a.at("write journal"); err != nil {
		return err
	}
	// Under another name first: a journal is whole or it is not there.
	if err := writeJSON(w.root, journalName+".new", j); err != nil {
		return err
	}
	if err := a.at("commit journal"); err != nil {
		return err
	}
	if err := w.root.Rename(journalName+".new", journalName); err != nil {
		return err
	}
	committed = true
	if err := a.replay(at, root, w, j); err != nil {
		return said("not every file of %q is in its new state (%s); each file is complete, and the next run finishes the work", at.shown, err)
	}
	return nil
}

// stage writes the new files into the work folder and returns what is to be done
// with them. The manifest comes last: until then it says what was there before.
func (a *applier) stage(ctx context.Context, w *work, p *plan) (journalFile, error) {
	j := journalFile{Emptied: p.emptied(), Vanish: p.vanish}
	var last []step
	for _, f := range p.writes {
		if err := ctx.Err(); err != nil {
			return j, err
		}
		if err := a.at("stage " + f.Path); err != nil {
			return j, err
		}
		staged := path.Join(treeName, f.Path)
		if err := w.root.MkdirAll(filepath.FromSlash(path.Dir(staged)), 0o755); err != nil {
			return j, err
		}
		if err := writeFile(w.root, staged, f.Bytes); err != nil {
			return j, err
		}
		if s := (step{Path: f.Path, Was: p.was[f.Path]}); f.Path == ManifestPath {
			last = append(last, s)
		} else {
			j.Steps = append(j.Steps, s)
		}
	}
	for _, name := range p.deletes() {
		j.Steps = append(j.Steps, step{Path: name, Was: p.was[name], Delete: true})
	}
	j.Steps = append(j.Steps, last...)
	return j, nil
}

// replay does what a journal says, as far as it is not done yet, and removes
// the work folder. A file that somebody changed since the journal was written
// is left alone.
func (a *applier) replay(at *site, root *os.Root, w *work, j journalFile) error {
	for _, s := range j.Steps {
		if err := a.at("replay " + s.Path); err != nil {
			return err
		}
		if err := s.do(root, w); err != nil {
			return err
		}
	}
	for _, d := range j.Emptied {
		local := filepath.FromSlash(d)
		if info, err := root.Lstat(local); err == nil && info.IsDir() && !standsIn(info) {
			root.Remove(local) //nolint:errcheck // Fails when somebody uses it: right.
		}
	}
	if err := a.at("remove work directory"); err != nil {
		return err
	}
	if err := w.remove(); err != nil {
		return err
	}
	if j.Vanish {
		root.Remove(bpgenDir) //nolint:errcheck // Fails when not empty: right.
		root.Close()          //nolint:errcheck // No data in it; some systems keep an open folder.
		at.removeEmpty()
	}
	return nil
}

// do brings one file from its old state to its new one.
func (s step) do(root *os.Root, w *work) error {
	if err := fileset.CheckPath(s.Path); err != nil {
		return said("the journal in %s was not written by bpgen (%s); remove that directory", w.name, err)
	}
	local := filepath.FromSlash(s.Path)
	now, err := current(root, s.Path)
	if err != nil {
		return err
	}
	if now.sum() != s.Was {
		return nil
	}
	if s.Delete {
		if !now.there {
			return nil
		}
		return root.Remove(local)
	}
	staged := w.path(treeName + "/" + s.Path)
	if _, err := root.Lstat(filepath.FromSlash(staged)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(s.Path)), 0o755); err != nil {
		return err
	}
	return root.Rename(filepath.FromSlash(staged), local)
}

// leftovers lists what runs that were killed may have left behind: work folders
// beside the target, and those in it, below root. Nil is no root.
func (s *site) leftovers(root *os.Root) []leftBehind {
	var out []leftBehind
	if s.outer != nil {
		for _, name := range workFolders(s.outer, ".", s.prefix(), s.older()) {
			out = append(out, leftBehind{in: s.outer, name: name})
		}
	}
	if root != nil {
		for _, name := range workFolders(root, bpgenDir, tmpPrefix, olderTmp) {
			out = append(out, leftBehind{in: root, name: name, inside: true})
		}
	}
	return out
}

// A leftBehind is something that has the name of a work folder.
type leftBehind struct {
	in     *os.Root
	name   string
	inside bool // the target
}

// recoverLeftovers finishes or clears what a killed run left behind. What does
// not prove that bpgen made it stays as it is.
func (a *applier) recoverLeftovers(at *site) error {
	root, err := at.root()
	if errors.Is(err, fs.ErrNotExist) {
		root, err = nil, nil
	}
	if err != nil {
		return err
	}
	defer func() {
		if root != nil {
			root.Close() //nolint:errcheck // No data in it.
		}
	}()
	for _, l := range at.leftovers(root) {
		w, is := openWork(l.in, l.name)
		if is == foreign {
			where := filepath.Join(filepath.Dir(at.shown), filepath.FromSlash(l.name))
			if l.inside {
				if info, err := root.Lstat(filepath.FromSlash(l.name)); err == nil && !info.IsDir() {
					return inTheWay(l.name, info.Mode(), "a directory")
				}
				where = filepath.Join(at.shown, filepath.FromSlash(l.name))
			}
			a.notice("%q is named like a work directory, but nothing proves that bpgen created it here for you, so it is left alone: inspect it and remove it", where)
			continue
		}
		err := a.recoverOne(at, root, w, is, l.inside)
		w.close()
		switch {
		case err != nil && l.inside && w.unfinished:
			return err
		case err != nil:
			a.notice("cannot remove what an interrupted run left behind in %q: %s", l.name, err)
		}
	}
	return nil
}

func (a *applier) recoverOne(at *site, root *os.Root, w *work, is state, inside bool) error {
	if is == empty {
		return w.remove()
	}
	if !inside {
		return a.clear(at, w)
	}
	info, err := w.root.Lstat(journalName)
	if errors.Is(err, fs.ErrNotExist) {
		return w.remove() // Killed while staging.
	}
	w.unfinished = true
	if err != nil {
		return err
	}
	var j journalFile
	b, err := w.root.ReadFile(journalName)
	if err == nil {
		err = json.Unmarshal(b, &j)
	}
	if err != nil || !info.Mode().IsRegular() {
		return said("cannot read the journal in %s (%v); check the files, and remove that directory", w.name, err)
	}
	return a.replay(at, root, w, j)
}

// Unfinished returns an error when an in-place write to the folder dir was
// interrupted, or is under way: some files are new and some are old. The next
// Apply or Remove finishes it.
func Unfinished(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil // Who reads the folder says so.
	}
	defer root.Close() //nolint:errcheck // Read only.
	for _, name := range workFolders(root, bpgenDir, tmpPrefix, olderTmp) {
		if _, err := root.Lstat(filepath.FromSlash(path.Join(name, journalName))); err == nil || errors.Is(err, fs.ErrPermission) {
			return said("%q is half written: an in-place write was interrupted or is still running. Render it again to finish it. If %q still exists then, another user or machine started the write: remove that directory", dir, path.Join(filepath.ToSlash(dir), name))
		}
	}
	return nil
}

// Finish does what an interrupted in-place write to the folder dir left to do.
func Finish(ctx context.Context, dir string, notice func(string)) error {
	if Unfinished(dir) == nil {
		return nil
	}
	t, err := locate(dir)
	if err != nil {
		return err
	}
	a := &applier{say: notice}
	at, err := a.lock(ctx, t, false, 0)
	if err != nil {
		return friendly(t.shown, err)
	}
	defer at.release(false)
	if err := a.recoverLeftovers(at); err != nil {
		return friendly(t.shown, err)
	}
	return Unfinished(dir)
}
