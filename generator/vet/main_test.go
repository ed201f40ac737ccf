package vet_test

import (
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// TestMain lets the harness say what the live tests ran with; the testing
// package ends the process with what m.Run returned.
func TestMain(m *testing.M) { harness.Main(m) }
