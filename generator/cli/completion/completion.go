// Package completion is the command "bpgen completion": the scripts that teach a
// shell to complete command lines of bpgen.
//
// It prints a script, or puts it where the shell looks for it and says what else
// the shell needs. It reads the files in which people set up their shells, and
// changes none of them.
package completion

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard/disk"
	"github.com/bpgen/bpgen/generator/write"
)

// Options are what the flags say.
type Options struct {
	Shell   string // "": that of the user
	Install bool
	Print   bool
}

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "completion [SHELL]",
		Short: "Print or install a shell completion script",
		Long: `Print the completion script for bash, zsh, fish or powershell. It completes
commands, blueprints, options and their values.

With --install, write the script to where the shell looks for it, below your home
directory. Without SHELL, it is for the shell in the environment variable SHELL.
bpgen says where it wrote the script, and which line your startup file still
needs; it never edits startup files. Run it again to update the script.`,
		Example: "  bpgen completion --install\n  bpgen completion zsh --install\n  source <(bpgen completion bash)",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return shell.Usage("%s takes one shell, but was given %d arguments", cmd.CommandPath(), len(args))
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if opts.Install && opts.Print {
				return shell.Usage("--install writes the script and --print prints it: give one of them")
			}
			if len(args) > 0 {
				opts.Shell = args[0]
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(f, cmd.Root(), opts)
		},
	}
	cmd.Flags().BoolVar(&opts.Install, "install", false, "write the script to where the shell looks for it, and say what else it needs")
	cmd.Flags().BoolVar(&opts.Print, "print", false, "print the script (default)")
	return cmd
}

func run(f *shell.Factory, root *cobra.Command, opts *Options) error {
	m := machineOf(f)
	name := opts.Shell
	if name == "" {
		if !opts.Install {
			return shell.Usage("which shell? Write bpgen completion SHELL, with %s", diag.Quoted(names(), "or"))
		}
		if name = m.shell(); name == "" {
			return shell.Usage("which shell? The variable SHELL does not say. Write bpgen completion SHELL --install, with %s", diag.Quoted(names(), "or"))
		}
	}
	script, err := Script(root, name)
	if err != nil {
		return err
	}
	if !opts.Install {
		_, err := f.IO.Out.Write(script)
		return err
	}
	return install(f, m, kinds[find(name)], script)
}

// Script returns the completion script of a program for bash, zsh, fish or
// powershell.
func Script(root *cobra.Command, name string) ([]byte, error) {
	i := find(name)
	if i < 0 {
		return nil, shell.Usage("there is no completion script for %q. %s", name, diag.DidYouMean(name, names()))
	}
	return kinds[i].write(root)
}

func find(name string) int {
	return slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
}

// install puts the script where the shell looks for it.
func install(f *shell.Factory, m machine, k kind, script []byte) error {
	file, err := k.place(m)
	if err != nil {
		return err
	}
	changed, err := write.File(file, script, func(old []byte) error {
		if !bytes.Equal(firstLine(old), firstLine(script)) {
			return fmt.Errorf("nothing was written: %q exists and is not a completion script of bpgen. Move it away, or print the script with bpgen completion %s --print", file, k.name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	where := columns.Cell{Text: file, Paint: f.IO.ErrStyle().Bold}
	if changed {
		f.Tell(columns.Plain("Wrote the "+k.title+" completion script to "), where, columns.Plain("."))
	} else {
		f.Tell(columns.Plain("The "+k.title+" completion script "), where, columns.Plain(" is up to date."))
	}
	why, lines := k.missing(m, file)
	if why == "" {
		f.Tell(columns.Plain("Open a new shell to use it."))
		return nil
	}
	f.Tell(columns.Plain("\n" + why + "\n"))
	for _, line := range lines { // to be copied, so whole
		f.Say("  %s\n", line)
	}
	return nil
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.TrimSpace(line)
}

func names() []string {
	var out []string
	for _, k := range kinds {
		out = append(out, k.name)
	}
	return out
}

// A machine is what decides where scripts go.
type machine struct {
	getenv func(string) string
	read   func(string) string // what a file says, "" when it cannot be read
	exists func(string) bool
	system string // as runtime.GOOS says it
}

func machineOf(f *shell.Factory) machine {
	return machine{getenv: f.Getenv, read: text, exists: exists, system: runtime.GOOS}
}

// text returns the beginning of an ordinary file.
func text(name string) string {
	f, err := disk.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // Read only.
	b, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return ""
	}
	return string(b)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// shell is the shell of the user, "" when it is not known or has no completion.
func (m machine) shell() string {
	name := strings.TrimSuffix(filepath.Base(filepath.ToSlash(m.getenv("SHELL"))), ".exe")
	switch {
	case slices.Contains(names(), name):
		return name
	case name == "pwsh", name == "." && m.system == "windows":
		return "powershell"
	}
	return ""
}

var errNoHome = errors.New("there is no home directory to write to: the variable HOME is empty")

// under returns a path below the directory that a variable names or, without one,
// below a directory of the home directory.
func (m machine) under(variable, home string, path ...string) (string, error) {
	if dir := m.getenv(variable); filepath.IsAbs(dir) {
		return filepath.Join(append([]string{dir}, path...)...), nil
	}
	dir := m.home()
	if dir == "" {
		return "", errNoHome
	}
	return filepath.Join(append([]string{dir, filepath.FromSlash(home)}, path...)...), nil
}

func (m machine) home() string {
	variable := "HOME"
	if m.system == "windows" {
		variable = "USERPROFILE"
	}
	if dir := m.getenv(variable); filepath.IsAbs(dir) {
		return dir
	}
	return ""
}
