package render_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/cli/choose"
	"github.com/bpgen/bpgen/generator/cli/render"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/write"
)

func TestFlags(t *testing.T) {
	t.Parallel()
	shelltest.Flags(t, render.NewCmd, map[string]shelltest.FlagCase[render.Options]{
		"least":      {Args: []string{"demo"}, Want: render.Options{Blueprint: "demo"}},
		"no name":    {},
		"no profile": {Args: []string{"demo", "--profile", ""}, Want: render.Options{Blueprint: "demo", NoProfile: true}},
		"all": {
			Args: []string{"demo", "--out", "o", "--set", "a=1,2", "--set=b=x y", "--options", "f.yaml", "--profile", "prd", "--layout", "nested", "--blueprint-dir", "d", "--blueprint-dir", "e", "--diff", "--check", "--force", "--json", "--reset-options", "--allow-destroy", "x.a", "--allow-destroy", "x.b"},
			Want: render.Options{Blueprint: "demo", Out: "o", Layout: "nested", Diff: true, Check: true, Force: true, JSON: true, Reset: true, AllowDestroy: []string{"x.a", "x.b"},
				Choose: choose.Flags{Sets: []string{"a=1,2", "b=x y"}, File: "f.yaml", Profile: "prd", Dirs: []string{"d", "e"}}},
		},
		"two names": {Args: []string{"a", "b"}, Err: "takes one blueprint"},
		"no --set":  {Args: []string{"a", "cdn=false", "engine=x y"}, Err: "options are set by flags: --set cdn=false --set 'engine=x y'"},
		"two looks": {Args: []string{"a", "--diff", "--dry-run", "--check"}, Err: "use one of them"},
		"the root":  {Args: []string{"a", "--out", "/"}, Err: "is the root of a file system"},
		"layout":    {Args: []string{"a", "--layout", "round"}, Err: `flat or nested, not "round"`},
		"empty out": {Args: []string{"a", "--out", ""}, Err: "needs a directory name"},
	})
}

// run renders into dir/out and returns the exit code, or -1 with an error that
// is for Main to print.
func run(t *testing.T, f *shell.Factory, args ...string) (shell.Code, error) {
	t.Helper()
	cmd := render.NewCmd(f, nil)
	cmd.SetArgs(args)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(t.Context())
	var exit *shell.ExitError
	if errors.As(err, &exit) {
		return exit.Code, nil
	}
	if err != nil {
		return -1, err
	}
	return shell.OK, nil
}

func TestRun(t *testing.T) {
	t.Parallel()
	const bold, reset = "\x1b[1m", "\x1b[0m"
	next := "\nNext:\n  cd OUT && terraform init && terraform test\n"
	tests := map[string]struct {
		tty    bool
		env    map[string]string
		before func(t *testing.T, out string)
		args   []string
		code   shell.Code
		err    string
		stdout string
		stderr string
		none   bool // nothing may be written
	}{
		"pipe": {stderr: "Rendered demo 1.2.3 into OUT: 3 files created.\n"},
		"terminal": {tty: true, env: map[string]string{"NO_COLOR": "1"},
			stderr: "Rendered demo 1.2.3 into OUT: 3 files created.\n\nAll options are at their defaults; bpgen show demo lists them.\n" + next},
		"colour on a terminal": {tty: true,
			stderr: "Rendered demo 1.2.3 into " + bold + "OUT" + reset + ": 3 files created.\n\nAll options are at their defaults; bpgen show demo lists them.\n\nNext:\n  " + bold + "cd OUT && terraform init && terraform test" + reset + "\n"},
		"choices": {tty: true, env: map[string]string{"NO_COLOR": "1"}, args: []string{"--set", "cdn=false", "--profile", "prd", "--set", "target=opentofu", "--set", "aws_provider=6"},
			stderr: "Rendered demo 1.2.3 into OUT: 3 files created.\n\nOptions that differ from the defaults:\n  cdn     false     from --set\n  engine  valkey    from profile prd\n  target  opentofu  from --set\n\nNext:\n  cd OUT && tofu init && tofu test\n"},
		"again": {before: rendered, stderr: "OUT is up to date with demo 1.2.3: 3 files unchanged.\n"},
		"changed": {before: rendered, args: []string{"--set", "cdn=false"},
			stderr: "Changes to the module in OUT:\n  cdn: true -> false (--set)\nRendered demo 1.2.3 into OUT: 2 files changed, 1 unchanged.\n"},
		"dry run": {args: []string{"--dry-run"}, none: true,
			stdout: "create  .bpgen/manifest.json\ncreate  main.tf\ncreate  tests/web.tftest.hcl\n",
			stderr: "OUT is not up to date with demo 1.2.3: 3 files to create.\n"},
		"check, fresh": {args: []string{"--check"}, none: true, code: shell.Findings,
			stdout: "create  .bpgen/manifest.json\ncreate  main.tf\ncreate  tests/web.tftest.hcl\n",
			stderr: "OUT is not up to date with demo 1.2.3: 3 files to create.\n"},
		"check, clean": {before: rendered, args: []string{"--check"}, stderr: "OUT is up to date with demo 1.2.3: 3 files unchanged.\n"},
		"check, colour": {tty: true, before: rendered, args: []string{"--check", "--set", "cdn=false"}, code: shell.Findings,
			stdout: "\x1b[33mchange\x1b[0m  .bpgen/manifest.json\n\x1b[33mchange\x1b[0m  main.tf\n",
			stderr: "Changes to the module in " + bold + "OUT" + reset + ":\n  cdn: true -> false \x1b[2m(--set)\x1b[0m\n" + bold + "OUT" + reset + " is not up to date with demo 1.2.3: 2 files to change.\n"},
		"check, edited": {before: edited, args: []string{"--check"}, code: shell.Findings, stdout: "change  main.tf\n",
			stderr: "OUT is not up to date with demo 1.2.3: 1 file to change.\n\nEdited by hand since the last render (bpgen render refuses without --force):\n  main.tf\n"},
		"check, foreign": {before: foreign, args: []string{"--check"},
			stderr: "OUT is up to date with demo 1.2.3: 3 files unchanged.\nLeft alone (not written by bpgen): extra.tf\n"},
		"diff": {before: edited, args: []string{"--diff"},
			stdout: "--- a/main.tf\n+++ b/main.tf\n@@ -1 +1,6 @@\n-edit\n+# rendered\n+# cdn = true\n+# engine = redis\n+# aws_provider = 6\n+# target = both\n+# home = Asia/Tokyo\n",
			stderr: "OUT is not up to date with demo 1.2.3: 1 file to change.\n\nEdited by hand since the last render (bpgen render refuses without --force):\n  main.tf\n"},
		"edited":         {before: edited, err: "Files edited by hand since the last render:\n  main.tf"},
		"edited, forced": {before: edited, args: []string{"--force"}, stderr: "Rendered demo 1.2.3 into OUT: 1 file changed, 2 unchanged.\n"},
		"foreign":        {before: foreign, stderr: "OUT is up to date with demo 1.2.3: 3 files unchanged.\nLeft alone (not written by bpgen): extra.tf\n"},
		"foreign alone":  {before: alone, err: "Files that bpgen did not write:\n  extra.tf"},
		"as before":      {before: chosen, stderr: "OUT is up to date with demo 1.2.3: 3 files unchanged.\n"},
		"reset":          {before: chosen, args: []string{"--reset-options"}, stderr: "Changes to the module in OUT:\n  cdn: false -> true (default)\nRendered demo 1.2.3 into OUT: 2 files changed, 1 unchanged.\n"},
		"terminal again": {tty: true, env: map[string]string{"NO_COLOR": "1"}, before: chosen, args: []string{"--set", "engine=valkey"},
			stderr: "Changes to the module in OUT:\n  engine: redis -> valkey (--set)\nRendered demo 1.2.3 into OUT: 2 files changed, 1 unchanged.\n\nOptions that differ from the defaults:\n  cdn     false   from the manifest\n  engine  valkey  from --set\n" + next},
		"bad value":   {args: []string{"--set", "engine=rediss"}, none: true, code: shell.Failed, stderr: `Did you mean "redis"?`},
		"bad name":    {args: []string{"--set", "cdm=true"}, none: true, code: shell.Failed, stderr: `has no option "cdm" (from --set). Did you mean "cdn"?`},
		"all at once": {args: []string{"--set", "cdm=true", "--set", "engine=x"}, none: true, code: shell.Failed, stderr: "Not a valid value"},
		"bad profile": {args: []string{"--profile", "prod"}, none: true, code: shell.Failed, stderr: `Did you mean "prd"?`},
		"bad set":     {args: []string{"--set", "cdn"}, none: true, code: shell.Failed, stderr: "Not a setting"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			if tt.before != nil {
				tt.before(t, out)
			}
			f, s := shelltest.New(t, tt.tty, tt.env)
			code, err := run(t, f, append([]string{"demo", "--out", out}, tt.args...)...)
			stdout, stderr := strings.ReplaceAll(s.Out.String(), out, "OUT"), strings.ReplaceAll(s.Err.String(), out, "OUT")
			switch {
			case tt.err != "":
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want %q", err, tt.err)
				}
			case err != nil:
				t.Fatal(err)
			case code != tt.code:
				t.Errorf("exit %d, want %d: %s", code, tt.code, stderr)
			}
			if stdout != tt.stdout {
				t.Errorf("stdout:\n%q\nwant\n%q", stdout, tt.stdout)
			}
			if whole := code != shell.Failed; whole && stderr != tt.stderr || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("stderr:\n%q\nwant\n%q", stderr, tt.stderr)
			}
			if _, err := os.Lstat(out); tt.none && err == nil {
				t.Error("something was written")
			}
		})
	}
}

// full is a standard output that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestUnprinted says what was done when the report on it cannot be printed.
func TestUnprinted(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	f, _ := shelltest.New(t, false, nil)
	f.IO.Out = full{}
	if _, err := run(t, f, "demo", "--out", out, "--json"); err == nil || !strings.Contains(err.Error(), "the module was written to") || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "main.tf")); err != nil {
		t.Error(err)
	}
	if _, err := run(t, f, "demo", "--out", out, "--json", "--check"); err == nil || strings.Contains(err.Error(), "is written") {
		t.Errorf("a look: got %v", err)
	}
}

// TestHalfWritten refuses to compare with a folder that an in-place write left
// half done.
func TestHalfWritten(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	rendered(t, out)
	work := filepath.Join(out, ".bpgen", "tmp-0123456789abcdef")
	if err := errors.Join(os.Mkdir(work, 0o700), os.WriteFile(filepath.Join(work, "journal.json"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, look := range []string{"--check", "--diff", "--dry-run"} {
		f, _ := shelltest.New(t, false, nil)
		if _, err := run(t, f, "demo", "--out", out, look); err == nil || !strings.Contains(err.Error(), "is half written") {
			t.Errorf("%s: got %v", look, err)
		}
	}
}

func rendered(t *testing.T, out string) {
	t.Helper()
	f, _ := shelltest.New(t, false, nil)
	if code, err := run(t, f, "demo", "--out", out); code != shell.OK || err != nil {
		t.Fatal(code, err)
	}
}

func edited(t *testing.T, out string) {
	t.Helper()
	rendered(t, out)
	if err := os.WriteFile(filepath.Join(out, "main.tf"), []byte("edit\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func foreign(t *testing.T, out string) {
	t.Helper()
	rendered(t, out)
	if err := os.WriteFile(filepath.Join(out, "extra.tf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func alone(t *testing.T, out string) {
	t.Helper()
	if err := errors.Join(os.Mkdir(out, 0o755), os.WriteFile(filepath.Join(out, "extra.tf"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
}

func chosen(t *testing.T, out string) {
	t.Helper()
	f, _ := shelltest.New(t, false, nil)
	if code, err := run(t, f, "demo", "--out", out, "--set", "cdn=false"); code != shell.OK || err != nil {
		t.Fatal(code, err)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before func(*testing.T, string)
		args   []string
		code   shell.Code
		want   map[string]any
	}{
		"written": {nil, nil, shell.OK, map[string]any{"written": true, "drift": true, "version": "1.2.3", "error": nil}},
		"no-op":   {rendered, nil, shell.OK, map[string]any{"written": false, "drift": false}},
		"check":   {edited, []string{"--check", "--diff"}, shell.Findings, map[string]any{"written": false, "drift": true}},
		"refused": {edited, nil, shell.Failed, map[string]any{"written": false, "drift": true}},
		"bad":     {nil, []string{"--set", "x=1"}, shell.Failed, map[string]any{"written": false, "report": nil}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "out")
			if tt.before != nil {
				tt.before(t, out)
			}
			f, s := shelltest.New(t, true, nil)
			code, err := run(t, f, append([]string{"demo", "--out", out, "--json"}, tt.args...)...)
			if err != nil || code != tt.code {
				t.Fatal(code, err)
			}
			var doc map[string]any
			if err := json.Unmarshal(s.Out.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			if s.Err.Len() > 0 {
				t.Errorf("talk besides JSON: %s", s.Err)
			}
			for k, want := range tt.want {
				if !reflect.DeepEqual(doc[k], want) {
					t.Errorf("%s: got %v, want %v", k, doc[k], want)
				}
			}
			if text, _ := doc["error"].(string); name == "refused" && !strings.Contains(text, "main.tf") {
				t.Errorf("the error does not name the file: %q", text)
			}
			if diags, _ := doc["diagnostics"].([]any); (name == "bad") != (len(diags) == 1) {
				t.Errorf("diagnostics: %v", diags)
			}
			if name == "check" && !strings.Contains(doc["diff"].(string), "-edit") {
				t.Errorf("diff: %v", doc["diff"])
			}
		})
	}
}

// TestMemory counts how often a module is really made: a render that was done
// before and whose result stands untouched is not done again.
func TestMemory(t *testing.T) {
	t.Parallel()
	same := func(*testing.T, *shell.Factory, string) {}
	write1 := func(name, body string) func(*testing.T, *shell.Factory, string) {
		return func(t *testing.T, _ *shell.Factory, out string) {
			if err := os.WriteFile(filepath.Join(out, name), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := map[string]struct {
		between func(t *testing.T, f *shell.Factory, out string)
		args    []string
		made    int
		code    shell.Code // -1: refused
	}{
		"again":            {same, nil, 0, shell.OK},
		"again, json":      {same, []string{"--json"}, 0, shell.OK},
		"again, forced":    {same, []string{"--force"}, 0, shell.OK},
		"another option":   {same, []string{"--set", "cdn=false"}, 1, shell.OK},
		"said differently": {same, []string{"--set", "cdn=true"}, 0, shell.OK},
		"said by nobody":   {same, []string{"--reset-options"}, 0, shell.OK},
		"another profile":  {same, []string{"--profile", "prd"}, 1, shell.OK},
		"another layout":   {same, []string{"--layout", "nested"}, 1, shell.OK},
		"check":            {same, []string{"--check"}, 1, shell.OK},
		"diff":             {same, []string{"--diff"}, 1, shell.OK},
		"dry run":          {same, []string{"--dry-run"}, 1, shell.OK},
		"a bad option":     {same, []string{"--set", "cdn=maybe"}, 1, shell.Failed},
		"edited":           {write1("main.tf", "edit"), nil, 1, -1},
		"foreign":          {write1("extra.tf", ""), nil, 0, shell.OK},
		"leftover":         {write1("terraform.tfstate", ""), nil, 0, shell.OK},
		"manifest":         {write1(".bpgen/manifest.json", "{}"), nil, 0, shell.Failed},
		"removed":          {func(t *testing.T, _ *shell.Factory, out string) { os.Remove(filepath.Join(out, "main.tf")) }, nil, 1, shell.OK},
		"template": {func(t *testing.T, f *shell.Factory, _ string) {
			f.Templates = fstest.MapFS{"thing/main.tf": {Data: []byte("# thing\n")}, "thing/files/x": {}}
		}, nil, 1, shell.OK},
		"another template": {func(t *testing.T, f *shell.Factory, _ string) {
			f.Templates = fstest.MapFS{"thing/main.tf": {Data: []byte("# thing\n")}, "other/main.tf": {}}
		}, nil, 0, shell.OK},
		"notes": {func(t *testing.T, f *shell.Factory, _ string) {
			f.Blueprints = fstest.MapFS{"demo/blueprint.hcl": {Data: []byte(shelltest.Blueprint)}}
		}, nil, 1, shell.OK},
		"blueprint": {func(t *testing.T, f *shell.Factory, _ string) {
			fsys := fstest.MapFS{"demo/blueprint.hcl": {Data: []byte(shelltest.Blueprint + "\n")}}
			if b, err := fs.ReadFile(f.Blueprints, "notes/cache.yaml"); err == nil {
				fsys["notes/cache.yaml"] = &fstest.MapFile{Data: b}
			}
			f.Blueprints = fsys
		}, nil, 1, shell.OK},
		"killed before": {func(t *testing.T, _ *shell.Factory, out string) {
			if err := os.Mkdir(filepath.Join(out, ".bpgen", "tmp"), 0o755); err != nil {
				t.Fatal(err)
			}
		}, nil, 1, shell.OK},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			made := 0
			factory := func() (*shell.Factory, shelltest.Streams) {
				f, s := shelltest.New(t, false, nil)
				f.Memory = write.MemoryIn(filepath.Join(dir, "memory"))
				generate := f.Generate
				f.Generate = func(ctx context.Context, req generator.Request) (generator.Result, hcl.Diagnostics) {
					made++
					return generate(ctx, req)
				}
				return f, s
			}
			f, first := factory()
			if code, err := run(t, f, "demo", "--out", out); code != shell.OK || err != nil || made != 1 {
				t.Fatal(code, err, made, first.Err)
			}
			f, s := factory()
			tt.between(t, f, out)
			made = 0
			code, err := run(t, f, append([]string{"demo", "--out", out}, tt.args...)...)
			if code != tt.code {
				t.Errorf("exit %d, want %d: %v %s", code, tt.code, err, s.Err)
			}
			if made != tt.made {
				t.Errorf("made %d times, want %d", made, tt.made)
			}
			if name == "again" && s.Err.String() != out+" is up to date with demo 1.2.3: 3 files unchanged.\n" {
				t.Errorf("got %q", s.Err)
			}
		})
	}
}
