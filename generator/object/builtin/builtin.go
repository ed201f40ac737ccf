// Package builtin carries the trees of the built-in templates and blueprints,
// so that no run has to parse them. Command generator/object/gen writes them;
// a tree whose source has changed since is not used. It takes nothing, returns
// a store, and does not touch the operating system.
package builtin

import (
	_ "embed"
	"sync"

	"github.com/bpgen/bpgen/generator/object"
)

//go:generate go run ../gen -root ../../.. -to objects.bin

//go:embed objects.bin
var data string

// Objects returns the store of the built-in trees.
var Objects = sync.OnceValue(func() *object.Store { return object.Open(data) })
