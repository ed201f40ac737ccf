package render

import "testing"

func BenchmarkRender(b *testing.B) {
	in := site(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, diags := Render(in); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
