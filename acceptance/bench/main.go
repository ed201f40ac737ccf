// Command bench measures whole runs of bpgen and holds them against limits.
//
//	go run ./acceptance/bench -bpgen bin/bpgen -provider bin/terraform-provider-bpgen
//
// A time alone says more about the machine than about bpgen, so everything is a
// ratio of two things measured in one run, in turns: a cold render, vetting
// included, against `cp -r` of what it wrote; a render that has nothing to write
// against a cold one; and a thousand renders of varying options in one process.
// The provider has limits in milliseconds, for Terraform waits for it: from its
// start to its schemas, and a plan of fifty data sources. What may grow with the number
// of blueprints is measured with thirteen more: in a directory beside the built-in ones,
// and built in.
// It prints a table and ends with 1 when a limit is broken. On a machine that is
// busy with other things wall times say nothing: CPU times are judged instead,
// and it says so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"slices"
	"text/tabwriter"
	"time"
)

// The limits.
const (
	maxCopies  = 15.0            // cold render, in copies of its result
	aimCopies  = 5.0             // what we would like it to be
	maxMemory  = 80 << 20        // peak of one render, in bytes
	maxNoop    = 0.5             // no-op render, in cold ones
	maxRenders = 5 * time.Second // for manyRenders on cores
	cores      = 2               // for maxRenders
	busy       = 1.25            // wall by CPU time of a loop that does nothing else
	renders    = 1000            // in one process
	processes  = 15              // runs of each whole process
	blueprint  = "ecs-fargate"   // what is rendered
)

func main() {
	binary := flag.String("bpgen", "bin/bpgen", "program to measure")
	runs := flag.Int("runs", processes, "runs of every whole process")
	provider := flag.String("provider", "bin/terraform-provider-bpgen", "program to measure; empty for none")
	terraform := flag.String("terraform", "terraform", "program that plans; what it would show is left out where there is none")
	many := flag.Int("renders", renders, "renders in one process; limits hold for 1000")
	embedded := flag.Bool("embedded", true, "also build bpgen with one blueprint and with fourteen, and compare the two; needs go and the source")
	profile := flag.String("cpuprofile", "", "file for a CPU profile of the renders in one process")
	flag.Parse()
	err := run(context.Background(), os.Stdout, options{*binary, *provider, *terraform, *runs, *many, *profile, *embedded})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	binary    string
	provider  string
	terraform string
	runs      int
	renders   int
	profile   string
	embedded  bool
}

func run(ctx context.Context, out io.Writer, opts options) error {
	before := load()
	// Whole processes come first: a child's peak memory counts that of the
	// process that started it, which has loaded nothing yet.
	p, err := measureProcesses(ctx, opts.binary, opts.runs)
	if err != nil {
		return err
	}
	var served providerTimes
	if opts.provider != "" {
		if served, err = measureProvider(ctx, opts.provider, opts.terraform, opts.runs); err != nil {
			return err
		}
	}
	c, err := measureCatalogue(ctx, opts.binary, opts.provider, opts.runs, opts.embedded)
	if err != nil {
		return err
	}
	stop, err := profiled(opts.profile)
	if err != nil {
		return err
	}
	m, err := measureRenders(ctx, opts.renders)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	factor := max(before, load())
	overloaded := factor > busy
	report(out, p, m, served)
	c.report(out)
	broken := slices.Concat(judge(p, m, overloaded), judgeProvider(served, overloaded), c.judge(overloaded))
	if overloaded {
		fmt.Fprintf(out, "\nTHE MACHINE IS BUSY: a loop took %.2f times its CPU time. CPU times were judged in place of wall times,\nspread over %d cores: what holds here may not hold on an idle machine. Run it there.\n", factor, cores)
	}
	for _, b := range broken {
		fmt.Fprintln(out, "BROKEN:", b)
	}
	if len(broken) > 0 {
		return errors.New("a limit is broken")
	}
	fmt.Fprintln(out, "\nAll limits hold.")
	return nil
}

// profiled starts a CPU profile, if a file is named, and returns what ends it.
func profiled(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error { pprof.StopCPUProfile(); return f.Close() }, nil
}

// judge returns the limits that do not hold.
func judge(p processTimes, m manyTimes, overloaded bool) (broken []string) {
	cold, copied, noop, took := p.cold.wall, p.copy.wall, p.noop.wall, m.wall
	if overloaded {
		// The least that it can take: a render spreads over the cores, cp does not.
		cold, copied, noop, took = p.cold.cpu/cores, p.copy.cpu, p.noop.cpu/cores, m.cpu/cores
	}
	if r := ratio(cold, copied); r > maxCopies {
		broken = append(broken, fmt.Sprintf("a cold render is %.1f times cp -r; the limit is %.0f", r, maxCopies))
	}
	if p.cold.memory > maxMemory {
		broken = append(broken, fmt.Sprintf("a cold render takes %d MB; the limit is %d", p.cold.memory>>20, maxMemory>>20))
	}
	if r := ratio(noop, cold); r > maxNoop {
		broken = append(broken, fmt.Sprintf("a render with nothing to write is %.2f times a cold one; the limit is %.2f", r, maxNoop))
	}
	if limit := maxRenders * time.Duration(m.renders) / renders; took > limit {
		broken = append(broken, fmt.Sprintf("%d renders took %s on %d cores; the limit is %s", m.renders, took.Round(time.Millisecond), cores, limit))
	}
	return broken
}

func report(out io.Writer, p processTimes, m manyTimes, s providerTimes) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(cells ...any) {
		for _, c := range cells {
			fmt.Fprintf(w, "%v\t", c)
		}
		fmt.Fprintln(w)
	}
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }
	row("median of "+fmt.Sprint(p.runs), "wall", "CPU", "peak", "wall ratio", "CPU ratio", "limit")
	row("cp -r of the result", ms(p.copy.wall), ms(p.copy.cpu), "", "1", "1", "")
	row("cold render", ms(p.cold.wall), ms(p.cold.cpu), fmt.Sprintf("%d MB", p.cold.memory>>20),
		fmt.Sprintf("%.1f", ratio(p.cold.wall, p.copy.wall)), fmt.Sprintf("%.1f", ratio(p.cold.cpu, p.copy.cpu)),
		fmt.Sprintf("%.0f copies (aim %.0f), %d MB", maxCopies, aimCopies, maxMemory>>20))
	row("no-op render", ms(p.noop.wall), ms(p.noop.cpu), fmt.Sprintf("%d MB", p.noop.memory>>20),
		fmt.Sprintf("%.2f", ratio(p.noop.wall, p.cold.wall)), fmt.Sprintf("%.2f", ratio(p.noop.cpu, p.cold.cpu)),
		fmt.Sprintf("%.2f of a cold one", maxNoop))
	row(fmt.Sprintf("%d renders of %d option sets", m.renders, m.sets), ms(m.wall), ms(m.cpu), "",
		ms(m.wall/time.Duration(m.renders))+" each", ms(m.cpu/time.Duration(m.renders))+" each", maxRenders.String()+" for 1000")
	if s.runs > 0 {
		row("provider, start to schemas", ms(s.start.wall), ms(s.start.cpu), fmt.Sprintf("%d MB", s.start.memory>>20), "", "", fmt.Sprintf("%s, %d MB", maxStart, maxStartMemory>>20))
	}
	if s.runs > 0 && s.missing == nil {
		row(fmt.Sprintf("terraform plan, %d data sources", s.sets), ms(s.plan.wall), ms(s.plan.cpu), fmt.Sprintf("%d MB", s.plan.memory>>20), "", "", maxPlan.String())
	}
	w.Flush()
	if s.missing != nil {
		fmt.Fprintln(out, "The plan of data sources was NOT measured:", s.missing)
	}
	fmt.Fprintf(out, "bpgen version only: %s wall, %s CPU: what starting the program takes.\n", ms(p.start.wall), ms(p.start.cpu))
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }
