// Package secret says what could be a secret, and keeps what is one out of texts.
//
// It takes values, diagnostics and sources, and returns diagnostics and sources
// in which a secret does not stand. A rendered module lies in a repository, so a
// secret has no place in it: it is a variable, given when the module is applied.
// The package decides what a value could be, and hides; which options and values
// are meant to be secret is found by package catalog and refused by resolve, link
// and render. It does not touch the operating system.
package secret

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
)

// Mend says how to mend a secret that would stand in a rendered module.
const Mend = "Leave it out so that it stays a variable, and set it when the module is applied, with TF_VAR_... or a file outside the repository; or keep it in Secrets Manager or Parameter Store and pass its ARN."

// Where says who could read it.
const Where = "It would appear in the rendered files, for everyone who can read the repository."

// Secrets is what a blueprint treats as secret.
type Secrets struct {
	// Options holds the options that reach a place which Terraform treats as
	// sensitive, each with that place.
	Options map[string]hcl.Range
	// Literals are constants of the blueprint and its templates that stand in
	// such a place.
	Literals []hcl.Range
}

// Exposed is the Extra of a diagnostic that says that a value which should be
// secret would stand in the rendered files.
type Exposed struct{}

// Error returns an error that says so, at a place.
func Error(at hcl.Range, summary, format string, args ...any) *hcl.Diagnostic {
	d := diag.Error(at, summary, format, args...)
	d.Extra = Exposed{}
	return d
}

// reference is what points to a secret without being one. The partition is left
// open.
var reference = regexp.MustCompile(`^arn:[a-z0-9-]+:(secretsmanager|ssm|kms):[^\s]+$`)

// guessed is the number of characters up to which a text is no secret: whoever
// wants to know it tries them all. It is far below what AWS takes for a password,
// which is 8.
const guessed = 3

// Bears says whether a value could hold a secret: whether there is a text in it
// that is neither as short as a guess nor an ARN of a place for secrets, or a
// number as long. Null, empty collections and truth values hold none.
func Bears(v cty.Value) bool {
	found := false
	each(v, func(leaf cty.Value) {
		switch leaf.Type() {
		case cty.String:
			text := leaf.AsString()
			found = found || utf8.RuneCountInString(text) > guessed && !reference.MatchString(text)
		case cty.Number:
			found = found || digits(leaf) > guessed
		}
	})
	return found
}

// digits returns how long a number is that is written out. To write one with the
// precision that cty gives it takes long, and most are small and whole.
func digits(v cty.Value) int {
	f := v.AsBigFloat()
	if i, exact := f.Int64(); exact == big.Exact {
		return len(strconv.FormatInt(i, 10))
	}
	return len(f.Text('f', -1))
}

// Placeholder says whether a value shows that it stands for a secret: whether each
// text in it that is not empty says "example", and each number is 0 or 1.
func Placeholder(v cty.Value) bool {
	ok := true
	each(v, func(leaf cty.Value) {
		switch leaf.Type() {
		case cty.String:
			ok = ok && (leaf.AsString() == "" || strings.Contains(strings.ToLower(leaf.AsString()), "example"))
		case cty.Number:
			ok = ok && (leaf.RawEquals(cty.Zero) || leaf.RawEquals(cty.NumberIntVal(1)))
		}
	})
	return ok
}

// each calls do for every known simple value within v, keys of maps among them.
func each(v cty.Value, do func(cty.Value)) {
	if v == cty.NilVal {
		return
	}
	v, _ = v.UnmarkDeep()
	_ = cty.Walk(v, func(path cty.Path, v cty.Value) (bool, error) {
		if v.IsNull() || !v.IsKnown() {
			return false, nil
		}
		if len(path) > 0 {
			if step, ok := path[len(path)-1].(cty.IndexStep); ok && step.Key.Type() == cty.String && !v.Type().IsPrimitiveType() {
				do(step.Key)
			}
		}
		if v.Type().IsPrimitiveType() {
			do(v)
		}
		return true, nil
	})
}
