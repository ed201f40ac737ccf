package harness

import (
	"fmt"
	"regexp"
	"slices"
)

// A Graph is what depends on what in a module: what an object reaches is made
// before it, and destroyed after it.
type Graph struct {
	edges map[string][]string
}

// Names of nodes are addresses, with decorations that depend on the core.
var graphEdge = regexp.MustCompile(`(?m)^\s*"(?:\[root\] )?([^"]+?)(?: \([a-z ]+\))?" -> "(?:\[root\] )?([^"]+?)(?: \([a-z ]+\))?"`)

// Graph returns the graph of a plan.
func (r *Runner) Graph() (Graph, error) {
	out, err := r.Run("", "graph", "-type=plan")
	if err != nil {
		return Graph{}, err
	}
	g := Graph{edges: map[string][]string{}}
	for _, m := range graphEdge.FindAllStringSubmatch(out, -1) {
		g.edges[m[1]] = append(g.edges[m[1]], m[2])
	}
	if len(g.edges) == 0 {
		return Graph{}, fmt.Errorf("%s graph tells no dependencies", r.core.Name)
	}
	return g, nil
}

// Lacks returns those of the objects that from does not depend on, sorted.
func (g Graph) Lacks(from string, objects []string) []string {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(node string) {
		if seen[node] {
			return
		}
		seen[node] = true
		for _, next := range g.edges[node] {
			walk(next)
		}
	}
	walk(from)
	lacks := slices.DeleteFunc(slices.Clone(objects), func(o string) bool { return seen[o] })
	slices.Sort(lacks)
	return lacks
}
