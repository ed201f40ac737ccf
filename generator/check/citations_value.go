package check

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/coverage"
	"github.com/bpgen/bpgen/generator/ledger"
)

// maxCited is how many entries one comment may cite: a reader looks up no more.
const maxCited = 3

// sources checks that what is cited as the source of a value gives that value.
// Only what a deviation names may differ.
func (c *checker) sources() {
	if c.cat.Ledger() == nil {
		return
	}
	for _, o := range c.bp.Options {
		if o.Default != cty.NilVal && len(o.Notes) > 0 {
			c.source(fmt.Sprintf("The default of the option %q", o.Name), o.Default, o.Range, o.Notes, strings.TrimSpace(o.Why) != "")
			c.valueless(o.Range, o.Notes)
		}
	}
	for _, name := range c.bp.FileNames() {
		body, _ := c.bp.Files[name].Body.(*hclsyntax.Body)
		c.sourcesOf(body, c.bp.Files[name].Bytes, name)
	}
	for _, t := range c.own() {
		for _, f := range t.Files {
			c.sourcesOf(f.Body, f.Src, f.Path)
		}
	}
}

// sourcesOf checks the comments of one file.
func (c *checker) sourcesOf(body *hclsyntax.Body, src []byte, filename string) {
	comments := coverage.Comments(src, filename)
	for _, t := range comments {
		ids, _ := cite.Parse(strings.TrimSpace(string(t.Bytes)))
		if len(ids) > maxCited {
			c.errorf(t.Range, "Too many citations in one comment", "The comment cites %d entries of the notes; at most %d are allowed. Keep those that the line follows most closely, and cite the others on lines of their own.", len(ids), maxCited)
		}
		c.valueless(t.Range, ids)
	}
	if body != nil {
		c.arguments(body, src, comments, "")
	}
}

// valueless checks that code cites no entry that only says that there is a
// setting: it explains nothing. Where a deviation names it, the line departs.
func (c *checker) valueless(rng hcl.Range, ids []string) {
	for _, id := range ids {
		e, ok := c.cat.Ledger().Lookup(id)
		if ok && idle(e) && !c.departed(id) {
			c.errorf(rng, "Citation without a value", "The entry %q of the notes gives neither a value nor a rule: %s Give a reason instead (# why: ...), or cite the entry in a runbook.", id, e.Statement)
		}
	}
}

// idle says whether an entry only says that there is a setting.
func idle(e ledger.Entry) bool { return e.Strength == "info" && e.Value == nil }

// arguments compares the constants of a body with the values of the entries
// that stand beside them. variable is the name of the variable whose block it is.
func (c *checker) arguments(body *hclsyntax.Body, src []byte, comments hclsyntax.Tokens, variable string) {
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		a := body.Attributes[name]
		v, _ := budget.Constant(a.Expr)
		ids, why := beside(a, src, comments)
		switch {
		case len(ids) == 0:
		case variable != "" && name == "default":
			c.source(fmt.Sprintf("The default of the variable %q", variable), v, a.SrcRange, ids, why)
		case variable == "" && a.SrcRange.Start.Line == a.SrcRange.End.Line:
			for _, e := range c.entries(ids) {
				if e.Kind == "default" {
					c.differs(fmt.Sprintf("The argument %q", name), v, a.SrcRange, e)
				}
			}
		}
	}
	for _, b := range body.Blocks {
		inner := ""
		if b.Type == "variable" && len(b.Labels) == 1 {
			inner = b.Labels[0]
		}
		c.arguments(b.Body, src, comments, inner)
	}
}

// beside returns what the comments at an argument cite, and whether one gives a
// reason.
func beside(a *hclsyntax.Attribute, src []byte, comments hclsyntax.Tokens) (ids []string, why bool) {
	for _, t := range around(a, src, comments) {
		text := strings.TrimSpace(string(t.Bytes))
		cited, _ := cite.Parse(text)
		ids = append(ids, cited...)
		why = why || reason.MatchString(text)
	}
	return ids, why
}

// source checks the sources of a default: each that gives a value of its type
// gives this one, and at least one does, unless a reason stands beside.
func (c *checker) source(what string, v cty.Value, rng hcl.Range, ids []string, why bool) {
	supported, silent := why, ""
	for _, e := range c.entries(ids) {
		switch {
		case c.departed(e.ID) || gives(e, v):
			supported = true
		case idle(e) || c.differs(what, v, rng, e):
			supported = true // it is reported
		default:
			silent = e.ID
		}
	}
	if !supported && silent != "" {
		c.errorf(rng, "Default that the notes do not give", "%s cites %q, which gives no such value. Give a reason instead (# why: ..., or why = \"...\" in an option), or cite the entry that gives the value.", what, silent)
	}
}

// differs reports a value that an entry gives otherwise.
func (c *checker) differs(what string, v cty.Value, rng hcl.Range, e ledger.Entry) bool {
	have, want := leaves(v), wanted(e.Value)
	if c.departed(e.ID) || !alike(have, want) || agree(have, want) {
		return false
	}
	c.errorf(rng, "Value that differs from the notes", "%s is %s, but the entry %q of the notes, which is cited for it, gives %s. Take that value, give a reason instead (# why: ...), or declare a deviation with notes = [%q].", what, literal(v), e.ID, spelled(want), e.ID)
	return true
}

// gives says whether an entry is a source of a default: by its value or, for a
// switch, by what it asks for.
func gives(e ledger.Entry, v cty.Value) bool {
	if v == cty.NilVal || !v.IsWhollyKnown() {
		return e.Value != nil || e.Strength != "info"
	}
	if agree(leaves(v), wanted(e.Value)) {
		return true
	}
	return v.Type() == cty.Bool && (e.Value != nil || e.Strength != "info")
}

// entries returns the entries of ids that the ledger has.
func (c *checker) entries(ids []string) []ledger.Entry {
	var out []ledger.Entry
	for _, id := range ids {
		if e, ok := c.cat.Ledger().Lookup(id); ok {
			out = append(out, e)
		}
	}
	return out
}

// departed says whether a deviation of the blueprint or of a template names an entry.
func (c *checker) departed(id string) bool {
	for _, d := range c.departs {
		if slices.Contains(d.Notes, id) {
			return true
		}
	}
	return false
}

// A leaf is one constant of a value, or one of its keys.
type leaf struct {
	kind kind
	text string
}

type kind int

const (
	text kind = iota
	number
	truth
	key // which may agree with a text, and contradicts none
)

// word returns the leaf of a text, which may spell a number.
func word(s string) leaf {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return leaf{number, s}
	}
	return leaf{text, s}
}

// leaves returns the constants of a value of the code.
func leaves(v cty.Value) []leaf {
	if v == cty.NilVal || !v.IsKnown() || v.IsNull() {
		return nil
	}
	switch {
	case v.Type() == cty.String:
		return []leaf{word(v.AsString())}
	case v.Type() == cty.Number:
		return []leaf{{number, v.AsBigFloat().Text('f', -1)}}
	case v.Type() == cty.Bool:
		return []leaf{{truth, strconv.FormatBool(v.True())}}
	case !v.CanIterateElements():
		return nil
	}
	var out []leaf
	for it := v.ElementIterator(); it.Next(); {
		name, x := it.Element()
		if name.Type() == cty.String {
			out = append(out, leaf{key, name.AsString()})
		}
		out = append(out, leaves(x)...)
	}
	return out
}

// wanted returns the constants of a value of the ledger.
func wanted(v any) []leaf {
	var out []leaf
	switch v := v.(type) {
	case nil:
	case string:
		return []leaf{word(v)}
	case bool:
		return []leaf{{truth, strconv.FormatBool(v)}}
	case []any:
		for _, x := range v {
			out = append(out, wanted(x)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out = append(append(out, leaf{key, name}), wanted(v[name])...)
		}
	default:
		return []leaf{{number, fmt.Sprint(v)}}
	}
	return out
}

// alike says whether both have constants of one kind.
func alike(have, want []leaf) bool {
	return slices.ContainsFunc(have, func(h leaf) bool {
		return h.kind != key && slices.ContainsFunc(want, func(w leaf) bool { return h.kind == w.kind })
	})
}

// agree says whether a constant of the code is one of the ledger. In a text of the
// ledger an asterisk, and a name in angle brackets, stands for anything.
func agree(have, want []leaf) bool {
	for _, w := range want {
		pattern := anything.ReplaceAllString(regexp.QuoteMeta(strings.ToLower(w.text)), ".+")
		for _, part := range []string{pattern, bracketed(pattern)} {
			same, err := regexp.Compile(`(?s)(?:^|[^a-z0-9])` + part + `(?:$|[^a-z0-9])`)
			if part == "" || err != nil {
				continue
			}
			for _, h := range have {
				reads := h.kind == text && w.kind != truth || h.kind == key && w.kind == text
				if h.kind == w.kind && h.kind != key && h.text == w.text || reads && same.MatchString(strings.ToLower(h.text)) {
					return true
				}
			}
		}
	}
	return false
}

var anything = regexp.MustCompile(`\\\*|<[^>]*>`)

// bracketed returns what a text of the ledger says in brackets, as in
// "burstable (db.t*)"; "" for nothing.
func bracketed(pattern string) string {
	_, inner, _ := strings.Cut(pattern, `\(`)
	inner, _, _ = strings.Cut(inner, `\)`)
	return inner
}

// spelled writes the values of an entry for a message.
func spelled(want []leaf) string {
	var out []string
	for _, w := range want {
		switch w.kind {
		case key:
			continue
		case text:
			w.text = strconv.Quote(w.text)
		}
		out = append(out, w.text)
	}
	if len(out) > 4 {
		out = append(out[:4], "...")
	}
	return strings.Join(out, " or ")
}
