package mutate

import (
	"fmt"
	"strings"
	"time"
)

// Watch ends the process when it is not stopped within the limit, and prints the
// input. A fuzz target that stands still would say nothing; of a process that
// ends, the engine keeps the input.
func Watch(limit time.Duration, input ...string) (stop func()) {
	timer := time.AfterFunc(limit, func() {
		panic(fmt.Sprintf("this input takes more than %s:\n%s", limit, strings.Join(input, "\n")))
	})
	return func() { timer.Stop() }
}
