package vet

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
)

// A scope is what names mean at one place. It is copied to be narrowed.
type scope struct {
	m        *Module
	run      *runner
	owner    string     // address of the block that the expression belongs to, for cycles
	variable string     // the variable that is being validated: its own name is no use of it
	constant string     // when set: where references have no meaning, for the message
	self     bool       // `self` has a meaning, of type selfType
	selfType cty.Type   // cty.NilType for a type that is not known
	each     repetition // of the enclosing block
	key, val cty.Type   // of each.key and each.value
	spelled  bool       // the code spells out what each.value is
	vars     *frame     // names of for expressions and dynamic blocks
	anon     *anonymous // the element that a splat stands on
	lenient  bool       // inside try() or can(): a missing attribute is meant
	maybe    bool       // in an arm of a conditional: what fails there is an error only when the arm is taken
	guarded  bool       // the same, and whether it is evaluated may depend on the element that it asks something of
	override bool       // in an override file, where blocks are not complete
	test     *testScope // in a test file
}

type frame struct {
	name    string
	ty      cty.Type
	spelled bool // ty is that of members that the code spells out
	up      *frame
}

type anonymous struct {
	symbol *hclsyntax.AnonSymbolExpr
	ty     cty.Type
	up     *anonymous
}

func (sc *scope) with(change func(*scope)) *scope {
	c := *sc
	change(&c)
	return &c
}

func (sc *scope) bind(name string, ty cty.Type, spelled bool) *scope {
	c := *sc
	c.vars = &frame{name: name, ty: ty, spelled: spelled, up: sc.vars}
	return &c
}

func (sc *scope) find(rule Rule, rng hcl.Range, summary, format string, args ...any) {
	d := diag.Error(rng, summary, format, args...)
	sc.run.report(rule, sc.m.Dir, d)
}

// known names the candidates for a sentence: the near ones, or all when they
// are few.
func known(name string, candidates []string) string {
	if len(candidates) > 12 && len(diag.Nearest(name, candidates)) == 0 {
		return ""
	}
	if s := diag.DidYouMean(name, candidates); s != "" {
		return " " + s
	}
	return ""
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func itoa(n int) string { return strconv.Itoa(n) }

// text writes a traversal as it stands in configuration.
func text(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			if s.Key.Type() == cty.String {
				b.WriteString("[" + strconv.Quote(s.Key.AsString()) + "]")
			} else {
				b.WriteString("[" + s.Key.AsBigFloat().Text('f', -1) + "]")
			}
		}
	}
	return b.String()
}
