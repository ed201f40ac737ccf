// Package cpu tells tests how much processor time their process has used. Other
// work on the machine adds to the time of the clock but not to this one, so a test
// may set it a limit. It counts all that the process does: a test that looks at it
// is not parallel.
package cpu

import "time"

// Since returns what the process has used since Used returned begin.
func Since(begin time.Duration) time.Duration { return Used() - begin }
