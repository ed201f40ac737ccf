package write

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/bpgen/bpgen/generator/baseline"
	"github.com/bpgen/bpgen/generator/fileset"
)

// The files besides the manifest that bpgen keeps for itself in a module. They are
// listed in no manifest. Of a set that does not have them they go.
const (
	// BasePath holds the files as they were rendered.
	BasePath = baseline.Path

	// ConflictsPath lists what an upgrade left to decide.
	ConflictsPath = baseline.ConflictsPath

	// UpgradePath holds what an upgrade with conflicts needs to go on or to go back.
	UpgradePath = baseline.PendingPath

	// AttributesPath tells git that the base is no text to be shown.
	AttributesPath = bpgenDir + "/.gitattributes"
)

var records = []string{BasePath, ConflictsPath, UpgradePath, AttributesPath}

const attributes = "*.zip binary linguist-generated\n"

// record says whether a file is one that bpgen keeps for itself.
func record(name string) bool { return slices.Contains(records, name) }

// base records what happens to the files that bpgen keeps for itself. What was
// rendered is kept where the manifest has its digest.
func (p *plan) base(root *os.Root, set fileset.Set, base *fileset.Set) error {
	manifest := p.stated
	if manifest == nil {
		manifest, _ = set.Get(ManifestPath)
	}
	content := map[string][]byte{}
	for _, name := range records {
		content[name], _ = set.Get(name)
	}
	digest, err := baseOf(manifest)
	if err != nil {
		return err
	}
	if digest != "" {
		files := baseline.Of(set)
		if base != nil {
			files = *base
		}
		switch is, err := baseline.Digest(files); {
		case err != nil:
			return err
		case is != digest:
			return fmt.Errorf("the manifest has the digest %q of other files than were rendered, which have %q: this is a mistake in bpgen", digest, is)
		}
		if content[BasePath], err = baseline.Pack(files); err != nil {
			return err
		}
		content[AttributesPath] = []byte(attributes)
	}
	for _, name := range records {
		if err := p.record(root, name, content[name]); err != nil {
			return err
		}
	}
	return nil
}

// baseOf returns the digest of the base that a manifest has; "" for none.
func baseOf(manifest []byte) (string, error) {
	if manifest == nil {
		return "", nil
	}
	var m struct {
		Base string `json:"base"`
	}
	if err := json.Unmarshal(manifest, &m); err != nil {
		return "", err
	}
	return m.Base, nil
}

// record notes what becomes of a file of bpgen's own; without content it goes. In
// the report it is only where nothing else differs, for it goes with the manifest.
func (p *plan) record(root *os.Root, name string, content []byte) error {
	old := &standing{}
	if root != nil {
		var err error
		if old, err = current(root, name); err != nil {
			return err
		}
	}
	switch {
	case content == nil && !old.there:
		return nil
	case content == nil:
		p.dropped = append(p.dropped, name)
		p.was[name] = old.sum()
	case old.is(content):
		p.others = append(p.others, entry{path: name})
		return nil
	default:
		p.writes = append(p.writes, fileset.File{Path: name, Bytes: content})
		p.was[name] = ""
		if old.there {
			p.was[name] = old.sum()
		}
	}
	p.records = append(p.records, name)
	return nil
}

// own puts files of bpgen's own into the report where nothing else tells that they
// change.
func (p *plan) own() {
	if p.report.Drift() {
		return
	}
	r := &p.report
	for _, name := range p.records {
		switch {
		case slices.Contains(p.dropped, name):
			r.Deleted = append(r.Deleted, name)
		case p.was[name] == "":
			r.Created = append(r.Created, name)
		default:
			r.Changed = append(r.Changed, name)
		}
	}
	if len(r.Deleted) > 0 {
		p.dropped = nil
	}
	p.sort()
}

// keptBase returns the base of a render that keeps some files: of those it is what
// it was before, if that is known.
func (p *plan) keptBase(root *os.Root, base fileset.Set, kept map[string]string) fileset.Set {
	before, _ := storedBase(root, p.report.previous) // Without one, kept files have none.
	var out fileset.Set
	for _, f := range base.Files() {
		if _, ok := kept[f.Path]; !ok {
			out.Add(f.Path, f.Bytes) //nolint:errcheck // The set has taken this path.
		}
	}
	for _, name := range sortedKeys(kept) {
		if b, ok := before.Get(name); ok && fileset.Digest(b) == kept[name] {
			out.Add(name, b) //nolint:errcheck // What collides has no base.
		}
	}
	return out
}

// A BaseError says why the base of a module cannot be used.
type BaseError struct {
	Dir string
	Err error
}

// Error says what is wrong, and how to mend it.
func (e *BaseError) Error() string {
	return fmt.Sprintf("%q in %q cannot be used: %s. It holds the module as it was rendered. Restore it from version control; if no file was edited, bpgen render writes it again", BasePath, e.Dir, e.Err)
}

// Unwrap returns the cause.
func (e *BaseError) Unwrap() error { return e.Err }

// Base returns the module in the directory dir as it was rendered, and its manifest.
// A module that was rendered before there were bases has none: ok is false. An error
// is a *BaseError where the base is missing or is not what was rendered.
func Base(dir string) (base fileset.Set, manifest []byte, ok bool, err error) {
	err = inside(dir, func(root *os.Root) error {
		if manifest, err = readManifest(root); err != nil {
			return err
		}
		digest, err := baseOf(manifest)
		if err != nil || digest == "" {
			return err
		}
		if base, err = storedBase(root, manifest); err != nil {
			return &BaseError{dir, err}
		}
		ok = true
		return nil
	})
	return base, manifest, ok, err
}

// storedBase returns the files of the base that a manifest speaks of; none where it
// speaks of none.
func storedBase(root *os.Root, manifest []byte) (fileset.Set, error) {
	digest, err := baseOf(manifest)
	if err != nil || digest == "" {
		return fileset.Set{}, err
	}
	src, err := readRecord(root, BasePath)
	if err != nil {
		return fileset.Set{}, err
	}
	if src == nil {
		return fileset.Set{}, said("it is missing")
	}
	return baseline.Open(src, digest)
}

// readRecord reads a file of bpgen's own; nil is none.
func readRecord(root *os.Root, name string) ([]byte, error) {
	s, err := current(root, name)
	switch {
	case err != nil || !s.there:
		return nil, err
	case s.size > baseline.MaxSize:
		return nil, said("%s is a file of %d bytes, which bpgen did not write", name, s.size)
	case s.big:
		return root.ReadFile(filepath.FromSlash(name))
	}
	return s.bytes, nil
}

// Record returns a file that bpgen keeps for itself in the module in the directory
// dir, such as ConflictsPath; nil where there is none.
func Record(dir, name string) (b []byte, err error) {
	err = inside(dir, func(root *os.Root) error {
		b, err = readRecord(root, name)
		return err
	})
	return b, err
}

// recorded says whether bpgen's own files are those that a manifest speaks of, and
// no upgrade waits for decisions.
func recorded(root *os.Root, manifest []byte) bool {
	digest, err := baseOf(manifest)
	if err != nil {
		return false
	}
	for _, name := range []string{ConflictsPath, UpgradePath} {
		if s, err := current(root, name); err != nil || s.there {
			return false
		}
	}
	if digest == "" {
		return true
	}
	if s, err := current(root, AttributesPath); err != nil || !s.is([]byte(attributes)) {
		return false
	}
	_, err = storedBase(root, manifest)
	return err == nil
}
