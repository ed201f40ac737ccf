// Command bpgen renders reference architectures as plain Terraform modules.
package main

import (
	"context"
	"errors"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/templates"
)

func main() {
	collectLate()
	ctx, ended := interruptible()
	code := cli.Main(ctx, iostreams.System(), os.Args[1:], templates.FS, blueprints.FS)
	os.Exit(ended(code))
}

// patience is how long a command may take to end by itself after a signal.
const patience = 900 * time.Millisecond

// interruptible returns a context that ends with the first SIGINT or SIGTERM, and
// what the exit code becomes then: 130 or 143 for a command that failed.
//
// A command that is not back in time, because an expression is being evaluated
// or nobody reads what it prints, is ended all the same, and so it is by a second
// signal. That is as safe as a kill: what stands on the disk is the old tree or
// the new one, or the next run makes it so.
func interruptible() (ctx context.Context, ended func(code int) int) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		end := signaled{<-signals}
		cancel(end)
		select {
		case again := <-signals:
			end = signaled{again}
		case <-time.After(patience):
		}
		os.Exit(end.code())
	}()
	return ctx, func(code int) int {
		var end signaled
		if code != 0 && errors.As(context.Cause(ctx), &end) {
			return end.code()
		}
		return code
	}
}

// signaled is why the work ended.
type signaled struct{ os.Signal }

// Error names the signal.
func (s signaled) Error() string { return s.String() }

// code is the exit code of a process that a signal ended, as shells count.
func (s signaled) code() int {
	const base = 128
	n, _ := s.Signal.(syscall.Signal)
	return base + int(n)
}

// collectLate keeps the garbage collector off until 48 MB are in use, which most
// commands never reach and a render late, and lets it run as always from then on.
// Who sets GOGC or GOMEMLIMIT has chosen otherwise.
func collectLate() {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if _, set := os.LookupEnv(name); set {
			return
		}
	}
	const late = 48 << 20
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(late)
	runtime.AddCleanup(new([16]byte), func(int) {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}, 0)
}
