package vet

import (
	"bytes"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
)

// connect finds the schemas of a module's blocks and the modules it calls. It
// runs for every module before the first is checked, as types of one module
// are asked for from others.
func (r *runner) connect(m *Module) {
	for _, res := range m.Resources {
		r.resourceSchema(m, res)
	}
	for _, name := range sortedNames(m.calls) {
		r.resolveCall(m, m.calls[name])
	}
}

// check runs stage 2 on one connected module.
func (r *runner) check(m *Module) {
	language := terraformLanguage()
	for _, s := range m.files {
		override := fileset.Override(s.path)
		for _, attr := range s.body.Attributes {
			r.find(ruleUnknownArgument, attr.NameRange, "Argument outside a block", "A .tf file can contain only blocks. To name a value, put it in a locals block.")
		}
		for _, b := range s.body.Blocks {
			sp, ok := language.top[b.Type]
			if !ok {
				r.find(ruleUnknownBlock, b.TypeRange, "Unknown block", "Terraform has no block %q.%s", b.Type, known(b.Type, sortedNames(language.top)))
				continue
			}
			sc := m.scope("")
			sc.override = override
			sc.labels(b, language.topLabels[b.Type])
			if len(b.Labels) == language.topLabels[b.Type] {
				sc.validName(b)
				sc.top(b, sp)
			}
		}
	}
	if !m.partial {
		r.unused(m)
	}
	r.cycles(m)
}

// validName checks the name that a block declares.
func (sc *scope) validName(b *hclsyntax.Block) {
	if len(b.Labels) == 0 {
		return
	}
	name, rng := b.Labels[len(b.Labels)-1], b.LabelRanges[len(b.Labels)-1]
	if !lang.Identifier(name) {
		sc.find(ruleInvalidName, rng, "Invalid name", "A name must start with a letter or underscore, followed by letters, digits, underscores and hyphens; %q does not.", name)
		return
	}
	if b.Type != "variable" {
		return
	}
	switch name {
	case "source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals":
		sc.find(ruleInvalidName, rng, "Reserved name", "A variable cannot be called %q: the module block has an argument with that name.", name)
	}
}

// providerOf returns the local name of the provider of a block.
func (m *Module) providerOf(res *Resource) string {
	local, _, _ := strings.Cut(res.Type, "_")
	if attr, ok := res.Block.Body.Attributes["provider"]; ok {
		if t, ok := attr.Expr.(*hclsyntax.ScopeTraversalExpr); ok {
			local = t.Traversal.RootName()
		}
	}
	return local
}

// resourceSchema finds the schema of a block's type, or reports that there is
// none.
func (r *runner) resourceSchema(m *Module, res *Resource) {
	local := m.providerOf(res)
	b, ok := m.Schema.Type(res.Kind, res.Type)
	switch {
	case ok && (m.isAWS(local) || local == "terraform"):
		res.Schema = b
	case !m.isAWS(local):
	default:
		names := m.Schema.Names(res.Kind)
		if len(names) == 0 {
			return // the schemas do not carry this kind
		}
		hint := known(res.Type, names)
		for _, k := range []schema.Kind{schema.KindResource, schema.KindData} {
			if _, ok := m.Schema.Type(k, res.Type); ok {
				hint = " There is a " + noun(k) + " of that type."
			}
		}
		for _, major := range schema.Majors() {
			p, _ := schema.For(major)
			if _, ok := p.Type(res.Kind, res.Type); ok {
				hint = " Version " + p.Version() + " of the provider has it, but this module requires version " + m.Schema.Version() + "."
			}
		}
		r.find(ruleUnknownType, res.Block.LabelRanges[0], "Unknown type", "hashicorp/aws %s has no %s %q.%s", m.Schema.Version(), noun(res.Kind), res.Type, hint)
	}
}

// top checks one block of a module.
func (sc *scope) top(b *hclsyntax.Block, sp *spec) {
	m := sc.m
	g := grammar{what: "the block " + quoted(b.Type), spec: sp}
	if len(b.Labels) == 1 {
		g.what = b.Type + " " + quoted(b.Labels[0])
	}
	switch b.Type {
	case "locals":
		sc.locals(b)
	case "variable":
		v := m.variables[b.Labels[0]]
		sc.variable = b.Labels[0]
		if attr, ok := b.Body.Attributes["default"]; ok && v != nil {
			in := sc.with(func(c *scope) { c.constant = "the default of " + g.what })
			in.fits(attr.Expr, v.ty, "the default of "+g.what)
			sc.m.run.refusedDefault(b)
		}
		sc.body(b.Body, b.DefRange(), g)
	case "output":
		if o := m.outputs[b.Labels[0]]; o != nil && o.block == b {
			m.outputType(b.Labels[0])
		} else if attr, ok := b.Body.Attributes["value"]; ok { // a duplicate, or an override
			sc.infer(attr.Expr, false)
		}
		sc.body(b.Body, b.DefRange(), g)
	case "provider":
		sc.instances(b)
		if m.isAWS(b.Labels[0]) {
			g.schema = m.Schema.Config()
			g.lookup = func(p *schema.Provider) (*schema.Block, bool) { return p.Config(), true }
		} else {
			g.spec = &spec{attrs: sp.attrs, open: true}
		}
		sc.body(b.Body, b.DefRange(), g)
	case "module":
		sc.instances(b)
		sc.moduleCall(b, sp)
	case "resource", "data", "ephemeral":
		sc.resource(b, sp)
	case "check":
		sc.check(b, sp, g.what)
	default:
		if b.Type == "import" {
			sc.instances(b)
		}
		sc.body(b.Body, b.DefRange(), g)
	}
}

func (sc *scope) locals(b *hclsyntax.Block) {
	for name, attr := range b.Body.Attributes {
		if l := sc.m.locals[name]; l != nil {
			sc.m.localType(name)
			if l.attr != attr { // a duplicate, or an override
				sc.infer(attr.Expr, false)
			}
		}
	}
	for _, inner := range b.Body.Blocks {
		sc.find(ruleUnknownBlock, inner.TypeRange, "Unknown block", "A locals block can contain only arguments, not the block %q.", inner.Type)
	}
}

// check checks a check, whose data source is one like all others.
func (sc *scope) check(b *hclsyntax.Block, sp *spec, what string) {
	for _, inner := range b.Body.Blocks {
		if inner.Type == "data" && len(inner.Labels) == 2 {
			sc.with(func(*scope) {}).resource(inner, terraformLanguage().data)
		}
	}
	skip := &spec{blocks: map[string]specBlock{"assert": sp.blocks["assert"], "data": {spec: &spec{skip: true}, labels: 2, max: 1}}}
	sc.body(b.Body, b.DefRange(), grammar{what: what, spec: skip})
}

// instances reads count and for_each, and sets what each and count mean in the
// rest of the block.
func (sc *scope) instances(b *hclsyntax.Block) {
	count, byC := b.Body.Attributes["count"]
	forEach, byE := b.Body.Attributes["for_each"]
	if byC && byE {
		sc.find(ruleMisplacedReference, forEach.NameRange, "Both count and for_each", "A block can have count or for_each, not both. for_each identifies instances by key; count suits an on/off switch.")
	}
	sc.unknownInstances(count, forEach)
	if byC {
		sc.fits(count.Expr, cty.Number, `"count"`)
		sc.each = byCount
	}
	if byE {
		ty := sc.infer(forEach.Expr, true)
		numbers := ty.IsSetType() && ty.ElementType() != cty.String && ty.ElementType() != dynamicType
		if ty.IsListType() || ty.IsTupleType() || ty.IsPrimitiveType() && ty != dynamicType || numbers {
			sc.find(ruleWrongType, forEach.Expr.Range(), "Wrong type", "\"for_each\" must be a map, an object or a set of strings, and this is %s. Use toset(...) to turn a list of strings into a set.", friendly(ty))
		}
		sc.each, sc.key, sc.val = byKey, cty.String, elementOf(ty)
		sc.spelled = sc.spells(forEach.Expr, localsDeep)
	}
}

func (sc *scope) resource(b *hclsyntax.Block, sp *spec) {
	kind, _ := kindOf(b.Type)
	key := Resource{Kind: kind, Type: b.Labels[0], Name: b.Labels[1]}
	sc.owner = key.Address()
	g := grammar{what: b.Labels[0], spec: sp}
	if kind != schema.KindResource {
		g.what = b.Type + "." + b.Labels[0]
	}
	sc.instances(b)
	if res := sc.m.resources[key.Address()]; res != nil && res.Schema != nil {
		g.schema = res.Schema
		g.lookup = func(p *schema.Provider) (*schema.Block, bool) { return p.Type(kind, b.Labels[0]) }
		sc.selfType = res.Schema.ImpliedType()
	} else {
		g.spec = &spec{attrs: sp.attrs, blocks: sp.blocks, open: true}
	}
	sc.body(b.Body, b.DefRange(), g)
}

// unused reports what nothing refers to. A template's directive comments and
// texts use variables, too, and so does a validation that compares one with
// another.
func (r *runner) unused(m *Module) {
	unused := slices.DeleteFunc(sortedNames(m.variables), func(name string) bool { return m.variables[name].used || comparesOthers(m.variables[name].block) })
	if len(unused) > 0 {
		for _, f := range r.files {
			if !below(f.Path, m.Dir) {
				continue
			}
			named := directiveVariables(f.Bytes)
			if Text(f.Path) {
				named = textVariables(f.Bytes)
			}
			for name := range named {
				if v := m.variables[name]; v != nil {
					v.used = true
				}
			}
		}
	}
	for _, name := range unused {
		if v := m.variables[name]; !v.used {
			r.find(ruleUnusedVariable, v.block.DefRange(), "Unused variable", "Nothing in this module uses var.%s. Use it or remove it.", name)
		}
	}
	for _, name := range sortedNames(m.locals) {
		if l := m.locals[name]; !l.used {
			r.find(ruleUnusedLocal, l.attr.NameRange, "Unused local value", "Nothing in this module uses local.%s. Use it or remove it.", name)
		}
	}
	for _, res := range m.Resources {
		if res.Kind == schema.KindData && !res.used && !hasConditions(res.Block) {
			r.find(ruleUnusedData, res.Block.DefRange(), "Unused data source", "Nothing in this module uses %s. Use it or remove it.", res.Address())
		}
	}
}

func below(file, dir string) bool {
	return dir == "" || strings.HasPrefix(file, dir+"/")
}

const directive = "bpgen:if "

// directiveVariables yields the variables that directive comments name.
func directiveVariables(src []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for {
			_, after, found := bytes.Cut(src, []byte(directive))
			if !found {
				return
			}
			src = after
			line, _ := cutLine(src)
			cond, diags := guard.ParseExpression(line, "", hcl.InitialPos)
			if diags.HasErrors() {
				continue
			}
			for _, t := range lang.Traversals(cond, nil) {
				if ref, ok := lang.Refer(t); ok && ref.Kind == lang.Variable && !yield(ref.Name) {
					return
				}
			}
		}
	}
}

// comparesOthers says whether a validation of a variable is about more than the
// variable itself.
func comparesOthers(variable *hclsyntax.Block) bool {
	for _, b := range variable.Body.Blocks {
		cond := b.Body.Attributes["condition"]
		if b.Type != "validation" || cond == nil {
			continue
		}
		for _, t := range lang.Traversals(cond.Expr, nil) {
			if ref, ok := lang.Refer(t); ok && (ref.Kind != lang.Variable || ref.Name != variable.Labels[0]) {
				return true
			}
		}
	}
	return false
}

var (
	textExpression = regexp.MustCompile(`\{\{ .+? \}\}|\bbpgen:if\b.*`)
	textVariable   = regexp.MustCompile(`\bvar\.([A-Za-z_][A-Za-z0-9_-]*)`)
)

// Text says whether a file is a text of a template, in which variables may stand:
// one of runbooks/ or files/.
func Text(file string) bool {
	return slices.ContainsFunc(strings.Split(dirOf(file), "/"), func(dir string) bool { return dir == "runbooks" || dir == "files" })
}

// Filled says whether bpgen fills a text in: whether it has an expression or a
// directive.
func Filled(text []byte) bool { return textExpression.Match(text) }

// textVariables yields the variables that the expressions and directives of a text
// name.
func textVariables(src []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, x := range textExpression.FindAll(src, -1) {
			for _, m := range textVariable.FindAllSubmatch(x, -1) {
				if !yield(string(m[1])) {
					return
				}
			}
		}
	}
}

// hasConditions says whether a block checks something, which is a use in itself.
func hasConditions(b *hclsyntax.Block) bool {
	for _, inner := range b.Body.Blocks {
		if inner.Type == "lifecycle" && len(inner.Body.Blocks) > 0 {
			return true
		}
	}
	return false
}

// cycles reports every group of blocks and locals that need each other, once,
// at the member that stands first in the alphabet.
func (r *runner) cycles(m *Module) {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var stack []string
	var visit func(string)
	visit = func(at string) {
		state[at] = open
		stack = append(stack, at)
		for _, next := range sortedNames(m.edges[at]) {
			switch state[next] {
			case 0:
				visit(next)
			case open:
				loop := slices.Clone(stack[slices.Index(stack, next):])
				r.reportCycle(m, loop)
			}
		}
		stack = stack[:len(stack)-1]
		state[at] = done
	}
	for _, at := range sortedNames(m.edges) {
		if state[at] == 0 {
			visit(at)
		}
	}
}

func (r *runner) reportCycle(m *Module, loop []string) {
	rng, ok := m.definition(loop[0])
	if !ok {
		return
	}
	if len(loop) == 1 {
		r.find(ruleCycle, rng, "Reference to itself", "%s refers to itself. Put the value in a local, or use `self` where it is allowed.", loop[0])
		return
	}
	r.find(ruleCycle, rng, "Cycle", "These depend on each other: %s, and %s again. Break the cycle: remove one of the references, or move it into a block of its own.", strings.Join(loop, " needs "), loop[0])
}

func (m *Module) definition(addr string) (hcl.Range, bool) {
	if name, ok := strings.CutPrefix(addr, "local."); ok && m.locals[name] != nil {
		return m.locals[name].attr.NameRange, true
	}
	if res := m.resources[addr]; res != nil {
		return res.Block.DefRange(), true
	}
	return hcl.Range{}, false
}

// providerReference checks `provider = name` or `provider = name.alias`.
func (sc *scope) providerReference(e hclsyntax.Expression) {
	name, alias, ok := providerName(e)
	if !ok {
		sc.find(ruleUndeclaredProvider, e.Range(), "Not a provider configuration", "Write a provider configuration without quotes: aws, or aws.alias.")
		return
	}
	if sc.m.partial || alias == "" {
		return // a default configuration need not be declared
	}
	p := sc.m.providers[name]
	if p != nil {
		if _, ok := p.configured[alias]; ok {
			return
		}
		if _, ok := p.expected[alias]; ok {
			return
		}
	}
	var all []string
	if p != nil {
		for _, a := range append(sortedNames(p.configured), sortedNames(p.expected)...) {
			if a != "" {
				all = append(all, name+"."+a)
			}
		}
	}
	full := name + "." + alias
	sc.find(ruleUndeclaredProvider, e.Range(), "Unknown provider configuration", "This module has no provider configuration %q.%s Declare it with `configuration_aliases = [%s]` in required_providers if the caller passes it in, or, in a root module, with a provider block that has `alias = %q`.", full, known(full, all), full, alias)
}

func providerName(e hclsyntax.Expression) (name, alias string, ok bool) {
	if ix, isIndex := e.(*hclsyntax.IndexExpr); isIndex { // aws.by_region[each.key], in OpenTofu
		e = ix.Collection
	}
	if t, quoted := inQuotes(e); quoted && len(t) <= 2 {
		alias, _ = lang.Step(t, 1)
		return t.RootName(), alias, true
	}
	t, isRef := e.(*hclsyntax.ScopeTraversalExpr)
	if !isRef || len(t.Traversal) > 3 {
		return "", "", false
	}
	alias, _ = lang.Step(t.Traversal, 1)
	return t.Traversal.RootName(), alias, true
}

// providerMap checks the providers argument of a module call.
func (sc *scope) providerMap(e hclsyntax.Expression) {
	obj, ok := e.(*hclsyntax.ObjectConsExpr)
	if !ok {
		sc.find(ruleUndeclaredProvider, e.Range(), "Not a map of provider configurations", "Write { aws = aws, aws.alias = aws.other }: the name in the called module, and this module's configuration to pass.")
		return
	}
	for _, item := range obj.Items {
		sc.providerReference(item.ValueExpr)
	}
}
