package functions

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// A call is one application of a function to known arguments that succeeds.
type call struct {
	name   string
	text   string
	fn     function.Function
	args   []cty.Value
	result cty.Value
}

// calls returns the rows of the oracle that are a plain call of a function on
// values, with the arguments evaluated.
func calls(t *testing.T) []call {
	t.Helper()
	ctx := evalContext(t)
	var out []call
	for _, row := range readOracle(t).Rows {
		expr, diags := hclsyntax.ParseExpression([]byte(row.Expr+"\n"), "expression", hcl.InitialPos)
		if _, skip := stricter[row.Expr]; skip || row.Error || diags.HasErrors() {
			continue
		}
		fce, ok := expr.(*hclsyntax.FunctionCallExpr)
		if !ok || fce.ExpandFinal || slices.Contains([]string{"try", "can"}, strings.TrimPrefix(fce.Name, corePrefix)) {
			continue // try and can take expressions, not values
		}
		c := call{name: fce.Name, text: row.Expr, fn: ctx.Functions[fce.Name]}
		for i, a := range fce.Args {
			v, diags := a.Value(ctx)
			if diags.HasErrors() {
				t.Fatalf("%s: %v", row.Expr, diags)
			}
			param := c.fn.VarParam()
			if i < len(c.fn.Params()) {
				param = &c.fn.Params()[i]
			}
			v, err := convert.Convert(v, param.Type)
			if err != nil {
				t.Fatalf("%s: %v", row.Expr, err)
			}
			c.args = append(c.args, v)
		}
		result, err := c.fn.Call(c.args)
		if err != nil {
			t.Fatalf("%s: %v", row.Expr, err)
		}
		c.result = result
		out = append(out, c)
	}
	if len(out) < 300 {
		t.Fatalf("the oracle has only %d plain calls", len(out))
	}
	return out
}

// covers says whether concrete is one of the values that abstract may turn out
// to be. Marks do not count.
func covers(abstract, concrete cty.Value) bool {
	abstract, _ = abstract.Unmark()
	concrete, _ = concrete.Unmark()
	if !abstract.IsKnown() {
		if abstract.Type() != cty.DynamicPseudoType && abstract.Type().TestConformance(concrete.Type()) != nil &&
			concrete.Type().TestConformance(abstract.Type()) != nil {
			return false
		}
		if concrete.IsNull() {
			return !abstract.Range().DefinitelyNotNull()
		}
		included := abstract.Range().Includes(concrete)
		return !included.IsKnown() || included.True()
	}
	if abstract.IsNull() || concrete.IsNull() || !abstract.CanIterateElements() || !concrete.CanIterateElements() || abstract.Type().IsSetType() {
		if abstract.Type().IsSetType() && !abstract.IsWhollyKnown() {
			return true // which element of a set is which cannot be said
		}
		a, _ := abstract.UnmarkDeep()
		b, _ := concrete.UnmarkDeep()
		return a.RawEquals(b)
	}
	if abstract.LengthInt() != concrete.LengthInt() {
		return false
	}
	it, jt := abstract.ElementIterator(), concrete.ElementIterator()
	for it.Next() && jt.Next() {
		ak, av := it.Element()
		bk, bv := jt.Element()
		if !ak.RawEquals(bk) || !covers(av, bv) {
			return false
		}
	}
	return true
}

// TestUnknownArguments makes one part of the arguments unknown at a time. What
// a function says then must leave its real result possible: a wrong constant
// would be folded into someone's module.
func TestUnknownArguments(t *testing.T) {
	tried := 0
	for _, c := range calls(t) {
		for i, arg := range c.args {
			var paths []cty.Path
			_ = cty.Walk(arg, func(p cty.Path, v cty.Value) (bool, error) {
				paths = append(paths, p.Copy())
				return true, nil
			})
			for _, path := range paths[:min(len(paths), 12)] {
				blurred, err := cty.Transform(arg, func(p cty.Path, v cty.Value) (cty.Value, error) {
					if p.Equals(path) {
						bare, marks := v.Unmark()
						return cty.UnknownVal(bare.Type()).WithMarks(marks), nil
					}
					return v, nil
				})
				if err != nil {
					continue // a key of a map or set that cannot be unknown by itself
				}
				args := append([]cty.Value(nil), c.args...)
				args[i] = blurred
				got, err := c.fn.Call(args)
				tried++
				if err != nil {
					t.Errorf("%s with argument %d as %#v: %v", c.text, i, blurred, err)
				} else if !covers(got, c.result) {
					t.Errorf("%s with argument %d as %#v: got %#v, which rules out %#v", c.text, i, blurred, got, c.result)
				}
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d calls were tried", tried)
	}
}

// TestMarkedArguments puts a mark on one argument at a time. It must not
// change the result and, but for the functions that are about marks, must be
// found on it.
func TestMarkedArguments(t *testing.T) {
	const other = mark("other")
	for _, c := range calls(t) {
		want, _ := c.result.UnmarkDeep()
		for i := range c.args {
			args := append([]cty.Value(nil), c.args...)
			args[i] = args[i].Mark(other)
			got, err := c.fn.Call(args)
			if err != nil {
				t.Errorf("%s with a marked argument %d: %v", c.text, i, err)
				continue
			}
			bare, pvm := got.UnmarkDeepWithPaths()
			if !bare.RawEquals(want) {
				t.Errorf("%s with a marked argument %d: got %#v, want %#v", c.text, i, bare, want)
			}
			kept := false
			for _, p := range pvm {
				_, has := p.Marks[other]
				kept = kept || has
			}
			switch c.name {
			case "issensitive":
				continue // says something about marks and is none itself
			case "lookup":
				if i == 2 {
					continue // the default, when it was not needed
				}
			case "merge":
				if c.args[i].IsNull() {
					continue // Terraform drops null together with its marks
				}
			}
			if !kept {
				t.Errorf("%s loses the mark of argument %d: %#v", c.text, i, got)
			}
		}
	}
}

func TestSensitivity(t *testing.T) {
	unknown, err := isSensitiveFunc.Call([]cty.Value{cty.UnknownVal(cty.String)})
	if err != nil || unknown.IsKnown() {
		t.Errorf("issensitive of an unknown value is %#v (%v), want unknown", unknown, err)
	}
	marked, err := sensitiveFunc.Call([]cty.Value{cty.UnknownVal(cty.String)})
	if err != nil || !marked.HasMark(Sensitive) {
		t.Errorf("sensitive of an unknown value is %#v (%v), want it marked", marked, err)
	}
	const other = mark("other")
	bare, err := nonSensitiveFunc.Call([]cty.Value{cty.StringVal("x").WithMarks(cty.NewValueMarks(Sensitive, other))})
	if err != nil || bare.HasMark(Sensitive) || !bare.HasMark(other) {
		t.Errorf("nonsensitive gives %#v (%v), want the other mark alone", bare, err)
	}
}

func TestTableIsFresh(t *testing.T) {
	first := Table()
	n := len(first)
	clear(first)
	if got := len(Table()); got != n {
		t.Errorf("after the caller cleared one table the next has %d functions, want %d", got, n)
	}
}

func TestNeverFolded(t *testing.T) {
	for _, name := range []string{
		"uuid", "timestamp", "plantimestamp", "bcrypt", "file", "fileset", "templatefile", "templatestring", "pathexpand",
		"abspath", "base64gzip", "rsadecrypt", "cidrcontains", "core::uuid", "provider::aws::arn_parse",
	} {
		if !NeverFolded(name) {
			t.Errorf("%s may be folded", name)
		}
	}
	for _, name := range []string{"upper", "core::upper", "no_such_function", "", "core::", "core::provider::x"} {
		if NeverFolded(name) {
			t.Errorf("%s is said to be known and never folded", name)
		}
	}
	for name := range Table() {
		if NeverFolded(name) {
			t.Errorf("%s is in the table and never folded", name)
		}
	}
}
