package acceptance

import (
	"os"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// gate skips a test that runs Terraform unless it was asked for: it takes
// minutes, and plain `go test ./...` should not.
func gate(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("an acceptance test: set TF_ACC=1 or run make testacc")
	}
}
