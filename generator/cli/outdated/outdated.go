// Package outdated is the command "bpgen outdated": the modules whose blueprint has
// a newer version.
package outdated

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/standing"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Dirs       []string // below which modules are looked for; none is where one stands
	Blueprints []string // directories with blueprints
	JSON       bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "outdated [DIR]...",
		Short: "List the modules whose blueprint has a newer version",
		Long: `Look for modules that bpgen rendered in each DIR and below (default: the working
directory), and compare the version of the blueprint that each was rendered by
with the one that bpgen has now.

The exit code is 2 when there is something newer, 1 on an error.`,
		Example: "  bpgen outdated\n  bpgen outdated modules --json",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Dirs = args
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	shell.AddDirs(cmd, &opts.Blueprints)
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

// A module is what is known of one.
type module struct {
	Dir       string `json:"dir"`
	Blueprint string `json:"blueprint"`
	Version   string `json:"version"`          // that it was rendered by
	Newest    string `json:"newest,omitempty"` // "" when bpgen does not have the blueprint
	State     string `json:"state"`            // one of those below
}

// The states of a module.
const (
	current  = "current"
	outdated = "outdated"
	ahead    = "ahead"   // bpgen has an older version
	unknown  = "unknown" // bpgen does not have the blueprint
)

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	cat, err := f.Catalog(opts.Blueprints)
	if err != nil {
		return err
	}
	dirs := opts.Dirs
	if len(dirs) == 0 {
		dirs = []string{"."}
	}
	var found []string
	for _, dir := range dirs {
		more, err := modules(ctx, dir)
		if err != nil {
			return err
		}
		found = append(found, more...)
	}
	slices.Sort(found)
	all := []module{}
	var failed error
	for _, dir := range slices.Compact(found) {
		m, err := compare(f, cat, dir)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		all = append(all, m)
	}
	if failed != nil {
		return failed
	}
	return tell(f, opts, all)
}

// maxEntries is how many files and directories are looked at.
const maxEntries = 1_000_000

// modules finds the directories with a manifest.
func modules(ctx context.Context, dir string) (out []string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	n := 0
	err = fs.WalkDir(disk.FS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if n++; n > maxEntries {
			return fmt.Errorf("%q contains more than %d files: name the directories of the modules", dir, maxEntries)
		}
		switch {
		case ctx.Err() != nil:
			return errors.New("interrupted")
		case errors.Is(err, fs.ErrPermission):
			return fs.SkipDir
		case err != nil:
			return err
		case !d.IsDir() || name == ".":
			return nil
		case d.Name() == path.Dir(write.ManifestPath):
			if info, err := root.Lstat(filepath.FromSlash(path.Join(path.Dir(name), write.ManifestPath))); err == nil && info.Mode().IsRegular() {
				out = append(out, filepath.Join(dir, filepath.FromSlash(path.Dir(name))))
			}
			return fs.SkipDir
		case strings.HasPrefix(d.Name(), "."), d.Name() == "node_modules":
			return fs.SkipDir
		}
		return nil
	})
	return out, err
}

// compare holds a module against the blueprint that bpgen has.
func compare(f *shell.Factory, cat *catalog.Catalog, dir string) (module, error) {
	manifest, err := write.Manifest(standing.Place(dir))
	if err != nil {
		return module{}, err
	}
	past, diags := rerender.Read(manifest, filepath.ToSlash(filepath.Join(dir, write.ManifestPath)))
	if err := f.Report(nil, diags); err != nil {
		return module{}, err
	}
	m := module{Dir: filepath.ToSlash(dir), Blueprint: past.Blueprint, Version: past.Version, State: unknown}
	if !slices.Contains(cat.Blueprints(), past.Blueprint) {
		return m, nil
	}
	head, diags := cat.Head(past.Blueprint)
	if err := f.Report(cat.Sources(), diags); err != nil {
		return module{}, err
	}
	m.Newest = head.Version
	was, errWas := version.NewSemver(m.Version)
	is, errIs := version.NewSemver(m.Newest)
	switch {
	case m.Version == m.Newest:
		m.State = current
	case errWas != nil || errIs != nil || was.LessThan(is):
		m.State = outdated
	case is.LessThan(was):
		m.State = ahead
	default:
		m.State = current
	}
	return m, nil
}

func tell(f *shell.Factory, opts *Options, all []module) error {
	code, old := shell.OK, 0
	for _, m := range all {
		if m.State == outdated {
			code = shell.Findings
			old++
		}
	}
	if opts.JSON {
		if err := f.WriteJSON(map[string][]module{"modules": all}); err != nil {
			return err
		}
		return shell.Exit(code)
	}
	style := f.IO.OutStyle()
	var rows [][]columns.Cell
	for _, m := range all {
		state := columns.Plain(m.State)
		switch m.State {
		case current:
			continue
		case outdated:
			state = columns.Cell{Text: m.State, Paint: style.Yellow}
		}
		newest := m.Newest
		if newest == "" {
			newest = "not in bpgen"
		}
		rows = append(rows, []columns.Cell{state, columns.Plain(m.Dir), columns.Plain(m.Blueprint), columns.Plain(m.Version + " -> " + newest)})
	}
	if err := f.Table(rows); err != nil {
		return err
	}
	f.Tell(columns.Plain(fmt.Sprintf("%s, %d outdated. Run bpgen upgrade DIR to bring one up to date.", shell.Count(len(all), "module"), old)))
	return shell.Exit(code)
}
