package cpu

import (
	"testing"
	"time"
)

// TestUsed: work counts, and waiting does not.
func TestUsed(t *testing.T) {
	begin := Used()
	for n := 0; Since(begin) < 50*time.Millisecond; n++ {
		_ = n * n
	}
	begin = Used()
	time.Sleep(500 * time.Millisecond)
	if used := Since(begin); used > 250*time.Millisecond {
		t.Errorf("half a second of waiting took %s of the processor", used)
	}
}
