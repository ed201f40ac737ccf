// Package shell is what every command is given and how it ends: the Factory,
// exit codes, and the printing of diagnostics and JSON.
//
// It takes streams and embedded trees and returns ready values. Commands import
// it; it imports no command.
package shell

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/generator/object"
	"github.com/bpgen/bpgen/generator/platform"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/visible"
	"github.com/bpgen/bpgen/generator/write"
)

// A Code is the exit status of the process.
type Code int

// The exit codes.
const (
	OK       Code = 0
	Failed   Code = 1
	Findings Code = 2 // drift found by --check, findings of vet
)

// An ExitError ends the process with Code. What there was to say has been said.
type ExitError struct{ Code Code }

// Error is not shown to the user.
func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// Exit returns the error that ends the process with code, nil for OK.
func Exit(code Code) error {
	if code == OK {
		return nil
	}
	return &ExitError{code}
}

// A UsageError is wrong use of a command; the command's help is pointed to.
type UsageError struct{ Err error }

// Error says what is wrong.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// Usage returns a UsageError.
func Usage(format string, args ...any) error { return &UsageError{fmt.Errorf(format, args...)} }

// A Factory holds what commands need, ready to use.
type Factory struct {
	IO         *iostreams.Streams
	Blueprints fs.FS         // built-in
	Templates  fs.FS         // built-in
	Formatted  bool          // the built-in trees are known to be formatted
	Objects    *object.Store // trees of built-in files that need not be parsed; nil is none
	Path       string        // value of BPGEN_PATH
	Getenv     func(string) string
	Generate   func(context.Context, generator.Request) (generator.Result, hcl.Diagnostics)
	Preview    func(context.Context, generator.Request) (generator.Result, hcl.Diagnostics) // without files; nil is Generate
	Release    string                                                                       // the version of bpgen; "" where it is not a release
	Memory     write.Memory                                                                 // of renders done; the zero value is none
	Trace      bool                                                                         // show the stack of a panic
	Check      func(context.Context, *catalog.Catalog, string, check.Progress) check.Report // one blueprint
}

// Catalog returns the built-in blueprints and templates together with those of
// BPGEN_PATH and of dirs.
func (f *Factory) Catalog(dirs []string) (*catalog.Catalog, error) {
	roots, err := f.own(dirs)
	if err != nil {
		return nil, err
	}
	roots = append([]catalog.Root{{Blueprints: f.Blueprints, Templates: f.Templates, Formatted: f.Formatted, Objects: f.Objects}}, roots...)
	cat, diags := catalog.New(roots...)
	return cat, f.Report(nil, diags)
}

// Own returns the names of the blueprints that do not come with bpgen, sorted.
func (f *Factory) Own(dirs []string) ([]string, error) {
	roots, err := f.own(dirs)
	if err != nil {
		return nil, err
	}
	cat, diags := catalog.New(roots...)
	return cat.Blueprints(), f.Report(nil, diags)
}

// own opens the folders of BPGEN_PATH and of dirs, each once.
func (f *Factory) own(dirs []string) ([]catalog.Root, error) {
	folders := platform.List(f.Path)
	for _, d := range dirs {
		folders = append(folders, platform.Folder{Dir: d, From: "--blueprint-dir"})
	}
	return platform.Open(folders)
}

// AddDirs adds the flag --blueprint-dir to a command.
func AddDirs(cmd *cobra.Command, dirs *[]string) {
	cmd.Flags().StringArrayVar(dirs, "blueprint-dir", nil, "`directory` with your own blueprints/ and templates/ (repeatable; also BPGEN_PATH)")
	mustComplete(cmd.MarkFlagDirname("blueprint-dir"))
}

// mustComplete panics when a completion is given for a flag that the command
// does not have, which the first test of the command finds.
func mustComplete(err error) {
	if err != nil {
		panic(err)
	}
}

// Complete registers the completion of a flag.
func Complete(cmd *cobra.Command, flag string, f func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective)) {
	mustComplete(cmd.RegisterFlagCompletionFunc(flag, f))
}

// Report prints diagnostics and returns the error that ends the command when
// one of them is an error.
func (f *Factory) Report(sources map[string]*hcl.File, diags hcl.Diagnostics) error {
	if err := diag.Print(f.IO.ErrOut, sources, diags, f.IO.ErrWidth(), f.IO.ErrStyle().Paint); err != nil {
		return err
	}
	if f.Trace {
		f.Say("%s", crash.Trace(diags))
	}
	if diags.HasErrors() {
		return Exit(Failed)
	}
	return nil
}

// Say writes talk for people to ErrOut. There is nobody to tell when that
// fails.
func (f *Factory) Say(format string, args ...any) {
	fmt.Fprintf(f.IO.ErrOut, format, args...) //nolint:errcheck // See above.
}

// Note tells people of something that they should know of the work under way.
func (f *Factory) Note(text string) {
	f.Tell(columns.Cell{Text: "Note:", Paint: f.IO.ErrStyle().Yellow}, columns.Plain(" "+text+"."))
}

// Tell writes cells as one text for people to ErrOut, wrapped.
func (f *Factory) Tell(cells ...columns.Cell) {
	f.Say("%s", columns.Paragraph(f.IO.ErrWidth(), cells...))
}

// WriteJSON writes v to Out, indented, as one document. It means every character
// that v holds, and is written without those that are hidden.
func (f *Factory) WriteJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := f.IO.Out.Write(visible.JSON(b.Bytes()))
	return err
}

// List writes a listing, as JSON or as rows. What is wrong with some items is
// reported, and the others are listed all the same.
func (f *Factory) List(sources map[string]*hcl.File, diags hcl.Diagnostics, asJSON bool, items any, rows [][]columns.Cell) error {
	failed := f.Report(sources, diags)
	var err error
	if asJSON {
		err = f.WriteJSON(items)
	} else {
		err = f.Table(rows)
	}
	return cmp.Or(err, failed)
}

// Table writes rows to Out.
func (f *Factory) Table(rows [][]columns.Cell) error {
	_, err := io.WriteString(f.IO.Out, columns.Table("", f.IO.OutWidth(), rows))
	return err
}

// NoArgs is the arguments rule of commands that take none, and of groups of
// commands, where an argument is a command that does not exist.
func NoArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case !cmd.HasSubCommands():
		return Usage("%s takes no arguments, but got %q", cmd.CommandPath(), args[0])
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return Usage("unknown command %q. %s", cmd.CommandPath()+" "+args[0], diag.DidYouMean(args[0], names))
}

// FlagError turns an error of the flag parser into a UsageError, with the
// nearest flags where one is unknown.
func FlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool" {
		return Usage("--%s must be true or false, not %q", invalid.GetFlag().Name, invalid.GetValue())
	}
	if !errors.As(err, &unknown) {
		return &UsageError{err}
	}
	var names []string
	cmd.Flags().VisitAll(func(fl *pflag.Flag) { names = append(names, "--"+fl.Name) })
	name := "--" + unknown.GetSpecifiedName()
	if short := unknown.GetSpecifiedShortnames(); short != "" {
		if word, _, _ := strings.Cut(short, "="); slices.Contains(names, "--"+word) {
			return Usage("unknown flag -%s; did you mean \"--%s\"?", short, short)
		}
		return Usage("unknown flag -%s: bpgen's flags have long names and start with two hyphens", short)
	}
	if near := diag.Nearest(name, names); len(near) > 0 {
		return Usage("unknown flag %s; did you mean %s?", name, diag.Quoted(near, "or"))
	}
	return Usage("unknown flag %s", name)
}

// OneName is the arguments rule of commands that take one blueprint.
func OneName(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	if len(args) == 0 {
		return Usage("which blueprint? Write %s NAME; bpgen list shows the names", cmd.CommandPath())
	}
	hint := ""
	for _, a := range args[1:] {
		if strings.Contains(a, "=") {
			hint += " --set " + Quote(a)
		}
	}
	if hint != "" {
		hint = "; options are set by flags:" + hint
	}
	return Usage("%s takes one blueprint, but got %d arguments%s", cmd.CommandPath(), len(args), hint)
}

// Quote quotes a path for a POSIX shell when it needs that.
func Quote(path string) string {
	plain := strings.IndexFunc(path, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:@%", r)
	}) < 0
	if plain && !strings.HasPrefix(path, "-") {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// Literal writes a value as HCL on one line; NilVal is "".
func Literal(v cty.Value) string {
	if v == cty.NilVal {
		return ""
	}
	v, _ = v.UnmarkDeep()
	if v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
		return string(hclwrite.TokensForValue(v).Bytes())
	}
	return resolve.Show(v)
}

// OneLine writes an expression of HCL on one line, without its comments. Where the
// end of a line parts the members of an object, a comma does.
func OneLine(src string) string {
	var b strings.Builder
	for line := range strings.Lines(src) {
		text := withoutComment(line)
		last := b.String()
		switch {
		case text == "":
			continue
		case last == "":
		case strings.ContainsAny(last[len(last)-1:], "{([,") || strings.ContainsAny(text[:1], "})]"):
			b.WriteString(" ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(text)
	}
	return b.String()
}

// withoutComment returns a line of HCL without the comment behind it, its words
// one blank apart.
func withoutComment(line string) string {
	for _, t := range guard.LexExpression([]byte(line), "", hcl.InitialPos) {
		if t.Type == hclsyntax.TokenComment {
			line = line[:t.Range.Start.Byte]
			break
		}
	}
	return strings.Join(strings.Fields(line), " ")
}
