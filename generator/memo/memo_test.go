package memo_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/memo"
)

// TestGet: a value is built once, also when many ask at a time.
func TestGet(t *testing.T) {
	t.Parallel()
	var m memo.Map[int, int]
	var built atomic.Int64
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			if got := m.Get(i%4, func() int { built.Add(1); return i % 4 * 10 }); got != i%4*10 {
				t.Errorf("got %d for %d", got, i%4)
			}
		})
	}
	wg.Wait()
	if built.Load() != 4 || m.Len() != 4 {
		t.Errorf("built %d, kept %d", built.Load(), m.Len())
	}
}

// TestBound: a full map starts anew and goes on answering.
func TestBound(t *testing.T) {
	t.Parallel()
	m := memo.Map[int, int]{Most: 3}
	for i := range 10 {
		if got := m.Get(i, func() int { return -i }); got != -i {
			t.Errorf("got %d for %d", got, i)
		}
		if m.Len() > 3 {
			t.Errorf("kept %d", m.Len())
		}
	}
}

// TestNil: a nil map builds each time.
func TestNil(t *testing.T) {
	t.Parallel()
	var m *memo.Map[string, int]
	built := 0
	for range 2 {
		m.Get("a", func() int { built++; return built })
	}
	if built != 2 || m.Len() != 0 {
		t.Errorf("built %d", built)
	}
}

// TestTexts: a text is kept as it was, though the caller's bytes change.
func TestTexts(t *testing.T) {
	t.Parallel()
	var m memo.Texts[int]
	key := []byte("a")
	if got := m.Get(key, func() int { return 1 }); got != 1 {
		t.Errorf("got %d", got)
	}
	key[0] = 'b'
	if got := m.Get(key, func() int { return 2 }); got != 2 {
		t.Errorf("got %d", got)
	}
	if got := m.Get([]byte("a"), func() int { return 3 }); got != 1 || m.Len() != 2 {
		t.Errorf("got %d, kept %d", got, m.Len())
	}
	var none *memo.Texts[int]
	if got := none.Get(key, func() int { return 4 }); got != 4 || none.Len() != 0 {
		t.Errorf("got %d", got)
	}
}

// TestMake: who builds is told so, and nobody else.
func TestMake(t *testing.T) {
	t.Parallel()
	var m memo.Map[int, int]
	var texts memo.Texts[int]
	var none *memo.Map[int, int]
	for i := range 2 {
		if v, built := m.Make(1, func() int { return 5 }); v != 5 || built != (i == 0) {
			t.Errorf("map, call %d: %d, built %v", i, v, built)
		}
		if v, built := texts.Make([]byte("a"), func() int { return 6 }); v != 6 || built != (i == 0) {
			t.Errorf("texts, call %d: %d, built %v", i, v, built)
		}
		if v, built := none.Make(1, func() int { return 7 }); v != 7 || !built {
			t.Errorf("nil map, call %d: %d, built %v", i, v, built)
		}
	}
}

// TestPanic: who builds and who comes later get the same panic, not a value that
// nobody built.
func TestPanic(t *testing.T) {
	t.Parallel()
	var m memo.Map[int, *int]
	for range 2 {
		p := crash.Catch(func() { *m.Get(1, func() *int { panic("no value") }) = 1 })
		if p == nil || p.Value != "no value" {
			t.Errorf("got %v", p)
		}
	}
}
