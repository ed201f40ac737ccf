package budget

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/guard"
)

const (
	// member is what one value costs in memory.
	member = 64
	// copies is how often a text is held: as it is, and quoted.
	copies = 2
	// glances is how many members are looked at in the time of one step.
	glances = 4
	// digits is the largest exponent of a number, in bits: more than a thousand
	// digits. 1e999999999 takes five bytes in a file, and a gigabyte written out.
	digits = 4096
)

// A scale weighs a value. It stops at a limit, so that a value whose members are
// shared a million times costs no more than its limit.
type scale struct {
	members, bytes int64
	most           int64 // bytes
	wild           bool  // there is a number that cannot be written out
	infinite       bool  // there is one that has no digits
	deep           bool  // it has more levels than any file may have
	level          int
}

func (s *scale) over() bool { return s.wild || s.deep || s.bytes > s.most }

func (s *scale) add(v cty.Value) {
	if v == cty.NilVal || s.over() {
		return
	}
	s.members++
	s.bytes += member
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return
	}
	switch t := v.Type(); {
	case t == cty.String:
		s.bytes += copies * int64(len(v.AsString()))
	case t == cty.Number:
		f := v.AsBigFloat()
		exp := f.MantExp(nil)
		s.wild = s.wild || exp > digits || exp < -digits
		s.infinite = s.infinite || f.IsInf()
	case t.IsCollectionType() || t.IsTupleType() || t.IsObjectType():
		if v.Type().IsSetType() || v.Type().IsMapType() || v.Type().IsObjectType() {
			s.bytes += member * int64(v.LengthInt()) // for the keys
		}
		if s.level++; s.level > guard.MaxDepth {
			s.deep = true
		}
		for it := v.ElementIterator(); it.Next() && !s.over(); {
			_, e := it.Element()
			s.add(e)
		}
		s.level--
	}
}

// Sane says whether every number in v can be written out.
func Sane(v cty.Value) bool {
	s := scale{most: 1 << 62}
	s.add(v)
	return !s.wild && !s.infinite
}

// Value takes the cost of a value: that of looking at it and, where it was made
// here, that of its members.
func (b *Budget) Value(v cty.Value, made bool, at Place) *hcl.Diagnostic {
	if b.fault != nil {
		return b.fault
	}
	// What passes by may be looked at for as many steps as are left.
	s := scale{most: (b.maxSteps - b.steps + 1) * glances * member}
	if made {
		s.most = min(s.most, b.maxBytes-b.bytes)
	}
	s.add(v)
	if s.wild {
		return b.wild(at)
	}
	if s.deep {
		return b.stop(at, "Nested too deeply", "A value here has more than %d levels. Look for a chain of local values that wrap one another.", guard.MaxDepth)
	}
	bytes := s.bytes
	if !made {
		bytes = 0
	}
	return b.spend(s.members/glances, bytes, at)
}

// wild refuses a number. One that is infinite, as a division by zero gives, has no
// literal; who writes values down looks for it.
func (b *Budget) wild(at Place) *hcl.Diagnostic {
	return b.stop(at, "Number out of range", "This number has more than a thousand digits, which nothing in a module can use.")
}
