// Package bundle is the command "bpgen bundle": it makes the archives of functions
// again after somebody has changed their code.
package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/bundle"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct{ Dir string }

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	return &cobra.Command{
		Use:   "bundle [DIR]",
		Short: "Repack function code into its archives",
		Long: `Rebuild every archive x.zip, in a directory and its subdirectories, that has a
directory x next to it, so that AWS runs the code that people read. Files that end in .test.mjs
and hidden files are left out. The same files make the same archive on every
machine. A directory with an index.mjs is packed itself, into an archive next to
it, which need not exist yet.`,
		Example: "  bpgen bundle\n  bpgen bundle modules/web\n  bpgen bundle templates/function/files/orders",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return shell.Usage("%s takes one directory, but got %d arguments", cmd.CommandPath(), len(args))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts := &Options{Dir: "."}
			if len(args) > 0 {
				opts.Dir = args[0]
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
}

// entry is the file by which a directory of code is known.
const entry = "index.mjs"

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	dirs, err := find(ctx, opts.Dir)
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		return fmt.Errorf("there is no archive in %q with a directory of the same name next to it", opts.Dir)
	}
	written := 0
	for _, dir := range dirs {
		n, changed, err := pack(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.ToSlash(dir)+bundle.Extension, err)
		}
		if changed {
			written++
			f.Say("Wrote %s: %d files.\n", f.IO.ErrStyle().Bold(filepath.ToSlash(dir)+bundle.Extension), n)
		}
	}
	if written == 0 {
		f.Say("Nothing to do: every archive matches its directory.\n")
	}
	return nil
}

// find returns the directories that archives are made of.
func find(ctx context.Context, dir string) ([]string, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no directory %q", dir)
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, fmt.Errorf("%q is a file; bpgen bundle takes a directory", dir)
	}
	if info, err := os.Stat(filepath.Join(dir, entry)); err == nil && info.Mode().IsRegular() {
		return named(dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	var out []string
	err = fs.WalkDir(disk.FS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != bundle.Extension || strings.HasPrefix(d.Name(), "."):
			return nil
		}
		source := strings.TrimSuffix(name, bundle.Extension)
		if info, err := fs.Stat(disk.FS(root), source); err == nil && info.IsDir() {
			out = append(out, filepath.Join(dir, filepath.FromSlash(source)))
		}
		return nil
	})
	return out, err
}

// named returns a directory by a name of its own, which "." has not.
func named(dir string) ([]string, error) {
	clean := filepath.Clean(dir)
	if base := filepath.Base(clean); base != "." && base != ".." {
		return []string{clean}, nil
	}
	abs, err := filepath.Abs(clean)
	return []string{abs}, err
}

// pack makes the archive of a directory, beside it.
func pack(dir string) (n int, changed bool, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, false, err
	}
	defer root.Close() //nolint:errcheck // Read only.
	files, err := bundle.Directory(disk.FS(root), ".")
	if err != nil {
		return 0, false, err
	}
	content, err := bundle.Make(files)
	if err != nil {
		return 0, false, err
	}
	changed, err = write.File(dir+bundle.Extension, content, func([]byte) error { return nil })
	return len(files), changed, err
}
