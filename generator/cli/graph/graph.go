// Package graph is the command "bpgen graph": the components of a blueprint
// and their links as a diagram.
package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/render"
)

// Options are what the flags say.
type Options struct {
	Blueprint string
	Choose    choose.Flags
	Format    string
}

// The formats.
const (
	Mermaid = "mermaid"
	DOT     = "dot"
)

// NewCmd returns the command. runF takes the place of the work in tests.
func NewCmd(f *shell.Factory, runF func(context.Context, *Options) error) *cobra.Command {
	opts := &Options{}
	cmd := &cobra.Command{
		Use:   "graph NAME",
		Short: "Draw the components of a blueprint and their links",
		Long: `Draw the components that are rendered with the given options. An arrow points
from a component to one whose outputs it uses.`,
		Example:           "  bpgen graph ecs-fargate\n  bpgen graph ecs-fargate --format dot | dot -Tsvg > graph.svg",
		Args:              shell.OneName,
		ValidArgsFunction: choose.Names(f, &opts.Choose.Dirs),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Blueprint = args[0]
			if opts.Format != Mermaid && opts.Format != DOT {
				return shell.Usage("--format must be mermaid or dot, not %q", opts.Format)
			}
			if runF != nil {
				return runF(cmd.Context(), opts)
			}
			return run(cmd.Context(), f, opts)
		},
	}
	opts.Choose.Add(cmd, f)
	cmd.Flags().StringVar(&opts.Format, "format", Mermaid, "`language` of the diagram: mermaid or dot")
	shell.Complete(cmd, "format", cobra.FixedCompletions([]string{Mermaid, DOT}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func run(ctx context.Context, f *shell.Factory, opts *Options) error {
	p, err := opts.Choose.Preview(ctx, f, opts.Blueprint)
	if err != nil {
		return err
	}
	if err := f.Report(p.Sources, p.Diags); err != nil {
		return err
	}
	text := render.Diagram(p.Result.Module)
	if opts.Format == DOT {
		text = dot(p.Result.Module)
	}
	_, err = f.IO.Out.Write(text)
	return err
}

// dot draws what render.Diagram draws, for Graphviz. The outputs that make up
// a link are its tooltip: as a label they would bury the drawing.
func dot(m *link.Module) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n  rankdir = LR\n  node [shape = box]\n", quote(m.Name))
	for _, p := range m.Parts {
		fmt.Fprintf(&b, "  %s [tooltip = %s]\n", quote(p.Name), quote(p.Summary))
	}
	type arrow struct{ to, from string }
	var order []arrow
	outputs := map[arrow][]string{}
	for _, e := range m.Edges {
		a := arrow{e.To, e.From}
		if outputs[a] == nil {
			order = append(order, a)
		}
		if !slices.Contains(outputs[a], e.Output) {
			outputs[a] = append(outputs[a], e.Output)
		}
	}
	for _, a := range order {
		fmt.Fprintf(&b, "  %s -> %s [edgetooltip = %s]\n", quote(a.to), quote(a.from), quote(strings.Join(outputs[a], ", ")))
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// quote makes a quoted string of the DOT language, where only the quote and
// the backslash are special.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
}
