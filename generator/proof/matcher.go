package proof

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// An Operand is the value of an argument and what it is made of.
type Operand struct {
	Value cty.Value // cty.NilVal for an argument that is not there
	Refs  []Ref
	Inner func() (cty.Value, bool) // what the JSON in it holds
}

// A Ref is an object that an expression names, and the attribute asked of it.
type Ref struct{ Type, Name, Attr string }

// A Matcher decides about the value of an argument.
type Matcher interface {
	Match(Operand) bool
	String() string // for people, behind "wanted"
}

type equals struct{ want cty.Value }

func (m equals) String() string { return Show(m.want) }

func (m equals) Match(o Operand) bool { return known(o.Value) && same(o.Value, m.want) }

// known says whether there is a value that is known, in all its parts.
func known(v cty.Value) bool { return v != cty.NilVal && v.IsWhollyKnown() }

// same says whether two known values are the same thing to Terraform, which turns
// texts into numbers and numbers into texts where an argument wants them.
func same(got, want cty.Value) bool {
	if got.IsNull() || want.IsNull() {
		return got.IsNull() && want.IsNull()
	}
	if got.Type().IsPrimitiveType() && want.Type().IsPrimitiveType() {
		a, err := convert.Convert(got, cty.String)
		if err != nil {
			return false
		}
		b, err := convert.Convert(want, cty.String)
		return err == nil && a.RawEquals(b)
	}
	return false
}

type oneOf struct{ of []Matcher }

func (m oneOf) String() string { return "one of " + list(m.of) }

func (m oneOf) Match(o Operand) bool {
	for _, x := range m.of {
		if x.Match(o) {
			return true
		}
	}
	return false
}

type not struct{ of Matcher }

func (m not) String() string { return "not " + m.of.String() }

func (m not) Match(o Operand) bool {
	if o.Value == cty.NilVal {
		return true
	}
	// What is known to be a list is no text, whatever stands in it.
	decided := known(o.Value) || len(o.Refs) > 0 || o.Value.IsKnown() && !o.Value.Type().IsPrimitiveType()
	return decided && !m.of.Match(o)
}

type prefix struct{ of string }

func (m prefix) String() string { return fmt.Sprintf("a string that starts with %q", m.of) }

func (m prefix) Match(o Operand) bool {
	v := o.Value
	if v == cty.NilVal || v.IsNull() || v.Type() != cty.String {
		return false
	}
	if !v.IsKnown() {
		return strings.HasPrefix(v.Range().StringPrefix(), m.of)
	}
	return strings.HasPrefix(v.AsString(), m.of)
}

type matches struct{ re *regexp.Regexp }

func (m matches) String() string { return "a string that matches " + pattern(m.re) }

func (m matches) Match(o Operand) bool {
	s, ok := text(o.Value)
	return ok && m.re.MatchString(s)
}

// text returns a known string, number or bool as text.
func text(v cty.Value) (string, bool) {
	if !known(v) || v.IsNull() || !v.Type().IsPrimitiveType() {
		return "", false
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil {
		return "", false
	}
	return s.AsString(), true
}

type absent struct{}

func (absent) String() string { return "nothing" }

func (absent) Match(o Operand) bool {
	return o.Value == cty.NilVal || o.Value.IsKnown() && o.Value.IsNull()
}

type set struct{}

func (set) String() string { return "any value" }

func (set) Match(o Operand) bool { return !absent{}.Match(o) }

type bound struct {
	than  *big.Float
	above bool
}

func (m bound) String() string {
	word := "at most "
	if m.above {
		word = "at least "
	}
	return word + m.than.Text('f', -1)
}

func (m bound) Match(o Operand) bool {
	if !known(o.Value) || o.Value.IsNull() || !o.Value.Type().IsPrimitiveType() {
		return false
	}
	n, err := convert.Convert(o.Value, cty.Number)
	if err != nil {
		return false
	}
	c := n.AsBigFloat().Cmp(m.than)
	return c == 0 || (c > 0) == m.above
}

// contains wants elements in a list or set, whatever else is there.
type contains struct{ of []Matcher }

func (m contains) String() string { return "a list with " + list(m.of) }

func (m contains) Match(o Operand) bool {
	els, ok := elements(o.Value)
	return ok && found(els, m.of)
}

// exactly wants these elements and no others, in any order.
type exactly struct{ of []Matcher }

func (m exactly) String() string { return "[" + list(m.of) + "]" }

func (m exactly) Match(o Operand) bool {
	els, ok := elements(o.Value)
	return ok && len(els) == len(m.of) && found(els, m.of)
}

func found(els []cty.Value, want []Matcher) bool {
	for _, w := range want {
		hit := false
		for _, e := range els {
			hit = hit || w.Match(Operand{Value: e})
		}
		if !hit {
			return false
		}
	}
	return true
}

func elements(v cty.Value) ([]cty.Value, bool) {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return nil, false
	}
	if t := v.Type(); !t.IsTupleType() && !t.IsListType() && !t.IsSetType() {
		return nil, false
	}
	return v.AsValueSlice(), true
}

// keys wants these keys of an object or map, whatever else is there.
type keys struct {
	names []string
	of    []Matcher
}

func (m keys) String() string {
	var parts []string
	for i, n := range m.names {
		parts = append(parts, n+" = "+m.of[i].String())
	}
	return "{ " + strings.Join(parts, ", ") + " }"
}

func (m keys) Match(o Operand) bool {
	v := o.Value
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return false
	}
	of := v.AsValueMap()
	for i, n := range m.names {
		got, ok := of[n]
		if !ok {
			got = cty.NilVal
		}
		if !m.of[i].Match(Operand{Value: got}) {
			return false
		}
	}
	return true
}

// inJSON wants something of what the JSON in a text holds.
type inJSON struct{ of Matcher }

func (m inJSON) String() string { return "JSON with " + m.of.String() }

func (m inJSON) Match(o Operand) bool {
	if o.Inner == nil {
		return false
	}
	v, ok := o.Inner()
	return ok && m.of.Match(Operand{Value: v})
}

type refersTo struct{ want string }

func (m refersTo) String() string { return "a reference to " + m.want }

func (m refersTo) Match(o Operand) bool {
	data := strings.HasPrefix(m.want, "data.")
	typ, rest, more := strings.Cut(strings.TrimPrefix(m.want, "data."), ".")
	if data {
		typ = "data." + typ
	}
	for _, r := range o.Refs {
		if r.Type == typ && (!more || r.Name == rest || r.Attr == rest) {
			return true
		}
	}
	return false
}

func list(of []Matcher) string {
	var parts []string
	for _, m := range of {
		parts = append(parts, m.String())
	}
	return strings.Join(parts, ", ")
}

// Show writes a value for people.
func Show(v cty.Value) string {
	switch {
	case v == cty.NilVal:
		return "not given"
	case !v.IsKnown():
		return "known only to AWS"
	case v.IsNull():
		return "null"
	case v.Type() == cty.String:
		return fmt.Sprintf("%q", v.AsString())
	case v.Type().IsPrimitiveType():
		s, _ := text(v)
		return s
	case v.CanIterateElements():
		var parts []string
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			part := Show(e)
			if v.Type().IsObjectType() || v.Type().IsMapType() {
				part = k.AsString() + " = " + part
			}
			parts = append(parts, part)
		}
		if v.Type().IsObjectType() || v.Type().IsMapType() {
			return "{ " + strings.Join(parts, ", ") + " }"
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return "a value"
}
