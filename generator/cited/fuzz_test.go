package cited_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/cited"
	"github.com/bpgen/bpgen/generator/fileset"
)

// FuzzRead: whatever the file holds, each citation is in a line that there is, and what is
// at a line covers it or is below its comment.
func FuzzRead(f *testing.F) {
	f.Add(source)
	f.Add("a = [ # notes a.b\n{ x = { y = 1 } }\n]")
	f.Add("/* notes a.b */ resource \"x\" {\n}\n// notes a.c\n")
	f.Add("locals {\n  x = <<-EOT\n    # notes a.b\n  EOT\n}\n")
	f.Fuzz(func(t *testing.T, text string) {
		m := cited.Read([]fileset.File{{Path: "main.tf", Bytes: []byte(text)}})
		_, lines, _ := m.At("main.tf", 1)
		for line := range lines + 2 {
			if s, _, ok := m.At("main.tf", line); ok && (s.Last < line || s.Address() == "") {
				t.Fatalf("line %d is in %q, which ends in line %d", line, s.Address(), s.Last)
			}
		}
		for _, c := range m.Citations() {
			if c.Line < 1 || c.Line > lines || len(c.IDs) == 0 {
				t.Fatalf("citation %v of %d lines", c, lines)
			}
		}
		for _, object := range m.Objects() {
			if len(m.Find(object)) != 1 {
				t.Fatalf("%q is not found", object)
			}
		}
	})
}
