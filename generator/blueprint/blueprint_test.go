package blueprint_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/internal/golden"
)

// TestParse parses every file of testdata as the blueprint "x". What is in
// valid has no diagnostics, what is in warning has warnings alone, and what is
// in invalid has errors; the latter two are compared with the .diag beside the
// file. A new file is a new test.
func TestParse(t *testing.T) {
	t.Parallel()
	for folder, least := range map[string]int{"valid": 3, "warning": 1, "invalid": 20} {
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.hcl"))
		if err != nil || len(paths) < least {
			t.Fatalf("found %d files in %s, want %d: %v", len(paths), folder, least, err)
		}
		for _, path := range paths {
			name := filepath.Base(path)
			t.Run(folder+"/"+strings.TrimSuffix(name, ".hcl"), func(t *testing.T) {
				t.Parallel()
				src := read(t, path)
				bp, diags := blueprint.Parse(blueprint.Source{Name: name, Bytes: src}, "x", nil)
				if bp == nil || bp.Name != "x" {
					t.Errorf("got the blueprint %v", bp)
				}
				var text bytes.Buffer
				if err := diag.Print(&text, map[string]*hcl.File{name: {Bytes: src}}, diags, 0, nil); err != nil {
					t.Fatal(err)
				}
				if want := map[string]string{"valid": "[]", "warning": "[warning]", "invalid": "[error]"}[folder]; kinds(diags) != want {
					t.Errorf("got %s, want %s:\n%s", kinds(diags), want, &text)
				}
				if folder != "valid" {
					golden.File(t, strings.TrimSuffix(path, ".hcl")+".diag", text.Bytes())
				}
			})
		}
	}
}

// kinds lists the severities of diagnostics, each once.
func kinds(diags hcl.Diagnostics) string {
	var out []string
	if diags.HasErrors() {
		out = append(out, "error")
	}
	for _, d := range diags {
		if d.Severity == hcl.DiagWarning {
			out = append(out, "warning")
			break
		}
	}
	return fmt.Sprint(out)
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// TestModel holds what becomes of the file that has everything.
func TestModel(t *testing.T) {
	t.Parallel()
	bp, diags := blueprint.Parse(blueprint.Source{Name: "whole.hcl", Bytes: read(t, "testdata/valid/whole.hcl")}, "x", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	equal(t, "version", bp.Version, "1.2.3-rc.1")
	equal(t, "systems", strings.Join(bp.Systems, " "), "aurora alb")

	plain, sizes, nothing := bp.Options[0], bp.Options[1], bp.Options[2]
	equal(t, "an option without a default", plain.Default == cty.NilVal, true)
	equal(t, "the default null", nothing.Default.RawEquals(cty.NullVal(cty.String)), true)
	equal(t, "validations of an option", len(sizes.Validations), 1)
	equal(t, "values of one_of", len(sizes.OneOf), 2)
	for i, days := range []int64{7, 14} {
		want := cty.ObjectVal(map[string]cty.Value{"days": cty.NumberIntVal(days), "tags": cty.NullVal(cty.List(cty.String))})
		equal(t, "a value of one_of with the defaults of its type", sizes.OneOf[i].RawEquals(want), true)
		equal(t, "it is allowed", sizes.Allows(want), true)
	}
	equal(t, "another value is allowed", sizes.Allows(cty.EmptyObjectVal), false)
	equal(t, "anything is allowed without one_of", plain.Allows(cty.False), true)

	equal(t, "cross validations", len(bp.Validations), 1)
	equal(t, "variables", bp.Variables[0].Name, "name")

	first, rich := bp.Components[0], bp.Components[1]
	equal(t, "the file of a component", first.File, "plain.tf")
	equal(t, "the prefix of a component", first.Prefix == nil, true)
	equal(t, "a file that is given", rich.File, "area.tf")
	equal(t, "a prefix that is given", *rich.Prefix, "")
	equal(t, "arguments", rich.With[0].Name+" "+rich.With[1].Name, "name quoted")
	equal(t, "expose", rich.Expose["hours"], "the_hours")
	equal(t, "the place of template", rich.TemplateRange.Start.Line, first.TemplateRange.Start.Line+4)

	equal(t, "an output", bp.Outputs[0].Sensitive && bp.Outputs[0].When != nil, true)
	prd := bp.Profiles[0]
	equal(t, "options of a profile in order", prd.OptionRanges[0].Name+" "+prd.OptionRanges[1].Name, "plain sizes")
	for i, want := range []string{
		"name: why: behind", "days: why: above and on two lines", "text: ", "none: ", "block: notes: aurora.engine-choice behind the end",
	} {
		equal(t, "a value with its comment", prd.Values[i].Name+": "+prd.Values[i].Comment, want)
	}
	equal(t, "a deviation", bp.Deviations[0].Name, "free words here")
	for profile, want := range map[string]string{"": "free words here, none", "dev": "free words here, none", "prd": "free words here, of a profile"} {
		names := []string{"none", "none"}
		for i, id := range []string{"alb.subnets", "alb.listener"} {
			if d := deviation.Departures(bp.Deviations, profile)[id]; d != nil {
				names[i] = d.Name
			}
		}
		equal(t, "what departs in the profile "+profile, strings.Join(names, ", "), want)
	}
	equal(t, "the example", bp.Example.Values[0].Name, "name")
}

func TestCommentsWithWindowsLineEnds(t *testing.T) {
	t.Parallel()
	bp, _ := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: read(t, "testdata/valid/windows-line-ends.hcl")}, "x", nil)
	equal(t, "above", bp.Profiles[0].Values[0].Comment, "why: above")
	equal(t, "behind", bp.Profiles[0].Values[1].Comment, "why: behind")
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// FuzzParse holds that no input makes Parse panic, and that it says the same
// twice.
func FuzzParse(f *testing.F) {
	for _, folder := range []string{"valid", "warning", "invalid"} {
		paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.hcl"))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			f.Add(read(f, path))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		bp, first := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: src}, "x", nil)
		if bp == nil {
			t.Fatal("no blueprint")
		}
		_, second := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: src}, "x", nil)
		if first.Error() != second.Error() || len(first) != len(second) {
			t.Errorf("first %v, then %v", first, second)
		}
	})
}
