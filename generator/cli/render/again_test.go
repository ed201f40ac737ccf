package render_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/write"
)

const store = `blueprint "store" {
  version = "1.0.0"
  summary = "A bucket, or none."
}

option "bucket" {
  type        = bool
  default     = true
  description = "Make a bucket."
  why         = "a test"
}

component "bucket" {
  template = "bucket"
  when     = option.bucket
}

component "group" {
  template = "group"
}
`

// stores returns a factory with a blueprint whose module may hold data.
func stores(t *testing.T, tty bool) (*shell.Factory, shelltest.Streams) {
	f, s := shelltest.New(t, tty, map[string]string{"NO_COLOR": "1"})
	f.Blueprints = fstest.MapFS{"store/blueprint.hcl": {Data: []byte(store)}}
	f.Templates = fstest.MapFS{
		"bucket/main.tf": {Data: []byte("resource \"aws_s3_bucket\" \"this\" {\n}\n")}, "bucket/README.md": {Data: []byte("# bucket\n\nA bucket.\n")},
		"group/main.tf": {Data: []byte("resource \"aws_cloudwatch_log_group\" \"this\" {\n  retention_in_days = 7\n}\n")}, "group/README.md": {Data: []byte("# group\n\nA group.\n")},
	}
	f.Generate = generator.Generate
	return f, s
}

// TestAsk: on a terminal a render asks before data goes, and takes nothing but yes.
func TestAsk(t *testing.T) {
	t.Parallel()
	const question = "The new module drops or replaces objects that hold data; applying it would destroy them:\n\n  aws_s3_bucket.bucket: no longer in the module\n"
	for name, tt := range map[string]struct {
		tty    bool
		typed  string
		args   []string
		gone   bool
		stderr string
		err    string
	}{
		"yes":              {tty: true, typed: "yes\n", gone: true, stderr: question},
		"y":                {tty: true, typed: "y\n", stderr: question, err: "nothing was written"},
		"nothing":          {tty: true, stderr: question, err: "nothing was written"},
		"the flag":         {tty: true, args: []string{"--allow-destroy", "aws_s3_bucket.bucket"}, gone: true},
		"another flag":     {tty: true, typed: "no\n", args: []string{"--allow-destroy", "aws_s3_bucket.other"}, stderr: question, err: "nothing was written"},
		"force is no flag": {args: []string{"--force"}, err: "--allow-destroy aws_s3_bucket.bucket"},
		"without terminal": {typed: "yes\n", err: "--allow-destroy aws_s3_bucket.bucket"},
		"with the flag":    {args: []string{"--allow-destroy", "aws_s3_bucket.bucket"}, gone: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			f, s := stores(t, false)
			if code, err := run(t, f, "store", "--out", out); code != shell.OK || err != nil {
				t.Fatal(code, err, s.Err)
			}
			f, s = stores(t, tt.tty)
			f.IO.In = strings.NewReader(tt.typed)
			code, err := run(t, f, append([]string{"--out", out, "--set", "bucket=false"}, tt.args...)...)
			if text := s.Err.String(); !strings.Contains(text, tt.stderr) || tt.stderr == "" && strings.Contains(text, "To continue, type") || strings.Count(text, "bucket: true -> false") != 1 {
				t.Errorf("said %q", text)
			}
			switch {
			case tt.err == "" && (err != nil || code != shell.OK):
				t.Errorf("got %d, %v: %s", code, err, s.Err)
			case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
				t.Errorf("got %v, want %q", err, tt.err)
			}
			if _, err := os.Stat(filepath.Join(out, "bucket.tf")); os.IsNotExist(err) != tt.gone {
				t.Errorf("the bucket is gone: %t", !tt.gone)
			}
		})
	}
}

// TestMeanwhile: what was read of the directory is still true when it is written; a
// render that came in between is taken into account.
func TestMeanwhile(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	f, _ := stores(t, false)
	if code, err := run(t, f, "store", "--out", out, "--set", "bucket=false"); code != shell.OK || err != nil {
		t.Fatal(code, err)
	}
	before, _ := write.Manifest(out)
	f, s := stores(t, false)
	times := 0
	f.Generate = func(ctx context.Context, req generator.Request) (generator.Result, hcl.Diagnostics) {
		if times++; times == 1 {
			other, _ := stores(t, false)
			if code, err := run(t, other, "store", "--out", out, "--set", "bucket=true"); code != shell.OK || err != nil {
				t.Error(code, err)
			}
		}
		return generator.Generate(ctx, req)
	}
	if code, err := run(t, f, "store", "--out", out); code != shell.OK || err != nil {
		t.Error(code, err, s.Err)
	}
	if after, _ := write.Manifest(out); times != 2 || bytes.Equal(before, after) {
		t.Errorf("rendered %d times: %s", times, s.Err)
	}
}

// TestPlanted: a manifest may have been written by anybody. A secret in it is not
// told, and nothing that a terminal obeys is printed.
func TestPlanted(t *testing.T) {
	t.Parallel()
	const canary = "hunter2hunter2"
	factory := func() (*shell.Factory, shelltest.Streams) {
		f, s := stores(t, false)
		f.Blueprints = fstest.MapFS{"store/blueprint.hcl": {Data: []byte(strings.Replace(store, "component \"group\" {\n  template = \"group\"\n",
			"option \"word\" {\n  type        = string\n  default     = null\n  description = \"A word.\"\n  why         = \"a test\"\n}\n\ncomponent \"group\" {\n  template = \"group\"\n  with     = { key = option.word }\n", 1))}}
		templates := f.Templates.(fstest.MapFS)
		templates["group/variables.tf"] = &fstest.MapFile{Data: []byte("variable \"key\" {\n  type        = string\n  description = \"Key.\"\n  default     = null # why: a test\n  sensitive   = true\n}\n")}
		templates["group/main.tf"] = &fstest.MapFile{Data: []byte("resource \"aws_cloudwatch_log_group\" \"this\" {\n  retention_in_days = 7\n  kms_key_id        = var.key\n}\n")}
		return f, s
	}
	for name, tt := range map[string]struct{ old, text, want string }{
		"a secret":            {`"word": null`, `"word": "` + canary + `"`, "Secret as an option"},
		"a secret and a slip": {`"word": null`, `"word": "` + canary + `", "bucket": "maybe"`, "Not a valid value"},
		"a list of secrets":   {`"word": null`, `"word": ["` + canary + `"]`, "Not a valid value"},
		"signs for a screen":  {`"word": null`, `"word": null, "a\u001b[2J\u202e": "b\u001b[2J"`, "Option removed"},
		"another blueprint":   {`"blueprint": "store"`, `"blueprint": "a\u001b[2J\u202e"`, "contains a module of the blueprint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			f, s := factory()
			if code, err := run(t, f, "store", "--out", out); code != shell.OK || err != nil {
				t.Fatal(code, err, s.Err)
			}
			b, err := write.Manifest(out)
			if err != nil {
				t.Fatal(err)
			}
			planted := strings.Replace(string(b), tt.old, tt.text, 1)
			if planted == string(b) {
				t.Fatalf("nothing is planted in %s", b)
			}
			if err := os.WriteFile(filepath.Join(out, write.ManifestPath), []byte(planted), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, look := range [][]string{{"--check"}, {"--diff"}, {"--json", "--check"}, nil} {
				f, s := factory()
				_, err := run(t, f, append([]string{"store", "--out", out}, look...)...)
				if err != nil {
					f.Say("%s\n", err)
				}
				said := s.Out.String() + s.Err.String()
				if !strings.Contains(said, tt.want) || strings.Contains(said, "\x1b") || strings.Contains(said, "\u202e") {
					t.Errorf("%v: %s", look, said)
				}
				// The diff shows what stands in the directory, which its owner has.
				if strings.Contains(said, canary) {
					t.Errorf("%v: it is told: %s", look, said)
				}
			}
		})
	}
}
