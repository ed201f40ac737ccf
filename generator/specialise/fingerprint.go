package specialise

import (
	"fmt"
	"strings"
)

// Fingerprint writes everything that a result can do to an expression: equal
// fingerprints make equal specialisations.
func (r Result) Fingerprint(b *strings.Builder) {
	if r.Known() {
		fmt.Fprintf(b, "%#v", r.Val)
	}
	b.WriteString("|" + r.text + "|" + r.heredoc + "|")
	fmt.Fprintf(b, "%d%t%t%t%t%t%t%t%t%#v", r.prec, r.Changed, r.Sensitive, r.NotNull, r.Switch, r.wrapped, r.loose, r.guessed, r.declared, typeOrDynamic(r.Type))
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
