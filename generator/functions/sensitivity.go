package functions

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// mark is a type of its own, so that no other package's mark equals ours.
type mark string

// Sensitive is the mark that sensitive puts on a value.
const Sensitive = mark("sensitive")

// passThrough describes an argument of which the function only looks at the
// marks.
var passThrough = []function.Parameter{{
	Name:             "value",
	Type:             cty.DynamicPseudoType,
	AllowUnknown:     true,
	AllowNull:        true,
	AllowMarked:      true,
	AllowDynamicType: true,
}}

func sameType(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil }

var sensitiveFunc = function.New(&function.Spec{
	Params: passThrough,
	Type:   sameType,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return args[0].Mark(Sensitive), nil
	},
})

var nonSensitiveFunc = function.New(&function.Spec{
	Params: passThrough,
	Type:   sameType,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		delete(marks, Sensitive)
		return v.WithMarks(marks), nil
	},
})

var isSensitiveFunc = function.New(&function.Spec{
	Params: passThrough,
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		switch {
		case args[0].HasMark(Sensitive):
			return cty.True, nil
		case !args[0].IsKnown():
			return cty.UnknownVal(cty.Bool), nil // it may turn out to be marked
		}
		return cty.False, nil
	},
})

// ephemeralAsNullFunc hands its argument back: what is known at render time
// stands in the code and so is never ephemeral. Unknown parts keep the whole
// call from folding, since they may be.
var ephemeralAsNullFunc = function.New(&function.Spec{
	Params: passThrough,
	Type:   sameType,
	Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			_, marks := args[0].UnmarkDeep()
			return cty.UnknownVal(retType).WithMarks(marks), nil
		}
		return args[0], nil
	},
})
