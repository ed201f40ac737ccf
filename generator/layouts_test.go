package generator_test

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/templates"
)

// layoutCases are the renderings that TestFindingsOfLayouts compares. Between them they
// have every built-in blueprint and template.
var layoutCases = []struct {
	blueprint string
	options   map[string]cty.Value
}{
	{"account-baseline", nil},
	{"account-baseline", map[string]cty.Value{"trail": cty.StringVal("organization"), "delivery": cty.StringVal("oidc"), "oidc_provider": cty.StringVal("existing"), "chatbot": cty.True}},
	{"network", nil},
	{"ecs-fargate", nil},
	{"ecs-fargate", map[string]cty.Value{"deployment": cty.StringVal("blue-green"), "outbound": cty.StringVal("both"), "pipeline": cty.StringVal("external"), "execute_command": cty.True}},
	{"ecs-fargate", map[string]cty.Value{"cdn": cty.False, "outbound": cty.StringVal("nat-gateway"), "database": cty.StringVal("aurora-postgresql"), "cache": cty.StringVal("valkey"), "zones": cty.NumberIntVal(2), "aws_provider": cty.StringVal("5")}},
	{"ecs-fargate", map[string]cty.Value{"network": cty.StringVal("existing"), "static_files": cty.StringVal("bucket"), "origin": cty.StringVal("prefix-list"), "database": cty.StringVal("mysql")}},
	{"ecs-fargate", map[string]cty.Value{"cdn": cty.False, "waf": cty.False, "database": cty.StringVal("none"), "cache": cty.StringVal("none")}},
}

// TestFindingsOfLayouts: the rules of the notes find the same in a module and in a tree
// of modules. It changes many arguments of the built-in templates at once, a different
// choice in every round, so that nearly every rule finds something, and renders both
// layouts.
func TestFindingsOfLayouts(t *testing.T) {
	t.Parallel()
	rounds := 6
	if testing.Short() {
		rounds = 1
	}
	found := map[string]bool{}
	for round := range rounds {
		cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: mutated(t, round), Formatted: true})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, c := range layoutCases {
			var in []resolve.Input
			for _, name := range slices.Sorted(maps.Keys(c.options)) {
				in = append(in, resolve.Input{Name: name, Value: c.options[name], Source: "the test"})
			}
			flat := findings(t, cat, generator.Request{Catalog: cat, Blueprint: c.blueprint, Inputs: in, Layout: link.Flat})
			nested := findings(t, cat, generator.Request{Catalog: cat, Blueprint: c.blueprint, Inputs: in, Layout: link.Nested})
			for _, what := range slices.Sorted(maps.Keys(merged(flat, nested))) {
				if flat[what] != nested[what] {
					t.Errorf("%s, round %d: found %d times in the flat layout, %d times in the nested one: %s", c.blueprint, round, flat[what], nested[what], what)
				}
				id, _, _ := strings.Cut(what, ":")
				found[id] = true
			}
		}
	}
	if least := 10 + 5*rounds; len(found) < least {
		t.Errorf("only %d rules found anything, not %d: %v", len(found), least, slices.Sorted(maps.Keys(found)))
	}
}

func merged(a, b map[string]int) map[string]int {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// address is the name of a resource, which the layouts do not have in common.
var address = regexp.MustCompile(`\b((?:data\.)?aws_[a-z0-9_]+)\.[a-zA-Z0-9_]+`)

// findings counts what the rules of the notes find in a rendering.
func findings(t *testing.T, cat *catalog.Catalog, req generator.Request) map[string]int {
	t.Helper()
	res, diags := generator.Generate(t.Context(), req)
	for _, d := range diags {
		if _, ok := vet.FindingOf(d); !ok && d.Severity == hcl.DiagError {
			t.Fatalf("%s, %s: %s: %s %s", req.Blueprint, req.Layout, d.Subject, d.Summary, d.Detail)
		}
	}
	out := map[string]int{}
	for _, d := range vet.Run(t.Context(), res.Files.Files(), generator.VetOptions(res.Choices)).Findings {
		f, _ := vet.FindingOf(d)
		if _, noted := f.Rule.(vet.Noted); noted {
			out[f.Rule.ID()+": "+address.ReplaceAllString(d.Detail, "$1")]++
		}
	}
	return out
}

// mutated returns the built-in templates, with arguments of their resources changed or
// left out. Which ones it is depends on the round.
func mutated(t *testing.T, round int) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(templates.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(templates.FS, name)
		if err == nil && strings.HasSuffix(name, ".tf") {
			src = mutatedFile(t, name, src, round)
		}
		out[name] = &fstest.MapFile{Data: src}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mutatedFile(t *testing.T, name string, src []byte, round int) []byte {
	t.Helper()
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	type edit struct {
		rng hcl.Range
		to  string
	}
	var edits []edit
	change := func(rng hcl.Range, to string) { edits = append(edits, edit{rng, to}) }
	var walk func(b *hclsyntax.Body, path string)
	walk = func(b *hclsyntax.Body, path string) {
		for _, a := range b.Attributes {
			h := fnv.New32a()
			fmt.Fprint(h, round, name, path, a.Name)
			if h.Sum32()%5 != 0 {
				continue
			}
			switch v, diags := a.Expr.Value(nil); {
			case !diags.HasErrors() && v.Type() == cty.Bool && !v.IsNull():
				change(a.Expr.Range(), fmt.Sprint(v.False()))
			case !diags.HasErrors() && v.Type() == cty.Number:
				change(a.Expr.Range(), "1")
			case !slices.Contains([]string{"for_each", "count", "iterator", "provider", "depends_on"}, a.Name):
				change(a.Expr.Range(), "null")
			}
		}
		for _, n := range b.Blocks {
			if n.Type != "lifecycle" && n.Type != "dynamic" {
				walk(n.Body, path+"."+n.Type)
			}
		}
	}
	for _, b := range file.Body.(*hclsyntax.Body).Blocks {
		if b.Type == "resource" {
			walk(b.Body, b.Labels[1])
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return b.rng.Start.Byte - a.rng.Start.Byte })
	for _, e := range edits {
		src = slices.Concat(src[:e.rng.Start.Byte], []byte(e.to), src[e.rng.End.Byte:])
	}
	return src
}
