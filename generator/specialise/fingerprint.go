package specialise

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/template"
)

// A Key tells one use of a template from all others that come out differently.
// It is comparable.
type Key struct {
	template *template.Template
	schemas  Schemas
	digest   [sha256.Size]byte
}

// Key returns the key of a use of a template. Funcs is not in it, for they are the
// same for every use, nor are Demands and Texts, which keep what follows from others,
// nor Budget, which changes nothing but how far one comes.
func (in *Input) Key() Key {
	var b strings.Builder
	b.WriteString(strconv.Quote(in.Name))
	if in.Prefix != nil {
		b.WriteString("prefix" + strconv.Quote(*in.Prefix))
	}
	fmt.Fprintf(&b, "%q", in.Region)
	for _, name := range sortedKeys(in.Bound) {
		b.WriteString(strconv.Quote(name) + "=")
		in.Bound[name].Fingerprint(&b)
	}
	for _, name := range sortedKeys(in.Exposed) {
		b.WriteString(strconv.Quote(name) + ">" + strconv.Quote(in.Exposed[name]))
	}
	for _, name := range sortedKeys(in.Called) {
		b.WriteString(strconv.Quote(name) + "~" + strconv.Quote(in.Called[name]))
	}
	return Key{in.Template, in.Schemas, sha256.Sum256([]byte(b.String()))}
}

// Fingerprint writes everything that a result can do to an expression: equal
// fingerprints make equal specialisations.
func (r Result) Fingerprint(b *strings.Builder) {
	if r.Known() {
		printValue(b, r.Val)
	}
	b.WriteString("|" + r.text + "|" + r.heredoc + "|" + r.source + "|" + r.typed + "|" + r.typedOf + "|" + strconv.Itoa(r.prec))
	for _, is := range [...]bool{r.Changed, r.Sensitive, r.NotNull, r.Switch, r.wrapped, r.loose, r.exact, r.guessed, r.declared, r.mixed, r.inside, r.perhaps} {
		if is {
			b.WriteByte('t')
		} else {
			b.WriteByte('f')
		}
	}
	printType(b, typeOrDynamic(r.Type))
	if r.members != nil {
		b.WriteByte('e')
		printType(b, *r.members)
	}
	if r.leaf != nil {
		b.WriteByte('f')
		printType(b, *r.leaf)
	}
	if r.loop != nil {
		b.WriteString("l" + strconv.Quote(r.loop.text) + strconv.Quote(r.loop.of))
	}
	if r.Object != nil {
		b.WriteString("o" + r.Object.Kind + "." + r.Object.Type)
	}
	if r.Members != nil {
		b.WriteString("m" + r.Members.Kind + "." + r.Members.Type)
	}
	if r.Dropped != nil {
		b.WriteString("d" + r.Dropped.Address)
	}
	if r.Tuple {
		b.WriteString("[")
		for _, e := range r.Elems {
			e.Fingerprint(b)
			b.WriteString(",")
		}
		b.WriteString("]")
	}
	if r.Attrs != nil {
		b.WriteString("{")
		for _, k := range r.Keys {
			b.WriteString(k + "=")
			r.Attrs[k].Fingerprint(b)
			b.WriteString(",")
		}
		b.WriteString("}")
	}
}

// printValue writes a value so that no other is written the same.
func printValue(b *strings.Builder, v cty.Value) {
	switch t := v.Type(); {
	case v.IsMarked() || !v.IsKnown() || v.IsNull():
		fmt.Fprintf(b, "%#v", v)
	case t == cty.String:
		b.WriteString(strconv.Quote(v.AsString()))
	case t == cty.Bool:
		b.WriteString(strconv.FormatBool(v.True()))
	case t == cty.Number && whole(v):
		i, _ := v.AsBigFloat().Int64()
		b.WriteString(strconv.FormatInt(i, 10))
	case t.IsObjectType() || t.IsTupleType():
		// The members tell the type.
		b.WriteByte('(')
		for it := v.ElementIterator(); it.Next(); {
			key, member := it.Element()
			if t.IsObjectType() {
				b.WriteString(strconv.Quote(key.AsString()))
			}
			printType(b, member.Type())
			printValue(b, member)
			b.WriteByte(',')
		}
		b.WriteByte(')')
	default:
		fmt.Fprintf(b, "%#v", v)
	}
}

// whole says whether a number is what an int64 says of it. %#v writes all 512 bits.
func whole(v cty.Value) bool {
	f := v.AsBigFloat()
	i, exact := f.Int64()
	return exact == big.Exact && (i != 0 || !f.Signbit())
}

// printType writes a type so that no other is written the same. %#v does, too,
// and takes ten times as long over the type of a resource.
func printType(b *strings.Builder, t cty.Type) {
	switch {
	case t == cty.String:
		b.WriteByte('s')
	case t == cty.Number:
		b.WriteByte('n')
	case t == cty.Bool:
		b.WriteByte('b')
	case t == cty.DynamicPseudoType:
		b.WriteByte('?')
	case t.IsListType():
		b.WriteByte('L')
		printType(b, t.ElementType())
	case t.IsSetType():
		b.WriteByte('S')
		printType(b, t.ElementType())
	case t.IsMapType():
		b.WriteByte('M')
		printType(b, t.ElementType())
	case t.IsTupleType():
		b.WriteByte('T')
		for _, e := range t.TupleElementTypes() {
			printType(b, e)
		}
		b.WriteByte('.')
	case t.IsObjectType():
		b.WriteByte('O')
		attrs := t.AttributeTypes()
		for _, name := range slices.Sorted(maps.Keys(attrs)) {
			b.WriteString(strconv.Quote(name))
			if t.AttributeOptional(name) {
				b.WriteByte('!')
			}
			printType(b, attrs[name])
		}
		b.WriteByte('.')
	default:
		fmt.Fprintf(b, "<%#v>", t)
	}
}
