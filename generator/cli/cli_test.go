package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
)

// TestRun goes from arguments to streams and exit code through the whole
// command tree. What a command writes on the disk is tested beside it.
func TestRun(t *testing.T) {
	t.Parallel()
	plain := map[string]string{"NO_COLOR": "1"}
	tests := map[string]struct {
		tty    bool
		env    map[string]string
		args   []string
		code   shell.Code
		stdout []string // each is contained
		stderr []string
		quiet  bool // nothing on stderr
	}{
		"no command":        {stdout: []string{"Usage\n  bpgen COMMAND\n"}, quiet: true},
		"help":              {args: []string{"render", "--help"}, stdout: []string{"Usage\n  bpgen render [NAME] [flags]\n", "--blueprint-dir directory"}, quiet: true},
		"help command":      {args: []string{"help", "graph"}, stdout: []string{"bpgen graph NAME"}, quiet: true},
		"groups":            {args: []string{"--help"}, stdout: []string{"Use a blueprint\n  list ", "Check and merge modules\n  vet ", "\n  merge ", "Write your own\n  blueprint ", "Other\n  completion "}, quiet: true},
		"help, deep":        {args: []string{"help", "blueprint", "check"}, stdout: []string{"bpgen blueprint check [NAME]..."}, quiet: true},
		"help, typo":        {args: []string{"help", "rendr"}, code: 1, stderr: []string{`unknown command "bpgen rendr". Did you mean "render"?`, "Run \"bpgen --help\" for help.\n"}},
		"help, too far":     {args: []string{"help", "render", "x"}, code: 1, stderr: []string{`unknown command "bpgen render x"`}},
		"version flag":      {args: []string{"--version"}, stdout: []string{"bpgen "}, quiet: true},
		"no such shell":     {args: []string{"completion", "tcsh"}, code: 1, stderr: []string{`there is no completion script for "tcsh". Did you mean "bash", "fish" or "zsh"?`}},
		"shells":            {args: []string{"completion"}, code: 1, stderr: []string{`which shell? Write bpgen completion SHELL, with "bash", "zsh", "fish" or "powershell"`}},
		"typo":              {args: []string{"rendr"}, code: 1, stderr: []string{`unknown command "bpgen rendr". Did you mean "render"?`, `Run "bpgen --help"`}},
		"typo in group":     {args: []string{"blueprint", "chek"}, code: 1, stderr: []string{`Did you mean "check"?`, `Run "bpgen blueprint --help"`}},
		"flag typo":         {args: []string{"render", "x", "--optoins", "y"}, code: 1, stderr: []string{`unknown flag --optoins; did you mean "--options"?`}},
		"flag value":        {args: []string{"render", "x", "--json=maybe"}, code: 1, stderr: []string{`Error: --json must be true or false, not "maybe"`}},
		"help value":        {args: []string{"render", "--help=foo"}, code: 1, stderr: []string{`Error: --help must be true or false, not "foo"`}},
		"one hyphen":        {args: []string{"render", "x", "-json"}, code: 1, stderr: []string{`did you mean "--json"?`}},
		"short flag":        {args: []string{"render", "x", "-o", "y"}, code: 1, stderr: []string{"long names and start with two hyphens"}},
		"error, colour":     {tty: true, args: []string{"rendr"}, code: 1, stderr: []string{"\x1b[31mError:\x1b[0m unknown command"}},
		"error, plain":      {tty: true, env: plain, args: []string{"rendr"}, code: 1, stderr: []string{"Error: unknown command"}},
		"error, narrow":     {tty: true, env: map[string]string{"NO_COLOR": "1", "COLUMNS": "40"}, args: []string{"rendr"}, code: 1, stderr: []string{"Error: unknown command \"bpgen rendr\".\nDid you mean \"render\"?\n"}},
		"unknown name":      {args: []string{"show", "dem"}, code: 1, stderr: []string{`There is no blueprint "dem". Did you mean "demo"?`}},
		"missing directory": {args: []string{"list", "--blueprint-dir", "no/such"}, code: 1, stderr: []string{`there is no blueprint directory "no/such"`, "(from --blueprint-dir)"}},
		"wrong directory":   {args: []string{"list", "--blueprint-dir", "."}, code: 1, stderr: []string{"neither blueprints nor templates", "blueprints/<name>/blueprint.hcl"}},

		"list":           {args: []string{"list"}, stdout: []string{"demo  1.2.3  A demonstration.\n"}, quiet: true},
		"list, terminal": {tty: true, args: []string{"list"}, stdout: []string{"demo  1.2.3  \x1b[2mA demonstration.\x1b[0m\n"}, quiet: true},
		"list, NO_COLOR": {tty: true, env: plain, args: []string{"list"}, stdout: []string{"demo  1.2.3  A demonstration.\n"}, quiet: true},
		"list, json":     {args: []string{"list", "--json"}, stdout: []string{`"summary": "A demonstration."`}, quiet: true},
		"list, argument": {args: []string{"list", "x"}, code: 1, stderr: []string{"bpgen list takes no arguments"}},

		"show": {args: []string{"show", "demo"}, quiet: true, stdout: []string{
			"demo 1.2.3\nA demonstration.\n", "  cdn  bool  default true\n      Put a CDN in front.\n      one of true, false\n      why: it is faster\n",
			"  engine  string  default redis\n      one of redis, valkey\n      notes: cache.engine\n", "  aws_provider  string  default 6\n",
			"Profiles (--profile name)\n  prd  Production.\n      options engine=valkey\n",
			"  web   template thing  web.tf\n  edge  template thing  edge.tf  when option.cdn\n",
			"  name  string  required\n  days  number  default 7\n", "  url  Where it is.\n", "  edge uses web.id\n  edge uses web.arn\n",
		}},
		"show, chosen":   {args: []string{"show", "demo", "--set", "cdn=false", "--profile", "prd"}, stdout: []string{"now false from --set", "now valkey from profile prd", "when option.cdn (not used)"}, quiet: true},
		"show, bold":     {tty: true, args: []string{"show", "demo"}, stdout: []string{"\x1b[1mdemo 1.2.3\x1b[0m\n"}, quiet: true},
		"show, bad":      {args: []string{"show", "demo", "--set", "cdn=maybe"}, code: 1, stdout: []string{"Options (--set"}, stderr: []string{"Not a valid value"}},
		"show, json":     {args: []string{"show", "demo", "--json"}, stdout: []string{`"default": true`, `"in_use": true`, `"when": "option.cdn"`, `"required": true`}, quiet: true},
		"show, bad json": {args: []string{"show", "demo", "--json", "--set", "x=1"}, code: 1, stdout: []string{`"summary": "Unknown option"`}, quiet: true},

		"explain":          {args: []string{"explain", "demo"}, stdout: []string{"option    cdn           default true        why: it is faster\n", "variable  name          required\n", "output    url\n"}, quiet: true},
		"explain a note":   {args: []string{"explain", "demo", "engine"}, stdout: []string{"option engine\n  default     redis\n  allowed     redis, valkey\nnote cache.engine\n  section     31. Cache › Engine\n  says        Use Redis.\n  strength    should\n  value       redis\n  caveat      Valkey is cheaper.\n"}, quiet: true},
		"explain a why":    {args: []string{"explain", "demo", "cdn"}, stdout: []string{"  why         it is faster\n"}, quiet: true},
		"explain variable": {args: []string{"explain", "demo", "days", "name"}, stdout: []string{"variable days\n  default     7\nnote cache.engine\n", "\nvariable name\n  what        The name.\n  default     none (required)\n"}, quiet: true},
		"explain output":   {args: []string{"explain", "demo", "url"}, stdout: []string{"output url\n  what        Where it is.\n"}, quiet: true},
		"explain id":       {args: []string{"explain", "demo", "cache.engine"}, stdout: []string{"note cache.engine\n  section "}, quiet: true},
		"explain, unknown": {args: []string{"explain", "demo", "engin", "zzz"}, code: 1, stderr: []string{`has no option, variable or output "engin". Did you mean "engine"?`, `"zzz"`}},
		"explain, json":    {args: []string{"explain", "demo", "engine", "--json"}, stdout: []string{`"statement": "Use Redis."`}, quiet: true},
		"explain, nothing": {args: []string{"explain"}, code: 1, stderr: []string{"which blueprint?"}},

		"graph":          {args: []string{"graph", "demo"}, stdout: []string{"flowchart LR\n", "-> "}, quiet: true},
		"graph, dot":     {args: []string{"graph", "demo", "--format", "dot"}, stdout: []string{"digraph \"demo\" {\n", "  \"web\" [tooltip = \"The \\\"web\\\".\"]\n", "  \"edge\" -> \"web\" [edgetooltip = \"id, arn\"]\n}\n"}, quiet: true},
		"graph, less":    {args: []string{"graph", "demo", "--set", "cdn=false", "--format", "dot"}, stdout: []string{"\"]\n}\n"}, quiet: true},
		"graph, unknown": {args: []string{"graph", "demo", "--format", "svg"}, code: 1, stderr: []string{`mermaid or dot, not "svg"`}},

		"version":       {args: []string{"version"}, stdout: []string{"bpgen "}, quiet: true},
		"version, json": {args: []string{"version", "--json"}, stdout: []string{`"go": "go1.`}, quiet: true},

		"vet, nothing":   {args: []string{"vet", "testdata/none"}, code: 1, stderr: []string{`there is no directory "testdata/none"`}},
		"vet, file":      {args: []string{"vet", "cli.go"}, code: 1, stderr: []string{"is a file"}},
		"vet, no module": {args: []string{"vet", "explain"}, code: 1, stderr: []string{"no Terraform files"}},
		"vet, version":   {args: []string{"vet", "--aws-provider", "4"}, code: 1, stderr: []string{"5 or 6"}},

		"check":          {args: []string{"blueprint", "check", "demo"}, stderr: []string{"Checked the blueprint demo: no errors in 1 combination of options.\n"}},
		"check, all":     {args: []string{"blueprint", "check"}, stderr: []string{"Checked the blueprint demo: no errors in 1 combination of options.\n"}},
		"check, json":    {args: []string{"blueprint", "check", "--json"}, stdout: []string{`"blueprints": [`, `"diagnostics": []`}, quiet: true},
		"check, unknown": {args: []string{"blueprint", "check", "demmo"}, code: 1, stderr: []string{`Did you mean "demo"?`}},
		"init, no name":  {args: []string{"blueprint", "init"}, code: 1, stderr: []string{"takes one directory"}},
		"group":          {args: []string{"blueprint"}, stdout: []string{"Usage\n  bpgen blueprint COMMAND\n", "Commands\n  check  Check "}, quiet: true},

		"complete names":    {args: []string{"__complete", "render", ""}, stdout: []string{"demo\tA demonstration.\n:4\n"}},
		"complete options":  {args: []string{"__complete", "render", "demo", "--set", ""}, stdout: []string{"cdn=\tPut a CDN in front.\nengine=\naws_provider=", "\n:38\n"}},
		"complete the rest": {args: []string{"__complete", "render", "demo", "--set", "cdn=true", "--set", ""}, stdout: []string{"engine=\naws_provider="}},
		"complete bool":     {args: []string{"__complete", "render", "demo", "--set", "cdn="}, stdout: []string{"cdn=true\tdefault\ncdn=false\n:36\n"}},
		"complete one_of":   {args: []string{"__complete", "show", "demo", "--set", "engine=v"}, stdout: []string{"engine=redis\tdefault\nengine=valkey\n"}},
		"complete =form":    {args: []string{"__complete", "graph", "demo", "--set=cdn="}, stdout: []string{"cdn=true\tdefault\ncdn=false\n"}},
		"complete profile":  {args: []string{"__complete", "render", "demo", "--profile", ""}, stdout: []string{"prd\n:4\n"}},
		"complete layout":   {args: []string{"__complete", "render", "demo", "--layout", ""}, stdout: []string{"flat\nnested\n:4\n"}},
		"complete format":   {args: []string{"__complete", "graph", "demo", "--format", ""}, stdout: []string{"mermaid\ndot\n:4\n"}},
		"complete explain":  {args: []string{"__complete", "explain", "demo", "cdn", ""}, stdout: []string{"engine\toption\naws_provider\toption\ntarget\toption\nhome\toption\nname\tvariable\n"}},
		"complete nothing":  {args: []string{"__complete", "render", "none", "--set", ""}, stdout: []string{":4\n"}},
		"complete flags":    {args: []string{"__complete", "render", "--o"}, stdout: []string{"--options\tread options from file: .hcl, .yaml or .json\n--out\twrite into directory (default"}},
		"complete shells":   {args: []string{"__complete", "completion", ""}, stdout: []string{"bash\nzsh\nfish\npowershell\n:4\n"}},
		"completion pwsh":   {args: []string{"completion", "powershell", "--print"}, stdout: []string{"# powershell completion for bpgen"}, quiet: true},
		"completion both":   {args: []string{"completion", "bash", "--print", "--install"}, code: 1, stderr: []string{"give one of them"}},
		"completion bash":   {args: []string{"completion", "bash"}, stdout: []string{"bash completion V2 for bpgen"}, quiet: true},
		"completion zsh":    {args: []string{"completion", "zsh"}, stdout: []string{"#compdef bpgen"}, quiet: true},
		"completion fish":   {args: []string{"completion", "fish"}, stdout: []string{"fish completion for bpgen"}, quiet: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, s := shelltest.New(t, tt.tty, tt.env)
			code := cli.Run(t.Context(), f, tt.args)
			if code != tt.code {
				t.Errorf("exit %d, want %d", code, tt.code)
			}
			for _, want := range tt.stdout {
				if !strings.Contains(s.Out.String(), want) {
					t.Errorf("stdout lacks %q", want)
				}
			}
			for _, want := range tt.stderr {
				if !strings.Contains(s.Err.String(), want) {
					t.Errorf("stderr lacks %q", want)
				}
			}
			if tt.code == shell.Failed && len(tt.stdout) == 0 && s.Out.Len() > 0 {
				t.Error("an error wrote to stdout")
			}
			if tt.quiet && s.Err.Len() > 0 {
				t.Error("talk on stderr")
			}
			if !tt.tty && strings.Contains(s.Out.String()+s.Err.String(), "\x1b[") && tt.args[0] != "completion" {
				t.Error("colour without a terminal")
			}
			if t.Failed() {
				t.Logf("stdout:\n%s\nstderr:\n%s", s.Out, s.Err)
			}
		})
	}
}

// TestJSONIsOneDocument holds for every command that has --json.
func TestJSONIsOneDocument(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"list"}, {"show", "demo"}, {"explain", "demo"}, {"version"}, {"blueprint", "check"}, {"render", "demo", "--dry-run", "--out", "testdata/none"},
	} {
		f, s := shelltest.New(t, true, nil)
		if code := cli.Run(t.Context(), f, append(args, "--json")); code != shell.OK {
			t.Errorf("%v: exit %d: %s", args, code, s.Err)
		}
		var v any
		if err := json.Unmarshal(s.Out.Bytes(), &v); err != nil {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// TestFolders looks at --blueprint-dir and BPGEN_PATH.
func TestFolders(t *testing.T) {
	t.Parallel()
	platform := func(t *testing.T, name string) string {
		dir := t.TempDir()
		put(t, filepath.Join(dir, "blueprints", name, "blueprint.hcl"), "blueprint \""+name+"\" {\n  version = \"1.0.0\"\n}\n")
		return dir
	}
	t.Run("both ways", func(t *testing.T) {
		t.Parallel()
		a, b := platform(t, "one"), platform(t, "two")
		f, s := shelltest.New(t, false, nil)
		f.Path = a + string(filepath.ListSeparator) + b + string(filepath.ListSeparator) + a
		if code := cli.Run(t.Context(), f, []string{"list", "--blueprint-dir", a}); code != shell.OK {
			t.Fatal(s.Err)
		}
		if got := s.Out.String(); got != "demo  1.2.3  A demonstration.\none   1.0.0\ntwo   1.0.0\n" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("a name twice", func(t *testing.T) {
		t.Parallel()
		dir := platform(t, "demo")
		f, s := shelltest.New(t, false, nil)
		if code := cli.Run(t.Context(), f, []string{"list", "--blueprint-dir", dir}); code != shell.Failed || !strings.Contains(s.Err.String(), "Duplicate name") {
			t.Errorf("exit %d: %s", code, s.Err)
		}
	})
	t.Run("a link out", func(t *testing.T) {
		t.Parallel()
		away := platform(t, "away")
		dir := t.TempDir()
		if err := os.Symlink(filepath.Join(away, "blueprints"), filepath.Join(dir, "blueprints")); err != nil {
			t.Fatal(err)
		}
		f, s := shelltest.New(t, false, nil)
		if code := cli.Run(t.Context(), f, []string{"list", "--blueprint-dir", dir}); code != shell.Failed || !strings.Contains(s.Err.String(), "escapes") {
			t.Errorf("exit %d: %s", code, s.Err)
		}
	})
	t.Run("an inner link out", func(t *testing.T) {
		t.Parallel()
		away, dir := platform(t, "away"), platform(t, "near")
		if err := os.Symlink(filepath.Join(away, "blueprints", "away"), filepath.Join(dir, "blueprints", "away")); err != nil {
			t.Fatal(err)
		}
		f, s := shelltest.New(t, false, nil)
		cli.Run(t.Context(), f, []string{"list", "--blueprint-dir", dir})
		if strings.Contains(s.Out.String(), "away") {
			t.Errorf("the link was followed: %s", s.Out)
		}
	})
	t.Run("a file for a directory", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		put(t, filepath.Join(dir, "templates"), "")
		f, s := shelltest.New(t, false, nil)
		f.Path = dir
		if code := cli.Run(t.Context(), f, []string{"list"}); code != shell.Failed || !strings.Contains(s.Err.String(), "must be a directory (from BPGEN_PATH)") {
			t.Errorf("exit %d: %s", code, s.Err)
		}
	})
}

// TestInit writes the scaffold once and never over something.
func TestInit(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "platform")
	f, s := shelltest.New(t, false, nil)
	if code := cli.Run(t.Context(), f, []string{"blueprint", "init", dir}); code != shell.OK {
		t.Fatal(s.Err)
	}
	if s.Out.Len() > 0 || !strings.Contains(s.Err.String(), "bpgen render artifact-store --blueprint-dir ") {
		t.Errorf("stdout %q, stderr %q", s.Out, s.Err)
	}
	f, s = shelltest.New(t, false, nil)
	if cli.Run(t.Context(), f, []string{"list", "--blueprint-dir", dir}); !strings.Contains(s.Out.String(), "artifact-store  0.1.0") {
		t.Errorf("%s%s", s.Out, s.Err)
	}
	put(t, filepath.Join(dir, "README.md"), "mine")
	f, s = shelltest.New(t, false, nil)
	if code := cli.Run(t.Context(), f, []string{"blueprint", "init", dir}); code != shell.Failed || !strings.Contains(s.Err.String(), "is not empty") {
		t.Errorf("exit %d: %s", code, s.Err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "README.md")); err != nil || string(b) != "mine" {
		t.Errorf("%q %v", b, err)
	}
}

// TestVet looks at files of a folder.
func TestVet(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		files  map[string]string
		code   shell.Code
		stdout string
		stderr string
	}{
		"clean":  {map[string]string{"main.tf": "output \"x\" {\n  value = 1\n}\n"}, shell.OK, "", "1 module, 0 errors, 0 warnings\n"},
		"broken": {map[string]string{"main.tf": "output \"x\" {\n  value = var.nope\n}\n"}, shell.Findings, "main.tf line 2", "1 module, 1 error, 0 warnings\n"},
		"deep":   {map[string]string{"main.tf": "a = " + strings.Repeat("[", 100_000)}, shell.Failed, "", "Nested too deeply"},
		"hidden": {map[string]string{"main.tf": "output \"x\" {\n  value = 1\n}\n", ".terraform/modules/x/main.tf": "{"}, shell.OK, "", "1 module, 0 errors, 0 warnings\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for n, body := range tt.files {
				put(t, filepath.Join(dir, n), body)
			}
			for _, mode := range [][]string{nil, {"--json"}} {
				f, s := shelltest.New(t, false, nil)
				code := cli.Run(t.Context(), f, append([]string{"vet", dir}, mode...))
				if code != tt.code {
					t.Errorf("exit %d, want %d\n%s%s", code, tt.code, s.Out, s.Err)
				}
				if mode != nil {
					if code != shell.Failed && !json.Valid(s.Out.Bytes()) {
						t.Errorf("no JSON: %s", s.Out)
					}
					continue
				}
				if !strings.Contains(s.Out.String(), tt.stdout) || !strings.Contains(s.Err.String(), tt.stderr) {
					t.Errorf("stdout %q, stderr %q", s.Out, s.Err)
				}
			}
		})
	}
}

// TestEveryCommandExplainsItself holds that help is whole.
func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	f, _ := shelltest.New(t, false, nil)
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Short == "" {
			t.Errorf("%s has no short help", c.CommandPath())
		}
		if strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: short help ends with a full stop", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(cli.NewRoot(f))
}

func put(t *testing.T, name, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}
