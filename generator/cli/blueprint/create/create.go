// Package create is the command "bpgen blueprint init": it writes a small
// folder of blueprints and templates to begin with.
package create

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/write"
)

//go:embed all:scaffold
var scaffold embed.FS

// Options are what the flags say.
type Options struct{ Dir string }

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Create a small blueprint and templates to start from",
		Long: `Create a directory with two templates, their tests, and a blueprint that links them,
ready to be checked and rendered. The directory must be empty or not exist yet.`,
		Example: "  bpgen blueprint init platform\n  bpgen render artifact-store --blueprint-dir platform",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return shell.Usage("%s takes one directory", cmd.CommandPath())
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
			opts := &Options{Dir: args[0]}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	entries, err := os.ReadDir(opts.Dir)
	if err == nil && len(entries) > 0 {
		return fmt.Errorf("the directory %q is not empty; nothing was written: choose another name", opts.Dir)
	}
	set, err := files()
	if err != nil {
		return err
	}
	report, err := write.Apply(ctx, opts.Dir, set, write.Options{Notice: f.Note})
	if err != nil {
		return err
	}
	f.Say("Wrote %d files into %s.\n\nNext:\n  bpgen blueprint check --blueprint-dir %s\n  bpgen render artifact-store --blueprint-dir %s\n",
		len(report.Created), f.IO.ErrStyle().Bold(opts.Dir), shell.Quote(opts.Dir), shell.Quote(opts.Dir))
	return nil
}

// files returns the scaffold as a set.
func files() (fileset.Set, error) {
	var set fileset.Set
	sub, err := fs.Sub(scaffold, "scaffold")
	if err != nil {
		return set, err
	}
	err = fs.WalkDir(sub, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(sub, name)
		return errors.Join(err, set.Add(name, b))
	})
	return set, err
}
