package vet

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
)

// An exception is one `# bpgen:ignore <rule> <reason>` comment.
type exception struct {
	rng      hcl.Range
	rule     string
	reason   string
	from, to int        // lines it covers
	around   *exception // the nearest one for the same rule that covers its first line
	used     bool
}

// ruleIn is where exceptions for one rule stand.
type ruleIn struct{ file, rule string }

// nest tells each of the exceptions, which are in order, which one is around it:
// items of a file lie inside one another or side by side.
func nest(es []*exception) {
	var open []*exception
	for _, e := range es {
		for len(open) > 0 && open[len(open)-1].to < e.from {
			open = open[:len(open)-1]
		}
		if len(open) > 0 {
			e.around = open[len(open)-1]
		}
		open = append(open, e)
	}
}

// covers marks all exceptions that cover a line, and says whether there are any.
// Behind one that is marked all around it are.
func covers(es []*exception, line int) bool {
	after, _ := slices.BinarySearchFunc(es, line+1, func(e *exception, line int) int { return e.from - line })
	if after == 0 {
		return false
	}
	found := false
	for e := es[after-1]; e != nil; e = e.around {
		if line > e.to {
			continue
		}
		if found = true; e.used {
			break
		}
		e.used = true
	}
	return found
}

const ignoreWord = "bpgen:ignore"

// ignore drops the findings that ignore comments except, and reports comments
// that are not in order. A comment at the end of a line covers that line; a
// comment on a line of its own covers the item that follows, to its end.
func (r *runner) ignore() {
	known := Rules()
	known = append(known, r.opts.Rules...)
	ids := make([]string, len(known))
	for i, rule := range known {
		ids[i] = rule.ID()
	}

	byPlace := map[ruleIn][]*exception{}
	hints := map[string]string{} // by the name of an unknown rule
	byFile := map[string][]*exception{}
	for _, s := range r.all() {
		if s.broken || !bytes.Contains(s.bytes, []byte(ignoreWord)) {
			continue
		}
		for _, e := range exceptions(s) {
			switch {
			case e.rule == "":
				r.find(ruleIgnore, e.rng, "Ignore comment without a rule", "Write `# bpgen:ignore <rule> <reason>`: the rule to ignore here, and why.")
			case !slices.Contains(ids, e.rule):
				if _, ok := hints[e.rule]; !ok {
					hints[e.rule] = diag.DidYouMean(e.rule, ids)
				}
				r.find(ruleIgnore, e.rng, "Ignore comment for an unknown rule", "There is no rule %q. %s", e.rule, hints[e.rule])
			case e.reason == "":
				r.find(ruleIgnore, e.rng, "Ignore comment without a reason", "After %q, say why the rule does not apply here; without a reason the finding is still reported.", e.rule)
			default:
				byFile[s.path] = append(byFile[s.path], e)
				byPlace[ruleIn{s.path, e.rule}] = append(byPlace[ruleIn{s.path, e.rule}], e)
			}
		}
	}
	for _, es := range byPlace {
		slices.SortStableFunc(es, func(a, b *exception) int { return cmp.Or(a.from-b.from, b.to-a.to) })
		nest(es)
	}
	r.diags = slices.DeleteFunc(r.diags, func(d *hcl.Diagnostic) bool {
		f, ok := FindingOf(d)
		if !ok || d.Subject == nil {
			return false
		}
		return covers(byPlace[ruleIn{d.Subject.Filename, f.Rule.ID()}], d.Subject.Start.Line)
	})
	for _, s := range r.all() {
		for _, e := range byFile[s.path] {
			if !e.used {
				r.find(ruleIgnore, e.rng, "Ignore comment without effect", "The rule %q finds nothing here. Remove the comment.", e.rule)
			}
		}
	}
}

// all returns every parsed file.
func (r *runner) all() []*source {
	var out []*source
	for _, m := range r.sorted {
		out = append(out, m.files...)
	}
	return append(append(out, r.tests...), r.values...)
}

func exceptions(s *source) []*exception {
	tokens := guard.Lex(s.bytes, s.path)
	var out []*exception
	covered := following(s.body, tokens)
	code := 0 // the last line that holds code
	for i, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			if t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenEOF {
				code = t.Range.End.Line
			}
			continue
		}
		text := strings.TrimSpace(strings.TrimLeft(string(t.Bytes), "#/*"))
		rest, ok := strings.CutPrefix(text, ignoreWord)
		if !ok || rest != "" && !strings.ContainsAny(rest[:1], " \t") {
			continue
		}
		rest = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "*/"))
		e := &exception{rng: trimNewline(t.Range, t.Bytes)}
		e.rule, e.reason, _ = strings.Cut(rest, " ")
		e.reason = strings.TrimSpace(e.reason)
		if code == t.Range.Start.Line {
			e.from, e.to = code, code
		} else {
			e.from, e.to = covered[i].from, covered[i].to
		}
		out = append(out, e)
	}
	return out
}

// trimNewline drops the line end that a comment's token includes.
func trimNewline(rng hcl.Range, text []byte) hcl.Range {
	trimmed := bytes.TrimRight(text, "\r\n")
	if len(trimmed) < len(text) {
		rng.End = hcl.Pos{Line: rng.Start.Line, Column: rng.Start.Column + len([]rune(string(trimmed))), Byte: rng.Start.Byte + len(trimmed)}
	}
	return rng
}

// lines are those from one to another; none when to is less.
type lines struct{ from, to int }

// following returns, for each token, the lines of the item behind it: of the
// block or attribute that begins with the next token of code, or else the line of
// that token alone.
func following(body *hclsyntax.Body, tokens hclsyntax.Tokens) []lines {
	ends := map[int]int{}
	items(body, ends)
	out := make([]lines, len(tokens))
	next := lines{0, -1}
	for i, t := range slices.Backward(tokens) {
		out[i] = next
		switch t.Type {
		case hclsyntax.TokenComment, hclsyntax.TokenNewline:
		case hclsyntax.TokenEOF:
			next = lines{0, -1}
		default:
			line := t.Range.Start.Line
			if next = (lines{line, line}); ends[t.Range.Start.Byte] > 0 {
				next.to = ends[t.Range.Start.Byte]
			}
		}
	}
	return out
}

// items puts the last line of every block and attribute under its first byte.
func items(body *hclsyntax.Body, ends map[int]int) {
	for _, a := range body.Attributes {
		ends[a.SrcRange.Start.Byte] = a.SrcRange.End.Line
	}
	for _, b := range body.Blocks {
		rng := b.Range()
		ends[rng.Start.Byte] = rng.End.Line
		items(b.Body, ends)
	}
}
