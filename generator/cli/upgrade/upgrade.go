// Package upgrade is the command "bpgen upgrade": it brings a module that people
// have edited to what its blueprint, or its options, are now.
package upgrade

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/upgrade"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Dirs         []string // of modules; none is where one stands
	Choose       choose.Flags
	To           string // the version of the blueprint; "" is the newest
	Conflict     string
	AllowDestroy []string
	KeepObjects  bool
	DryRun       bool
	Diff         bool
	Report       string // a file for the report in Markdown
	JSON         bool
	Continue     bool
	Abort        bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "upgrade [DIR]...",
		Short: "Bring edited modules to a new version of their blueprint, or to other options",
		Long: `Render the module in each DIR (default: the working directory) again, by the
blueprint that bpgen has now and with the options of the module, and merge the
result with what people made of it. Blocks are matched by address, arguments by
name, so edits stay where they belong; files that nobody edited are written as
"bpgen render" writes them. --set and --options change options on the way.

Where an edit and the new version changed the same item in different ways, all its
versions are put between conflict markers, and in a git repository the index says
so to "git mergetool" and editors. .bpgen/conflicts.json lists the conflicts for
programs. Resolve them, then run "bpgen upgrade --continue", or go back with
"bpgen upgrade --abort".

Each module is written in one step: an interrupted run leaves the old module or
the new one. Nothing is written if an object that holds data would be dropped or
replaced, unless --allow-destroy names it. With --keep-objects, Terraform forgets
dropped objects instead of destroying them.

The exit code is 0 when all was upgraded, 2 when there are conflicts or objects
would be lost, 1 on an error.`,
		Example: `  bpgen upgrade modules/web --diff
  bpgen upgrade modules/web
  bpgen upgrade modules/web --set cache=none --keep-objects
  bpgen upgrade modules/web --continue`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Dirs = args
			if err := opts.judge(); err != nil {
				return err
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	opts.Choose.AddFor(cmd, f, func() string { return standingBlueprint(".") })
	opts.add(cmd)
	return cmd
}

// add gives the command its own flags.
func (opts *Options) add(cmd *cobra.Command) {
	var strategies []string
	for _, s := range upgrade.Strategies {
		strategies = append(strategies, string(s))
	}
	fl := cmd.Flags()
	fl.StringVar(&opts.To, "to", "", "upgrade to `version` of the blueprint, which may be older (default: the one that bpgen has)")
	fl.StringVar(&opts.Conflict, "conflict", string(upgrade.Markers), "what to do where both sides changed an item, as `strategy`: "+strings.Join(strategies, ", "))
	fl.StringArrayVar(&opts.AllowDestroy, "allow-destroy", nil, "allow the object at `address` to be destroyed with its data (repeatable)")
	fl.BoolVar(&opts.KeepObjects, "keep-objects", false, "let Terraform forget dropped objects that hold data, and not destroy them")
	fl.BoolVar(&opts.DryRun, "dry-run", false, "list what would be written, and write nothing")
	fl.BoolVar(&opts.Diff, "diff", false, "print what would change as a unified diff, and write nothing")
	fl.StringVar(&opts.Report, "report", "", "write a report in Markdown to `file`, such as for a pull request")
	fl.BoolVar(&opts.JSON, "json", false, "print one JSON document to standard output")
	fl.BoolVar(&opts.Continue, "continue", false, "end an upgrade whose conflicts are resolved")
	fl.BoolVar(&opts.Abort, "abort", false, "take an upgrade with conflicts back")
	shell.Complete(cmd, "conflict", cobra.FixedCompletions(strategies, cobra.ShellCompDirectiveNoFileComp))
}

// judge says what is wrong with the flags.
func (opts *Options) judge() error {
	if !slices.Contains(upgrade.Strategies, upgrade.Strategy(opts.Conflict)) {
		return shell.Usage("--conflict must be markers, ours, theirs or fail, not %q", opts.Conflict)
	}
	if opts.Continue && opts.Abort {
		return shell.Usage("--continue ends an upgrade, --abort takes it back: use one of them")
	}
	if opts.DryRun && opts.Diff {
		return shell.Usage("--dry-run lists the files that would change, --diff their lines: use one of them")
	}
	if (opts.Continue || opts.Abort) && (opts.DryRun || opts.Diff || opts.To != "" || len(opts.Choose.Sets) > 0 || opts.Choose.File != "" || opts.Choose.Profile != "" || opts.KeepObjects) {
		return shell.Usage("--continue and --abort take no options of the module: the upgrade under way has them")
	}
	seen := map[string]bool{}
	for _, d := range opts.Dirs {
		if d == "" {
			return shell.Usage("the name of a directory is empty")
		}
		if d = filepath.Clean(d); seen[d] {
			return shell.Usage("the directory %q is given twice", d)
		}
		seen[d] = true
	}
	return nil
}

// dry says whether the command only looks.
func (opts *Options) dry() bool { return opts.DryRun || opts.Diff }

// standingBlueprint is the blueprint of the module in a directory; "" for none.
func standingBlueprint(dir string) string {
	manifest, err := write.Manifest(dir)
	if err != nil || manifest == nil {
		return ""
	}
	past, _ := rerender.Read(manifest, write.ManifestPath) // only a guess of what is being typed
	if past == nil {
		return ""
	}
	return past.Blueprint
}
