package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/cli/shell/shelltest"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/templates"
)

// screen returns what a command shows of the blueprint in testdata/wide, on a
// terminal of that width or in a pipe, 0. Escape begins with ^.
func screen(t *testing.T, env map[string]string, args ...string) string {
	t.Helper()
	ios, _, out, errOut := iostreams.Test()
	ios.SetTTY(env["COLUMNS"] != "", func(k string) string { return env[k] })
	wide := filepath.Join("testdata", "wide")
	f := &shell.Factory{
		IO: ios, Blueprints: os.DirFS(filepath.Join(wide, "blueprints")), Templates: os.DirFS(filepath.Join(wide, "templates")),
		Generate: generator.Generate, Preview: generator.Preview,
	}
	if code := cli.Run(t.Context(), f, args); code != shell.OK {
		t.Fatalf("bpgen %s: exit %d\n%s", strings.Join(args, " "), code, errOut)
	}
	return strings.ReplaceAll(out.String(), "\x1b", "^")
}

// TestScreens: what is shown at 80 and at 120 columns, in a pipe, and in colour.
func TestScreens(t *testing.T) {
	t.Parallel()
	env := func(columns, name string) map[string]string {
		return map[string]string{"COLUMNS": columns, name: "1"}
	}
	show := []string{"show", "wide", "--set", "owner=me", "--set", "store=tape-in-a-vault"}
	for name, tt := range map[string]struct {
		env  map[string]string
		args []string
	}{
		"show-80":           {env("80", "NO_COLOR"), show},
		"show-120":          {env("120", "NO_COLOR"), show},
		"show-pipe":         {env("", ""), show},
		"show-80-colour":    {env("80", ""), show},
		"show-pipe-colour":  {env("", "FORCE_COLOR"), show},
		"explain-80":        {env("80", "NO_COLOR"), []string{"explain", "wide", "store", "limits", "store_kept", "url", "--set", "owner=me"}},
		"explain-all-80":    {env("80", "NO_COLOR"), []string{"explain", "wide", "--set", "owner=me"}},
		"explain-all-pipe":  {env("", ""), []string{"explain", "wide", "--set", "owner=me"}},
		"list-80":           {env("80", "NO_COLOR"), []string{"list"}},
		"template-show-80":  {env("80", "NO_COLOR"), []string{"template", "show", "store"}},
		"template-list-120": {env("120", "NO_COLOR"), []string{"template", "list"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.File(t, filepath.Join("testdata", "screens", name+".txt"), []byte(screen(t, tt.env, tt.args...)))
		})
	}
}

// TestColourIsAllThatDiffers: with colour and without a screen says the same, and a
// width moves words but neither adds nor loses any.
func TestColourIsAllThatDiffers(t *testing.T) {
	t.Parallel()
	show := []string{"show", "wide", "--set", "owner=me"}
	plain := screen(t, map[string]string{"COLUMNS": "80", "NO_COLOR": "1"}, show...)
	colour := screen(t, map[string]string{"COLUMNS": "80"}, show...)
	if !strings.Contains(colour, "^[1mwide 1.2.3^[0m\n") || strings.Contains(plain, "^") {
		t.Errorf("colour:\n%s\nplain:\n%s", colour, plain)
	}
	if bare := strings.NewReplacer("^[0m", "", "^[1m", "", "^[2m", "").Replace(colour); bare != plain {
		t.Errorf("colour changes the text:\n%s\nplain:\n%s", bare, plain)
	}
}

// TestScreensFit: at any width every command shows all that it shows in a pipe,
// and no line is wider than the terminal.
func TestScreensFit(t *testing.T) {
	t.Parallel()
	commands := [][]string{
		{"list"}, {"explain", "ecs-fargate", "deletion_protection", "database", "deletion-protection"},
		{"template", "list"}, {"template", "show", "network"}, {"notes", "coverage"}, {"vet", "--rules"},
	}
	if testing.Short() {
		commands = commands[:1] // under the race detector, where the width plays no part
	}
	for _, name := range names(t) {
		commands = append(commands, []string{"show", name}, []string{"explain", name})
	}
	run := func(columns string, args []string) string {
		ios, _, out, errOut := iostreams.Test()
		ios.SetTTY(columns != "", func(k string) string { return map[string]string{"COLUMNS": columns, "NO_COLOR": "1"}[k] })
		if code := cli.Main(t.Context(), ios, args, templates.FS, blueprints.FS); code != 0 && args[0] != "notes" {
			t.Errorf("bpgen %s: exit %d\n%s", strings.Join(args, " "), code, errOut)
		}
		return out.String()
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for _, args := range commands {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			piped := run("", args)
			if len(piped) < 100 {
				t.Fatalf("only %q", piped)
			}
			for columns, width := range map[string]int{"40": 40, "80": 80, "120": 120} {
				shown := run(columns, args)
				if squeeze(shown) != squeeze(piped) {
					t.Errorf("at %s columns the text is another one:\n%s", columns, shown)
				}
				tooWide(t, shown, width)
			}
		})
	}
}

// TestHelpFits is TestScreensFit for the help of every command.
func TestHelpFits(t *testing.T) {
	t.Parallel()
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	var look func(*cobra.Command)
	look = func(cmd *cobra.Command) {
		args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
		piped := screen(t, nil, args...)
		if !strings.Contains(piped, "Usage\n  "+cmd.CommandPath()) || !strings.Contains(piped, cmd.Short[1:]) && cmd.Long == "" {
			t.Errorf("%s:\n%s", cmd.CommandPath(), piped)
		}
		for columns, width := range map[string]int{"80": 80, "120": 120} {
			shown := screen(t, map[string]string{"COLUMNS": columns, "NO_COLOR": "1"}, args...)
			if squeeze(shown) != squeeze(piped) {
				t.Errorf("at %s columns the text is another one:\n%s", columns, shown)
			}
			tooWide(t, shown, width)
		}
		for _, c := range cmd.Commands() {
			look(c)
		}
	}
	f, _ := shelltest.New(t, false, nil)
	look(cli.NewRoot(f))
}

func tooWide(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "https://") {
			continue // an address alone in its line stays in one piece, so that it can be opened
		}
		if w := columns.Width(strings.TrimSuffix(line, "\n")); w > width {
			t.Errorf("%d columns on %d:\n%s", w, width, line)
		}
	}
}
