package module_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// built is the folder of binary, for TestMain to remove.
var built string

// binary is the folder that holds the provider, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "bpgen-provider-")
	if err != nil {
		return "", err
	}
	built = dir
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "terraform-provider-bpgen"), "../terraform-provider-bpgen").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return dir, nil
})

// A stack is a configuration in a folder of its own, which the real programs
// plan and apply with the real provider.
type stack struct {
	t    *testing.T
	dir  string
	core harness.Core
	env  []string
}

// stacks runs a test with each core and a folder of the platform team, which
// holds the blueprints of the fixture.
func stacks(t *testing.T, test func(t *testing.T, begin func(t *testing.T) *stack, team string)) {
	t.Helper()
	harness.Live(t)
	provider, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := harness.Find(t, name)
			team := t.TempDir()
			for name, f := range platform() {
				put(t, filepath.Join(team, name), string(f.Data))
			}
			settings := filepath.Join(t.TempDir(), "cli.tfrc")
			put(t, settings, fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"bpgen/bpgen\" = %q\n  }\n}\n", provider))
			test(t, func(t *testing.T) *stack {
				return &stack{t: t, dir: t.TempDir(), core: core, env: append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")}
			}, team)
		})
	}
}

// write sets the configuration.
func (s *stack) write(team, allowed, text string) {
	s.t.Helper()
	put(s.t, filepath.Join(s.dir, "main.tf"), fmt.Sprintf("terraform {\n  required_providers {\n    bpgen = {\n      source = \"bpgen/bpgen\"\n    }\n  }\n}\n\nprovider \"bpgen\" {\n  blueprint_dirs = [%q]\n  allowed_paths  = [%s]\n}\n\n", team, allowed)+text)
}

// run runs a command of the core and returns what it said, with lines joined as
// they were before the core broke them.
func (s *stack) run(args ...string) (string, error) {
	cmd := exec.Command(s.core.Path, append(args, "-no-color")...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Error(err)
	}
	return regexp.MustCompile(`\s*\n[│╷╵\s]*`).ReplaceAllString(string(out), " "), err
}

// ok is run that must succeed and say all of this.
func (s *stack) ok(args []string, want ...string) {
	s.t.Helper()
	out, err := s.run(args...)
	if err != nil {
		s.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	s.says(out, want)
}

// fails is run that must fail and say all of this.
func (s *stack) fails(args []string, want ...string) {
	s.t.Helper()
	out, err := s.run(args...)
	if err == nil {
		s.t.Fatalf("%v: no error\n%s", args, out)
	}
	s.says(out, want)
}

func (s *stack) says(out string, want []string) {
	s.t.Helper()
	for _, w := range want {
		if !strings.Contains(out, w) {
			s.t.Errorf("it does not say %q: %s", w, out)
		}
	}
}

func (s *stack) path(name string) string { return filepath.Join(s.dir, name) }

var (
	plan    = []string{"plan"}
	apply   = []string{"apply", "-auto-approve"}
	destroy = []string{"destroy", "-auto-approve"}
)

const noChanges = "No changes."

// TestDestroyKeepsEdits destroys a module that was edited, under the default of
// on_conflict.
func TestDestroyKeepsEdits(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		s.write(team, "", config(""))
		s.ok(apply)
		put(t, s.path("modules/web/logs.tf"), "# mine\n")
		put(t, s.path("modules/web/extra.tf"), "# mine\n")
		before := read(t, s.path("modules"))
		// The plan shows the edit and warns; the apply is refused and names it.
		s.ok(plan, `~ "logs.tf"`, "edited by hand", "logs.tf", "will fail")
		s.fails(apply, "edited by hand", "logs.tf", "on_conflict")
		if after := read(t, s.path("modules")); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("something was written: %v", after)
		}
		s.ok([]string{"plan", "-destroy"}, "Files will not be removed", "logs.tf", "extra.tf")
		s.ok(destroy, "Files not removed", "Edited by hand since bpgen wrote them: logs.tf", "Not written by bpgen: extra.tf")
		if after := read(t, s.path("modules")); len(after) != 2 {
			t.Errorf("%v", after)
		}
	})
}

// TestForeignFilesBeside stand in nobody's way unless the module needs their names.
func TestForeignFilesBeside(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		s.write(team, "", config(""))
		s.ok(apply)
		put(t, s.path("modules/web/extra.tf"), "# mine\n")
		s.ok(plan, noChanges)
		put(t, s.path("modules/web/archive.tf"), "# mine\n")
		s.write(team, "", config("options = { archive = true }"))
		s.fails(apply, "did not write", "archive.tf")
		if err := os.Remove(s.path("modules/web/archive.tf")); err != nil {
			t.Fatal(err)
		}
		s.ok(apply)
		s.ok(plan, noChanges)
		if m := read(t, s.path("modules/web")); m["extra.tf"] != "# mine\n" || m["archive.tf"] == "" {
			t.Errorf("%v", m)
		}
	})
}

// TestDataIsLost warns in the plan of a database that goes.
func TestDataIsLost(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		with := func(options string) string {
			return strings.ReplaceAll(config("options = { "+options+" }"), `"site"`, `"ecs-fargate"`)
		}
		s.write(team, "", with(`database = "mysql", cache = "none"`))
		s.ok(apply)
		s.write(team, "", with(`database = "mariadb", cache = "none"`))
		s.ok(plan, "Data will be lost", "aws_db_instance.database: replaced, because the engine changes")
		s.write(team, "", with(`database = "none", cache = "none"`))
		s.ok(plan, "Data will be lost", "aws_db_instance.database: no longer in the module")
		s.write(team, "", with(`database = "mysql", cache = "none", alarms = false`))
		if out, err := s.run(plan...); err != nil || strings.Contains(out, "Data will be lost") {
			t.Error(err, out)
		}
		nested := func(options string) string {
			return strings.Replace(with(options), "options =", "layout = \"nested\"\noptions =", 1)
		}
		s.write(team, "", nested(`database = "mysql", cache = "none"`))
		s.ok(plan, "Data will be lost", "aws_db_instance.database: no longer") // The address is another one.
		s.ok(apply)
		s.write(team, "", nested(`database = "mariadb", cache = "none"`))
		s.ok(plan, "Data will be lost", "module.database.aws_db_instance.this: replaced")
	})
}

// TestHalfWritten tells of an in-place write that was interrupted, takes no such
// folder for a module, and lets an apply go on.
func TestHalfWritten(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		s.write(team, "", config(""))
		s.ok(apply)
		put(t, s.path("modules/web/.bpgen/tmp-0123456789abcdef/journal.json"), "{}")
		put(t, s.path("modules/web/logs.tf"), "# half\n")
		s.ok(plan, "Directory half written", `~ "logs.tf"`)
		other := begin(t)
		other.write(team, fmt.Sprintf("%q", s.dir), strings.Replace(config(""), "modules/web", s.path("modules/web"), 1))
		other.fails([]string{"import", "bpgen_module.web", s.path("modules/web")}, "Module not imported", "is half written")
		if err := os.RemoveAll(s.path("modules/web/.bpgen/tmp-0123456789abcdef")); err != nil {
			t.Fatal(err)
		}
		s.write(team, "", config(`on_conflict = "overwrite"`))
		s.ok(apply)
		s.ok(plan, noChanges)
	})
}

// TestRename renames a resource, with and without saying so.
func TestRename(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		s.write(team, "", config(""))
		s.ok(apply)
		before := read(t, s.path("modules"))
		renamed := strings.ReplaceAll(config(""), `"web" {`, `"site" {`)
		s.write(team, "", renamed)
		s.fails(plan, "another bpgen_module", "moved block")
		s.write(team, "", renamed+"moved {\n  from = bpgen_module.web\n  to   = bpgen_module.site\n}\n")
		s.ok(apply, "has moved to")
		s.ok(plan, noChanges)
		if after := read(t, s.path("modules")); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("something was written: %v", after)
		}
		// One more on the same path beside the one that is there.
		s.write(team, "", renamed+block("second", "modules/web/", ""))
		s.fails(plan, "another bpgen_module", "a directory of its own")
		// Exchanged paths.
		s.write(team, "", renamed+block("second", "modules/second", ""))
		s.ok(apply)
		s.write(team, "", strings.ReplaceAll(renamed, "modules/web", "modules/second")+block("second", "modules/web", ""))
		s.fails(plan, "another bpgen_module")
	})
}

// TestReplace destroys and creates in one apply, in both orders.
func TestReplace(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		s.write(team, "", config(""))
		s.ok(apply)
		before := read(t, s.path("modules"))
		s.ok([]string{"apply", "-auto-approve", "-replace=bpgen_module.web"}, "1 added", "1 destroyed")
		s.ok(plan, noChanges)
		s.write(team, "", config("lifecycle {\n    create_before_destroy = true\n  }"))
		s.ok([]string{"apply", "-auto-approve", "-replace=bpgen_module.web"}, "1 added", "1 destroyed", "left in place")
		s.ok(plan, noChanges)
		if after := read(t, s.path("modules")); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("other files: %v", after)
		}
		s.ok(destroy)
		if _, err := os.Stat(s.path("modules/web")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the directory stays: %v", err)
		}
	})
}

// TestTwoStates has two configurations with states of their own on one path.
func TestTwoStates(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		share := t.TempDir()
		path, allowed := filepath.Join(share, "modules", "web"), fmt.Sprintf("%q", share)
		a, b := begin(t), begin(t)
		a.write(team, allowed, block("a", path, "options = { days = 30 }"))
		b.write(team, allowed, block("b", path, "options = { days = 60 }"))
		// At once: one is first, the other is told of it.
		errs := make([]error, 2)
		outs := make([]string, 2)
		var wg sync.WaitGroup
		for i, s := range []*stack{a, b} {
			wg.Go(func() { outs[i], errs[i] = s.run(apply...) })
		}
		wg.Wait()
		first, second, days := a, b, "30"
		if errs[0] != nil {
			first, second, days = b, a, "60"
		}
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both ended alike: %v\n%s\n%s", errs, outs[0], outs[1])
		}
		second.says(outs[map[bool]int{true: 1, false: 0}[first == a]], []string{"another bpgen_module", `blueprint = "site"`, `other values of the options "days"`})
		if m := read(t, path); !strings.Contains(m["logs.tf"], "= "+days) {
			t.Errorf("not the first one's: %v", m)
		}
		first.ok(plan, noChanges)
		// Later the plan says so.
		second.fails(plan, "another bpgen_module", `other values of the options "days"`)

		// Who is told to, takes the folder; the other sees it and leaves it alone.
		more := fmt.Sprintf("options = { days = %s }\n  on_conflict = \"overwrite\"", map[string]string{"30": "60", "60": "30"}[days])
		second.write(team, allowed, block("x", path, more))
		second.ok(apply)
		taken := read(t, path)
		first.ok(plan, "another module", "will fail")
		first.fails(apply, "another bpgen_module")
		first.ok(destroy, "left in place")
		if after := read(t, path); fmt.Sprint(after) != fmt.Sprint(taken) {
			t.Errorf("the other's files: %v", after)
		}
		second.ok(plan, noChanges)
		second.ok(destroy)
		if entries, err := os.ReadDir(path); err == nil {
			t.Errorf("left behind: %v", entries)
		}
	})
}

// TestTwoInOneState imports a module twice, is told so, and lets one go.
func TestTwoInOneState(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		s.write(team, "", config(""))
		s.ok(apply)
		before := read(t, s.path("modules"))
		s.write(team, "", config("")+block("second", "modules/web", ""))
		s.ok([]string{"import", "bpgen_module.second", "modules/web"})
		s.fails(plan, "another bpgen_module", "is already there")
		s.write(team, "", config(""))
		s.fails(plan, "another bpgen_module", "destroy = false")
		s.write(team, "", config("")+"removed {\n  from = bpgen_module.second\n  lifecycle {\n    destroy = false\n  }\n}\n")
		s.ok(apply)
		s.ok(plan, noChanges)
		if after := read(t, s.path("modules")); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("other files: %v", after)
		}
	})
}

// TestOtherBytes plans a change where a newer blueprint renders other files, and
// applies no plan that is not true any more.
func TestOtherBytes(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		s.write(team, "", config(""))
		s.ok(apply)
		s.ok(plan, noChanges)
		blueprint := filepath.Join(team, "blueprints/site/blueprint.hcl")
		newer := strings.ReplaceAll(strings.ReplaceAll(siteBlueprint, `"1.0.0"`, `"1.1.0"`), "default     = 7", "default     = 14")
		put(t, blueprint, newer)
		s.ok([]string{"plan", "-out=saved"}, `"1.0.0" -> "1.1.0"`, `~ "logs.tf"`, "1 to change")
		before := read(t, s.path("modules"))
		put(t, blueprint, strings.ReplaceAll(newer, "= 14", "= 90"))
		s.fails([]string{"apply", "saved"})
		if after := read(t, s.path("modules")); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("something was written: %v", after)
		}
		s.ok(apply)
		s.ok(plan, noChanges)
		if m := read(t, s.path("modules/web")); !strings.Contains(m["logs.tf"], "= 90") {
			t.Errorf("not the newest: %s", m["logs.tf"])
		}
	})
}

// TestCommandLine takes turns with bpgen render on one folder.
func TestCommandLine(t *testing.T) {
	stacks(t, func(t *testing.T, begin func(*testing.T) *stack, team string) {
		s := begin(t)
		render := func(args ...string) {
			t.Helper()
			if code, out := harness.Bpgen(t, s.dir, append([]string{"render", "site", "--blueprint-dir", team, "--out", "modules/web"}, args...)...); code != 0 {
				t.Fatal(out)
			}
		}
		// What the command line rendered is taken over by import, or as it is.
		render("--set", "days=30", "--profile", "long", "--set", "archive=true")
		imported := config("profile = \"long\"\noptions = { archive = true }") + "import {\n  to = bpgen_module.web\n  id = \"modules/web\"\n}\n"
		s.write(team, "", imported)
		s.ok(plan, "1 to import, 0 to add, 0 to change, 0 to destroy")
		s.write(team, "", config("profile = \"long\"\noptions = { archive = true }"))
		s.ok(apply, "1 added")
		before := read(t, s.path("modules"))
		render() // With the options of the manifest, which the provider wrote.
		s.ok(plan, noChanges)
		render("--profile", "long", "--set", "archive=true")
		s.ok(plan, noChanges)
		if after := read(t, s.path("modules")); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("other files: %v", after)
		}
		// What is another module to Terraform is not taken unasked.
		render("--reset-options", "--set", "days=5", "--allow-destroy", "aws_cloudwatch_log_group.archive")
		s.ok(plan, `+ "archive.tf"`, "another module", `other values of the options "archive", "days"`)
		s.fails(apply, "another bpgen_module")
		s.write(team, "", config("profile = \"long\"\noptions = { archive = true }\non_conflict = \"overwrite\""))
		s.ok(apply)
		if after := read(t, s.path("modules")); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("other files: %v", after)
		}
	})
}
