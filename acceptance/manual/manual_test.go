package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/bpgen/bpgen/generator/cli"
	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/iostreams"
)

func root() *cobra.Command {
	ios, _, _, _ := iostreams.Test()
	return cli.NewRoot(&shell.Factory{IO: ios})
}

// TestEveryCommandHasAPage: with its description, its flags and its neighbours, and
// there is no other.
func TestEveryCommandHasAPage(t *testing.T) {
	t.Parallel()
	made := pages(root(), edition{"1.2.3", 1_700_000_000})
	seen := 0
	// roff writes hyphens with a backslash.
	bare := func(page []byte) string {
		return strings.NewReplacer(`\-`, "-", `\.`, ".", `\&`, "", `\[aq]`, "'").Replace(string(page))
	}
	var look func(*cobra.Command)
	look = func(cmd *cobra.Command) {
		if cmd.HasParent() && !cmd.IsAvailableCommand() {
			return
		}
		seen++
		page := bare(made[filepath.Join("man", strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1")])
		wants := []string{cmd.Short, "2023-11-14", "bpgen 1.2.3", ".SH SYNOPSIS", ".SH DESCRIPTION", "--help"}
		cmd.Flags().VisitAll(func(fl *pflag.Flag) {
			_, usage := pflag.UnquoteUsage(fl)
			wants = append(wants, "--"+fl.Name, usage)
		})
		if cmd.HasParent() {
			wants = append(wants, ".SH SEE ALSO", strings.ReplaceAll(cmd.Parent().CommandPath(), " ", "-"))
		}
		if cmd.Example != "" {
			wants = append(wants, strings.Split(cmd.Example, "\n")[0])
		}
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("the page of %s lacks %q:\n%s", cmd.CommandPath(), want, page)
			}
		}
		for _, c := range cmd.Commands() {
			look(c)
		}
	}
	look(root())
	if seen != len(made) || seen < 15 {
		t.Errorf("%d commands, %d pages", seen, len(made))
	}
}

// TestSamePages: the bytes depend on nothing but what goes in.
func TestSamePages(t *testing.T) {
	t.Parallel()
	first, again := pages(root(), edition{}), pages(root(), edition{})
	for path, page := range first {
		if !bytes.Equal(page, again[path]) {
			t.Errorf("%s differs from one run to the next", path)
		}
	}
}

// TestPagesAreRoff: groff has nothing to say against them.
func TestPagesAreRoff(t *testing.T) {
	t.Parallel()
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("no groff on this machine to read the pages")
	}
	for path, page := range pages(root(), edition{}) {
		cmd := exec.Command(groff, "-man", "-ww", "-Tutf8", "-z", "-k")
		cmd.Stdin = bytes.NewReader(page)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	page := string(page(&cobra.Command{Use: "x", Short: `a_b *c* [d] <e> \f` + "`g`", Run: func(*cobra.Command, []string) {}}, edition{}))
	if want := `a_b *c* [d] <e> \\f` + "`g`"; !strings.Contains(page, want) {
		t.Errorf("no %q in\n%s", want, page)
	}
}

// TestAllIsPacked: the archive of bpgen takes every file that is written here, and
// what it takes from here is written.
func TestAllIsPacked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := run(dir, edition{}); err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var release struct {
		Before struct {
			Hooks []string `yaml:"hooks"`
		} `yaml:"before"`
		Archives []struct {
			ID    string `yaml:"id"`
			Files []struct {
				Source string `yaml:"src"`
			} `yaml:"files"`
		} `yaml:"archives"`
	}
	if err := yaml.Unmarshal(src, &release); err != nil {
		t.Fatal(err)
	}
	if len(release.Before.Hooks) != 1 || !strings.HasPrefix(release.Before.Hooks[0], "go run ./acceptance/manual -out bin/manual ") {
		t.Errorf("before a release runs %q", release.Before.Hooks)
	}
	packed := map[string]bool{}
	for _, f := range release.Archives[0].Files {
		glob, ours := strings.CutPrefix(f.Source, "bin/manual/")
		if !ours {
			continue
		}
		files, err := filepath.Glob(filepath.Join(dir, glob))
		if err != nil || len(files) == 0 {
			t.Errorf("%s finds nothing: %v", f.Source, err)
		}
		for _, name := range files {
			packed[name] = true
		}
	}
	written := 0
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if written++; !packed[name] {
			t.Errorf("%s is in no archive", name)
		}
		return nil
	})
	if err != nil || written < 15 {
		t.Errorf("%d files, %v", written, err)
	}
}
