package acceptance

import (
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestMatrix takes rows of options that hold every pair of values through init,
// validate and the shipped tests, the cores in turns, with awsschema. With
// BPGEN_ACC_MATRIX=real each row runs on both cores, and with the real provider
// 5.100 where it allows version 5; that takes most of an hour.
func TestMatrix(t *testing.T) {
	gate(t)
	thorough := os.Getenv("BPGEN_ACC_MATRIX") == "real"
	for _, name := range builtIn(t).Blueprints() {
		bp := builtInBlueprint(t, name)
		axes, rows := covering(t, bp)
		allowed := func(r matrix.Row) bool {
			_, diags := resolve.Resolve(bp, inputs(r), "")
			return !diags.HasErrors()
		}
		for i, row := range rows {
			cores := harness.Cores()
			if !thorough {
				cores = cores[i%2 : i%2+1]
			}
			for _, coreName := range cores {
				t.Run(fmt.Sprintf("%s/%02d/%s", name, i, coreName), func(t *testing.T) {
					t.Parallel()
					core := harness.Find(t, coreName)
					row := forCore(row, coreName)
					if five := with(row, "aws_provider", "5"); thorough && allowed(five) {
						row = five
					}
					t.Log(label(row, axes))
					major := choice(row, "aws_provider")
					provider := harness.SchemaAWS(t, core, major)
					if thorough && major == "5" {
						provider = harness.RealAWS(t, core)
					}
					dir := harness.WorkDir(t)
					files := render(t, dir, name, link.Flat, row).Files
					harness.Proven(t, core, provider, files, "TestMatrix 2: init, validate, test", func() {
						root := core.In(t, complete(dir), provider)
						if err := root.Init(); err != nil {
							t.Fatal(err)
						}
						validate(t, root)
						r := core.In(t, dir, provider)
						if !provider.Real {
							if err := r.OnlyNames(dir); err != nil {
								t.Fatal(err)
							}
						}
						shipped(t, r)
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
