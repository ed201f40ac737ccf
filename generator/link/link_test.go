package link_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator/catalog/catalogtest"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestLink links the blueprint "case" of every testdata/*.txtar and compares the
// module, written out, with the .golden file beside it. A line "set k=v" or
// "layout nested" of the archive's comment chooses; a new file is a new test.
func TestLink(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			golden.File(t, strings.TrimSuffix(name, ".txtar")+".golden", []byte(linked(t, archive)))
		})
	}
}

func linked(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	cat, diags := catalogtest.Archive(t, archive)
	bp, more := cat.Blueprint("case")
	diags = append(diags, more...)
	var inputs []resolve.Input
	layout := link.Flat
	for line := range strings.SplitSeq(string(archive.Comment), "\n") {
		if kv, ok := strings.CutPrefix(line, "set "); ok {
			k, v, _ := strings.Cut(kv, "=")
			inputs = append(inputs, resolve.Input{Name: k, Raw: v, Source: "--set"})
		}
		if line == "layout nested" {
			layout = link.Nested
		}
	}
	choices, more := resolve.Resolve(bp, inputs, "")
	if diags = append(diags, more...); diags.HasErrors() {
		return show(diags)
	}
	in := link.Input{Blueprint: bp, Templates: cat, Choices: choices, Layout: layout, Schemas: someTypes{}}
	m, diags := link.Link(in)
	in.Cache = link.NewCache()
	for range 2 {
		if again, _ := link.Link(in); !diags.HasErrors() && write(again) != write(m) {
			t.Error("a link with a cache gives something else")
		}
	}
	if diags.HasErrors() {
		return show(diags)
	}
	return write(m) + show(append(diags, m.Advice...))
}

// someTypes knows one attribute, so that types can be told from no types.
type someTypes struct{}

func (someTypes) Attribute(_, typ, name string) (cty.Type, bool, bool) {
	if typ == "terraform_data" && name == "id" {
		return cty.String, false, true
	}
	return cty.NilType, false, false
}

func (someTypes) Object(string, string) (cty.Type, bool) { return cty.NilType, false }

func (someTypes) Regional(string, string) bool { return false }

func write(m *link.Module) string {
	m.Print()
	var b strings.Builder
	section := func(name string, body []byte) { fmt.Fprintf(&b, "== %s ==\n%s", name, body) }
	for _, f := range m.Files {
		section(f.Name, f.Body)
	}
	for _, v := range m.Variables {
		section(fmt.Sprintf("variable %s (%s, required %t, notes %v, why %q, allowed %q)", v.Name, v.Type, v.Required, v.Notes, v.Why, v.Allowed), v.Text)
	}
	for _, o := range m.Outputs {
		section("output "+o.Name, o.Text)
	}
	section(fmt.Sprintf("versions %+v", m.Versions), []byte("\n"))
	for _, f := range m.Assets.Files() {
		section("asset "+f.Path, f.Bytes)
	}
	for _, f := range m.Tests {
		section("test "+f.Name, f.Body)
	}
	for _, k := range m.Mocks {
		section("mock "+k.Kind+" "+k.Type, k.Body)
	}
	for _, r := range m.Rename {
		fmt.Fprintf(&b, "%s -> %s\n", r.Nested, r.Flat)
	}
	for _, f := range m.Former {
		fmt.Fprintf(&b, "%s was %s\n", f.To, f.From)
	}
	for _, e := range m.Edges {
		fmt.Fprintf(&b, "%s uses %s.%s\n", e.To, e.From, e.Output)
	}
	return b.String()
}

func show(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diag.Sort(diags) {
		fmt.Fprintf(&b, "%s\n", d)
	}
	return b.String()
}
