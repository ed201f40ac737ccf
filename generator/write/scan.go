package write

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/fileset"
)

const (
	maxEntries = 5000 // above it, a folder is written in place instead of being built anew
	workFolder = ".bpgen/tmp"
)

// A plan is what has to happen to a folder.
type plan struct {
	report Report
	exists bool
	mode   fs.FileMode // of the folder, when it exists
	info   fs.FileInfo // of the folder, when it exists
	writes []fileset.File
	was    map[string]string // sha256 of what a write replaces; "" for nothing
	kept   map[string]bool   // of the set or written before, left as somebody else made them
	others []entry           // all that stays and is not written by the set, folders before their content
	dirs   map[string]fs.FileMode
	tooBig bool     // others is not complete
	vanish bool     // the folder itself goes when nothing stays in it
	lost   []string // written by bpgen, gone already: of a plan that vanishes
}

func newPlan() *plan {
	return &plan{was: map[string]string{}, kept: map[string]bool{}, dirs: map[string]fs.FileMode{}}
}

type entry struct {
	path string
	mode fs.FileMode
}

// refusal is the error for a plan that needs --force; nil when it needs none.
func (p *plan) refusal(shown string) error {
	if len(p.report.Edited)+len(p.report.Foreign) == 0 {
		return nil
	}
	return &RefusedError{Dir: shown, Edited: p.report.Edited, Foreign: p.report.Foreign}
}

// scan reads the folder and compares it with the set. It changes nothing.
func scan(t *target, set fileset.Set, on Conflict) (*plan, error) {
	p := newPlan()
	p.report.after = map[string]string{}
	root, err := os.OpenRoot(t.dir)
	if errors.Is(err, fs.ErrNotExist) {
		for _, f := range set.Files() {
			p.add(f, nil, false)
		}
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	owned, err := p.enter(root)
	if err != nil {
		return nil, err
	}
	for _, f := range set.Files() {
		if f.Path == ManifestPath {
			continue // It depends on what is kept.
		}
		old, there, err := current(root, f.Path)
		if err != nil {
			return nil, err
		}
		if there && !bytes.Equal(old, f.Bytes) {
			sum, ok := owned[f.Path]
			switch {
			case !ok:
				p.report.Foreign = append(p.report.Foreign, f.Path)
			case sum != fileset.Digest(old):
				p.report.Edited = append(p.report.Edited, f.Path)
			}
			if on == Keep && sum != fileset.Digest(old) {
				p.keep(f.Path, fileset.Digest(old))
				continue
			}
		}
		p.add(f, old, there)
	}
	if err := p.stale(root, set, owned, on); err != nil {
		return nil, err
	}
	if err := p.manifest(root, set, owned); err != nil {
		return nil, err
	}
	if err := p.walk(root, set.Files(), owned); err != nil {
		return nil, err
	}
	p.sort()
	return p, nil
}

// enter notes what the folder is and returns the sha256 of every file that the
// last render wrote.
func (p *plan) enter(root *os.Root) (map[string]string, error) {
	info, err := root.Stat(".")
	if err != nil {
		return nil, err
	}
	p.exists, p.mode, p.info = true, info.Mode().Perm(), info
	p.report.previous, err = readManifest(root)
	if err != nil {
		return nil, err
	}
	return parseManifest(p.report.previous)
}

// sort brings the lists into the order that a Report promises.
func (p *plan) sort() {
	r := &p.report
	for _, list := range [][]string{r.Created, r.Changed, r.Deleted, r.Unchanged, r.Edited, r.Foreign, r.Kept} {
		slices.Sort(list)
	}
	slices.SortFunc(p.writes, func(a, b fileset.File) int { return strings.Compare(a.Path, b.Path) })
}

// add records what a file of the set means for the folder.
func (p *plan) add(f fileset.File, old []byte, there bool) {
	r := &p.report
	r.after[f.Path] = f.SHA256()
	switch {
	case !there:
		r.Created = append(r.Created, f.Path)
		p.was[f.Path] = ""
	case bytes.Equal(old, f.Bytes):
		r.Unchanged = append(r.Unchanged, f.Path)
		return
	default:
		r.Changed = append(r.Changed, f.Path)
		p.was[f.Path] = fileset.Digest(old)
	}
	p.writes = append(p.writes, f)
	r.diffs = append(r.diffs, diff{path: f.Path, old: old, new: f.Bytes, had: there, has: true})
}

// keep records that a file stays as somebody else made it.
func (p *plan) keep(name, sum string) {
	p.kept[name] = true
	p.report.Kept = append(p.report.Kept, name)
	p.report.after[name] = sum
}

// stale finds files that bpgen wrote and the set does not have any more.
func (p *plan) stale(root *os.Root, set fileset.Set, owned map[string]string, on Conflict) error {
	for _, name := range sortedKeys(owned) {
		if _, ok := set.Get(name); ok {
			continue
		}
		old, there, err := current(root, name)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		if fileset.Digest(old) != owned[name] {
			p.report.Edited = append(p.report.Edited, name)
			if on == Keep {
				p.keep(name, fileset.Digest(old))
				continue
			}
		}
		p.delete(name, old)
	}
	return nil
}

// delete records that a file goes.
func (p *plan) delete(name string, old []byte) {
	p.report.Deleted = append(p.report.Deleted, name)
	p.was[name] = fileset.Digest(old)
	p.report.diffs = append(p.report.diffs, diff{path: name, old: old, had: true})
}

// manifest records what the set's manifest means for the folder. Of a file that
// is kept it says what the one before said: what bpgen wrote there, if it did.
func (p *plan) manifest(root *os.Root, set fileset.Set, owned map[string]string) error {
	b, ok := set.Get(ManifestPath)
	if !ok {
		return nil
	}
	if len(p.kept) > 0 {
		was := map[string]string{}
		for name := range p.kept {
			was[name] = owned[name]
		}
		var err error
		if b, err = restated(b, was); err != nil {
			return err
		}
	}
	old, there, err := current(root, ManifestPath)
	if err != nil {
		return err
	}
	p.add(fileset.File{Path: ManifestPath, Bytes: b}, old, there)
	return nil
}

// walk finds everything else in the folder.
func (p *plan) walk(root *os.Root, set []fileset.File, owned map[string]string) error {
	entries, files := 0, map[string]bool{}
	for _, f := range set {
		files[f.Path] = true
	}
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == "." || name == ".bpgen" {
			return nil
		}
		if name == workFolder {
			return fs.SkipDir
		}
		if entries++; entries > maxEntries {
			p.tooBig = true
			return fs.SkipAll
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		_, isOwned := owned[name]
		switch {
		case d.IsDir():
			p.dirs[name] = info.Mode().Perm()
			p.others = append(p.others, entry{name, info.Mode()})
		case p.kept[name]:
			p.others = append(p.others, entry{name, info.Mode()})
		case files[name] || isOwned || name == ManifestPath:
		default:
			p.others = append(p.others, entry{name, info.Mode()})
			if !leftover(name) {
				p.report.Foreign = append(p.report.Foreign, name)
			}
		}
		return nil
	})
}

// leftover says whether a file belongs to terraform, tofu or git, which work in
// the folder and own their files. They are never touched and never counted.
func leftover(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == ".terraform" || part == ".terraform.lock.hcl" || part == ".git" || strings.Contains(part, ".tfstate") {
			return true
		}
	}
	return false
}

// current reads the file at name. Whatever else stands there, or a link on the
// way to it, is an error.
func current(root *os.Root, name string) ([]byte, bool, error) {
	for i, c := range name {
		if c != '/' {
			continue
		}
		info, err := root.Lstat(filepath.FromSlash(name[:i]))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		if !info.IsDir() {
			return nil, false, inTheWay(name[:i], info.Mode(), "a folder")
		}
	}
	info, err := root.Lstat(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if !info.Mode().IsRegular() {
		return nil, false, inTheWay(name, info.Mode(), "a file")
	}
	b, err := root.ReadFile(filepath.FromSlash(name))
	return b, err == nil, err
}

func inTheWay(name string, mode fs.FileMode, want string) error {
	return said("%q in the output folder is %s, where bpgen has to write %s; nothing was changed: move it away or choose another folder", name, kind(mode), want)
}

// kind says in words what stands somewhere.
func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode.IsDir():
		return "a folder"
	case mode.IsRegular():
		return "a file"
	}
	return "no ordinary file"
}

// canSwap says whether the folder may be exchanged for a new one.
func (p *plan) canSwap(t *target) bool {
	if p.tooBig || t.parent == t.dir || special(t.dir, p.info) {
		return false
	}
	for _, e := range p.others {
		if m := e.mode.Type(); m != 0 && m != fs.ModeDir && m != fs.ModeSymlink {
			return false // A socket or a device cannot be linked in peace.
		}
	}
	// The user's shell stands where we stand: its folder must stay the same one.
	return !standsIn(t.dir)
}

// standsIn says whether this process stands in a folder, or may.
func standsIn(dir string) bool {
	wd, err := os.Getwd()
	if err != nil {
		return true
	}
	here, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return true
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return true
	}
	return within(here, wd)
}

// emptied lists the folders that hold nothing any more once the plan is done,
// innermost first.
func (p *plan) emptied() []string {
	used := map[string]bool{}
	use := func(name string) {
		for d := path.Dir(name); d != "."; d = path.Dir(d) {
			used[d] = true
		}
	}
	for _, names := range [][]string{p.report.Created, p.report.Changed, p.report.Unchanged} {
		for _, n := range names {
			use(n)
		}
	}
	for _, e := range p.others {
		if !e.mode.IsDir() {
			use(e.path)
		}
	}
	gone := map[string]bool{}
	for _, n := range slices.Concat(p.report.Deleted, p.lost) {
		for d := path.Dir(n); d != "." && !used[d]; d = path.Dir(d) {
			gone[d] = true
		}
	}
	out := sortedKeys(gone)
	slices.Reverse(out)
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
