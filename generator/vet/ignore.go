package vet

import (
	"bytes"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
)

// An exception is one `# bpgen:ignore <rule> <reason>` comment.
type exception struct {
	rng      hcl.Range
	rule     string
	reason   string
	from, to int // lines it covers
	used     bool
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

	hints := map[string]string{} // by the name of an unknown rule
	byFile := map[string][]*exception{}
	for _, s := range r.all() {
		if s.broken || !bytes.Contains(s.bytes, []byte(ignoreWord)) {
			continue
		}
		for _, e := range exceptions(s) {
			switch {
			case e.rule == "":
				r.find(ruleIgnore, e.rng, "Ignore comment without a rule", "Write `# bpgen:ignore <rule> <reason>`: which rule does not hold here, and why that is right.")
			case !slices.Contains(ids, e.rule):
				if _, ok := hints[e.rule]; !ok {
					hints[e.rule] = diag.DidYouMean(e.rule, ids)
				}
				r.find(ruleIgnore, e.rng, "Ignore comment for an unknown rule", "There is no rule %q. %s", e.rule, hints[e.rule])
			case e.reason == "":
				r.find(ruleIgnore, e.rng, "Ignore comment without a reason", "Say after %q why the rule does not hold here; without a reason the finding stays.", e.rule)
			default:
				byFile[s.path] = append(byFile[s.path], e)
			}
		}
	}
	r.diags = slices.DeleteFunc(r.diags, func(d *hcl.Diagnostic) bool {
		f, ok := FindingOf(d)
		if !ok || d.Subject == nil {
			return false
		}
		drop := false
		for _, e := range byFile[d.Subject.Filename] {
			if e.rule == f.Rule.ID() && e.from <= d.Subject.Start.Line && d.Subject.Start.Line <= e.to {
				e.used, drop = true, true
			}
		}
		return drop
	})
	for _, s := range r.all() {
		for _, e := range byFile[s.path] {
			if !e.used {
				r.find(ruleIgnore, e.rng, "Ignore comment that hides nothing", "The rule %q finds nothing here (any more). Remove the comment.", e.rule)
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
	tokens, _ := hclsyntax.LexConfig(s.bytes, s.path, hcl.InitialPos)
	var out []*exception
	after := codeAfter(tokens)
	items := map[int]hcl.Range{}
	index(s.body, items)
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
			e.from, e.to = following(items, tokens[after[i]])
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

// codeAfter returns for every token which one is the next that is code, or the
// end of the file.
func codeAfter(tokens hclsyntax.Tokens) []int {
	out := make([]int, len(tokens))
	next := len(tokens) - 1
	for i := len(tokens) - 1; i >= 0; i-- {
		out[i] = next
		if t := tokens[i].Type; t != hclsyntax.TokenComment && t != hclsyntax.TokenNewline {
			next = i
		}
	}
	return out
}

// following returns the lines of the item that the token starts: of the block
// or attribute that begins there, or else of that line alone.
func following(items map[int]hcl.Range, t hclsyntax.Token) (int, int) {
	if t.Type == hclsyntax.TokenEOF {
		return 0, -1
	}
	line := t.Range.Start.Line
	if rng, ok := items[t.Range.Start.Byte]; ok {
		return line, rng.End.Line
	}
	return line, line
}

// index keeps the range of every attribute and block by where it starts.
func index(body *hclsyntax.Body, items map[int]hcl.Range) {
	for _, a := range body.Attributes {
		items[a.SrcRange.Start.Byte] = a.SrcRange
	}
	for _, b := range body.Blocks {
		rng := b.Range()
		items[rng.Start.Byte] = rng
		index(b.Body, items)
	}
}
