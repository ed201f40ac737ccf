package cli_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/cited"
	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/iostreams"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/templates"
)

// builtIn runs a command with the blueprints and templates of bpgen.
func builtIn(t *testing.T, args ...string) string {
	t.Helper()
	ios, _, out, errOut := iostreams.Test()
	f := &shell.Factory{
		IO: ios, Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects(),
		Generate: generator.Generate, Preview: generator.Preview,
	}
	if code := cli.Run(t.Context(), f, args); code != shell.OK {
		t.Fatalf("bpgen %s: exit %d\n%s", strings.Join(args, " "), code, errOut)
	}
	return out.String()
}

// names are those of the built-in blueprints.
func names(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(blueprints.FS, "*/blueprint.hcl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no blueprint: %v", err)
	}
	var out []string
	for _, f := range files {
		out = append(out, path.Dir(f))
	}
	return out
}

// TestReadersWalk: every line of a blueprint's default rendering that cites the notes leads, by
// explain, to what they say, to the lines in which they say it, and to a page of AWS; and
// so does the text that is shown of ten of them, chosen by each of a few seeds.
func TestReadersWalk(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
	for _, name := range names(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(t, name)
		})
	}
}

func walk(t *testing.T, blueprint string) {
	dir := filepath.Join(t.TempDir(), "web")
	builtIn(t, "render", blueprint, "--out", dir)
	var lines []string
	for _, c := range cited.Read(modules(t, dir)).Citations() {
		lines = append(lines, fmt.Sprintf("%s:%d", filepath.Join(dir, c.File), c.Line))
	}
	if len(lines) < 10 {
		t.Fatalf("only %d lines cite the notes", len(lines))
	}
	var topics []struct {
		Name, Statement, Address string
		Notes                    []struct {
			ID, Statement, Lines string
			Missing              bool
			Sources              []ledger.Source
		}
	}
	if err := json.Unmarshal([]byte(builtIn(t, append([]string{"explain", "--json"}, lines...)...)), &topics); err != nil {
		t.Fatal(err)
	}
	if len(topics) != len(lines) {
		t.Fatalf("%d lines are %d topics", len(lines), len(topics))
	}
	for _, topic := range topics {
		if topic.Address == "" || len(topic.Notes) == 0 {
			t.Errorf("%s: address %q, %d notes", topic.Name, topic.Address, len(topic.Notes))
		}
		for _, n := range topic.Notes {
			if n.Missing || n.Statement == "" || n.Lines == "" || !slices.ContainsFunc(n.Sources, ledger.Source.AWS) {
				t.Errorf("%s: %s says %q in lines %q, and leads to %v", topic.Name, n.ID, n.Statement, n.Lines, n.Sources)
			}
		}
	}
	for seed := range uint64(3) {
		chance := rand.New(rand.NewPCG(seed, 13)) //nolint:gosec // The same lines at every run.
		var ten []string
		for _, i := range chance.Perm(len(lines))[:10] {
			ten = append(ten, lines[i])
		}
		parts := strings.Split(builtIn(t, append([]string{"explain"}, ten...)...), "\n\n")
		if len(parts) != len(ten) {
			t.Fatalf("seed %d: %d parts", seed, len(parts))
		}
		for i, text := range parts {
			for _, want := range []string{"\n  place       ", "\n  says        ", ", line", "https://docs.aws.amazon.com/"} {
				if !strings.Contains(text, want) {
					t.Errorf("seed %d, %s: no %q in\n%s", seed, ten[i], want, text)
				}
			}
		}
	}
}

// modules reads the Terraform files at the top of a directory.
func modules(t *testing.T, dir string) []fileset.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	var out []fileset.File
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fileset.File{Path: filepath.Base(name), Bytes: content})
	}
	return out
}
