package main

import (
	"fmt"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// name is the name of a command's page: bpgen-blueprint-check.
func name(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// page returns the man page of a command.
func page(cmd *cobra.Command, e edition) []byte {
	cmd.InitDefaultHelpFlag() // it also merges what the flags of the commands above give
	var b strings.Builder
	fmt.Fprintf(&b, "%% %q \"1\" %q %q \"bpgen\"\n", strings.ToUpper(name(cmd)), e.day(), strings.TrimSpace("bpgen "+e.version))
	section := func(title string) { fmt.Fprintf(&b, "\n# %s\n\n", title) }

	section("NAME")
	fmt.Fprintf(&b, "%s \\- %s\n", name(cmd), plain(cmd.Short))
	section("SYNOPSIS")
	synopsis := "COMMAND"
	if !cmd.HasAvailableSubCommands() {
		synopsis = strings.TrimPrefix(cmd.UseLine(), cmd.CommandPath()+" ")
	}
	fmt.Fprintf(&b, "**%s** %s\n", cmd.CommandPath(), plain(synopsis))
	section("DESCRIPTION")
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	b.WriteString(plain(text) + "\n")
	if cmd.HasAvailableSubCommands() {
		section("COMMANDS")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				fmt.Fprintf(&b, "**%s**\n: %s\n\n", c.Name(), plain(c.Short))
			}
		}
	}
	section("OPTIONS")
	cmd.Flags().VisitAll(func(fl *pflag.Flag) { b.WriteString(option(fl)) })
	if cmd.Example != "" {
		section("EXAMPLES")
		fmt.Fprintf(&b, "```\n%s\n```\n", cmd.Example)
	}
	if !cmd.HasParent() {
		b.WriteString(surroundings)
	}
	if also := related(cmd); len(also) > 0 {
		section("SEE ALSO")
		b.WriteString(strings.Join(also, ", ") + "\n")
	}
	return md2man.Render([]byte(b.String()))
}

// option describes a flag.
func option(fl *pflag.Flag) string {
	if fl.Hidden {
		return ""
	}
	value, usage := pflag.UnquoteUsage(fl)
	text := "**--" + fl.Name + "**"
	if fl.Shorthand != "" {
		text = "**-" + fl.Shorthand + "**, " + text
	}
	if value != "" {
		text += " *" + plain(value) + "*"
	}
	return text + "\n: " + plain(usage) + "\n\n"
}

// related names the pages of the command above and of those below.
func related(cmd *cobra.Command) []string {
	var out []string
	if cmd.HasParent() {
		out = append(out, "**"+name(cmd.Parent())+"**(1)")
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			out = append(out, "**"+name(c)+"**(1)")
		}
	}
	return out
}

// plain writes text so that Markdown finds nothing in it.
func plain(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "#", `\#`).Replace(text)
}

// surroundings is what all commands have in common.
const surroundings = `
# EXIT STATUS

**0**
: The command did what was asked.

**1**
: It did not; standard error says why.

**2**
: **render --check** found a difference, **vet** an error, or **notes coverage** a gap.

**130**, **143**
: An interrupt or SIGTERM ended the command.

# ENVIRONMENT

**BPGEN_PATH**
: Directories with blueprints and templates of your own, separated as in **PATH**.

**NO_COLOR**
: Nothing is shown in colour when this is set and not empty.

**FORCE_COLOR**, **CLICOLOR_FORCE**
: Colour is also used where there is no terminal, such as in the log of a pipeline.

**COLUMNS**
: The width of the terminal, if not the one that it has itself.

**BPGEN_TRACE**
: Set to 1, an internal error comes with the place in the program where it happened.
`
