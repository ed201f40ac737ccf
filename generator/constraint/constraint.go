// Package constraint joins version constraints, and says when no version satisfies
// them.
//
// It takes constraints as Terraform writes them and returns one in the same
// form. Versions are read and compared by hashicorp/go-version, as Terraform
// does.
package constraint

import (
	"fmt"
	"slices"
	"strings"

	version "github.com/hashicorp/go-version"
)

// A Set is constraints that hold together.
type Set struct {
	terms []term
}

// A term is one comparison with a version, such as ">= 1.2".
type term struct {
	text    string
	op      string
	version *version.Version
	check   version.Constraints
}

// Parse reads a constraint: comparisons with commas between them.
func Parse(s string) (Set, error) {
	var out Set
	for part := range strings.SplitSeq(s, ",") {
		check, err := version.NewConstraint(part)
		if err != nil {
			return Set{}, fmt.Errorf("%q is not a version constraint", strings.TrimSpace(s))
		}
		part = strings.TrimSpace(part)
		bare := strings.TrimLeft(part, "=!<>~ ")
		v, err := version.NewVersion(bare)
		if err != nil {
			return Set{}, fmt.Errorf("%q is not a version", bare)
		}
		out.terms = append(out.terms, term{text: part, op: strings.TrimSpace(part[:len(part)-len(bare)]), version: v, check: check})
	}
	return out, nil
}

// Join returns what fulfils all the sets, in as few terms as they can be told:
// the highest lower and the lowest upper bound first, then the rest as it is
// written.
func Join(sets ...Set) Set {
	var low, high *term
	var rest []term
	for _, s := range sets {
		for _, t := range s.terms {
			switch {
			case t.op == ">=":
				if low == nil || t.version.GreaterThan(low.version) {
					low = &t
				}
			case t.op == "<":
				if high == nil || t.version.LessThan(high.version) {
					high = &t
				}
			case !slices.ContainsFunc(rest, func(r term) bool { return r.text == t.text }):
				rest = append(rest, t)
			}
		}
	}
	var out Set
	for _, t := range []*term{low, high} {
		if t != nil {
			out.terms = append(out.terms, *t)
		}
	}
	out.terms = append(out.terms, rest...)
	return out
}

// String returns the set as Terraform writes it.
func (s Set) String() string {
	var texts []string
	for _, t := range s.terms {
		texts = append(texts, t.text)
	}
	return strings.Join(texts, ", ")
}

// Floor returns the set's highest lower bound as it is written, "" without one.
func (s Set) Floor() string {
	for _, t := range Join(s).terms {
		if t.op == ">=" {
			return t.text
		}
	}
	return ""
}

// Lowered returns the set with every lower bound that equals from replaced by to,
// however it is written.
func (s Set) Lowered(from, to string) Set {
	old, lower := version.Must(version.NewVersion(from)), version.Must(version.NewVersion(to))
	var out Set
	for _, t := range s.terms {
		if t.op == ">=" && t.version.Equal(old) {
			text := ">= " + to
			t = term{text: text, op: t.op, version: lower, check: version.MustConstraints(version.NewConstraint(text))}
		}
		out.terms = append(out.terms, t)
	}
	return out
}

// Fulfillable says whether a release fulfils the set. The lowest that does is a
// version that the set names, or the next behind one, since a bound starts or a
// single version is left out there.
func (s Set) Fulfillable() bool {
	first := version.Must(version.NewVersion("0.0.0"))
	if s.allows(first) {
		return true
	}
	for _, t := range s.terms {
		if s.allows(t.version) || s.allows(next(t.version)) {
			return true
		}
	}
	return false
}

func (s Set) allows(v *version.Version) bool {
	return !slices.ContainsFunc(s.terms, func(t term) bool { return !t.check.Check(v) })
}

// next returns the release behind a version.
func next(v *version.Version) *version.Version {
	n := v.Segments64()
	patch := n[2] + 1
	if v.Prerelease() != "" {
		patch = n[2]
	}
	return version.Must(version.NewVersion(fmt.Sprintf("%d.%d.%d", n[0], n[1], patch)))
}

// Conflict returns two of the sets that no version satisfies together, the first
// such pair, or all that differ where it takes more than two. It returns nothing
// when the sets can be fulfilled.
func Conflict(sets ...Set) []Set {
	if Join(sets...).Fulfillable() {
		return nil
	}
	for i, a := range sets {
		for _, b := range sets[:i] {
			if !Join(a, b).Fulfillable() {
				return []Set{b, a}
			}
		}
	}
	return slices.CompactFunc(slices.Clone(sets), func(a, b Set) bool { return a.String() == b.String() })
}
