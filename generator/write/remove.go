package write

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/bpgen/bpgen/generator/fileset"
)

// Remove takes away what bpgen wrote to the folder dir and nobody edited since,
// the folders that get empty by it, and the folder itself when nothing stays in
// it. The report says what was deleted, and in Kept, Edited and Foreign what
// stays. Without a manifest nothing is known to be bpgen's, so nothing goes. A
// folder that is not there is no error. With an error the folder is as before.
func Remove(ctx context.Context, dir string, opts Options) (Report, error) {
	return (&applier{}).remove(ctx, dir, opts)
}

func (a *applier) remove(ctx context.Context, dir string, opts Options) (Report, error) {
	a.say = opts.Notice
	t, err := locate(dir)
	if err != nil {
		return Report{}, err
	}
	at, err := a.lock(ctx, t, false, opts.Parents)
	if err != nil {
		return Report{}, friendly(t.shown, err)
	}
	defer at.release(false)
	if at.none {
		return Report{}, nil // What comes there from now on is somebody else's.
	}
	if err := a.recoverLeftovers(at); err != nil {
		return Report{}, friendly(t.shown, err)
	}
	p, err := survey(at)
	if err != nil {
		return Report{}, friendly(t.shown, err)
	}
	if opts.Check != nil {
		if err := opts.Check(p.report); err != nil {
			return p.report, err
		}
	}
	if err := ctx.Err(); err != nil {
		return Report{}, interrupted(t.shown)
	}
	switch {
	case !p.exists:
	case len(p.report.Deleted) > 0:
		if err := a.write(ctx, at, p); err != nil {
			return Report{}, friendly(t.shown, err)
		}
	case p.vanishes():
		at.removeEmpty() // A killed run came as far as here.
	}
	at.removeParents(opts.Parents)
	return p.report, nil
}

// survey finds out what has to happen to a folder from which a rendered module
// goes. It changes nothing.
func survey(at *site) (*plan, error) {
	p := newPlan()
	p.vanish = true
	root, err := at.root()
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	owned, err := p.enter(root, fileset.Set{})
	if err != nil {
		return nil, err
	}
	clear(p.passed) // They stay, and it is said.
	for _, name := range sortedKeys(owned) {
		is, there, err := look(root, name)
		if err != nil {
			return nil, err
		}
		if !there {
			p.lost = append(p.lost, name)
			continue
		}
		if is != owned[name] {
			p.report.Edited = append(p.report.Edited, name)
			p.kept[name] = true
			p.report.Kept = append(p.report.Kept, name)
			continue
		}
		p.report.Deleted = append(p.report.Deleted, name)
		p.was[name] = is
	}
	if p.report.previous != nil {
		p.report.Deleted = append(p.report.Deleted, ManifestPath)
		p.was[ManifestPath] = fileset.Digest(p.report.previous)
		for _, name := range records {
			if err := p.record(root, name, nil); err != nil {
				return nil, err
			}
		}
	}
	if err := p.walk(root, nil, owned); err != nil {
		return nil, err
	}
	p.report.Kept = append(p.report.Kept, p.report.Foreign...)
	p.sort()
	return p, nil
}

// vanishes says whether nothing stays in a folder that may go.
func (p *plan) vanishes() bool {
	if !p.vanish || p.tooBig || p.closed != "" {
		return false
	}
	gone := p.emptied()
	return !slices.ContainsFunc(p.others, func(e entry) bool { return !e.mode.IsDir() || !slices.Contains(gone, e.path) })
}

// deletes lists what goes, the manifest last: until then it says what is bpgen's.
func (p *plan) deletes() []string {
	names := slices.Concat(p.report.Deleted, p.dropped)
	if i := slices.Index(names, ManifestPath); i >= 0 {
		names = append(slices.Delete(names, i, i+1), ManifestPath)
	}
	return names
}

// A Standing is what stands in a folder, against what the last render wrote.
type Standing struct {
	Exists   bool   // the folder is there
	Manifest []byte // of the last render; nil when there is none

	// Files says what stands now at each path of the manifest: the sha256 of a
	// file, or in words what else is there. A file that is gone is not in it.
	Files map[string]string

	Edited  []string // written by bpgen, something else now
	Missing []string // written by bpgen, gone
	Foreign []string // not written by bpgen
}

// Inspect says what stands in a folder, and at the further paths in names, and
// changes nothing. It follows no symbolic link.
func Inspect(dir string, names []string) (Standing, error) {
	t, err := locate(dir)
	if err != nil {
		return Standing{}, err
	}
	at, err := t.open()
	if err != nil {
		return Standing{}, unreadable(t.shown, err)
	}
	defer at.close()
	s, err := inspect(at, names)
	return s, unreadable(t.shown, err)
}

func inspect(at *site, names []string) (Standing, error) {
	s := Standing{Files: map[string]string{}}
	root, err := at.root()
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	p := newPlan()
	owned, err := p.enter(root, fileset.Set{})
	if err != nil {
		return s, err
	}
	clear(p.passed)
	s.Exists, s.Manifest = true, p.report.previous
	for _, name := range sortedKeys(owned) {
		is, there, err := look(root, name)
		if err != nil {
			return s, err
		}
		if !there {
			s.Missing = append(s.Missing, name)
			continue
		}
		if s.Files[name] = is; is != owned[name] {
			s.Edited = append(s.Edited, name)
		}
	}
	for _, name := range names {
		if fileset.CheckPath(name) != nil {
			continue // Nothing of bpgen's is ever there.
		}
		if is, there, err := look(root, name); err != nil {
			return s, err
		} else if there && name != ManifestPath {
			s.Files[name] = is
		}
	}
	if err := p.walk(root, nil, owned); err != nil {
		return s, err
	}
	s.Foreign = p.report.Foreign
	slices.Sort(s.Foreign)
	return s, nil
}

// look says what stands at name: the sha256 of a file, or what else it is.
func look(root *os.Root, name string) (is string, there bool, err error) {
	for i, c := range name {
		if c != '/' {
			continue
		}
		info, err := root.Lstat(filepath.FromSlash(name[:i]))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", false, nil
		case err != nil:
			return "", false, err
		case info.Mode()&fs.ModeSymlink != 0:
			return "behind a symbolic link", true, nil
		case !info.IsDir():
			return "", false, nil // A file where its folder was.
		}
	}
	info, err := root.Lstat(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", false, nil
	case err != nil:
		return "", false, err
	case !info.Mode().IsRegular():
		return kind(info.Mode()), true, nil
	}
	file, err := readFile(root, name, info)
	if err != nil {
		return "", false, err
	}
	return file.sum(), true, nil
}
