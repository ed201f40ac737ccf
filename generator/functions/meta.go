package functions

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

//go:generate go run ./gen

// Cores are programs that run modules.
type Cores int

// The cores that bpgen writes for.
const (
	Terraform Cores = 1 << iota
	OpenTofu
)

// A Function is what bpgen knows of one besides what it computes.
type Function struct {
	Cores  Cores    // that have it
	Result cty.Type // cty.DynamicPseudoType where it depends on the arguments
	Traits Traits
}

// Traits are properties that matter when a call is moved, folded or left out.
type Traits int

const (
	// NeverNull says that the result is not null.
	NeverNull Traits = 1 << iota
	// Varies says that two calls with the same arguments may give something else.
	// A template that a file or a value holds may call such a function.
	Varies
	// Reads says that the result depends on files, on the operating system or on
	// the release of a library.
	Reads
	// Reveals says that the result is a secret.
	Reveals
	// Readable says that a call reads better than its result.
	Readable
	// Passes says that the result is what is given, as a whole or member by member.
	Passes
	// Blind says that what is in the arguments is seen, but not whether it is a list
	// or a tuple, a map or an object.
	Blind
	// Unveils says that the result is not sensitive though an argument is.
	Unveils
	// Shallow says that what is sensitive inside of the argument does not make the
	// result so.
	Shallow
)

// Has says whether a function has all of the traits.
func (f Function) Has(t Traits) bool { return f.Traits&t == t }

// traits are what the cores do not say.
var traits = map[Traits][]string{
	NeverNull: {
		"cidrhost", "cidrsubnet", "cidrsubnets", "compact", "concat", "distinct", "flatten", "format", "formatlist", "join", "jsonencode", "keys", "length", "lower",
		"merge", "range", "replace", "split", "substr", "trimprefix", "trimsuffix", "upper", "values", "yamlencode", "zipmap",
	},
	Varies: {"bcrypt", "templatefile", "templatestring", "timestamp", "uuid"},
	Reads: {
		"abspath", "base64gunzip", "base64gzip", "file", "filebase64", "filebase64sha256", "filebase64sha512", "fileexists", "filemd5", "fileset", "filesha1",
		"filesha256", "filesha512", "pathexpand", "plantimestamp", "templatefile",
	},
	Reveals:  {"rsadecrypt"},
	Readable: {"base64encode", "jsonencode", "textencodebase64", "yamlencode"},
	Passes: {
		"chunklist", "concat", "ephemeralasnull", "keys", "merge", "nonsensitive", "one", "reverse", "sensitive", "setproduct", "slice", "try", "values", "zipmap",
	},
	Blind:   {"format", "formatlist", "issensitive", "jsonencode", "length", "yamlencode"},
	Unveils: {"issensitive", "nonsensitive"},
	Shallow: {"length"},
}

// results are types that the cores leave open though they are sure.
var results = map[string]cty.Type{
	"format": cty.String,
}

var known = sync.OnceValue(func() map[string]Function {
	out := maps.Clone(signatures)
	for trait, names := range traits {
		for _, name := range names {
			f := out[name]
			f.Traits |= trait
			out[name] = f
		}
	}
	for name, t := range results {
		f := out[name]
		f.Result = t
		out[name] = f
	}
	return out
})

// Name returns a function's name without the namespace of the core's own.
func Name(called string) string { return strings.TrimPrefix(called, corePrefix) }

// Lookup returns what is known of a function by the name that it is called by,
// and whether a core has it. Nothing is known of a provider's.
func Lookup(called string) (Function, bool) {
	f, ok := known()[Name(called)]
	if !ok {
		f.Result = cty.DynamicPseudoType
	}
	return f, ok
}

// NeverFolded says that Terraform or OpenTofu knows the function, but that a
// call of it always stays in the code. It holds for every function of a
// provider. A name for which it is false and that Table lacks is not a
// function at all.
func NeverFolded(called string) bool {
	if strings.HasPrefix(called, "provider::") {
		return true
	}
	f, ok := Lookup(called)
	return ok && (f.Traits&(Varies|Reads|Reveals) != 0 || f.Cores != Terraform|OpenTofu)
}

// Names returns the names of all functions, sorted.
func Names() []string { return slices.Sorted(maps.Keys(known())) }
