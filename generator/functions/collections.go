package functions

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// lengthFunc counts characters of a string as well as elements of a collection
// and attributes of an object.
var lengthFunc = function.New(&function.Spec{
	Params: []function.Parameter{{
		Name:             "value",
		Type:             cty.DynamicPseudoType,
		AllowDynamicType: true,
		AllowUnknown:     true,
		AllowMarked:      true,
	}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		switch {
		case ty == cty.String, ty == cty.DynamicPseudoType, ty.IsObjectType(), ty.IsTupleType(), ty.IsCollectionType():
			return cty.Number, nil
		}
		return cty.NilType, function.NewArgErrorf(0, "must be a string, a collection, an object or a tuple")
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		var n cty.Value
		var err error
		switch ty := v.Type(); {
		case ty == cty.DynamicPseudoType:
			n = cty.UnknownVal(cty.Number)
		case ty == cty.String:
			n, err = stdlib.Strlen(v)
		case ty.IsObjectType():
			n = cty.NumberIntVal(int64(len(ty.AttributeTypes())))
		default:
			n = v.Length()
		}
		return n.WithMarks(marks), err
	},
})

// allTrueFunc and anyTrueFunc take null for false, and decide early when the
// known elements already do.
var (
	allTrueFunc = decideFunc(false)
	anyTrueFunc = decideFunc(true)
)

// decideFunc makes a function that returns decisive when one element equals
// it, and its opposite when none does.
func decideFunc(decisive bool) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "list", Type: cty.List(cty.Bool), AllowUnknown: true}},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if !args[0].IsKnown() {
				return cty.UnknownVal(cty.Bool), nil
			}
			undecided := false
			for _, v := range args[0].Elements() {
				switch {
				case !v.IsKnown():
					undecided = true
				case (!v.IsNull() && v.True()) == decisive:
					return cty.BoolVal(decisive), nil
				}
			}
			if undecided {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(!decisive), nil
		},
	})
}

// coalesceFunc returns the first argument that is neither null nor an empty
// string. The result has the type that all arguments can be converted to.
var coalesceFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{
		Name:             "vals",
		Type:             cty.DynamicPseudoType,
		AllowUnknown:     true,
		AllowDynamicType: true,
		AllowNull:        true,
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, a := range args {
			types[i] = a.Type()
		}
		ty, _ := convert.UnifyUnsafe(types)
		if ty == cty.NilType {
			return cty.NilType, function.NewArgErrorf(0, "all arguments must have the same type")
		}
		return ty, nil
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
		for i, arg := range args {
			v, err := convert.Convert(arg, retType)
			if err != nil {
				return cty.NilVal, function.NewArgError(i, err)
			}
			switch {
			case !v.IsKnown():
				return cty.UnknownVal(retType), nil
			case v.IsNull(), retType == cty.String && v.AsString() == "":
				continue
			}
			return v, nil
		}
		return cty.NilVal, function.NewArgErrorf(0, "every argument is null or an empty string")
	},
})

// indexFunc returns where in a list a value stands first.
var indexFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "list", Type: cty.DynamicPseudoType},
		{Name: "value", Type: cty.DynamicPseudoType},
	},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if ty := args[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list or a tuple")
		}
		for it := args[0].ElementIterator(); it.Next(); {
			i, v := it.Element()
			eq, err := stdlib.Equal(v, args[1])
			if err != nil {
				return cty.NilVal, err
			}
			if !eq.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if eq.True() {
				return i, nil
			}
		}
		return cty.NilVal, function.NewArgErrorf(1, "is not in the list")
	},
})

// lookupFunc is cty's with the default made optional: without one, a missing
// key is an error.
var lookupFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "inputMap", Type: cty.DynamicPseudoType, AllowMarked: true},
		{Name: "key", Type: cty.String, AllowMarked: true},
	},
	VarParam: &function.Parameter{
		Name:             "default",
		Type:             cty.DynamicPseudoType,
		AllowUnknown:     true,
		AllowDynamicType: true,
		AllowNull:        true,
		AllowMarked:      true,
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if len(args) > 3 {
			return cty.NilType, function.NewArgErrorf(3, "takes at most one default")
		}
		ty := args[0].Type()
		switch {
		case ty.IsObjectType():
			key, _ := args[1].Unmark()
			if !key.IsKnown() {
				return cty.DynamicPseudoType, nil
			}
			if name := key.AsString(); ty.HasAttribute(name) {
				return ty.AttributeType(name), nil
			}
			if len(args) == 3 {
				return args[2].Type(), nil
			}
			return cty.DynamicPseudoType, function.NewArgErrorf(0, "the object has no attribute %q", key.AsString())
		case ty.IsMapType():
			if len(args) == 3 {
				if _, err := convert.Convert(args[2], ty.ElementType()); err != nil {
					return cty.NilType, function.NewArgErrorf(2, "the default must have the type of the map's elements")
				}
			}
			return ty.ElementType(), nil
		}
		return cty.NilType, function.NewArgErrorf(0, "must be a map or an object")
	},
	Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
		coll, collMarks := args[0].Unmark()
		key, keyMarks := args[1].Unmark()
		if !key.IsKnown() || !coll.IsKnown() {
			return cty.UnknownVal(retType).WithMarks(collMarks, keyMarks), nil
		}
		name := key.AsString()
		if coll.Type().IsObjectType() {
			if coll.Type().HasAttribute(name) {
				return coll.GetAttr(name).WithMarks(collMarks, keyMarks), nil
			}
		} else if coll.HasIndex(key).True() {
			return coll.Index(key).WithMarks(collMarks, keyMarks), nil
		}
		if len(args) < 3 {
			return cty.NilVal, function.NewArgErrorf(1, "there is no such key and no default")
		}
		def, err := convert.Convert(args[2], retType)
		if err != nil {
			return cty.NilVal, function.NewArgError(2, err)
		}
		return def.WithMarks(collMarks, keyMarks), nil
	},
})

// matchKeysFunc picks the values whose keys are in the search set.
var matchKeysFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "keys", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "searchset", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if ty, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()}); ty == cty.NilType {
			return cty.NilType, function.NewArgErrorf(1, "the keys must have the type of the search set's elements")
		}
		return args[0].Type(), nil
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() || !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
			return cty.UnknownVal(retType), nil
		}
		if args[0].LengthInt() != args[1].LengthInt() {
			return cty.NilVal, function.NewArgErrorf(1, "there must be as many keys as values")
		}
		ty, _ := convert.UnifyUnsafe([]cty.Type{args[1].Type(), args[2].Type()})
		keys, err := convert.Convert(args[1], ty)
		if err != nil {
			return cty.NilVal, function.NewArgError(1, err)
		}
		search, err := convert.Convert(args[2], ty)
		if err != nil {
			return cty.NilVal, function.NewArgError(2, err)
		}
		var picked []cty.Value
		values := args[0].AsValueSlice()
		for i, key := range keys.AsValueSlice() {
			for _, want := range search.AsValueSlice() {
				if key.RawEquals(want) {
					picked = append(picked, values[i])
					break
				}
			}
		}
		if len(picked) == 0 {
			return cty.ListValEmpty(retType.ElementType()), nil
		}
		return cty.ListVal(picked), nil
	},
})

// oneFunc returns the only element of a collection, or null for an empty one.
var oneFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		switch {
		case ty.IsListType(), ty.IsSetType():
			return ty.ElementType(), nil
		case ty.IsTupleType():
			switch types := ty.TupleElementTypes(); len(types) {
			case 0:
				return cty.DynamicPseudoType, nil
			case 1:
				return types[0], nil
			}
			return cty.NilType, function.NewArgErrorf(0, "must have at most one element")
		}
		return cty.NilType, function.NewArgErrorf(0, "must be a list, a set or a tuple")
	},
	Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
		length := args[0].Length()
		if !length.IsKnown() {
			return cty.UnknownVal(retType), nil
		}
		elems := args[0].AsValueSlice()
		switch len(elems) {
		case 0:
			return cty.NullVal(retType), nil
		case 1:
			return elems[0], nil
		}
		return cty.NilVal, function.NewArgErrorf(0, "must have at most one element")
	},
})

// sumFunc adds the numbers of a collection that has at least one.
var sumFunc = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		ty := args[0].Type()
		if !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list, a set or a tuple of numbers")
		}
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(cty.Number), nil
		}
		if args[0].LengthInt() == 0 {
			return cty.NilVal, function.NewArgErrorf(0, "must have at least one number")
		}
		total := cty.Zero
		for _, v := range args[0].AsValueSlice() {
			n, err := convert.Convert(v, cty.Number)
			if err != nil || n.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "must contain only numbers")
			}
			total, err = stdlib.Add(total, n)
			if err != nil {
				return cty.NilVal, err
			}
		}
		return total, nil
	},
})

// transposeFunc swaps the keys of a map with the strings in its lists.
var transposeFunc = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:         function.StaticReturnType(cty.Map(cty.List(cty.String))),
	RefineResult: notNull,
	Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(retType), nil
		}
		lists := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); { // in order of key
			key, list := it.Element()
			if list.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "must not contain null")
			}
			for _, v := range list.AsValueSlice() {
				if v.IsNull() {
					return cty.NilVal, function.NewArgErrorf(0, "must not contain null")
				}
				lists[v.AsString()] = append(lists[v.AsString()], key)
			}
		}
		if len(lists) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		out := make(map[string]cty.Value, len(lists))
		for key, list := range lists {
			out[key] = cty.ListVal(list)
		}
		return cty.MapVal(out), nil
	},
})

// containsFunc is cty's as Terraform 1.11 has it: it does not look for null.
var containsFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "list", Type: cty.DynamicPseudoType},
		{Name: "value", Type: cty.DynamicPseudoType},
	},
	Type:         function.StaticReturnType(cty.Bool),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return stdlib.ContainsFunc.Call(args)
	},
})

// elementFunc is cty's as Terraform 1.11 has it: it does not count from the
// end.
var elementFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "list", Type: cty.DynamicPseudoType, AllowMarked: true},
		{Name: "index", Type: cty.Number},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if index := args[1]; index.IsKnown() && index.AsBigFloat().Sign() < 0 {
			return cty.NilType, function.NewArgErrorf(1, "must not be negative")
		}
		return stdlib.ElementFunc.ReturnTypeForValues(args)
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return stdlib.ElementFunc.Call(args)
	},
})

// formatListFunc is cty's, which pairs the wrong elements with one another
// once one element is unknown; so it waits until all are known.
var formatListFunc = whenWhollyKnown(stdlib.FormatListFunc)

// reverseFunc is cty's, which takes the order of a set for settled while an
// element is unknown.
var reverseFunc = whenWhollyKnown(stdlib.ReverseListFunc)

// whenWhollyKnown makes f return an unknown value of the right type until
// every part of every argument is known.
func whenWhollyKnown(f function.Function) function.Function {
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type:     f.ReturnTypeForValues,
		Impl: func(args []cty.Value, retType cty.Type) (cty.Value, error) {
			for _, a := range args {
				if !a.IsWhollyKnown() {
					var marks []cty.ValueMarks
					for _, b := range args {
						_, m := b.UnmarkDeep()
						marks = append(marks, m)
					}
					return cty.UnknownVal(retType).WithMarks(marks...), nil
				}
			}
			return f.Call(args)
		},
	})
}
