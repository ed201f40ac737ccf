package vet

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/schema"
)

// tested returns the module that a test file runs: that of its folder, or the
// one above when it lies in the folder tests.
func (r *runner) tested(file string) *Module {
	dir := dirOf(file)
	if path.Base(dir) == "tests" {
		if m, ok := r.modules[dirOf(dir)]; ok {
			return m
		}
	}
	return r.owner(file)
}

// checkTest checks that the runs of a test file fit the module that they run.
func (r *runner) checkTest(s *source) {
	m := r.tested(s.path)
	if m == nil || s.broken || m.partial {
		return
	}
	if strings.HasSuffix(s.path, ".tfmock.hcl") {
		for _, b := range s.body.Blocks {
			r.mock(m, b)
		}
		return
	}
	test := &testScope{variables: map[string]bool{}, runs: map[string]*Module{}}
	for _, b := range s.body.Blocks {
		switch b.Type {
		case "variables":
			for name := range b.Body.Attributes {
				test.variables[name] = true
			}
		case "run":
			for _, inner := range b.Body.Blocks {
				test.helpers = test.helpers || inner.Type == "module"
			}
		}
	}
	for _, b := range s.body.Blocks {
		switch b.Type {
		case "variables":
			r.testVariables(m, b, test, m)
		case "mock_provider":
			for _, inner := range b.Body.Blocks {
				r.mock(m, inner)
			}
		case "run":
			if len(b.Labels) == 1 {
				r.run(m, b, test)
			}
		}
	}
}

// testVariables checks given values against the module that gets them.
func (r *runner) testVariables(m *Module, b *hclsyntax.Block, test *testScope, target *Module) {
	sc := m.scope("")
	sc.test = test
	for name, attr := range b.Body.Attributes {
		switch v, ok := target.variables[name]; {
		case ok:
			sc.fits(attr.Expr, v.ty, "variable "+quoted(name))
		case target == m && !test.helpers:
			sc.infer(attr.Expr, false)
			sc.find(ruleUndeclaredVariable, attr.NameRange, "Undeclared variable", "The tested module has no variable %q.%s", name, known(name, sortedNames(target.variables)))
		default:
			sc.infer(attr.Expr, false)
		}
	}
}

func (r *runner) run(m *Module, b *hclsyntax.Block, test *testScope) {
	target := m
	for _, inner := range b.Body.Blocks {
		if inner.Type == "module" {
			target = r.helper(m, inner)
		}
	}
	name := b.Labels[0]
	if _, ok := test.runs[name]; ok {
		r.find(ruleDuplicate, b.DefRange(), "Duplicate declaration", "There is already a run %q above. Rename one of the two.", name)
	}
	test.runs[name] = target
	if target == nil || target.partial {
		return
	}
	sc := target.scope("")
	sc.test = test
	for _, inner := range b.Body.Blocks {
		switch inner.Type {
		case "variables":
			r.testVariables(m, inner, test, target)
		case "assert":
			sc.body(inner.Body, inner.DefRange(), grammar{what: "assert of run " + quoted(name), spec: terraformLanguage().top["check"].blocks["assert"].spec})
		}
	}
	if attr, ok := b.Body.Attributes["expect_failures"]; ok {
		sc.expectFailures(attr.Expr)
	}
}

// helper returns the module that a run calls in place of the tested one, or nil
// when it lies outside of the tree.
func (r *runner) helper(m *Module, b *hclsyntax.Block) *Module {
	attr, ok := b.Body.Attributes["source"]
	if !ok {
		return nil
	}
	src, _ := literalString(attr.Expr)
	if !strings.HasPrefix(src, "./") && !strings.HasPrefix(src, "../") {
		return nil
	}
	// Terraform reads the path from the folder of the tested module.
	dir := path.Join(m.Dir, src)
	if dir == "." {
		dir = ""
	}
	target := r.modules[dir]
	if target == nil && !strings.HasPrefix(dir, "..") {
		r.find(ruleModuleCall, attr.Expr.Range(), "Module not found", "The directory %s contains no .tf files.%s", place(dir), known(dir, r.folders()))
	}
	return target
}

// expectFailures checks the addresses whose conditions a run is to fail. Checks
// are known by no other address.
func (sc *scope) expectFailures(list hclsyntax.Expression) {
	tuple, ok := list.(*hclsyntax.TupleConsExpr)
	if !ok {
		return
	}
	for _, e := range tuple.Exprs {
		if t, ok := e.(*hclsyntax.ScopeTraversalExpr); ok && t.Traversal.RootName() == "check" {
			continue
		}
		sc.address(e, `"expect_failures"`)
	}
}

// mock checks that a mocked type exists and that its defaults do.
func (r *runner) mock(m *Module, b *hclsyntax.Block) {
	kind := schema.KindResource
	switch b.Type {
	case "mock_resource":
	case "mock_data":
		kind = schema.KindData
	default:
		return
	}
	if len(b.Labels) != 1 || !strings.HasPrefix(b.Labels[0], "aws_") || !m.isAWS("aws") {
		return
	}
	ty, ok := m.Schema.Type(kind, b.Labels[0])
	if !ok {
		r.find(ruleUnknownType, b.LabelRanges[0], "Unknown type", "hashicorp/aws %s has no %s %q.%s", m.Schema.Version(), noun(kind), b.Labels[0], known(b.Labels[0], m.Schema.Names(kind)))
		return
	}
	attr, ok := b.Body.Attributes["defaults"]
	if !ok {
		return
	}
	obj, ok := attr.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return
	}
	sc := m.scope("")
	sc.test = &testScope{}
	implied := ty.ImpliedType()
	for _, item := range obj.Items {
		key, ok := sc.itemKey(item)
		if !ok {
			continue
		}
		if !implied.HasAttribute(key) {
			sc.find(ruleUnknownAttribute, item.KeyExpr.Range(), "Unknown attribute", "%s has no attribute %q.%s", b.Labels[0], key, known(key, sortedNames(implied.AttributeTypes())))
			continue
		}
		if _, isAttr := ty.Attributes[key]; isAttr {
			sc.fits(item.ValueExpr, implied.AttributeType(key), quoted(key)+" of "+b.Labels[0])
		}
	}
}
