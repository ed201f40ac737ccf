package specialise

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/guard"
)

// renames gives loop variables another name, where their own would hide
// something.
type renames map[string]string

// name returns what a loop variable is called.
func (r renames) name(variable string) string {
	if n, ok := r[variable]; ok {
		return n
	}
	return variable
}

// attempts bounds how often a loop is specialised anew for a better name. Each
// time a name grows, so only a text that names them all would need more.
const attempts = 8

// withNames calls try with names for the variables of a loop until none of them
// hides a reference. It reports false when they always do.
func withNames(e *hclsyntax.ForExpr, try func(renames) (captured map[string]bool)) bool {
	rename := renames{}
	for range attempts {
		captured := try(rename)
		if len(captured) == 0 {
			return true
		}
		rename = rename.grown(e, captured)
	}
	return false
}

// grown returns the names with a longer one for each variable of the loop whose
// name is captured.
func (r renames) grown(e *hclsyntax.ForExpr, captured map[string]bool) renames {
	out := renames{}
	for _, v := range []string{e.KeyVar, e.ValVar} {
		n := r.name(v)
		if v != "" && captured[n] {
			n = longer(n)
			for n == r.name(e.KeyVar) || n == r.name(e.ValVar) {
				n = longer(n)
			}
		}
		if n != v {
			out[v] = n
		}
	}
	return out
}

// longer returns another name for a variable that goes over items.
func longer(name string) string { return name + "_item" }

// openLoop returns the scope of a loop's body with the variables left open.
func (ev *evaluator) openLoop(e *hclsyntax.ForExpr, coll Result, s *scope, rename renames) *scope {
	inner := &scope{parent: s, names: map[string]Result{}, opaque: map[string]bool{}, captured: map[string]bool{}}
	open := func(name string, typ cty.Type) {
		if name == "" {
			return
		}
		text := rename.name(name)
		inner.names[name] = residual(text, precTerm, typ, text != name)
		inner.opaque[text] = true
	}
	open(e.KeyVar, keyType(coll.Type))
	open(e.ValVar, memberType(coll.Type))
	if v, ok := inner.names[e.ValVar]; ok {
		v.Object, v.loose = coll.Members, coll.loose && ev.asked(e.CollExpr) < members
		v.Sensitive = coll.Sensitive && !topSensitive(coll) // of some member, it may be this one
		v.perhaps = v.Sensitive
		inner.names[e.ValVar] = v
	}
	return inner
}

// keepsNone says whether a for expression is empty whatever it goes over, because
// its condition is false for every element.
func (ev *evaluator) keepsNone(e *hclsyntax.ForExpr, coll Result, s *scope) bool {
	if e.CondExpr == nil || coll.Known() || topSensitive(coll) || ev.anyMayFail(s, coll) {
		return false
	}
	keep := ev.eval(e.CondExpr, ev.openLoop(e, coll, s, nil))
	b, ok := knownBool(keep)
	return ok && !b && !keep.Sensitive
}

// keepsAll takes the condition of a for expression away that is true for every
// element.
func (ev *evaluator) keepsAll(e *hclsyntax.ForExpr, cond Result) []piece {
	src := ev.sources[e.Range().Filename]
	if b, ok := knownBool(cond); e.CondExpr == nil || !ok || !b || cond.Sensitive || !cond.Changed || src == nil {
		return nil
	}
	rng := e.CondExpr.Range()
	rng.Start = e.ValExpr.Range().End
	for _, t := range guard.LexExpression(src.src[rng.Start.Byte:e.CondExpr.Range().Start.Byte], rng.Filename, rng.Start) {
		switch {
		case t.Type == hclsyntax.TokenEllipsis:
			rng.Start = t.Range.End
		case t.Type == hclsyntax.TokenIdent && string(t.Bytes) == "if":
			if strings.Contains(ev.sources.text(e.ValExpr.Range()), "<<") {
				return []piece{{rng, "\n"}} // which ends a heredoc
			}
			return []piece{{rng, ""}}
		case t.Type != hclsyntax.TokenNewline:
			return nil // a comment, which is about the condition
		}
	}
	return nil
}

// introPieces renames loop variables where they are introduced, between "for"
// and "in".
func (ev *evaluator) introPieces(e *hclsyntax.ForExpr, rename renames) []piece {
	if len(rename) == 0 {
		return nil
	}
	file := e.Range().Filename
	start, end := e.OpenRange.Start, e.CollExpr.Range().Start
	src := ev.sources[file]
	if src == nil {
		return nil
	}
	tokens := guard.LexExpression(src.src[start.Byte:end.Byte], file, start)
	var out []piece
	for _, t := range tokens {
		name := string(t.Bytes)
		if t.Type == hclsyntax.TokenIdent && rename[name] != "" && (name == e.KeyVar || name == e.ValVar) {
			out = append(out, piece{t.Range, rename[name]})
		}
	}
	return out
}
