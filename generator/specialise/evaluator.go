package specialise

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/template"
)

// An Evaluator evaluates the expressions of a blueprint.
type Evaluator struct{ ev *evaluator }

// NewEvaluator returns an evaluator for expressions of files, whose bytes it finds
// by their names. The function resolve answers a reference: the result of its first
// n steps.
func NewEvaluator(files map[string][]byte, funcs map[string]function.Function, resolve func(ref hcl.Traversal) (r Result, n int)) *Evaluator {
	known := sources{}
	for name, src := range files {
		known[name] = &source{src: src}
	}
	return &Evaluator{&evaluator{
		sources: known,
		funcs:   funcs,
		root:    func(ref hcl.Traversal, _ *scope) (Result, int) { return resolve(ref) },
	}}
}

// Eval returns what the expression becomes for a consumer that converts it to a
// type of its own.
func (e *Evaluator) Eval(expr hclsyntax.Expression) Result { return e.eval(expr, converts) }

// EvalFor returns what the expression becomes for a consumer of type t. Where
// nothing is known of the type, the text keeps that of the value.
func (e *Evaluator) EvalFor(expr hclsyntax.Expression, t cty.Type) Result {
	if t == cty.NilType || t.HasDynamicTypes() {
		return e.eval(expr, exactly)
	}
	return e.eval(expr, converts)
}

func (e *Evaluator) eval(expr hclsyntax.Expression, d demand) Result {
	ev := *e.ev
	w := newDemander(ev.funcs, func(string) *template.Local { return nil })
	w.visit(expr, d, nil)
	ev.demands = func() *demander { return w }
	return ev.eval(expr, nil)
}

// Within makes the evaluator spend from a budget, in place of one of its own.
func (e *Evaluator) Within(b *budget.Budget) *Evaluator {
	e.ev.budget = b
	return e
}

// Named returns r under a name: its text is the name, and so is that of its
// members which are not plain references themselves.
func Named(r Result, name string) Result {
	r = named(r, name)
	r.Changed = true
	return r
}

// IsReference says whether text is a plain reference, such as aws_vpc.main.id.
func IsReference(text string) bool { return isReference(text) }

// Bool returns the truth value of a known result that has one.
func (r Result) Bool() (value, ok bool) { return knownBool(r) }

// Top returns the text for the whole value of an argument, where a heredoc may
// stand.
func (r Result) Top() string { return r.top() }

// Exact is Top for a place that sees the type of the value.
func (r Result) Exact() string {
	if r.heredoc != "" {
		return r.heredoc
	}
	return r.spelt(exactly)
}

// Evaluate evaluates an expression over the variables of a component, found in
// a file that is not HCL. Its positions are those in src.
func Evaluate(in Input, x hclsyntax.Expression, filename string, src []byte) Result {
	c := newComponent(in)
	c.ev.sources[filename] = &source{src: src}
	return c.ev.eval(x, nil)
}

// A Pruned is a file of which directives may have cut parts out.
type Pruned struct{ src *source }

// Prune decides the directives of a file that is not specialised, such as one of
// mocks.
func Prune(in Input, f *template.File) (Pruned, hcl.Diagnostics) {
	if len(f.Directives) == 0 {
		return Pruned{&source{src: f.Src}}, nil
	}
	c := newComponent(in)
	c.cut(f)
	return Pruned{c.ev.sources[f.Path]}, spent(c.ev.purse(), c.diags)
}

// Slice returns the bytes from start to end without what is cut out.
func (p Pruned) Slice(start, end int) string { return p.src.slice(start, end) }

// Gone says whether what begins at rng is cut out.
func (p Pruned) Gone(rng hcl.Range) bool { return p.src.cut(rng.Start.Byte) }

// Cut returns a file of the template without what its directives cut out.
func Cut(in Input, f *template.File) (string, hcl.Diagnostics) {
	c := newComponent(in)
	c.cut(f)
	return c.ev.sources[f.Path].apply(0, len(f.Src), in.said(f)), spent(c.ev.purse(), c.diags)
}
