package vet_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/cpu"
	"github.com/bpgen/bpgen/generator/vet"
)

// TestManyFindings holds that the findings of a run are bounded, and that it
// says how many it left out.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	const more = 500
	var b strings.Builder
	b.WriteString("locals {\n")
	for i := range vet.MaxFindings + more {
		fmt.Fprintf(&b, "  a%05d = 1\n", i) // Nobody uses it.
	}
	b.WriteString("}\n")
	found := vet.Run(t.Context(), []fileset.File{{Path: "main.tf", Bytes: []byte(b.String())}}, vet.Options{})
	if n := len(found.Findings); n != vet.MaxFindings+1 {
		t.Fatalf("%d findings, want %d and one that says so", n, vet.MaxFindings)
	}
	var said []string
	for _, d := range found.Findings {
		if _, ok := vet.FindingOf(d); !ok {
			said = append(said, d.Detail)
		}
	}
	if len(said) != 1 || !strings.Contains(said[0], fmt.Sprintf("%d were omitted", more)) {
		t.Errorf("said %q", said)
	}
}

// TestManyIgnores holds that the cost of ignore comments grows as their number:
// thousands in a row, and thousands of blocks with one each. It is not parallel, for
// it looks at what the process uses.
func TestManyIgnores(t *testing.T) {
	const n = 30_000
	for name, src := range map[string]string{
		"in a row": strings.Repeat("# bpgen:ignore nope x\n", n),
		"one each": strings.Repeat("# bpgen:ignore nope x\nlocals {}\n", n),
	} {
		t.Run(name, func(t *testing.T) {
			begin := cpu.Used()
			found := vet.Run(t.Context(), []fileset.File{{Path: "main.tf", Bytes: []byte(src)}}, vet.Options{})
			if len(found.Findings) <= vet.MaxFindings {
				t.Errorf("%d findings", len(found.Findings))
			}
			// The square of n took more than a minute.
			if used := cpu.Since(begin); used > 20*time.Second {
				t.Errorf("it took %s of the processor", used)
			}
		})
	}
}
