package vet

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
)

// resolveCall finds the module that a call with a local path means.
func (r *runner) resolveCall(m *Module, c *call) {
	if !strings.HasPrefix(c.source, "./") && !strings.HasPrefix(c.source, "../") {
		return
	}
	dir := path.Join(m.Dir, c.source)
	if dir == "." {
		dir = ""
	}
	if dir == ".." || strings.HasPrefix(dir, "../") {
		return // outside of the tree
	}
	target, ok := r.modules[dir]
	if !ok {
		r.find(ruleModuleCall, c.block.Body.Attributes["source"].Expr.Range(), "Module not found", "The directory %s contains no .tf files.%s", place(dir), known(dir, r.folders()))
		return
	}
	c.target = target
}

// selfCalls reports the calls that lead back to the module itself, and cuts
// them.
func (r *runner) selfCalls(m *Module) {
	for _, name := range sortedNames(m.calls) {
		c := m.calls[name]
		if c.target != nil && c.target.reaches(m, map[*Module]bool{}) {
			r.find(ruleModuleCall, c.block.DefRange(), "Module that calls itself", "The module in %s is the one that contains this call, or calls it again, so the calls would never end.", place(c.target.Dir))
			c.target = nil
		}
	}
}

func (m *Module) reaches(goal *Module, seen map[*Module]bool) bool {
	if m == goal {
		return true
	}
	if seen[m] {
		return false
	}
	seen[m] = true
	for _, c := range m.calls {
		if c.target != nil && c.target.reaches(goal, seen) {
			return true
		}
	}
	return false
}

// folders lists the folders below the root that hold modules.
func (r *runner) folders() []string {
	var out []string
	for _, m := range r.sorted {
		if m.Dir != "" {
			out = append(out, m.Dir)
		}
	}
	return out
}

// moduleCall checks a module block against the module that it calls.
func (sc *scope) moduleCall(b *hclsyntax.Block, sp *spec) {
	g := grammar{what: "module " + quoted(b.Labels[0]), spec: sp}
	c := sc.m.calls[b.Labels[0]]
	if c == nil || c.target == nil || c.target.partial {
		g.spec = &spec{attrs: sp.attrs, blocks: sp.blocks, open: true}
		sc.body(b.Body, b.DefRange(), g)
		return
	}

	// The spec's own arguments first; what is left are the module's variables.
	meta := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, Blocks: b.Body.Blocks}
	for name, attr := range b.Body.Attributes {
		if _, ok := sp.attrs[name]; ok {
			meta.Attributes[name] = attr
			continue
		}
		v, ok := c.target.variables[name]
		if !ok {
			sc.infer(attr.Expr, false)
			sc.find(ruleModuleCall, attr.NameRange, "Unknown module argument", "The module in %s has no variable %q.%s", place(c.target.Dir), name, known(name, sortedNames(c.target.variables)))
			continue
		}
		sc.fits(attr.Expr, v.ty, quoted(name)+" of the module in "+place(c.target.Dir))
	}
	sc.body(meta, b.DefRange(), g)
	if sc.override {
		return
	}
	for _, name := range sortedNames(c.target.variables) {
		if v := c.target.variables[name]; v.required && b.Body.Attributes[name] == nil {
			sc.find(ruleModuleCall, b.DefRange(), "Missing module argument", "The module in %s needs %q (%s), a variable without a default.", place(c.target.Dir), name, v.ty.FriendlyNameForConstraint())
		}
	}
	sc.handedProviders(b, c)
}

// handedProviders checks that a call hands in every provider configuration that
// the module expects.
func (sc *scope) handedProviders(b *hclsyntax.Block, c *call) {
	handed := map[string]bool{}
	rng := b.DefRange()
	if attr, ok := b.Body.Attributes["providers"]; ok {
		rng = attr.NameRange
		obj, ok := attr.Expr.(*hclsyntax.ObjectConsExpr)
		if !ok {
			return
		}
		for _, item := range obj.Items {
			key, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
			if !ok {
				continue
			}
			if name, alias, ok := providerName(key.Wrapped); ok {
				full := name
				if alias != "" {
					full += "." + alias
				}
				handed[full] = true
				if alias != "" && !c.target.expects(name, alias) {
					sc.find(ruleUndeclaredProvider, key.Wrapped.Range(), "Unexpected provider configuration", "The module in %s has no %q among its configuration_aliases.", place(c.target.Dir), full)
				}
			}
		}
	}
	for _, name := range sortedNames(c.target.providers) {
		for _, alias := range sortedNames(c.target.providers[name].expected) {
			if full := name + "." + alias; !handed[full] {
				sc.find(ruleUndeclaredProvider, rng, "Missing provider configuration", "The module in %s expects the provider configuration %q: add it to the call, as in providers = { %s = %s }.", place(c.target.Dir), full, full, full)
			}
		}
	}
}

func (m *Module) expects(name, alias string) bool {
	p := m.providers[name]
	if p == nil {
		return false
	}
	_, ok := p.expected[alias]
	return ok
}

// checkValues checks a .tfvars file against the module that it belongs to.
func (r *runner) checkValues(s *source) {
	m := r.owner(s.path)
	if m == nil || m.partial || s.broken {
		return
	}
	sc := m.scope("")
	sc.constant = "a value of a .tfvars file"
	for name, attr := range s.body.Attributes {
		v, ok := m.variables[name]
		if !ok {
			r.find(ruleUndeclaredVariable, attr.NameRange, "Undeclared variable", "The module in %s has no variable %q.%s", place(m.Dir), name, known(name, sortedNames(m.variables)))
			continue
		}
		sc.fits(attr.Expr, v.ty, "variable "+quoted(name))
	}
	for _, b := range s.body.Blocks {
		r.find(ruleUnknownBlock, b.TypeRange, "Block in a .tfvars file", "A .tfvars file can contain only arguments: name = value.")
	}
}

// A testScope is what else has a meaning in a test file.
type testScope struct {
	variables map[string]bool // given in the file
	helpers   bool            // some run is of another module, which the variables may be for
	runs      map[string]*Module
}

func (sc *scope) refRun(t hcl.Traversal, name string) (cty.Type, int) {
	target, ok := sc.test.runs[name]
	if !ok {
		sc.find(ruleUnknownReference, t[:2].SourceRange(), "Unknown run", "There is no run %q above.%s", name, known(name, sortedNames(sc.test.runs)))
		return dynamicType, len(t)
	}
	out, ok := lang.Step(t, 2)
	if !ok || target == nil || target.partial {
		return dynamicType, len(t)
	}
	if _, ok := target.outputs[out]; !ok {
		sc.find(ruleModuleCall, t[2].SourceRange(), "Unknown output", "The module in %s has no output %q.%s", place(target.Dir), out, known(out, sortedNames(target.outputs)))
		return dynamicType, len(t)
	}
	return target.outputType(out), 3
}

func (sc *scope) refOutput(t hcl.Traversal, name string) cty.Type {
	if _, ok := sc.m.outputs[name]; !ok {
		if !sc.m.partial {
			sc.find(ruleUnknownReference, t[:2].SourceRange(), "Unknown output", "The tested module has no output %q.%s", name, known(name, sortedNames(sc.m.outputs)))
		}
		return dynamicType
	}
	return sc.m.outputType(name)
}
