package shell

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/guard"
)

// Fingerprint returns a digest in hexadecimal of all that decides what a
// blueprint is rendered to, besides what words say: this very program, the
// blueprint's file, its templates with all their files, and the notes.
func (f *Factory) Fingerprint(dirs []string, bp *blueprint.Blueprint, words ...string) (string, error) {
	own, err := f.own(dirs)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	if err := program(h); err != nil {
		return "", err
	}
	for _, w := range words {
		field(h, w)
	}
	for _, name := range bp.FileNames() { // parts, and what it extends, too
		field(h, name)
		field(h, string(bp.Files[name].Bytes))
	}
	var templates []string
	for _, c := range bp.Components {
		templates = append(templates, c.Template)
	}
	slices.Sort(templates)
	templates = slices.Compact(templates)
	for _, r := range append([]catalog.Root{{Blueprints: f.Blueprints, Templates: f.Templates}}, own...) {
		field(h, r.Name)
		if err := file(h, r.Blueprints, path.Join(bp.Name, "blueprint.hcl")); err != nil {
			return "", err
		}
		if err := tree(h, r.Blueprints, "notes"); err != nil {
			return "", err
		}
		for _, t := range templates {
			if err := tree(h, r.Templates, t); err != nil {
				return "", err
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// program tells this build of bpgen from every other. A file that was built
// anew has another time; reading all of it would take longer than the rest.
func program(h hash.Hash) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	field(h, fmt.Sprint(name, info.Size(), info.ModTime().UnixNano()))
	if build, ok := debug.ReadBuildInfo(); ok {
		field(h, build.String())
	}
	return nil
}

// field adds a text with its length, so that two texts are not like one.
func field(h hash.Hash, text string) { fmt.Fprintf(h, "%d:%s", len(text), text) } //nolint:errcheck // A hash takes all.

// errBeyond is why there is no fingerprint of what the stages refuse as well:
// they say more about it.
var errBeyond = errors.New("not what a render reads")

// tree adds every file below dir, by name; a dir that is not there is nothing,
// and neither is what the program carries. It reads what template.Load reads
// and no more: nothing hidden, ordinary files, and of them as much as package
// guard admits.
func tree(h hash.Hash, fsys fs.FS, dir string) error {
	if carried(fsys) || !fs.ValidPath(dir) || path.Base(dir) != dir {
		return nil
	}
	if _, err := fs.Stat(fsys, dir); err != nil {
		return nil //nolint:nilerr // Not there: another root has it.
	}
	files, total := 0, int64(0)
	return fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		switch hidden := name != dir && strings.HasPrefix(d.Name(), "."); {
		case err != nil:
			return err
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir() || hidden:
			return nil
		case !d.Type().IsRegular():
			return errBeyond
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files, total = files+1, total+info.Size()
		if files > guard.MaxFiles || total > guard.MaxTotal {
			return errBeyond
		}
		return file(h, fsys, name)
	})
}

// carried says whether a tree is a part of the program, or there is none: a
// fingerprint of the program covers both.
func carried(fsys fs.FS) bool {
	_, embedded := fsys.(embed.FS)
	return fsys == nil || embedded
}

// file adds one file with its name and size, without ever holding all of it.
func file(h hash.Hash, fsys fs.FS, name string) error {
	if carried(fsys) || !fs.ValidPath(name) {
		return nil
	}
	f, err := fsys.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // Another root has it.
	}
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // Read only.
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > guard.MaxSize {
		return errBeyond
	}
	field(h, name)
	fmt.Fprintf(h, "%d:", info.Size()) //nolint:errcheck // A hash takes all.
	n, err := io.Copy(h, io.LimitReader(f, info.Size()))
	if err == nil && n < info.Size() {
		return io.ErrUnexpectedEOF // It is being written.
	}
	return err
}
