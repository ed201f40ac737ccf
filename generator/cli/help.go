package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
)

// groups are the headings of the commands in the help, and what stands below each,
// in the order in which people come to need it.
var groups = []struct {
	title    string
	commands []string
}{
	{"Use a blueprint", []string{"list", "show", "explain", "graph", "render"}},
	{"Keep modules up to date", []string{"outdated", "edits", "upgrade"}},
	{"Check and merge modules", []string{"vet", "merge"}},
	{"Write your own", []string{"blueprint", "template", "notes"}},
	{"Other", []string{"completion", "help", "version"}},
}

// writeHelp shows the help of a command, laid out to the width of the terminal.
func writeHelp(f *shell.Factory, cmd *cobra.Command) error {
	p := f.Page()
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	paragraphs(p, text)
	p.Title("Usage")
	usage := cmd.UseLine()
	if cmd.HasAvailableSubCommands() {
		usage = cmd.CommandPath() + " COMMAND"
	}
	p.Line("  ", usage)
	if cmd.Example != "" {
		p.Title("Examples")
		p.Raw(cmd.Example + "\n")
	}
	subcommands(p, cmd)
	if cmd.HasAvailableFlags() {
		p.Title("Flags")
		p.Raw(cmd.Flags().FlagUsagesWrapped(f.IO.OutWidth()))
	}
	if cmd.HasAvailableSubCommands() {
		p.Part()
		p.Line("", fmt.Sprintf("Run \"%s COMMAND --help\" for help on a command.", cmd.CommandPath()))
	}
	return p.Write()
}

// paragraphs writes a text whose lines end where its author's did. A terminal that
// is wider or narrower gets lines of its own; what is indented stays as it is.
func paragraphs(p *shell.Page, text string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			p.Part()
		}
		if !p.Wraps() || strings.HasPrefix(paragraph, " ") {
			p.Raw(paragraph + "\n")
			continue
		}
		p.Line("", strings.ReplaceAll(paragraph, "\n", " "))
	}
}

// subcommands lists the commands below a command: those of bpgen itself by groups.
func subcommands(p *shell.Page, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	if cmd.HasParent() {
		p.Title("Commands")
		var rows [][]columns.Cell
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				rows = append(rows, columns.Cells(c.Name(), c.Short))
			}
		}
		p.Table("  ", rows)
		return
	}
	var widest int
	for _, c := range cmd.Commands() {
		widest = max(widest, len(c.Name()))
	}
	for _, g := range groups {
		p.Title(g.title)
		var rows [][]columns.Cell
		for _, name := range g.commands {
			if i := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == name }); i >= 0 {
				rows = append(rows, columns.Cells(fmt.Sprintf("%-*s", widest, name), cmd.Commands()[i].Short))
			}
		}
		p.Table("  ", rows)
	}
}
