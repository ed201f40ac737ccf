package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/plandiff"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// envMatrix chooses the rows of options that the cores look at: each value once, or
// with "pairs" each pair of values; with "all" each pair on both cores with both
// versions of the provider, where that is a choice.
const envMatrix = "BPGEN_ACC_MATRIX"

// covering returns the rows of options that envMatrix asks for.
func covering(t testing.TB, bp *blueprint.Blueprint) ([]matrix.Axis, []matrix.Row) {
	t.Helper()
	switch mode := os.Getenv(envMatrix); mode {
	case "pairs", "all":
		return pairs(t, bp)
	case "":
	default:
		t.Fatalf("%s=%s is neither pairs nor all", envMatrix, mode)
	}
	axes := matrix.Axes(resolve.Options(bp), nil)
	rows, impossible := matrix.Each(axes, matrix.Allowed(bp, resolve.Options(bp)))
	for _, s := range impossible {
		t.Logf("no combination may have %s = %#v", s.Axis, s.Value)
	}
	if len(rows) == 0 {
		t.Fatal("the options allow no combination")
	}
	return axes, rows
}

// pairs returns rows of options that hold every pair of values.
func pairs(t testing.TB, bp *blueprint.Blueprint) ([]matrix.Axis, []matrix.Row) {
	t.Helper()
	axes := matrix.Axes(resolve.Options(bp), nil)
	rows, impossible := matrix.Pairwise(axes, matrix.Allowed(bp, resolve.Options(bp)))
	for _, p := range impossible {
		t.Logf("no combination may have %s = %#v with %s = %#v", p.A, p.AValue, p.B, p.BValue)
	}
	if len(rows) == 0 {
		t.Fatal("the options allow no combination")
	}
	return axes, rows
}

// TestFlatEqualsNested is the promise of the linker: for rows of options that cover
// each value, or each pair of values, the flat module plans what the unspecialised components plan, address
// by address, and applies to the same objects.
func TestFlatEqualsNested(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	c := builtIn(t)
	for _, name := range c.Blueprints() {
		bp := builtInBlueprint(t, name)
		if bp.Example == nil {
			t.Errorf("%s has no example block, so nothing can be planned", name)
			continue
		}
		axes, rows := covering(t, bp)
		for i, row := range rows {
			t.Run(fmt.Sprintf("%s/%02d", name, i), func(t *testing.T) {
				t.Parallel()
				t.Log(label(row, axes))
				core := coreFor(t, row)
				provider := harness.SchemaAWS(t, core, choice(row, "aws_provider"))
				dir := harness.WorkDir(t)
				flat := filepath.Join(dir, "flat")
				nested := filepath.Join(dir, "nested")
				one := render(t, flat, name, link.Flat, row)
				other := render(t, nested, name, link.Nested, row)
				rename := one.Module.Rename
				harness.Proven(t, core, provider, fmt.Sprint("TestFlatEqualsNested 1 ", rename), func() {
					f := planned(t, core, provider, flat)
					n := planned(t, core, provider, nested)
					report(t, "plan", plandiff.Plans(n.plan, f.plan, n.module, rename))
					report(t, "state", plandiff.States(n.apply(t), f.apply(t), n.module, rename))
				}, code(t, one.Files.Files()), code(t, other.Files.Files()))
			})
		}
	}
}

// coreFor returns the core that the row is rendered for.
func coreFor(t *testing.T, row matrix.Row) harness.Core {
	t.Helper()
	switch choice(row, "target") {
	case harness.Terraform:
		return harness.Find(t, harness.Terraform)
	case "opentofu":
		return harness.Find(t, harness.Tofu)
	}
	return harness.Either(t)
}

// A layout is one rendered tree with its plan.
type layout struct {
	runner *harness.Runner
	plan   *tfjson.Plan
	module string // address of the rendered module in its example
}

func planned(t *testing.T, core harness.Core, provider harness.Provider, dir string) layout {
	t.Helper()
	r := core.In(t, complete(dir), provider)
	if err := r.OnlyTypes(dir); err != nil {
		t.Fatal(err)
	}
	if err := r.Init(); err != nil {
		t.Fatal(err)
	}
	plan, err := r.Plan()
	if err != nil {
		t.Fatal(err)
	}
	l := layout{runner: r, plan: plan}
	for call := range plan.Config.RootModule.ModuleCalls {
		l.module = "module." + call
	}
	if l.module == "" || len(plan.ResourceChanges) == 0 {
		t.Fatalf("the example plans %d changes in %q", len(plan.ResourceChanges), l.module)
	}
	return l
}

func (l layout) apply(t *testing.T) *tfjson.State {
	t.Helper()
	if err := l.runner.Apply(); err != nil {
		t.Fatal(err)
	}
	state, err := l.runner.State()
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func report(t *testing.T, what string, differences []plandiff.Difference) {
	t.Helper()
	const most = 40
	for i, d := range differences {
		if i == most {
			t.Errorf("%s: and %d more", what, len(differences)-most)
			return
		}
		t.Errorf("%s: %s", what, d)
	}
}

// TestFlatEqualsNestedCanFail changes each blueprint's flat rendering and requires
// that the comparison says where.
func TestFlatEqualsNestedCanFail(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for _, name := range builtIn(t).Blueprints() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findDifferences(t, name)
		})
	}
}

func findDifferences(t *testing.T, blueprint string) {
	own, err := mutationsOf(blueprint)
	if err != nil {
		t.Fatal(err)
	}
	core := harness.Either(t)
	provider := harness.SchemaAWS(t, core, "6")
	dir := harness.WorkDir(t)
	flat, nested := filepath.Join(dir, "flat"), filepath.Join(dir, "nested")
	result := render(t, flat, blueprint, link.Flat, nil)
	files, rename := result.Files.Files(), result.Module.Rename
	render(t, nested, blueprint, link.Nested, nil)
	n := planned(t, core, provider, nested)
	nState := n.apply(t)
	for _, d := range own.differences {
		t.Run(strings.ReplaceAll(d.String(), "/", "|"), func(t *testing.T) {
			mutant := copyTree(t, flat)
			changed, err := d.apply(files)
			if err != nil {
				t.Fatal(err)
			}
			if err := harness.WriteFile(filepath.Join(mutant, changed.Path), changed.Bytes); err != nil {
				t.Fatal(err)
			}
			f := planned(t, core, provider, mutant)
			got := plandiff.Plans(n.plan, f.plan, n.module, rename)
			if d.state != "" {
				got = plandiff.States(nState, f.apply(t), n.module, rename)
			}
			for _, found := range got {
				if strings.HasPrefix(found.String(), d.plan+d.state) {
					t.Log(found)
					return
				}
			}
			t.Errorf("the change was not found: %v", got)
		})
	}
}
