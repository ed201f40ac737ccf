package specialise

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
)

// A segment is a part of a template string: literal text, an interpolation, or
// the bare opening, middle or end of a directive.
type segment struct {
	literal   string // decoded
	interp    string // expression text
	directive string // inside of %{ }
}

func (ev *evaluator) templateWrap(e *hclsyntax.TemplateWrapExpr, s *scope) Result {
	r := ev.eval(e.Wrapped, s)
	if r.Err != nil {
		return r
	}
	if !r.Changed {
		r.text, r.prec = ev.sources.text(e.Range()), precTerm
	}
	return r
}

// template folds a quoted template or heredoc.
func (ev *evaluator) template(e *hclsyntax.TemplateExpr, s *scope) Result {
	if len(e.Parts) == 0 {
		return ev.unchanged(e, cty.StringVal(""))
	}
	segs, res, bad := ev.segments(e.Parts, s)
	if bad != nil {
		return *bad
	}
	isHeredoc := strings.HasPrefix(ev.sources.text(e.Range()), "<<")
	if val, ok := foldSegments(res); ok {
		out := knownResult(val)
		if !anyChanged(res) {
			same := ev.unchanged(e, val)
			if isHeredoc {
				same.heredoc, same.text = same.text, quoteSegments(segs)
			}
			return same
		}
		if !val.IsMarked() && !lone(segs) {
			out.text = quoteSegments(segs)
		}
		if isHeredoc && !val.IsMarked() {
			out.heredoc = ev.heredoc(e, segs)
		}
		return out
	}
	if !anyChanged(res) {
		out := residual(ev.sources.text(e.Range()), precTerm, cty.String, false)
		out.NotNull, out.Sensitive, out.perhaps = true, anySensitive(res...), perhaps(res...)
		if isHeredoc {
			// A heredoc that is linked into some other place needs quotes there.
			out.heredoc, out.text = out.text, quoteSegments(segs)
			if lone(segs) {
				out.text = "tostring(" + mergeLiterals(segs)[0].interp + ")"
			}
		}
		return out
	}
	segs = mergeLiterals(segs)
	if len(segs) == 1 && segs[0].interp != "" {
		return ev.single(res)
	}
	out := residual(quoteSegments(segs), precTerm, cty.String, true)
	out.NotNull, out.Sensitive, out.perhaps = true, anySensitive(res...), perhaps(res...)
	if isHeredoc {
		out.heredoc = ev.heredoc(e, segs)
	}
	return out
}

// lone says whether one interpolation is all that segments hold. As a template
// it would be the value itself, whatever its type.
func lone(segs []segment) bool {
	segs = mergeLiterals(segs)
	return len(segs) == 1 && segs[0].interp != ""
}

// single returns a template of which only one interpolation is left: the same
// as the expression in it, but always a string.
func (ev *evaluator) single(res []Result) Result {
	for _, r := range res {
		if !r.Known() {
			if r.Type == cty.String {
				return changed(r)
			}
			out := wrapCall("tostring", r, cty.String)
			out.NotNull = true
			return out
		}
	}
	return failed(diag.Bug(hcl.Range{}, "A template lost its interpolation."))
}

func anyChanged(rs []Result) bool {
	return slices.ContainsFunc(rs, func(r Result) bool { return r.Changed })
}

// foldSegments returns the string that results make when all are known.
func foldSegments(res []Result) (cty.Value, bool) {
	var b strings.Builder
	marks := cty.ValueMarks{}
	for _, r := range res {
		if !r.Known() {
			return cty.NilVal, false
		}
		v, m := r.Val.Unmark()
		for k := range m {
			marks[k] = struct{}{}
		}
		sv, err := convertUnmarked(v, cty.String)
		if err != nil || sv.IsNull() || !sv.IsKnown() {
			return cty.NilVal, false
		}
		b.WriteString(sv.AsString())
	}
	out := cty.StringVal(b.String())
	if len(marks) > 0 {
		out = out.WithMarks(marks)
	}
	return out, true
}

// segments evaluates the parts of a template. It returns the segments of the
// new text and the results of the parts that are in it.
func (ev *evaluator) segments(parts []hclsyntax.Expression, s *scope) ([]segment, []Result, *Result) {
	var segs []segment
	var res []Result
	for i, p := range parts {
		if bad := ev.part(p); bad != nil {
			return nil, nil, bad
		}
		sub, r, bad := ev.segment(parts, i, p, s)
		if bad != nil {
			return nil, nil, bad
		}
		segs, res = append(segs, sub...), append(res, r...)
	}
	return segs, res, nil
}

func (ev *evaluator) segment(parts []hclsyntax.Expression, i int, p hclsyntax.Expression, s *scope) ([]segment, []Result, *Result) {
	switch x := p.(type) {
	case *hclsyntax.LiteralValueExpr:
		if x.Val.Type() == cty.String && !x.Val.IsNull() && !strings.HasPrefix(ev.before(x), "${") {
			return ev.words(x, i > 0 && ev.isModulePath(parts[i-1]))
		}
	case *hclsyntax.ConditionalExpr:
		if ev.isDirective(x.Range()) {
			return ev.ifDirective(x, s)
		}
	case *hclsyntax.TemplateJoinExpr:
		return ev.forDirective(x, s)
	}
	if ev.isModulePath(p) && ev.leadsToMoved(parts[i+1:]) {
		r := residual("path.module", precTerm, cty.String, false)
		return []segment{{interp: "path.module"}}, []Result{r}, nil
	}
	r := ev.evalIn(p, s)
	if r.Err != nil {
		return nil, nil, &r
	}
	if r.Known() && !r.Sensitive {
		return ev.interpolated(p, r, s)
	}
	if inner, ok := innerTemplate(r); ok {
		return inner, []Result{r}, nil
	}
	return []segment{{interp: r.Text()}}, []Result{r}, nil
}

// words evaluates what a template holds between its interpolations. Behind
// path.module it may name a file that has another place in the result.
func (ev *evaluator) words(x *hclsyntax.LiteralValueExpr, behindPath bool) ([]segment, []Result, *Result) {
	r := ev.unchanged(x, x.Val)
	if behindPath {
		if moved, ok := ev.modulePath.literal(x.Val.AsString()); ok {
			r = knownResult(cty.StringVal(moved))
		}
	}
	if text, ok := ev.speech.of(x); ok {
		r = knownResult(cty.StringVal(text))
	}
	v, _ := r.Val.Unmark()
	return []segment{{literal: v.AsString()}}, []Result{r}, nil
}

// leadsToMoved says whether the parts behind a path.module begin with the path
// of a file that has another place in the result.
func (ev *evaluator) leadsToMoved(parts []hclsyntax.Expression) bool {
	if len(parts) == 0 {
		return false
	}
	l, ok := parts[0].(*hclsyntax.LiteralValueExpr)
	if !ok || l.Val.Type() != cty.String {
		return false
	}
	_, moved := ev.modulePath.literal(l.Val.AsString())
	return moved
}

// interpolated puts a constant into the text of a template.
func (ev *evaluator) interpolated(p hclsyntax.Expression, r Result, s *scope) ([]segment, []Result, *Result) {
	sv, err := convertUnmarked(r.Val, cty.String)
	switch {
	case (err != nil || sv.IsNull()) && s.isTentative():
		return []segment{{interp: r.Text()}}, []Result{residual(r.Text(), precTerm, cty.String, r.Changed)}, nil
	case err != nil:
		bad := failed(diag.Error(p.Range(), "Invalid template interpolation value", "Only strings, numbers and bools can be interpolated: %s.", err))
		return nil, nil, &bad
	case sv.IsNull():
		bad := failed(diag.Error(p.Range(), "Invalid template interpolation value", "With the chosen options the expression is null, which cannot be interpolated."))
		return nil, nil, &bad
	case !r.Changed:
		return []segment{{interp: ev.sources.text(p.Range())}}, []Result{r}, nil
	}
	return []segment{{literal: sv.AsString()}}, []Result{r}, nil
}

// innerTemplate takes a quoted template apart that is to stand in another one.
func innerTemplate(r Result) ([]segment, bool) {
	if !r.Changed || r.Type != cty.String || !strings.HasPrefix(r.text, `"`) {
		return nil, false
	}
	expr, diags := guard.PrintedExpression([]byte(r.text))
	t, ok := expr.(*hclsyntax.TemplateExpr)
	if diags.HasErrors() || !ok {
		return nil, false
	}
	var out []segment
	for _, p := range t.Parts {
		if l, ok := p.(*hclsyntax.LiteralValueExpr); ok && l.Val.Type() == cty.String {
			out = append(out, segment{literal: l.Val.AsString()})
			continue
		}
		switch p.(type) {
		case *hclsyntax.ScopeTraversalExpr, *hclsyntax.FunctionCallExpr, *hclsyntax.RelativeTraversalExpr, *hclsyntax.IndexExpr:
			rng := p.Range()
			out = append(out, segment{interp: r.text[rng.Start.Byte:rng.End.Byte]})
		default:
			return nil, false
		}
	}
	return out, true
}

// before returns the two bytes in front of an expression, blanks skipped.
func (ev *evaluator) before(e hclsyntax.Expression) string {
	src := ev.sources[e.Range().Filename]
	if src == nil {
		return ""
	}
	i := e.Range().Start.Byte
	for i > 0 && (src.src[i-1] == ' ' || src.src[i-1] == '~' || src.src[i-1] == '\t') {
		i--
	}
	if i < 2 {
		return ""
	}
	return string(src.src[i-2 : i])
}

func (ev *evaluator) isDirective(rng hcl.Range) bool {
	src := ev.sources[rng.Filename]
	return src != nil && strings.HasPrefix(string(src.src[rng.Start.Byte:min(len(src.src), rng.Start.Byte+2)]), "%{")
}

func (ev *evaluator) ifDirective(e *hclsyntax.ConditionalExpr, s *scope) ([]segment, []Result, *Result) {
	cond := ev.evalIn(e.Condition, s)
	if cond.Err != nil {
		return nil, nil, &cond
	}
	if b, ok := knownBool(cond); ok && !cond.Sensitive {
		taken := e.TrueResult
		if !b {
			taken = e.FalseResult
		}
		if !ev.hidesSecret(e, taken, s) {
			segs, res, bad := ev.segments(templateParts(taken), s)
			return segs, append(res, changed(knownResult(cty.StringVal("")))), bad
		}
	}
	s = s.tentatively()
	t, tr, bad := ev.segments(templateParts(e.TrueResult), s)
	if bad != nil {
		return nil, nil, bad
	}
	f, fr, bad := ev.segments(templateParts(e.FalseResult), s)
	if bad != nil {
		return nil, nil, bad
	}
	segs := append([]segment{{directive: "if " + cond.Text()}}, t...)
	if len(mergeLiterals(f)) > 0 {
		segs = append(append(segs, segment{directive: "else"}), f...)
	}
	segs = append(segs, segment{directive: "endif"})
	r := residual("", precTerm, cty.String, cond.Changed || anyChanged(tr) || anyChanged(fr))
	r.Sensitive = cond.Sensitive || anySensitive(tr...) || anySensitive(fr...)
	r.perhaps = !topSensitive(cond) || cond.perhaps
	return segs, []Result{r}, nil
}

// hidesSecret says whether the branch of a directive that is not taken makes the
// text sensitive, as both do.
func (ev *evaluator) hidesSecret(e *hclsyntax.ConditionalExpr, taken hclsyntax.Expression, s *scope) bool {
	other := e.FalseResult
	if taken == other {
		other = e.TrueResult
	}
	_, res, bad := ev.segments(templateParts(other), s.tentatively())
	return bad == nil && anySensitive(res...)
}

func (ev *evaluator) forDirective(e *hclsyntax.TemplateJoinExpr, s *scope) ([]segment, []Result, *Result) {
	f, ok := e.Tuple.(*hclsyntax.ForExpr)
	if !ok {
		bad := failed(diag.Bug(e.Range(), "A template directive has an unknown form."))
		return nil, nil, &bad
	}
	coll := ev.evalIn(f.CollExpr, s)
	if coll.Err != nil {
		return nil, nil, &coll
	}
	if elems, ok := coll.elements(); ok && !ev.mayFail(coll, s) && !varies(coll) {
		var segs []segment
		res := []Result{changed(knownResult(cty.StringVal("")))}
		for _, el := range elems {
			names := map[string]Result{f.ValVar: el.value}
			if f.KeyVar != "" {
				names[f.KeyVar] = el.key
			}
			sub, r, bad := ev.segments(templateParts(f.ValExpr), s.bind(names))
			if bad != nil {
				return nil, nil, bad
			}
			segs, res = append(segs, sub...), append(res, r...)
		}
		return segs, res, nil
	}
	return ev.openDirective(e, f, coll, s)
}

// openDirective keeps a for directive and specialises what is in it.
func (ev *evaluator) openDirective(e *hclsyntax.TemplateJoinExpr, f *hclsyntax.ForExpr, coll Result, s *scope) ([]segment, []Result, *Result) {
	var sub []segment
	var res []Result
	var bad *Result
	intro, renamed := "", false
	ok := withNames(f, func(rename renames) map[string]bool {
		inner := ev.openLoop(f, coll, s, rename)
		inner.tentative = true
		sub, res, bad = ev.segments(templateParts(f.ValExpr), inner)
		intro, renamed = rename.name(f.ValVar), len(rename) > 0
		if f.KeyVar != "" {
			intro = rename.name(f.KeyVar) + ", " + intro
		}
		return inner.captured
	})
	if !ok {
		failure := failed(captureError(e.Range(), f.ValVar))
		bad = &failure
	}
	if bad != nil {
		return nil, nil, bad
	}
	segs := append([]segment{{directive: "for " + intro + " in " + coll.Text()}}, sub...)
	segs = append(segs, segment{directive: "endfor"})
	r := residual("", precTerm, cty.String, coll.Changed || renamed || anyChanged(res))
	r.Sensitive = coll.Sensitive || anySensitive(res...)
	r.perhaps = !topSensitive(coll) || coll.perhaps
	return segs, []Result{r}, nil
}

func captureError(rng hcl.Range, name string) *hcl.Diagnostic {
	return diag.Error(rng, "Loop variable hides a name", "In this loop %q would hide something with the same name in the linked module. Give the loop variable another name in the template.", name)
}

// templateParts returns the parts of a directive's body.
func templateParts(e hclsyntax.Expression) []hclsyntax.Expression {
	if t, ok := e.(*hclsyntax.TemplateExpr); ok {
		return t.Parts
	}
	return []hclsyntax.Expression{e}
}

func mergeLiterals(segs []segment) []segment {
	var out []segment
	var run strings.Builder // of literals
	end := func() {
		if run.Len() > 0 {
			out = append(out, segment{literal: run.String()})
			run.Reset()
		}
	}
	for _, sg := range segs {
		if sg.interp == "" && sg.directive == "" {
			run.WriteString(sg.literal)
			continue
		}
		end()
		out = append(out, sg)
	}
	end()
	return out
}

// quoteSegments writes segments as a quoted template.
func quoteSegments(segs []segment) string {
	var b strings.Builder
	b.WriteByte('"')
	merged := mergeLiterals(segs)
	for i, sg := range merged {
		switch {
		case sg.interp != "":
			b.WriteString("${" + sg.interp + "}")
		case sg.directive != "":
			b.WriteString("%{ " + sg.directive + " }")
		case i+1 < len(merged):
			b.WriteString(escapeBefore(sg.literal))
		default:
			b.WriteString(escapeQuoted(sg.literal))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// heredoc writes segments as a heredoc in the style of the source, or returns
// "" when a heredoc cannot hold them. What it returns has been parsed again.
func (ev *evaluator) heredoc(e *hclsyntax.TemplateExpr, segs []segment) string {
	segs = mergeLiterals(segs)
	src := ev.sources.text(e.Range())
	open, _, _ := strings.Cut(src, "\n")
	marker := strings.TrimSpace(strings.TrimLeft(open, "<-"))
	for _, flush := range []bool{strings.HasPrefix(open, "<<-"), false} {
		text, ok := writeHeredoc(marker, flush, segs)
		if ok && sameTemplate(text, segs) {
			return text
		}
	}
	return ""
}

func writeHeredoc(marker string, flush bool, segs []segment) (string, bool) {
	indent := ""
	open := "<<"
	if flush {
		open, indent = "<<-", "    "
	}
	var b strings.Builder
	lineStart := true
	put := func(s string) {
		for line := range strings.SplitAfterSeq(s, "\n") {
			if line == "" {
				continue
			}
			if lineStart && line != "\n" {
				b.WriteString(indent)
			}
			b.WriteString(line)
			lineStart = strings.HasSuffix(line, "\n")
		}
	}
	for _, sg := range segs {
		switch {
		case sg.interp != "":
			put("${" + sg.interp + "}")
		case sg.directive != "":
			put("%{ " + sg.directive + " }")
		default:
			lit, ok := escapeHeredoc(sg.literal)
			if !ok {
				return "", false
			}
			put(lit)
		}
	}
	if !lineStart {
		return "", false // a heredoc always ends with a line end
	}
	return open + marker + "\n" + b.String() + marker, true
}

// sameTemplate says whether text parses to exactly the segments.
func sameTemplate(text string, segs []segment) bool {
	expr, diags := guard.PrintedExpression([]byte(text + "\n"))
	if diags.HasErrors() {
		return false
	}
	var got []segment
	var walk func(parts []hclsyntax.Expression) bool
	piece := func(e hclsyntax.Expression) string { return text[e.Range().Start.Byte:e.Range().End.Byte] }
	walk = func(parts []hclsyntax.Expression) bool {
		for _, p := range parts {
			switch x := p.(type) {
			case *hclsyntax.LiteralValueExpr:
				if x.Val.Type() == cty.String && !x.Val.IsNull() {
					got = append(got, segment{literal: x.Val.AsString()})
					continue
				}
			case *hclsyntax.ConditionalExpr:
				if strings.HasPrefix(piece(x), "%{") {
					got = append(got, segment{directive: "if " + piece(x.Condition)})
					walk(templateParts(x.TrueResult))
					if f := templateParts(x.FalseResult); len(f) > 0 && !isEmptyLiteral(f) {
						got = append(got, segment{directive: "else"})
						walk(f)
					}
					got = append(got, segment{directive: "endif"})
					continue
				}
			case *hclsyntax.TemplateJoinExpr:
				f, ok := x.Tuple.(*hclsyntax.ForExpr)
				if !ok {
					return false
				}
				intro := f.ValVar
				if f.KeyVar != "" {
					intro = f.KeyVar + ", " + intro
				}
				got = append(got, segment{directive: "for " + intro + " in " + piece(f.CollExpr)})
				walk(templateParts(f.ValExpr))
				got = append(got, segment{directive: "endfor"})
				continue
			}
			got = append(got, segment{interp: piece(p)})
		}
		return true
	}
	if !walk(templateParts(expr)) {
		return false
	}
	return slices.Equal(mergeLiterals(got), segs)
}

func isEmptyLiteral(parts []hclsyntax.Expression) bool {
	if len(parts) != 1 {
		return false
	}
	l, ok := parts[0].(*hclsyntax.LiteralValueExpr)
	return ok && l.Val.Type() == cty.String && !l.Val.IsNull() && l.Val.AsString() == ""
}

// A modulePath says where the files of a template lie in the linked module.
type modulePath struct {
	dir    string // "files/service", relative to the module
	pretty bool   // "/files/" in front of a path becomes "/<dir>/"
}

// literal rewrites the text behind ${path.module} in a template string.
func (m modulePath) literal(s string) (string, bool) {
	switch {
	case m.dir == "":
		return s, false
	case m.pretty && strings.HasPrefix(s, "/files/"):
		return "/" + m.dir + strings.TrimPrefix(s, "/files"), true
	case !m.pretty && strings.HasPrefix(s, "/"):
		dir, last := path.Split(s) // "/../x" leads out of a folder that need not be there
		if last == ".." {
			return "/" + m.dir + s, true
		}
		return "/" + strings.TrimSuffix(path.Join(m.dir, dir), "/") + "/" + last, true
	}
	return s, false
}

func (ev *evaluator) isModulePath(e hclsyntax.Expression) bool {
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok || t.Traversal.RootName() != "path" || len(t.Traversal) != 2 {
		return false
	}
	a, ok := t.Traversal[1].(hcl.TraverseAttr)
	return ok && a.Name == "module"
}
