package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A sample is what one process took.
type sample struct {
	wall, cpu time.Duration
	memory    int64 // peak, in bytes
}

// processTimes are medians of whole processes.
type processTimes struct {
	runs                    int
	copy, cold, noop, start sample
}

// measureProcesses runs the four processes in turns, so that what slows the
// machine down for a while slows all of them.
func measureProcesses(ctx context.Context, binary string, runs int) (processTimes, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return processTimes{}, err
	}
	work, err := os.MkdirTemp("", "bpgen-bench-")
	if err != nil {
		return processTimes{}, err
	}
	defer os.RemoveAll(work)

	var copies, colds, noops, starts []sample
	for i := range runs + 1 {
		rendered := filepath.Join(work, fmt.Sprintf("render-%d", i))
		copied := filepath.Join(work, fmt.Sprintf("copy-%d", i))
		round := make([]sample, 4)
		for j, args := range [][]string{
			{binary, "render", blueprint, "--out", rendered},
			{"cp", "-r", rendered, copied},
			{binary, "render", blueprint, "--out", rendered},
			{binary, "version"},
		} {
			if round[j], err = measure(ctx, args...); err != nil {
				return processTimes{}, err
			}
		}
		for _, dir := range []string{rendered, copied} {
			if err := os.RemoveAll(dir); err != nil {
				return processTimes{}, err
			}
		}
		if i == 0 {
			continue // The first round reads the programs from the disk.
		}
		colds, copies, noops, starts = append(colds, round[0]), append(copies, round[1]), append(noops, round[2]), append(starts, round[3])
	}
	return processTimes{runs: runs, copy: median(copies), cold: median(colds), noop: median(noops), start: median(starts)}, nil
}

// measure runs one process to its end.
func measure(ctx context.Context, args ...string) (sample, error) {
	return measureCommand(exec.CommandContext(ctx, args[0], args[1:]...))
}

// measureCommand runs a command to its end. What the processes take that it
// starts and waits for counts.
func measureCommand(cmd *exec.Cmd) (sample, error) {
	start := time.Now()
	out, err := cmd.CombinedOutput()
	wall := time.Since(start)
	if err != nil {
		return sample{}, fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
	}
	return used(cmd.ProcessState, wall), nil
}

// used is what a process took that has ended.
func used(state *os.ProcessState, wall time.Duration) sample {
	s := sample{wall: wall, cpu: state.UserTime() + state.SystemTime()}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		s.memory = usage.Maxrss
		if runtime.GOOS != "darwin" {
			s.memory *= 1024 // There it is in bytes, elsewhere in KiB.
		}
	}
	return s
}

// median takes the median of every figure for itself, and the highest peak of
// memory.
func median(samples []sample) sample {
	by := func(f func(sample) time.Duration) time.Duration {
		sorted := slices.SortedFunc(slices.Values(samples), func(a, b sample) int { return cmp.Compare(f(a), f(b)) })
		return f(sorted[len(sorted)/2])
	}
	m := sample{
		wall: by(func(s sample) time.Duration { return s.wall }),
		cpu:  by(func(s sample) time.Duration { return s.cpu }),
	}
	for _, s := range samples {
		m.memory = max(m.memory, s.memory)
	}
	return m
}

// load returns by how much a loop on every core takes longer than the CPU time
// it gets: 1 on a machine that has nothing else to do.
func load() float64 {
	const each = 150 * time.Millisecond
	start, before := time.Now(), cpuTime()
	workers := min(cores, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			x := uint64(1)
			for time.Since(start) < each {
				for range 10_000 {
					x ^= x << 13
					x ^= x >> 7
					x ^= x << 17
				}
			}
			sink.Add(x)
		})
	}
	wg.Wait()
	return float64(time.Since(start)) * float64(workers) / float64(max(cpuTime()-before, 1))
}

// sink keeps the compiler from dropping the loop.
var sink atomic.Uint64

// cpuTime is what this process has used so far.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
