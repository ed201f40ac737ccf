package module_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/catalog"
)

const siteBlueprint = `blueprint "site" {
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

option "archive" {
  type        = bool
  default     = false
  description = "Whether there is a second group."
  why         = "a test"
}

option "tags" {
  type        = list(string)
  default     = []
  description = "Words."
  why         = "a test"
}

profile "long" {
  description = "Keeps logs for a month."
  options     = { days = 30 }
}

component "logs" {
  template = "logs"
  file     = "logs.tf"
  with     = { days = option.days }
}

component "archive" {
  template = "logs"
  file     = "archive.tf"
  when     = option.archive
  with     = { days = option.days }
}
`

// platform is a folder with the blueprints "site" and "other".
func platform() fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range map[string]string{
		"blueprints/site/blueprint.hcl":  siteBlueprint,
		"blueprints/other/blueprint.hcl": strings.ReplaceAll(siteBlueprint, `blueprint "site"`, `blueprint "other"`),
		"templates/logs/main.tf":         "resource \"aws_cloudwatch_log_group\" \"this\" {\n  name              = var.name\n  retention_in_days = var.days\n  kms_key_id        = var.key\n}\n",
		"templates/logs/variables.tf": "variable \"name\" {\n  type        = string\n  description = \"Name.\"\n}\n\nvariable \"days\" {\n  type        = number\n  description = \"Days.\"\n  default     = 7 # why: a week\n}\n\n" +
			"variable \"key\" {\n  type        = string\n  description = \"Key.\"\n  default     = null # why: a test\n}\n",
		"templates/logs/README.md": "Logs.\n",
	} {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// builtIn is the same as a part of the program.
func builtIn(t *testing.T) catalog.Root {
	t.Helper()
	var r catalog.Root
	var err error
	if r.Blueprints, err = fs.Sub(platform(), "blueprints"); err != nil {
		t.Fatal(err)
	}
	if r.Templates, err = fs.Sub(platform(), "templates"); err != nil {
		t.Fatal(err)
	}
	return r
}

// put writes a file and the folders that it needs.
func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// read returns the files below a folder, without Terraform's own.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		if d.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(p)
			out[filepath.ToSlash(rel)] = "-> " + to
			return err
		}
		b, err := os.ReadFile(p)
		out[filepath.ToSlash(rel)] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
