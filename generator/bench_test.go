package generator_test

import (
	"context"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// builtIn is the catalog that bpgen carries.
func builtIn(tb testing.TB) *catalog.Catalog {
	tb.Helper()
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
	if diags.HasErrors() {
		tb.Fatal(diags)
	}
	return cat
}

// BenchmarkColdRender renders from an empty catalog, as the command line does.
func BenchmarkColdRender(b *testing.B) {
	for _, name := range builtIn(b).Blueprints() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, diags := generator.Generate(context.Background(), generator.Request{Catalog: builtIn(b), Blueprint: name})
				if diags.HasErrors() {
					b.Fatal(diags)
				}
			}
		})
	}
}

// BenchmarkPreview links from an empty catalog, as show does.
func BenchmarkPreview(b *testing.B) {
	for _, name := range builtIn(b).Blueprints() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, diags := generator.Preview(context.Background(), generator.Request{Catalog: builtIn(b), Blueprint: name})
				if diags.HasErrors() {
					b.Fatal(diags)
				}
			}
		})
	}
}

// BenchmarkWarmRender renders again and again from one catalog.
func BenchmarkWarmRender(b *testing.B) {
	b.ReportAllocs()
	cat := builtIn(b)
	for b.Loop() {
		_, diags := generator.Generate(context.Background(), generator.Request{Catalog: cat, Blueprint: reference})
		if diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}

// BenchmarkVaryingOptions renders with other options each time, from one
// catalog and one session, as a platform team's catalogue or the provider does.
func BenchmarkVaryingOptions(b *testing.B) {
	b.ReportAllocs()
	cat := builtIn(b)
	session := generator.NewSession(cat)
	bp, _ := cat.Blueprint(reference)
	options := resolve.Options(bp)
	rows := matrix.Spread(matrix.Axes(options, nil), 1000, matrix.Allowed(bp, options))
	i := 0
	for b.Loop() {
		_, diags := session.Generate(context.Background(), generator.Request{Blueprint: reference, Inputs: inputs(rows[i%len(rows)])})
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		i++
	}
}
