package acceptance

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
)

var (
	providerExamples = filepath.Join("..", "generator", "provider", "examples")
	moduleExample    = filepath.Join(providerExamples, "resources", "bpgen_module")
)

// TestProviderExamples runs every configuration of the provider's documentation
// as its reader would: init, validate, apply, and a second plan that is empty.
// Every output has a value.
func TestProviderExamples(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	var examples []string
	for _, depth := range []string{"*", filepath.Join("*", "*")} {
		found, err := filepath.Glob(filepath.Join(providerExamples, depth, "*.tf"))
		if err != nil {
			t.Fatal(err)
		}
		examples = append(examples, found...)
	}
	if len(examples) == 0 {
		t.Fatal("there are no examples")
	}
	for _, name := range harness.Cores() {
		for _, example := range examples {
			if strings.HasPrefix(filepath.Base(example), "import-") {
				continue // TestProviderImportExamples runs it, with the resource.
			}
			short := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(example), filepath.ToSlash(providerExamples)+"/"), ".tf")
			t.Run(name+"/"+short, func(t *testing.T) {
				t.Parallel()
				r := exampleIn(t, name, harness.WorkDir(t), example)
				if _, err := r.Validate(); err != nil {
					t.Fatal(err)
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
				if want := len(regexp.MustCompile(`(?m)^output "`).FindAllString(text(t, example), -1)); len(outputs) != want {
					t.Errorf("%d outputs, not %d", len(outputs), want)
				}
				for name, v := range outputs {
					if v == nil || v == "" {
						t.Errorf("the output %q has no value", name)
					}
				}
			})
		}
	}
}

// exampleIn initialises a folder with examples. What their reader has besides
// is added: the provider's source where they do not name it, and the blueprints
// that they say are there.
func exampleIn(t *testing.T, core, dir string, examples ...string) *harness.Runner {
	t.Helper()
	all := ""
	for _, example := range examples {
		all += text(t, example)
		if err := harness.WriteFile(filepath.Join(dir, filepath.Base(example)), []byte(text(t, example))); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(all, "required_providers") {
		if err := harness.WriteFile(filepath.Join(dir, "requires.tf"), []byte(requiresBpgen)); err != nil {
			t.Fatal(err)
		}
	}
	if command := regexp.MustCompile("`bpgen (blueprint init .*?)`").FindStringSubmatch(all); command != nil {
		if code, stderr := harness.Bpgen(t, dir, strings.Fields(command[1])...); code != 0 {
			t.Fatal(stderr)
		}
	}
	c := harness.Find(t, core)
	r := c.In(t, dir, harness.OwnProvider(t, c))
	if err := r.Init(); err != nil {
		t.Fatal(err)
	}
	return r
}

// text reads a file.
func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestProviderImportExamples imports the module of the resource's example by the
// command and by the block that the documentation shows. There is nothing to do
// afterwards, and no file was touched.
func TestProviderImportExamples(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	resource, block := filepath.Join(moduleExample, "resource.tf"), filepath.Join(moduleExample, "import-by-string-id.tf")
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := exampleIn(t, name, harness.WorkDir(t), resource)
			if err := r.Apply(); err != nil {
				t.Fatal(err)
			}
			module := filepath.Join(r.Dir, "modules", "web")
			before := tree(t, module)
			forget := func() {
				t.Helper()
				if _, err := r.Run("", "state", "rm", "bpgen_module.web"); err != nil {
					t.Fatal(err)
				}
			}
			settled := func() {
				t.Helper()
				if err := r.Settled(); err != nil {
					t.Error(err)
				}
				if after := tree(t, module); !maps.Equal(after, before) || len(after) == 0 {
					t.Error("the import changed files")
				}
			}
			forget()
			if out, err := r.Shell(t, text(t, filepath.Join(moduleExample, "import.sh"))); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			settled()
			forget()
			if err := harness.WriteFile(filepath.Join(r.Dir, filepath.Base(block)), []byte(text(t, block))); err != nil {
				t.Fatal(err)
			}
			plan, err := r.Plan()
			if err != nil {
				t.Fatal(err)
			}
			if len(plan.ResourceChanges) != 1 || plan.ResourceChanges[0].Change.Importing == nil || !plan.ResourceChanges[0].Change.Actions.NoOp() {
				t.Errorf("the plan is not an import of one resource: %+v", plan.ResourceChanges)
			}
			if err := r.Apply(); err != nil {
				t.Fatal(err)
			}
			settled()
		})
	}
}

// TestQuickStart runs the quick start of the README as it stands, in the checkout
// and with a bin folder of its own.
func TestQuickStart(t *testing.T) {
	harness.Live(t)
	_, section, found := strings.Cut(text(t, filepath.Join("..", "README.md")), "\n## Inside Terraform\n")
	section, _, _ = strings.Cut(section, "\n## ")
	script := regexp.MustCompile("(?s)\n```sh\n(.*?)```\n").FindAllStringSubmatch(section, -1)
	if !found || len(script) != 1 {
		t.Fatalf("README.md has %d quick starts", len(script))
	}
	checkout, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			core := harness.Find(t, name)
			bin := t.TempDir()
			t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
			out, err := core.In(t, checkout, harness.NoProvider).Setenv("GOBIN="+bin, "TMPDIR="+t.TempDir(), "TF_CLI_ARGS=-no-color").Shell(t, script[0][1])
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"bpgen/bpgen in " + bin, `"service.tf"`, "1 to add, 0 to change, 0 to destroy"} {
				if !strings.Contains(out, want) {
					t.Errorf("the plan does not say %q:\n%s", want, out)
				}
			}
		})
	}
}

// TestFirstMinute runs the commands that each blueprint's README gives for the first
// minute, as they stand.
func TestFirstMinute(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for _, blueprint := range builtIn(t).Blueprints() {
		t.Run(blueprint, func(t *testing.T) {
			t.Parallel()
			_, section, found := strings.Cut(text(t, filepath.Join("..", "blueprints", blueprint, "README.md")), "\n## The first minute\n")
			section, _, _ = strings.Cut(section, "\n## ")
			script := regexp.MustCompile("(?s)\n```sh\n(.*?)```\n").FindStringSubmatch(section)
			if !found || script == nil || !strings.Contains(script[1], "bpgen render "+blueprint) {
				t.Fatalf("blueprints/%s/README.md does not say what to do first: make generate", blueprint)
			}
			core := harness.Either(t)
			provider := harness.SchemaAWS(t, core, "6")
			result := memory(t, blueprint, link.Flat, nil)
			commands := fileset.File{Path: "commands.sh", Bytes: []byte(script[1])}
			harness.Proven(t, core, provider, "TestFirstMinute 1", func() {
				r := core.In(t, harness.WorkDir(t), provider).Setenv("TF_CLI_ARGS=-no-color")
				out, err := r.Shell(t, "PATH="+filepath.Dir(harness.BpgenPath(t))+":$PATH\n"+script[1])
				if err != nil {
					t.Fatal(err)
				}
				if !regexp.MustCompile(`Success! [1-9][0-9]* passed, 0 failed`).MatchString(out) {
					t.Errorf("no test of the module passes:\n%s", out)
				}
			}, code(t, append(result.Files.Files(), commands)))
		})
	}
}

// TestProfilesAsDocumented plans with the values of a profile as the README says,
// and renders the module again beside the file for the provider.
func TestProfilesAsDocumented(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	_, section, found := strings.Cut(text(t, filepath.Join("..", "README.md")), "\n**Profiles.**")
	script := regexp.MustCompile("(?s)\n```sh\n(.*?)```\n").FindStringSubmatch(section)
	if !found || script == nil || !strings.Contains(script[1], "-var-file") {
		t.Fatal("README.md does not say how to plan with a profile")
	}
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := harness.Find(t, name)
			dir := harness.WorkDir(t)
			render := func(want string, args ...string) {
				t.Helper()
				if code, out := harness.Bpgen(t, dir, append([]string{"render"}, args...)...); code != 0 || !strings.Contains(out, want) {
					t.Fatalf("exit %d without %q: %s", code, want, out)
				}
			}
			render("files created", "ecs-fargate", "--out", "modules/web")
			r := core.In(t, dir, harness.SchemaAWS(t, core, "6")).Setenv("TF_CLI_ARGS=-no-color")
			out, err := r.Shell(t, script[1])
			if err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`Plan: [0-9]{2,} to add, 0 to change, 0 to destroy`).MatchString(out) {
				t.Errorf("no plan: %s", out)
			}
			render("Left alone (not written by bpgen): provider.tf", "--out", "modules/web", "--set", "alarms=false")
			if _, err := os.Stat(filepath.Join(dir, "modules", "web", "provider.tf")); err != nil {
				t.Error(err)
			}
			render("up to date", "--out", "modules/web", "--check")
		})
	}
}
