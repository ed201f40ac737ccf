package diag

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/columns"
)

const (
	// Most is how many diagnostics Print shows of one run. Nobody reads more, and
	// the first ones are often the cause of the others.
	Most = 50
	// mostLines is how many source lines one of them shows.
	mostLines = 20
	// longLine is where a source line is cut, in characters.
	longLine = 400
	// longValue is where the value of a variable is cut, in characters.
	longValue = 60
)

// A Painter gives text a colour, by the codes of a terminal such as "31".
type Painter func(code, text string) string

// Print writes diagnostics to w in order, each with the source lines it is
// about where sources holds the file, wrapped at width; 0 does not wrap, and no
// painter does not paint. Of more than Most the errors come first, and the rest
// is counted.
//
// It does what HCL's own writer does, but does not read a file from its start
// for every diagnostic about it.
func Print(w io.Writer, sources map[string]*hcl.File, diags hcl.Diagnostics, width int, paint Painter) error {
	if paint == nil {
		paint = func(_, text string) string { return text }
	}
	if width > 0 {
		width = max(width, 40)
	}
	p := printer{sources: sources, lines: map[string][]int{}, width: width, paint: paint}
	shown, rest := pick(Ready(diags))
	for _, d := range shown {
		p.one(d)
		if _, err := p.out.WriteTo(w); err != nil {
			return err
		}
	}
	if rest == "" {
		return nil
	}
	_, err := io.WriteString(w, rest+"\n\n")
	return err
}

// pick returns the diagnostics to show, and says what is left out.
func pick(sorted hcl.Diagnostics) (shown hcl.Diagnostics, rest string) {
	if len(sorted) <= Most {
		return sorted, ""
	}
	left := map[hcl.DiagnosticSeverity]int{}
	for _, d := range sorted {
		left[d.Severity]++
	}
	room := map[hcl.DiagnosticSeverity]int{hcl.DiagError: min(Most, left[hcl.DiagError])}
	room[hcl.DiagWarning] = Most - room[hcl.DiagError]
	for _, d := range sorted {
		if room[d.Severity] > 0 {
			room[d.Severity]--
			left[d.Severity]--
			shown = append(shown, d)
		}
	}
	var parts []string
	for _, kind := range []struct {
		severity hcl.DiagnosticSeverity
		word     string
	}{{hcl.DiagError, "error"}, {hcl.DiagWarning, "warning"}} {
		switch n := left[kind.severity]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+kind.word)
		default:
			parts = append(parts, fmt.Sprintf("%d %ss", n, kind.word))
		}
	}
	return shown, fmt.Sprintf("... and %d more: %s.", len(sorted)-len(shown), strings.Join(parts, " and "))
}

// A printer writes diagnostics as text.
type printer struct {
	out     bytes.Buffer
	sources map[string]*hcl.File
	lines   map[string][]int // where each line begins, by file
	width   int
	paint   Painter
}

func (p *printer) one(d *hcl.Diagnostic) {
	word := p.paint("31", "Error")
	if d.Severity == hcl.DiagWarning {
		word = p.paint("33", "Warning")
	}
	fmt.Fprintf(&p.out, "%s: %s\n\n", word, d.Summary)
	if d.Subject != nil {
		p.place(d)
		p.values(d)
	}
	if d.Detail != "" {
		detail := d.Detail
		if p.width > 0 {
			detail = strings.Join(columns.Wrap(detail, p.width), "\n")
		}
		p.out.WriteString(detail + "\n\n")
	}
}

// place says where a diagnostic is, and shows the lines.
func (p *printer) place(d *hcl.Diagnostic) {
	fmt.Fprintf(&p.out, "  on %s line %d", d.Subject.Filename, d.Subject.Start.Line)
	file := p.sources[d.Subject.Filename]
	if file == nil || file.Bytes == nil {
		p.out.WriteString(":\n  (source code not available)\n\n")
		return
	}
	if nav, ok := file.Nav.(interface{ ContextString(offset int) string }); ok {
		if where := nav.ContextString(d.Subject.Start.Byte); where != "" {
			p.out.WriteString(", in " + where)
		}
	}
	p.out.WriteString(":\n")
	p.snippet(d, file.Bytes)
	p.out.WriteByte('\n')
}

// A span is a part of a file, in bytes.
type span struct{ from, to int }

func spanOf(r hcl.Range) span {
	return span{r.Start.Byte, max(r.End.Byte, r.Start.Byte+1)} // an empty range is a place
}

// snippet shows the lines of a diagnostic.
func (p *printer) snippet(d *hcl.Diagnostic, src []byte) {
	name := d.Subject.Filename
	starts, ok := p.lines[name]
	if !ok {
		starts = LineStarts(src)
		p.lines[name] = starts
	}
	mark := spanOf(*d.Subject)
	shown := mark
	if d.Context != nil {
		c := spanOf(*d.Context)
		shown = span{min(mark.from, c.from), max(mark.to, c.to)}
	}
	row, exact := slices.BinarySearch(starts, shown.from)
	if !exact {
		row--
	}
	for n := 0; row < len(starts) && starts[row] <= shown.to; row++ {
		line := span{starts[row], len(src)}
		if row+1 < len(starts) {
			line.to = starts[row+1]
		}
		text := bytes.TrimRight(src[line.from:line.to], "\r\n")
		if line.to = line.from + len(text); len(text) == 0 || shown.from > line.to {
			continue
		}
		if n++; n > mostLines {
			p.out.WriteString("      ...\n")
			return
		}
		p.line(row+1, src, line, mark)
	}
}

// LineStarts returns where each line of src begins, in bytes.
func LineStarts(src []byte) []int {
	starts := make([]int, 1, 1+bytes.Count(src, []byte{'\n'}))
	for i, b := range src {
		if b == '\n' && i+1 < len(src) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// line shows one source line with what is meant of it, and cuts a long one
// around that.
func (p *printer) line(number int, src []byte, line, mark span) {
	mark.from, mark.to = min(max(mark.from, line.from), line.to), max(min(mark.to, line.to), line.from)
	mark.to = max(mark.from, mark.to)
	before, meant, after := string(src[line.from:mark.from]), string(src[mark.from:mark.to]), string(src[mark.to:line.to])
	if line.to-line.from > longLine {
		before, meant, after = tail(before, longLine/4), head(meant, longLine/2), head(after, longLine/4)
	}
	if meant != "" {
		meant = p.paint("1;4", meant)
	}
	fmt.Fprintf(&p.out, "%4d: %s%s%s\n", number, before, meant, after)
}

const ellipsis = "..."

// head returns the first n characters of a text, tail the last ones.
func head(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + ellipsis
		}
	}
	return s
}

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s[max(0, len(s)-4*n):])
	return ellipsis + string(r[max(0, len(r)-n):])
}

// values tells the values of the variables in the expression that is meant.
func (p *printer) values(d *hcl.Diagnostic) {
	if d.Expression == nil || d.EvalContext == nil {
		return
	}
	var told []string
	for _, ref := range d.Expression.Variables() {
		v, diags := ref.TraverseAbs(d.EvalContext)
		if diags.HasErrors() || !v.IsKnown() || v.ContainsMarked() {
			continue
		}
		name := spell(ref)
		if v.IsNull() {
			told = append(told, name+" set to null")
		} else {
			told = append(told, name+" as "+describe(v))
		}
	}
	slices.Sort(told)
	if told = slices.Compact(told); len(told) > 0 {
		p.out.WriteString("with " + strings.Join(told, ",\n     ") + ".\n\n")
	}
}

// spell writes a reference as HCL does.
func spell(ref hcl.Traversal) string {
	var b strings.Builder
	for _, step := range ref {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(step.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			b.WriteString("[" + describe(step.Key) + "]")
		}
	}
	return b.String()
}

// describe shows a known value in short.
func describe(v cty.Value) string {
	ty := v.Type()
	switch {
	case ty == cty.Bool:
		return fmt.Sprint(v.True())
	case ty == cty.Number:
		return v.AsBigFloat().Text('g', 10)
	case ty == cty.String:
		return fmt.Sprintf("%q", head(v.AsString(), longValue))
	case !v.CanIterateElements():
		return ty.FriendlyName()
	}
	switch n := v.LengthInt(); n {
	case 0:
		return "empty " + ty.FriendlyName()
	case 1:
		return ty.FriendlyName() + " with 1 element"
	default:
		return fmt.Sprintf("%s with %d elements", ty.FriendlyName(), n)
	}
}
