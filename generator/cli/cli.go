// Package cli is the command line of bpgen: it builds the commands, runs one
// and turns what it returns into an exit code.
//
// It takes streams, arguments and the embedded trees. Each command is a package
// of its own below this one, of the same shape: an Options struct, NewCmd that
// fills it from flags, and run that does the work. The commands call the
// generator and package write; nothing below them knows that there is a
// terminal.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/cli/blueprint"
	"github.com/bpgen/bpgen/generator/cli/bundle"
	"github.com/bpgen/bpgen/generator/cli/completion"
	"github.com/bpgen/bpgen/generator/cli/edits"
	"github.com/bpgen/bpgen/generator/cli/explain"
	"github.com/bpgen/bpgen/generator/cli/graph"
	"github.com/bpgen/bpgen/generator/cli/list"
	"github.com/bpgen/bpgen/generator/cli/merge"
	"github.com/bpgen/bpgen/generator/cli/notes"
	"github.com/bpgen/bpgen/generator/cli/outdated"
	"github.com/bpgen/bpgen/generator/cli/render"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/show"
	"github.com/bpgen/bpgen/generator/cli/template"
	"github.com/bpgen/bpgen/generator/cli/upgrade"
	"github.com/bpgen/bpgen/generator/cli/version"
	"github.com/bpgen/bpgen/generator/cli/vet"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/platform"
	"github.com/bpgen/bpgen/generator/write"
)

// Main runs bpgen with the given arguments and returns its exit code.
func Main(ctx context.Context, ios *iostreams.Streams, args []string, templates, blueprints fs.FS) int {
	build, _ := debug.ReadBuildInfo()
	f := &shell.Factory{
		Release: version.Read(build).Release(),
		IO:      ios, Templates: templates, Blueprints: blueprints, Formatted: true, Objects: builtin.Objects(), Path: os.Getenv(platform.PathVariable), Getenv: os.Getenv, Generate: generator.Generate, Preview: generator.Preview, Check: check.Blueprint,
		Memory: write.UserMemory(), Trace: os.Getenv(crash.TraceVariable) != "",
	}
	return int(Run(ctx, f, args))
}

// Run is Main with the factory given.
func Run(ctx context.Context, f *shell.Factory, args []string) shell.Code {
	root := NewRoot(f)
	root.SetArgs(append([]string{}, args...)) // nil would mean os.Args
	var cmd *cobra.Command
	var err, unhelped error
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { unhelped = writeHelp(f, cmd) })
	if len(args) > 0 && args[0] == cobra.ShellCompRequestCmd {
		unquote(root)
	}
	if p := crash.Catch(func() { cmd, err = root.ExecuteContextC(ctx) }); p != nil {
		err = f.Report(nil, hcl.Diagnostics{crash.Diagnostic(p)})
	}
	if err = cmp.Or(err, unhelped); err == nil {
		return shell.OK
	}
	var exit *shell.ExitError
	if errors.As(err, &exit) {
		return exit.Code
	}
	f.Tell(columns.Cell{Text: "Error:", Paint: f.IO.ErrStyle().Red}, columns.Plain(" "+bounded(err.Error())))
	var usage *shell.UsageError
	if errors.As(err, &usage) {
		if cmd.Name() == "help" {
			cmd = cmd.Root()
		}
		f.Say("\nRun \"%s --help\" for help.\n", cmd.CommandPath())
	}
	return shell.Failed
}

// unquote takes the quotes off what flags are described by: they mark the name of
// the value for the help, and a completion shows the text as it is.
func unquote(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(fl *pflag.Flag) { _, fl.Usage = pflag.UnquoteUsage(fl) })
	for _, c := range cmd.Commands() {
		unquote(c)
	}
}

// bounded cuts off an error of very many lines, such as one of a thousand folders,
// as diag.Print does with diagnostics.
func bounded(text string) string {
	lines := strings.Split(text, "\n")
	if more := len(lines) - diag.Most; more > 0 {
		lines = append(lines[:diag.Most:diag.Most], fmt.Sprintf("... and %d more lines.", more))
	}
	return strings.Join(lines, "\n")
}

// NewRoot returns the command tree.
func NewRoot(f *shell.Factory) *cobra.Command {
	showVersion := false
	root := &cobra.Command{
		Use:   "bpgen",
		Short: "Render reference architectures as plain Terraform modules",
		Long: `bpgen renders a blueprint (a reference architecture for AWS) into one plain
Terraform module. Your choices are resolved at render time, so the result reads
like hand-written Terraform and does not depend on bpgen.`,
		Example:       "  bpgen list\n  bpgen show ecs-fargate\n  bpgen render ecs-fargate --set cdn=false",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          shell.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if showVersion {
				return version.Print(f, &version.Options{})
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVar(&showVersion, "version", false, "show the version")
	root.SetIn(f.IO.In)
	root.SetOut(f.IO.Out)
	root.SetErr(f.IO.ErrOut)
	root.SetFlagErrorFunc(shell.FlagError)
	root.AddCommand(
		render.NewCmd(f, nil),
		upgrade.NewCmd(f, nil),
		edits.NewCmd(f, nil),
		outdated.NewCmd(f, nil),
		list.NewCmd(f, nil),
		show.NewCmd(f, nil),
		explain.NewCmd(f, nil),
		graph.NewCmd(f, nil),
		vet.NewCmd(f, nil),
		merge.NewCmd(f, nil),
		bundle.NewCmd(f, nil),
		notes.NewCmd(f),
		blueprint.NewCmd(f),
		template.NewCmd(f),
		completion.NewCmd(f, nil),
		version.NewCmd(f, nil),
	)
	root.SetHelpCommand(help(root))
	root.InitDefaultHelpCmd()
	root.PersistentFlags().BoolP("help", "h", false, "show this help")
	return root
}

// help returns the command "bpgen help". Unlike cobra's own, it fails when there is
// nothing to help with.
func help(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show help for a command",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out []string
			for _, c := range cmd.Commands() {
				if c.IsAvailableCommand() {
					out = append(out, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			switch {
			case err != nil:
				return shell.Usage("%s", err)
			case len(rest) > 0 && cmd.HasSubCommands():
				return shell.NoArgs(cmd, rest)
			case len(rest) > 0:
				return shell.Usage("unknown command %q", cmd.CommandPath()+" "+rest[0])
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}
