package generator_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog/catalogtest"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestRegion: a component with a region has its blocks there, in both layouts and with
// both major versions of the provider; without one it is where the module is.
func TestRegion(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/session/region.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cat, diags := catalogtest.Archive(t, archive)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	render := func(layout link.Layout, set ...string) generator.Result {
		t.Helper()
		req := generator.Request{Catalog: cat, Blueprint: "case", Layout: layout}
		for _, s := range set {
			name, value, _ := strings.Cut(s, "=")
			req.Inputs = append(req.Inputs, resolve.Input{Name: name, Raw: value, Source: "test"})
		}
		res, diags := generator.Generate(t.Context(), req)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		return res
	}
	var out strings.Builder
	for _, layout := range []link.Layout{link.Flat, link.Nested} {
		for _, major := range []string{"6", "5"} {
			res := render(layout, "aws_provider="+major)
			for _, f := range res.Files.Files() {
				if strings.HasSuffix(f.Path, ".tf") && !strings.HasPrefix(f.Path, "examples/") && !strings.HasSuffix(f.Path, "variables.tf") {
					out.WriteString("-- " + string(layout) + " " + major + " " + f.Path + " --\n" + string(f.Bytes))
				}
			}
		}
		none := render(layout, "region=none")
		for _, f := range none.Files.Files() {
			if text := string(f.Bytes); strings.HasSuffix(f.Path, ".tf") && (strings.Contains(text, "region ") || strings.Contains(text, "us_east_1")) {
				t.Errorf("%s: %s of a component without a region:\n%s", layout, f.Path, text)
			}
		}
	}
	golden.File(t, "testdata/region.golden", []byte(out.String()))
}

// TestRegionWarnings: a region with a name like a known one is likely misspelt, another
// that bpgen does not know may be new; where nothing is in a region, one has no effect.
func TestRegionWarnings(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/session/region.txtar")
	if err != nil {
		t.Fatal(err)
	}
	const global = "resource \"aws_iam_role\" \"this\" {\n  name               = \"front\"\n  assume_role_policy = jsonencode({})\n}\n\nvariable \"logs\" {\n  type = bool\n}\n"
	for _, tt := range []struct{ region, template, want string }{
		{"eu-west-1", "", ""},
		{"xx-distant-77", "", ""},
		{"us-esat-1", "", `bpgen does not know the region "us-esat-1". Did you mean "us-east-1"`},
		{"us-east-1", global, `Nothing in the template "front" belongs to a region, so "region" has no effect here. Remove it.`},
	} {
		changed := *archive
		changed.Files = nil
		for _, f := range archive.Files {
			switch {
			case tt.template == "":
			case f.Name == "templates/front/main.tf":
				f.Data = []byte(tt.template)
			case strings.HasPrefix(f.Name, "templates/"):
				continue
			}
			changed.Files = append(changed.Files, f)
		}
		cat, diags := catalogtest.Archive(t, &changed)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		_, diags = generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: "case", Inputs: []resolve.Input{{Name: "region", Raw: tt.region, Source: "test"}}})
		var got []string
		for _, d := range diags {
			got = append(got, d.Detail)
		}
		if text := strings.Join(got, "\n"); tt.want == "" && text != "" || !strings.Contains(text, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.region, text, tt.want)
		}
	}
}
