package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/bpgen/bpgen/acceptance/stubs"
	"github.com/bpgen/bpgen/generator/catalog"
)

// BenchmarkRead reads a data source with options that differ, as a plan with many
// of them does: fifty reads are what the limit of acceptance/bench is about.
func BenchmarkRead(b *testing.B) {
	cat, _ := catalog.New(builtIn())
	bp, _ := cat.Blueprint("ecs-fargate")
	var given []map[string]tftypes.Value
	for _, row := range rows(b, bp) {
		m := map[string]tftypes.Value{}
		for name, v := range row {
			m[name] = wire(b, v)
		}
		given = append(given, m)
	}
	for b.Loop() {
		s := start(b, "")
		s.configure(b, nil)
		for i := range 50 {
			s.read(b, "bpgen_ecs_fargate", given[i%len(given)])
		}
	}
}

// BenchmarkStart is what Terraform waits for before it knows the provider.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		start(b, "")
	}
}

// BenchmarkStartWithMany is the same with the blueprints of a large catalogue.
func BenchmarkStartWithMany(b *testing.B) {
	dir := b.TempDir()
	if _, err := stubs.Write(dir, 13); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		start(b, dir)
	}
}
