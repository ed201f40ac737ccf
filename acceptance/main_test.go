package acceptance

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// TestMain lets the test binary be bpgen itself for scripts, and else runs the
// tests under the harness.
func TestMain(m *testing.M) { testscript.Main(harnessed{m}, commands) }

type harnessed struct{ m *testing.M }

func (h harnessed) Run() int { return harness.Main(h.m) }
