package vet_test

import (
	"os"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }
