package mutants

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// refs returns the parts that a node refers to. What a for expression binds is what
// it goes over.
func (r *reader) refs(n hclsyntax.Node) []string {
	w := &walker{types: r.g.types, seen: map[hclsyntax.Expression]bool{}, bound: map[string][]string{}}
	_ = hclsyntax.VisitAll(n, func(n hclsyntax.Node) hcl.Diagnostics { w.visit(n); return nil })
	slices.Sort(w.found)
	return slices.Compact(w.found)
}

// Refs returns the parts that an expression refers to.
func (g *Graph) Refs(x hclsyntax.Expression) []string { return (&reader{g: g}).refs(x) }

// A walker collects references, from the outside to the inside: what is read as a
// part of something larger is not read again.
type walker struct {
	types map[string]bool
	seen  map[hclsyntax.Expression]bool
	bound map[string][]string
	found []string
}

func (w *walker) visit(n hclsyntax.Node) {
	if x, ok := n.(hclsyntax.Expression); !ok || w.seen[x] {
		return
	}
	switch x := n.(type) {
	case *hclsyntax.ForExpr:
		over := w.collection(x.CollExpr)
		w.counted(over)
		// A name that is bound twice is what either goes over.
		for _, name := range over {
			w.bound[x.ValVar] = append(w.bound[x.ValVar], name+element)
		}
	case *hclsyntax.FunctionCallExpr:
		if x.Name == "length" && len(x.Args) == 1 {
			w.counted(w.collection(x.Args[0]))
		}
	case *hclsyntax.SplatExpr:
		each, ok := x.Each.(*hclsyntax.RelativeTraversalExpr)
		if !ok {
			return // all of the source, which is read by itself
		}
		if _, ok := each.Source.(*hclsyntax.AnonSymbolExpr); ok {
			for _, name := range w.collection(x.Source) {
				w.found = append(w.found, join(name+element, each.Traversal))
			}
		}
	case *hclsyntax.RelativeTraversalExpr:
		for _, name := range w.collection(x.Source) {
			w.found = append(w.found, join(name, x.Traversal))
		}
	case *hclsyntax.ScopeTraversalExpr:
		w.found = append(w.found, w.names(x.Traversal)...)
	}
}

// counted notes how many there are of what is gone over, or counted.
func (w *walker) counted(names []string) {
	for _, name := range names {
		w.found = append(w.found, name+"#")
	}
}

// collection returns the parts that an expression is, as they stand: objects, nested
// blocks, or several of them in a row. The references in it are then read. It
// returns none for any other expression.
func (w *walker) collection(x hclsyntax.Expression) []string {
	names, read := w.parts(x)
	for _, n := range read {
		w.seen[n] = true
	}
	return names
}

func (w *walker) parts(x hclsyntax.Expression) (names []string, read []hclsyntax.Expression) {
	switch x := x.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		names := w.names(x.Traversal)
		if slices.ContainsFunc(names, func(name string) bool { return !w.object(name) }) {
			return nil, nil
		}
		return names, []hclsyntax.Expression{x}
	case *hclsyntax.IndexExpr: // of several one, whichever
		of, nodes := w.parts(x.Collection)
		for _, name := range of {
			names = append(names, name+element)
		}
		return names, nodes
	case *hclsyntax.RelativeTraversalExpr:
		of, nodes := w.parts(x.Source)
		for _, name := range of {
			names = append(names, join(name, x.Traversal))
		}
		return names, append(nodes, x)
	case *hclsyntax.FunctionCallExpr:
		if !slices.Contains([]string{"concat", "values", "tolist", "toset", "one", "jsondecode"}, x.Name) {
			return nil, nil
		}
		for _, arg := range x.Args {
			of, nodes := w.parts(arg)
			if len(of) == 0 {
				return nil, nil
			}
			if read = append(read, nodes...); x.Name == "values" || x.Name == "one" {
				for i := range of {
					of[i] += element
				}
			}
			names = append(names, of...)
		}
	}
	return names, read
}

func (w *walker) object(name string) bool { return (&Graph{types: w.types}).object(name) }

// names returns the parts that a reference names, none for what it means only where
// it stands, such as each.key.
func (w *walker) names(t hcl.Traversal) []string {
	root := t.RootName()
	if over, ok := w.bound[root]; ok {
		var out []string
		for _, name := range over {
			out = append(out, join(name, t[1:]))
		}
		return out
	}
	switch root {
	case "var", "local", "output":
		if len(t) > 1 {
			return []string{join(root, t[1:2])}
		}
		return []string{Everything}
	case "run", "module":
		return []string{Everything}
	case "check":
		return []string{join(root, t[1:])}
	case "data":
		if len(t) < 3 {
			return []string{Everything}
		}
		return []string{join("data", t[1:])}
	}
	if !w.types[root] {
		return nil
	}
	if len(t) < 2 {
		return []string{Everything}
	}
	return []string{join(root, t[1:])}
}

// join appends the attributes of a path to a name.
func join(name string, t hcl.Traversal) string {
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			name += "." + step.Name
		case hcl.TraverseIndex:
			name += element
		case hcl.TraverseSplat:
			return name
		}
	}
	return name
}
