package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

const requiresBpgen = `terraform {
  required_providers {
    bpgen = {
      source  = "bpgen/bpgen"
      version = "` + harness.OwnVersion + `"
    }
  }
}
`

// TestProviderProgram takes the provider as users have it, installed by init and
// run by the cores: rows of the matrix are on the disk what bpgen itself writes
// there, a folder of BPGEN_PATH with a blueprint that does not parse is a warning
// that names the line, and a second plan is empty.
func TestProviderProgram(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	var picked []pick
	for _, name := range builtIn(t).Blueprints() {
		picked = append(picked, picks(t, name)...)
	}
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := harness.Find(t, name)
			dir := harness.WorkDir(t)
			team := filepath.Join(dir, "team")
			broken := filepath.Join(team, "blueprints", "broken", "blueprint.hcl")
			var config bytes.Buffer
			config.WriteString(requiresBpgen)
			for i, p := range picked {
				file := hclwrite.NewEmptyFile()
				block := file.Body().AppendNewBlock("data", []string{p.source, fmt.Sprintf("row%d", i)}).Body()
				block.SetAttributeValue("layout", cty.StringVal(string(p.layout)))
				for _, option := range slices.Sorted(maps.Keys(p.row)) {
					block.SetAttributeValue(option, p.row[option])
				}
				fmt.Fprintf(&config, "%s\noutput \"row%d\" {\n  value = data.%s.row%d.files\n}\n", file.Bytes(), i, p.source, i)
			}
			for path, content := range map[string][]byte{
				filepath.Join(dir, "main.tf"): hclwrite.Format(config.Bytes()),
				broken:                        []byte("blueprint \"broken\" {\n  version = \"1.0.0\"\n}\n\noption \"x\" {\n  type = \n}\n"),
			} {
				if err := harness.WriteFile(path, content); err != nil {
					t.Fatal(err)
				}
			}
			r := core.In(t, dir, harness.OwnProvider(t, core)).Setenv("BPGEN_PATH=" + team)
			if err := r.Init(); err != nil {
				t.Fatal(err)
			}
			out, err := r.Run("", "plan", "-no-color", "-input=false")
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"Blueprint cannot be used", `The blueprint "broken" has errors`, "team/blueprints/broken/blueprint.hcl line 6"} {
				if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
					t.Errorf("the plan does not say %q:\n%s", want, out)
				}
			}
			if err := r.Apply(); err != nil {
				t.Fatal(err)
			}
			if err := r.Settled(); err != nil {
				t.Error(err)
			}
			outputs, err := r.Outputs()
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range picked {
				files, ok := outputs[fmt.Sprintf("row%d", i)].(map[string]any)
				if !ok {
					t.Fatalf("row %d: %T", i, outputs[fmt.Sprintf("row%d", i)])
				}
				want := rendered(t, p.blueprint, p.row, p.layout)
				for _, own := range []string{".bpgen/base.zip", ".bpgen/.gitattributes"} {
					if want[own] == "" {
						t.Errorf("%s: bpgen render writes no %s", p.name, own)
					}
					delete(want, own) // added by what writes to the disk
				}
				for path, content := range want {
					if files[path] != content {
						t.Errorf("%s: %s is not what bpgen render writes", p.name, path)
					}
				}
				if len(files) != len(want) || len(files) == 0 {
					t.Errorf("%s: %d files, and bpgen render writes %d", p.name, len(files), len(want))
				}
			}
		})
	}
}

// A pick is a rendering that the provider makes, too.
type pick struct {
	blueprint, source string // the name, and the data source's type
	name              string // the options
	row               matrix.Row
	layout            link.Layout
}

// picks are the default of a blueprint and rows far from it, in both layouts.
func picks(t *testing.T, blueprint string) []pick {
	t.Helper()
	axes, all := covering(t, builtInBlueprint(t, blueprint))
	source := "bpgen_" + strings.ReplaceAll(blueprint, "-", "_")
	var out []pick
	for i, n := range []int{0, len(all) / 2, len(all) - 1, len(all) / 3} {
		p := pick{blueprint, source, blueprint + " " + label(all[n], axes), all[n], link.Flat}
		if i == 3 {
			p.layout = link.Nested
		}
		out = append(out, p)
	}
	return out
}

// rendered returns what bpgen itself writes to the disk, by path.
func rendered(t *testing.T, blueprint string, row matrix.Row, layout link.Layout) map[string]string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"render", blueprint, "--out", "out", "--layout", string(layout)}
	for name, v := range row {
		args = append(args, "--set", name+"="+resolve.Show(v))
	}
	if code, stderr := harness.Bpgen(t, dir, args...); code != 0 {
		t.Fatal(stderr)
	}
	files := map[string]string{}
	root := os.DirFS(filepath.Join(dir, "out"))
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, path)
		files[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestSelfService takes the example stack through its life: two services in two
// environments, each a module that is what bpgen writes for the same options.
func TestSelfService(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	want := map[string][]string{
		"shop-dev":    {"database=aurora-postgresql", "zones=2", "alarms=false", "pipeline=external"},
		"shop-prd":    {"database=aurora-postgresql", "zones=3", "alarms=true", "pipeline=external"},
		"reports-dev": {"cdn=false", "database=postgresql", "cache=none", "scheduled_tasks=true", "zones=2", "alarms=false", "pipeline=external"},
		"reports-prd": {"cdn=false", "database=postgresql", "cache=none", "scheduled_tasks=true", "zones=3", "alarms=true", "pipeline=external"},
	}
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := harness.Find(t, name)
			dir := copyTree(t, filepath.Join("..", "examples", "self-service"))
			r := core.In(t, dir, harness.OwnProvider(t, core))
			lifecycle(t, r)
			outputs, err := r.Outputs()
			if err != nil {
				t.Fatal(err)
			}
			for module, options := range want {
				args := []string{"render", "ecs-fargate", "--check", "--out", filepath.Join("modules", module)}
				for _, o := range options {
					args = append(args, "--set", o)
				}
				if code, stderr := harness.Bpgen(t, dir, args...); code != 0 {
					t.Errorf("%s is not what bpgen render writes: exit %d\n%s", module, code, stderr)
				}
				of := func(output string) any { return outputs[output].(map[string]any)[module] }
				required := "[domain_name hosted_zone_id image_tag]"
				if slices.Contains(options, "cdn=false") {
					required = "[domain_name hosted_zone_id image_tag load_balancer_ingress_cidr_blocks]"
				}
				if got := fmt.Sprint(of("required")); got != required {
					t.Errorf("%s: required: %s", module, got)
				}
				if got := fmt.Sprint(of("findings")); got != "[]" {
					t.Errorf("%s: findings: %s", module, got)
				}
				if got := fmt.Sprint(of("tfvars")); !strings.Contains(got, fmt.Sprintf("name     = %q\n", module)) {
					t.Errorf("%s: tfvars: %s", module, got)
				}
				zones := map[bool]int{true: 2, false: 3}[strings.HasSuffix(module, "-dev")]
				if got := of("subnets").(map[string]any)["app"].([]any); len(got) != zones {
					t.Errorf("%s: %d app subnets", module, len(got))
				}
			}
			// The ranges of the modules do not overlap.
			seen := map[any]string{}
			for module, plan := range outputs["subnets"].(map[string]any) {
				first := plan.(map[string]any)["app"].([]any)[0]
				if other, ok := seen[first]; ok {
					t.Errorf("%s and %s begin with %s", module, other, first)
				}
				seen[first] = module
			}
			if _, err := r.Run("", "destroy", "-auto-approve", "-no-color", "-input=false"); err != nil {
				t.Fatal(err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "modules", "*", "*.tf")); len(left) > 0 {
				t.Errorf("destroy left %q", left)
			}
		})
	}
}

// TestCidrPlan holds that the function cidr_plan says what a rendered module then
// plans for its subnets.
func TestCidrPlan(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	core := harness.Find(t, harness.Terraform) // OpenTofu's console knows no functions of providers.
	dir := harness.WorkDir(t)
	render(t, dir, "ecs-fargate", link.Flat, matrix.Row{"zones": cty.NumberIntVal(2)})
	r := core.In(t, dir, harness.SchemaAWS(t, core, "6"))
	if err := r.OnlyTypes(dir); err != nil {
		t.Fatal(err)
	}
	if err := r.Init(); err != nil {
		t.Fatal(err)
	}
	asking := t.TempDir()
	if err := harness.WriteFile(filepath.Join(asking, "main.tf"), []byte(requiresBpgen)); err != nil {
		t.Fatal(err)
	}
	ask := core.In(t, asking, harness.OwnProvider(t, core))
	if err := ask.Init(); err != nil {
		t.Fatal(err)
	}
	for cidr, weights := range map[string]string{
		"10.200.48.0/23": "{ app = 4, public = 2, datastore = 1 }",
		"10.0.0.0/16":    "{ app = 4, public = 2, datastore = 1 }",
		"172.16.8.0/22":  "{ app = 1, public = 1, datastore = 1 }",
		"10.1.0.0/20":    "{ app = 30, public = 5, datastore = 2 }",
	} {
		plan, err := r.Plan("-var", "vpc_cidr="+cidr, "-var", "subnet_weights="+weights,
			"-var", "name=shop", "-var", "domain_name=example.com", "-var", "hosted_zone_id=Z0123456789ABCDEFGHIJ", "-var", "image_tag=1")
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{}
		for _, rc := range plan.ResourceChanges {
			if rc.Type == "aws_subnet" {
				tier := strings.TrimPrefix(rc.Name, "network_")
				want[tier] = append(want[tier], rc.Change.After.(map[string]any)["cidr_block"].(string))
			}
		}
		got, err := ask.Console(fmt.Sprintf("jsonencode(provider::bpgen::cidr_plan(%q, { zones = 2, subnet_weights = %s }))", cidr, weights))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if unquoted, err := strconv.Unquote(got); err != nil || unquoted != string(text) || len(want) != 3 {
			t.Errorf("%s: cidr_plan says %s, the module plans %s", cidr, got, text)
		}
	}
}
