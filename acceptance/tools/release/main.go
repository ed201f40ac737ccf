// Command release reads the configuration of a release as goreleaser does, and fails on
// what goreleaser does not know: a key that is misspelled, a value of another type.
//
//	release FILE
//
// What only a run of goreleaser finds is found by `make release-check`, which builds
// all of it.
package main

import (
	"fmt"
	"os"

	"github.com/goreleaser/goreleaser/v2/pkg/config"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: release FILE")
		os.Exit(2)
	}
	if _, err := config.Load(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}
