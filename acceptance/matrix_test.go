package acceptance

import (
	"fmt"
	"maps"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestMatrix takes rows of options that hold every pair of values through init,
// validate and the shipped tests, on both cores: with the real provider 5.100
// where the row allows version 5, else with the schema of 6.66.
func TestMatrix(t *testing.T) {
	gate(t)
	for _, name := range builtIn(t).Blueprints() {
		bp := builtInBlueprint(t, name)
		axes, rows := covering(t, bp)
		allowed := func(r matrix.Row) bool {
			_, diags := resolve.Resolve(bp, inputs(r), "")
			return !diags.HasErrors()
		}
		for i, row := range rows {
			for _, coreName := range harness.Cores() {
				t.Run(fmt.Sprintf("%s/%02d/%s", name, i, coreName), func(t *testing.T) {
					t.Parallel()
					core := harness.Find(t, coreName)
					row := forCore(row, coreName)
					five := with(row, "aws_provider", "5")
					major := "6"
					if allowed(five) {
						row, major = five, "5"
					}
					t.Log(label(row, axes))
					provider := harness.SchemaAWS(t, core, "6")
					if major == "5" {
						provider = harness.RealAWS(t, core)
					}
					dir := harness.WorkDir(t)
					files := render(t, dir, name, link.Flat, row).Files
					harness.Proven(t, core, provider, files, "TestMatrix 1: init, validate, test", func() {
						root := core.In(t, complete(dir), provider)
						if err := root.Init(); err != nil {
							t.Fatal(err)
						}
						validate(t, root)
						shipped(t, core.In(t, dir, provider))
					})
				})
			}
		}
	}
}

// forCore changes a row that is rendered for the other core alone.
func forCore(row matrix.Row, core string) matrix.Row {
	target := map[string]string{harness.Terraform: "terraform", harness.Tofu: "opentofu"}[core]
	if t := choice(row, "target"); t == "both" || t == target {
		return row
	}
	return with(row, "target", target)
}

// with returns the row with another value of one option.
func with(row matrix.Row, option, value string) matrix.Row {
	out := maps.Clone(row)
	out[option] = cty.StringVal(value)
	return out
}
