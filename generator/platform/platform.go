// Package platform opens folders with blueprints and templates of a platform
// team's own.
//
// It takes names of folders, as flags, BPGEN_PATH or a provider's configuration
// give them, and returns catalog.Root values. It reads and never writes. The
// command line and the Terraform provider use it alike.
package platform

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/guard/disk"
)

// PathVariable is the environment variable that lists folders for the command
// line and the Terraform provider.
const PathVariable = "BPGEN_PATH"

// A Folder is a folder by name, with the words that say who named it, such as
// "--blueprint-dir".
type Folder struct{ Dir, From string }

// List returns the folders in a value of BPGEN_PATH.
func List(path string) []Folder {
	var out []Folder
	for _, d := range filepath.SplitList(path) {
		if d != "" {
			out = append(out, Folder{d, PathVariable})
		}
	}
	return out
}

// Setting returns BPGEN_PATH with its value for folders, as an environment holds it.
func Setting(dirs []string) string {
	return PathVariable + "=" + strings.Join(dirs, string(filepath.ListSeparator))
}

// Open opens folders, each once. What cannot be opened is in the error, all of
// it; the roots of the others are returned all the same. They stay open as long
// as the process.
func Open(folders []Folder) ([]catalog.Root, error) {
	var roots []catalog.Root
	var seen []string
	var errs []error
	for _, f := range folders {
		key, err := filepath.Abs(f.Dir)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if f.Dir != "" && slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		r, err := open(f.Dir)
		if err != nil {
			errs = append(errs, fmt.Errorf("%w (from %s)", err, f.From))
			continue
		}
		roots = append(roots, r)
	}
	return roots, errors.Join(errs...)
}

// open opens one folder. Through os.Root no symbolic link in it leads out of
// it.
func open(dir string) (catalog.Root, error) {
	none := catalog.Root{}
	if dir == "" {
		return none, errors.New("the name of the blueprint directory is empty")
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return none, fmt.Errorf("there is no blueprint directory %q; create one with bpgen blueprint init %s", dir, dir)
	}
	if err != nil {
		return none, fmt.Errorf("cannot open the blueprint directory %q: %w", dir, cause(err))
	}
	r := catalog.Root{Name: filepath.ToSlash(filepath.Clean(dir))}
	for name, to := range map[string]*fs.FS{"blueprints": &r.Blueprints, "templates": &r.Templates} {
		info, err := root.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return none, fmt.Errorf("cannot open %s in the blueprint directory %q: %w", name, dir, cause(err))
		}
		if !info.IsDir() {
			return none, fmt.Errorf("%s in the blueprint directory %q is a file; it must be a directory", name, dir)
		}
		if *to, err = fs.Sub(disk.FS(root), name); err != nil {
			return none, err
		}
	}
	if r.Blueprints == nil && r.Templates == nil {
		return none, fmt.Errorf("the directory %q contains neither blueprints nor templates: it should have blueprints/<name>/blueprint.hcl, templates/<name>/*.tf, or both", dir)
	}
	return r, nil
}

func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
