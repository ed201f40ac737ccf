package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
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
// cores. Loading and filling the cache count, choosing the options does not.
func measureRenders(ctx context.Context, renders int) (manyTimes, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // as the command sets it
	cat, diags := builtIn()
	if diags.HasErrors() {
		return manyTimes{}, diags
	}
	bp, diags := cat.Blueprint(blueprint)
	if diags.HasErrors() {
		return manyTimes{}, diags
	}
	sets := optionSets(matrix.Axes(resolve.Options(bp), nil), renders, func(inputs []resolve.Input) bool {
		_, diags := resolve.Resolve(bp, inputs, "")
		return !diags.HasErrors()
	})
	if len(sets) == 0 {
		return manyTimes{}, fmt.Errorf("%s has no options to vary", blueprint)
	}

	start, before := time.Now(), cpuTime()
	if cat, diags = builtIn(); diags.HasErrors() {
		return manyTimes{}, diags
	}
	cache := generator.NewCache()
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
				inputs := sets[i%len(sets)]
				_, diags := generator.Generate(ctx, generator.Request{Catalog: cat, Blueprint: blueprint, Inputs: inputs, Cache: cache})
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

func builtIn() (*catalog.Catalog, hcl.Diagnostics) {
	return catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
}

// optionSets returns up to n different choices that the blueprint takes, spread
// over all combinations by a stride.
func optionSets(axes []matrix.Axis, n int, allowed func([]resolve.Input) bool) [][]resolve.Input {
	all := 1
	for _, a := range axes {
		all *= len(a.Values)
	}
	stride := max(all/(2*n), 1)
	for gcd(stride, all) != 1 {
		stride++
	}
	var sets [][]resolve.Input
	for i := 0; i < all && len(sets) < n; i++ {
		at := i * stride % all
		var inputs []resolve.Input
		for _, a := range axes {
			inputs = append(inputs, resolve.Input{Name: a.Name, Value: a.Values[at%len(a.Values)], Source: "bench"})
			at /= len(a.Values)
		}
		if allowed(inputs) {
			sets = append(sets, inputs)
		}
	}
	return sets
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
