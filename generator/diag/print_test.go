package diag_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/diag"
)

func sample() (map[string]*hcl.File, hcl.Diagnostics) {
	src := []byte("a = 1\nb = wrong\n")
	at := hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 2, Column: 5, Byte: 10}, End: hcl.Pos{Line: 2, Column: 10, Byte: 15}}
	first := hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 1, Column: 1}, End: hcl.Pos{Line: 1, Column: 2, Byte: 1}}
	return map[string]*hcl.File{"x.hcl": {Bytes: src}}, hcl.Diagnostics{
		diag.Error(at, "Second", "It is wrong."),
		diag.Warning(first, "First", "It is odd."),
		diag.Error(at, "Second", "It is wrong."),
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	sources, diags := sample()
	var b strings.Builder
	if err := diag.Print(&b, sources, diags, 80, false); err != nil {
		t.Fatal(err)
	}
	want := "Warning: First\n\n  on x.hcl line 1:\n   1: a = 1\n\nIt is odd.\n\n" +
		"Error: Second\n\n  on x.hcl line 2:\n   2: b = wrong\n\nIt is wrong.\n\n"
	if b.String() != want {
		t.Errorf("got %q\nwant %q", b.String(), want)
	}
	b.Reset()
	if err := diag.Print(&b, nil, diags, 0, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b[") || !strings.Contains(b.String(), "source code not available") {
		t.Errorf("got %q", b.String())
	}
}

func TestPrintHidesLongLines(t *testing.T) {
	t.Parallel()
	_, diags := sample()
	sources := map[string]*hcl.File{"x.hcl": {Bytes: []byte("a = 1\n" + strings.Repeat("[", 100_000))}}
	var b strings.Builder
	if err := diag.Print(&b, sources, diags, 80, false); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "1: a = 1") || strings.Contains(b.String(), "[[") || !strings.Contains(b.String(), "on x.hcl line 2") {
		t.Errorf("got %d bytes: %.300q", b.Len(), b.String())
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	_, diags := sample()
	b, err := json.Marshal(diag.JSON(diags))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"severity":"warning","summary":"First","detail":"It is odd.","range":{"filename":"x.hcl","start":{"line":1,"column":1,"byte":0},"end":{"line":1,"column":2,"byte":1}}},` +
		`{"severity":"error","summary":"Second","detail":"It is wrong.","range":{"filename":"x.hcl","start":{"line":2,"column":5,"byte":10},"end":{"line":2,"column":10,"byte":15}}}]`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	if b, _ := json.Marshal(diag.JSON(nil)); string(b) != "[]" {
		t.Errorf("no diagnostics: %s", b)
	}
}
