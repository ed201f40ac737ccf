package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// TestReadme: what people wrote stays, the rest names all that the blueprint has, and
// made again it is the same.
func TestReadme(t *testing.T) {
	t.Parallel()
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	const own = "# ecs-fargate\n\nBy hand | as it is.\n\n"
	text, err := readme(cat, "ecs-fargate", []byte(own+mark+"old\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(text, []byte(own+mark)) || bytes.Contains(text, []byte("\nold\n")) {
		t.Errorf("it begins with\n%.200s", text)
	}
	bp, diags := cat.Blueprint("ecs-fargate")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	row := func(cell string) {
		if !bytes.Contains(text, []byte("\n| "+cell+" |")) {
			t.Errorf("no row begins with %s", cell)
		}
	}
	for _, o := range resolve.Options(bp) {
		row(code(o.Name))
	}
	for _, c := range bp.Components {
		row(code(c.Name))
	}
	for _, p := range bp.Profiles {
		row(code(p.Name))
	}
	for _, d := range cat.Deviations(bp) {
		row(cell(d.Rendered))
	}
	row("`image_tag`")
	row("**Sum**")
	again, err := readme(cat, "ecs-fargate", text)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("made again it differs: %v", err)
	}
	// Every row of a table has as many cells as its head.
	cells := 0
	for line := range strings.Lines(string(text)) {
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		switch {
		case !strings.HasPrefix(line, "| "):
			cells = 0
		case cells == 0:
			cells = n
		case n != cells && !strings.HasPrefix(line, "| ---"):
			t.Errorf("%d cells, not %d: %s", n, cells, line)
		}
	}
}

// TestReadmeOfEach: a blueprint without a README gets a whole one, and the ones that
// are there are what make generate makes of them.
func TestReadmeOfEach(t *testing.T) {
	t.Parallel()
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, name := range cat.Blueprints() {
		text, err := readme(cat, name, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"# " + name + "\n\n", "\n## The first minute\n", "bpgen render " + name + " ", "\n## Options\n", "```mermaid\nflowchart", "\n## Variables\n"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: a page without %q", name, want)
			}
		}
		file := filepath.Join("..", "..", "..", "blueprints", name, "README.md")
		old, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v: make generate", err)
			continue
		}
		if text, err := readme(cat, name, old); err != nil || !bytes.Equal(text, old) {
			t.Errorf("blueprints/%s/README.md is not what its blueprint says: make generate (%v)", name, err)
		}
	}
}

// TestRunNeedsTheMark: a README without the mark is left as it is.
func TestRunNeedsTheMark(t *testing.T) {
	t.Parallel()
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, cat.Blueprints()[0], "README.md") // the first that it comes to
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("by hand\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(dir); err == nil || !strings.Contains(err.Error(), "lacks the line") {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "by hand\n" {
		t.Errorf("%q %v", text, err)
	}
}
