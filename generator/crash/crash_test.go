package crash_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/crash"
)

// index panics for i of 1 and more.
func index(i int) int { return []int{7}[i] }

// failing returns diagnostics, as a stage does.
func failing(f func()) (diags hcl.Diagnostics) {
	defer crash.Diagnose(&diags)
	f()
	return diags
}

// TestDiagnose: a panic is one error that names place and address, and shows
// neither a stack nor what the panic holds.
func TestDiagnose(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		f         func()
		want, not string
	}{
		"runtime":            {func() { index(1) }, "index out of range [1] with length 1 (generator/crash_test/crash_test.go:", "goroutine"},
		"a value":            {func() { panic("hunter2") }, "unexpected state (generator/", "hunter2"},
		"another goroutine":  {func() { group(func() { index(2) }) }, "index out of range [2]", "goroutine"},
		"caught and carried": {func() { panic(crash.Catch(func() { index(3) })) }, "index out of range [3]", "goroutine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := failing(tt.f)
			if len(diags) != 1 || !diags.HasErrors() {
				t.Fatalf("got %v", diags)
			}
			text := diags[0].Detail
			if !strings.Contains(text, tt.want) || strings.Contains(text, tt.not) || !strings.Contains(text, crash.Reports) {
				t.Errorf("it says %q", text)
			}
			if trace := crash.Trace(diags); !strings.Contains(trace, "crash_test.go:") {
				t.Errorf("the trace is %q", trace)
			}
		})
	}
	if diags := failing(func() {}); len(diags) > 0 {
		t.Errorf("nothing happened, and it says %v", diags)
	}
}

func group(f func()) {
	var g crash.Group
	g.Go(f)
	g.Wait()
}

// TestGroup: the others end before the panic goes on.
func TestGroup(t *testing.T) {
	t.Parallel()
	var g crash.Group
	var done atomic.Int64
	for i := range 20 {
		g.Go(func() { done.Add(1); index(i % 2) })
	}
	p := crash.Catch(g.Wait)
	if p == nil || done.Load() != 20 {
		t.Errorf("panic %v after %d", p, done.Load())
	}
}
