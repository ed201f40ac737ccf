package check_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
)

// TestManyOptions holds that the check of a blueprint with many options is
// bounded, and says what it leaves out.
func TestManyOptions(t *testing.T) {
	t.Parallel()
	const n = 1_000
	var b strings.Builder
	b.WriteString("blueprint \"case\" {\n  version = \"1.0.0\"\n  summary = \"s\"\n}\n")
	for i := range n {
		fmt.Fprintf(&b, "option \"o%d\" {\n  type        = bool\n  default     = true\n  description = \"d\"\n  why         = \"w\"\n}\n", i)
	}
	b.WriteString("output \"all\" {\n  description = \"d\"\n  value = [\n")
	for i := range n {
		fmt.Fprintf(&b, "option.o%d,\n", i)
	}
	b.WriteString("]\n}\n")
	cat, diags := catalog.New(catalog.Root{Blueprints: fstest.MapFS{"case/blueprint.hcl": {Data: []byte(b.String())}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.TotalAlloc
	diags = check.Blueprint(t.Context(), cat, "case", nil).Diagnostics
	runtime.ReadMemStats(&m)
	said := ""
	for _, d := range diags {
		if d.Summary == "Not all options were varied" {
			said = d.Detail
		}
	}
	if !strings.Contains(said, "The first 9 were rendered") || !strings.Contains(said, `from "o9" on`) {
		t.Errorf("said %q", said)
	}
	if took := (m.TotalAlloc - before) >> 20; took > 1024 {
		t.Errorf("allocated %d MiB", took)
	}
}
