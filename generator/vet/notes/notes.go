// Package notes holds the rules of vet that the notes ask for: stage 3.
//
// Each is a vet.Checker with the ids of the entries of the ledger that it
// holds. The rules run on any module, rendered by bpgen or not, and look at
// what the code says alone: a value that comes from the provider or from a module
// outside of the tree is never a finding, nor is one from a variable that somebody may
// set, but for those rules that look at defaults: what breaks them as long as nobody
// sets the variable is reported at the default. Modules of a tree that call each other
// are looked at together: a variable is what the only call sets it to, an output what
// it gives. Absence counts only where nothing can be elsewhere. Where the ledger's caveat says
// that the notes are wrong or out of date, a rule follows the caveat.
//
// value.go reads values and references off the code, and eval.go works out what has to
// be worked out; rule.go is the vocabulary in which the
// rules are written; network.go, edge.go, service.go, data.go, operations.go
// and account.go hold the rules by area. The package takes modules of vet and returns
// diagnostics. It does not touch the operating system.
package notes

import (
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/vet"
)

// all are the rules, sorted by ID.
var all = func() []vet.Rule {
	var out []vet.Rule
	for _, r := range slices.Concat(network, edge, service, data, operations, account) {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b vet.Rule) int { return strings.Compare(a.ID(), b.ID()) })
	return out
}()

// Rules returns the rules, sorted by ID. Each is a vet.Noted.
func Rules() []vet.Rule { return slices.Clone(all) }
