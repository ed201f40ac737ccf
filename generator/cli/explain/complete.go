package explain

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/shell"
)

// complete completes the name of a blueprint, and topics: options, variables and outputs;
// of the module here its files, and its addresses as far as they are typed.
func complete(ctx context.Context, f *shell.Factory, opts *Options, args []string, text string) ([]string, cobra.ShellCompDirective) {
	silent := *f
	silent.IO = f.IO.Silent()
	copied := *opts
	copied.Names = args
	var out []string
	if len(args) == 0 {
		names, _ := choose.Names(f, &opts.Choose.Dirs)(nil, nil, text)
		out = append(out, names...)
		if copied.Names = nil; standing(".") == "" {
			return out, cobra.ShellCompDirectiveNoFileComp
		}
	}
	e, _, err := begin(ctx, &silent, &copied)
	if err != nil {
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	if e.topics == nil && e.blueprint != nil {
		if p, err := opts.Choose.Preview(ctx, &silent, e.blueprint.Name); err == nil {
			e.topics = topics(p)
		}
	}
	return append(out, e.completions(args, text)...), cobra.ShellCompDirectiveNoFileComp
}

func (e *explainer) completions(args []string, text string) []string {
	var out []string
	add := func(name, kind string) {
		for _, a := range args {
			if a == name {
				return
			}
		}
		if strings.HasPrefix(name, text) {
			out = append(out, cobra.CompletionWithDesc(name, kind))
		}
	}
	for _, t := range e.topics {
		add(t.Name, t.Kind)
	}
	if e.blueprint != nil {
		for _, d := range e.declared {
			add(d.Name, "deviation")
		}
	}
	if e.module != nil {
		e.places(text, add)
	}
	if system, _, ok := strings.Cut(text, "."); ok && e.notes != nil {
		entries, err := e.notes.Entries(system)
		if err == nil {
			for _, n := range entries {
				add(n.ID, n.Statement)
			}
		}
	}
	return out
}

// places completes files, lines with a citation, and addresses.
func (e *explainer) places(text string, add func(name, kind string)) {
	file, _, line := strings.Cut(text, ":")
	if e.module.dir != "" && line {
		for _, c := range e.module.cited.Citations() {
			if e.module.at(c.File, c.Line) == text || strings.HasPrefix(e.module.at(c.File, c.Line), file+":") {
				add(e.module.at(c.File, c.Line), strings.Join(c.IDs, ", "))
			}
		}
		return
	}
	if e.module.dir != "" {
		for _, name := range e.module.cited.Files() {
			shown := e.module.at(name, 0)
			add(strings.TrimSuffix(shown, "0"), "file")
		}
	}
	if text == "" {
		return // too many to be of use
	}
	for _, object := range e.module.cited.Objects() {
		add(object, "address")
		if strings.HasPrefix(text, object+".") {
			for _, argument := range e.module.cited.Arguments(object) {
				add(object+"."+argument, "argument")
			}
		}
	}
}
