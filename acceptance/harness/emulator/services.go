package emulator

import (
	"io"
	"net/url"
)

// Choose names the emulator that knows a call better.
func Choose(c Call) string {
	switch c.Service {
	case "cloudfront", "codebuild", "elasticache", "route53", "states":
		return "ministack"
	}
	return "moto"
}

// New returns the router over moto and ministack, with what it answers and
// remembers itself. log gets a line for each call.
func New(backends map[string]*url.URL, log io.Writer) *Router {
	return NewRouter(backends, Choose, log, NewScaling(), NewQueries(), NewSettings(), NewConnections(), NewTwins(), Customs{}, NewAttributes(), Sources{}, Clocks{}, Haste{}, NewTasks(), &Backups{keys: map[string]string{}})
}
