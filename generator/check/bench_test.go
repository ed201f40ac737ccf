package check_test

import (
	"context"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/templates"
)

// BenchmarkBlueprint checks the largest blueprint that bpgen carries.
func BenchmarkBlueprint(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
		if diags.HasErrors() {
			b.Fatal(diags)
		}
		if report := check.Blueprint(context.Background(), cat, "ecs-fargate", nil); report.Diagnostics.HasErrors() {
			b.Fatal(report.Diagnostics)
		}
	}
}
