package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/iostreams"
)

// canary is what must stand nowhere. It has letters, digits and signs, as a
// password has.
const canary = "hunter2-s3cr3t"

// The pieces of a platform: what a way in changes is replaced in them.
const (
	secretBlueprint = `blueprint "b" {
  version = "1.0.0"
  summary = "s"
}

option "o" {
  type        = string
  default     = null
  description = "d"
  why         = "w"
}

component "c" {
  template = "t"
  with     = { token = option.o }
}

output "y" {
  value       = component.c.y
  description = "y"
}
`
	secretMain      = "resource \"aws_s3_bucket\" \"this\" {\n  bucket = var.token\n}\n"
	secretVariables = "variable \"token\" {\n  type        = string\n  description = \"t\"\n  sensitive   = true\n}\n"
	plainVariables  = "variable \"token\" {\n  type        = string\n  description = \"t\"\n}\n"
	secretOutputs   = "output \"y\" {\n  value       = aws_s3_bucket.this.arn\n  description = \"y\"\n}\n"
	secretVersions  = "terraform {\n  required_version = \">= 1.11\"\n\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \">= 5.100\"\n    }\n  }\n}\n"
)

// A way is one way in which a secret may get into a module, or something like it.
type way struct {
	blueprint []string          // pairs: what is replaced by what
	template  map[string]string // files that differ
	given     []string          // flags
	options   map[string]string // an options file by its name
}

func (w way) trees() (templates, blueprints fs.FS) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{"main.tf": secretMain, "variables.tf": secretVariables, "outputs.tf": secretOutputs, "versions.tf": secretVersions, "README.md": "# t\n\nA bucket.\n"} {
		files["t/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range w.template {
		files["t/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	text := strings.NewReplacer(w.blueprint...).Replace(secretBlueprint)
	return files, fstest.MapFS{"b/blueprint.hcl": &fstest.MapFile{Data: []byte(text)}}
}

// open leaves the template's variable open, so that it is one of the module.
var open = []string{"with     = { token = option.o }", "with     = {}", "value       = component.c.y\n  description = \"y\"\n}\n", "value       = component.c.y\n  description = \"y\"\n}\n"}

func opened(more string) []string {
	return []string{open[0], open[1], open[2], open[3] + more}
}

// TestSecrets goes through every way in: each is refused, and no command, in no
// form, says or writes the secret.
func TestSecrets(t *testing.T) {
	t.Parallel()
	set := []string{"--set", "o=" + canary}
	plain := map[string]string{"variables.tf": plainVariables}
	tests := map[string]way{
		"an option":                             {given: set},
		"an option in a text":                   {blueprint: []string{"= option.o }", "= \"Bearer ${option.o}\" }"}, given: set},
		"an option with a part of Terraform's":  {blueprint: []string{"= option.o }", "= \"${var.user}:${option.o}\" }", "output \"y\"", "variable \"user\" {\n  type        = string\n  description = \"u\"\n}\n\noutput \"y\""}, given: set},
		"an option in sensitive()":              {blueprint: []string{"= option.o }", "= sensitive(option.o) }"}, template: plain, given: set},
		"an option in an arm":                   {blueprint: []string{"= option.o }", "= option.target == \"both\" ? null : option.o }"}, given: set},
		"an option in a function":               {blueprint: []string{"= option.o }", "= base64encode(format(\"%s!\", option.o)) }"}, given: set},
		"an option in a list":                   {blueprint: []string{"= option.o }", "= [option.o] }"}, template: map[string]string{"variables.tf": strings.Replace(secretVariables, "string", "list(string)", 1), "main.tf": strings.Replace(secretMain, "var.token", "join(\"\", var.token)", 1)}, given: set},
		"an option of a component that is out":  {blueprint: []string{"  with     = {", "  when     = option.target == \"opentofu\"\n  with     = {", "  value       = component.c.y\n", "  when        = option.target == \"opentofu\"\n  value       = component.c.y\n"}, given: set},
		"an option over another component":      {blueprint: []string{"component \"c\"", "component \"a\"", "component.c.y", "component.d.y", "output \"y\"", "component \"d\" {\n  template = \"t\"\n  with     = { token = component.a.t }\n}\n\noutput \"y\""}, template: map[string]string{"outputs.tf": secretOutputs + "\noutput \"t\" {\n  value       = local.t\n  description = \"t\"\n  sensitive   = true\n}\n", "main.tf": secretMain + "\nlocals {\n  t = \"${var.token}!\"\n}\n"}, given: set},
		"an option over a plain component":      {blueprint: []string{"component \"c\" {\n  template = \"t\"\n  with     = { token = option.o }", "component \"c\" {\n  template = \"t\"\n  with     = { token = component.p.t }", "output \"y\"", "component \"p\" {\n  template = \"t\"\n  with     = { plain = option.o, token = null }\n}\n\noutput \"y\""}, template: map[string]string{"variables.tf": secretVariables + "\nvariable \"plain\" {\n  type        = string\n  description = \"p\"\n  default     = null # why: w\n}\n", "outputs.tf": secretOutputs + "\noutput \"t\" {\n  value       = var.plain\n  description = \"t\"\n}\n"}, given: set},
		"an option for sensitive() of the code": {template: map[string]string{"variables.tf": plainVariables, "main.tf": strings.Replace(secretMain, "var.token", "sensitive(var.token)", 1)}, given: set},
		"an option for a sensitive output":      {blueprint: []string{"component.c.y", "sensitive(option.o)", "= option.o }", "= null }"}, given: set},
		"an option's default":                   {blueprint: []string{"default     = null", "default     = \"" + canary + "\""}},
		"an option of a profile":                {blueprint: []string{"output \"y\"", "profile \"prd\" {\n  options = { o = \"" + canary + "\" }\n}\n\noutput \"y\""}, given: []string{"--profile", "prd"}},
		"an option in a profile's value":        {blueprint: opened("\nprofile \"prd\" {\n  values = { c_token = option.o }\n}\n"), given: set},
		"an option in a variable's default":     {blueprint: []string{"= option.o }", "= null }", "output \"y\"", "variable \"v\" {\n  type        = string\n  description = \"v\"\n  sensitive   = true\n  default     = option.o\n}\n\noutput \"y\""}, given: set},
		"HCL":                                   {options: map[string]string{"o.hcl": "o = \"" + canary + "\"\n"}},
		"HCL, and a wrong line":                 {options: map[string]string{"o.hcl": "o = \"" + canary + "\"\ntypo = \"" + canary + "\"\n"}},
		"HCL, over lines":                       {options: map[string]string{"o.hcl": "o = <<-EOF\n  " + canary + "\nEOF\nhome = \"Nowhere\"\n"}},
		"HCL, not readable":                     {options: map[string]string{"o.hcl": "o = \"" + canary + "\n"}},
		"HCL, no literal":                       {options: map[string]string{"o.hcl": "o = foo(\"" + canary + "\")\n"}},
		"JSON, and a wrong name":                {options: map[string]string{"o.json": "{\"o\": \"" + canary + "\", \"typo\": 1}\n"}},
		"JSON, not readable":                    {options: map[string]string{"o.json": "{\"o\": " + canary + "}\n"}},
		"YAML, and a wrong name":                {options: map[string]string{"o.yaml": "o: " + canary + "\ntypo: >\n  " + canary + "\n"}},
		"YAML, not readable":                    {options: map[string]string{"o.yaml": "o: \"" + canary + "\n- [\n"}},
		"YAML, two documents":                   {options: map[string]string{"o.yaml": "o: " + canary + "\n--- {o: " + canary + "}\n"}},
		"a value out of one_of":                 {blueprint: []string{"default     = null", "default     = \"x\"\n  one_of      = [\"x\", \"z\"]"}, given: set},
		"a value of a wrong type":               {blueprint: []string{"type        = string\n  default     = null", "type        = list(string)\n  default     = null"}, given: set},
		"a validation that fails":               {blueprint: []string{"why         = \"w\"", "why         = \"w\"\n\n  validation {\n    condition     = option.o == null\n    error_message = \"Not ${option.o}, nor ${upper(coalesce(option.o, \"\"))}.\"\n  }"}, given: set},
		"a validation that cannot be decided":   {blueprint: []string{"why         = \"w\"", "why         = \"w\"\n\n  validation {\n    condition     = tonumber(option.o) > 3\n    error_message = \"No.\"\n  }"}, given: set},
		"a validation of the template":          {template: map[string]string{"variables.tf": strings.Replace(secretVariables, "}\n", "\n  validation {\n    condition     = length(var.token) < 3\n    error_message = \"Too long: ${var.token}.\"\n  }\n}\n", 1)}, given: set},
		"no setting":                            {given: []string{"--set", canary}},
		"a constant":                            {blueprint: []string{"option.o }", "\"" + canary + "\" } # " + canary}},
		"a constant in sensitive()":             {blueprint: []string{"option.o }", "sensitive(\"" + canary + "\") }"}, template: plain},
		"a constant for a sensitive output":     {blueprint: []string{"component.c.y\n", "\"" + canary + "\"\n  sensitive   = true\n"}},
		"a default of the template":             {blueprint: open, template: map[string]string{"variables.tf": strings.Replace(secretVariables, "sensitive ", "default     = \""+canary+"\" # why: "+canary+"\n  sensitive ", 1)}},
		"a default of a part":                   {blueprint: open, template: map[string]string{"variables.tf": strings.Replace(strings.Replace(secretVariables, "sensitive ", "default     = {} # why: w\n  sensitive ", 1), "= string", "= object({ p = optional(string, \""+canary+"\") })", 1), "main.tf": strings.Replace(secretMain, "var.token", "var.token.p", 1)}},
		"a default of the blueprint":            {blueprint: []string{"= option.o }", "= null }", "output \"y\"", "variable \"v\" {\n  type        = string\n  description = \"v\"\n  sensitive   = true\n  default     = \"" + canary + "\"\n}\n\noutput \"y\""}},
		"a profile":                             {blueprint: opened("\nprofile \"prd\" {\n  values = { c_token = \"" + canary + "\" }\n}\n")},
		"a profile, in sensitive()":             {blueprint: opened("\nprofile \"prd\" {\n  values = { c_token = sensitive(\"" + canary + "\") }\n}\n"), template: plain},
		"a profile, in a comment":               {blueprint: opened("\nprofile \"prd\" {\n  values = {\n    c_token = \"password\" # " + canary + "\n  }\n}\n")},
		"an example":                            {blueprint: opened("\nexample {\n  values = { c_token = \"" + canary + "\" }\n}\n")},
		"a renamed variable":                    {blueprint: []string{open[0], "expose   = { token = \"tok\" }", open[2], open[3] + "\nprofile \"prd\" {\n  values = { tok = \"" + canary + "\" }\n}\n"}},
		"a test":                                {blueprint: open, template: map[string]string{"tests/a.tftest.hcl": "mock_provider \"aws\" {}\n\nvariables {\n  token = \"" + canary + "\"\n}\n\nrun \"a\" {\n  command = plan\n\n  assert {\n    condition     = aws_s3_bucket.this.bucket != \"\"\n    error_message = \"x\"\n  }\n}\n"}},
		"a text":                                {template: map[string]string{"runbooks/a.md": "# A\n\nIt is {{ sensitive(\"" + canary + "\") }}.\n"}},
		"a text, of an option":                  {template: map[string]string{"runbooks/a.md": "# A\n\nIt is {{ nonsensitive(var.token) }}.\n"}, given: set},
		"a blueprint that is broken":            {blueprint: opened("\nnonsense {}\n\nprofile \"prd\" {\n  values = { c_token = \"" + canary + "\", c_token = 1 }\n}\n")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, layout := range []string{"flat", "nested"} {
				if code := tt.try(t, layout); code == shell.OK {
					t.Errorf("%s: it is rendered", layout)
				}
			}
		})
	}
}

// try renders, and asks all commands for the same, and holds that the canary stands
// nowhere.
func (w way) try(t *testing.T, layout string) shell.Code {
	t.Helper()
	templates, blueprints := w.trees()
	dir := t.TempDir()
	given := w.given
	for name, text := range w.options {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		given = append(given, "--options", file)
	}
	out := filepath.Join(dir, "out")
	var code shell.Code
	for i, args := range [][]string{
		append([]string{"render", "b", "--out", out, "--layout", layout}, given...),
		append([]string{"render", "b", "--out", out, "--layout", layout, "--json"}, given...),
		append([]string{"render", "b", "--out", out, "--layout", layout, "--diff"}, given...),
		append([]string{"render", "b", "--out", out, "--layout", layout, "--diff", "--json"}, given...),
		append([]string{"render", "b", "--out", out, "--layout", layout, "--check"}, given...),
		append([]string{"show", "b"}, given...), append([]string{"show", "b", "--json"}, given...),
		append([]string{"explain", "b"}, given...), append([]string{"explain", "b", "o"}, given...), append([]string{"explain", "b", "--json"}, given...),
		append([]string{"graph", "b"}, given...), {"blueprint", "check", "b"}, {"list"}, {"__complete", "render", "b", "--set", "o="},
	} {
		ios, _, stdout, stderr := iostreams.Test()
		f := &shell.Factory{IO: ios, Templates: templates, Blueprints: blueprints, Generate: generator.Generate, Check: check.Blueprint}
		got := cli.Run(t.Context(), f, args)
		if i == 0 {
			code = got
		}
		for stream, text := range map[string]string{"stdout": stdout.String(), "stderr": stderr.String()} {
			for _, form := range []string{canary, strings.ToUpper(canary), "aHVudGVyMi1zM2NyM3Q", "hunter2"} {
				if strings.Contains(text, form) {
					t.Errorf("%s says %s on %s:\n%s", strings.Join(args[:min(2, len(args))], " "), form, stream, text)
				}
			}
		}
	}
	err := filepath.WalkDir(out, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // Nothing was written.
		}
		b, err := os.ReadFile(p)
		if strings.Contains(string(b), canary) {
			t.Errorf("%s holds it", p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// TestNoSecrets holds that what is no secret still renders.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	arn := "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:token-AbCdEf"
	tests := map[string]way{
		"no value":                      {},
		"an empty default":              {blueprint: []string{"default     = null", "default     = \"\""}},
		"an ARN":                        {given: []string{"--set", "o=" + arn}},
		"a variable":                    {blueprint: open},
		"a shared variable":             {blueprint: []string{"= option.o }", "= var.v }", "output \"y\"", "variable \"v\" {\n  type        = string\n  description = \"v\"\n  sensitive   = true\n}\n\noutput \"y\""}},
		"a null default":                {blueprint: open, template: map[string]string{"variables.tf": strings.Replace(secretVariables, "sensitive ", "default     = null # why: w\n  sensitive ", 1)}},
		"a placeholder":                 {blueprint: opened("\nexample {\n  values = { c_token = \"onlyAnExample\" }\n}\n")},
		"a name for a plain variable":   {template: map[string]string{"variables.tf": plainVariables}, given: []string{"--set", "o=prod/token"}},
		"an option that only decides":   {blueprint: []string{"= option.o }", "= option.o == \"x\" ? var.v : null }", "output \"y\"", "variable \"v\" {\n  type        = string\n  description = \"v\"\n  sensitive   = true\n}\n\noutput \"y\""}, given: []string{"--set", "o=x"}},
		"a kind that is part of it":     {blueprint: []string{"= option.o }", "= \"${option.o}://${var.v}\" }", "default     = null", "default     = \"mysql\"\n  one_of      = [\"mysql\", \"postgres\"]", "output \"y\"", "variable \"v\" {\n  type        = string\n  description = \"v\"\n  sensitive   = true\n}\n\noutput \"y\""}},
		"a profile without a value":     {blueprint: opened("\nprofile \"prd\" {\n  values = { c_token = null }\n}\n")},
		"an output of a plain constant": {blueprint: []string{"component.c.y", "\"x\""}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, layout := range []string{"flat", "nested"} {
				if code := tt.try(t, layout); code != shell.OK {
					t.Errorf("%s: exit %d", layout, code)
				}
			}
		})
	}
}
