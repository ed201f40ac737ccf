package mutate

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/bpgen/bpgen/generator/internal/cpu"
)

// Watch ends the process when it has used more processor time than the limit
// before it is stopped, and prints the input. A fuzz target that stands still would
// say nothing; of a process that ends, the engine keeps the input.
func Watch(limit time.Duration, input ...string) (stop func()) {
	w := &watch{limit: limit, input: input, begin: cpu.Used()}
	w.timer = time.AfterFunc(math.MaxInt64, w.look)
	w.timer.Reset(limit)
	return func() { w.timer.Stop() }
}

type watch struct {
	limit, begin time.Duration
	input        []string
	timer        *time.Timer
}

// look is called when the limit could be reached.
func (w *watch) look() {
	left := w.limit - cpu.Since(w.begin)
	if left <= 0 {
		panic(fmt.Sprintf("this input takes more than %s of the processor:\n%s", w.limit, strings.Join(w.input, "\n")))
	}
	w.timer.Reset(left + time.Millisecond)
}
