package notes

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/vet"
)

// A rule is one rule. Title is the summary of its findings.
type rule struct {
	id       string
	severity vet.Severity
	title    string
	why      string
	notes    []string
	about    []string // entries that it speaks of without holding them: it holds what AWS says today instead, or a part
	defaults bool     // it looks at the defaults of variables as well
	link     string
	check    func(*finder)
}

const (
	fault  = vet.SeverityError   // AWS refuses it, or it cannot work, or it endangers data
	mend   = vet.SeverityWarning // it works, but not as it should
	advice = vet.SeverityNotice  // there may be reasons
)

func (r *rule) ID() string             { return r.id }
func (r *rule) Severity() vet.Severity { return r.severity }
func (r *rule) Why() string            { return r.why }
func (r *rule) Link() string           { return r.link }
func (r *rule) Notes() []string        { return r.notes }
func (r *rule) About() []string        { return r.about }

var (
	_ vet.Checker = (*rule)(nil)
	_ vet.Noted   = (*rule)(nil)
)

// Check looks at one module.
func (r *rule) Check(m *vet.Module, report func(*hcl.Diagnostic)) {
	if len(m.Resources) == 0 {
		return
	}
	r.check(&finder{module: moduleOf(m), rule: r, report: report})
}

type kept struct{}

// A module is a module of vet with what several rules want to know of it.
type module struct {
	*vet.Module
	tree       *tree // see joined
	evaluation *evaluation
	presences  map[*vet.Resource]presence
	called     *presence // see presence
}

// A tree is what several rules want to know of modules that belong together: what one
// has may be used in another.
type tree struct {
	modules   []*module
	nets      *networks
	roles     *roles
	evaluated *evaluated
	spelling  *spelling
}

// joined returns the tree of modules that the module belongs to.
func (m *module) joined() *tree {
	if m.tree == nil {
		t := &tree{}
		for _, other := range m.Tree() {
			o := moduleOf(other)
			o.tree, t.modules = t, append(t.modules, o)
		}
	}
	return m.tree
}

// home returns the module that a part of the code stands in.
func (m *module) home(n hclsyntax.Node) *module {
	if len(m.joined().modules) == 1 {
		return m
	}
	if in := m.Holding(n.Range().Filename); in != nil && in != m.Module {
		return moduleOf(in)
	}
	return m
}

// A finder collects the findings of one rule in one module.
type finder struct {
	*module
	rule   *rule
	report func(*hcl.Diagnostic)
}

// of returns the managed resources of types that are separated by spaces. Of one that
// is not there unless somebody sets a variable, defaults say nothing.
func (f *finder) of(types string) []thing { return f.presuming(f.module.of(types)) }

// everywhere is of for all modules of the tree.
func (f *finder) everywhere(types string) []thing { return f.presuming(f.module.everywhere(types)) }

func (f *finder) presuming(things []thing) []thing {
	if f.rule.defaults {
		for i := range things {
			things[i].presume = true
			things[i].presume = !things[i].gone()
		}
	}
	return things
}

// first says whether the module is the first of its tree that the rules look at, for
// what they look at once for the tree.
func (f *finder) first() bool {
	for _, m := range f.joined().modules {
		if len(m.Resources) > 0 {
			return m == f.module
		}
	}
	return false
}

func (f *finder) find(at hcl.Range, format string, args ...any) {
	f.report(diag.Error(at, f.rule.title, format, args...))
}

// A test says whether a thing breaks a rule for certain, and where.
type test func(thing) (hcl.Range, bool)

// each finds every resource of the types, separated by spaces, that the test
// says breaks the rule. The detail's %s is the resource's address.
func each(types string, broken test, detail string) func(*finder) {
	return func(f *finder) {
		for _, t := range f.of(types) {
			if at, yes := broken(t); yes {
				f.find(at, "%s", strings.ReplaceAll(detail, "%s", t.name()))
			}
		}
	}
}

// absent is true when nothing stands at any of the paths.
func absent(paths ...string) test {
	return func(t thing) (hcl.Range, bool) {
		return t.rng, !slices.ContainsFunc(paths, t.has)
	}
}

// is is true when an argument at the path is known to be one of the values.
func is(path string, values ...string) test {
	return matches(path, func(s string) bool { return slices.Contains(values, s) })
}

// isNot is true when an argument at the path is known and none of the values.
func isNot(path string, values ...string) test {
	return matches(path, func(s string) bool { return !slices.Contains(values, s) })
}

// matches is true when an argument at the path is known and the predicate holds.
func matches(path string, pred func(string) bool) test {
	return func(t thing) (hcl.Range, bool) {
		args, _ := t.args(path)
		for _, a := range args {
			v, at, ok := a.worth()
			if s := textOf(v); ok && !v.IsNull() && v.Type().IsPrimitiveType() && pred(s) {
				return at, true
			}
		}
		return hcl.Range{}, false
	}
}

// number is true when an argument at the path is a known number for which the
// predicate holds.
func number(path string, pred func(float64) bool) test {
	return func(t thing) (hcl.Range, bool) {
		args, _ := t.args(path)
		for _, a := range args {
			v, at, ok := a.worth()
			if n, isNumber := numberOf(v); ok && isNumber && pred(n) {
				return at, true
			}
		}
		return hcl.Range{}, false
	}
}

// element is true when the list at the path has a known element for which the
// predicate holds.
func element(path string, pred func(string) bool) test {
	return func(t thing) (hcl.Range, bool) {
		items, _ := t.list(path)
		for _, it := range items {
			if it.text != "" && pred(it.text) {
				return it.expr.Range(), true
			}
		}
		return hcl.Range{}, false
	}
}

// lacks is true when the list at the path is known and one of the values is not
// in it.
func lacks(path string, values ...string) test {
	return func(t thing) (hcl.Range, bool) {
		items, whole := t.list(path)
		a, ok := t.arg(path)
		if !whole || !ok {
			return hcl.Range{}, false
		}
		var have []string
		for _, it := range items {
			if it.text == "" {
				return hcl.Range{}, false
			}
			have = append(have, it.text)
		}
		for _, v := range values {
			if !slices.Contains(have, v) {
				return a.expr.Range(), true
			}
		}
		return hcl.Range{}, false
	}
}

// comesFrom is true when the argument at the path comes from a resource of the
// type for which the test, if there is one, holds.
func comesFrom(path, typ string, and ...test) test {
	return func(t thing) (hcl.Range, bool) {
		args, _ := t.args(path)
		for _, a := range args {
			found, _ := t.m.reach(a, typ, 0)
			for _, r := range found {
				if _, ok := both(and...)(r); ok {
					return a.expr.Range(), true
				}
			}
		}
		return hcl.Range{}, false
	}
}

// unused is true when no resource of the types leads here by the path.
func unused(types, path string) test {
	return func(t thing) (hcl.Range, bool) { return t.rng, t.unused(types, path) }
}

// used is true when a resource of the types leads here by the path, for which
// the test, if there is one, holds.
func used(types, path string, and ...test) test {
	return func(t thing) (hcl.Range, bool) {
		return t.rng, slices.ContainsFunc(t.users(types, path), func(u thing) bool {
			_, ok := both(and...)(u)
			return ok
		})
	}
}

// both is true when all of the tests are; the place is that of the last.
func both(tests ...test) test {
	return func(t thing) (hcl.Range, bool) {
		at := t.rng
		for _, x := range tests {
			rng, ok := x(t)
			if !ok {
				return rng, false
			}
			at = rng
		}
		return at, true
	}
}

// either is true when one of the tests is; the place is that of the first.
func either(tests ...test) test {
	return func(t thing) (hcl.Range, bool) {
		for _, x := range tests {
			if rng, ok := x(t); ok {
				return rng, true
			}
		}
		return hcl.Range{}, false
	}
}

// inside runs a test on every block at a path.
func inside(path string, x test) test {
	return func(t thing) (hcl.Range, bool) {
		blocks, _ := t.within(path)
		for _, b := range blocks {
			if rng, ok := x(b); ok {
				return rng, true
			}
		}
		return hcl.Range{}, false
	}
}

// off is true when a switch that is off by itself is not turned on.
func off(path string) test { return either(absent(path), is(path, "false")) }

// given is true when something stands at the path.
func given(path string) test {
	return func(t thing) (hcl.Range, bool) {
		if a, _ := t.args(path); len(a) > 0 {
			return a[0].expr.Range(), true
		}
		b, _ := t.within(path)
		if len(b) > 0 {
			return b[0].rng, true
		}
		return hcl.Range{}, false
	}
}
