package specialise

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/template"
)

// Bind gives a result to a template's variable as a module call would: it is
// converted to the variable's type, optional attributes take their defaults,
// and it becomes sensitive when the variable is. The range is where the
// blueprint gives it.
func Bind(v *template.Variable, r Result, rng hcl.Range) (Result, hcl.Diagnostics) {
	if r.Err != nil {
		return r, nil //nolint:nilerr // The error travels in the result.
	}
	if r.Known() {
		val, err := v.Convert(r.Val)
		if err != nil {
			return r, hcl.Diagnostics{diag.Error(rng, "Wrong type for a variable", "The variable %q of the template takes %s: %s. It is declared at %s.",
				v.Name, v.Type.FriendlyNameForConstraint(), err, v.Block.DefRange())}
		}
		return bindKnown(v, r, val, rng)
	}
	if !convertible(r.Type, v.Type) {
		return r, hcl.Diagnostics{diag.Error(rng, "Wrong type for a variable", "The variable %q of the template takes %s, but it is given %s. It is declared at %s.",
			v.Name, v.Type.FriendlyNameForConstraint(), r.Type.FriendlyName(), v.Block.DefRange())}
	}
	out, err := coerce(r, v.Type, v.Defaults)
	if err != nil {
		return r, hcl.Diagnostics{diag.Error(rng, "Wrong type for a variable", "The variable %q of the template takes %s: %s. It is declared at %s.",
			v.Name, v.Type.FriendlyNameForConstraint(), err, v.Block.DefRange())}
	}
	if !v.Nullable && v.Default != cty.NilVal && !out.NotNull {
		text := out.operand(precEqual+1) + " == null ? " + Literal(v.Default) + " : " + out.operand(precConditional)
		guarded := residual(text, precConditional, out.Type, true)
		guarded.Sensitive = out.Sensitive
		guarded.NotNull = true
		out = guarded
	}
	if v.Sensitive && !out.Sensitive {
		out = veil(out)
	}
	out.Changed = true
	return out, nil
}

func bindKnown(v *template.Variable, r Result, val cty.Value, rng hcl.Range) (Result, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	if (v.Sensitive || markedDeep(val)) && secret.Bears(val) {
		d := secret.Error(rng, "Constant for a sensitive variable", "The variable %q of the template is given a secret, but as a constant. %s %s", v.Name, secret.Where, secret.Mend)
		if v.Sensitive {
			d.Detail = fmt.Sprintf("The variable %q of the template is sensitive, but it is given a constant. %s %s", v.Name, secret.Where, secret.Mend)
		}
		diags = append(diags, d)
	}
	if v.Sensitive && !val.IsNull() {
		val = val.Mark(functions.Sensitive)
	}
	out := knownResult(val)
	out.Switch = r.Switch
	return out, diags
}

// coerce converts a residual to a type, by conversion functions where the type
// that it has is not known to be the wanted one.
func coerce(r Result, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	out, err := coerced(r, t, d)
	if err != nil || out.Known() || !sureType(t) || t.IsPrimitiveType() {
		return out, err
	}
	t = t.WithoutOptionalAttributesDeep()
	out.loose, out.guessed = out.loose || out.guessed || !t.Equals(typeOrDynamic(out.Type)) || out.text != r.text, false
	out.Type, out.declared = t, true
	return out, nil
}

func coerced(r Result, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	if r.Known() {
		val := r.Val
		if d != nil && !val.IsNull() {
			val = d.Apply(val)
		}
		c, err := convertUnmarked(val, t)
		if err != nil {
			return r, err
		}
		return knownResult(c), nil
	}
	have := typeOrDynamic(r.Type)
	switch {
	case t == cty.DynamicPseudoType, d == nil && sureType(have) && have.Equals(t):
		return r, nil
	case t.IsPrimitiveType():
		return coercePrimitive(r, have, t), nil
	case t.IsObjectType():
		return coerceObject(r, have, t, d)
	case t.IsCollectionType() && (r.Tuple || r.Attrs != nil):
		return coerceShape(r, t, d)
	case t.IsCollectionType():
		return coerceCollection(r, have, t, d)
	}
	return r, nil
}

func coercePrimitive(r Result, have, t cty.Type) Result {
	if have == t {
		return r
	}
	out := wrapCall(conversion(t), r, t)
	out.NotNull = r.NotNull
	return out
}

// coerceShape converts a list or object that is written out, member by member.
func coerceShape(r Result, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	elemDefaults := childDefaults(d, "")
	same := true
	conv := func(e Result) (Result, error) {
		c, err := coerce(e, t.ElementType(), elemDefaults)
		same = same && c.Text() == e.Text()
		return c, err
	}
	if r.Tuple && !t.IsMapType() {
		elems := make([]Result, len(r.Elems))
		for i, e := range r.Elems {
			c, err := conv(e)
			if err != nil {
				return r, err
			}
			elems[i] = c
		}
		out := tupleOf(elems)
		if same && !out.Known() {
			out.text, out.prec = r.text, r.prec
		}
		if t.IsSetType() {
			return wrapCall("toset", out, t), nil
		}
		return out, nil
	}
	if r.Attrs != nil && t.IsMapType() {
		attrs := map[string]Result{}
		for _, k := range r.Keys {
			c, err := conv(r.Attrs[k])
			if err != nil {
				return r, err
			}
			attrs[k] = c
		}
		out := objectOf(r.Keys, attrs)
		if same && !out.Known() {
			out.text, out.prec = r.text, r.prec
		}
		return out, nil
	}
	return r, fmt.Errorf("it is given %s", r.Type.FriendlyName())
}

// coerceCollection converts a collection of which only the text is known.
func coerceCollection(r Result, have, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	elem := elementType(have)
	fn := map[bool]string{true: "toset", false: ""}[t.IsSetType()]
	if t.IsSetType() && have.IsSetType() && elem.Equals(t.ElementType()) {
		return r, nil
	}
	inner, err := coerce(Reference("v", elem), t.ElementType(), childDefaults(d, ""))
	if err != nil {
		return r, err
	}
	if inner.Text() == "v" {
		if fn == "" {
			return r, nil
		}
		return wrapCall(fn, r, t), nil
	}
	text := "[for v in " + r.Text() + " : " + inner.Text() + "]"
	if t.IsMapType() {
		text = "{ for k, v in " + r.Text() + " : k => " + inner.Text() + " }"
	}
	if fn != "" {
		text = fn + "(" + text + ")"
	}
	out := residual(text, precTerm, t, true)
	if !r.NotNull {
		out = residual(r.operand(precEqual+1)+" == null ? null : "+text, precConditional, t, true)
	}
	out.Sensitive, out.NotNull = r.Sensitive, r.NotNull
	return out, nil
}

// coerceObject converts to an object type attribute by attribute.
func coerceObject(r Result, have, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	attrs := map[string]Result{}
	var keys []string
	same := r.Attrs != nil && len(r.Attrs) == len(t.AttributeTypes()) || r.Attrs == nil && have.IsObjectType() && len(have.AttributeTypes()) == len(t.AttributeTypes())
	for _, name := range sortedKeys(t.AttributeTypes()) {
		at := t.AttributeType(name)
		var a Result
		switch {
		case r.Attrs != nil:
			given, ok := r.Attrs[name]
			if !ok {
				if !t.AttributeOptional(name) {
					return r, fmt.Errorf("the attribute %q is missing", name)
				}
				given, same = knownResult(cty.NullVal(at)), false
			}
			a = given
		case have.IsObjectType() && !have.HasAttribute(name):
			if !t.AttributeOptional(name) {
				return r, fmt.Errorf("the attribute %q is missing", name)
			}
			a, same = knownResult(cty.NullVal(at)), false
		default:
			a = residual(r.operand(precTerm)+"."+name, precTerm, attributeType(have, name), true)
			if t.AttributeOptional(name) && !have.IsObjectType() {
				a, same = residual("try("+a.Text()+", null)", precTerm, cty.DynamicPseudoType, true), false
			}
		}
		c, err := coerceAttribute(a, name, at, d)
		if err != nil {
			return r, fmt.Errorf("the attribute %q: %w", name, err)
		}
		same = same && c.Text() == a.Text()
		attrs[name], keys = c, append(keys, name)
	}
	if same {
		if r.Attrs == nil {
			r.Type = t.WithoutOptionalAttributesDeep()
			return r, nil
		}
		out := objectOf(r.Keys, attrs)
		if !out.Known() {
			out.text, out.prec = r.text, r.prec
		}
		return out, nil
	}
	return objectOf(keys, attrs), nil
}

// coerceAttribute converts one attribute; a null takes the default that the
// type gives it.
func coerceAttribute(a Result, name string, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	if d != nil {
		if def, ok := d.DefaultValues[name]; ok {
			switch {
			case a.IsNull():
				a = knownResult(def)
			case !a.NotNull && !a.Known():
				c, err := coerce(a, t, childDefaults(d, name))
				if err != nil {
					return a, err
				}
				conv, err := convertUnmarked(def, t)
				if err != nil {
					return a, err
				}
				out := residual(c.operand(precEqual+1)+" == null ? "+Literal(conv)+" : "+c.operand(precConditional), precConditional, t, true)
				out.Sensitive = c.Sensitive
				return out, nil
			}
		}
	}
	return coerce(a, t, childDefaults(d, name))
}

func childDefaults(d *typeexpr.Defaults, name string) *typeexpr.Defaults {
	if d == nil {
		return nil
	}
	return d.Children[name]
}

// veil makes a residual sensitive.
func veil(r Result) Result {
	if r.Sensitive {
		return r
	}
	if r.Known() {
		return knownResult(r.Val.Mark(functions.Sensitive))
	}
	out := wrapCall("sensitive", r, r.Type)
	out.Sensitive, out.wrapped = true, true
	return out
}

// Unveiled returns the result of an output for the place that declares itself
// sensitive, without the wrapping call.
func (r Result) Unveiled() Result {
	if inner, ok := strings.CutPrefix(r.text, "sensitive("); ok && r.wrapped {
		r.text = strings.TrimSuffix(inner, ")")
		r.prec, r.wrapped = precConditional, false
	}
	return r
}
