package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/bpgen/bpgen/acceptance/stubs"
)

// The limits of what may grow with the number of blueprints, against the built-in ones
// alone.
const (
	manyStubs   = 13   // beside the built-in ones
	maxList     = 2.0  // bpgen list
	maxOne      = 1.15 // bpgen show and render of one blueprint: no more, but for what a median varies by
	maxDefaults = 1.15 // a cold default render of each other blueprint, in those of the largest
)

// A variant is a program and where it looks for blueprints that are not built in.
type variant struct{ binary, path string }

// A growth is a command with few blueprints and with many.
type growth struct {
	name      string
	args      []string
	out       string // directory below which it writes, if it does
	few, many sample
	limit     float64
}

// growths are the commands that are measured; those that write do it below dir.
func growths(where, dir string) []growth {
	return []growth{
		{name: "list" + where, args: []string{"list"}, limit: maxList},
		{name: "show" + where, args: []string{"show", blueprint}, limit: maxOne},
		{name: "render" + where, args: []string{"render", blueprint}, out: dir, limit: maxOne},
	}
}

// catalogueTimes are what a catalogue costs.
type catalogueTimes struct {
	growths  []growth
	defaults map[string]sample // a cold render of each built-in blueprint
	start    sample            // the provider, from its start to its schemas
	served   int               // with so many data sources
}

// measureCatalogue runs commands with and without a directory of stubs in turns, and
// starts the provider with it. With embedded it also does so with two programs, of which
// one has a single blueprint built in and the other the stubs as well.
func measureCatalogue(ctx context.Context, binary, provider string, runs int, embedded bool) (catalogueTimes, error) {
	out := catalogueTimes{defaults: map[string]sample{}}
	dir, err := os.MkdirTemp("", "bpgen-bench-stubs-")
	if err != nil {
		return out, err
	}
	defer os.RemoveAll(dir)
	team := filepath.Join(dir, "team")
	names, err := stubs.Write(team, manyStubs)
	if err != nil {
		return out, err
	}
	if binary, err = filepath.Abs(binary); err != nil {
		return out, err
	}
	if out.growths, err = measureGrowths(ctx, binary, dir, team, runs, embedded); err != nil {
		return out, err
	}
	cat, diags := builtIn()
	if diags.HasErrors() {
		return out, diags
	}
	for _, name := range cat.Blueprints() {
		var samples []sample
		for i := range runs {
			s, err := measure(ctx, binary, "render", name, "--out", filepath.Join(dir, fmt.Sprintf("%s-%d", name, i)))
			if err != nil {
				return out, err
			}
			samples = append(samples, s)
		}
		out.defaults[name] = median(samples)
	}
	if provider == "" {
		return out, nil
	}
	if provider, err = filepath.Abs(provider); err != nil {
		return out, err
	}
	var starts []sample
	for range runs {
		s, err := startProvider(ctx, provider, "BPGEN_PATH="+team)
		if err != nil {
			return out, err
		}
		starts = append(starts, s)
	}
	out.start, out.served = median(starts), len(cat.Blueprints())+len(names)
	return out, nil
}

// measureGrowths runs each command with a team's blueprints and without, in a directory
// beside the program's own and, with embedded, as the program's own.
func measureGrowths(ctx context.Context, binary, dir, team string, runs int, embedded bool) ([]growth, error) {
	var out []growth
	compare := func(few, many variant, of []growth) error {
		for _, g := range of {
			if err := g.measure(ctx, few, many, runs); err != nil {
				return err
			}
			out = append(out, g)
		}
		return nil
	}
	if err := compare(variant{binary, ""}, variant{binary, team}, growths(", a directory more", dir)); err != nil || !embedded {
		return out, err
	}
	one, many, err := embed(ctx, dir, team)
	if err != nil {
		return out, err
	}
	return out, compare(variant{one, ""}, variant{many, ""}, growths(", built in", filepath.Join(dir, "embedded")))
}

func (g *growth) measure(ctx context.Context, one, other variant, runs int) error {
	var few, many []sample
	for i := range runs + 1 {
		for j, v := range []variant{one, other} {
			args := g.args
			if g.out != "" {
				args = append(slices.Clone(args), "--out", filepath.Join(g.out, fmt.Sprintf("%d-%d", i, j)))
			}
			cmd := exec.CommandContext(ctx, v.binary, args...)
			cmd.Env = append(clean(), "BPGEN_PATH="+v.path, fmt.Sprintf("GOMAXPROCS=%d", cores))
			s, err := measureCommand(cmd)
			if err != nil {
				return err
			}
			switch {
			case i == 0: // It reads the program from the disk.
			case j == 0:
				few = append(few, s)
			default:
				many = append(many, s)
			}
		}
	}
	g.few, g.many = median(few), median(many)
	return nil
}

// judge returns the limits that do not hold. What a process takes is judged by its CPU
// time: of some milliseconds the rest is chance.
func (c catalogueTimes) judge(overloaded bool) (broken []string) {
	for _, g := range c.growths {
		if r := ratio(g.many.cpu, g.few.cpu); r > g.limit {
			broken = append(broken, fmt.Sprintf("%s takes %.2f times as long with %d blueprints more; the limit is %.2f", g.name, r, manyStubs, g.limit))
		}
	}
	largest := c.defaults[blueprint]
	for name, s := range c.defaults {
		if r := ratio(s.cpu, largest.cpu); r > maxDefaults || s.memory > maxMemory {
			broken = append(broken, fmt.Sprintf("a cold render of %s takes %.2f times one of %s, and %d MB", name, r, blueprint, s.memory>>20))
		}
	}
	start := c.start.wall
	if overloaded {
		start = c.start.cpu
	}
	if start > maxStart || c.start.memory > maxStartMemory {
		broken = append(broken, fmt.Sprintf("the provider with %d blueprints answers after %s and takes %d MB; the limits are %s and %d MB",
			c.served, start.Round(time.Millisecond), c.start.memory>>20, maxStart, maxStartMemory>>20))
	}
	return broken
}

func (c catalogueTimes) report(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }
	fmt.Fprintf(w, "\n%d blueprints more\tCPU without\tCPU with\tratio\tlimit\t\n", manyStubs)
	for _, g := range c.growths {
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%.2f\t\n", g.name, ms(g.few.cpu), ms(g.many.cpu), ratio(g.many.cpu, g.few.cpu), g.limit)
	}
	for name, s := range c.defaults {
		fmt.Fprintf(w, "render %s\t%s\t%d MB\t%.2f\t%.2f of %s\t\n", name, ms(s.cpu), s.memory>>20, ratio(s.cpu, c.defaults[blueprint].cpu), maxDefaults, blueprint)
	}
	if c.served > 0 {
		fmt.Fprintf(w, "provider, %d data sources\t%s\t%d MB\t%s wall\t%s, %d MB\t\n", c.served, ms(c.start.cpu), c.start.memory>>20, ms(c.start.wall), maxStart, maxStartMemory>>20)
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(out, err)
	}
}
