package check

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/specialise"
)

// maxPoints bounds how many combinations of options one question may look at.
// Beyond, options are left undecided, and what depends on them counts as
// possible.
const maxPoints = 4_096

// maxLookups bounds how often one question may look an option up, over all its
// combinations: with many options in one expression fewer of them are tried.
const maxLookups = 100_000

// A point gives values to some options. An option it does not name is
// undecided.
type point map[string]cty.Value

// A space is what the options of a blueprint may be.
type space struct {
	bp          *blueprint.Blueprint
	options     []*blueprint.Option
	values      map[string][]cty.Value // those worth telling apart, the default first; none: cannot be listed
	validations []*blueprint.Validation
	funcs       map[string]function.Function
	allow       func(matrix.Row) bool
	fault       *hcl.Diagnostic  // why nothing more is evaluated; nil while there is budget
	required    map[string]bool  // options without a default
	known       map[string][]row // combinations of options, by their names
}

func newSpace(bp *blueprint.Blueprint, options []*blueprint.Option) *space {
	s := &space{bp: bp, options: options, values: map[string][]cty.Value{}, funcs: resolve.Functions(), allow: matrix.Allowed(bp, options), required: map[string]bool{}, known: map[string][]row{}}
	for _, o := range options {
		s.validations = append(s.validations, o.Validations...)
	}
	s.validations = append(s.validations, bp.Validations...)
	s.validations = slices.DeleteFunc(s.validations, func(v *blueprint.Validation) bool { return v.Condition == nil })
	compared := s.comparisons()
	for _, o := range options {
		var values []cty.Value
		add := func(vs ...cty.Value) {
			for _, v := range vs {
				if v != cty.NilVal && !slices.ContainsFunc(values, v.RawEquals) {
					values = append(values, v)
				}
			}
		}
		add(o.Default)
		s.required[o.Name] = o.Default == cty.NilVal
		switch {
		case len(o.OneOf) > 0:
			add(o.OneOf...)
		case o.Type == cty.Bool:
			add(cty.False, cty.True)
		default:
			literals, ok := compared[o.Name]
			if !ok {
				values = nil
				break
			}
			add(regions(o.Type, literals)...)
		}
		s.values[o.Name] = values
	}
	return s
}

// regions returns one value out of every set of values that comparisons with
// the literals cannot tell apart.
func regions(t cty.Type, literals []cty.Value) []cty.Value {
	var out []cty.Value
	for _, l := range literals {
		if l.Type() == cty.Number && t == cty.Number {
			half := cty.NumberFloatVal(0.5)
			for _, step := range []cty.Value{half.Negate(), half, cty.NumberIntVal(-1), cty.NumberIntVal(1)} {
				out = append(out, l.Add(step))
			}
		}
		out = append(out, l)
	}
	if t == cty.String {
		other := "other"
		for slices.ContainsFunc(literals, cty.StringVal(other).RawEquals) {
			other += "_"
		}
		out = append(out, cty.StringVal(other))
	}
	return out
}

// comparisons returns the literals that conditions compare an option of type
// string or number with, for those options that conditions use in no other way.
func (s *space) comparisons() map[string][]cty.Value {
	literals, bad := map[string][]cty.Value{}, map[string]bool{}
	plain := map[string]cty.Type{}
	for _, o := range s.options {
		if o.Type == cty.String || o.Type == cty.Number {
			plain[o.Name] = o.Type
		}
	}
	for _, x := range s.conditions() {
		good := map[int]bool{} // start of a reference that is compared with a literal
		for _, c := range compared(x) {
			name := blueprint.Step(c.option.Traversal, 1)
			if values, ok := literalsOf(c.with, plain[name]); ok {
				literals[name] = append(literals[name], values...)
				good[c.option.SrcRange.Start.Byte] = true
			}
		}
		for _, ref := range x.Variables() {
			if ref.RootName() == "option" && !good[ref.SourceRange().Start.Byte] {
				bad[blueprint.Step(ref, 1)] = true
			}
		}
	}
	for name := range bad {
		delete(literals, name)
	}
	return literals
}

// A comparison is an option and the expression that it is compared with, or that
// is searched for it.
type comparison struct {
	option *hclsyntax.ScopeTraversalExpr
	with   hclsyntax.Expression
}

// compared returns the comparisons in a condition.
func compared(x hclsyntax.Expression) []comparison {
	var out []comparison
	add := func(ref, with hclsyntax.Expression) {
		if t, ok := ref.(*hclsyntax.ScopeTraversalExpr); ok && t.Traversal.RootName() == "option" && len(t.Traversal) == 2 {
			out = append(out, comparison{t, with})
		}
	}
	_ = hclsyntax.VisitAll(x, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.BinaryOpExpr:
			switch n.Op {
			case hclsyntax.OpEqual, hclsyntax.OpNotEqual, hclsyntax.OpLessThan, hclsyntax.OpLessThanOrEqual, hclsyntax.OpGreaterThan, hclsyntax.OpGreaterThanOrEqual:
				add(n.LHS, n.RHS)
				add(n.RHS, n.LHS)
			}
		case *hclsyntax.FunctionCallExpr:
			if n.Name == "contains" && len(n.Args) == 2 {
				add(n.Args[1], n.Args[0])
			}
		}
		return nil
	})
	return out
}

// literalsOf returns the constant that an expression is, or those of the list that
// it is. It reports false when one of them is not of the type.
func literalsOf(x hclsyntax.Expression, t cty.Type) ([]cty.Value, bool) {
	v, diags := budget.Constant(x)
	if diags.HasErrors() || v.IsNull() || !v.IsWhollyKnown() {
		return nil, false
	}
	values := []cty.Value{v}
	if v.CanIterateElements() {
		values = v.AsValueSlice()
	}
	for _, v := range values {
		if v.IsNull() || v.Type() != t {
			return nil, false
		}
	}
	return values, true
}

// conditions returns every condition over options.
func (s *space) conditions() []hclsyntax.Expression {
	var out []hclsyntax.Expression
	for _, v := range s.validations {
		out = append(out, v.Condition)
	}
	for _, comp := range s.bp.Components {
		out = append(out, comp.When)
	}
	for _, o := range s.bp.Outputs {
		out = append(out, o.When)
	}
	for _, d := range s.bp.Deviations {
		out = append(out, d.When)
	}
	return slices.DeleteFunc(out, func(x hclsyntax.Expression) bool { return x == nil })
}

// points calls visit with every allowed combination of the options that the
// expressions look at, those nearest to the defaults first, until it returns
// false. Of combinations that differ in other options alone, which are there
// because validations tie them to these, one is enough. The point is the same at
// each call: who keeps it makes a copy.
func (s *space) points(exprs []hclsyntax.Expression, visit func(point) bool) {
	names := s.closed(optionsOf(exprs...))
	own := optionsOf(slices.Concat(exprs, s.linked(exprs))...)
	p := point{}
	seen := map[string]bool{}
	var key []byte
	for _, row := range s.rows(names) {
		key = key[:0]
		for i, name := range names {
			if slices.Contains(own, name) {
				key = append(key, row[i])
			}
		}
		if seen[string(key)] {
			continue
		}
		seen[string(key)] = true
		for i, name := range names {
			p[name] = s.values[name][row[i]]
		}
		if s.fault != nil || !visit(p) {
			return
		}
	}
}

// linked returns the conditions of the components that expressions refer to: what
// a reference comes to depends on whether its component is there.
func (s *space) linked(exprs []hclsyntax.Expression) []hclsyntax.Expression {
	var out []hclsyntax.Expression
	for _, x := range exprs {
		if x == nil {
			continue
		}
		for _, ref := range x.Variables() {
			for _, comp := range s.bp.Components {
				if ref.RootName() == "component" && comp.Name == blueprint.Step(ref, 1) && comp.When != nil && !slices.Contains(out, comp.When) {
					out = append(out, comp.When)
				}
			}
		}
	}
	return out
}

// A row is a combination of options: the index of the value of each.
type row []byte

// rows returns every allowed combination of the options, those nearest to the
// defaults first. Many questions are about the same options.
func (s *space) rows(names []string) []row {
	id := strings.Join(names, "\x00")
	if known, ok := s.known[id]; ok {
		return known
	}
	var all []row
	p := point{}
	now := make(row, len(names))
	var build func(i int)
	build = func(i int) {
		if i == len(names) {
			if s.allowed(p) {
				all = append(all, slices.Clone(now))
			}
			return
		}
		for n, v := range s.values[names[i]] {
			p[names[i]], now[i] = v, byte(n)
			build(i + 1)
		}
	}
	build(0)
	slices.SortStableFunc(all, func(a, b row) int { return s.changes(names, a) - s.changes(names, b) })
	s.known[id] = all
	return all
}

// changes counts the options of a row that differ from their default, which is
// the first value of those that have one.
func (s *space) changes(names []string, r row) int {
	n := 0
	for i, name := range names {
		if r[i] > 0 || s.required[name] {
			n++
		}
	}
	return n
}

// closed returns the listable ones of the options together with those that
// validations tie to them, as long as there are not too many combinations. What
// comes first is kept first.
func (s *space) closed(names []string) []string {
	wide := slices.Clone(names)
	for i := 0; i < len(wide); i++ {
		for _, v := range s.validations {
			tied := optionsOf(v.Condition)
			if !slices.Contains(tied, wide[i]) {
				continue
			}
			for _, t := range tied {
				if !slices.Contains(wide, t) {
					wide = append(wide, t)
				}
			}
		}
	}
	var out []string
	n, most := 1, min(maxPoints, max(2, maxLookups/max(1, len(names))))
	for _, name := range wide {
		if values := len(s.values[name]); values > 0 && values <= math.MaxUint8 && n*values <= most {
			out = append(out, name)
			n *= values
		}
	}
	return out
}

// allowed says whether no validation is known to refuse the point.
func (s *space) allowed(p point) bool { return s.allow(matrix.Row(p)) }

// changed returns the names of the options that differ from their default, in
// the blueprint's order.
func (s *space) changed(p point) []string {
	var out []string
	for _, o := range s.options {
		if v, ok := p[o.Name]; ok && (o.Default == cty.NilVal || !v.RawEquals(o.Default)) {
			out = append(out, o.Name)
		}
	}
	return out
}

// words says which options a point chooses besides the defaults.
func (s *space) words(p point) string {
	var parts []string
	for _, name := range s.changed(p) {
		value := literal(p[name])
		if _, ok := s.bp.Secret(name); ok && secret.Bears(p[name]) {
			value = secret.Hidden
		}
		parts = append(parts, name+" = "+value)
	}
	if len(parts) == 0 {
		return "the default options"
	}
	return strings.Join(parts, ", ")
}

func literal(v cty.Value) string {
	if v != cty.NilVal && v.IsKnown() && !v.IsNull() && v.Type() == cty.String {
		return fmt.Sprintf("%q", v.AsString())
	}
	return resolve.Show(v)
}

// result returns what an expression over options becomes at a point; output
// answers references to components.
func (c *checker) result(x hclsyntax.Expression, p point, output func(component, name string, rng hcl.Range) specialise.Result) specialise.Result {
	ev := specialise.NewEvaluator(c.code, c.space.funcs, func(ref hcl.Traversal) (specialise.Result, int) {
		name := blueprint.Step(ref, 1)
		switch ref.RootName() {
		case "option":
			if v, ok := p[name]; ok {
				return specialise.Constant(v), 2
			}
			if o := c.option(name); o != nil {
				return specialise.Reference("option."+name, o.Type.WithoutOptionalAttributesDeep()), 2
			}
		case "var":
			if v := c.shared[name]; v != nil {
				r := specialise.Reference("var."+name, v.Type.WithoutOptionalAttributesDeep())
				r.Sensitive, r.NotNull = v.Sensitive, !v.Nullable
				return r, 2
			}
		case "component":
			if len(ref) > 2 && output != nil {
				return output(name, blueprint.Step(ref, 2), ref.SourceRange()), 3
			}
		}
		return specialise.Failed(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unknown reference", Subject: ref.SourceRange().Ptr()}), len(ref)
	})
	spend, end := c.spend()
	defer end()
	return ev.Within(spend).Eval(x)
}

// possible says whether a condition may be true at a point: it is, or it cannot
// be told.
func (c *checker) possible(when hclsyntax.Expression, p point) bool {
	if when == nil {
		return true
	}
	b, ok := c.result(when, p, nil).Bool()
	return b || !ok
}

// takenAway says whether a component may go with options that nobody is asked, as
// the blueprint omits them, or fixes them in what it extends: a component of a part
// or of what is extended, since those who chose that need not be told.
func (c *checker) takenAway(comp *blueprint.Component) bool {
	return len(c.bp.Fixed) > 0 && comp.Range.Filename != c.bp.Range.Filename
}

// optionsOf returns the options that expressions refer to, in order of their
// appearance.
func optionsOf(exprs ...hclsyntax.Expression) []string {
	out := []string{}
	for _, x := range exprs {
		if x == nil {
			continue
		}
		for _, ref := range x.Variables() {
			if name := blueprint.Step(ref, 1); ref.RootName() == "option" && name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
