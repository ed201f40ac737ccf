// Command bpgen renders reference architectures as plain Terraform modules.
package main

import (
	"context"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/templates"
)

func main() {
	collectLate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the second one ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Main(ctx, iostreams.System(), os.Args[1:], templates.FS, blueprints.FS))
}

// collectLate keeps the garbage collector off until 64 MB are in use, which a
// render never reaches, and lets it run as always from then on.
func collectLate() {
	const late = 64 << 20
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(late)
	runtime.AddCleanup(new([16]byte), func(int) {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}, 0)
}
