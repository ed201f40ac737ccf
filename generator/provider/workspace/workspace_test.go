package workspace_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/platform"
	"github.com/bpgen/bpgen/generator/provider/workspace"
	"github.com/bpgen/bpgen/generator/resolve"
)

const site = `blueprint "site" {
  version = "1.0.0"
  summary = "A group of logs."
}

option "days" {
  type        = number
  default     = 7
  description = "How long logs are kept."
  why         = "a week"

  validation {
    condition     = option.days > 0
    error_message = "Not ${option.days} days."
  }
}

option "word" {
  type        = string
  default     = null
  description = "A word."
  why         = "a test"
}

component "logs" {
  template = "logs"
  with     = { days = option.days, WITH }
}
`

const logs = `resource "aws_cloudwatch_log_group" "this" {
  name              = var.name
  retention_in_days = var.days
  kms_key_id        = var.key
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.days == 14 ? "disabled" : "enabled"
  }
}
`

const variables = `variable "name" {
  type        = string
  description = "Name."
}

variable "days" {
  type        = number
  description = "Days."
  default     = 7 # why: a week
}

variable "key" {
  type        = string
  description = "Key."
  default     = null # why: a test
  sensitive   = true
}
`

// builtIn is a catalogue of one blueprint, with more arguments for its template.
func builtIn(with string) catalog.Root {
	files := func(kv ...string) fstest.MapFS {
		m := fstest.MapFS{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = &fstest.MapFile{Data: []byte(kv[i+1])}
		}
		return m
	}
	return catalog.Root{
		Blueprints: files("site/blueprint.hcl", strings.ReplaceAll(site, ", WITH", with)),
		Templates:  files("logs/main.tf", logs, "logs/variables.tf", variables, "logs/README.md", "Logs.\n"),
	}
}

func input(name string, v cty.Value) resolve.Input {
	return resolve.Input{Name: name, Value: v, Source: "the configuration", Range: &hcl.Range{Filename: name}}
}

func TestRender(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		with   string
		strict bool
		inputs []resolve.Input
		name   string
		want   []string // severity and summary
	}{
		"as it is":                  {inputs: []resolve.Input{input("days", cty.NumberIntVal(30))}},
		"an error of the generator": {inputs: []resolve.Input{input("days", cty.NumberIntVal(0))}, want: []string{"error: Incompatible options"}},
		"unknown blueprint":         {name: "sight", want: []string{"error: Unknown blueprint"}},
		"a secret by the template":  {with: ", key = option.word", inputs: []resolve.Input{input("word", cty.StringVal("hunter2"))}, want: []string{"error: Secret as an option"}},
		"a secret of the blueprint": {with: `, key = "hunter2"`, want: []string{"error: Constant for a sensitive variable"}},
		"a secret by the blueprint": {
			with: `, key = sensitive("${option.word}!")`, inputs: []resolve.Input{input("word", cty.StringVal("hunter2"))}, want: []string{"error: Secret as an option"},
		},
		"no value is no secret": {with: `, key = sensitive(option.word)`},
		"a warning":             {inputs: []resolve.Input{input("days", cty.NumberIntVal(14))}, want: []string{"warning: Cluster without Container Insights"}},
		"a warning, strictly":   {strict: true, inputs: []resolve.Input{input("days", cty.NumberIntVal(14))}, want: []string{"error: Cluster without Container Insights"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, diags := workspace.Open(builtIn(tt.with), workspace.Settings{Strict: tt.strict})
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			if tt.name == "" {
				tt.name = "site"
			}
			res, diags := w.Render(t.Context(), generator.Request{Blueprint: tt.name, Inputs: tt.inputs})
			var got []string
			for _, d := range diags {
				got = append(got, map[hcl.DiagnosticSeverity]string{hcl.DiagError: "error", hcl.DiagWarning: "warning"}[d.Severity]+": "+d.Summary)
			}
			if strings.Join(got, "; ") != strings.Join(tt.want, "; ") {
				t.Errorf("got %q, want %q: %v", got, tt.want, diags)
			}
			if len(tt.want) == 0 && len(res.Files.Files()) == 0 {
				t.Error("nothing was rendered")
			}
		})
	}
}

// TestCheck holds that secrets and wrong options are found while others are
// unknown.
func TestCheck(t *testing.T) {
	t.Parallel()
	w, _ := workspace.Open(builtIn(`, key = sensitive(option.word)`), workspace.Settings{})
	diags := w.Check(generator.Request{Blueprint: "site", Inputs: []resolve.Input{
		input("word", cty.UnknownVal(cty.String)), input("days", cty.NumberIntVal(0)), input("dayz", cty.True),
	}})
	var got []string
	for _, d := range diags {
		got = append(got, d.Summary)
	}
	if s := strings.Join(got, "; "); s != "Unknown option; Secret as an option" {
		t.Errorf("got %s: %v", s, diags)
	}
	if diags := w.Check(generator.Request{Blueprint: "site", Inputs: []resolve.Input{input("days", cty.UnknownVal(cty.Number))}}); len(diags) > 0 {
		t.Errorf("got %v", diags)
	}
}

// TestOpenGoesOn holds that a folder that is not there hides no other.
func TestOpenGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "blueprints", "own", "blueprint.hcl"), strings.ReplaceAll(strings.ReplaceAll(site, `"site"`, `"own"`), ", WITH", ""))
	w, diags := workspace.Open(builtIn(""), workspace.Settings{Folders: []platform.Folder{
		{Dir: "no/such", From: "blueprint_dirs"}, {Dir: dir, From: "blueprint_dirs"}, {Dir: "nor/this", From: "BPGEN_PATH"},
	}})
	if len(diags) != 2 || !strings.Contains(diags[0].Detail, `"no/such"`) || !strings.Contains(diags[1].Detail, "(from BPGEN_PATH)") {
		t.Errorf("got %v", diags)
	}
	if got := strings.Join(w.Catalog().Blueprints(), " "); got != "own site" {
		t.Errorf("got %s", got)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFolder(t *testing.T) {
	home, outside, allowed := t.TempDir(), t.TempDir(), t.TempDir()
	t.Chdir(home)
	for name, to := range map[string]string{"out": outside, "in": "inner", "lost": "no/such"} {
		if err := os.Symlink(to, filepath.Join(home, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("inner", 0o755); err != nil {
		t.Fatal(err)
	}
	w, diags := workspace.Open(builtIn(""), workspace.Settings{AllowedPaths: []string{allowed}})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	tests := map[string]struct{ dir, want string }{
		"below":                     {"modules/web", ""},
		"here":                      {".", ""},
		"up and back":               {"x/../y", ""},
		"a link that stays":         {"in/web", ""},
		"absolute":                  {filepath.Join(home, "web"), ""},
		"allowed":                   {filepath.Join(allowed, "a", "b"), ""},
		"the allowed one itself":    {allowed, ""},
		"above":                     {"../web", "is outside the directories"},
		"elsewhere":                 {outside, "is outside the directories"},
		"over a link":               {"out/web", "is outside the directories"},
		"a link to nowhere":         {"lost/web", "dangling"},
		"a name with the same head": {allowed + "-not", "is outside the directories"},
		"nothing":                   {"", "the path is empty"},
		"NUL":                       {"a\x00b", "NUL"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := w.Folder(tt.dir)
			switch {
			case tt.want == "" && (err != nil || !filepath.IsAbs(got)):
				t.Errorf("got %s, %v", got, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}
