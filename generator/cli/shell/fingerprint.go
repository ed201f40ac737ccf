package shell

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path"
	"runtime/debug"
	"slices"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
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
	var templates []string
	for _, c := range bp.Components {
		templates = append(templates, c.Template)
	}
	slices.Sort(templates)
	templates = slices.Compact(templates)
	for _, r := range append([]catalog.Root{{Blueprints: f.Blueprints, Templates: f.Templates}}, own...) {
		field(h, r.Name)
		if err := tree(h, r.Blueprints, bp.Name); err != nil {
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

// tree adds every file below dir, by name; a dir that is not there is nothing,
// and neither is what the program carries.
func tree(h hash.Hash, fsys fs.FS, dir string) error {
	if _, embedded := fsys.(embed.FS); embedded {
		return nil // a part of this program
	}
	if fsys == nil || !fs.ValidPath(dir) || path.Base(dir) != dir {
		return nil
	}
	if _, err := fs.Stat(fsys, dir); err != nil {
		return nil //nolint:nilerr // Not there: another root has it.
	}
	return fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		field(h, name)
		field(h, string(b))
		return err
	})
}
