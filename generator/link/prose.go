package link

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

var (
	htmlCitation = regexp.MustCompile(`^\s*<!--\s*notes:.*-->\s*$`)
	jsonCitation = regexp.MustCompile(`^\s*//\s*notes:`)
	citation     = regexp.MustCompile(`^\s*(#|//|<!--)\s*(notes|departs):`)
	textExpr     = regexp.MustCompile(`\$?\{\{ (.+?) \}\}`)
)

// assetText returns what a file that is not configuration becomes, whether it is
// kept, and what is wrong with it. In a text, directives guard the whole file or
// parts of it, and citations on lines of their own in Markdown and JSON go, and are
// kept beside the text; others are put into words. In runbooks/, and in files/ that
// the template itself does not read, expressions stand between double braces; what
// the code reads has the braces of its own language, and gets what varies from
// templatefile. What is in an archive as well stays as it is.
func assetText(in specialise.Input, name string, src []byte) (body, bool, hcl.Diagnostics) {
	if fault := in.Budget.Fault(); fault != nil {
		return body{}, false, hcl.Diagnostics{fault}
	}
	t := &prose{input: in, file: in.Template.Dir + "/" + name, src: src}
	if !isText(src) || in.Template.Bundled(name) {
		return body{content: src}, true, nil
	}
	if !isProse(in.Template, name) {
		if !marked(src) {
			return body{content: src}, true, nil
		}
		t.verbatim = true
	}
	content, keep := t.write()
	return body{content: content, cited: t.cited, prose: true, advice: t.advice}, keep, t.diags
}

// A body is what stands in a file that is not configuration.
type body struct {
	content []byte
	cited   []cite.Place // on lines that have gone
	prose   bool         // citations that are left are put into words
	advice  hcl.Diagnostics
}

// worded returns the content with its citations in words.
func (l *linker) worded(t body) []byte {
	if !t.prose || !cite.Marks(string(t.content)) {
		return t.content
	}
	var out bytes.Buffer
	for line := range bytes.Lines(t.content) {
		bare := bytes.TrimRight(line, "\r\n")
		out.WriteString(cite.Text(string(bare), l.lookup()))
		out.Write(line[len(bare):])
	}
	return out.Bytes()
}

// isProse says whether a file of a template is text that is filled in. What the
// code of the template may read is not: it must find what its author wrote.
func isProse(t *template.Template, name string) bool {
	own := strings.HasPrefix(name, "files/") && !slices.ContainsFunc(t.Files, func(f *template.File) bool {
		return bytes.Contains(f.Src, []byte("path.module"))
	})
	return strings.HasPrefix(name, "runbooks/") || own
}

// isText says whether a file can be read as text.
func isText(src []byte) bool { return utf8.Valid(src) && bytes.IndexByte(src, 0) < 0 }

// marked says whether a text has a line with a directive or a citation.
func marked(src []byte) bool {
	for line := range bytes.Lines(src) {
		if text := bytes.TrimRight(line, "\r\n"); bytes.Contains(text, []byte("bpgen:")) && template.TextDirective.Match(text) || citation.Match(text) {
			return true
		}
	}
	return false
}

// prose is a text that is being filled in.
type prose struct {
	input  specialise.Input
	file   string
	src    []byte
	cited  []cite.Place
	last   int // line written last that is not empty
	diags  hcl.Diagnostics
	advice hcl.Diagnostics // for the author of the template or the blueprint

	verbatim bool // double braces belong to the text
	fenced   bool // in a block of code
}

// fence matches a line that begins or ends a block of code in Markdown.
var fence = regexp.MustCompile("^\\s*(```|~~~)")

// code says whether an open word needs backticks of its own at the end of what is
// written of a line, so that Markdown does not take it for a tag.
func (t *prose) code(written string) bool {
	return strings.HasSuffix(t.file, ".md") && !t.fenced && strings.Count(written, "`")%2 == 0
}

// outside fills in a line, and notes whether the next one is in a block of code.
func (t *prose) outside(number, start int, text []byte) string {
	if fence.Match(text) {
		t.fenced = !t.fenced
	}
	return t.called(number, start, t.filled(number, start, text))
}

// An opened directive waits for its end.
type opened struct {
	line, start int
	keep        bool // what stands around it
}

func (t *prose) write() ([]byte, bool) {
	var out bytes.Buffer
	var open []opened
	keep := true   // this line
	blank := true  // the last line written is empty, or there is none
	joint := false // a line that went stood in front of this one
	number, start, written := 0, 0, 0
	json := strings.HasSuffix(t.file, ".json")
	for line := range bytes.Lines(t.src) {
		number++
		text := bytes.TrimRight(line, "\r\n")
		m := t.directive(number, start, text, len(open))
		switch {
		case m != nil && string(text[m[2]:m[3]]) == "if":
			cond := keep && t.condition(number, start, m[4], m[5])
			if number > 1 || closed(t.src) {
				open = append(open, opened{number, start, keep})
				keep = cond
			} else if !cond {
				return nil, false // it guards the whole file
			}
			joint = true
		case m != nil && len(open) == 0:
			t.errorAt(number, start, "bpgen:end without bpgen:if", "This bpgen:end has no bpgen:if above it.")
		case m != nil:
			keep, open = open[len(open)-1].keep, open[:len(open)-1]
			joint = true
		case bytes.Contains(text, []byte("notes:")) && (htmlCitation.Match(text) || json && jsonCitation.Match(text)):
			joint = true // it would part the items of a list, and JSON has no comments
			if keep {
				t.cite(text, written, json)
			}
		case keep:
			empty := len(bytes.TrimSpace(text)) == 0
			if !joint || !blank || !empty {
				out.WriteString(t.outside(number, start, text))
				out.Write(line[len(text):])
				if written++; !empty {
					t.last = written
				}
				blank, joint = empty, false
			}
		}
		start += len(line)
	}
	for _, o := range open {
		t.errorAt(o.line, o.start, "bpgen:if without bpgen:end", "A bpgen:if in prose ends at a line with bpgen:end. Only a directive on the first line of a file needs none: it applies to the whole file.")
	}
	if joint && blank {
		return append(bytes.TrimRight(out.Bytes(), "\r\n"), '\n'), true
	}
	return out.Bytes(), true
}

// cite keeps the citation of a line that goes, given how many lines are written: it
// is below the paragraph that it speaks of, in JSON above.
func (t *prose) cite(line []byte, written int, above bool) {
	at := t.last
	if above {
		at = written + 1
	}
	comment := strings.TrimSuffix(strings.TrimSpace(string(line)), "-->")
	ids, _ := cite.Parse(strings.TrimSpace(strings.TrimPrefix(comment, "<!--")))
	for _, id := range ids {
		t.cited = append(t.cited, cite.Place{Line: max(at, 1), ID: id})
	}
}

// closed says whether the directive on the first line has an end, and so does
// not guard the whole file.
func closed(src []byte) bool {
	depth := 0
	for line := range bytes.Lines(src) {
		var m [][]byte
		if bytes.Contains(line, []byte("bpgen:")) {
			m = template.TextDirective.FindSubmatch(bytes.TrimRight(line, "\r\n"))
		}
		switch {
		case m == nil:
		case string(m[1]) == "if":
			depth++
		default:
			depth--
		}
	}
	return depth <= 0
}

// directive returns where the words of a directive are in a line; nil where it holds
// none. In a file that the code reads it is a condition over variables, or the end of
// one: anything else belongs to the file, and a warning says so.
func (t *prose) directive(line, start int, text []byte, open int) []int {
	if !bytes.Contains(text, []byte("bpgen:")) { // few lines do; the expression is slow
		return nil
	}
	m := template.TextDirective.FindSubmatchIndex(text)
	if m == nil || !t.verbatim {
		return m
	}
	if string(text[m[2]:m[3]]) != "if" {
		if open == 0 {
			return nil
		}
		return m
	}
	at := hcl.Pos{Line: line, Column: m[4] + 1, Byte: start + m[4]}
	x, diags := guard.ParseExpression(text[m[4]:m[5]], t.file, at)
	if !diags.HasErrors() && !slices.ContainsFunc(x.Variables(), func(ref hcl.Traversal) bool { return ref.RootName() != "var" }) {
		return m
	}
	end := hcl.Pos{Line: line, Column: m[5] + 1, Byte: start + m[5]}
	t.diags = append(t.diags, diag.Warning(hcl.Range{Filename: t.file, Start: at, End: end}, "Not a directive", "This line looks like a directive, but its condition uses no variables, so it stays in the file that the code reads."))
	return nil
}

// condition decides the condition of a directive, given where it stands in its
// line.
func (t *prose) condition(line, start, from, to int) bool {
	r, rng := t.eval(line, start, from, to, "Not a condition", "bpgen:if must be followed by a condition that uses variables.")
	if r.Err != nil {
		return false
	}
	keep, ok := r.Bool()
	if !ok {
		t.diags = append(t.diags, diag.Error(rng, "Directive condition is unknown", "The condition of a bpgen:if directive must be known at render time."))
	}
	return keep
}

// filled evaluates the expressions of a line.
func (t *prose) filled(line, start int, text []byte) string {
	if t.verbatim || !bytes.Contains(text, []byte("{{ ")) {
		return string(text)
	}
	var b strings.Builder
	last := 0
	for _, m := range textExpr.FindAllSubmatchIndex(text, -1) {
		if text[m[0]] == '$' {
			continue // of another language
		}
		b.Write(text[last:m[0]])
		last = m[1]
		r, rng := t.eval(line, start, m[2], m[3], "Not an expression", "Double braces must contain an expression that uses variables; write {{ \"{{\" }} for the braces themselves.")
		switch s, ok := spoken(r); {
		case r.Err != nil:
		case !ok:
			t.diags = append(t.diags, diag.Error(rng, "Not a printable value", "Only strings, numbers and bools that are neither null nor sensitive can be interpolated; use join or jsonencode to turn other values into strings."))
		case !r.Known() && t.code(b.String()):
			b.WriteString("`" + s + "`")
		default:
			b.WriteString(s)
		}
	}
	b.Write(text[last:])
	return b.String()
}

// eval evaluates an expression of the text. What is wrong with it is reported.
func (t *prose) eval(line, start, from, to int, summary, detail string) (specialise.Result, hcl.Range) {
	at := hcl.Pos{Line: line, Column: from + 1, Byte: start + from}
	rng := hcl.Range{Filename: t.file, Start: at, End: hcl.Pos{Line: line, Column: to + 1, Byte: start + to}}
	text := t.src[start+from : start+to]
	x, diags := guard.ParseExpression(text, t.file, at)
	if diags.HasErrors() {
		d := diag.Error(rng, summary, "%s %s", detail, diags[0].Detail)
		t.diags = append(t.diags, d)
		return specialise.Failed(d), rng
	}
	const dear = 512 // to be read, evaluated and written
	if fault := t.input.Budget.Make(dear, x); fault != nil {
		return specialise.Failed(fault), rng
	}
	r := specialise.Evaluate(t.input, x, t.file, t.src)
	if r.Err != nil {
		t.diags = append(t.diags, r.Err)
	}
	return r, rng
}

func (t *prose) errorAt(line, start int, summary, detail string) {
	at := hcl.Pos{Line: line, Column: 1, Byte: start}
	t.diags = append(t.diags, diag.Error(hcl.Range{Filename: t.file, Start: at, End: at}, summary, "%s", detail))
}

// spoken writes a result as text. What only a user of the module knows becomes
// a word between angle brackets: var.name becomes <name>.
func spoken(r specialise.Result) (string, bool) {
	switch {
	case r.Err != nil || r.Sensitive:
		return "", false
	case r.Known():
		return plainText(r.Val)
	}
	text := []byte(r.Text())
	x, diags := guard.PrintedExpression(text)
	if diags.HasErrors() {
		return "", false
	}
	return spell(x, text), true
}

func plainText(v cty.Value) (string, bool) {
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() || !s.IsKnown() {
		return "", false
	}
	return s.AsString(), true
}

func spell(x hclsyntax.Expression, src []byte) string {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return spell(x.Expression, src)
	case *hclsyntax.TemplateWrapExpr:
		return spell(x.Wrapped, src)
	case *hclsyntax.TemplateExpr:
		var b strings.Builder
		for _, p := range x.Parts {
			b.WriteString(spell(p, src))
		}
		return b.String()
	case *hclsyntax.LiteralValueExpr:
		if s, ok := plainText(x.Val); ok {
			return s
		}
	}
	return fmt.Sprintf("<%s>", strings.TrimPrefix(string(x.Range().SliceBytes(src)), "var."))
}
