package mutate

import (
	"fmt"
	"strings"
	"time"

	"github.com/bpgen/bpgen/generator/internal/cpu"
)

// Watch ends the process when it has used more processor time than the limit
// before it is stopped, and prints the input. A fuzz target that stands still would
// say nothing; of a process that ends, the engine keeps the input.
func Watch(limit time.Duration, input ...string) (stop func()) {
	done := make(chan struct{})
	begin := cpu.Used()
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			if cpu.Since(begin) > limit {
				panic(fmt.Sprintf("this input takes more than %s of the processor:\n%s", limit, strings.Join(input, "\n")))
			}
		}
	}()
	return func() { close(done) }
}
