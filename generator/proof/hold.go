package proof

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
)

// Holds says whether a proof holds in the module.
func (m *Module) Holds(p *Proof) Finding {
	in, why := m.within(p)
	if why != "" {
		return Finding{Why: why}
	}
	out := in.all(p.Claims)
	if !out.Holds || len(p.Either) == 0 {
		return out
	}
	var whys []string
	for _, claims := range p.Either {
		f := in.all(claims)
		if f.Holds {
			out.Places = append(out.Places, f.Places...)
			return out
		}
		whys = append(whys, f.Why)
	}
	return Finding{Why: strings.Join(whys, "; or ")}
}

// within returns the module with the values that a proof names, or why it cannot have
// them.
func (m *Module) within(p *Proof) (in *Module, why string) {
	values := map[string]cty.Value{}
	if p.Profile != "" {
		of, ok := m.profile(p.Profile)
		if !ok {
			return nil, fmt.Sprintf("the module has no profile %q", p.Profile)
		}
		values = of
	}
	for name, v := range p.Given {
		if len(m.blocks["variable."+name]) == 0 {
			return nil, fmt.Sprintf("the module has no variable %q", name)
		}
		values[name] = v
	}
	if len(values) == 0 {
		return m, ""
	}
	return m.with(values), ""
}

func (m *Module) all(claims []Claim) Finding {
	out := Finding{Holds: true}
	for _, c := range claims {
		f := c.holds(m)
		if !f.Holds {
			return f
		}
		out.Places = append(out.Places, f.Places...)
	}
	return out
}

// A body is a block with what its expressions may name.
type body struct {
	m     *Module
	block *hclsyntax.Block
	in    scope
	own   bool // Terraform's own block
}

func placeOf(rng hcl.Range) Place { return Place{rng.Filename, rng.Start.Line} }

func (o *Object) holds(m *Module) Finding {
	what := o.Type
	if o.Name != "" {
		what = o.Block + " " + o.Name
	}
	var bodies []body
	for _, b := range m.blocks[o.Block+"."+o.Type+o.Name] {
		bodies = append(bodies, m.instances(b)...)
	}
	if o.Pattern == nil {
		return Finding{Why: "the claim has no pattern"}
	}
	var chosen []body
	for _, b := range bodies {
		if o.Pattern.Which == nil || b.fits(o.Pattern.Which) {
			chosen = append(chosen, b)
		}
	}
	var places []Place
	why, best := "", -1
	for _, b := range chosen {
		miss, near := b.misses(o.Pattern)
		if miss == "" {
			places = append(places, placeOf(b.block.DefRange()))
		} else if near > best {
			why, best = fmt.Sprintf("%s (%s:%d): %s", b.name(), b.block.DefRange().Filename, b.block.DefRange().Start.Line, miss), near
		}
	}
	switch {
	case o.Quantifier == No && len(places) > 0:
		return Finding{Why: fmt.Sprintf("%s exists (%s:%d)", what, places[0].File, places[0].Line)}
	case o.Quantifier == No:
		return Finding{Holds: true}
	case len(chosen) == 0 && len(bodies) > 0:
		return Finding{Why: fmt.Sprintf("no %s matches the block \"where\"", what)}
	case len(chosen) == 0:
		return Finding{Why: fmt.Sprintf("there is no %s", what)}
	case o.Quantifier == Every && why != "", len(places) == 0:
		return Finding{Why: why}
	}
	slices.SortFunc(places, func(a, b Place) int {
		return strings.Compare(fmt.Sprintf("%s:%06d", a.File, a.Line), fmt.Sprintf("%s:%06d", b.File, b.Line))
	})
	return Finding{Holds: true, Places: slices.Compact(places)}
}

func (b body) name() string { return strings.Join(b.block.Labels, ".") }

// instances returns the objects that a block stands for. Of a number that is not
// known there is one, which knows nothing of itself.
func (m *Module) instances(b *hclsyntax.Block) []body {
	one := body{m: m, block: b, own: b.Type == "variable" || b.Type == "output"}
	if a := b.Body.Attributes["count"]; a != nil && !one.own {
		count, ok := number(m.eval(a.Expr, scope{}))
		if !ok {
			one.in = scope{}.add("count", cty.ObjectVal(map[string]cty.Value{"index": cty.UnknownVal(cty.Number)}), nil)
			return []body{one}
		}
		var out []body
		for i := range min(count, maxInstances) {
			one.in = scope{}.add("count", cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(i)}), nil)
			out = append(out, one)
		}
		return out
	}
	if a := b.Body.Attributes["for_each"]; a != nil && !one.own {
		var out []body
		for _, each := range m.each(a.Expr, scope{}) {
			one.in = scope{}.add("each", each, a.Expr)
			out = append(out, one)
		}
		return out
	}
	return []body{one}
}

// number returns a known whole number that is not negative.
func number(v cty.Value) (int64, bool) {
	if !known(v) || v.IsNull() || v.Type() != cty.Number {
		return 0, false
	}
	n, _ := v.AsBigFloat().Int64()
	return n, n >= 0
}

// maxInstances bounds how many instances of a block are looked at.
const maxInstances = 1000

// each returns the objects with key and value that a for_each stands for.
func (m *Module) each(x hclsyntax.Expression, in scope) []cty.Value {
	v := m.eval(x, in)
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return []cty.Value{cty.ObjectVal(map[string]cty.Value{"key": cty.DynamicVal, "value": cty.DynamicVal})}
	}
	var out []cty.Value
	for it := v.ElementIterator(); it.Next() && len(out) < maxInstances; {
		k, e := it.Element()
		if v.Type().IsSetType() {
			k = e
		}
		out = append(out, cty.ObjectVal(map[string]cty.Value{"key": k, "value": e}))
	}
	return out
}

// fits says whether a body lacks nothing of a pattern.
func (b body) fits(p *Pattern) bool {
	miss, _ := b.misses(p)
	return miss == ""
}

// misses says what of a pattern a body lacks first, "" for nothing, and how much it
// has before: of several bodies that lack something the nearest one is told.
func (b body) misses(p *Pattern) (miss string, near int) {
	for i, a := range p.Args {
		if !a.Match.Match(b.operand(a.Name)) {
			return fmt.Sprintf("%s is %s, wanted %s", a.Name, b.shown(a.Name), a.Match), i
		}
	}
	for i, n := range p.Blocks {
		if miss := b.nestedMisses(n); miss != "" {
			return miss, len(p.Args) + i
		}
	}
	return "", len(p.Args) + len(p.Blocks)
}

func (b body) nestedMisses(n Nested) string {
	found, chosen, why, best := 0, 0, "", -1
	for _, inner := range b.nested(n.Name) {
		if n.Pattern.Which != nil && !inner.fits(n.Pattern.Which) {
			continue
		}
		chosen++
		if miss, near := inner.misses(n.Pattern); miss == "" {
			found++
		} else if near > best {
			why, best = n.Name+": "+miss, near
		}
	}
	switch {
	case chosen == 0:
		return "no block " + n.Name + " matches its \"where\""
	case n.Pattern.Which != nil && found < chosen, found == 0:
		return why
	}
	return ""
}

// nested returns the nested blocks of a name, those of dynamic blocks too.
func (b body) nested(name string) []body {
	var out []body
	for _, n := range b.block.Body.Blocks {
		switch {
		case n.Type == name:
			out = append(out, body{b.m, n, b.in, b.own || name == "lifecycle"})
		case n.Type == "dynamic" && len(n.Labels) == 1 && n.Labels[0] == name && n.Body.Attributes["for_each"] != nil:
			from := n.Body.Attributes["for_each"].Expr
			for _, content := range n.Body.Blocks {
				if content.Type != "content" {
					continue
				}
				for _, each := range b.m.each(from, b.in) {
					out = append(out, body{b.m, content, b.in.add(lang.Iterator(n), each, from), b.own})
				}
			}
		}
	}
	return out
}

// operand returns what an argument, or a nested block of that name, is.
func (b body) operand(name string) Operand {
	a := b.block.Body.Attributes[name]
	if a == nil {
		if len(b.nested(name)) > 0 {
			return Operand{Value: cty.EmptyObjectVal}
		}
		return Operand{Value: cty.NilVal}
	}
	if slices.Contains(asCode[b.own], name) {
		code := string(withoutHCL([]byte(b.code(a.Expr.Range())), name))
		if v, always := b.m.always(a.Expr); name == "condition" && always {
			code = Show(v) // whatever it names has no part in it
		}
		return Operand{Value: cty.StringVal(code), Refs: b.m.refs(a.Expr, b.in)}
	}
	v := b.m.eval(a.Expr, b.in)
	return Operand{Value: v, Refs: b.m.refs(a.Expr, b.in), Inner: func() (cty.Value, bool) { return b.m.inner(a.Expr, b.in, v) }}
}

// always returns what an expression is whatever its names stand for, such as
// x == 1 || true.
func (m *Module) always(x hclsyntax.Expression) (cty.Value, bool) {
	vars := map[string]cty.Value{}
	for _, t := range x.Variables() {
		vars[t.RootName()] = cty.DynamicVal
	}
	v, diags := m.budget.Part("the module").Evaluate(x, &hcl.EvalContext{Variables: vars, Functions: table()})
	return v, !diags.HasErrors() && v.IsWhollyKnown() && !v.IsNull()
}

func (b body) shown(name string) string {
	v := b.operand(name).Value
	shown := Show(v)
	if v != cty.NilVal && !v.IsWhollyKnown() {
		shown = b.code(b.block.Body.Attributes[name].Expr.Range())
	}
	if len(shown) > maxShown {
		return "something else"
	}
	return shown
}

// maxShown bounds what is shown of a value.
const maxShown = 100

// code returns the text of a part of the module, on one line.
func (b body) code(rng hcl.Range) string {
	src := b.m.text[rng.Filename]
	if rng.End.Byte > len(src) {
		return ""
	}
	return strings.Join(strings.Fields(string(src[rng.Start.Byte:rng.End.Byte])), " ")
}

func (f *File) holds(m *Module) Finding {
	var out []Place
	for _, file := range m.Files {
		if ok, _ := path.Match(f.Glob, file.Path); !ok {
			continue
		}
		at, src := []int{0, 0}, uncommented(file.Path, file.Bytes)
		if f.Matches != nil {
			if at = f.Matches.FindIndex(src); at == nil {
				continue
			}
		}
		if f.Lacks != nil && f.Lacks.Match(src) {
			return Finding{Why: fmt.Sprintf("%s contains what it must not: %s", file.Path, pattern(f.Lacks))}
		}
		out = append(out, Place{file.Path, 1 + bytes.Count(file.Bytes[:at[0]], []byte{'\n'})})
	}
	if len(out) == 0 && f.Matches != nil {
		return Finding{Why: fmt.Sprintf("no file %s contains %s", f.Glob, pattern(f.Matches))}
	}
	if len(out) == 0 {
		return Finding{Why: "there is no file " + f.Glob}
	}
	return Finding{Holds: true, Places: out}
}

func pattern(re fmt.Stringer) string { return strings.TrimPrefix(re.String(), "(?s)") }

func (h *Human) holds(m *Module) Finding {
	src, ok := m.text[h.Path]
	if !ok {
		return Finding{Why: "there is no " + h.Path}
	}
	row, level, inside, fenced := 0, 0, false, false
	var section strings.Builder
	start := 0
	for line := range strings.Lines(string(uncommented(h.Path, src))) {
		row++
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		n := headed(line)
		if fenced {
			n = 0 // a comment of a script
		}
		if n > 0 && inside && n <= level {
			break
		} else if n > 0 && strings.TrimSpace(strings.TrimLeft(line, "#")) == h.Heading {
			level, inside, start = n, true, row
			continue
		}
		if inside {
			section.WriteString(line)
		}
	}
	if !inside {
		return Finding{Why: fmt.Sprintf("%s has no section %q", h.Path, h.Heading)}
	}
	if !h.Says.MatchString(strings.Join(strings.Fields(section.String()), " ")) {
		return Finding{Why: fmt.Sprintf("%s, %q does not say %s", h.Path, h.Heading, pattern(h.Says))}
	}
	return Finding{Holds: true, Places: []Place{{h.Path, start}}}
}

// headed returns the level of a heading of Markdown, 0 for none.
func headed(line string) int {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	if n > 0 && n <= 6 && strings.HasPrefix(line[n:], " ") {
		return n
	}
	return 0
}
