package specialise

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	ctyconvert "github.com/zclconf/go-cty/cty/convert"

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
			return r, hcl.Diagnostics{diag.Error(rng, "Wrong type for a variable", "The variable %q of the template must have type %s: %s. It is declared at %s.",
				v.Name, v.Type.FriendlyNameForConstraint(), err, v.Block.DefRange())}
		}
		return bindKnown(v, r, val, rng)
	}
	if !convertible(r.Type, v.Type) {
		return r, hcl.Diagnostics{diag.Error(rng, "Wrong type for a variable", "The variable %q of the template must have type %s, but is set to %s. It is declared at %s.",
			v.Name, v.Type.FriendlyNameForConstraint(), r.Type.FriendlyName(), v.Block.DefRange())}
	}
	out, err := coerce(r, v.Type, v.Defaults)
	if err != nil {
		return r, hcl.Diagnostics{diag.Error(rng, "Wrong type for a variable", "The variable %q of the template must have type %s: %s. It is declared at %s.",
			v.Name, v.Type.FriendlyNameForConstraint(), err, v.Block.DefRange())}
	}
	if !v.Nullable && v.Default != cty.NilVal && !out.NotNull {
		source := out.source
		if source == "" {
			source = out.operand(precEqual + 1)
		}
		text := source + " == null ? " + Literal(v.Default) + " : " + out.operand(precConditional)
		guarded := residual(text, precConditional, out.Type, true)
		guarded.Sensitive = out.Sensitive
		guarded.NotNull = true
		out = guarded
	}
	if v.Sensitive && (!out.Sensitive || out.perhaps) {
		out = veil(out)
	}
	out.Changed, out.defaults = true, nil
	return out, nil
}

func bindKnown(v *template.Variable, r Result, val cty.Value, rng hcl.Range) (Result, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	if (v.Sensitive || markedDeep(val)) && secret.Bears(val) {
		d := secret.Error(rng, "Constant for a sensitive variable", "The variable %q of the template is set to a secret as a constant. %s %s", v.Name, secret.Where, secret.Mend)
		if v.Sensitive {
			d.Detail = fmt.Sprintf("The variable %q of the template is sensitive, but is set to a constant. %s %s", v.Name, secret.Where, secret.Mend)
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
	if r.Attrs != nil && !r.NotNull && !t.IsObjectType() {
		r = opened(r)
	}
	switch {
	case t == cty.DynamicPseudoType, (d == nil || sameDefaults(r.defaults, d)) && sureType(have) && have.Equals(t.WithoutOptionalAttributesDeep()):
		return r, nil
	case t.IsPrimitiveType():
		return coercePrimitive(r, have, t), nil
	case t.IsObjectType():
		return coerceObject(r, have, t, d)
	case t.IsTupleType():
		return coerceTuple(r, have, t)
	case t.IsCollectionType() && (r.Tuple || r.Attrs != nil):
		return coerceShape(r, t, d)
	case t.IsCollectionType():
		return coerceCollection(r, have, t, d)
	}
	return r, nil
}

// sameDefaults says whether a value that has taken the defaults have has taken
// want, too.
func sameDefaults(have, want *typeexpr.Defaults) bool {
	if have == nil || want == nil {
		return have == want
	}
	if !have.Type.Equals(want.Type) || len(have.DefaultValues) != len(want.DefaultValues) || len(have.Children) != len(want.Children) {
		return false
	}
	for name, v := range want.DefaultValues {
		if h, ok := have.DefaultValues[name]; !ok || !h.RawEquals(v) {
			return false
		}
	}
	for name, child := range want.Children {
		if !sameDefaults(have.Children[name], child) {
			return false
		}
	}
	return true
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
	members := r.Elems
	switch {
	case r.Tuple && !t.IsMapType():
	case r.Attrs != nil && t.IsMapType():
		members = nil
		for _, k := range r.Keys {
			members = append(members, r.Attrs[k])
		}
	default:
		return r, fmt.Errorf("it is set to %s", r.Type.FriendlyName())
	}
	made, elem, err := coerceMembers(members, t.ElementType(), childDefaults(d, ""))
	if err != nil {
		return r, err
	}
	same := true
	for i, m := range made {
		same = same && m.Text() == members[i].Text()
	}
	var out Result
	if r.Tuple {
		out = tupleOf(made)
	} else {
		attrs := map[string]Result{}
		for i, k := range r.Keys {
			attrs[k] = made[i]
		}
		out = objectOf(r.Keys, attrs)
	}
	if same && !out.Known() {
		out.text, out.prec = r.text, r.prec
	}
	return ofType(out, t, elem)
}

// coerceMembers converts the members of a list, set or map to its element type.
// Where that leaves something open, as list(any) does, all become alike; elem is
// what they are then, and open as long as that cannot be told.
func coerceMembers(members []Result, t cty.Type, d *typeexpr.Defaults) (made []Result, elem cty.Type, err error) {
	convert := func(to cty.Type, d *typeexpr.Defaults) error {
		made = make([]Result, len(members))
		for i, m := range members {
			if made[i], err = coerce(m, to, d); err != nil {
				return err
			}
		}
		return nil
	}
	if err := convert(t, d); err != nil || sureType(t) {
		return made, t, err
	}
	var types []cty.Type
	for _, m := range made {
		if !m.IsNull() && !sureType(m.Type) {
			return made, t, nil
		}
		types = append(types, typeOrDynamic(m.Type))
	}
	if len(types) == 0 {
		return made, t, nil
	}
	elem, _ = ctyconvert.UnifyUnsafe(types)
	if elem == cty.NilType {
		return nil, t, fmt.Errorf("all its elements must have the same type")
	}
	if !sureType(elem) {
		return made, t, nil
	}
	members = made
	return made, elem, convert(elem, nil)
}

// ofType makes a list, set or map of type t, whose members are of type elem, of
// what is written out. Terraform does it where elem is open.
func ofType(out Result, t, elem cty.Type) (Result, error) {
	fn, typ := "tolist", cty.List(elem)
	switch {
	case t.IsSetType():
		fn, typ = "toset", cty.Set(elem)
	case t.IsMapType():
		fn, typ = "tomap", cty.Map(elem)
	}
	switch {
	case out.Known():
		c, err := convertUnmarked(out.Val, t)
		if err != nil {
			return out, err
		}
		return knownResult(c), nil
	case t.IsSetType(), !sureType(elem):
		return wrapCall(fn, out, typ), nil
	case !sureType(t):
		out.Type, out.loose, out.declared = typ, true, true
	}
	return out, nil
}

// coerceTuple converts to a tuple type, member by member.
func coerceTuple(r Result, have, t cty.Type) (Result, error) {
	types := t.TupleElementTypes()
	if r.Tuple && len(r.Elems) != len(types) || have.IsTupleType() && len(have.TupleElementTypes()) != len(types) {
		return r, fmt.Errorf("%d elements are required", len(types))
	}
	elems := make([]Result, len(types))
	same := r.Tuple || have.IsTupleType()
	for i, et := range types {
		m := residual(r.operand(precTerm)+"["+strconv.Itoa(i)+"]", precTerm, cty.DynamicPseudoType, true)
		switch {
		case r.Tuple:
			m = r.Elems[i]
		case have.IsTupleType():
			m.Type = have.TupleElementTypes()[i]
			if r.loosens() && !m.Type.IsPrimitiveType() { // what is a list there may be a tuple in the text
				m.loose = true
				if r.isTyped() {
					m = m.withTyped(parens(r.typed) + "[" + strconv.Itoa(i) + "]")
				}
			}
		default:
			m.Type = elementType(have)
		}
		c, err := coerce(m, et, nil)
		if err != nil {
			return r, fmt.Errorf("element %d: %w", i, err)
		}
		same = same && c.Text() == m.Text()
		elems[i] = c
	}
	out := tupleOf(elems)
	switch {
	case same:
		if !out.Known() {
			out.text, out.prec = r.text, r.prec
		}
		if !r.Tuple {
			return asTuple(r, r.operand(precEqual+1), elems, t), nil
		}
	case !r.Tuple && !r.NotNull:
		null := residual(r.operand(precEqual+1)+" == null ? null : "+out.Text(), precConditional, t, true)
		null.Sensitive = r.Sensitive
		return asTuple(null, r.operand(precEqual+1), elems, t), nil
	}
	return out, nil
}

// asTuple notes how r is written, of which only the text is known, where a list
// in it may be a tuple and the difference shows. It is null when source is.
func asTuple(r Result, source string, elems []Result, t cty.Type) Result {
	if !sureType(t) || !slices.ContainsFunc(elems, Result.loosens) || slices.ContainsFunc(elems, Result.staysMixed) {
		return r
	}
	items := make([]string, len(elems))
	for i, e := range elems {
		items[i] = e.speltMember(exactly)
	}
	text := bracket("[", "]", items)
	if !r.NotNull {
		text = source + " == null ? " + nullOrNothing(t) + " : " + text
	}
	r.typed, r.typedOf = grouped(text), r.text
	return r
}

// coerceCollection converts a collection of which only the text is known.
func coerceCollection(r Result, have, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	elem := elementType(have)
	if t.IsSetType() && have.IsSetType() && sureType(elem) && (elem.Equals(t.ElementType()) || t.ElementType() == cty.DynamicPseudoType) {
		return r, nil
	}
	fn := conversionTo(have, t)
	inner, err := coerce(Reference("v", elem), t.ElementType(), childDefaults(d, ""))
	if err != nil {
		return r, err
	}
	if inner.Text() == "v" {
		if fn == "" {
			return sameMembersAs(r, have, t), nil
		}
		typ := t
		if !sureType(t) {
			typ = withElement(t, elem)
		}
		out := wrapCall(fn, r, typ)
		out.declared = true
		return out, nil
	}
	each := func(member string) string {
		if t.IsMapType() {
			return "{ for k, v in " + r.Text() + " : k => " + member + " }"
		}
		return "[for v in " + r.Text() + " : " + member + "]"
	}
	text := each(inner.Text())
	if t.IsSetType() || !sureType(t) {
		text = fn + "(" + text + ")"
	}
	null, loop := "", each(inner.speltMember(exactly))
	out := residual(text, precTerm, t, true)
	if !r.NotNull {
		loop = r.operand(precEqual+1) + " == null ? null : " + loop
		null = r.operand(precEqual+1) + " == null ? "
		out = residual(null+"null : "+text, precConditional, t, true)
		null += nullOrNothing(t) + " : "
	}
	out.Sensitive, out.perhaps, out.NotNull, out.mixed = r.Sensitive, r.perhaps, r.NotNull, inner.mixes()
	if (out.mixed || inner.loosens()) && !inner.staysMixed() {
		if null != "" { // whose type the loop takes
			return out.withTyped(null + each(inner.speltMember(exactly))), nil
		}
		fn, _ := making(t)
		out = out.withTyped(fn + "(" + each(inner.speltMember(exactly)) + ")")
	}
	if !inner.staysMixed() {
		out = out.withLoop(loop)
	}
	return out, nil
}

// sameMembersAs returns r as a t of which only the kind is known, such as a
// list(any): r has members of one type, which it keeps.
func sameMembersAs(r Result, have, t cty.Type) Result {
	elem := elementType(have)
	if sureType(t) || !sureType(elem) {
		return r
	}
	if typ := withElement(t, elem); !typ.Equals(have) {
		r.Type, r.loose, r.declared, r.guessed = typ, true, true, false
	}
	return r
}

// conversionTo returns the function that makes a t of a have where the text must
// change for it: a set has no order to index, and a type such as list(any) makes
// members alike that may not be.
func conversionTo(have, t cty.Type) string {
	alike := sureType(t) || have.IsCollectionType() && sureType(have) || have.IsTupleType() && len(have.TupleElementTypes()) > 0 && sureType(elementType(have))
	switch {
	case t.IsSetType():
		return "toset"
	case t.IsListType() && (have.IsSetType() || !alike):
		return "tolist"
	case t.IsMapType() && !alike:
		return "tomap"
	}
	return ""
}

// withElement returns the kind of collection that t is over another element.
func withElement(t, elem cty.Type) cty.Type {
	switch {
	case t.IsSetType():
		return cty.Set(elem)
	case t.IsMapType():
		return cty.Map(elem)
	}
	return cty.List(elem)
}

// coerceObject converts to an object type attribute by attribute. What is null
// stays null.
func coerceObject(r Result, have, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	attrs := map[string]Result{}
	var keys []string
	same := r.Attrs != nil && len(r.Attrs) == len(t.AttributeTypes()) || r.Attrs == nil && have.IsObjectType() && len(have.AttributeTypes()) == len(t.AttributeTypes())
	for _, name := range sortedKeys(t.AttributeTypes()) {
		a, as, err := givenAttribute(r, have, t, name)
		if err != nil {
			return r, err
		}
		c, err := coerceAttribute(a, name, t.AttributeType(name), d)
		if err != nil {
			return r, fmt.Errorf("the attribute %q: %w", name, err)
		}
		same = same && as && c.Text() == a.Text()
		attrs[name], keys = c, append(keys, name)
	}
	switch {
	case same && r.Attrs == nil:
		r.Type = t.WithoutOptionalAttributesDeep()
		return r, nil
	case same:
		out := objectOf(r.Keys, attrs)
		if !out.Known() {
			out.text, out.prec, out.NotNull, out.source = r.text, r.prec, r.NotNull, r.source
		}
		return out, nil
	}
	out := objectOf(keys, attrs)
	if !r.NotNull {
		out = nullWith(r, out, t)
	}
	return out, nil
}

// nullWith returns an object that is null when r is, and else what out is.
func nullWith(r, out Result, t cty.Type) Result {
	source := r.source
	if source == "" {
		source = r.operand(precEqual + 1)
	}
	text := source + " == null ? null : " + out.Text()
	exact := ""
	if out.Known() {
		exact = source + " == null ? " + nullOrNothing(t) + " : " + out.spelt(exactly)
		out = residual("", precTerm, t.WithoutOptionalAttributesDeep(), true)
	}
	out.text, out.prec, out.NotNull, out.source = text, precConditional, false, source
	out.Sensitive = out.Sensitive || r.Sensitive
	if exact != "" {
		out = out.withTyped(exact)
	}
	return out
}

// givenAttribute returns an attribute of r before it is converted, and whether r
// itself has it so.
func givenAttribute(r Result, have, t cty.Type, name string) (a Result, same bool, err error) {
	missing := knownResult(cty.NullVal(t.AttributeType(name)))
	switch {
	case r.Attrs != nil:
		if given, ok := r.Attrs[name]; ok {
			return given, true, nil
		}
	case have.IsObjectType() && !have.HasAttribute(name):
	default:
		a := residual(r.operand(precTerm)+"."+name, precTerm, attributeType(have, name), true)
		if r.defaults != nil {
			a.defaults = r.defaults.Children[name]
		}
		if t.AttributeOptional(name) && !have.IsObjectType() {
			return residual("try("+a.Text()+", null)", precTerm, cty.DynamicPseudoType, true), false, nil
		}
		return a, true, nil
	}
	if !t.AttributeOptional(name) {
		return r, false, fmt.Errorf("the attribute %q is missing", name)
	}
	return missing, false, nil
}

// coerceAttribute converts one attribute; a null takes the default that the
// type gives it.
func coerceAttribute(a Result, name string, t cty.Type, d *typeexpr.Defaults) (Result, error) {
	inner := childDefaults(d, name)
	if d == nil {
		return coerce(a, t, inner)
	}
	def, ok := d.DefaultValues[name]
	switch {
	case !ok || !a.IsNull() && (a.NotNull || a.Known()):
		return coerce(a, t, inner)
	case a.IsNull():
		return coerce(knownResult(def), t, inner)
	}
	c, err := coerce(a, t, inner)
	if err != nil {
		return a, err
	}
	conv, err := coerce(knownResult(def), t, inner)
	if err != nil {
		return a, err
	}
	source, given := c.operand(precEqual+1), c.operand(precConditional)
	if c.source != "" {
		source, given = c.source, objectOf(c.Keys, c.Attrs).Text()
	}
	out := residual(source+" == null ? "+conv.operand(precConditional)+" : "+given, precConditional, t, true)
	out.Sensitive, out.NotNull, out.mixed = c.Sensitive, conv.NotNull, mixes(c.Attrs)
	if out.mixed && !staysMixed(c.Attrs) {
		whole := objectOf(c.Keys, c.Attrs)
		whole.loose = true
		out = out.withTyped(source + " == null ? " + conv.spelt(exactly) + " : " + whole.spelt(exactly))
	}
	return out, nil
}

func childDefaults(d *typeexpr.Defaults, name string) *typeexpr.Defaults {
	if d == nil {
		return nil
	}
	return d.Children[name]
}

// veil makes a residual sensitive.
func veil(r Result) Result {
	if r.Sensitive && !r.perhaps {
		return r
	}
	if r.Known() {
		return knownResult(r.Val.Mark(functions.Sensitive))
	}
	out := wrapCall("sensitive", r, r.Type)
	out.Sensitive, out.perhaps, out.wrapped = true, false, true
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
