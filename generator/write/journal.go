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
func (a *applier) journal(ctx context.Context, t *target, p *plan) (err error) {
	madeDir := false
	if !p.exists {
		if err := os.Mkdir(t.dir, 0o755); err != nil {
			return err
		}
		madeDir = true
	}
	root, err := os.OpenRoot(t.dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // No data in it.

	committed := false
	defer func() {
		if committed {
			return
		}
		root.RemoveAll(workFolder) //nolint:errcheck // The next run tries again.
		root.Remove(".bpgen")      //nolint:errcheck // Fails when it holds the manifest: right.
		if madeDir {
			os.Remove(t.dir) //nolint:errcheck // Fails when not empty: right.
		}
	}()
	if err := a.at("make work folder"); err != nil {
		return err
	}
	if err := root.MkdirAll(workFolder+"/"+treeName, 0o755); err != nil {
		return err
	}
	j := journalFile{Emptied: p.emptied(), Vanish: p.vanish}
	for _, f := range p.writes {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := a.at("stage " + f.Path); err != nil {
			return err
		}
		staged := path.Join(workFolder, treeName, f.Path)
		if err := root.MkdirAll(filepath.FromSlash(path.Dir(staged)), 0o755); err != nil {
			return err
		}
		if err := writeFile(root, staged, f.Bytes); err != nil {
			return err
		}
		j.Steps = append(j.Steps, step{Path: f.Path, Was: p.was[f.Path]})
	}
	for _, name := range p.deletes() {
		j.Steps = append(j.Steps, step{Path: name, Was: p.was[name], Delete: true})
	}
	b, err := json.Marshal(j)
	if err != nil {
		return err
	}
	if err := a.at("write journal"); err != nil {
		return err
	}
	// Under another name first: a journal is whole or it is not there.
	if err := writeFile(root, workFolder+"/"+journalName+".new", b); err != nil {
		return err
	}
	if err := a.at("commit journal"); err != nil {
		return err
	}
	if err := root.Rename(workFolder+"/"+journalName+".new", workFolder+"/"+journalName); err != nil {
		return err
	}
	committed = true
	if err := a.replay(t, root, j); err != nil {
		return said("not every file of %q is in its new state (%s); every single file is whole, and the next run finishes the work", t.shown, err)
	}
	return nil
}

// replay does what a journal says, as far as it is not done yet, and removes
// the work folder. A file that somebody changed since the journal was written
// is left alone.
func (a *applier) replay(t *target, root *os.Root, j journalFile) error {
	for _, s := range j.Steps {
		if err := a.at("replay " + s.Path); err != nil {
			return err
		}
		if err := fileset.CheckPath(s.Path); err != nil {
			return said("the journal in %s is not one that bpgen wrote (%s); remove that folder", workFolder, err)
		}
		now, there, err := current(root, s.Path)
		if err != nil {
			return err
		}
		is := ""
		if there {
			is = fileset.Digest(now)
		}
		if is != s.Was {
			continue
		}
		if s.Delete {
			if there {
				if err := root.Remove(filepath.FromSlash(s.Path)); err != nil {
					return err
				}
			}
			continue
		}
		staged := path.Join(workFolder, treeName, s.Path)
		if _, err := root.Lstat(filepath.FromSlash(staged)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := root.MkdirAll(filepath.FromSlash(path.Dir(s.Path)), 0o755); err != nil {
			return err
		}
		if err := root.Rename(filepath.FromSlash(staged), filepath.FromSlash(s.Path)); err != nil {
			return err
		}
	}
	for _, d := range j.Emptied {
		if fileset.CheckPath(d) == nil && !standsIn(filepath.Join(t.dir, filepath.FromSlash(d))) {
			root.Remove(filepath.FromSlash(d)) //nolint:errcheck // Fails when somebody uses it: right.
		}
	}
	if err := a.at("remove work folder"); err != nil {
		return err
	}
	if err := root.RemoveAll(workFolder); err != nil {
		return err
	}
	root.Remove(".bpgen") //nolint:errcheck // Fails when it holds the manifest: right.
	if j.Vanish {
		root.Close() //nolint:errcheck // No data in it; some systems keep an open folder.
		removeEmpty(t.dir)
	}
	return nil
}

// recoverLeftovers finishes or clears what a killed run left behind.
func (a *applier) recoverLeftovers(t *target) error {
	if err := a.recoverSwap(t); err != nil {
		return err
	}
	root, err := os.OpenRoot(t.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // No data in it.
	info, err := root.Lstat(workFolder)
	if err != nil || !info.IsDir() {
		return nil // No work folder: nothing to do.
	}
	b, _, err := current(root, workFolder+"/"+journalName)
	if err != nil {
		return err
	}
	if b == nil {
		return root.RemoveAll(workFolder)
	}
	var j journalFile
	if err := json.Unmarshal(b, &j); err != nil {
		return said("the journal in %s is not one that bpgen wrote (%s); remove that folder", workFolder, err)
	}
	return a.replay(t, root, j)
}

func (a *applier) recoverSwap(t *target) error {
	parent, err := os.OpenRoot(t.parent)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	defer parent.Close() //nolint:errcheck // No data in it.
	info, err := parent.Lstat(t.container())
	if err != nil || !info.IsDir() {
		return nil // No container: nothing to do.
	}
	return a.clear(parent, t)
}
