package notes_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// BenchmarkRules vets the default rendering without and with the rules: what
// lies between the two is what the rules cost a render.
func BenchmarkRules(b *testing.B) {
	paths, err := filepath.Glob("../../../examples/ecs-fargate/default/*.tf")
	if err != nil || len(paths) == 0 {
		b.Fatal("no files", err)
	}
	var files []fileset.File
	for _, p := range paths {
		src, err := os.ReadFile(p)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, fileset.File{Path: filepath.Base(p), Bytes: src})
	}
	for name, rules := range map[string][]vet.Rule{"without": nil, "with": notes.Rules()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				vet.Run(context.Background(), files, vet.Options{Formatted: true, Rules: rules})
			}
		})
	}
}
