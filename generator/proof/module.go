package proof

import (
	"context"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
)

// A Module is a rendered module, opened for proofs. It is not safe for concurrent
// use.
type Module struct {
	Files []fileset.File

	blocks  map[string][]*hclsyntax.Block // by kind and type, such as "resource.aws_vpc", or kind and name of a variable
	text    map[string][]byte             // of the files, by name
	parsed  map[string]*hcl.File          // those with code
	locals  map[string]hclsyntax.Expression
	given   map[string]cty.Value // what variables are to be, by name
	data    map[string]map[string]cty.Value
	vars    map[string]cty.Value // what they are, worked out so far
	known   map[string]cty.Value // local values and arguments, worked out so far
	working map[string]bool
	budget  *budget.Budget
	vet     Vet
	clean   []string // what vet finds in the module as it is
	vetted  bool
}

// A Vet returns the names of the rules that find something in files, once for each
// finding.
type Vet func(files []fileset.File) []string

// Parser parses a file; guard.Parse does.
type Parser func(src []byte, name string) (*hcl.File, hcl.Diagnostics)

// An Account is where a module is thought to run.
type Account struct {
	Values map[string]cty.Value // of the blueprint's example, by the names of variables
	Region string
}

// data returns what AWS says of the account, by the types of data sources: texts that
// begin with a partition or a region end in something that a proof can ask for.
func (a Account) data() map[string]map[string]cty.Value {
	region := cty.StringVal(a.Region)
	return map[string]map[string]cty.Value{
		"aws_region":          {"id": region, "name": region, "region": region},
		"aws_partition":       {"id": cty.StringVal("aws"), "partition": cty.StringVal("aws"), "dns_suffix": cty.StringVal("amazonaws.com")},
		"aws_caller_identity": {"id": cty.StringVal("123456789012"), "account_id": cty.StringVal("123456789012")},
	}
}

// Load opens a module as it is in an account; vet judges changed modules for claims
// about rules.
func Load(ctx context.Context, files []fileset.File, account Account, parse Parser, vet Vet) *Module {
	m := &Module{
		Files: files, blocks: map[string][]*hclsyntax.Block{}, text: map[string][]byte{}, parsed: map[string]*hcl.File{}, locals: map[string]hclsyntax.Expression{},
		given: account.Values, data: account.data(), vet: vet, budget: budget.Series(ctx, "the module"),
	}
	for _, f := range files {
		m.text[f.Path] = f.Bytes
		if path.Ext(f.Path) != ".tf" || strings.Contains(f.Path, "/") {
			continue
		}
		file, _ := parse(f.Bytes, f.Path) // a render has found it in order
		m.parsed[f.Path] = file
		if body, ok := file.Body.(*hclsyntax.Body); ok {
			m.read(body)
		}
	}
	m.forget()
	return m
}

func (m *Module) forget() {
	m.vars, m.known, m.working = map[string]cty.Value{}, map[string]cty.Value{}, map[string]bool{}
}

func (m *Module) read(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		switch {
		case b.Type == "locals":
			for name, a := range b.Body.Attributes {
				m.locals[name] = a.Expr
			}
		case len(b.Labels) > 0:
			key := b.Type + "." + b.Labels[0]
			m.blocks[key] = append(m.blocks[key], b)
		}
	}
}

// Has says whether the module has a resource of a type.
func (m *Module) Has(block, typ string) bool { return len(m.blocks[block+"."+typ]) > 0 }

// Types returns the types of the module's resources and data sources, sorted.
func (m *Module) Types() []string {
	var out []string
	for key := range m.blocks {
		if kind, typ, _ := strings.Cut(key, "."); kind == "resource" || kind == "data" {
			out = append(out, typ)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// with returns the module with other values of its variables.
func (m *Module) with(values map[string]cty.Value) *Module {
	out := *m
	out.given = map[string]cty.Value{}
	for _, from := range []map[string]cty.Value{m.given, values} {
		for k, v := range from {
			out.given[k] = v
		}
	}
	out.forget()
	return &out
}

// profile returns the values of a profile of the module.
func (m *Module) profile(name string) (map[string]cty.Value, bool) {
	src, ok := m.text["envs/"+name+".tfvars"]
	if !ok {
		return nil, false
	}
	file, _ := guard.Parse(src, name)
	out := map[string]cty.Value{}
	if body, ok := file.Body.(*hclsyntax.Body); ok {
		for k, a := range body.Attributes {
			if v, diags := budget.Constant(a.Expr); !diags.HasErrors() {
				out[k] = v
			}
		}
	}
	return out, true
}

// A scope is what an expression may name beside the module's objects.
type scope struct {
	vars map[string]cty.Value
	refs map[string]hclsyntax.Expression // what each and iterators stand for
}

func (s scope) add(name string, v cty.Value, from hclsyntax.Expression) scope {
	out := scope{map[string]cty.Value{name: v}, map[string]hclsyntax.Expression{name: from}}
	for k, v := range s.vars {
		if k != name {
			out.vars[k], out.refs[k] = v, s.refs[k]
		}
	}
	return out
}

var table = sync.OnceValue(functions.Table)

// eval returns the value of an expression; what is not known is unknown.
func (m *Module) eval(x hclsyntax.Expression, in scope) cty.Value {
	vars := map[string]cty.Value{}
	sets := map[string]map[string]cty.Value{} // of names that have attributes
	put := func(root, name string, v cty.Value) {
		if sets[root] == nil {
			sets[root] = map[string]cty.Value{}
		}
		sets[root][name] = v
	}
	objects := map[string]map[string]map[string]cty.Value{} // attributes by type and name
	for _, t := range x.Variables() {
		root := t.RootName()
		if v, ok := in.vars[root]; ok {
			vars[root] = v
			continue
		}
		name := lang.FirstStep(t, 1)
		switch root {
		case "var":
			put(root, name, m.variable(name))
		case "local":
			put(root, name, m.local(name))
		case "path":
			put(root, name, cty.StringVal("."))
		case "data":
			m.object(objects, "data."+name, t[min(2, len(t)):], put)
		default:
			if len(m.blocks["resource."+root]) > 0 {
				m.object(objects, root, t[1:], put)
			} else {
				vars[root] = cty.DynamicVal
			}
		}
	}
	data := map[string]cty.Value{}
	for typ, byName := range objects {
		for name, attrs := range byName {
			if attrs != nil {
				put(typ, name, cty.ObjectVal(attrs))
			}
		}
	}
	for root, of := range sets {
		if typ, ok := strings.CutPrefix(root, "data."); ok {
			data[typ] = cty.ObjectVal(of)
			continue
		}
		vars[root] = cty.ObjectVal(of)
	}
	if len(data) > 0 {
		vars["data"] = cty.ObjectVal(data)
	}
	v, diags := m.budget.Part("the module").Evaluate(x, &hcl.EvalContext{Variables: vars, Functions: table()})
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	v, _ = v.UnmarkDeep()
	return v
}

// object notes which attribute is asked of an object. One whose instances are
// several, or of which no attribute is named, is unknown as a whole.
func (m *Module) object(objects map[string]map[string]map[string]cty.Value, typ string, rest hcl.Traversal, put func(root, name string, v cty.Value)) {
	if len(rest) == 0 {
		return
	}
	name, _ := lang.Step(rest, 0)
	attr, _ := "", false
	if len(rest) > 1 {
		if step, ok := rest[1].(hcl.TraverseAttr); ok {
			attr = step.Name
		}
	}
	if objects[typ] == nil {
		objects[typ] = map[string]map[string]cty.Value{}
	}
	attrs, seen := objects[typ][name]
	if attr == "" || seen && attrs == nil || m.several(typ, name) {
		objects[typ][name] = nil
		put(typ, name, m.collection(typ, name))
		return
	}
	if attrs == nil {
		attrs = map[string]cty.Value{}
		objects[typ][name] = attrs
	}
	attrs[attr] = m.argument(typ, name, attr)
}

func (m *Module) block(typ, name string) *hclsyntax.Block {
	kind := "resource."
	if rest, ok := strings.CutPrefix(typ, "data."); ok {
		kind, typ = "data.", rest
	}
	for _, b := range m.blocks[kind+typ] {
		if len(b.Labels) == 2 && b.Labels[1] == name {
			return b
		}
	}
	return nil
}

func (m *Module) several(typ, name string) bool {
	b := m.block(typ, name)
	return b == nil || b.Body.Attributes["count"] != nil || b.Body.Attributes["for_each"] != nil
}

// collection returns the instances of an object, of which their number and keys alone
// are known.
func (m *Module) collection(typ, name string) cty.Value {
	b := m.block(typ, name)
	if b == nil {
		return cty.DynamicVal
	}
	return m.once(typ+"."+name, func() cty.Value {
		if a := b.Body.Attributes["count"]; a != nil {
			n, ok := number(m.eval(a.Expr, scope{}))
			if !ok {
				return cty.DynamicVal
			}
			return cty.TupleVal(slices.Repeat([]cty.Value{cty.DynamicVal}, int(min(n, maxInstances))))
		}
		a := b.Body.Attributes["for_each"]
		if a == nil {
			return cty.DynamicVal
		}
		out := map[string]cty.Value{}
		for _, each := range m.each(a.Expr, scope{}) {
			key, ok := text(each.GetAttr("key"))
			if !ok {
				return cty.DynamicVal
			}
			out[key] = cty.DynamicVal
		}
		return cty.ObjectVal(out)
	})
}

// argument returns what the code gives an argument of an object.
func (m *Module) argument(typ, name, attr string) cty.Value {
	if v, ok := m.data[strings.TrimPrefix(typ, "data.")][attr]; ok && strings.HasPrefix(typ, "data.") {
		return v
	}
	a := m.block(typ, name).Body.Attributes[attr]
	if a == nil {
		return fromAWS(typ, attr)
	}
	return m.once(typ+"."+name+"."+attr, func() cty.Value { return m.eval(a.Expr, scope{}) })
}

// fromAWS returns what AWS gives an attribute: not known, but there.
func fromAWS(typ, attr string) cty.Value {
	kind := schema.KindResource
	if rest, ok := strings.CutPrefix(typ, "data."); ok {
		kind, typ = schema.KindData, rest
	}
	for _, p := range providers() {
		b, ok := p.Type(kind, typ)
		if !ok {
			continue
		}
		if a := b.Attributes[attr]; a != nil && a.Computed && a.Type != cty.DynamicPseudoType {
			return cty.UnknownVal(a.Type).RefineNotNull()
		}
	}
	return cty.DynamicVal
}

func (m *Module) local(name string) cty.Value {
	x := m.locals[name]
	if x == nil {
		return cty.DynamicVal
	}
	return m.once("local."+name, func() cty.Value { return m.eval(x, scope{}) })
}

// once works a value out once. What needs itself is unknown.
func (m *Module) once(key string, work func() cty.Value) cty.Value {
	if v, ok := m.known[key]; ok {
		return v
	}
	if m.working[key] {
		return cty.DynamicVal
	}
	m.working[key] = true
	v := work()
	delete(m.working, key)
	m.known[key] = v
	return v
}

// variable returns the value of a variable of the module.
func (m *Module) variable(name string) cty.Value {
	if v, ok := m.vars[name]; ok {
		return v
	}
	v := m.worth(name)
	m.vars[name] = v
	return v
}

func (m *Module) worth(name string) cty.Value {
	blocks := m.blocks["variable."+name]
	if len(blocks) == 0 {
		return cty.DynamicVal
	}
	v, ok := m.given[name]
	if !ok {
		def := blocks[0].Body.Attributes["default"]
		if def == nil {
			return cty.DynamicVal
		}
		var diags hcl.Diagnostics
		if v, diags = budget.Constant(def.Expr); diags.HasErrors() {
			return cty.DynamicVal
		}
	}
	typ := blocks[0].Body.Attributes["type"]
	if typ == nil {
		return v
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(typ.Expr)
	if diags.HasErrors() {
		return v
	}
	if defaults != nil && !v.IsNull() {
		v = defaults.Apply(v)
	}
	out, err := convert.Convert(v, ty)
	if err != nil {
		return cty.DynamicVal
	}
	return out
}

// refs returns the objects that an expression names, by way of local values, of
// each and of iterators.
func (m *Module) refs(x hclsyntax.Expression, in scope) []Ref {
	var out []Ref
	seen := map[string]bool{}
	m.collect(x, in, seen, &out)
	return out
}

func (m *Module) collect(x hclsyntax.Expression, in scope, seen map[string]bool, out *[]Ref) {
	for _, t := range lang.Traversals(x, nil) {
		root, name := t.RootName(), lang.FirstStep(t, 1)
		switch {
		case in.refs[root] != nil:
			if !seen["in."+root] {
				seen["in."+root] = true
				m.collect(in.refs[root], in, seen, out)
			}
		case root == "local":
			if l := m.locals[name]; l != nil && !seen["local."+name] {
				seen["local."+name] = true
				m.collect(l, scope{}, seen, out)
			}
		case root == "data":
			*out = append(*out, Ref{"data." + name, lang.FirstStep(t, 2), lang.FirstStep(t, 3)})
		default:
			*out = append(*out, Ref{root, name, lang.FirstStep(t, 2)})
		}
	}
}

// inner returns what the JSON in an argument holds, also where parts of it are
// not known.
func (m *Module) inner(x hclsyntax.Expression, in scope, v cty.Value) (cty.Value, bool) {
	for range 8 {
		switch e := x.(type) {
		case *hclsyntax.TemplateWrapExpr:
			x = e.Wrapped
			continue
		case *hclsyntax.ScopeTraversalExpr:
			if l := m.locals[lang.FirstStep(e.Traversal, 1)]; e.Traversal.RootName() == "local" && l != nil && len(e.Traversal) == 2 {
				x, in = l, scope{}
				continue
			}
		case *hclsyntax.FunctionCallExpr:
			if e.Name == "jsonencode" && len(e.Args) == 1 {
				return m.eval(e.Args[0], in), true
			}
		}
		break
	}
	s, ok := text(v)
	if !ok || guard.JSON("a string", []byte(s)).HasErrors() {
		return cty.NilVal, false
	}
	out, err := table()["jsondecode"].Call([]cty.Value{cty.StringVal(s)})
	return out, err == nil
}
