package diagnostics_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	tf "github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/provider/diagnostics"
)

func sample() (hcl.Diagnostics, map[string]*hcl.File, diagnostics.Places) {
	inFile := hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 2, Column: 5, Byte: 10}, End: hcl.Pos{Line: 2, Column: 10, Byte: 15}}
	places := diagnostics.Places{}
	marked := places.Mark(path.Root("options").AtName("cdn"))
	return hcl.Diagnostics{
		diag.Error(inFile, "In a file", "It is wrong."),
		diag.Error(*marked, "At an attribute", "It is no bool."),
		diag.Warning(*marked, "Odd", "It is odd."),
		diag.Error(hcl.Range{}, "Nowhere", "There is none."),
		diag.Warning(hcl.Range{}, "Nowhere too", "Perhaps."),
	}, map[string]*hcl.File{"x.hcl": {Bytes: []byte("a = 1\nb = wrong\n")}}, places
}

func TestConvert(t *testing.T) {
	t.Parallel()
	diags, sources, places := sample()
	snippet := "It is wrong.\n\n  on x.hcl line 2:\n   2: b = wrong"
	option := path.Root("options").AtName("cdn")
	for name, tt := range map[string]struct {
		otherwise path.Path
		want      tf.Diagnostics
	}{
		"at the block": {path.Empty(), tf.Diagnostics{
			tf.NewErrorDiagnostic("Nowhere", "There is none."),
			tf.NewWarningDiagnostic("Nowhere too", "Perhaps."),
			tf.NewAttributeErrorDiagnostic(option, "At an attribute", "It is no bool."),
			tf.NewAttributeWarningDiagnostic(option, "Odd", "It is odd."),
			tf.NewErrorDiagnostic("In a file", snippet),
		}},
		"at an attribute": {path.Root("blueprint"), tf.Diagnostics{
			tf.NewAttributeErrorDiagnostic(path.Root("blueprint"), "Nowhere", "There is none."),
			tf.NewAttributeWarningDiagnostic(path.Root("blueprint"), "Nowhere too", "Perhaps."),
			tf.NewAttributeErrorDiagnostic(option, "At an attribute", "It is no bool."),
			tf.NewAttributeWarningDiagnostic(option, "Odd", "It is odd."),
			tf.NewAttributeErrorDiagnostic(path.Root("blueprint"), "In a file", snippet),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := diagnostics.Convert(diags, sources, places, tt.otherwise)
			if !got.Equal(tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestFunction(t *testing.T) {
	t.Parallel()
	diags, sources, _ := sample()
	err := diagnostics.Function(diags, sources, 1)
	if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != 1 {
		t.Fatalf("got %v", err)
	}
	want := "Nowhere: There is none.\n\nAt an attribute: It is no bool."
	if !strings.HasPrefix(err.Text, want) || !strings.HasSuffix(err.Text, "In a file: It is wrong.\n\n  on x.hcl line 2:\n   2: b = wrong") {
		t.Errorf("got %q", err.Text)
	}
	if err := diagnostics.Function(diags[4:], sources, 0); err != nil {
		t.Errorf("a warning is no error: %v", err)
	}
}
