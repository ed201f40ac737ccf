package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/templates"
)

// TestPrintedBlueprints: the blueprints that README.md and ARCHITECTURE.md print
// are checked and rendered as they stand, over the template that bpgen blueprint
// init writes, and what is rendered is clean.
func TestPrintedBlueprints(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"artifact-store": "../../README.md", "site": "../ARCHITECTURE.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "platform")
			out := filepath.Join(t.TempDir(), "out")
			bpgen(t, "blueprint", "init", dir)
			place := filepath.Join(dir, "blueprints", name)
			if err := os.RemoveAll(filepath.Join(dir, "blueprints")); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(place, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(place, "blueprint.hcl"), []byte(printed(t, file, name)), 0o600); err != nil {
				t.Fatal(err)
			}
			if said := bpgen(t, "blueprint", "check", name, "--blueprint-dir", dir); !strings.Contains(said, "no errors in 13 combinations") || strings.Contains(said, "Warning") {
				t.Error(said)
			}
			bpgen(t, "render", name, "--blueprint-dir", dir, "--out", out)
			if said := bpgen(t, "vet", out); !strings.Contains(said, "0 errors, 0 warnings") {
				t.Error(said)
			}
			test, err := os.ReadFile(filepath.Join(out, "tests", "module.tftest.hcl"))
			if err != nil || !strings.Contains(string(test), "example-artifacts") {
				t.Errorf("the shipped test has no value of the example: %v\n%s", err, test)
			}
		})
	}
}

// TestBeforeAndAfter: what README.md prints of a template and of a rendering stands
// there, line by line.
func TestBeforeAndAfter(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)```hcl\n# ((?:templates|examples)/\\S+)\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(shown) != 2 {
		t.Fatalf("README.md shows %d files", len(shown))
	}
	for _, m := range shown {
		src, err := os.ReadFile(filepath.Join("../..", m[1]))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(m[2]) {
			if !strings.Contains(string(src), "\n"+line) {
				t.Errorf("%s has no line\n%s", m[1], line)
			}
		}
	}
}

// printed returns the blueprint of that name from a document.
func printed(t *testing.T, file, name string) string {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?s)```hcl\n(.*?)```").FindAllStringSubmatch(string(src), -1) {
		if strings.Contains(m[1], `blueprint "`+name+`" {`) {
			return m[1]
		}
	}
	t.Fatalf("%s prints no blueprint %q", file, name)
	return ""
}

// bpgen runs a command that must succeed and returns what it says.
func bpgen(t *testing.T, args ...string) string {
	t.Helper()
	ios, _, out, errOut := iostreams.Test()
	if code := cli.Main(t.Context(), ios, args, templates.FS, blueprints.FS); code != 0 {
		t.Fatalf("bpgen %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errOut)
	}
	return out.String() + errOut.String()
}

// TestPrintedVersions: the README asks for the releases that rendered modules ask for.
func TestPrintedVersions(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile("Terraform \\((\\d+\\.\\d+) or newer\\) and OpenTofu \\((\\d+\\.\\d+), or (\\d+\\.\\d+) with `target = \"opentofu\"`\\)").FindStringSubmatch(string(readme))
	if said == nil {
		t.Fatal("the README does not say which releases modules work with")
	}
	for i, target := range []string{"terraform", "both", "opentofu"} {
		out := filepath.Join(t.TempDir(), target)
		bpgen(t, "render", "ecs-fargate", "--set", "target="+target, "--out", out)
		versions, err := os.ReadFile(filepath.Join(out, "versions.tf"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(versions), `required_version = ">= `+said[i+1]+`.`) {
			t.Errorf("for the target %s the README says %s, the module\n%s", target, said[i+1], versions)
		}
	}
}
