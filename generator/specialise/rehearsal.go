package specialise

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// A rehearsal compares what two expressions give for examples of what they refer to.
type rehearsal struct {
	ev    *evaluator
	purse *budget.Budget
	pair
	texts  pairing
	asked  demand
	roles  []role
	locals []local // each behind those that it refers to
	open   bool    // of a role the type is not known, and it shows
	ready  bool    // there is a value for everything
}

// A pair is two expressions that stand in the same place of two texts.
type pair struct {
	kept, made hclsyntax.Expression
}

// A role is a reference and the values that it takes.
type role struct {
	path   []string
	open   cty.Value // of which only the type is known
	values []cty.Value
	vague  bool // nor is that
}

// A local is a local value of the linked module.
type local struct {
	path string
	expr hclsyntax.Expression
}

// corrected returns the text of made with parts of the text of kept, in the places
// where the one may give something else than the other to who asks d. An error
// is something else than what does not fail. It reports false if there are none.
func corrected(ev *evaluator, kept, made Result, known cast, d demand) (Result, bool) {
	texts := pairing{kept: kept.Text()}
	k, diags := guard.PrintedExpression([]byte(texts.kept + "\n"))
	if diags.HasErrors() {
		return made, false
	}
	purse := ev.aside()
	if made.Err != nil {
		p := texts.rehearse(ev, purse, known, pair{kept: k}, d)
		return kept, p.ready && p.differs(nil)
	}
	texts.made = made.Text()
	m, diags := guard.PrintedExpression([]byte(texts.made + "\n"))
	if diags.HasErrors() {
		return made, false
	}
	text, at := "", 0
	for _, of := range texts.places(pair{k, m}, nil) {
		asked := exactly
		if of.kept == bare(k) {
			asked = d
		}
		p := texts.rehearse(ev, purse, known, of, asked)
		if !p.ready || !p.open && asked != precisely && !comparesTypes(of.kept) && p.agrees() || !p.differs(texts.parts(of, nil)) {
			continue
		}
		if of.kept == bare(k) {
			return kept, true
		}
		a, b := of.kept.Range(), of.made.Range()
		text += texts.made[at:b.Start.Byte] + parensIn(texts.kept[a.Start.Byte:a.End.Byte])
		at = b.End.Byte
	}
	if at == 0 {
		return made, false
	}
	out := residual(text+texts.made[at:], strength(m), cty.DynamicPseudoType, true)
	out.Sensitive, out.perhaps, out.NotNull = made.Sensitive, made.perhaps, made.NotNull
	return out, true
}

// parensIn puts a text that has several lines in parentheses.
func parensIn(text string) string {
	if strings.Contains(text, "\n") {
		return parens(text)
	}
	return text
}

func (t pairing) rehearse(ev *evaluator, purse *budget.Budget, known cast, of pair, asked demand) *rehearsal {
	p := &rehearsal{ev: ev, purse: purse, pair: of, texts: t, asked: asked}
	c := casting{written: ev.written, cast: known, chains: map[string]int{}, met: map[string]bool{}}
	p.ready = c.add(of.kept) && (of.made == nil || c.add(of.made))
	p.locals = c.locals
	paths := c.paths(ev)
	for _, path := range sortedKeys(paths) {
		for of := range paths {
			p.ready = p.ready && !strings.HasPrefix(of, path+".")
		}
		r := c.known(path, ev)
		p.roles = append(p.roles, role{strings.Split(path, "."), r.unknown(), examples(r, paths[path]), false})
		p.roles[len(p.roles)-1].vague = r.text == "" || !sureType(r.Type)
	}
	p.open = p.exposed()
	if p.open {
		for _, text := range c.asks {
			p.ask(text)
		}
	}
	return p
}

// exposed says whether a role whose type is not known stands where its type shows:
// anywhere but in what is a string, a number or a bool whatever is in it, and is
// there in both expressions.
func (p *rehearsal) exposed() bool {
	if !slices.ContainsFunc(p.roles, func(r role) bool { return r.vague }) {
		return false
	}
	kept := hiding{p: p, text: p.texts.ofKept, around: map[string]bool{}}
	_ = hclsyntax.Walk(p.kept, &kept)
	if p.made == nil || kept.shows {
		return true
	}
	made := hiding{p: p, text: p.texts.ofMade, around: map[string]bool{}}
	_ = hclsyntax.Walk(p.made, &made)
	if made.shows || !maps.Equal(kept.around, made.around) {
		return true
	}
	inLocals := hiding{p: p, text: func(hclsyntax.Node) string { return "" }, around: map[string]bool{}}
	for _, l := range p.locals {
		_ = hclsyntax.Walk(l.expr, &inLocals)
	}
	return inLocals.shows
}

// hiding finds the calls and operations around vague roles that hide what type they
// have.
type hiding struct {
	p      *rehearsal
	text   func(hclsyntax.Node) string
	inside []hclsyntax.Node
	around map[string]bool // by their texts
	shows  bool            // a vague role has none around it
}

// Enter implements hclsyntax.Walker.
func (w *hiding) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr:
		w.inside = append(w.inside, n)
	case *hclsyntax.FunctionCallExpr:
		if w.p.ev.givesPlain(n) {
			w.inside = append(w.inside, n)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if !slices.ContainsFunc(w.p.roles, func(r role) bool { return r.vague && r.begins(n.Traversal) }) {
			break
		}
		if len(w.inside) == 0 {
			w.shows = true
		} else {
			w.around[w.text(w.inside[0])] = true
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *hiding) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if last := len(w.inside) - 1; last >= 0 && w.inside[last] == n {
		w.inside = w.inside[:last]
	}
	return nil
}

// givesPlain says whether a call gives a string, a number or a bool, whatever the
// types of its arguments are.
func (ev *evaluator) givesPlain(e *hclsyntax.FunctionCallExpr) bool {
	f, ok := ev.funcs[e.Name]
	if !ok || e.ExpandFinal {
		return false
	}
	args := make([]cty.Value, len(e.Args))
	for i := range args {
		args[i] = cty.DynamicVal
	}
	t, err := f.ReturnTypeForValues(args)
	return err == nil && t.IsPrimitiveType()
}

// ask leaves out the values of a role for which a text fails that refers to that
// role alone.
func (p *rehearsal) ask(text string) {
	x, diags := guard.PrintedExpression([]byte(text + "\n"))
	if diags.HasErrors() {
		return
	}
	i := -1
	for _, ref := range x.Variables() {
		at := slices.IndexFunc(p.roles, func(r role) bool { return r.begins(ref) })
		if at < 0 || i >= 0 && at != i {
			return
		}
		i = at
	}
	if i < 0 {
		return
	}
	var left []cty.Value
	for _, v := range p.roles[i].values {
		tree := map[string]any{}
		plant(tree, p.roles[i].path, v)
		if _, diags := p.purse.Evaluate(x, &hcl.EvalContext{Variables: grown(tree), Functions: p.ev.funcs}); !diags.HasErrors() {
			left = append(left, v)
		}
	}
	if len(left) > 0 {
		p.roles[i].values = left
	}
}

// begins says whether a reference is to what the role is, or to something in it.
func (r role) begins(ref hcl.Traversal) bool {
	if len(ref) < len(r.path) || ref.RootName() != r.path[0] {
		return false
	}
	for i, name := range r.path[1:] {
		if a, ok := ref[i+1].(hcl.TraverseAttr); !ok || a.Name != name {
			return false
		}
	}
	return true
}

// A casting collects the references that expressions hold.
type casting struct {
	written map[string]writtenLocal
	cast
	chains map[string]int  // names joined by dots that references begin with, and how many of them name something at least
	locals []local         // each behind those that it refers to
	met    map[string]bool // local values
}

// add adds the references of an expression. It reports false where one is not of a
// form that is known.
func (c *casting) add(x hclsyntax.Expression) bool {
	for _, ref := range x.Variables() {
		chain, least := ref.RootName(), addressLength(ref)
		n := 1
		for _, step := range ref[1:] {
			a, ok := step.(hcl.TraverseAttr)
			if !ok {
				break
			}
			chain += "." + a.Name
			n++
		}
		if n < least {
			return false
		}
		path := firstNames(chain, least)
		as, isLocal := c.written[path]
		switch {
		case !isLocal:
			c.chains[chain] = least
		case !c.met[path]:
			c.met[path] = true
			x, diags := guard.PrintedExpression([]byte(as.text + "\n"))
			if diags.HasErrors() {
				return false
			}
			_, known := as.ev.strictly(as.expr, nil)
			maps.Copy(c.seen, known.seen)
			c.asks = append(c.asks, known.asks...)
			if !c.add(x) {
				return false
			}
			c.locals = append(c.locals, local{path, x})
		}
	}
	return true
}

// firstNames returns the first n of names joined by dots.
func firstNames(chain string, n int) string {
	names := strings.Split(chain, ".")
	return strings.Join(names[:min(n, len(names))], ".")
}

// paths returns what the chains refer to, with the attributes that are taken of it.
// Of an object of which nothing is known but that attributes are taken, it is these.
func (c *casting) paths(ev *evaluator) map[string][]string {
	paths := map[string][]string{}
	for chain, n := range c.chains {
		path := firstNames(chain, n)
		for ; path != chain; n++ {
			longer := firstNames(chain, n+1)
			_, seen := c.seen[longer]
			if _, whole := c.chains[path]; whole || sureType(c.known(path, ev).Type) || !seen && byName(path) {
				break
			}
			path = longer
		}
		paths[path] = append(paths[path], strings.Split(strings.TrimPrefix(strings.TrimPrefix(chain, path), "."), ".")[0])
	}
	return paths
}

// byName says whether a path is that of something that may have any type.
func byName(path string) bool {
	root, _, _ := strings.Cut(path, ".")
	return slices.Contains([]string{"var", "local", "each", "count", "path", "terraform", "self"}, root)
}

// known returns what is known of a reference.
func (c *casting) known(path string, ev *evaluator) Result {
	if r, ok := c.seen[path]; ok {
		return r
	}
	return ev.described(path)
}

// addressLength returns how many steps of a reference name what it refers to.
func addressLength(ref hcl.Traversal) int {
	switch ref.RootName() {
	case "var", "local", "each", "count", "path", "terraform", "self":
		return 2
	case "data", "ephemeral":
		return 4
	}
	return 3
}

// agrees says whether the types of the references alone decide that both
// expressions give the same type.
func (p *rehearsal) agrees() bool {
	ctx, ok := p.staged(func(r role) cty.Value { return r.open })
	if !ok {
		return false
	}
	ctx = ctx.NewChild()
	ctx.Functions = map[string]function.Function{"jsonencode": seenThrough, "yamlencode": seenThrough}
	want, wantDiags := p.purse.Evaluate(p.kept, ctx)
	got, gotDiags := p.purse.Evaluate(p.made, ctx)
	return !wantDiags.HasErrors() && !gotDiags.HasErrors() && agree(got, want)
}

// seenThrough stands for a function that makes text of its argument, whose type
// would be lost with what is unknown in it.
var seenThrough = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true}},
	Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], nil },
})

// differs says whether the expressions differ for some of the examples. What fails
// as it is written says nothing. Parts are smaller expressions: if they give the
// very same, so does the whole.
func (p *rehearsal) differs(parts []pair) bool {
	looked := false
	for turn, left := 0, p.turns(); turn < min(p.combinations(), mostTries) && left > 0; turn++ {
		ctx, ok := p.stage(turn)
		if !ok {
			continue
		}
		very, mean := p.same(parts, ctx)
		if very || mean && looked && !p.open { // the types are those of the turn before
			left--
			continue
		}
		want, diags := p.purse.Evaluate(p.kept, ctx)
		if diags.HasErrors() {
			continue
		}
		if p.made == nil {
			return true
		}
		left--
		got, diags := p.purse.Evaluate(p.made, ctx)
		if p.purse.Fault() == nil && (diags.HasErrors() || !means(got, want, p.asked) && !p.veils(got, want, ctx)) {
			return true
		}
		looked = true
	}
	return false
}

// veils says whether what is made is the same, but sensitive where the original is
// not, because an arm fails there that is not taken: only what does not fail gives
// its marks, and that is not known before.
func (p *rehearsal) veils(got, want cty.Value, ctx *hcl.EvalContext) bool {
	if want.ContainsMarked() || !got.ContainsMarked() {
		return false
	}
	if got, _ = got.UnmarkDeep(); !means(got, want, p.asked) {
		return false
	}
	found := false
	lang.Visit(p.kept, func(n hclsyntax.Node) {
		if c, ok := n.(*hclsyntax.ConditionalExpr); ok && !found {
			_, t := p.purse.Evaluate(c.TrueResult, ctx)
			_, f := p.purse.Evaluate(c.FalseResult, ctx)
			found = t.HasErrors() || f.HasErrors()
		}
	})
	return found
}

// same says whether each of pairs gives the very same twice, or at least means the
// same.
func (p *rehearsal) same(pairs []pair, ctx *hcl.EvalContext) (very, mean bool) {
	if len(pairs) == 0 || len(pairs) == 1 && pairs[0] == p.pair {
		return false, false
	}
	very = true
	for _, of := range pairs {
		want, wantDiags := p.purse.Evaluate(of.kept, ctx)
		got, gotDiags := p.purse.Evaluate(of.made, ctx)
		switch {
		case wantDiags.HasErrors() && gotDiags.HasErrors() && got.RawEquals(want): // a conditional goes on with what is left
		case wantDiags.HasErrors() || gotDiags.HasErrors() || !means(got, want, exactly):
			return false, false
		case very:
			very = got.RawEquals(want)
		}
	}
	return very, true
}

// mostTurns is for how many combinations of examples expressions are compared,
// fewTurns where all types are known, and mostTries how many are looked at for as
// many that do not fail.
const mostTurns, fewTurns, mostTries = 48, 16, 400

func (p *rehearsal) turns() int {
	if p.open {
		return mostTurns
	}
	return fewTurns
}

// combinations returns how many there are, or some number above mostTries.
func (p *rehearsal) combinations() int {
	all := 1
	for _, r := range p.roles {
		all = min(all*len(r.values), mostTries+1)
	}
	return all
}

// stage returns the variables of one turn.
func (p *rehearsal) stage(turn int) (*hcl.EvalContext, bool) {
	some := p.combinations() > p.turns()
	rest, i := turn, 0
	return p.staged(func(r role) cty.Value {
		at := rest % len(r.values)
		rest /= len(r.values)
		if some { // each value with many others
			at = int(mixed(uint64(turn)<<16|uint64(i)) % uint64(len(r.values)))
		}
		i++
		return r.values[at]
	})
}

// mixed returns a number that shares nothing with n that one could see.
func mixed(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// staged returns the variables in which each role has the value that is given. It
// reports false when a local value fails with them.
func (p *rehearsal) staged(value func(role) cty.Value) (*hcl.EvalContext, bool) {
	tree := map[string]any{}
	for _, r := range p.roles {
		plant(tree, r.path, value(r))
	}
	ctx := &hcl.EvalContext{Variables: grown(tree), Functions: p.ev.funcs}
	for _, l := range p.locals {
		v, diags := p.purse.Evaluate(l.expr, ctx)
		if diags.HasErrors() {
			return nil, false
		}
		plant(tree, strings.Split(l.path, "."), v)
		ctx.Variables = grown(tree)
	}
	return ctx, true
}

// plant puts a value into a tree of names.
func plant(tree map[string]any, path []string, v cty.Value) {
	for _, name := range path[:len(path)-1] {
		next, _ := tree[name].(map[string]any)
		if next == nil {
			next = map[string]any{}
			tree[name] = next
		}
		tree = next
	}
	tree[path[len(path)-1]] = v
}

// grown returns a tree of names as variables.
func grown(tree map[string]any) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, n := range tree {
		switch n := n.(type) {
		case cty.Value:
			out[name] = n
		case map[string]any:
			out[name] = cty.ObjectVal(grown(n))
		}
	}
	return out
}

// A pairing finds where two texts differ.
type pairing struct{ kept, made string }

// places adds the smallest places in which expressions differ, and in which lists
// and tuples are as good as the same because they are in the whole.
func (t pairing) places(of pair, to []pair) []pair {
	of = pair{bare(of.kept), bare(of.made)}
	if t.same(of) {
		return to
	}
	inner, through := t.inside(of)
	if !through {
		return append(to, of)
	}
	for _, in := range inner {
		to = t.places(in, to)
	}
	return to
}

// parts adds the smallest parts in which expressions differ.
func (t pairing) parts(of pair, to []pair) []pair {
	of = pair{bare(of.kept), bare(of.made)}
	if t.same(of) {
		return to
	}
	inner, _ := t.inside(of)
	if len(inner) == 0 {
		return append(to, of)
	}
	for _, in := range inner {
		to = t.parts(in, to)
	}
	return to
}

func (t pairing) ofKept(n hclsyntax.Node) string {
	return t.kept[n.Range().Start.Byte:n.Range().End.Byte]
}

func (t pairing) ofMade(n hclsyntax.Node) string {
	return t.made[n.Range().Start.Byte:n.Range().End.Byte]
}

func (t pairing) same(of pair) bool {
	return t.ofKept(of.kept) == t.ofMade(of.made)
}

// inside returns the expressions in two others that are the same but for them, none
// if they are not. Through says that who does not tell a list from a tuple in the
// whole does not tell them in these.
func (t pairing) inside(of pair) (inner []pair, through bool) {
	ks, through := members1(of.kept)
	ms, _ := members1(of.made)
	if len(ks) == 0 || len(ks) != len(ms) || shell(t.kept, of.kept, ks) != shell(t.made, of.made, ms) {
		return nil, false
	}
	for i := range ks {
		inner = append(inner, pair{ks[i], ms[i]})
	}
	return inner, through
}

// shell returns the text of an expression without that of those in it.
func shell(text string, x hclsyntax.Expression, inner []hclsyntax.Expression) string {
	var b strings.Builder
	at := x.Range().Start.Byte
	for _, in := range inner {
		b.WriteString(text[at:in.Range().Start.Byte])
		b.WriteByte(0)
		at = in.Range().End.Byte
	}
	b.WriteString(text[at:x.Range().End.Byte])
	return strings.Join(strings.Fields(b.String()), " ")
}

// members1 returns the expressions in x that mean something by themselves, in the order
// in which they stand.
func members1(x hclsyntax.Expression) (of []hclsyntax.Expression, through bool) {
	switch x := x.(type) {
	case *hclsyntax.TupleConsExpr:
		return x.Exprs, true
	case *hclsyntax.ObjectConsExpr:
		for _, it := range x.Items {
			of = append(of, it.ValueExpr)
		}
		return of, true
	case *hclsyntax.FunctionCallExpr:
		return x.Args, isCall(x, "jsonencode")
	case *hclsyntax.ConditionalExpr:
		return []hclsyntax.Expression{x.Condition, x.TrueResult, x.FalseResult}, false
	case *hclsyntax.BinaryOpExpr:
		return []hclsyntax.Expression{x.LHS, x.RHS}, false
	case *hclsyntax.ForExpr:
		return []hclsyntax.Expression{x.CollExpr}, false
	}
	return nil, false
}

// comparesTypes says whether an expression compares what may be a list or an
// object.
func comparesTypes(x hclsyntax.Expression) bool {
	found := false
	_ = hclsyntax.VisitAll(x, func(n hclsyntax.Node) hcl.Diagnostics {
		if n, ok := n.(*hclsyntax.BinaryOpExpr); ok {
			found = found || binaryPrec(n.Op) == precEqual && !isPlain(n.LHS) && !isPlain(n.RHS)
		}
		return nil
	})
	return found
}
