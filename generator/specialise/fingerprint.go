package specialise

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Fingerprint writes everything that a result can do to an expression: equal
// fingerprints make equal specialisations.
func (r Result) Fingerprint(b *strings.Builder) {
	if r.Known() {
		printValue(b, r.Val)
	}
	b.WriteString("|" + r.text + "|" + r.heredoc + "|" + strconv.Itoa(r.prec))
	for _, is := range [...]bool{r.Changed, r.Sensitive, r.NotNull, r.Switch, r.wrapped, r.loose, r.guessed, r.declared} {
		if is {
			b.WriteByte('t')
		} else {
			b.WriteByte('f')
		}
	}
	switch typ := typeOrDynamic(r.Type); typ {
	case cty.String, cty.Number, cty.Bool, cty.DynamicPseudoType:
		b.WriteString(typ.FriendlyName())
	default:
		fmt.Fprintf(b, "%#v", typ)
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
	switch {
	case v.IsMarked() || !v.IsKnown() || v.IsNull():
		fmt.Fprintf(b, "%#v", v)
	case v.Type() == cty.String:
		b.WriteString(strconv.Quote(v.AsString()))
	case v.Type() == cty.Bool:
		b.WriteString(strconv.FormatBool(v.True()))
	default:
		fmt.Fprintf(b, "%#v", v)
	}
}
