package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// manyTimes is what many renders in one process took.
type manyTimes struct {
	renders, sets int
	wall, cpu     time.Duration
}

// measureRenders renders varying options from one catalog and one cache, on two
// cores. Loading and filling the cache count, choosing the options does not. The
// garbage collector runs as in the provider and in check, which leave it alone.
func measureRenders(ctx context.Context, renders int) (manyTimes, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	cat, diags := builtIn()
	if diags.HasErrors() {
		return manyTimes{}, diags
	}
	bp, diags := cat.Blueprint(blueprint)
	if diags.HasErrors() {
		return manyTimes{}, diags
	}
	options := resolve.Options(bp)
	sets := matrix.Spread(matrix.Axes(options, nil), renders, matrix.Allowed(bp, options))
	if len(sets) == 0 {
		return manyTimes{}, fmt.Errorf("%s has no options to vary", blueprint)
	}

	start, before := time.Now(), cpuTime()
	if cat, diags = builtIn(); diags.HasErrors() {
		return manyTimes{}, diags
	}
	session := generator.NewSession(cat)
	var next atomic.Int64
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	for range cores {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= renders || failed.Load() != nil {
					return
				}
				inputs := inputs(sets[i%len(sets)])
				_, diags := session.Generate(ctx, generator.Request{Blueprint: blueprint, Inputs: inputs})
				if diags.HasErrors() {
					err := fmt.Errorf("with %v: %w", inputs, diags)
					failed.Store(&err)
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return manyTimes{}, *err
	}
	return manyTimes{renders: renders, sets: len(sets), wall: time.Since(start), cpu: cpuTime() - before}, nil
}

// inputs names the choices of a row.
func inputs(row matrix.Row) []resolve.Input {
	var out []resolve.Input
	for name, value := range row {
		out = append(out, resolve.Input{Name: name, Value: value, Source: "bench"})
	}
	return out
}

func builtIn() (*catalog.Catalog, hcl.Diagnostics) {
	return catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
}
