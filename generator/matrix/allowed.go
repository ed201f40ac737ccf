package matrix

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/resolve"
)

// Allowed returns what Pairwise asks of a row: whether the validations of a
// blueprint and of its options leave it possible. An option that the row does not
// name is undecided, and a validation that depends on it refuses nothing yet. What
// is returned is safe for concurrent use.
func Allowed(bp *blueprint.Blueprint, options []*blueprint.Option) func(Row) bool {
	var checks []*validation
	add := func(vs []*blueprint.Validation) {
		for _, v := range vs {
			if v.Condition != nil {
				checks = append(checks, newValidation(v, options))
			}
		}
	}
	for _, o := range options {
		add(o.Validations)
	}
	add(bp.Validations)
	funcs := resolve.Functions()
	return func(r Row) bool {
		for _, c := range checks {
			if c.refuses(r, &hcl.EvalContext{Functions: funcs}) {
				return false
			}
		}
		return true
	}
}

// A validation remembers what it said of the values that it depends on: a search
// for rows asks for the same few again and again.
type validation struct {
	condition hcl.Expression
	options   []*blueprint.Option    // that it refers to
	known     memo.Map[string, bool] // whether it refuses, by their values
	stopped   atomic.Bool            // it takes more than any budget
}

func newValidation(v *blueprint.Validation, options []*blueprint.Option) *validation {
	out := &validation{condition: v.Condition}
	named := map[string]bool{}
	for _, ref := range v.Condition.Variables() {
		if step, ok := ref[min(1, len(ref)-1)].(hcl.TraverseAttr); ok && ref.RootName() == "option" {
			named[step.Name] = true
		}
	}
	for _, o := range options {
		if named[o.Name] {
			out.options = append(out.options, o)
		}
	}
	return out
}

// write writes a value down so that no other of its option is written the same.
func write(key *strings.Builder, v cty.Value) {
	switch {
	case v.IsMarked():
		key.WriteString(v.GoString())
	case !v.IsKnown():
		key.WriteByte('?')
	case v.IsNull():
		key.WriteString("null")
	case v.Type() == cty.Number:
		key.WriteString(v.AsBigFloat().Text('p', 0))
	case v.Type() == cty.String:
		key.WriteString(strconv.Quote(v.AsString()))
	case v.Type() == cty.Bool:
		key.WriteString(strconv.FormatBool(v.True()))
	default:
		key.WriteString(v.GoString())
	}
	key.WriteByte(0)
}

func (v *validation) refuses(r Row, ctx *hcl.EvalContext) bool {
	var key strings.Builder
	for _, o := range v.options {
		if value, ok := r[o.Name]; ok {
			write(&key, value)
		} else {
			write(&key, cty.DynamicVal)
		}
	}
	return v.known.Get(key.String(), func() bool {
		attrs := map[string]cty.Value{}
		for _, o := range v.options {
			value, ok := r[o.Name]
			if !ok {
				value = cty.UnknownVal(o.Type.WithoutOptionalAttributesDeep())
			}
			attrs[o.Name] = value
		}
		ctx.Variables = map[string]cty.Value{"option": cty.ObjectVal(attrs)}
		if v.stopped.Load() {
			return false // a render says so
		}
		ok, diags := budget.New(context.Background(), "a validation").Evaluate(v.condition, ctx)
		if budget.Ended(diags) {
			v.stopped.Store(true)
		}
		return !diags.HasErrors() && ok.IsKnown() && !ok.IsNull() && ok.Type() == cty.Bool && ok.False()
	})
}
