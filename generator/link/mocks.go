package link

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// A mocked is one value that the mock of a type has.
type mocked struct {
	key  string
	expr hclsyntax.Expression
	text string // the whole entry
	in   template.Mock
}

// mock adds the mock values that a template's tests have for types in use. All
// tests of the module share them: where several templates mock one type, each adds
// what the earlier ones do not say.
func (m *Module) mock(in specialise.Input, inUse map[string]bool) (diags hcl.Diagnostics) {
	pruned := map[*template.File]specialise.Pruned{}
	for _, mock := range in.Template.MockValues() {
		if !inUse[mock.Kind+" "+mock.Type] {
			continue
		}
		left, ok := pruned[mock.File]
		if !ok {
			var more hcl.Diagnostics
			left, more = specialise.Prune(in, mock.File)
			diags = append(diags, more...)
			pruned[mock.File] = left
		}
		if left.Gone(mock.Block.TypeRange) {
			continue
		}
		values := mockedValues(mock, left)
		i := slices.IndexFunc(m.Mocks, func(have MockType) bool { return have.Kind == mock.Kind && have.Type == mock.Type })
		if i < 0 {
			text := left.Slice(mock.Block.TypeRange.Start.Byte, mock.Block.CloseBraceRange.End.Byte)
			m.Mocks = append(m.Mocks, MockType{Kind: mock.Kind, Type: mock.Type, Body: []byte(text), values: values})
			continue
		}
		m.addMocked(&m.Mocks[i], values)
	}
	return diags
}

// addMocked adds values to the mock of a type, and notes those that contradict it.
func (m *Module) addMocked(mock *MockType, values []mocked) {
	more := false
	for _, v := range values {
		i := slices.IndexFunc(mock.values, func(have mocked) bool { return have.key == v.key })
		if i < 0 {
			mock.values, more = append(mock.values, v), true
		} else if have := mock.values[i]; !have.same(v) {
			m.Advice = append(m.Advice, contradiction(have, v))
		}
	}
	if more {
		mock.Body = []byte(mock.text())
	}
}

func contradiction(first, second mocked) *hcl.Diagnostic {
	return diag.Warning(second.expr.Range(), "Contradictory mocks", "All tests of the module share one mock of %s, with the first value of %s that a template gives it: that at %s. This one is not used. Give both the same value, or write the assertions so that they hold for both.", second.in.Type, second.key, first.expr.Range())
}

// text writes a mock of all values.
func (t *MockType) text() string {
	var b strings.Builder
	b.WriteString(t.Kind + " \"" + t.Type + "\" {\n  defaults = {\n")
	for _, v := range t.values {
		b.WriteString("    " + v.text + "\n")
	}
	b.WriteString("  }\n}")
	return b.String()
}

// mockedValues returns the values of a mock's defaults.
func mockedValues(mock template.Mock, left specialise.Pruned) []mocked {
	a := mock.Block.Body.Attributes["defaults"]
	if a == nil || left.Gone(a.SrcRange) {
		return nil
	}
	object, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	var out []mocked
	for _, item := range object.Items {
		if left.Gone(item.KeyExpr.Range()) {
			continue
		}
		key, diags := budget.Constant(item.KeyExpr)
		if diags.HasErrors() || key.Type() != cty.String || key.IsNull() {
			continue
		}
		from, to := item.KeyExpr.Range().Start.Byte, item.ValueExpr.Range().End.Byte
		out = append(out, mocked{key: key.AsString(), expr: item.ValueExpr, text: left.Slice(from, to), in: mock})
	}
	return out
}

// same says whether two entries say the same, in the same words or as constants.
func (v mocked) same(other mocked) bool {
	if v.text == other.text {
		return true
	}
	left, leftDiags := budget.Constant(v.expr)
	right, rightDiags := budget.Constant(other.expr)
	return !leftDiags.HasErrors() && !rightDiags.HasErrors() && left.RawEquals(right)
}
