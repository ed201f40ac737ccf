package ir_test

import (
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
	"github.com/bpgen/bpgen/templates"
)

func cited(id string) (cite.Meaning, bool) {
	if id == "s3.retention" {
		return cite.Meaning{Statement: "Logs are kept for 7 days; what is older goes."}, true
	}
	return cite.Meaning{}, false
}

func TestTidy(t *testing.T) {
	t.Parallel()
	const in = `# notes: s3.retention


resource "a" "b" {

  long_name = "# notes: s3.retention" # notes: s3.retention a week
  x = <<EOT
# notes: s3.retention



EOT


  c = [

    1, // notes: s3.gone one
    2, # two
  ]

}
`
	const want = `# notes s3.retention: Logs are kept for 7 days; what is older goes

resource "a" "b" {
  long_name = "# notes: s3.retention" # notes s3.retention: a week
  x         = <<EOT
# notes: s3.retention



EOT

  c = [
    1, # notes s3.gone: one
    2, # two
  ]
}
`
	if got := string(ir.Tidy(in, cited)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if again := string(ir.Tidy(want, nil)); again != want {
		t.Errorf("tidying twice changes\n%s\nto\n%s", want, again)
	}
	if empty := ir.Tidy("\n\n", nil); len(empty) > 0 {
		t.Errorf("nothing became %q", empty)
	}
}

// TestPrintIsFormatted: whatever edits are made, a block is printed as it would be
// formatted, also where that is not done because nothing seems to move. It makes
// random edits of every block of the built-in templates.
func TestPrintIsFormatted(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // The same edits in every run.
	printed, quick := 0, 0
	err := fs.WalkDir(templates.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".tf") {
			return err
		}
		src, err := fs.ReadFile(templates.FS, p)
		if err != nil {
			return err
		}
		f, diags := hclsyntax.ParseConfig(src, p, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, b := range f.Body.(*hclsyntax.Body).Blocks {
			for range 6 {
				s := &ir.Source{Bytes: src, Formatted: true}
				edits := someEdits(random, src, b, s)
				span := template.Span{Start: b.TypeRange.Start.Byte, End: template.LineEnd(src, b.CloseBraceRange.End.Byte)}
				made := ir.New(s, b, span, edits)
				got, want := string(made.Print(cited)), string(ir.Tidy(made.String(), cited))
				if got != want {
					t.Fatalf("%s: edits %+v, cuts %+v: printed\n%s\nformatted\n%s", p, edits, s.Cuts, got, want)
				}
				loose := []byte(strings.ReplaceAll(made.String(), "  ", " "))
				if want, got := string(hclwrite.Format(loose)), string(ir.Format(loose)); got != want {
					t.Fatalf("%s: formatted\n%s\nwant\n%s", p, got, want)
				}
				if string(hclwrite.Format([]byte(got))) != got {
					t.Fatalf("%s: not formatted\n%s", p, got)
				}
				printed++
				if ir.Settled(made) {
					quick++
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if printed < 1000 || quick < printed/3 {
		t.Errorf("of %d blocks %d were not formatted again", printed, quick)
	}
}

// someEdits returns edits such as specialising makes, and cuts a few lines out.
func someEdits(random *rand.Rand, src []byte, b *hclsyntax.Block, s *ir.Source) []ir.Edit {
	var edits []ir.Edit
	if len(b.LabelRanges) > 0 {
		rng := b.LabelRanges[len(b.LabelRanges)-1]
		edits = append(edits, ir.Edit{Start: rng.Start.Byte, End: rng.End.Byte, Text: `"another_name"`})
	}
	values := []string{"1", `"text"`, "module.some_component.some_output.id", "[\n    1,\n  ]", "{ a = 1 }", "null", "<<EOT\n  x\nEOT"}
	var walk func(body *hclsyntax.Body)
	walk = func(body *hclsyntax.Body) {
		for _, a := range lang.Attributes(body) {
			rng := a.Expr.Range()
			start, end := rng.Start.Byte, rng.End.Byte
			line := strings.LastIndexByte(string(src[:a.NameRange.Start.Byte]), '\n') + 1
			switch random.IntN(12) {
			case 0:
				edits = append(edits, ir.Edit{Start: start, End: end, Text: values[random.IntN(len(values))]})
			case 1: // a reference in a larger expression
				if refs := a.Expr.Variables(); len(refs) > 0 {
					r := refs[0].SourceRange()
					if at := string(src[start:r.Start.Byte]); !strings.Contains(string(src[start:end]), "<<") {
						edits = append(edits, ir.Edit{Start: start, End: end, Text: at + "local.renamed" + string(src[r.End.Byte:end])})
					}
				}
			case 2:
				edits = append(edits, ir.Edit{Start: line, End: template.LineEnd(src, end)})
			case 3:
				if len(s.Cuts) == 0 || s.Cuts[len(s.Cuts)-1].End <= line {
					s.Cuts = append(s.Cuts, template.Span{Start: line, End: template.LineEnd(src, end)})
				}
			case 4:
				edits = append(edits, ir.Edit{Start: a.NameRange.Start.Byte, End: a.NameRange.End.Byte, Text: "renamed_" + a.Name})
			case 5: // a line in an expression, which is written anew without it
				first := template.LineEnd(src, start)
				if next := template.LineEnd(src, first); next < end && (len(s.Cuts) == 0 || s.Cuts[len(s.Cuts)-1].End <= line) {
					s.Cuts = append(s.Cuts, template.Span{Start: first, End: next})
					edits = append(edits, ir.Edit{Start: start, End: end, Text: string(src[start:first]) + string(src[next:end])})
				}
			}
		}
		for _, n := range body.Blocks {
			if random.IntN(8) == 0 {
				line := strings.LastIndexByte(string(src[:n.TypeRange.Start.Byte]), '\n') + 1
				edits = append(edits, ir.Edit{Start: line, End: template.LineEnd(src, n.CloseBraceRange.End.Byte)})
				continue
			}
			walk(n.Body)
		}
	}
	walk(b.Body)
	return edits
}
