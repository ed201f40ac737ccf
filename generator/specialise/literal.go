package specialise

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
)

// lineWidth is the length up to which a list or object literal stays on one
// line.
const lineWidth = 80

// Literal writes a value as HCL. A set is written with toset, because brackets
// alone make a list; a sensitive value is wrapped in sensitive().
func Literal(v cty.Value) string {
	if v.IsMarked() {
		v, _ = v.Unmark()
		return "sensitive(" + Literal(v) + ")"
	}
	t := v.Type()
	switch {
	case v.IsNull() || !v.IsKnown():
		return "null"
	case t == cty.String:
		return Quote(v.AsString())
	case t == cty.Number:
		f := v.AsBigFloat()
		if n, accuracy := f.Int64(); accuracy == big.Exact && n != 0 { // nearly all; minus zero keeps its sign
			return strconv.FormatInt(n, 10)
		}
		return f.Text('f', -1)
	case t == cty.Bool:
		return fmt.Sprint(v.True())
	case t.IsSetType():
		return "toset(" + listLiteral(v) + ")"
	case t.IsTupleType(), t.IsListType():
		return listLiteral(v)
	case t.IsMapType(), t.IsObjectType():
		return objectLiteral(v)
	}
	return "null"
}

// conversion returns the function that converts to a simple type.
func conversion(t cty.Type) string {
	switch t {
	case cty.String:
		return "tostring"
	case cty.Number:
		return "tonumber"
	case cty.Bool:
		return "tobool"
	}
	return ""
}

func listLiteral(v cty.Value) string {
	var items []string
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		items = append(items, Literal(e))
	}
	return bracket("[", "]", items)
}

func objectLiteral(v cty.Value) string {
	var items []string
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		items = append(items, objectKey(k.AsString())+" = "+Literal(e))
	}
	return bracket("{", "}", items)
}

// bracket joins items on one line when they are short, else one a line.
func bracket(open, end string, items []string) string {
	if len(items) == 0 {
		return open + end
	}
	n, multi := 0, false
	for _, it := range items {
		n += len(it) + 2
		multi = multi || strings.Contains(it, "\n")
	}
	if n <= lineWidth && !multi {
		if open == "{" {
			return "{ " + strings.Join(items, ", ") + " }"
		}
		return open + strings.Join(items, ", ") + end
	}
	sep := ",\n"
	if open == "{" {
		sep = "\n"
	}
	tail := sep
	return open + "\n" + strings.Join(items, sep) + tail + end
}

func objectKey(k string) string {
	if lang.Identifier(k) && k != "for" && k != "null" && k != "true" && k != "false" {
		return k
	}
	return Quote(k)
}

// Quote writes s as a quoted HCL string.
func Quote(s string) string { return `"` + escapeQuoted(s) + `"` }

// escapeQuoted escapes s for the inside of a quoted template.
func escapeQuoted(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '"':
			b.WriteString(`\"`)
		case '\\':
			b.WriteString(`\\`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '$', '%':
			b.WriteRune(r)
			if i+1 < len(s) && s[i+1] == '{' {
				b.WriteRune(r)
			}
		default:
			if r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
				fmt.Fprintf(&b, `\u%04x`, r)
				continue
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// escapeBefore is escapeQuoted for what stands directly before an interpolation
// or directive: a last $ or % would escape its opening.
func escapeBefore(s string) string {
	switch {
	case strings.HasSuffix(s, "$"):
		return escapeQuoted(strings.TrimSuffix(s, "$")) + `\u0024`
	case strings.HasSuffix(s, "%"):
		return escapeQuoted(strings.TrimSuffix(s, "%")) + `\u0025`
	}
	return escapeQuoted(s)
}

// escapeHeredoc escapes s for the inside of a heredoc. It reports false when s
// holds what a heredoc cannot spell.
func escapeHeredoc(s string) (string, bool) {
	for _, r := range s {
		if r < 0x20 && r != '\n' && r != '\t' {
			return "", false
		}
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s), true
}
