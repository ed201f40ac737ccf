package vet_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/cpu"
	"github.com/bpgen/bpgen/generator/vet"
)

// BenchmarkRun vets the templates as one tree, about what a render writes.
// The schema's types are decoded in the first round only; BenchmarkCold of
// package schema says what that costs.
func BenchmarkRun(b *testing.B) {
	dirs, err := filepath.Glob("../../templates/*/versions.tf")
	if err != nil || len(dirs) == 0 {
		b.Fatal("no templates", err)
	}
	var files []fileset.File
	count := 0
	for _, dir := range dirs {
		dir = filepath.Dir(dir)
		for _, f := range read(b, dir) {
			f.Path = filepath.Base(dir) + "/" + f.Path
			files = append(files, f)
			count += bytes.Count(f.Bytes, []byte("\n"))
		}
	}
	whole := func(opts vet.Options) func() {
		return func() { vet.Run(context.Background(), files, opts) }
	}
	for _, c := range []struct {
		name string
		run  func()
	}{
		{"parse", func() { // the floor: what hcl itself takes
			for _, f := range files {
				if strings.HasSuffix(f.Path, ".tf") || strings.HasSuffix(f.Path, ".hcl") {
					hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
				}
			}
		}},
		{"whole", whole(vet.Options{})},
		{"formatted", whole(vet.Options{Formatted: true})},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			start := cpu.Used()
			for b.Loop() {
				c.run()
			}
			// On a busy machine the processor's time says more than the clock.
			b.ReportMetric(float64(cpu.Since(start))/1e6/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(count), "lines")
		})
	}
}
