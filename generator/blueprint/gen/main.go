// Command gen writes what blueprints/<name>/README.md says of the first minute,
// options, components, variables, profiles, costs and deviations, from the blueprint
// itself. What people write stands above the mark and stays; a blueprint without a
// README gets one.
//
//	go run ./generator/blueprint/gen
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/render"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

// mark begins the derived part.
const mark = "<!-- Everything below is generated from blueprint.hcl by make generate. -->\n"

func main() {
	if err := run("blueprints"); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes the README of each blueprint below dir.
func run(dir string) error {
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
	if diags.HasErrors() {
		return diags
	}
	for _, name := range cat.Blueprints() {
		file := filepath.Join(dir, name, "README.md")
		old, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		text, err := readme(cat, name, old)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // Everybody reads it.
			return err
		}
	}
	return nil
}

// readme returns a README with its derived part made anew, or a whole one where there
// was none.
func readme(cat *catalog.Catalog, name string, old []byte) ([]byte, error) {
	res, diags := generator.Generate(context.Background(), generator.Request{Catalog: cat, Blueprint: name})
	if diags.HasErrors() {
		return nil, diags
	}
	if len(old) == 0 {
		old = fmt.Appendf(nil, "# %s\n\n%s\n\n%s", name, res.Summary, mark)
	}
	own, _, ok := bytes.Cut(old, []byte(mark))
	if !ok {
		return nil, fmt.Errorf("it lacks the line %q", strings.TrimSpace(mark))
	}
	var b bytes.Buffer
	b.Write(own)
	b.WriteString(mark)
	firstMinute(&b, name)
	options(&b, res.Blueprint)
	components(&b, res.Blueprint)
	diagram(&b, res)
	variables(&b, res)
	profiles(&b, res.Blueprint)
	costs(&b, res)
	deviations(&b, cat, res.Blueprint)
	return b.Bytes(), nil
}

// firstMinute writes what somebody does first who has bpgen and a core.
func firstMinute(b *bytes.Buffer, name string) {
	fmt.Fprintf(b, `
## The first minute

The tests of the module need no AWS account.

%s
bpgen show %[2]s
bpgen render %[2]s --out modules/%[2]s
cd modules/%[2]s
terraform init
terraform test
%s
`, "```sh", name, "```")
}

// diagram draws the components of the default rendering.
func diagram(b *bytes.Buffer, res generator.Result) {
	fmt.Fprintf(b, "\nBy default:\n\n```mermaid\n%s```\n", render.Diagram(res.Module))
}

// costs writes what the README of the default rendering says of them.
func costs(b *bytes.Buffer, res generator.Result) {
	text, _ := res.Files.Get("README.md")
	const heading = "\n## What it costs\n"
	_, section, ok := bytes.Cut(text, []byte(heading))
	if !ok {
		return // nothing that has a price
	}
	section, _, _ = bytes.Cut(section, []byte("\n## "))
	fmt.Fprintf(b, "%s%s", heading, section)
}

func options(b *bytes.Buffer, bp *blueprint.Blueprint) {
	var rows [][]string
	for _, o := range resolve.Options(bp) {
		values := []string{code(o.Type.FriendlyName())}
		if len(o.OneOf) > 0 {
			values = nil
		}
		for _, v := range o.OneOf {
			values = append(values, code(resolve.Show(v)))
		}
		def := "required"
		if o.Default != cty.NilVal {
			def = code(resolve.Show(o.Default))
		}
		rows = append(rows, []string{code(o.Name), strings.Join(values, ", "), def, cell(o.Description) + only(bp, o.When)})
	}
	section(b, "Options", "Choices made when rendering. `bpgen explain "+bp.Name+" OPTION` says where a default comes from.", []string{"Option", "Values", "Default", "Description"}, rows)
}

func components(b *bytes.Buffer, bp *blueprint.Blueprint) {
	var rows [][]string
	for _, c := range bp.Components {
		if _, never := bp.Condition(c.When); never {
			continue
		}
		rows = append(rows, []string{code(c.Name), fmt.Sprintf("[%s](../../templates/%s)", c.Template, c.Template), condition(bp, c.When)})
	}
	section(b, "Components", "What the module is linked from, and when.", []string{"Component", "Template", "When"}, rows)
}

func variables(b *bytes.Buffer, res generator.Result) {
	var rows [][]string
	for _, v := range res.Module.Variables {
		def := "required"
		if !v.Required {
			def = code(strings.Join(strings.Fields(v.Default), " "))
		}
		rows = append(rows, []string{code(v.Name), def, cell(v.Description)})
	}
	section(b, "Variables", "What the module leaves to its user with the default options; other options add or remove variables.", []string{"Variable", "Default", "What it is for"}, rows)
}

func profiles(b *bytes.Buffer, bp *blueprint.Blueprint) {
	var rows [][]string
	for _, p := range bp.Profiles {
		var values []string
		for _, v := range p.Values {
			values = append(values, code(v.Name))
		}
		rows = append(rows, []string{code(p.Name), cell(p.Description), strings.Join(values, ", ")})
	}
	section(b, "Profiles", "Each is rendered as `envs/<profile>.tfvars`.", []string{"Profile", "For", "Variables that it sets"}, rows)
}

func deviations(b *bytes.Buffer, cat *catalog.Catalog, bp *blueprint.Blueprint) {
	var rows [][]string
	for _, d := range cat.Deviations(bp) {
		rows = append(rows, []string{cell(d.Rendered), cell(d.Reason), cell(d.Restore), holds(cat, bp, d)})
	}
	section(b, "Deviations from the notes", "Where the notes are out of date or unsafe.", []string{"Rendered", "Why", "Back to the notes", "When"}, rows)
}

// section writes a heading, a sentence and a table; nothing when it has no rows.
func section(b *bytes.Buffer, heading, sentence string, head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n| %s |\n|%s\n", heading, sentence, strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
}

// condition returns a condition as the blueprint writes it.
func condition(bp *blueprint.Blueprint, when hclsyntax.Expression) string {
	text, _ := bp.Condition(when)
	if text == "" {
		return "always"
	}
	return code(text)
}

// holds says when a deviation does: by options, or by variables of its template.
func holds(cat *catalog.Catalog, bp *blueprint.Blueprint, d *deviation.Deviation) string {
	if d.Template == "" || d.When == nil {
		return condition(bp, d.When)
	}
	at := d.When.Range()
	text := string(at.SliceBytes(cat.Sources()[at.Filename].Bytes))
	return code(strings.Join(strings.Fields(text), " ")) + " in the template " + code(d.Template)
}

// only says under which other options an option has a meaning.
func only(bp *blueprint.Blueprint, when hclsyntax.Expression) string {
	text, _ := bp.Condition(when)
	if text == "" {
		return ""
	}
	return " Only where " + code(text) + "."
}

func code(s string) string { return "`" + strings.ReplaceAll(s, "|", `\|`) + "`" }

// cell makes a text fit into a cell of a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(strings.Join(strings.Fields(s), " "))
}
