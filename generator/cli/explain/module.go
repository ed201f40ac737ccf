package explain

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bpgen/bpgen/generator/cited"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/write"
)

// A module is a rendered one, or one that somebody wrote, in a directory or in memory.
type module struct {
	dir   string         // where it is, from here; "" in memory
	past  *rerender.Past // what its manifest says; nil without one
	files []fileset.File
	cited *cited.Module
	tests []cited.Test
}

// newModule reads the files of a module.
func newModule(dir string, files []fileset.File) *module {
	return &module{dir: dir, files: files, cited: cited.Read(files), tests: cited.Tests(files)}
}

// at names a line of the module as the user would.
func (m *module) at(file string, line int) string {
	shown := filepath.Join(filepath.FromSlash(m.dir), filepath.FromSlash(file))
	if strings.HasPrefix(shown, "..") { // it may be this directory that the way up and down again leads to
		if rel, err := relative(".", shown); err == nil {
			shown = rel
		}
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(shown), line)
}

// relative returns the way to a file from a directory, wherever both are seen from.
func relative(dir, file string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	return filepath.Rel(from, to)
}

// text returns the lines of a file of the module.
func (m *module) text(name string) []string {
	i := slices.IndexFunc(m.files, func(f fileset.File) bool { return f.Path == name })
	if i < 0 {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(m.files[i].Bytes), "\n"), "\n")
}

// lineForm is how a line of a file is named, by people, by grep and by editors, which add
// a column.
var lineForm = regexp.MustCompile(`^(.+\.[A-Za-z]+):(\d+)(?::\d*)?$`)

// lineOf takes the name of a line apart.
func lineOf(topic string) (file string, line int, ok bool) {
	m := lineForm.FindStringSubmatch(topic)
	if m == nil {
		return "", 0, false
	}
	line, err := strconv.Atoi(m[2])
	return m[1], line, err == nil
}

// levels is how far above a file the manifest of its module may be: a child module of
// a nested layout is two directories down.
const levels = 3

// home returns the directory of the module that a file belongs to: one with a manifest,
// or else that of the file.
func home(file string) string {
	dir := filepath.Dir(file)
	for range levels {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(write.ManifestPath))); err == nil && info.Mode().IsRegular() {
			return dir
		}
		dir = filepath.Join(dir, "..")
	}
	return filepath.Dir(file)
}

// open reads the module in a directory; extra names a file of it that is wanted even
// though it is no Terraform. A directory without a manifest and without Terraform files
// is none.
func open(dir, extra string) (*module, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no directory %q", dir)
		}
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	fsys := disk.FS(root)
	var past *rerender.Past
	shown := filepath.ToSlash(filepath.Join(dir, write.ManifestPath))
	if src, diags := guard.ReadFile(fsys, write.ManifestPath, shown); !diags.HasErrors() {
		past, _ = rerender.Read(src, shown) // one that cannot be used is as good as none
	}
	names, err := namesOf(fsys, past)
	if err != nil {
		return nil, err
	}
	if extra != "" && !slices.Contains(names, extra) {
		names = append(names, extra)
	}
	var files []fileset.File
	var budget guard.Budget
	for _, name := range names {
		src, diags := guard.ReadFile(fsys, name, name)
		if diags.HasErrors() {
			continue // removed since, or nothing to read
		}
		if budget.Take(name, src, path.Ext(name) == ".tf").HasErrors() {
			return nil, fmt.Errorf("the module in %q is too large to be read", dir)
		}
		files = append(files, fileset.File{Path: name, Bytes: src})
	}
	m := newModule(dir, files)
	m.past = past
	return m, nil
}

// namesOf lists the files of a module: those of its manifest, its Terraform files and its
// tests.
func namesOf(fsys fs.FS, past *rerender.Past) ([]string, error) {
	var out []string
	if past != nil {
		for name := range past.Files {
			if fs.ValidPath(name) {
				out = append(out, name)
			}
		}
	}
	for _, pattern := range []string{"*.tf", "tests/*.tftest.hcl", "modules/*/*.tf"} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
