// Package foretell says which assertions of a rendered module's tests are certain
// to fail, or to be unknown when the run only plans.
//
// It takes the parsed files of a module and the provider's schema, and plans the
// module for each run as Terraform would with mocked providers: an argument has the
// value that the code gives it, and of the others what the schema and the mocks say.
// What that leaves open decides nothing. It evaluates within a budget and does not
// touch the operating system.
package foretell

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/schema"
	"github.com/bpgen/bpgen/generator/template"
)

// A Failure is an assertion that does not hold.
type Failure struct {
	Run     string
	Message string    // the constant text of error_message, "" without one
	Range   hcl.Range // of the condition, in the rendered tests
	Because string    // what the sides of the comparison are, or what is not known; "" for anything else
	Part    int       // the first of the condition's Parts that fails, which && joins
	Parts   int
	Unknown bool // it neither holds nor fails: the run only plans, and what it looks at is known after the apply
}

// A Module is a rendered module whose tests can be foretold. It is not safe for
// concurrent use.
type Module struct {
	schema    *schema.Provider
	budget    *budget.Budget
	objects   map[string]*hclsyntax.Block // resources and data sources by address
	locals    map[string]hclsyntax.Expression
	outputs   map[string]hclsyntax.Expression
	variables map[string]*template.Variable
	tests     []*hclsyntax.Body
}

// New returns the module in parsed files, of which only those of the module itself
// and its tests are looked at.
func New(files map[string]*hcl.File, provider *schema.Provider, spend *budget.Budget) *Module {
	m := &Module{
		schema: provider, budget: spend, objects: map[string]*hclsyntax.Block{}, locals: map[string]hclsyntax.Expression{},
		outputs: map[string]hclsyntax.Expression{}, variables: map[string]*template.Variable{},
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		body, ok := files[name].Body.(*hclsyntax.Body)
		switch {
		case !ok:
		case strings.HasSuffix(name, ".tftest.hcl") && path.Dir(name) == "tests":
			m.tests = append(m.tests, body)
		case path.Ext(name) == ".tf" && path.Dir(name) == ".":
			m.read(body)
		}
	}
	return m
}

func (m *Module) read(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == "locals":
			for name, a := range b.Body.Attributes {
				m.locals[name] = a.Expr
			}
		case b.Type == "resource" && len(b.Labels) == 2:
			m.objects[strings.Join(b.Labels, ".")] = b
		case b.Type == "data" && len(b.Labels) == 2:
			m.objects["data."+strings.Join(b.Labels, ".")] = b
		case b.Type == "output" && len(b.Labels) == 1 && b.Body.Attributes["value"] != nil:
			m.outputs[b.Labels[0]] = b.Body.Attributes["value"].Expr
		case b.Type == "variable" && len(b.Labels) == 1:
			m.variables[b.Labels[0]], _ = template.ParseVariable(b)
		}
	}
}

// Failures returns the assertions that fail, in the order of the tests. A run that
// expects a failure, or that replaces objects, is left alone.
func (m *Module) Failures() []Failure {
	var out []Failure
	for _, body := range m.tests {
		given, mocks := map[string]hclsyntax.Expression{}, map[string]map[string]cty.Value{}
		overrides, early, fresh := false, false, true
		for _, b := range body.Blocks {
			switch b.Type {
			case "variables":
				values(b, given)
			case "mock_provider":
				mocked(b, mocks)
				early = early || duringPlan(b)
			default:
				overrides = overrides || strings.HasPrefix(b.Type, "override_")
			}
		}
		for _, b := range body.Blocks {
			if b.Type == "run" && len(b.Labels) == 1 && !overrides {
				fresh = fresh && plans(b)
				out = append(out, m.run(b, given, mocks, fresh && !early)...)
			}
		}
	}
	return out
}

// plans says whether a run plans and creates nothing.
func plans(b *hclsyntax.Block) bool {
	a := b.Body.Attributes["command"]
	return a != nil && hcl.ExprAsKeyword(a.Expr) == "plan"
}

// duringPlan says whether a mock provider has values that are known when planning.
func duringPlan(provider *hclsyntax.Block) bool {
	return provider.Body.Attributes["override_during"] != nil || slices.ContainsFunc(provider.Body.Blocks, duringPlan)
}

// values adds the values of a block of variables.
func values(b *hclsyntax.Block, to map[string]hclsyntax.Expression) {
	for name, a := range b.Body.Attributes {
		to[name] = a.Expr
	}
}

// mocked adds the defaults of a mock provider's types.
func mocked(provider *hclsyntax.Block, to map[string]map[string]cty.Value) {
	for _, b := range provider.Body.Blocks {
		a := b.Body.Attributes["defaults"]
		if len(b.Labels) != 1 || a == nil {
			continue
		}
		v, diags := budget.Constant(a.Expr)
		if diags.HasErrors() || !v.Type().IsObjectType() {
			continue
		}
		to[b.Type+" "+b.Labels[0]] = v.AsValueMap()
	}
}

// run returns the assertions of a run that fail. A fresh one plans while nothing has
// been created yet.
func (m *Module) run(b *hclsyntax.Block, given map[string]hclsyntax.Expression, mocks map[string]map[string]cty.Value, fresh bool) []Failure {
	given = maps.Clone(given)
	for _, n := range b.Body.Blocks {
		if n.Type == "variables" {
			values(n, given)
		}
		if strings.HasPrefix(n.Type, "override_") || n.Type == "module" || n.Type == "plan_options" {
			return nil
		}
	}
	if b.Body.Attributes["expect_failures"] != nil {
		return nil
	}
	p := &plan{Module: m, given: given, mocks: mocks, known: map[string]cty.Value{}, chosen: map[string]bool{}}
	ahead := &plan{Module: m, given: given, mocks: mocks, known: map[string]cty.Value{}, chosen: map[string]bool{}, later: p}
	var out []Failure
	for _, n := range b.Body.Blocks {
		a := n.Body.Attributes["condition"]
		if n.Type != "assert" || a == nil {
			continue
		}
		f := Failure{Run: b.Labels[0], Range: a.Expr.Range()}
		switch v := p.eval(a.Expr, nil); {
		case no(v):
			parts := Conjuncts(a.Expr)
			f.Parts, f.Part = len(parts), max(0, slices.IndexFunc(parts, func(x hclsyntax.Expression) bool { return no(p.eval(x, nil)) }))
			f.Because = p.because(parts[f.Part])
		case fresh && v.IsKnown() && !ahead.eval(a.Expr, nil).IsKnown():
			f.Because, f.Unknown = ahead.open(a.Expr), true
		default:
			continue
		}
		if said := n.Body.Attributes["error_message"]; said != nil {
			if v, diags := budget.Constant(said.Expr); !diags.HasErrors() && v.Type() == cty.String && !v.IsNull() {
				f.Message = v.AsString()
			}
		}
		out = append(out, f)
	}
	return out
}

// no says whether a value is known to be false.
func no(v cty.Value) bool {
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.False()
}
