// Package edits is the command "bpgen edits": what was changed by hand in a module
// since it was rendered, by address.
package edits

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/standing"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Dir  string // "" is where one stands
	Diff bool
	JSON bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "edits [DIR]",
		Short: "List what was edited by hand in a module, by address",
		Long: `List what was changed by hand in the module in DIR (default: the working
directory) since bpgen rendered it: arguments and blocks by address, blocks that
were moved to another file, comments, and other files as a whole. Formatting and
the order of blocks are no edits.`,
		Example: "  bpgen edits modules/web\n  bpgen edits modules/web --diff",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return shell.Usage("bpgen edits takes one directory, but got %d", len(args))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				opts.Dir = args[0]
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	cmd.Flags().BoolVar(&opts.Diff, "diff", false, "print the edits as a unified diff")
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print JSON")
	return cmd
}

// document is what --json prints.
type document struct {
	Dir       string   `json:"dir"`
	Blueprint string   `json:"blueprint"`
	Version   string   `json:"version"`
	Edits     []edit   `json:"edits"`
	Unknown   []string `json:"unknown,omitempty"` // edited files of which nobody knows how they were rendered
	Diff      string   `json:"diff,omitempty"`
}

type edit struct {
	Change  merge.Change `json:"change"`
	Path    string       `json:"path"`
	Line    int          `json:"line,omitempty"`
	Address string       `json:"address,omitempty"`
	From    string       `json:"from,omitempty"`
	Old     string       `json:"old,omitempty"`
	New     string       `json:"new,omitempty"`
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	dir := opts.Dir
	if dir == "" {
		dir = "."
	}
	m, diags, err := standing.Read(ctx, dir, "bpgen edits")
	if err != nil {
		return err
	}
	if err := f.Report(nil, diags); err != nil {
		return err
	}
	doc := document{Dir: dir, Blueprint: m.Past.Blueprint, Version: m.Past.Version, Edits: []edit{}, Unknown: m.Guessed}
	for _, e := range merge.Edits(m.Base, m.Files) {
		if !slices.Contains(m.Guessed, e.Path) {
			doc.Edits = append(doc.Edits, edit(e))
		}
	}
	if opts.Diff {
		doc.Diff = write.Unified(changes(m.Base, m.Files, m.Guessed))
	}
	if opts.JSON {
		return f.WriteJSON(doc)
	}
	return tell(f, opts, doc)
}

// changes compares the module with what was rendered, file by file.
func changes(base, now fileset.Set, unknown []string) []write.Change {
	var out []write.Change
	for _, file := range now.Files() {
		if old, ok := base.Get(file.Path); (!ok || !bytes.Equal(old, file.Bytes)) && !slices.Contains(unknown, file.Path) {
			out = append(out, write.Change{Path: file.Path, Old: old, New: file.Bytes})
		}
	}
	for _, file := range base.Files() {
		if _, ok := now.Get(file.Path); !ok {
			out = append(out, write.Change{Path: file.Path, Old: file.Bytes})
		}
	}
	slices.SortFunc(out, func(a, b write.Change) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// tell lists the edits for people.
func tell(f *shell.Factory, opts *Options, doc document) error {
	if opts.Diff {
		_, err := io.WriteString(f.IO.Out, doc.Diff)
		return err
	}
	var rows [][]columns.Cell
	for _, e := range doc.Edits {
		place, what := e.Path, e.Address
		if e.Line > 0 {
			place = fmt.Sprintf("%s:%d", e.Path, e.Line)
		}
		if e.From != "" {
			what += ", from " + e.From
		}
		rows = append(rows, []columns.Cell{columns.Plain(string(e.Change)), columns.Plain(place), columns.Plain(what)})
	}
	if err := f.Table(rows); err != nil {
		return err
	}
	if len(doc.Unknown) > 0 {
		f.Note("the module was rendered before bpgen kept what it renders, so it is not known what was edited in " + strings.Join(doc.Unknown, ", "))
	}
	f.Tell(columns.Plain(fmt.Sprintf("%s in %s since it was rendered by %s.", count(len(doc.Edits)), doc.Dir, strings.TrimSpace(doc.Blueprint+" "+doc.Version))))
	return nil
}

func count(n int) string {
	switch n {
	case 0:
		return "No edits"
	case 1:
		return "1 edit"
	}
	return fmt.Sprintf("%d edits", n)
}
