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

// TestMatrix takes rows of options through init, validate and the shipped tests,
// the cores in turns: rows for version 5 of the provider with the real 5.100, those
// for version 6 with awsschema. The rows hold each value once, or each pair of values
// with BPGEN_ACC_MATRIX=pairs. With all, each of these runs on both cores with the
// real provider, where its options allow version 5, and with awsschema for version
// 6; that takes twenty minutes on two processors.
func TestMatrix(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	all := os.Getenv(envMatrix) == "all"
	for _, name := range builtIn(t).Blueprints() {
		bp := builtInBlueprint(t, name)
		axes, rows := covering(t, bp)
		allowed := matrix.Allowed(bp, resolve.Options(bp))
		for i, row := range rows {
			turn := harness.Cores()[i%len(harness.Cores())]
			run := func(row matrix.Row, core string) {
				t.Run(fmt.Sprintf("%s/%02d/%s/aws%s", name, i, core, choice(row, "aws_provider")), func(t *testing.T) {
					t.Parallel()
					row := forCore(row, core)
					t.Log(label(row, axes))
					proveRow(t, name, row, harness.Find(t, core))
				})
			}
			if !all {
				run(row, turn)
				continue
			}
			if five := with(row, "aws_provider", "5"); allowed(five) {
				for _, core := range harness.Cores() {
					run(five, core)
				}
			}
			if six := with(row, "aws_provider", "6"); allowed(six) {
				run(six, turn)
			}
		}
	}
}

// proveRow has a core look at what one row renders.
func proveRow(t *testing.T, blueprint string, row matrix.Row, core harness.Core) {
	t.Helper()
	major := choice(row, "aws_provider")
	provider := harness.SchemaAWS(t, core, major)
	if major == "5" {
		provider = harness.RealAWS(t, core)
	}
	dir := harness.WorkDir(t)
	files := render(t, dir, blueprint, link.Flat, row).Files
	harness.Proven(t, core, provider, "TestMatrix 4: init, validate, test", func() {
		root := core.In(t, complete(dir), provider)
		root.Through(t, provider, dir)
		if err := root.Init(); err != nil {
			t.Fatal(err)
		}
		validate(t, root)
		r := core.In(t, dir, provider)
		r.Through(t, provider, dir)
		shipped(t, r)
	}, code(t, files.Files()))
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
