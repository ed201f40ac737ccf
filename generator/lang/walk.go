// Package lang answers what the expressions and blocks of a module refer to.
//
// It takes syntax and returns traversals and addresses. Names that an expression
// or a dynamic block binds are no references; neither is what Terraform reads as
// a word: a type, a provider's name, a member of ignore_changes. It knows the
// language alone: no schema, no value, no text but what is parsed.
package lang

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Traversals returns the references below a node, in the order of the source. Of a
// body or block, what lies in a range that skip accepts is left out; skip may be
// nil.
func Traversals(n hclsyntax.Node, skip func(hcl.Range) bool) []hcl.Traversal {
	w := newWalker(skip)
	switch n := n.(type) {
	case *hclsyntax.Block:
		w.block(n, true)
	case *hclsyntax.Body:
		w.body(n, "", true)
	case hclsyntax.Expression:
		w.expression(n)
	default:
		_ = hclsyntax.Walk(n, w)
	}
	return w.found
}

// Addresses returns the addresses of what the references below a node name.
func Addresses(n hclsyntax.Node) Set {
	out := Set{}
	out.Add(Traversals(n, nil))
	return out
}

// A Set is a set of addresses.
type Set map[string]bool

// Add adds what traversals name.
func (s Set) Add(refs []hcl.Traversal) {
	for _, t := range refs {
		if r, ok := Refer(t); ok && !r.Kind.Word() {
			s[r.Address()] = true
		}
	}
}

// Sorted returns the addresses in order.
func (s Set) Sorted() []string { return slices.Sorted(maps.Keys(s)) }

// A walker collects references. It implements hclsyntax.Walker for expressions.
type walker struct {
	skip  func(hcl.Range) bool
	bound []string // names around the place
	depth []int    // of bound, in front of each scope of an expression
	found []hcl.Traversal
	below func(hclsyntax.Expression) // the method expression; made once
}

func newWalker(skip func(hcl.Range) bool) *walker {
	w := &walker{skip: skip}
	w.below = w.expression
	return w
}

// Enter implements hclsyntax.Walker.
func (w *walker) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case hclsyntax.ChildScope:
		w.depth = append(w.depth, len(w.bound))
		for name := range n.LocalNames {
			w.bound = append(w.bound, name)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if !slices.Contains(w.bound, n.Traversal.RootName()) && !w.skipped(n.Range()) {
			w.found = append(w.found, n.Traversal)
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *walker) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if _, ok := n.(hclsyntax.ChildScope); ok {
		last := len(w.depth) - 1
		w.bound, w.depth = w.bound[:w.depth[last]], w.depth[:last]
	}
	return nil
}

func (w *walker) skipped(rng hcl.Range) bool { return w.skip != nil && w.skip(rng) }

func (w *walker) block(b *hclsyntax.Block, top bool) {
	if w.skipped(BlockRange(b)) {
		return
	}
	if b.Type != "dynamic" {
		w.body(b.Body, b.Type, top)
		return
	}
	if a := b.Body.Attributes["for_each"]; a != nil {
		w.attribute(a)
	}
	outer := len(w.bound)
	w.bound = append(w.bound, Iterator(b))
	if a := b.Body.Attributes["labels"]; a != nil {
		w.attribute(a)
	}
	for _, n := range b.Body.Blocks {
		w.block(n, false)
	}
	w.bound = w.bound[:outer]
}

func (w *walker) body(body *hclsyntax.Body, in string, top bool) {
	for _, a := range Attributes(body) {
		if !Static(in, a.Name, top) {
			w.attribute(a)
		}
	}
	for _, b := range body.Blocks {
		w.block(b, in == "" || in == "check" && top)
	}
}

func (w *walker) attribute(a *hclsyntax.Attribute) {
	if !w.skipped(a.SrcRange) {
		w.expression(a.Expr)
	}
}

// Static says whether Terraform reads an argument as words, in which nothing is a
// reference; top is for a block that stands at the top of a file.
func Static(block, argument string, top bool) bool {
	switch argument {
	case "type":
		return block == "variable"
	case "ignore_changes":
		return block == "lifecycle"
	case "when", "on_failure":
		return block == "provisioner"
	case "provider", "providers":
		return top
	}
	return false
}

// Iterator returns the name by which the content of a dynamic block speaks of the
// current element.
func Iterator(b *hclsyntax.Block) string {
	if a := b.Body.Attributes["iterator"]; a != nil {
		if t, diags := hcl.AbsTraversalForExpr(a.Expr); !diags.HasErrors() {
			return t.RootName()
		}
	}
	if len(b.Labels) > 0 {
		return b.Labels[0]
	}
	return ""
}

// BlockRange returns the range of a whole block.
func BlockRange(b *hclsyntax.Block) hcl.Range {
	return hcl.RangeBetween(b.TypeRange, b.CloseBraceRange)
}

// Attributes returns a body's attributes in the order of the source.
func Attributes(body *hclsyntax.Body) []*hclsyntax.Attribute {
	return slices.SortedFunc(maps.Values(body.Attributes), func(a, b *hclsyntax.Attribute) int {
		return cmp.Compare(a.SrcRange.Start.Byte, b.SrcRange.Start.Byte)
	})
}
