package acceptance

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// TestMain lets the test binary be bpgen itself for scripts, and else runs the
// tests under the harness.
func TestMain(m *testing.M) { testscript.Main(harnessed{m}, commands) }

type harnessed struct{ m *testing.M }

func (h harnessed) Run() int { return harness.Main(h.m) }

// gate skips a test that runs Terraform unless it was asked for: it takes
// minutes, and plain `go test ./...` should not.
func gate(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("an acceptance test: set TF_ACC=1 or run make testacc")
	}
}
