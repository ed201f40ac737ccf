package harness

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
)

func TestFindMirror(t *testing.T) {
	core := Core{Name: Terraform}
	make := func(host, version, file string) string {
		mirror := t.TempDir()
		dir := packageDir(mirror, host, version)
		if err := WriteFile(filepath.Join(dir, file), []byte("x")); err != nil {
			t.Fatal(err)
		}
		return mirror
	}
	good := make("registry.terraform.io", RealVersion, "terraform-provider-aws_v"+RealVersion+"_x5")
	tofus := make("registry.opentofu.org", RealVersion, "terraform-provider-aws_v"+RealVersion+"_x5")
	older := make("registry.terraform.io", "5.99.0", "terraform-provider-aws_v5.99.0_x5")
	empty := make("registry.terraform.io", RealVersion, "LICENSE.txt")

	tests := []struct {
		name  string
		named string
		usual []string
		want  string // "" for an error
	}{
		{"named", good, nil, packageDir(good, "registry.terraform.io", RealVersion)},
		{"usual", "", []string{older, good}, packageDir(good, "registry.terraform.io", RealVersion)},
		{"under the other registry", "", []string{tofus}, packageDir(tofus, "registry.opentofu.org", RealVersion)},
		{"named before usual", tofus, []string{good}, packageDir(tofus, "registry.opentofu.org", RealVersion)},
		{"none", "none", []string{good}, ""},
		{"named without it", older, []string{good}, ""},
		{"named without the binary", empty, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := findMirror(tt.named, tt.usual, core)
			if got != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestBaseEnvKeepsNothingThatChangesAnswers(t *testing.T) {
	t.Setenv("TF_VAR_name", "mine")
	t.Setenv("TF_CLI_ARGS", "-no-such-flag")
	t.Setenv("AWS_PROFILE", "production")
	t.Setenv("BPGEN_PATH", "/team")
	t.Setenv("HARNESS_OTHER", "stays")
	env := baseEnv("cli.tfrc")
	for _, gone := range []string{"TF_VAR_name=mine", "TF_CLI_ARGS=-no-such-flag", "AWS_PROFILE=production", "BPGEN_PATH=/team"} {
		if slices.Contains(env, gone) {
			t.Errorf("%s reaches the core", gone)
		}
	}
	for _, there := range []string{"HARNESS_OTHER=stays", "TF_CLI_CONFIG_FILE=cli.tfrc", "CHECKPOINT_DISABLE=1", "AWS_REGION=eu-west-1"} {
		if !slices.Contains(env, there) {
			t.Errorf("%s is not set", there)
		}
	}
}

func TestRequired(t *testing.T) {
	t.Setenv(EnvRequire, "terraform,mirror")
	for thing, want := range map[string]bool{"terraform": true, "tofu": false, "mirror": true, "mir": false, "": false} {
		if required(thing) != want {
			t.Errorf("required(%q) = %t", thing, !want)
		}
	}
}

// fakeT records how a test ended: by the first call, as the others would not be
// reached.
type fakeT struct {
	testing.TB
	ended string
}

func (f *fakeT) end(how string) {
	if f.ended == "" {
		f.ended = how
	}
}
func (f *fakeT) Helper()               {}
func (f *fakeT) Skipf(string, ...any)  { f.end("skipped") }
func (f *fakeT) Fatalf(string, ...any) { f.end("failed") }
func (f *fakeT) Fatal(...any)          { f.end("failed") }

func TestMissing(t *testing.T) {
	t.Setenv(EnvTerraform, "")
	for require, want := range map[string]string{"": "skipped", "tofu": "skipped", "terraform": "failed", "tofu,terraform": "failed"} {
		t.Setenv(EnvRequire, require)
		f := &fakeT{TB: t}
		missing(f, Terraform, EnvTerraform, os.ErrNotExist)
		if f.ended != want {
			t.Errorf("%s=%q: the test was %s, want %s", EnvRequire, require, f.ended, want)
		}
	}
}

func TestMissingThoughNamed(t *testing.T) {
	t.Setenv(EnvRequire, "")
	t.Setenv(EnvTerraform, "/none")
	f := &fakeT{TB: t}
	missing(f, Terraform, EnvTerraform, os.ErrNotExist)
	if f.ended != "failed" {
		t.Errorf("%s is wrong and the test was %s", EnvTerraform, f.ended)
	}
}

// A binary that a variable names is used or refused, never passed over.
func TestLocate(t *testing.T) {
	dir := t.TempDir()
	script := func(name, version string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("#!/bin/sh\necho '{\"terraform_version\": \""+version+"\"}'\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct{ name, path, want string }{
		{"good", script("good", "1.14.2"), ""},
		{"a major version on", script("next", "2.0.0"), ""},
		{"too old", script("old", "1.10.5"), "1.11 is the oldest"},
		{"odd", script("odd", "main"), "odd version"},
		{"missing", filepath.Join(dir, "none"), "no such file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv(EnvTerraform, tt.path)
			core, err := locate(Terraform)
			switch {
			case tt.want == "" && (err != nil || core.Path != tt.path):
				t.Errorf("got %+v, %v", core, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestOnlyTypes(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"main.tf":                       "resource \"aws_vpc\" \"this\" {\n  timeouts {}\n  dynamic \"rule\" {\n    for_each = var.rules\n  }\n}\n  data \"aws_region\" \"current\" {}\n# resource \"aws_comment\" \"x\" {}\n",
		"modules/a/main.tf":             "resource aws_subnet this {\n}\n",
		"tests/x.tftest.hcl":            "mock_resource \"aws_mocked\" {\n}\ncondition = aws_vpc.this.part[0].x\n",
		"examples/complete/main.tf":     "resource \"terraform_data\" \"x\" {}\n",
		"examples/complete/override.tf": "resource \"aws_vpc\" \"other\" {\n}\n",
	}
	for name, text := range files {
		if err := WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	r := &Runner{}
	if err := r.OnlyTypes(dir); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.env, " "); got != "AWSSCHEMA_ONLY=aws_region,aws_subnet,aws_vpc" {
		t.Errorf("got %s", got)
	}
	r = &Runner{}
	if err := r.OnlyNames(dir); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.env, " "); got != "AWSSCHEMA_ONLY=aws_region,aws_subnet,aws_vpc,part,rule,rules,this,timeouts,x" {
		t.Errorf("got %s", got)
	}
}

func TestWriteFiles(t *testing.T) {
	var set fileset.Set
	if err := set.Add("a/b.tf", []byte("x")); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := WriteFiles(dir, set); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "a", "b.tf")); err != nil || string(got) != "x" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestReport(t *testing.T) {
	var out bytes.Buffer
	report(&out, []string{"tofu 1.12.6", "awsschema took its place"})
	if got := out.String(); got != "acceptance: awsschema took its place\nacceptance: tofu 1.12.6\n" {
		t.Errorf("got %q", got)
	}
}

// Lines of both cores, shortened: OpenTofu tells no progress.
func TestParseTest(t *testing.T) {
	plan := `{"type":"test_plan","@testfile":"tests/a.tftest.hcl","@testrun":"one","test_plan":{"plan_format_version":"1.2","resource_changes":[{"address":"aws_vpc.this","mode":"managed","type":"aws_vpc","name":"this","change":{"actions":["create"],"after":{"n":12345678901234567890}}}]}}`
	tests := []struct {
		name   string
		in     string
		want   string // status of the runs
		passed int
		failed int
		errors string
	}{
		{"terraform", `{"type":"version","terraform":"1.11.4"}
{"type":"test_run","@testfile":"tests/a.tftest.hcl","@testrun":"one","test_run":{"path":"tests/a.tftest.hcl","run":"one","progress":"starting"}}
{"type":"test_run","@testfile":"tests/a.tftest.hcl","@testrun":"one","test_run":{"path":"tests/a.tftest.hcl","run":"one","progress":"complete","status":"pass"}}
` + plan + `
{"type":"test_run","@testfile":"tests/a.tftest.hcl","@testrun":"two","test_run":{"run":"two","progress":"complete","status":"fail"}}
{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"Old","detail":"no matter"}}
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Test assertion failed","detail":"x is not b","range":{"filename":"tests/a.tftest.hcl","start":{"line":15,"column":17,"byte":285},"end":{"line":15,"column":32,"byte":300}}}}
{"type":"test_summary","test_summary":{"status":"fail","passed":1,"failed":1,"errored":0,"skipped":0}}`,
			"pass fail", 1, 1, "tests/a.tftest.hcl:15: Test assertion failed: x is not b"},
		{"opentofu", `{"type":"test_run","@testfile":"tests/a.tftest.hcl","@testrun":"one","test_run":{"run":"one","status":"pass"}}
` + plan + `
{"type":"test_summary","test_summary":{"status":"pass","passed":1,"failed":0,"errored":0,"skipped":0}}`,
			"pass", 1, 0, ""},
		{"errored", `{"type":"test_summary","test_summary":{"status":"error","passed":0,"failed":0,"errored":2,"skipped":1}}`, "", 0, 2, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseTest(strings.NewReader(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			var status []string
			for _, r := range got.Runs {
				status = append(status, r.Status)
			}
			if strings.Join(status, " ") != tt.want || got.Passed != tt.passed || got.Failed != tt.failed || strings.Join(got.Errors, "\n") != tt.errors {
				t.Errorf("got %+v", got)
			}
			if tt.want != "" && (got.Runs[0].Plan == nil || got.Runs[0].Plan.ResourceChanges[0].Address != "aws_vpc.this") {
				t.Errorf("the plan of the first run is %+v", got.Runs[0].Plan)
			}
		})
	}
	if _, err := parseTest(strings.NewReader("not JSON\n")); err == nil {
		t.Error("nonsense is no test result")
	}
}
