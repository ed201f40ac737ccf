// Package merge is the command "bpgen merge": it joins two changes of a Terraform
// file or module, by hand or as a merge driver of git.
package merge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Base, Ours, Theirs string
	Out                string // "" prints the merged file
	Path               string // the name of the file in its repository
	Renames            []string
	JSON               bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "merge BASE OURS THEIRS",
		Short: "Merge two changes of a Terraform file or module, by address",
		Long: `Merge OURS and THEIRS, which both come from BASE: three files or three
directories. Blocks are matched by their address over the whole module, arguments
by name, nested blocks by a key such as name or sid or by what they hold, values
by key, element and argument. So formatting, order and neighbours never conflict,
and a change never lands in another block. Other files are merged by lines.

Where both sides changed the same item, all its versions are put between conflict
markers. "moved" blocks that one side adds are followed: what the other refers to by
an old address gets the new one.

The exit code is 0 when all was merged, 2 when there are conflicts, 1 on an error.
As a merge driver of git:

  git config merge.bpgen.name "Terraform by address"
  git config merge.bpgen.driver "bpgen merge %O %A %B -o %A --path %P"
  echo "*.tf merge=bpgen" >>.gitattributes`,
		Example: "  bpgen merge base.tf ours.tf theirs.tf\n  bpgen merge base/ modules/web/ new/ -o modules/web/\n  bpgen merge base/ web/ new/ -o web/ --rename var.size=var.node_size --json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 3 {
				return shell.Usage("bpgen merge takes three files or directories, BASE OURS THEIRS, but got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Base, opts.Ours, opts.Theirs = args[0], args[1], args[2]
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	cmd.Flags().StringVarP(&opts.Out, "out", "o", "", "write the result to this `file or directory`, which may be OURS (default: print a file)")
	cmd.Flags().StringVar(&opts.Path, "path", "", "`name` of the file in its repository, which says what it is (default: that of OURS)")
	cmd.Flags().StringArrayVar(&opts.Renames, "rename", nil, "`FROM=TO`: an address of BASE that has another name in THEIRS (repeatable)")
	cmd.Flags().BoolVar(&opts.JSON, "json", false, "print conflicts and changes as JSON")
	return cmd
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	dirs, err := kind(opts)
	if err != nil {
		return err
	}
	var in merge.Input
	var diags hcl.Diagnostics
	if dirs {
		in, diags, err = readDirs(ctx, opts)
	} else {
		in, diags, err = readFiles(opts)
	}
	if err != nil {
		return err
	}
	if err := f.Report(nil, diags); err != nil {
		return err
	}
	if in.Renames, err = renames(f, opts, in); err != nil {
		return err
	}
	in.Own = merge.Moved(in.Base, in.Ours)
	res, diags := merge.Merge(in)
	if err := f.Report(sources(in.Ours), diags); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errors.New("interrupted; nothing was written")
	}
	changes := changed(in.Ours, res.Files)
	if err := put(f, opts, dirs, changes, res); err != nil {
		return err
	}
	return tell(f, opts, dirs, changes, res, diags)
}

// kind says whether the three are directories, and refuses a mixture.
func kind(opts *Options) (dirs bool, err error) {
	n := 0
	for _, name := range []string{opts.Base, opts.Ours, opts.Theirs} {
		info, err := os.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return false, fmt.Errorf("there is no file or directory %q", name)
		case err != nil:
			return false, err
		case info.IsDir():
			n++
		}
	}
	switch {
	case n != 0 && n != 3:
		return false, shell.Usage("BASE, OURS and THEIRS must be three files or three directories")
	case n == 3 && opts.Out == "" && !opts.JSON:
		return false, shell.Usage("where should the merged directory go? Write -o %s to change it, -o with the name of a new one, or --json to see the conflicts", shell.Quote(opts.Ours))
	case n == 3 && opts.Path != "":
		return false, shell.Usage("--path is for a file, and %q is a directory", opts.Ours)
	}
	return n == 3, nil
}

// renames are those of the flags and those that THEIRS announces by moved.
func renames(f *shell.Factory, opts *Options, in merge.Input) ([]merge.Rename, error) {
	var out []merge.Rename
	for _, text := range opts.Renames {
		from, to, ok := strings.Cut(text, "=")
		if !ok {
			return nil, shell.Usage("--rename takes FROM=TO, such as var.size=var.node_size, not %q", text)
		}
		out = append(out, merge.Rename{From: from, To: to})
	}
	for _, r := range merge.Moved(in.Base, in.Theirs) {
		f.Note(fmt.Sprintf("%s is called %s from now on, as a moved block says, and references follow", r.From, r.To))
		out = append(out, r)
	}
	return out, nil
}

// sources gives diagnostics the files that they are about.
func sources(set fileset.Set) map[string]*hcl.File {
	out := map[string]*hcl.File{}
	for _, file := range set.Files() {
		out[file.Path] = &hcl.File{Bytes: file.Bytes}
	}
	return out
}

// changed compares the result with what ours was.
func changed(ours, result fileset.Set) []write.Change {
	var out []write.Change
	for _, file := range result.Files() {
		if old, ok := ours.Get(file.Path); !ok || !bytes.Equal(old, file.Bytes) {
			out = append(out, write.Change{Path: file.Path, Old: old, New: file.Bytes})
		}
	}
	for _, file := range ours.Files() {
		if _, ok := result.Get(file.Path); !ok {
			out = append(out, write.Change{Path: file.Path, Old: file.Bytes})
		}
	}
	return out
}

// put writes the result where it is to go.
func put(f *shell.Factory, opts *Options, dirs bool, changes []write.Change, res merge.Result) error {
	switch {
	case dirs && opts.Out == "":
		return nil
	case dirs:
		return putDir(opts, changes, res)
	}
	text := []byte{}
	if files := res.Files.Files(); len(files) > 0 {
		text = files[0].Bytes
	}
	switch {
	case opts.Out != "":
		_, err := write.File(opts.Out, text, func([]byte) error { return nil })
		return err
	case !opts.JSON:
		_, err := f.IO.Out.Write(text)
		return err
	}
	return nil
}

// putDir changes OURS, or makes a directory that was not there.
func putDir(opts *Options, changes []write.Change, res merge.Result) error {
	same, err := sameDir(opts.Out, opts.Ours)
	if err != nil {
		return err
	}
	if same {
		return write.Files(opts.Ours, changes)
	}
	entries, err := os.ReadDir(opts.Out)
	switch {
	case err == nil && len(entries) > 0:
		return fmt.Errorf("nothing was written: %q is not empty, and it is not OURS", opts.Out)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	var all []write.Change
	for _, file := range res.Files.Files() {
		all = append(all, write.Change{Path: file.Path, New: file.Bytes})
	}
	if err := os.MkdirAll(opts.Out, 0o755); err != nil {
		return err
	}
	return write.Files(opts.Out, all)
}

func sameDir(a, b string) (bool, error) {
	x, err := os.Stat(a)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y), err
}

type conflict struct {
	Path    string `json:"path"`
	Start   int    `json:"start,omitempty"` // line of the first marker
	End     int    `json:"end,omitempty"`
	Address string `json:"address,omitempty"`
	Reason  string `json:"reason"`
	Base    string `json:"base"`
	Ours    string `json:"ours"`
	Theirs  string `json:"theirs"`
}

type document struct {
	Conflicts   []conflict            `json:"conflicts"`
	Changed     []string              `json:"changed"` // files that differ from OURS
	Removed     []string              `json:"removed"`
	Diagnostics []diag.JSONDiagnostic `json:"diagnostics"`
	Text        *string               `json:"text,omitempty"` // the merged file, when it was not written
}

// tell says what came of it, and ends with the exit code.
func tell(f *shell.Factory, opts *Options, dirs bool, changes []write.Change, res merge.Result, diags hcl.Diagnostics) error {
	code := shell.OK
	if len(res.Conflicts) > 0 {
		code = shell.Findings
	}
	name := func(p string) string {
		switch {
		case dirs:
			return filepath.ToSlash(filepath.Join(opts.Ours, filepath.FromSlash(p)))
		case opts.Path != "":
			return opts.Path
		}
		return opts.Ours
	}
	if opts.JSON {
		doc := document{Conflicts: []conflict{}, Changed: []string{}, Removed: []string{}, Diagnostics: diag.JSON(diags)}
		for _, c := range res.Conflicts {
			c.Path = name(c.Path)
			doc.Conflicts = append(doc.Conflicts, conflict(c))
		}
		for _, c := range changes {
			if c.New == nil {
				doc.Removed = append(doc.Removed, name(c.Path))
			} else {
				doc.Changed = append(doc.Changed, name(c.Path))
			}
		}
		if files := res.Files.Files(); !dirs && opts.Out == "" && len(files) > 0 {
			text := string(files[0].Bytes)
			doc.Text = &text
		}
		if err := f.WriteJSON(doc); err != nil {
			return err
		}
		return shell.Exit(code)
	}
	for i, c := range res.Conflicts {
		if i == diag.Most {
			f.Say("... and %d more.\n", len(res.Conflicts)-i)
			break
		}
		c.Path = name(c.Path)
		f.Say("%s\n", c)
	}
	switch n := len(res.Conflicts); {
	case n > 0:
		f.Say("%s. Choose between the versions, and remove the markers.\n", f.IO.ErrStyle().Bold(shell.Count(n, "conflict")))
	case dirs:
		f.Say("Merged without conflicts: %s changed.\n", shell.Count(len(changes), "file"))
	}
	return shell.Exit(code)
}
