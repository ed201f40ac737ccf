package merge_test

import (
	"math/rand/v2"
	"path"
	"testing"
	"time"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/cpu"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/templates"
)

// much returns three versions of the default module of which every file was edited
// and nearly every file differs in the new version.
func much(t testing.TB) merge.Input {
	t.Helper()
	base, others := renderings()
	r := rand.New(rand.NewPCG(1, 1))
	in := merge.Input{Base: base.files, Theirs: others[len(others)-1].files}
	for _, f := range base.files.Files() {
		content := f.Bytes
		if path.Ext(f.Path) == ".tf" {
			text, _ := edited(r, f.Path, string(content), base.marks[f.Path], 9)
			content = []byte(text)
		}
		put(t, &in.Ours, f.Path, content)
	}
	return in
}

// BenchmarkMerge merges a module of which nearly every file was changed on both
// sides.
func BenchmarkMerge(b *testing.B) {
	in := much(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := merge.Merge(in); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}

// TestCost: an upgrade is a render, a merge and a write. To merge must not cost more
// than to render, even where nearly every file was changed on both sides; and next to
// nothing where nobody edited anything.
func TestCost(t *testing.T) {
	in := much(t)
	best := func(times int, do func()) time.Duration {
		out := time.Hour
		for range times {
			begin := cpu.Used()
			do()
			out = min(out, cpu.Since(begin))
		}
		return out
	}
	render := best(5, func() {
		c, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Formatted: true, Objects: builtin.Objects()})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		render(t, c, nil)
	})
	all := best(5, func() { merge.Merge(in) })
	var none fileset.Set
	for _, f := range in.Base.Files() {
		put(t, &none, f.Path, f.Bytes)
	}
	unedited := best(5, func() { merge.Merge(merge.Input{Base: in.Base, Ours: none, Theirs: in.Theirs}) })
	t.Logf("render %v, merge with edits in every file %v (%.2f renders), without edits %v (%.2f renders)",
		render, all, float64(all)/float64(render), unedited, float64(unedited)/float64(render))
	if all > render || unedited > render/4 {
		t.Error("merging costs more than that")
	}
}
