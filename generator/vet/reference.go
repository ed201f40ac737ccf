package vet

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
)

// bound says whether a name is one of a for expression or dynamic block.
func (sc *scope) bound(name string) bool {
	for f := sc.vars; f != nil; f = f.up {
		if f.name == name {
			return true
		}
	}
	return false
}

// reference resolves a traversal, reports what is wrong with it, marks what it
// names as used, and returns the type of the value.
func (sc *scope) reference(t hcl.Traversal) cty.Type {
	for f := sc.vars; f != nil; f = f.up {
		if f.name == t.RootName() {
			return sc.relaxed(func() bool { return f.spelled }).walk(f.ty, t[1:], describe(t, 1))
		}
	}
	if sc.constant != "" {
		if name, ok := lang.Step(t, 1); ok && t.RootName() == "var" && sc.m.variables[name] != nil {
			sc.m.variables[name].used = true // one complaint is enough
		}
		sc.find(ruleMisplacedReference, t.SourceRange(), "References are not allowed here", "%s must be a constant, so it cannot refer to %s.", capital(sc.constant), text(t))
		return cty.DynamicPseudoType
	}
	ty, at := sc.resolve(t)
	return sc.relaxed(func() bool { return sc.spellsReference(t, localsDeep) }).walk(ty, t[at:], describe(t, at))
}

// describe names the value that a step of the traversal behind `at` applies to.
func describe(t hcl.Traversal, at int) func(int) string {
	return func(i int) string { return text(t[:at+i]) }
}

var dynamicType = cty.DynamicPseudoType

// resolve finds the object that a traversal starts with. It returns the
// object's type and the number of steps that name it.
func (sc *scope) resolve(t hcl.Traversal) (cty.Type, int) {
	name, ok := lang.Step(t, 1)
	end := len(t)
	switch root := t.RootName(); root {
	case "var", "local", "module", "path", "terraform", "tofu", "each", "count", "data", "ephemeral", "resource", "run", "output":
		if root == "run" || root == "output" {
			if sc.test == nil {
				break // in a module these are types of resources, if anything
			}
		}
		if !ok {
			sc.find(ruleUnknownReference, t.SourceRange(), "Incomplete reference", "%q alone means nothing: it must be followed by a name, as in %s.", root, example(root))
			return dynamicType, end
		}
		switch root {
		case "var":
			return sc.refVariable(t, name), 2
		case "local":
			return sc.refLocal(t, name), 2
		case "module":
			return sc.refModule(t, name)
		case "path":
			return sc.word(t, name, map[string]cty.Type{"module": cty.String, "root": cty.String, "cwd": cty.String}), 2
		case "terraform", "tofu":
			return sc.word(t, name, map[string]cty.Type{"workspace": cty.String, "env": cty.String, "applying": cty.Bool}), 2
		case "each":
			return sc.refEach(t, name), 2
		case "count":
			return sc.refCount(t, name), 2
		case "data":
			return sc.refResource(t, schema.KindData, 1)
		case "ephemeral":
			return sc.refResource(t, schema.KindEphemeral, 1)
		case "resource":
			return sc.refResource(t, schema.KindResource, 1)
		case "run":
			return sc.refRun(t, name)
		case "output":
			return sc.refOutput(t, name), 2
		}
	case "self":
		if !sc.self {
			sc.find(ruleMisplacedReference, t.SourceRange(), "Misplaced `self`", "`self` can be used only in provisioner, connection and postcondition blocks. Refer to the block, or to a local, instead.")
			return dynamicType, end
		}
		if sc.selfType == cty.NilType {
			return dynamicType, end
		}
		return sc.selfType, 1
	}
	return sc.refResource(t, schema.KindResource, 0)
}

func example(root string) string {
	switch root {
	case "data", "ephemeral", "resource":
		return root + ".aws_vpc.main"
	case "path":
		return "path.module"
	case "terraform", "tofu":
		return "terraform.workspace"
	case "each":
		return "each.key"
	case "count":
		return "count.index"
	}
	return root + ".name"
}

func (sc *scope) refVariable(t hcl.Traversal, name string) cty.Type {
	if v, ok := sc.m.variables[name]; ok {
		if sc.variable != name && sc.test == nil {
			v.used = true
		}
		return v.ty.WithoutOptionalAttributesDeep()
	}
	if sc.test != nil && sc.test.variables[name] || sc.m.partial {
		return dynamicType
	}
	hint := known(name, sc.m.variableNames())
	if _, ok := sc.m.locals[name]; ok {
		hint = " There is a local value with that name: local." + name + "."
	}
	sc.find(ruleUnknownReference, t[:2].SourceRange(), "Unknown variable", "This module has no variable %q.%s", name, hint)
	return dynamicType
}

func (sc *scope) refLocal(t hcl.Traversal, name string) cty.Type {
	l, ok := sc.m.locals[name]
	if !ok {
		if sc.m.partial {
			return dynamicType
		}
		hint := known(name, sc.m.localNames())
		if _, ok := sc.m.variables[name]; ok {
			hint = " There is a variable with that name: var." + name + "."
		}
		sc.find(ruleUnknownReference, t[:2].SourceRange(), "Unknown local value", "This module has no local value %q.%s", name, hint)
		return dynamicType
	}
	if sc.test == nil && sc.owner != "local."+name {
		l.used = true
	}
	sc.edge("local." + name)
	return sc.m.localType(name)
}

// localType returns the type of a local value and checks its expression, once.
func (m *Module) localType(name string) cty.Type {
	l := m.locals[name]
	switch l.state {
	case visiting:
		return dynamicType // a cycle; its rule reports it
	case unvisited:
		// A chain of locals is followed by recursion; one that nobody wrote by
		// hand must not use up the stack. The rest of it is checked later.
		if m.depth >= 1000 {
			return dynamicType
		}
		m.depth++
		l.state = visiting
		l.ty = m.scope("local."+name).infer(l.attr.Expr, true)
		l.state = visited
		m.depth--
	}
	return l.ty
}

// outputType returns the type of an output as callers see it, once checked.
func (m *Module) outputType(name string) cty.Type {
	o := m.outputs[name]
	switch o.state {
	case visiting:
		return dynamicType
	case unvisited:
		o.state = visiting
		o.ty = dynamicType
		if attr, ok := o.block.Body.Attributes["value"]; ok {
			o.ty = m.scope("").infer(attr.Expr, true)
		}
		o.state = visited
	}
	return o.ty
}

func (m *Module) scope(owner string) *scope {
	return &scope{m: m, run: m.run, owner: owner}
}

// edge notes that the owner needs another address.
func (sc *scope) edge(to string) {
	if sc.owner == "" || sc.test != nil {
		return
	}
	edges, ok := sc.m.edges[sc.owner]
	if !ok {
		edges = map[string]bool{}
		sc.m.edges[sc.owner] = edges
	}
	edges[to] = true
}

func (sc *scope) word(t hcl.Traversal, name string, words map[string]cty.Type) cty.Type {
	if ty, ok := words[name]; ok {
		return ty
	}
	sc.find(ruleUnknownReference, t[:2].SourceRange(), "Unknown reference", "There is no %s.%s.%s", t.RootName(), name, known(name, sortedNames(words)))
	return dynamicType
}

func (sc *scope) refEach(t hcl.Traversal, name string) cty.Type {
	if sc.each != byKey {
		why := "the block has no for_each"
		if sc.each == byCount {
			why = "the block has count; use count.index, or change to for_each"
		}
		sc.find(ruleMisplacedReference, t.SourceRange(), "`each` without for_each", "each.%s can be used only in blocks with for_each: %s.", name, why)
		return dynamicType
	}
	return sc.word(t, name, map[string]cty.Type{"key": sc.key, "value": sc.val})
}

func (sc *scope) refCount(t hcl.Traversal, name string) cty.Type {
	if sc.each != byCount {
		why := "the block has no count"
		if sc.each == byKey {
			why = "the block has for_each; use each.key, or change to count"
		}
		sc.find(ruleMisplacedReference, t.SourceRange(), "`count` without count", "count.%s can be used only in blocks with count: %s.", name, why)
		return dynamicType
	}
	return sc.word(t, name, map[string]cty.Type{"index": cty.Number})
}

// refResource resolves TYPE.NAME that starts at step i.
func (sc *scope) refResource(t hcl.Traversal, kind schema.Kind, i int) (cty.Type, int) {
	end := len(t)
	typeName := t.RootName()
	if i > 0 {
		typeName, _ = lang.Step(t, i)
	}
	name, ok := lang.Step(t, i+1)
	if !ok {
		if sc.m.partial && i > 0 {
			return dynamicType, end
		}
		sc.unknownWord(t, kind, typeName, i)
		return dynamicType, end
	}
	key := Resource{Kind: kind, Type: typeName, Name: name}
	res, ok := sc.m.resources[key.Address()]
	if !ok {
		if !sc.m.partial {
			sc.unknownResource(t[:i+2].SourceRange(), &key)
		}
		return dynamicType, end
	}
	if sc.test == nil {
		res.used = true
	}
	sc.edge(res.Address())
	ty := dynamicType
	if res.Schema != nil {
		ty = res.Schema.ImpliedType()
	}
	return sc.instance(t, i+2, res.Address(), res.each, ty)
}

// instance checks the step behind an object that may have many instances.
func (sc *scope) instance(t hcl.Traversal, at int, addr string, each repetition, ty cty.Type) (cty.Type, int) {
	if at == len(t) {
		switch each {
		case byCount:
			return listOf(ty), at
		case byKey:
			if ty != dynamicType {
				return cty.Map(ty), at
			}
		}
		return ty, at
	}
	_, indexed := t[at].(hcl.TraverseIndex)
	switch {
	case indexed && each == once:
		sc.noInstances(addr, t[at].SourceRange())
		return dynamicType, len(t)
	case !indexed && each == byCount:
		sc.find(ruleInstanceKey, t[:at+1].SourceRange(), "Missing instance key", "%s has count, so it can have many instances. Choose one or all: %s[0], %s[count.index], one(%s[*]%s), or %s[*] for all.", addr, addr, addr, addr, text(t[at:]), addr)
		return dynamicType, len(t)
	case !indexed && each == byKey:
		sc.find(ruleInstanceKey, t[:at+1].SourceRange(), "Missing instance key", "%s has for_each, so it can have many instances. Choose one or all: %s[\"key\"], %s[each.key], or values(%s)[*] for all.", addr, addr, addr, addr)
		return dynamicType, len(t)
	case indexed:
		at++
	}
	return ty, at
}

func (sc *scope) noInstances(addr string, rng hcl.Range) {
	sc.find(ruleInstanceKey, rng, "Index on a single instance", "%s has neither count nor for_each, so it takes no index. Remove the index.", addr)
}

// unknownWord reports a reference that is one word, or a kind and a type alone.
func (sc *scope) unknownWord(t hcl.Traversal, kind schema.Kind, word string, i int) {
	if i > 0 {
		sc.find(ruleUnknownReference, t.SourceRange(), "Incomplete reference", "A reference to a %s block consists of its type and its name, as in %s.", kind, example(kind.String()))
		return
	}
	hint := " For a string, put it in quotes."
	switch {
	case sc.m.variables[word] != nil:
		hint = " There is a variable with that name: var." + word + "."
	case sc.m.locals[word] != nil:
		hint = " There is a local value with that name: local." + word + "."
	}
	sc.find(ruleUnknownReference, t.SourceRange(), "Unknown name", "%q means nothing here.%s", word, hint)
}

func (sc *scope) unknownResource(rng hcl.Range, r *Resource) {
	var same, all []string
	for addr, other := range sc.m.resources {
		if other.Kind == r.Kind && other.Type == r.Type {
			same = append(same, addr)
		}
		all = append(all, addr)
	}
	addr := r.Address()
	hint := known(addr, same)
	if hint == "" && len(diag.Nearest(addr, all)) > 0 {
		hint = known(addr, all)
	}
	sc.find(ruleUnknownReference, rng, "Unknown "+noun(r.Kind), "This module does not declare %s.%s", addr, hint)
}

func noun(k schema.Kind) string {
	switch k {
	case schema.KindData:
		return "data source"
	case schema.KindEphemeral:
		return "ephemeral resource"
	}
	return "resource"
}

func (sc *scope) refModule(t hcl.Traversal, name string) (cty.Type, int) {
	c, ok := sc.m.calls[name]
	if !ok {
		if !sc.m.partial {
			sc.find(ruleUnknownReference, t[:2].SourceRange(), "Unknown module call", "This module does not call a module %q.%s", name, known(name, sortedNames(sc.m.calls)))
		}
		return dynamicType, len(t)
	}
	if c.target == nil || c.target.partial {
		sc.instance(t, 2, "module."+name, c.each, dynamicType)
		return dynamicType, len(t)
	}
	at := 2
	if at == len(t) {
		return dynamicType, at
	}
	_, at = sc.instance(t, at, "module."+name, c.each, dynamicType)
	out, ok := lang.Step(t, at)
	if !ok {
		return dynamicType, len(t)
	}
	if _, ok := c.target.outputs[out]; !ok {
		sc.find(ruleModuleCall, t[at].SourceRange(), "Unknown output", "The module in %s has no output %q.%s", place(c.target.Dir), out, known(out, sortedNames(c.target.outputs)))
		return dynamicType, len(t)
	}
	return c.target.outputType(out), at + 1
}

func place(dir string) string {
	if dir == "" {
		return "the root directory"
	}
	return dir
}

// variableNames returns the names of the variables, sorted.
func (m *Module) variableNames() []string {
	if len(m.names[0]) != len(m.variables) {
		m.names[0] = sortedNames(m.variables)
	}
	return m.names[0]
}

// localNames returns the names of the local values, sorted.
func (m *Module) localNames() []string {
	if len(m.names[1]) != len(m.locals) {
		m.names[1] = sortedNames(m.locals)
	}
	return m.names[1]
}
