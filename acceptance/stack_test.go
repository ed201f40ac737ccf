package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// TestStack proves awsschema and the harness with a module written by hand, on
// both cores and with both releases.
func TestStack(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for _, name := range harness.Cores() {
		for _, major := range []string{"5", "6"} {
			t.Run(name+"/"+major, func(t *testing.T) {
				t.Parallel()
				core := harness.Find(t, name)
				dir := copyTree(t, filepath.Join("testdata", "stack"))
				r := core.In(t, dir, harness.SchemaAWS(t, core, major))
				// One of the four gets the whole schema, as users do.
				if name != harness.Terraform || major != "6" {
					if err := r.OnlyTypes(dir); err != nil {
						t.Fatal(err)
					}
				}
				lifecycle(t, r)

				out, err := r.Outputs()
				if err != nil {
					t.Fatal(err)
				}
				if got := fmt.Sprint(out["zones"]); got != "[eu-west-1a eu-west-1b eu-west-1c]" {
					t.Errorf("zones: %s", got)
				}
				if got := fmt.Sprint(out["certificates"]); !strings.Contains(got, "arn:aws:acm:eu-west-1:") || !strings.Contains(got, "arn:aws:acm:us-east-1:") {
					t.Errorf("certificates are not in two regions: %s", got)
				}
				if got := fmt.Sprint(out["waf"]); !strings.HasPrefix(got, "arn:aws:wafv2:us-east-1:123456789012:global/webacl/") {
					t.Errorf("web ACL: %s", got)
				}
				if got, err := r.Console(`split(":", aws_lb.l.arn)[2]`); err != nil || got != `"elasticloadbalancing"` {
					t.Errorf("console: %s, %v", got, err)
				}
			})
		}
	}
}

// lifecycle takes a root module through what its owner does with it.
func lifecycle(t *testing.T, r *harness.Runner) {
	t.Helper()
	if err := r.Init(); err != nil {
		t.Fatal(err)
	}
	warnings, err := r.Validate()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		t.Log("warning:", w)
	}
	plan, err := r.Plan()
	if err != nil {
		t.Fatal(err)
	}
	created := 0
	for _, rc := range plan.ResourceChanges {
		if rc.Change.Actions.Create() {
			created++
		}
	}
	if created == 0 {
		t.Fatal("the plan creates nothing")
	}
	if err := r.Apply(); err != nil {
		t.Fatal(err)
	}
	if err := r.Settled(); err != nil {
		t.Fatal(err)
	}
}

// TestShippedTests runs test with mocks against the real provider, in the way
// that rendered modules ship them; a test that must fail does.
func TestShippedTests(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			core := harness.Find(t, name)
			dir := copyTree(t, filepath.Join("testdata", "mocked"))
			r := core.In(t, dir, harness.RealAWS(t, core))
			if err := r.Init(); err != nil {
				t.Fatal(err)
			}
			result, err := r.Test()
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Runs) != 2 || result.Passed != 2 || result.Runs[0].Plan == nil {
				t.Fatalf("got %+v", result)
			}
			if n := len(result.Runs[0].Plan.ResourceChanges); n != 4 {
				t.Errorf("the plan of the run has %d changes", n)
			}

			file := filepath.Join(dir, "tests", "mocked.tftest.hcl")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(strings.Replace(string(text), "10.0.1.0/24", "10.0.9.0/24", 1)), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Test(); err == nil || !strings.Contains(err.Error(), "Subnets divide the VPC.") {
				t.Errorf("a wrong test passes: %v", err)
			}
		})
	}
}

// TestSchemaIsTheRealOne compares what awsschema serves as 5.100.0 with what the
// real provider of that release serves: every type, argument and block.
func TestSchemaIsTheRealOne(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	core := harness.Find(t, harness.Terraform)
	provider := harness.RealAWS(t, core)
	if !provider.Real {
		t.Skip("hashicorp/aws 5.100.0 is missing: acceptance/README.md says where it is looked for")
	}
	schemas := func(p harness.Provider) *tfjson.ProviderSchema {
		r := core.In(t, copyTree(t, filepath.Join("testdata", "stack")), p)
		if err := r.Init(); err != nil {
			t.Fatal(err)
		}
		out, err := r.Run("", "providers", "schema", "-json", "-no-color")
		if err != nil {
			t.Fatal(err)
		}
		var s tfjson.ProviderSchemas
		if err := json.Unmarshal([]byte(out), &s); err != nil {
			t.Fatal(err)
		}
		return s.Schemas["registry.terraform.io/hashicorp/aws"]
	}
	want, got := schemas(provider), schemas(harness.SchemaAWS(t, core, "5"))
	compareBlocks(t, "provider", got.ConfigSchema.Block, want.ConfigSchema.Block)
	compareSchemas(t, "resource", got.ResourceSchemas, want.ResourceSchemas)
	compareSchemas(t, "data", got.DataSourceSchemas, want.DataSourceSchemas)
}

func compareSchemas(t *testing.T, kind string, got, want map[string]*tfjson.Schema) {
	t.Helper()
	if g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(g, w) {
		t.Errorf("%s: %d types, the real provider has %d", kind, len(g), len(w))
	}
	for name, w := range want {
		if g := got[name]; g != nil {
			compareBlocks(t, kind+" "+name, g.Block, w.Block)
		}
	}
}

func compareBlocks(t *testing.T, at string, got, want *tfjson.SchemaBlock) {
	t.Helper()
	if g, w := slices.Sorted(maps.Keys(got.Attributes)), slices.Sorted(maps.Keys(want.Attributes)); !slices.Equal(g, w) {
		t.Errorf("%s: arguments %q, the real provider has %q", at, g, w)
		return
	}
	for name, w := range want.Attributes {
		g := got.Attributes[name]
		if !g.AttributeType.Equals(w.AttributeType) || g.Required != w.Required || g.Optional != w.Optional || g.Computed != w.Computed ||
			g.Sensitive != w.Sensitive || g.WriteOnly != w.WriteOnly {
			t.Errorf("%s.%s: %+v, the real provider has %+v", at, name, g, w)
		}
	}
	if g, w := slices.Sorted(maps.Keys(got.NestedBlocks)), slices.Sorted(maps.Keys(want.NestedBlocks)); !slices.Equal(g, w) {
		t.Errorf("%s: blocks %q, the real provider has %q", at, g, w)
		return
	}
	for name, w := range want.NestedBlocks {
		g := got.NestedBlocks[name]
		if g.NestingMode != w.NestingMode || g.MinItems != w.MinItems || g.MaxItems != w.MaxItems {
			t.Errorf("%s.%s: %s %d to %d, the real provider has %s %d to %d", at, name, g.NestingMode, g.MinItems, g.MaxItems, w.NestingMode, w.MinItems, w.MaxItems)
		}
		compareBlocks(t, at+"."+name, g.Block, w.Block)
	}
}

// copyTree copies a folder to one of the test's own.
func copyTree(t *testing.T, from string) string {
	t.Helper()
	dir := harness.WorkDir(t)
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}
