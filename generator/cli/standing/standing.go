// Package standing reads the module in a directory: what people made of it, what
// was rendered, and what an upgrade has left to decide.
//
// It takes the path of a directory and returns files in memory. It changes nothing.
package standing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/upgrade"
	"github.com/bpgen/bpgen/generator/write"
)

// A Module is what is in a directory.
type Module struct {
	Dir      string // as it was given
	Past     *rerender.Past
	Manifest []byte
	Base     fileset.Set // as it was rendered
	Known    bool        // the base is kept beside the manifest; else Base holds what nobody has edited
	Files    fileset.Set // as it is: what bpgen wrote, and Terraform code of others
	Guessed  []string    // files that were edited, and of which nobody knows how they were rendered
	Foreign  []string    // files of Files that bpgen did not write
}

// Place is how the writer is told of a directory: one below the working directory by
// a relative path, however it was given, so that no link leads out of that.
func Place(dir string) string {
	if !filepath.IsAbs(dir) {
		return dir
	}
	wd, err := os.Getwd()
	if err != nil {
		return dir
	}
	if rel, err := filepath.Rel(wd, dir); err == nil && filepath.IsLocal(rel) && rel != "." {
		return rel
	}
	return dir
}

// Read reads the module in a directory. A directory without one is a usage error
// that names the command.
func Read(ctx context.Context, dir, command string) (*Module, hcl.Diagnostics, error) {
	m := &Module{Dir: dir}
	if err := write.Unfinished(dir); err != nil {
		return nil, nil, err
	}
	base, manifest, known, err := write.Base(Place(dir))
	if err != nil {
		return nil, nil, err
	}
	if manifest == nil {
		return nil, nil, shell.Usage("%s takes the directory of a rendered module, but %q contains none that bpgen wrote", command, dir)
	}
	shown := filepath.ToSlash(filepath.Join(dir, write.ManifestPath))
	past, diags := rerender.Read(manifest, shown)
	if diags.HasErrors() {
		return nil, diags, nil
	}
	m.Past, m.Manifest, m.Base, m.Known = past, manifest, base, known
	more, err := m.files(ctx)
	if diags = append(diags, more...); err != nil || diags.HasErrors() {
		return nil, diags, err
	}
	if !known {
		m.guess()
	}
	return m, diags, nil
}

// guess takes what nobody has edited for the base of a module that has none.
func (m *Module) guess() {
	for _, f := range m.Files.Files() {
		switch sum, listed := m.Past.Files[f.Path]; {
		case !listed:
		case sum == f.SHA256():
			m.Base.Add(f.Path, f.Bytes) //nolint:errcheck // Files has taken this path.
		default:
			m.Guessed = append(m.Guessed, f.Path)
		}
	}
}

// Recall takes into the base what is known of files of which it was not: versions
// returns what a file may have been rendered as.
func (m *Module) Recall(versions func(name string) [][]byte) {
	m.Guessed = slices.DeleteFunc(m.Guessed, func(name string) bool {
		for _, b := range versions(name) {
			if fileset.Digest(b) == m.Past.Files[name] {
				return m.Base.Add(name, b) == nil
			}
		}
		return false
	})
}

// left are the directories that are no part of a module's text.
func left(name string) bool { return strings.HasPrefix(name, ".") && name != "." }

// files reads what bpgen wrote, and the Terraform code that others put beside it.
func (m *Module) files(ctx context.Context) (diags hcl.Diagnostics, err error) {
	root, err := os.OpenRoot(m.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	fsys := disk.FS(root)
	var budget guard.Budget
	take := func(name string) error {
		src, more := guard.ReadFile(fsys, name, path.Join(filepath.ToSlash(m.Dir), name))
		if !more.HasErrors() {
			more = budget.Take(name, src, path.Ext(name) == ".tf")
		}
		if diags = append(diags, more...); more.HasErrors() {
			return nil
		}
		return m.Files.Add(name, src)
	}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		_, listed := m.Past.Files[name]
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return errors.New("interrupted; nothing was written")
		case budget.Spent():
			return fs.SkipAll
		case d.IsDir() && left(d.Name()):
			return fs.SkipDir
		case d.IsDir(), !listed && !code(name):
			return nil
		case !d.Type().IsRegular() && listed:
			return fmt.Errorf("%q is not a regular file, but bpgen wrote one: restore it first", path.Join(filepath.ToSlash(m.Dir), name))
		case !d.Type().IsRegular():
			return nil
		case !listed:
			m.Foreign = append(m.Foreign, name)
		}
		return take(name)
	})
	if err != nil {
		return diags, err
	}
	// What is hidden bpgen wrote all the same.
	for _, name := range slices.Sorted(maps.Keys(m.Past.Files)) {
		if _, ok := m.Files.Get(name); ok || !hidden(name) || fileset.CheckPath(name) != nil {
			continue
		}
		if info, err := fs.Stat(fsys, name); err == nil && info.Mode().IsRegular() {
			if err := take(name); err != nil {
				return diags, err
			}
		}
	}
	return diags, nil
}

func hidden(name string) bool { return name[0] == '.' || strings.Contains(name, "/.") }

// code says whether a file of others is code that goes with a module.
func code(name string) bool {
	switch path.Ext(name) {
	case ".tf", ".tofu", ".tfvars":
		return !strings.Contains(name, ".tfstate")
	}
	return strings.HasSuffix(name, ".tftest.hcl")
}

// An UnresolvedError is of a module in which conflicts are left to decide.
type UnresolvedError struct {
	Dir     string
	Marks   []string // where markers are
	Whole   []string // conflicts over whole files, which have no markers
	Pending bool     // an upgrade waits
}

// Error names the places, and how to go on.
func (e *UnresolvedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "nothing was written: conflicts in %q are not resolved", e.Dir)
	if len(e.Marks) > 0 {
		b.WriteString("\n\nMarkers of conflicts:\n  " + strings.Join(e.Marks, "\n  "))
	}
	if len(e.Whole) > 0 {
		b.WriteString("\n\nFiles without markers:\n  " + strings.Join(e.Whole, "\n  "))
	}
	b.WriteString("\n\n")
	if len(e.Marks) > 0 {
		b.WriteString("Choose between the versions and remove the markers. ")
	}
	if dir := " " + shell.Quote(e.Dir); e.Pending {
		fmt.Fprintf(&b, "Then run bpgen upgrade --continue%s, or go back with bpgen upgrade --abort%s.", dir, dir)
	} else {
		b.WriteString("Then try again.")
	}
	return b.String()
}

// Resolved returns an *UnresolvedError where an upgrade of the module in a directory
// waits for decisions.
func Resolved(dir string) error {
	pending, err := write.Record(Place(dir), write.UpgradePath)
	if err != nil || pending == nil {
		return err
	}
	e := &UnresolvedError{Dir: dir, Pending: true}
	list, err := write.Record(Place(dir), write.ConflictsPath)
	if err != nil {
		return err
	}
	conflicts, err := upgrade.Conflicts(list)
	if err != nil {
		return e // The list is for programs; the error is complete without it.
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // Read only.
	seen := map[string]bool{}
	for _, c := range conflicts {
		if c.Start == 0 {
			e.Whole = append(e.Whole, c.Path+": "+c.Reason)
		}
		if seen[c.Path] || fileset.CheckPath(c.Path) != nil {
			continue
		}
		seen[c.Path] = true
		if src, diags := guard.ReadFile(disk.FS(root), c.Path, c.Path); !diags.HasErrors() {
			e.Marks = append(e.Marks, Marked(c.Path, src)...)
		}
	}
	return e
}

// Marked returns the places of a file at which conflicts begin.
func Marked(name string, src []byte) (out []string) {
	lines := strings.Split(string(src), "\n")
	for _, line := range merge.Marked(src) {
		if strings.HasPrefix(lines[line-1], "<<<<<<<") {
			out = append(out, fmt.Sprintf("%s:%d", name, line))
		}
	}
	if len(out) == 0 {
		for _, line := range merge.Marked(src) {
			out = append(out, fmt.Sprintf("%s:%d", name, line))
		}
	}
	return out
}
