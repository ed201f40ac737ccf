package acceptance

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
)

// TestRendered takes the default rendering of each blueprint through what its owner
// does with it: for version 5 of the provider with the real one, for version 6
// with awsschema up to an apply, on both cores.
func TestRendered(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for _, blueprint := range builtIn(t).Blueprints() {
		for _, name := range harness.Cores() {
			t.Run(blueprint+"/"+name+"/aws5", func(t *testing.T) {
				t.Parallel()
				core := harness.Find(t, name)
				dir := harness.WorkDir(t)
				result := render(t, dir, blueprint, link.Flat, matrix.Row{"aws_provider": cty.StringVal("5")})
				provider := harness.RealAWS(t, core)

				harness.Proven(t, core, provider, "TestRendered 1: init, validate, test", func() {
					root := core.In(t, complete(dir), provider)
					if err := root.Init(); err != nil {
						t.Fatal(err)
					}
					validate(t, root)
					r := core.In(t, dir, provider)
					r.Through(t, provider, dir) // in a third of the time
					shipped(t, r)
				}, code(t, result.Files.Files()))
			})
			t.Run(blueprint+"/"+name+"/aws6", func(t *testing.T) {
				t.Parallel()
				core := harness.Find(t, name)
				dir := harness.WorkDir(t)
				result := render(t, dir, blueprint, link.Flat, matrix.Row{"aws_provider": cty.StringVal("6")})
				provider := harness.SchemaAWS(t, core, "6")

				harness.Proven(t, core, provider, "TestRendered 1: apply, test, validate", func() {
					lifecycle(t, core.In(t, complete(dir), provider))
					r := core.In(t, dir, provider)
					shipped(t, r)
					validate(t, r)
				}, code(t, result.Files.Files()))
			})
		}
	}
}

// validate requires that the core accepts the module without a word: a
// deprecated argument in a new module is a fault of the template.
func validate(t *testing.T, r *harness.Runner) {
	t.Helper()
	warnings, err := r.Validate()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		t.Error("warning:", w)
	}
}

// shipped runs the tests that the module ships, in place.
func shipped(t *testing.T, r *harness.Runner) {
	t.Helper()
	if err := r.Init(); err != nil {
		t.Fatal(err)
	}
	result, err := r.Test()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d shipped runs passed", result.Passed)
}
