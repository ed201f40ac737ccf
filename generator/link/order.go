package link

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
)

// A graph holds what leads to what. Some nodes are marked: they are what one
// asks for.
type graph struct {
	index map[string]int
	names []string
	edges [][]int
	marks []bitset // what of the marks each node leads to
	mark  []int    // of a node, -1 without one
}

func newGraph() *graph { return &graph{index: map[string]int{}} }

// node returns the number of a node, which is added if it is new.
func (g *graph) node(name string) int {
	i, ok := g.index[name]
	if !ok {
		i = len(g.edges)
		g.index[name], g.names = i, append(g.names, name)
		g.edges, g.mark = append(g.edges, nil), append(g.mark, -1)
	}
	return i
}

func (g *graph) edge(from int, to string) { g.edges[from] = append(g.edges[from], g.node(to)) }

// close works out what each node leads to. A graph of modules may have circles,
// since a call of a child module is one node here; so it goes on until nothing
// changes.
func (g *graph) close(marks int) {
	g.marks = make([]bitset, len(g.edges))
	for i := range g.marks {
		g.marks[i] = newBitset(marks)
	}
	order := g.order()
	for changed := true; changed; {
		changed = false
		for _, i := range order {
			changed = g.update(i) || changed
		}
	}
}

// update takes what the successors of a node lead to, and says whether that is
// more than before.
func (g *graph) update(i int) bool {
	changed := false
	for _, to := range g.edges[i] {
		if m := g.mark[to]; m >= 0 {
			changed = g.marks[i].set(m) || changed
		}
		changed = g.marks[i].join(g.marks[to]) || changed
	}
	return changed
}

// order lists the nodes so that each comes behind what it leads to, as far as
// there are no circles.
func (g *graph) order() []int {
	seen := make([]bool, len(g.edges))
	var out []int
	var visit func(int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, to := range g.edges[i] {
			visit(to)
		}
		out = append(out, i)
	}
	for i := range g.edges {
		visit(i)
	}
	return out
}

// reaches says whether any of the references leads to an address, or is it.
func (g *graph) reaches(refs map[string]bool, address string) bool {
	seen := map[int]bool{}
	goal := g.node(address)
	var visit func(i int) bool
	visit = func(i int) bool {
		if i == goal {
			return true
		}
		if seen[i] {
			return false
		}
		seen[i] = true
		return slices.ContainsFunc(g.edges[i], visit)
	}
	for _, ref := range sortedKeys(refs) {
		if i, ok := g.index[ref]; ok && visit(i) {
			return true
		}
	}
	return false
}

// A bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) empty() bool { return !slices.ContainsFunc(b, func(w uint64) bool { return w != 0 }) }

func (b bitset) set(i int) bool {
	was := b.has(i)
	b[i/64] |= 1 << (i % 64)
	return !was
}

func (b bitset) join(other bitset) bool {
	changed := false
	for i, w := range other {
		changed = changed || w&^b[i] != 0
		b[i] |= w
	}
	return changed
}

// unitGraph returns what the blocks of the module refer to.
func unitGraph(units []unit) *graph {
	g := newGraph()
	for _, u := range units {
		if u.Kind == "locals" {
			for _, a := range u.locals() {
				from := g.node("local." + a.Name)
				for _, r := range sortedKeys(a.Refs) {
					g.edge(from, r)
				}
			}
			continue
		}
		if u.Address == "" {
			continue
		}
		from := g.node(u.Address)
		for _, r := range sortedKeys(u.Code.References()) {
			if r != u.Address {
				g.edge(from, r)
			}
		}
	}
	return g
}

// keepOrder gives a depends_on to what lost an order: to Terraform every
// reference is one, and a reference that was folded away, such as the one in
// x.id == null, is gone from the code, as is all that stood behind an object
// that is left out. An order that follows from what stays is not said again.
func (l *linker) keepOrder(order []*part, units []unit, given bindings) {
	k := keeper{units: units, after: unitGraph(units), at: map[int]int{}}
	for i, u := range units {
		if u.Address == "" || u.Empty {
			continue
		}
		node := k.after.node(u.Address)
		k.at[node] = i
		if u.Kind == "resource" || u.Kind == "module" {
			k.after.mark[node] = len(k.goals)
			k.goals = append(k.goals, node)
		}
	}
	k.before = sourceGraph(order, given, k.after)
	k.before.close(len(k.goals))
	k.after.close(len(k.goals))
	sources := sourceNodes(order)
	for _, node := range k.after.order() {
		k.after.update(node)
		i, ok := k.at[node]
		if !ok {
			continue
		}
		if names := k.wait(node, sources[units[i].Address], units[i].Block); len(names) > 0 {
			units[i].Code = units[i].Code.After(names)
		}
	}
}

// A keeper compares the order of the source with that of the module.
type keeper struct {
	units         []unit
	before, after *graph
	at            map[int]int // node of after -> unit
	goals         []int       // nodes of after that something may have to wait for
}

// wait returns what the block at a node must wait for, and notes that it does.
func (k *keeper) wait(node int, source string, b specialise.Block) []string {
	from, ok := k.before.index[source]
	if b.Kind == "ephemeral" {
		return nil
	}
	if b.Reads {
		// A depends_on puts off reading data, so only one takes the place of another.
		from, ok = k.before.index[source+firstSuffix]
	}
	if !ok {
		return nil
	}
	var names []string
	for _, m := range k.missing(k.before.marks[from], node) {
		names = append(names, k.units[k.at[k.goals[m]]].Address)
		k.after.edges[node] = append(k.after.edges[node], k.goals[m])
	}
	k.after.update(node)
	slices.Sort(names)
	return names
}

// missing returns the marks that are wanted and that a node does not lead to: the
// nearest of them, without those that wait for the node itself.
func (k *keeper) missing(want bitset, node int) []int {
	if want.empty() { // as nearly always
		return nil
	}
	self := k.after.mark[node]
	var lost []int
	for m, goal := range k.goals {
		circle := goal == node || self >= 0 && k.after.marks[goal].has(self)
		if want.has(m) && !circle && !k.after.marks[node].has(m) {
			lost = append(lost, m)
		}
	}
	return slices.DeleteFunc(slices.Clone(lost), func(m int) bool {
		return slices.ContainsFunc(lost, func(other int) bool {
			both := k.after.marks[k.goals[m]].has(other)
			return other != m && k.after.marks[k.goals[other]].has(m) && (!both || other < m)
		})
	})
}

// firstSuffix names the node that stands for the depends_on of another.
const firstSuffix = " depends_on"

// sourceNodes names the node of each address of the module.
func sourceNodes(order []*part) map[string]string {
	out := map[string]string{}
	for _, p := range order {
		for _, a := range p.comp.Addresses {
			if a.Flat != "" {
				out[a.Flat] = p.Name + "/" + a.Template
			}
		}
	}
	return out
}

// sourceGraph returns what everything in the templates of the components refers
// to, and what the blueprint links to their variables. It has the marks of the
// module's graph.
func sourceGraph(order []*part, given bindings, module *graph) *graph {
	g := newGraph()
	for _, p := range order {
		for _, name := range sortedKeys(p.comp.Order) {
			d := p.comp.Order[name]
			from := g.node(p.Name + "/" + name)
			for _, r := range d.Refs {
				g.edge(from, p.Name+"/"+r)
			}
			if len(d.First) > 0 {
				first := g.node(p.Name + "/" + name + firstSuffix)
				for _, r := range d.First {
					g.edge(first, p.Name+"/"+r)
				}
			}
		}
		for _, a := range p.comp.Addresses {
			if i, ok := module.index[a.Flat]; ok && a.Flat != "" {
				g.mark[g.node(p.Name+"/"+a.Template)] = module.mark[i]
			}
		}
		for _, name := range sortedKeys(given[p.Name]) {
			for _, to := range given[p.Name][name] {
				g.edge(g.node(p.Name+"/var."+name), to.component+"/output."+to.output)
			}
		}
	}
	return g
}

// bindings hold what the variables of each component are linked to.
type bindings map[string]map[string][]link

func (l *linker) bindings(order []*part) bindings {
	out := bindings{}
	for _, p := range order {
		out[p.Name] = map[string][]link{}
		for _, a := range p.With {
			if links := l.links(a.Expr); len(links) > 0 {
				out[p.Name][a.Name] = links
			}
		}
	}
	return out
}

// A link names an output of a component.
type link struct{ component, output string }

// links returns the outputs that an expression of the blueprint refers to under
// the chosen options, whatever comes of their values.
func (l *linker) links(x hclsyntax.Expression) []link {
	var out []link
	add := func(refs []hcl.Traversal, root string) {
		for _, ref := range refs {
			found := link{blueprint.Step(ref, 1), blueprint.Step(ref, 2)}
			if p := l.parts[found.component]; ref.RootName() == root && p != nil && p.active && !slices.Contains(out, found) {
				out = append(out, found)
			}
		}
	}
	roots := map[string]bool{}
	for _, ref := range lang.Variables(x) {
		roots[ref.RootName()] = true
	}
	if !roots["component"] {
		return nil
	}
	if roots["option"] {
		r := l.callEvaluator().Eval(x)
		expr, diags := l.expression(r.Top() + "\n")
		if r.Err == nil && !diags.HasErrors() {
			add(lang.Variables(expr), "module")
			return out
		}
	}
	add(lang.Variables(x), "component")
	return out
}

// callEvaluator returns an evaluator to which every component is a module that is
// called, as it is in the nested layout.
func (l *linker) callEvaluator() *specialise.Evaluator {
	return l.evaluator(func(p *part, name string, rng hcl.Range) specialise.Result {
		if !p.active {
			return specialise.Failed(diag.Error(rng, "Reference to a component that is not rendered", "The component %q does not exist with the chosen options.", p.Name))
		}
		if p.tmpl != nil && p.tmpl.Output(name) == nil {
			return specialise.Failed(diag.Error(rng, "Unknown output", "The template %q of the component %q has no output %q.", p.tmpl.Name, p.Name, name))
		}
		r := specialise.Reference("module."+p.Name+"."+name, cty.DynamicPseudoType)
		r.Sensitive = p.outputs[name].Sensitive
		return r
	})
}
