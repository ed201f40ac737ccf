package write

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
)

const (
	minStrange = 3    // so many edited files may be somebody's work, whatever their share
	maxEntries = 5000 // above it, a folder is written in place instead of being built anew
	tmpPrefix  = "tmp-"
	olderTmp   = "tmp" // where bpgen staged before its work folders had names that nobody can know
	bpgenDir   = ".bpgen"
)

// A plan is what has to happen to a folder.
type plan struct {
	report Report
	exists bool
	mode   fs.FileMode // of the folder, when it exists
	info   fs.FileInfo // of the folder, when it exists
	odd    bool        // the folder carries more than a mode
	writes []fileset.File
	was    map[string]string // sha256 of what a write replaces; "" for nothing
	kept   map[string]bool   // of the set or written before, left as somebody else made them
	passed map[string]bool   // the manifest names them, and is not believed
	taken  map[string]bool   // they go
	others []entry           // all that stays and is not written by the set, folders before their content
	dirs   map[string]fs.FileMode
	owned  int      // how many files the manifest is believed to list
	tooBig bool     // others is not complete
	closed string   // a folder that may not be read
	vanish bool     // the folder itself goes when nothing stays in it
	lost   []string // written by bpgen, gone already: of a plan that vanishes

	stated  []byte   // the manifest as it will be
	records []string // files of bpgen's own that change, besides the manifest
	dropped []string // those of them that go
}

func newPlan() *plan {
	return &plan{was: map[string]string{}, kept: map[string]bool{}, passed: map[string]bool{}, taken: map[string]bool{}, dirs: map[string]fs.FileMode{}}
}

type entry struct {
	path string
	mode fs.FileMode
}

// refusal is the error for a plan that needs --force; nil when it needs none.
func (p *plan) refusal(shown string) error {
	edited, foreign := p.report.Obstacles()
	if len(edited)+len(foreign) == 0 {
		return nil
	}
	return &RefusedError{
		Dir: shown, Edited: edited, Foreign: foreign, Again: p.report.previous != nil,
		Strange: len(edited) > minStrange && 2*len(edited) >= p.owned,
	}
}

// scan reads the folder and compares it with the set. It changes nothing.
func scan(at *site, set fileset.Set, opts Options) (*plan, error) {
	for _, f := range set.Files() {
		if leftover(f.Path) {
			return nil, said("the module has a file %q, which belongs to Terraform or to version control; nothing was written", f.Path)
		}
	}
	p := newPlan()
	p.report.after = map[string]string{}
	root, err := at.root()
	if errors.Is(err, fs.ErrNotExist) {
		for _, f := range set.Files() {
			if !record(f.Path) {
				p.add(f, &standing{})
			}
		}
		return p, p.base(nil, set, opts.Base)
	}
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	owned, err := p.enter(root, set)
	if err != nil {
		return nil, err
	}
	for _, f := range set.Files() {
		if f.Path == ManifestPath || record(f.Path) {
			continue // They depend on what is kept.
		}
		old, err := current(root, f.Path)
		if err != nil {
			return nil, err
		}
		if old.there && !old.is(f.Bytes) {
			sum, ok := owned[f.Path]
			switch {
			case !ok:
				p.report.Foreign = append(p.report.Foreign, f.Path)
				p.report.Colliding = append(p.report.Colliding, f.Path)
			case sum != old.sum():
				p.report.Edited = append(p.report.Edited, f.Path)
			}
			if opts.OnConflict == Keep && sum != old.sum() {
				p.keep(f.Path, old.sum())
				continue
			}
		}
		p.add(f, old)
	}
	if err := p.stale(root, set, owned, opts); err != nil {
		return nil, err
	}
	if err := p.manifest(root, set, owned, opts.Base); err != nil {
		return nil, err
	}
	if err := p.walk(root, set.Files(), owned); err != nil {
		return nil, err
	}
	p.sort()
	p.own()
	return p, nil
}

// enter notes what the folder is and returns the sha256 of every file that the
// last render wrote, as far as the manifest is believed: what belongs to others
// by its name, and what is hidden and not in the set, nobody but its owner
// touches, whatever a manifest says.
func (p *plan) enter(root *os.Root, set fileset.Set) (map[string]string, error) {
	f, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // Read only.
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	p.exists, p.mode, p.info, p.odd = true, info.Mode().Perm(), info, special(f, info)
	p.report.previous, err = readManifest(root)
	if err != nil {
		return nil, err
	}
	owned, err := parseManifest(p.report.previous)
	for name := range owned {
		if _, ok := set.Get(name); leftover(name) || hidden(name) && !ok {
			p.passed[name] = true
			delete(owned, name)
		}
	}
	p.owned = len(owned)
	return owned, err
}

// hidden says whether a file or a folder above it is hidden.
func hidden(name string) bool { return name[0] == '.' || strings.Contains(name, "/.") }

// sort brings the lists into the order that a Report promises.
func (p *plan) sort() {
	r := &p.report
	for _, list := range [][]string{r.Created, r.Changed, r.Deleted, r.Unchanged, r.Edited, r.Foreign, r.Colliding, r.Kept} {
		slices.Sort(list)
	}
	slices.SortFunc(p.writes, func(a, b fileset.File) int { return strings.Compare(a.Path, b.Path) })
}

// add records what a file of the set means for the folder.
func (p *plan) add(f fileset.File, old *standing) {
	r := &p.report
	r.after[f.Path] = f.SHA256()
	switch {
	case !old.there:
		r.Created = append(r.Created, f.Path)
		p.was[f.Path] = ""
	case old.is(f.Bytes):
		r.Unchanged = append(r.Unchanged, f.Path)
		return
	default:
		r.Changed = append(r.Changed, f.Path)
		p.was[f.Path] = old.sum()
	}
	p.writes = append(p.writes, f)
	r.diffs = append(r.diffs, diff{path: f.Path, old: old.bytes, new: f.Bytes, had: old.there, has: true, big: old.big})
}

// keep records that a file stays as somebody else made it.
func (p *plan) keep(name, sum string) {
	p.kept[name] = true
	p.report.Kept = append(p.report.Kept, name)
	p.report.after[name] = sum
}

// stale finds files that bpgen wrote and the set does not have any more. One
// that is not as it was written is somebody's own by now, and stays in any case.
func (p *plan) stale(root *os.Root, set fileset.Set, owned map[string]string, opts Options) error {
	names := sortedKeys(owned)
	for _, name := range opts.Remove {
		if _, ok := owned[name]; !ok && fileset.CheckPath(name) == nil && !leftover(name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if _, ok := set.Get(name); ok {
			continue
		}
		old, err := current(root, name)
		if err != nil {
			return err
		}
		switch {
		case !old.there:
		case old.sum() == owned[name], slices.Contains(opts.Remove, name):
			p.delete(name, old)
			p.taken[name] = true
		default:
			p.report.Edited = append(p.report.Edited, name)
			if opts.OnConflict == Keep {
				p.keep(name, old.sum())
				continue
			}
			p.passed[name] = true
			p.report.Kept = append(p.report.Kept, name)
		}
	}
	return nil
}

// delete records that a file goes.
func (p *plan) delete(name string, old *standing) {
	p.report.Deleted = append(p.report.Deleted, name)
	p.was[name] = old.sum()
	p.report.diffs = append(p.report.diffs, diff{path: name, old: old.bytes, had: true, big: old.big})
}

// manifest records what the set's manifest means for the folder. Of a file that
// is kept it says what the one before said: what bpgen wrote there, if it did.
func (p *plan) manifest(root *os.Root, set fileset.Set, owned map[string]string, base *fileset.Set) error {
	b, ok := set.Get(ManifestPath)
	if !ok {
		return nil
	}
	if len(p.kept) > 0 {
		was := map[string]string{}
		for name := range p.kept {
			was[name] = owned[name]
		}
		from := baseline.Of(set)
		if base != nil {
			from = *base
		}
		kept := p.keptBase(root, from, was)
		base = &kept
		var err error
		if b, err = restated(b, was, base); err != nil {
			return err
		}
	}
	old, err := current(root, ManifestPath)
	if err != nil {
		return err
	}
	if settled(old.bytes, b) {
		b = old.bytes
	}
	p.add(fileset.File{Path: ManifestPath, Bytes: b}, old)
	p.stated = b
	return p.base(root, set, base)
}

// walk finds everything else in the folder.
func (p *plan) walk(root *os.Root, set []fileset.File, owned map[string]string) error {
	entries, files := 0, map[string]bool{}
	for _, f := range set {
		files[f.Path] = true
	}
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrPermission) && workName(name) {
			p.closed = name // Of another user, who was killed.
			return fs.SkipDir
		}
		if err != nil {
			return err
		}
		if name == "." || name == bpgenDir {
			return nil
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
		case p.kept[name], p.passed[name]:
			p.others = append(p.others, entry{name, info.Mode()})
		case files[name] || isOwned || p.taken[name] || name == ManifestPath || record(name):
		default:
			p.others = append(p.others, entry{name, info.Mode()})
			if !leftover(name) {
				p.report.Foreign = append(p.report.Foreign, name)
			}
		}
		return nil
	})
}

// leftover says whether a file belongs to terraform, tofu or version control,
// which work in the folder and own their files, or lies where a run of bpgen that
// was killed may have worked. They are never touched and never counted.
func leftover(name string) bool {
	if workName(name) {
		return true
	}
	for part := range strings.SplitSeq(strings.ToLower(name), "/") {
		switch part {
		case ".terraform", ".terraform.lock.hcl", ".git", ".hg", ".svn", ".bzr", ".jj":
			return true
		}
		if strings.Contains(part, ".tfstate") {
			return true
		}
	}
	return false
}

func inTheWay(name string, mode fs.FileMode, want string) error {
	return said("%q in the output directory is %s, where bpgen needs to write %s; nothing was changed: move it away or choose another directory", name, kind(mode), want)
}

// kind says in words what stands somewhere.
func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode.IsDir():
		return "a directory"
	case mode.IsRegular():
		return "a file"
	}
	return "not a regular file"
}

// workName says whether a path is, or lies below, one where bpgen works inside
// the folder.
func workName(name string) bool {
	rest, ok := strings.CutPrefix(name, bpgenDir+"/"+olderTmp)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '-')
}

// inPlace says why the folder may not be exchanged for a new one; "" when it may.
func (p *plan) inPlace(at *site) string {
	switch {
	case at.parent == at.dir:
		return "it is the root of a file system"
	case at.outer == nil:
		return "the parent directory is not readable"
	case p.closed != "":
		return fmt.Sprintf("%q in it is not readable", p.closed)
	case p.tooBig:
		return fmt.Sprintf("it contains more than %d files", maxEntries)
	case p.odd:
		return "it has a set-group-ID bit, an access list, an attribute or a sticky bit that a new directory would lack"
	}
	for _, e := range p.others {
		if m := e.mode.Type(); m != 0 && m != fs.ModeDir && m != fs.ModeSymlink {
			return fmt.Sprintf("%q in it is not a regular file", e.path)
		}
	}
	// The user's shell stands where we stand: its folder must stay the same one.
	if standsIn(p.info) {
		return "it is or contains the working directory"
	}
	return ""
}

// standsIn says whether this process stands in a folder, or may.
func standsIn(folder fs.FileInfo) bool {
	var last fs.FileInfo
	for d, n := ".", 0; n < 256; d, n = d+"/..", n+1 {
		here, err := os.Stat(d)
		if err != nil || os.SameFile(here, folder) {
			return true
		}
		if last != nil && os.SameFile(here, last) {
			return false // The root.
		}
		last = here
	}
	return true
}

// writable asks, before anything changes, whether the user may change what the
// plan changes: an error in the middle of it would be too late.
func (p *plan) writable(root *os.Root) error {
	f, err := root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // Read only.
	asked := map[string]bool{}
	ask := func(name string) error {
		if err := mayWrite(f, name, false); err != nil {
			return err
		}
		for d := path.Dir(name); !asked[d]; d = path.Dir(d) {
			asked[d] = true
			if err := mayWrite(f, d, true); err != nil {
				return err
			}
		}
		return nil
	}
	for _, w := range p.writes {
		if err := ask(w.Path); err != nil {
			return err
		}
	}
	for _, name := range p.report.Deleted {
		if err := ask(name); err != nil {
			return err
		}
	}
	return nil
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
