package functions

import (
	"path"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func notNull(b *cty.RefinementBuilder) *cty.RefinementBuilder { return b.NotNull() }

// stringFunc makes a function of string parameters.
func stringFunc(ret cty.Type, impl func(args []string) (cty.Value, error), names ...string) function.Function {
	params := make([]function.Parameter, len(names))
	for i, name := range names {
		params[i] = function.Parameter{Name: name, Type: cty.String}
	}
	return function.New(&function.Spec{
		Params:       params,
		Type:         function.StaticReturnType(ret),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			in := make([]string, len(args))
			for i, a := range args {
				in[i] = a.AsString()
			}
			return impl(in)
		},
	})
}

// predicate makes a function that says whether test holds for two strings.
func predicate(test func(s, part string) bool, second string) function.Function {
	return stringFunc(cty.Bool, func(args []string) (cty.Value, error) {
		return cty.BoolVal(test(args[0], args[1])), nil
	}, "str", second)
}

var (
	startsWithFunc  = predicate(strings.HasPrefix, "prefix")
	endsWithFunc    = predicate(strings.HasSuffix, "suffix")
	strContainsFunc = predicate(strings.Contains, "substr")
)

// replaceFunc takes a substring between slashes as a regular expression.
var replaceFunc = stringFunc(cty.String, func(args []string) (cty.Value, error) {
	str, sub, with := args[0], args[1], args[2]
	if len(sub) > 1 && strings.HasPrefix(sub, "/") && strings.HasSuffix(sub, "/") {
		re, err := regexp.Compile(sub[1 : len(sub)-1])
		if err != nil {
			return cty.UnknownVal(cty.String), function.NewArgErrorf(1, "invalid regular expression: %s", err)
		}
		return cty.StringVal(re.ReplaceAllString(str, with)), nil
	}
	return stdlib.Replace(cty.StringVal(str), cty.StringVal(sub), cty.StringVal(with))
}, "str", "substr", "replace")

// Paths are split at slashes on every machine, so that a rendering does not
// depend on where it was made.
var (
	basenameFunc = stringFunc(cty.String, func(args []string) (cty.Value, error) {
		return cty.StringVal(path.Base(args[0])), nil
	}, "path")
	dirnameFunc = stringFunc(cty.String, func(args []string) (cty.Value, error) {
		return cty.StringVal(path.Dir(args[0])), nil
	}, "path")
)
