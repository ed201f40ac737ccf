package module_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/provider"
	"github.com/bpgen/bpgen/generator/resolve"
)

func TestMain(m *testing.M) {
	harness.Main(m) // The code is m's to end with.
	if built != "" {
		os.RemoveAll(built)
	}
}

// cores runs a test on Terraform and on OpenTofu, each in a working directory of
// its own. The provider runs in this process, so its working directory is ours
// and the tests are not parallel.
func cores(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	harness.Live(t)
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			core := harness.Find(t, name)
			t.Setenv("TF_ACC_TERRAFORM_PATH", core.Path)
			t.Setenv("TF_CLI_CONFIG_FILE", os.DevNull) // The user's has no say.
			t.Setenv("TF_ACC_PROVIDER_HOST", core.RegistryHost())
			t.Chdir(t.TempDir())
			test(t)
		})
	}
}

// run runs steps with the provider of the fixture.
func run(t *testing.T, gone resource.TestCheckFunc, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"bpgen": providerserver.NewProtocol6WithError(provider.New(provider.Environment{BuiltIn: builtIn(t), Version: "test"})),
		},
		CheckDestroy: gone,
		Steps:        steps,
	})
}

// config is a module "web" in the folder modules/web with more arguments.
func config(more string) string { return block("web", "modules/web", more) }

func block(name, path, more string) string {
	return fmt.Sprintf("resource \"bpgen_module\" %q {\n  path      = %q\n  blueprint = \"site\"\n%s\n}\n", name, path, more)
}

// rendered is what the command line would write.
func rendered(t *testing.T, inputs map[string]cty.Value) map[string]string {
	t.Helper()
	cat, diags := catalog.New(builtIn(t))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	req := generator.Request{Catalog: cat, Blueprint: "site"}
	for name, v := range inputs {
		req.Inputs = append(req.Inputs, resolve.Input{Name: name, Value: v, Source: "the configuration"})
	}
	res, diags := generator.Generate(t.Context(), req)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	out := map[string]string{}
	for _, f := range res.Files.Files() {
		out[f.Path] = string(f.Bytes)
	}
	return out
}

// stands holds that the folder modules/web holds these files, and that the state
// says so.
func stands(want func() map[string]string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		got := map[string]string{}
		for name, text := range want() {
			b, err := os.ReadFile(filepath.Join("modules/web", name))
			if err != nil {
				return err
			}
			if string(b) != text {
				return fmt.Errorf("%s: got %s\nwant %s", name, b, text)
			}
			got[name] = sum(text)
		}
		attrs := s.RootModule().Resources["bpgen_module.web"].Primary.Attributes
		if attrs["manifest_sha256"] != got[manifest] {
			return fmt.Errorf("manifest_sha256 is %s", attrs["manifest_sha256"])
		}
		delete(got, manifest)
		for name, s := range got {
			if attrs["files."+name] != s {
				return fmt.Errorf("files[%s] is %q, not %s", name, attrs["files."+name], s)
			}
		}
		if n := attrs["files.%"]; n != fmt.Sprint(len(got)) {
			return fmt.Errorf("files has %s elements, not %d", n, len(got))
		}
		return nil
	}
}

const manifest = ".bpgen/manifest.json"

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// empty holds that nothing is left.
func empty(*terraform.State) error {
	entries, err := os.ReadDir(".")
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("left behind: %v", entries)
	}
	return err
}

// only holds that nothing but these files is left in modules/web.
func only(names ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		err := filepath.WalkDir("modules/web", func(p string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				got = append(got, strings.TrimPrefix(filepath.ToSlash(p), "modules/web/"))
			}
			return err
		})
		if err == nil && !slices.Equal(got, names) {
			err = fmt.Errorf("%v is left, not %v", got, names)
		}
		return err
	}
}

// changes holds that a plan changes these files of bpgen_module.web and no
// others: "+" for one that comes, "~" for one that changes, "-" for one that goes.
type changes []string

// CheckPlan implements plancheck.PlanCheck.
func (want changes) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, rc := range req.Plan.ResourceChanges {
		if rc.Address != "bpgen_module.web" {
			continue
		}
		if got := fileChanges(rc.Change); !slices.Equal(got, want) {
			resp.Error = fmt.Errorf("the plan says %q, not %q", got, []string(want))
		}
		return
	}
	resp.Error = errors.New("the plan says nothing of bpgen_module.web")
}

func fileChanges(c *tfjson.Change) []string {
	files := func(v any) map[string]any {
		attrs, _ := v.(map[string]any)
		m, _ := attrs["files"].(map[string]any)
		return m
	}
	before, after := files(c.Before), files(c.After)
	var out []string
	for name := range after {
		if _, ok := before[name]; !ok {
			out = append(out, "+ "+name)
		} else if before[name] != after[name] {
			out = append(out, "~ "+name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			out = append(out, "- "+name)
		}
	}
	slices.Sort(out)
	return out
}

func preApply(c plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{c}}
}

// action holds that bpgen_module.web has this action in a plan.
func action(a plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction("bpgen_module.web", a)
}

func edit(t *testing.T, name, text string) func() {
	return func() { put(t, filepath.Join("modules/web", name), text) }
}

func remove(t *testing.T, name string) func() {
	return func() {
		if err := os.Remove(filepath.Join("modules/web", name)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLife takes a module from its creation to its end. After each step the
// testing library plans once more and holds that there is nothing to do.
func TestLife(t *testing.T) {
	cores(t, func(t *testing.T) {
		plain := rendered(t, nil)
		archived := rendered(t, map[string]cty.Value{"archive": cty.True})
		all := changes{}
		for name := range plain {
			if name != manifest {
				all = append(all, "+ "+name)
			}
		}
		slices.Sort(all)
		run(t, empty,
			resource.TestStep{ // Create.
				Config:           config(""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{action(plancheck.ResourceActionCreate), all}},
				Check: resource.ComposeAggregateTestCheckFunc(
					stands(func() map[string]string { return plain }),
					resource.TestCheckResourceAttr("bpgen_module.web", "id", "modules/web"),
					resource.TestCheckResourceAttr("bpgen_module.web", "version", "1.0.0"),
					resource.TestCheckResourceAttr("bpgen_module.web", "layout", "flat"),
					resource.TestCheckResourceAttr("bpgen_module.web", "on_conflict", "fail"),
				),
			},
			resource.TestStep{ // The same again is nothing.
				Config:           config(""),
				ConfigPlanChecks: preApply(plancheck.ExpectEmptyPlan()),
			},
			resource.TestStep{ // Another spelling of the path is the same folder.
				Config:           block("web", "./modules/../modules/web", ""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{action(plancheck.ResourceActionUpdate), changes(nil)}},
			},
			resource.TestStep{ // Update.
				Config:           config("options = { archive = true }"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{action(plancheck.ResourceActionUpdate), changes{"+ archive.tf", "~ README.md", "~ envs/long.tfvars", "~ variables.tf"}}},
				Check:            stands(func() map[string]string { return archived }),
			},
			resource.TestStep{ // Import finds what the manifest says.
				ResourceName: "bpgen_module.web", ImportState: true, ImportStateId: "modules/web", ImportStateVerify: true,
			},
			resource.TestStep{ // An edit shows as drift of that file.
				PreConfig: edit(t, "logs.tf", "# mine\n"), RefreshState: true, ExpectNonEmptyPlan: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{changes{"~ logs.tf"}}},
			},
			resource.TestStep{ // It is not overwritten unasked, and named.
				Config: config("options = { archive = true }"), ExpectError: regexp.MustCompile(`(?s)edited by hand.*logs\.tf.*on_conflict`),
			},
			resource.TestStep{
				Config:           config("options = { archive = true }\non_conflict = \"overwrite\""),
				ConfigPlanChecks: preApply(changes{"~ logs.tf"}),
				Check:            stands(func() map[string]string { return archived }),
			},
			resource.TestStep{ // A file that is gone comes again.
				PreConfig: remove(t, "logs.tf"), Config: config("options = { archive = true }"),
				ConfigPlanChecks: preApply(changes{"+ logs.tf"}),
				Check:            stands(func() map[string]string { return archived }),
			},
			resource.TestStep{ // The manifest, too.
				PreConfig: remove(t, manifest), Config: config("options = { archive = true }"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{action(plancheck.ResourceActionUpdate), changes(nil)}},
				Check:            stands(func() map[string]string { return archived }),
			},
			resource.TestStep{ // Less is more.
				Config:           config(""),
				ConfigPlanChecks: preApply(changes{"- archive.tf", "~ README.md", "~ envs/long.tfvars", "~ variables.tf"}),
				Check:            stands(func() map[string]string { return plain }),
			},
			resource.TestStep{ // Rendered otherwise by the command line: a plan back.
				PreConfig: func() {
					for name, text := range archived {
						put(t, filepath.Join("modules/web", name), text)
					}
				},
				Config: config("on_conflict = \"overwrite\""), Check: stands(func() map[string]string { return plain }),
			},
			resource.TestStep{ // All gone: created again.
				PreConfig: func() {
					if err := os.RemoveAll("modules"); err != nil {
						t.Fatal(err)
					}
				},
				Config: config(""), ConfigPlanChecks: preApply(action(plancheck.ResourceActionCreate)),
				Check: stands(func() map[string]string { return plain }),
			},
			resource.TestStep{ // Another folder: the old one goes.
				Config: block("web", "elsewhere/web", ""), ConfigPlanChecks: preApply(action(plancheck.ResourceActionReplace)),
				Check: func(*terraform.State) error {
					if m := read(t, "modules"); len(m) > 0 {
						return fmt.Errorf("files stay in modules: %v", m)
					}
					return nil
				},
			},
		)
	})
}

// TestKeep leaves edits alone, for as long as the configuration says so.
func TestKeep(t *testing.T) {
	cores(t, func(t *testing.T) {
		edited := func(inputs map[string]cty.Value, more map[string]string) func() map[string]string {
			return func() map[string]string {
				m := rendered(t, inputs)
				delete(m, manifest) // It says what bpgen wrote of them, not what another render would.
				for name, text := range more {
					m[name] = text
				}
				b, err := os.ReadFile(filepath.Join("modules/web", manifest))
				if err != nil {
					t.Fatal(err)
				}
				m[manifest] = string(b)
				return m
			}
		}
		run(t, only("archive.tf", "logs.tf"),
			resource.TestStep{Config: config("options = { archive = true }")},
			resource.TestStep{
				PreConfig:        edit(t, "logs.tf", "# mine\n"),
				Config:           config("on_conflict = \"keep\"\noptions = { archive = true }"),
				ConfigPlanChecks: preApply(changes(nil)),
				Check:            stands(edited(map[string]cty.Value{"archive": cty.True}, map[string]string{"logs.tf": "# mine\n"})),
			},
			resource.TestStep{ // A file that the module has no more stays, too.
				PreConfig:        edit(t, "archive.tf", "# mine, too\n"),
				Config:           config("on_conflict = \"keep\"\noptions = { days = 30 }"),
				ConfigPlanChecks: preApply(changes{"~ README.md", "~ envs/long.tfvars", "~ variables.tf"}),
				Check:            stands(edited(map[string]cty.Value{"days": cty.NumberIntVal(30)}, map[string]string{"logs.tf": "# mine\n", "archive.tf": "# mine, too\n"})),
			},
			resource.TestStep{ // Later runs know them as edited.
				Config:      config("options = { days = 30 }"),
				ExpectError: regexp.MustCompile(`(?s)edited by hand.*archive\.tf.*logs\.tf`),
			},
			resource.TestStep{ // The end keeps them.
				Config: config("on_conflict = \"keep\"\noptions = { days = 30 }"), ConfigPlanChecks: preApply(plancheck.ExpectEmptyPlan()),
			},
		)
	})
}

// TestImport takes over what the command line rendered.
func TestImport(t *testing.T) {
	cores(t, func(t *testing.T) {
		const more = "profile = \"long\"\nlayout = \"nested\"\noptions = { archive = true, tags = [\"a\", \"b\"] }"
		run(t, empty,
			resource.TestStep{Config: config(more)},
			resource.TestStep{ResourceName: "bpgen_module.web", ImportState: true, ImportStateId: "modules/web", ImportStateVerify: true},
			resource.TestStep{
				ResourceName: "bpgen_module.web", ImportState: true, ImportStateId: "./modules/web",
				ImportStateCheck: func(states []*terraform.InstanceState) error {
					a := states[0].Attributes
					for name, want := range map[string]string{"path": "./modules/web", "id": "modules/web", "profile": "long", "layout": "nested", "blueprint": "site", "version": "1.0.0", "on_conflict": "fail"} {
						if a[name] != want {
							return fmt.Errorf("%s is %q, not %q", name, a[name], want)
						}
					}
					return nil
				},
			},
			resource.TestStep{ResourceName: "bpgen_module.web", ImportState: true, ImportStateId: "no/such", ExpectError: regexp.MustCompile(`no directory "no/such"`)},
			resource.TestStep{ResourceName: "bpgen_module.web", ImportState: true, ImportStateId: "modules", ExpectError: regexp.MustCompile(`no\s+.bpgen/manifest.json`)},
			resource.TestStep{ResourceName: "bpgen_module.web", ImportState: true, ImportStateId: "/", ExpectError: regexp.MustCompile(`outside`)},
			resource.TestStep{ // By a block of the configuration, with nothing to do.
				Config: config(more), ConfigPlanChecks: preApply(plancheck.ExpectEmptyPlan()),
			},
		)
	})
}

// TestBadInput holds what each wrong configuration is told, and that nothing is
// written.
func TestBadInput(t *testing.T) {
	cases := map[string]struct {
		before map[string]string // files
		links  map[string]string
		config string
		want   string
	}{
		"unknown blueprint":     {config: strings.ReplaceAll(config(""), `"site"`, `"sight"`), want: `(?s)Unknown blueprint.*"other"\s+and\s+"site"`},
		"unknown option":        {config: config("options = { dayz = 1 }"), want: `(?s)Unknown option.*Did\s+you\s+mean\s+"days"`},
		"wrong type":            {config: config("options = { days = [] }"), want: `(?s)days`},
		"out of range":          {config: config("options = { days = 0 }"), want: `Not 0 days`},
		"options of no kind":    {config: config("options = \"x\""), want: `Options\s+must\s+be\s+an\s+object`},
		"unknown profile":       {config: config("profile = \"short\""), want: `(?s)Unknown profile.*long`},
		"unknown layout":        {config: config("layout = \"round\""), want: `flat`},
		"unknown on_conflict":   {config: config("on_conflict = \"ask\""), want: `overwrite`},
		"no path":               {config: block("web", "", ""), want: `at least 1`},
		"the working directory": {config: block("web", ".", ""), want: `is\s+or\s+contains\s+the\s+working\s+directory`},
		"above it":              {config: block("web", "modules/../..", ""), want: `outside`},
		"an absolute path":      {config: block("web", "/usr/share/web", ""), want: `(?s)outside.*allowed_paths`},
		"a link out of it":      {links: map[string]string{"modules": os.TempDir()}, config: config(""), want: `outside`},
		"a link":                {before: map[string]string{"real/x": ""}, links: map[string]string{"web": "real"}, config: block("web", "web", ""), want: `symbolic\s+link`},
		"a file":                {before: map[string]string{"modules/web": "x"}, config: config(""), want: `is\s+a\s+file`},
		"a file above":          {before: map[string]string{"modules": "x"}, config: config(""), want: `(?s)modules`},
		"foreign files":         {before: map[string]string{"modules/web/main.tf": "x", "modules/web/y": ""}, config: config(""), want: `(?s)did\s+not\s+write.*main\.tf.*y`},
		"a broken manifest":     {before: map[string]string{"modules/web/" + manifest: "{"}, config: config(""), want: `cannot\s+read`},
		"two modules":           {config: config("") + block("web2", "./modules/web", ""), want: `(?s)another\s+bpgen_module.*path\s+=\s+"(./)?modules/web"`},
		"one module in another": {config: config("") + block("web2", "modules/web/inner", ""), want: `are\s+nested`},
		"one path for many":     {config: config("count = 2"), want: `another\s+bpgen_module`},
	}
	cores(t, func(t *testing.T) {
		for _, name := range sortedKeys(cases) {
			tt := cases[name]
			t.Run(name, func(t *testing.T) {
				t.Chdir(t.TempDir())
				for file, text := range tt.before {
					put(t, file, text)
				}
				for from, to := range tt.links {
					if err := os.Symlink(to, from); err != nil {
						t.Fatal(err)
					}
				}
				before := read(t, ".")
				run(t, nil, resource.TestStep{Config: tt.config, PlanOnly: true, ExpectError: regexp.MustCompile(tt.want)})
				if after := read(t, "."); len(after) != len(before) {
					t.Errorf("something was written: %v", after)
				}
			})
		}
	})
}

// TestAllowedPath writes where the provider's configuration allows it.
func TestAllowedPath(t *testing.T) {
	cores(t, func(t *testing.T) {
		away := t.TempDir()
		run(t, empty,
			resource.TestStep{
				Config: fmt.Sprintf("provider \"bpgen\" {\n  allowed_paths = [%q]\n}\n", away) + block("web", filepath.Join(away, "web"), ""),
				Check:  resource.TestCheckResourceAttr("bpgen_module.web", "id", filepath.ToSlash(filepath.Join(away, "web"))),
			},
		)
		if m := read(t, away); len(m) > 0 {
			t.Errorf("files stay: %v", m)
		}
	})
}

// TestUnknown puts off what is not known while planning, and says what is wrong
// all the same.
func TestUnknown(t *testing.T) {
	cores(t, func(t *testing.T) {
		unknown := plancheck.ExpectUnknownValue("bpgen_module.web", tfjsonpath.New("files"))
		run(t, empty,
			resource.TestStep{
				Config:      "resource \"terraform_data\" \"x\" {\n  input = 30\n}\n" + config("options = { dayz = 1, days = terraform_data.x.output }"),
				PlanOnly:    true,
				ExpectError: regexp.MustCompile(`Unknown option`),
			},
			resource.TestStep{
				Config:           "resource \"terraform_data\" \"x\" {\n  input = 30\n}\n" + config("options = { days = terraform_data.x.output }"),
				ConfigPlanChecks: preApply(unknown),
				Check:            stands(func() map[string]string { return rendered(t, map[string]cty.Value{"days": cty.NumberIntVal(30)}) }),
			},
			resource.TestStep{ // All of the options, and the path.
				Config: "resource \"terraform_data\" \"x\" {\n  input = { days = 60 }\n}\nresource \"terraform_data\" \"y\" {\n  input = \"modules/web\"\n}\n" +
					strings.ReplaceAll(config("options = terraform_data.x.output"), `"modules/web"`, "terraform_data.y.output"),
				ConfigPlanChecks: preApply(unknown),
				Check:            stands(func() map[string]string { return rendered(t, map[string]cty.Value{"days": cty.NumberIntVal(60)}) }),
			},
		)
	})
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
