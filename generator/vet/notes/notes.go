// Package notes holds the rules of vet that the notes ask for.
package notes

import "github.com/bpgen/bpgen/generator/vet"

// Rules returns the rules.
func Rules() []vet.Noted { return nil }
