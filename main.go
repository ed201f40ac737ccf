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
	"runtime/metrics"
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
			select { // On a busy machine both may have happened before anybody looked.
			case again := <-signals:
				end = signaled{again}
			default:
			}
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

// late is how much memory may be in use before the garbage collector runs, in
// bytes: more than most commands need, and most of what a render does.
const late = 48 << 20

// collectLate keeps the garbage collector off until late is in use, and again after
// each run that leaves less than half of that; from then on it runs as always. Who
// sets GOGC or GOMEMLIMIT has chosen otherwise.
func collectLate() {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if _, set := os.LookupEnv(name); set {
			return
		}
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(late)
	afterCollection(func() (again bool) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		if metrics.Read(live); live[0].Value.Kind() == metrics.KindUint64 && live[0].Value.Uint64() < late/2 {
			return true
		}
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
		return false
	})
}

// afterCollection calls do after the next run of the garbage collector, and after
// those behind it until it returns false.
func afterCollection(do func() (again bool)) {
	runtime.AddCleanup(new([16]byte), func(do func() bool) {
		if do() {
			afterCollection(do)
		}
	}, do)
}
