package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// asked returns what is asked of an expression's value where it stands.
func (ev *evaluator) asked(x hclsyntax.Expression) demand {
	if ev.demands == nil {
		return converts
	}
	return ev.demands().of[x]
}

// put returns the text of r where the expression x stood: with the types that
// are asked there.
func (ev *evaluator) put(x hclsyntax.Expression, r Result) string {
	if ev.showsEmpty(x, r) {
		return r.spelt(precisely)
	}
	if d := ev.asked(x); d >= members && (!r.Type.IsPrimitiveType() || r.IsNull()) {
		return r.spelt(d)
	}
	return ev.inPlace(x, r)
}

// putText is put where no heredoc may stand.
func (ev *evaluator) putText(x hclsyntax.Expression, r Result) string {
	r.heredoc = ""
	return ev.put(x, r)
}

// showsEmpty says whether r may be written as a loop that goes over nothing, where its
// type shows all the same.
func (ev *evaluator) showsEmpty(x hclsyntax.Expression, r Result) bool {
	return ev.demands != nil && r.hollowWithin() && ev.demands().empty[bare(x)]
}

// hollowWithin says whether isHollow holds for a residual or for a member of it.
func (r Result) hollowWithin() bool {
	if r.isHollow() || slices.ContainsFunc(r.Elems, Result.hollowWithin) {
		return true
	}
	for _, a := range r.Attrs {
		if a.hollowWithin() {
			return true
		}
	}
	return false
}

// putOperand is put for an operand of something that binds with prec.
func (ev *evaluator) putOperand(x hclsyntax.Expression, r Result, prec int) string {
	if ev.showsEmpty(x, r) {
		if text := r.spelt(precisely); text != r.Text() {
			return text
		}
	}
	d := ev.asked(x)
	if d < members || r.Type.IsPrimitiveType() && !r.IsNull() {
		return r.operand(prec)
	}
	text := r.spelt(d)
	if text == r.Text() {
		return r.operand(prec)
	}
	return enclosed(text)
}

// putCompared is putOperand for a side of a comparison, where an empty list of
// strings is not the same as one of numbers.
func (ev *evaluator) putCompared(x hclsyntax.Expression, r Result, prec int) string {
	if ev.asked(x) >= exactly && r.isEmpty() {
		return r.empty()
	}
	return ev.putOperand(x, r, prec)
}

// spelt returns the text of r for a consumer that asks d.
func (r Result) spelt(d demand) string {
	if d < members {
		return r.Text()
	}
	if r.Known() {
		if r.text != "" {
			return r.Text()
		}
		return spelled(r.Val, d)
	}
	if d == precisely && r.isHollow() {
		return anchored(r.loop.text, r.Type)
	}
	if !r.loosens() {
		return r.Text()
	}
	if r.isTyped() {
		return r.typed
	}
	text := r.Text()
	switch {
	case !r.hides():
	case r.Tuple:
		items := make([]string, len(r.Elems))
		for i, e := range r.Elems {
			items[i] = e.speltMember(d)
		}
		text = bracket("[", "]", items)
	case r.Attrs != nil:
		text = r.written(d)
		if r.source != "" {
			text = parens(r.source + " == null ? null : " + text)
		}
	}
	if d < exactly || !r.loose || r.mixed || slices.ContainsFunc(r.Elems, Result.staysMixed) || r.Type.IsMapType() && staysMixed(r.Attrs) {
		return text
	}
	switch t := typeOrDynamic(r.Type); {
	case r.Sensitive && !topSensitive(r) && sureType(t) && (t.IsListType() || t.IsMapType()):
		return anchored(text, t) // a function would take the mark from inside
	case t.IsListType():
		return "tolist(" + text + ")"
	case t.IsMapType():
		return "tomap(" + text + ")"
	}
	return text
}

// mixes says whether a value, or one in it, may be a null that has no type: then
// it is not like others of its type.
func (r Result) mixes() bool {
	return r.mixed || r.source != "" || slices.ContainsFunc(r.Elems, Result.mixes) || mixes(r.Attrs)
}

func mixes(attrs map[string]Result) bool {
	for _, a := range attrs {
		if a.mixes() {
			return true
		}
	}
	return false
}

// written returns an object that is written out, without what makes it null.
func (r Result) written(d demand) string {
	items := make([]string, len(r.Keys))
	for i, k := range r.Keys {
		items[i] = objectKey(k) + " = " + r.Attrs[k].speltMember(d)
	}
	return bracket("{", "}", items)
}

// speltMember is spelt for a member of a list or an object, where a null must be
// like the others.
func (r Result) speltMember(d demand) string {
	d = max(d.inside(), exactly)
	if r.source == "" || r.isTyped() || !r.loosens() || r.staysMixed() {
		return r.spelt(d)
	}
	return parens(r.source + " == null ? " + nullOrNothing(r.Type) + " : " + r.written(d))
}

// isTyped says whether there is a text of the result that has its very type.
func (r Result) isTyped() bool { return r.typedOf == r.text && r.typed != "" }

// withTyped notes the text that has the very type of r.
func (r Result) withTyped(text string) Result {
	if sureType(r.Type) {
		r.typed, r.typedOf = grouped(text), r.text
	}
	return r
}

// isHollow says whether the text of a residual may be an empty list, set or map
// that says nothing of the type that its members would have.
func (r Result) isHollow() bool { return !r.Known() && r.loop != nil && r.loop.of == r.text }

// withLoop notes the loop that the text of r is.
func (r Result) withLoop(text string) Result {
	if sureType(r.Type) {
		r.loop = &loop{text, r.text}
	}
	return r
}

// rewritten returns r with another text for the same thing.
func (r Result) rewritten(text string, prec int) Result {
	if r.isTyped() {
		r.typedOf = text
	}
	if r.isHollow() {
		r.loop = &loop{r.loop.text, text}
	}
	r.text, r.prec = text, prec
	return r
}

// anchored returns a text with the type t, which Terraform takes from the arm
// that is not chosen.
func anchored(text string, t cty.Type) string {
	typed, _ := spelling(example(t), exactly, wholly)
	return parens("true ? " + grouped(text) + " : " + typed)
}

// grouped puts a text in parentheses where it chooses between two.
func grouped(text string) string {
	if strings.Contains(text, " ? ") && !strings.HasPrefix(text, "(") {
		return parens(text)
	}
	return text
}

// staysMixed is mixes for the text that spelt returns.
func (r Result) staysMixed() bool {
	return !r.isTyped() && (r.mixed || r.source != "" && !sureType(r.Type) || slices.ContainsFunc(r.Elems, Result.staysMixed) || staysMixed(r.Attrs))
}

func staysMixed(attrs map[string]Result) bool {
	for _, a := range attrs {
		if a.staysMixed() {
			return true
		}
	}
	return false
}

// nullOrNothing returns a null of a type, as far as the type is known.
func nullOrNothing(t cty.Type) string {
	if !sureType(t) {
		return "null"
	}
	text, _ := nullOf(t.WithoutOptionalAttributesDeep(), wholly)
	return enclosed(text)
}

// loosens says whether the text of a residual may have another type than the
// residual, as a whole or in one of its members.
func (r Result) loosens() bool {
	if r.exact {
		return false
	}
	if r.Known() {
		return r.Changed && r.text == "" && (!r.Type.IsPrimitiveType() || r.IsNull())
	}
	return r.loose || r.hides()
}

// hides says whether loosens holds for a member of what is written out.
func (r Result) hides() bool {
	if slices.ContainsFunc(r.Elems, Result.loosens) {
		return true
	}
	for _, a := range r.Attrs {
		if a.loosens() {
			return true
		}
	}
	return false
}

// A care says how much of its type the text of a member keeps.
type care uint8

const (
	loosely care = iota // as Literal
	kindly              // a null keeps its kind: others beside it say the rest
	wholly
	strictly // an empty list or map keeps its type, too, where members would not be alike without it
)

// spelled writes a value down with its type: in the shortest form that means
// just this value. An empty list or map whose members have a type has no such
// form; of it only the kind is kept.
func spelled(v cty.Value, d demand) string {
	text, made := spelling(v, d, wholly)
	if (d == precisely || d == within) && !made.RawEquals(v) {
		text, _ = spelling(v, d, strictly)
	}
	return text
}

// spelling returns the text of a value and the value that the text has.
func spelling(v cty.Value, d demand, c care) (string, cty.Value) {
	if c == loosely {
		u, _ := v.UnmarkDeep()
		return Literal(v), loosened(u)
	}
	if v.IsMarked() {
		u, marks := v.Unmark()
		text, w := spelling(u, d, c)
		return "sensitive(" + text + ")", w.WithMarks(marks)
	}
	t := v.Type()
	switch {
	case v.IsNull():
		return nullOf(t, c)
	case !v.IsKnown() || t.IsPrimitiveType():
		return Literal(v), v
	case t.IsListType(), t.IsSetType(), t.IsTupleType(), t.IsMapType(), t.IsObjectType():
		return collection(v, d, c)
	}
	return Literal(v), v
}

// nullOf returns a null that has a type. There is no function that makes a null
// of an object type: Terraform takes it from the arm that is not chosen.
func nullOf(t cty.Type, c care) (string, cty.Value) {
	switch {
	case t == cty.DynamicPseudoType:
		return "null", cty.NullVal(t)
	case t.IsPrimitiveType():
		return conversion(t) + "(null)", cty.NullVal(t)
	case t.IsCollectionType() && c == kindly:
		fn, kind := making(t)
		return fn + "(null)", cty.NullVal(kind)
	}
	text, _ := spelling(example(t), exactly, wholly)
	return noType + text + " : null", cty.NullVal(t)
}

// making returns the function that makes a list, set or map, and what it makes
// of members that it knows nothing of.
func making(t cty.Type) (string, cty.Type) {
	switch {
	case t.IsSetType():
		return "toset", cty.Set(cty.DynamicPseudoType)
	case t.IsMapType():
		return "tomap", cty.Map(cty.DynamicPseudoType)
	}
	return "tolist", cty.List(cty.DynamicPseudoType)
}

// collection returns the text of a list, set, tuple, map or object.
func collection(v cty.Value, d demand, c care) (string, cty.Value) {
	t := v.Type()
	if t.IsTupleType() || t.IsObjectType() {
		return written(v, c)
	}
	if d < exactly && !t.IsSetType() {
		text, made := written(v, wholly)
		if sameMembers(v, made) {
			return text, made
		}
	}
	if c == strictly && v.LengthInt() == 0 && sureType(t) {
		return parens(emptyOf(t)), v
	}
	if u, _ := v.Unmark(); u.ContainsMarked() && sureType(t) { // tolist would take the mark from inside
		text, _ := written(v, wholly)
		return anchored(text, t), v
	}
	fn, kind := making(t)
	text, made := "", v
	for _, level := range []care{loosely, kindly, wholly, strictly} {
		if level == strictly && text != "" && c != strictly {
			break
		}
		written, plain := written(v, level)
		if m, err := convertUnmarked(plain, kind); err == nil {
			if text, made = written, m; made.RawEquals(v) {
				break
			}
		}
	}
	if text == "" {
		text, _ = written(v, wholly)
	}
	return fn + "(" + text + ")", made
}

// sameMembers says whether two collections have the same members.
func sameMembers(a, b cty.Value) bool {
	if a.LengthInt() != b.LengthInt() {
		return false
	}
	for x, y := a.ElementIterator(), b.ElementIterator(); x.Next() && y.Next(); {
		_, m := x.Element()
		if _, n := y.Element(); !m.RawEquals(n) {
			return false
		}
	}
	return true
}

// written writes members in brackets or braces: a tuple or an object.
func written(v cty.Value, c care) (string, cty.Value) {
	var items []string
	if t := v.Type(); t.IsMapType() || t.IsObjectType() {
		vals := map[string]cty.Value{}
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			text, val := spelling(e, exactly, c)
			items = append(items, objectKey(k.AsString())+" = "+text)
			vals[k.AsString()] = val
		}
		return bracket("{", "}", items), cty.ObjectVal(vals)
	}
	vals := []cty.Value{}
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		text, val := spelling(e, exactly, c)
		items, vals = append(items, text), append(vals, val)
	}
	return bracket("[", "]", items), cty.TupleVal(vals)
}

// isEmpty says whether a constant is an empty list or map that has a type, which
// its text has not.
func (r Result) isEmpty() bool {
	if !r.vague() || r.text != "" || !r.Type.IsCollectionType() || r.IsNull() || !sureType(r.Type) {
		return false
	}
	v, _ := r.Val.Unmark()
	return v.LengthInt() == 0
}

// empty returns the text of what isEmpty holds for, with its type.
func (r Result) empty() string {
	text := parens(emptyOf(r.Type))
	if r.Val.IsMarked() {
		return "sensitive" + text
	}
	return text
}

// emptyOf returns an empty collection that has a type, which Terraform takes from
// the arm that is not chosen.
func emptyOf(t cty.Type) string {
	text, _ := spelling(example(t), exactly, wholly)
	if t.IsMapType() {
		return noType + text + " : {}"
	}
	return noType + text + " : []"
}

// example returns some value of a type.
func example(t cty.Type) cty.Value {
	switch {
	case t == cty.String:
		return cty.StringVal("")
	case t == cty.Number:
		return cty.Zero
	case t == cty.Bool:
		return cty.False
	case t.IsListType():
		return cty.ListVal([]cty.Value{example(t.ElementType())})
	case t.IsSetType():
		return cty.SetVal([]cty.Value{example(t.ElementType())})
	case t.IsMapType():
		return cty.MapVal(map[string]cty.Value{"k": example(t.ElementType())})
	case t.IsTupleType():
		vals := []cty.Value{}
		for _, e := range t.TupleElementTypes() {
			vals = append(vals, example(e))
		}
		return cty.TupleVal(vals)
	case t.IsObjectType():
		vals := map[string]cty.Value{}
		for k, e := range t.AttributeTypes() {
			vals[k] = example(e)
		}
		return cty.ObjectVal(vals)
	}
	return cty.NullVal(t)
}

// putTop is put for the whole value of an argument, where a heredoc may stand.
func (ev *evaluator) putTop(x hclsyntax.Expression, r Result) string {
	if ev.showsEmpty(x, r) {
		return r.spelt(precisely)
	}
	return r.speltTop(ev.asked(x))
}

func (r Result) speltTop(d demand) string {
	if r.heredoc != "" || r.Type.IsPrimitiveType() && !r.IsNull() {
		return r.top()
	}
	return r.spelt(d)
}

// putArm is putOperand for an arm of a conditional beside other: a null takes
// its type from there, if it has it.
func (ev *evaluator) putArm(x hclsyntax.Expression, r, other Result, prec int) string {
	switch {
	case r.typedBy(other):
		return r.operand(prec)
	case ev.asked(x) > converts && r.isHollow() && !other.IsNull() && !other.isBare() && (other.loosens() || !other.Type.Equals(r.Type)):
		return r.spelt(precisely)
	case ev.asked(x) >= exactly && r.isEmpty() && (other.vague() || !sureType(other.Type) || !r.Type.ElementType().IsPrimitiveType()):
		return r.empty()
	}
	return ev.putOperand(x, r, prec)
}

// typedBy says whether a constant gets its type from what stands beside it, where
// Terraform makes the two alike.
func (r Result) typedBy(other Result) bool {
	if !r.loosens() || other.isHollow() || other.IsNull() || other.guessed || !sureType(other.Type) || other.loosens() {
		return false
	}
	if !r.Known() || r.IsNull() || r.Val.IsMarked() {
		return !r.hides() && !r.mixes() && !holdsMaps(r.Type) && typeOrDynamic(r.Type).Equals(other.Type)
	}
	if r.Type.IsCollectionType() && !r.Type.ElementType().IsPrimitiveType() && !isReference(other.text) {
		return false // an empty list that a function made has no type for lists in it
	}
	val, _ := r.Val.UnmarkDeep()
	plain := loosened(val).Type()
	return !plain.HasDynamicTypes() && unifyTypes(plain, other.Type).Equals(unifyTypes(r.Type, other.Type))
}

// holdsMaps says whether there are maps in a list, set or map: the objects that stand
// for them may have different attributes, and then no list is made of the tuple.
func holdsMaps(t cty.Type) bool {
	if !t.IsCollectionType() {
		return false
	}
	e := t.ElementType()
	return e.IsMapType() || holdsMaps(e)
}

// speltOperand is spelt for an operand of something that binds with prec.
func speltOperand(r Result, prec int) string {
	if text := r.spelt(exactly); text != r.Text() {
		return enclosed(text)
	}
	return r.operand(prec)
}

// enclosed puts the text of a typed null in brackets where it is an operand.
func enclosed(text string) string {
	if strings.HasPrefix(text, noType) {
		return parens(text)
	}
	return text
}

// noType is how the text of a null begins that takes its type from an example.
const noType = "false ? "

// alike converts the arms of a conditional to the type that they have in common,
// where one of them is a constant whose text does not say its type.
func (ev *evaluator) alike(e *hclsyntax.ConditionalExpr, t, f Result) (Result, Result) {
	u := unifyTypes(t.Type, f.Type)
	if ev.asked(e) == converts || !sureType(u) || !t.vague() && !f.vague() || t.typedBy(f) || f.typedBy(t) {
		return t, f
	}
	ct, errT := coerce(t, u, nil)
	cf, errF := coerce(f, u, nil)
	if errT != nil || errF != nil {
		return t, f
	}
	return ct, cf
}

// settled says of a result that is named, and of its members, that the name has
// the type that is asked of it.
func settled(r Result, d demand) Result {
	if r.Known() {
		return r
	}
	if d >= exactly && !r.mixes() {
		r.loose, r.exact = false, true
	}
	elems := slices.Clone(r.Elems)
	for i, e := range elems {
		elems[i] = settled(e, exactly)
	}
	r.Elems = elems
	if r.Attrs != nil {
		attrs := map[string]Result{}
		for k, a := range r.Attrs {
			attrs[k] = settled(a, exactly)
		}
		r.Attrs = attrs
	}
	return r
}
