package specialise

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/template"
)

// Binding strengths of an expression's outermost operator, weakest first.
const (
	precConditional = iota
	precOr
	precAnd
	precEqual
	precCompare
	precAdd
	precMultiply
	precUnary
	precSplat // what follows a splat belongs to each of its elements
	precTerm
)

// A Result is what an expression became.
type Result struct {
	Val   cty.Value         // the value when known, else NilVal; may carry the sensitive mark
	Elems []Result          // a list constructor's elements, known or not; nil when not Tuple
	Attrs map[string]Result // an object constructor's values by key; nil when not an object
	Keys  []string          // keys of Attrs in the order of the source

	Tuple     bool     // Elems is meaningful
	Type      cty.Type // what is known of the type; DynamicPseudoType for nothing
	Changed   bool     // the text differs from the source
	Sensitive bool     // a residual that Terraform treats as sensitive
	NotNull   bool     // never null, known or not
	Switch    bool     // a 0 or 1 chosen by a condition: what a count toggle is made of
	Dropped   *Drop    // the object that the value comes from was left out

	// Object is set on a reference to a whole resource, data source or
	// ephemeral resource, of which an attribute may follow.
	Object *ObjectType
	// Members is the same for a list or map of objects.
	Members *ObjectType

	// Err is set when the expression cannot be evaluated under the chosen
	// options. It becomes a diagnostic unless a dead branch or try swallows it.
	Err *hcl.Diagnostic

	loose   bool // the text may have another type than Type: a tuple for a list, an object for a map
	exact   bool // the text has the very type of the value, lists and maps in it too
	guessed bool // Type says what the members are, but whether it is a list or a tuple (a map or an object) is open

	declared bool               // Type is the one that a variable declares, whatever the text has
	wrapped  bool               // the text is sensitive(...), added by bpgen
	perhaps  bool               // sensitive only if something comes of it that need not come
	inside   bool               // a list or object of which only members are sensitive
	defaults *typeexpr.Defaults // that a value of this type has taken already
	source   string             // of an object that is written out and may be null: what it is null with
	mixed    bool               // members may be null, and then are not like the others
	typed    string             // the text that has the very type, where text has not and no function gives it
	typedOf  string             // the text that typed is for
	members  *cty.Type          // of a map, an object or a tuple of which only that is known
	leaf     *cty.Type          // the type of what flatten finds in a loop
	loop     *loop              // as which the text is written, where it is one
	text     string
	heredoc  string // the same as a heredoc, for where one may stand
	prec     int
}

// A loop is a text that says nothing of its type where it is empty, and the text of
// the result that it is for.
type loop struct{ text, of string }

// An ObjectType names the type of an object.
type ObjectType struct{ Kind, Type string }

// A Drop says which object was left out and why.
type Drop struct {
	Address string
	Range   hcl.Range // of the object's count or for_each
}

// Known says whether the value is known.
func (r Result) Known() bool { return r.Val != cty.NilVal }

// IsNull says whether the value is known to be null.
func (r Result) IsNull() bool { return r.Known() && r.Val.IsNull() }

// Text returns HCL text with the result's meaning, safe to stand anywhere that
// a whole expression may stand.
func (r Result) Text() string {
	if r.text == "" && r.Known() {
		return Literal(r.Val)
	}
	if r.prec < precSplat && strings.Contains(r.text, "\n") {
		return parens(r.text)
	}
	return r.text
}

// parens puts text in parentheses. Behind a heredoc they need a line of their
// own.
func parens(text string) string {
	last := strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
	if strings.Contains(text, "<<") && lang.Identifier(last) {
		return "(" + text + "\n)"
	}
	return "(" + text + ")"
}

// moved returns the result for a place other than the one it was read from: its
// text counts as new there, and a constant is written as its value.
func (r Result) moved() Result {
	r.Changed = true
	if r.Known() && !r.keptCall() {
		r.text, r.prec = "", precTerm
	}
	return r
}

// keptCall says whether the text is a call that reads better than its value.
func (r Result) keptCall() bool {
	name, _, ok := strings.Cut(r.text, "(")
	if !ok {
		return false
	}
	about, _ := functions.Lookup(name)
	return about.Has(functions.Readable)
}

// operand returns the text as an operand of something that binds with prec.
func (r Result) operand(prec int) string {
	if r.text == "" && r.Known() {
		if prec > precUnary && isNegative(r.Val) {
			return "(" + Literal(r.Val) + ")"
		}
		return Literal(r.Val)
	}
	if r.prec < prec {
		return parens(r.text)
	}
	return r.text
}

// top returns the text for an argument's whole value, where a heredoc may
// stand.
func (r Result) top() string {
	if r.heredoc != "" {
		return r.heredoc
	}
	return r.Text()
}

func isNegative(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.Type() == cty.Number && v.IsKnown() && !v.IsNull() && v.AsBigFloat().Sign() < 0
}

// Known returns a known result whose text is the value's literal.
func knownResult(v cty.Value) Result {
	return Result{Val: v, Type: v.Type(), Changed: true, prec: precTerm, NotNull: !v.IsNull(), Sensitive: markedDeep(v)}
}

// Constant returns the result of a value that the blueprint gives.
func Constant(v cty.Value) Result { return knownResult(v) }

// Reference returns the result of a reference to something of the linked
// module, such as "var.name".
func Reference(text string, typ cty.Type) Result {
	return Result{Val: cty.NilVal, Type: typ, Changed: true, text: text, prec: precTerm}
}

// VariableReference returns the result of a reference to a variable of the
// linked module, such as "var.name".
func VariableReference(text string, v *template.Variable) Result {
	r := Reference(text, v.Type.WithoutOptionalAttributesDeep())
	r.Sensitive, r.NotNull, r.defaults = v.Sensitive, !v.Nullable, v.Defaults
	return r
}

func residual(text string, prec int, typ cty.Type, changed bool) Result {
	if typ == cty.NilType {
		typ = cty.DynamicPseudoType
	}
	return Result{Val: cty.NilVal, Type: typ, Changed: changed, text: text, prec: prec}
}

func failed(d *hcl.Diagnostic) Result {
	return Result{Val: cty.NilVal, Type: cty.DynamicPseudoType, Err: d, prec: precTerm}
}

// Failed returns a result that fails wherever it is used.
func Failed(d *hcl.Diagnostic) Result { return failed(d) }

func markedDeep(v cty.Value) bool { return v != cty.NilVal && v.ContainsMarked() }
