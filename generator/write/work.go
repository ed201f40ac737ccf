package write

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The names in a work folder, besides those of its users.
const (
	stampName = "stamp"     // an empty file that nobody touches again
	proofName = "made.json" // what the system says of the stamp
	treeName  = "tree"      // a tree that is built, staged or on its way out
)

const randomBytes = 8 // of the name of a work folder

// A work is a folder of bpgen's own in which a write is prepared, and in which a
// killed run leaves what the next one finishes or clears.
//
// A repository or an archive can carry a folder of any name with any content, and
// what the next run does with leftovers changes files. So a run believes only a
// folder of this user that holds a proof: the number and the time of birth that
// the file system gave to the stamp in it when it was made. No checkout and no
// unpacked archive can know them beforehand. What has no proof is left alone.
type work struct {
	in   *os.Root
	root *os.Root
	name string // below in

	unfinished bool // it holds a journal
}

// A proof is what the system says of the stamp.
type proof struct {
	Inode uint64 `json:"inode"`
	Born  int64  `json:"born"` // in nanoseconds
}

// A state is what a folder with the name of a work folder is.
type state int

const (
	foreign state = iota // nobody knows who made it
	empty                // its maker was killed before the proof was written, or it holds nothing at all
	proven               // bpgen made it, here, for this user
)

// makeWork makes a work folder whose name begins with prefix.
func (a *applier) makeWork(in *os.Root, prefix string) (*work, error) {
	random := make([]byte, randomBytes)
	rand.Read(random) // It never fails.
	w := &work{in: in, name: prefix + hex.EncodeToString(random)}
	if err := in.Mkdir(filepath.FromSlash(w.name), 0o700); err != nil {
		return nil, err
	}
	var err error
	if w.root, err = in.OpenRoot(filepath.FromSlash(w.name)); err == nil {
		err = a.prove(w)
	}
	if err != nil {
		w.remove() //nolint:errcheck // The next run tries again.
		return nil, err
	}
	return w, nil
}

// prove writes the proof.
func (a *applier) prove(w *work) error {
	if err := a.at("stamp"); err != nil {
		return err
	}
	if err := writeFile(w.root, stampName, nil); err != nil {
		return err
	}
	is, err := w.stamp()
	if err != nil {
		return err
	}
	if err := a.at("prove"); err != nil {
		return err
	}
	return writeJSON(w.root, proofName, is)
}

// openWork opens a folder with the name of a work folder and says what it is. Of
// one that is foreign there is nothing to use.
func openWork(in *os.Root, name string) (*work, state) {
	local := filepath.FromSlash(name)
	info, err := in.Lstat(local)
	if err != nil || !info.IsDir() || !ownedByUser(info) {
		return nil, foreign
	}
	root, err := in.OpenRoot(local)
	if err != nil {
		return nil, foreign
	}
	w := &work{in: in, root: root, name: name}
	is := w.judge(info)
	if is == foreign {
		w.close()
		return nil, foreign
	}
	return w, is
}

func (w *work) judge(info fs.FileInfo) state {
	if is, err := w.root.Stat("."); err != nil || !os.SameFile(is, info) {
		return foreign
	}
	if w.proven() {
		return proven
	}
	names, err := list(w.root, ".")
	if err != nil {
		return foreign
	}
	for _, name := range names {
		info, err := w.root.Lstat(name)
		if err != nil || name != stampName && name != proofName || !info.Mode().IsRegular() || info.Size() > maxProof {
			return foreign
		}
	}
	return empty
}

const maxProof = 256 // bytes

// proven says whether the proof is right.
func (w *work) proven() bool {
	s, err := current(w.root, proofName)
	if err != nil || !s.there || s.size > maxProof {
		return false
	}
	var p proof
	if json.Unmarshal(s.bytes, &p) != nil {
		return false
	}
	is, err := w.stamp()
	return err == nil && p == is
}

// stamp returns what the system says of the stamp.
func (w *work) stamp() (proof, error) {
	seen, err := w.root.Lstat(stampName)
	if err != nil {
		return proof{}, err
	}
	if !seen.Mode().IsRegular() || seen.Size() > 0 || !ownedByUser(seen) {
		return proof{}, said("%q is not a stamp", stampName)
	}
	f, err := w.root.OpenFile(stampName, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return proof{}, err
	}
	defer f.Close() //nolint:errcheck // Read only.
	info, err := f.Stat()
	if err != nil {
		return proof{}, err
	}
	if !os.SameFile(info, seen) {
		return proof{}, said("%q is not a stamp", stampName)
	}
	return proof{inode(info), born(f, info)}, nil
}

func (w *work) close() {
	if w.root != nil {
		w.root.Close() //nolint:errcheck // No data in it.
	}
}

// path is a path below the work folder as seen from the folder that it is in.
func (w *work) path(name string) string { return path.Join(w.name, name) }

// remove removes the work folder with all that is in it, also what may not be
// written as it is. The proof goes last: what cannot be removed today is known
// tomorrow.
func (w *work) remove() error {
	w.close()
	local := filepath.FromSlash(w.name)
	root, err := w.in.OpenRoot(local)
	if err != nil {
		return w.in.RemoveAll(local)
	}
	defer root.Close() //nolint:errcheck // No data in it.
	names, err := list(root, ".")
	if err != nil {
		return err
	}
	slices.Sort(names)
	slices.Reverse(names) // The tree goes before the list of what is in it.
	for _, name := range names {
		if name == stampName || name == proofName {
			continue
		}
		err := root.RemoveAll(name)
		if errors.Is(err, fs.ErrPermission) {
			fs.WalkDir(root.FS(), name, func(name string, d fs.DirEntry, err error) error { //nolint:errcheck // What cannot be emptied says so.
				if err != nil {
					return fs.SkipDir
				}
				loosen(root, name, d)
				return nil
			})
			err = root.RemoveAll(name)
		}
		if err != nil {
			return err
		}
	}
	root.Close() //nolint:errcheck // Some systems keep an open folder.
	return w.in.RemoveAll(local)
}

// loosen lets the owner of a folder write to it. What cannot be emptied
// nevertheless says so when it is tried.
func loosen(root *os.Root, name string, d fs.DirEntry) {
	if !d.IsDir() {
		return
	}
	if info, err := d.Info(); err == nil && info.Mode().Perm()&0o700 != 0o700 {
		root.Chmod(filepath.FromSlash(name), info.Mode().Perm()|0o700) //nolint:errcheck // See above.
	}
}

// workFolders lists what has the name of a work folder in a folder: prefix and
// something random, or what an older bpgen called it. A folder that is not there,
// or is none, has none.
func workFolders(in *os.Root, dir, prefix, older string) []string {
	if info, err := in.Lstat(filepath.FromSlash(dir)); err != nil || !info.IsDir() {
		return nil
	}
	names, err := list(in, dir)
	if err != nil {
		return nil
	}
	var out []string
	for _, name := range names {
		random, ok := strings.CutPrefix(name, prefix)
		if raw, err := hex.DecodeString(random); ok && err == nil && len(raw) == randomBytes || name == older {
			out = append(out, path.Join(dir, name))
		}
	}
	return out
}

// list returns the names in a folder.
func list(in *os.Root, dir string) ([]string, error) {
	f, err := in.Open(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	return names, errors.Join(err, f.Close())
}
