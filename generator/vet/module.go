package vet

import (
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/constraint"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
)

// A Module is one folder of .tf files.
type Module struct {
	Dir       string             // slash-separated, "" for the root of the tree
	Schema    *schema.Provider   // the version of hashicorp/aws it is checked against
	Resources []*Resource        // in order of files and lines
	Blocks    []*hclsyntax.Block // every top-level block, in order of files and lines

	run     *runner
	files   []*source
	partial bool // something of it could not be read: absence proves nothing

	variables map[string]*variable
	locals    map[string]*local
	outputs   map[string]*output
	calls     map[string]*call
	resources map[string]*Resource // by address
	providers map[string]*provider // by local name of the provider
	edges     map[string]map[string]bool
	depth     int                    // of locals that are being read
	names     [2][]string            // of variables and locals, sorted, for hints
	byType    map[string][]*Resource // managed resources, made by Of
	kept      map[any]any            // what Keep keeps

	callers []calling // of modules above this one, noted by callees
	tree    *tree     // which joined finds
}

// A Resource is a resource, data or ephemeral block.
type Resource struct {
	Kind   schema.Kind
	Type   string
	Name   string
	Block  *hclsyntax.Block
	Schema *schema.Block // nil for types of providers that vet has no schema of
	each   repetition
	used   bool
}

// Address returns how references name the block: aws_vpc.main, data.aws_region.current.
func (r *Resource) Address() string {
	if r.Kind == schema.KindResource {
		return r.Type + "." + r.Name
	}
	return r.Kind.String() + "." + r.Type + "." + r.Name
}

// A repetition says whether a block stands for many instances.
type repetition int

const (
	once repetition = iota
	byCount
	byKey
)

func repetitionOf(b *hclsyntax.Block) repetition {
	if _, ok := b.Body.Attributes["count"]; ok {
		return byCount
	}
	if _, ok := b.Body.Attributes["for_each"]; ok {
		return byKey
	}
	return once
}

type variable struct {
	block    *hclsyntax.Block
	ty       cty.Type // with optional attributes, cty.DynamicPseudoType when not declared
	required bool
	used     bool
}

type local struct {
	attr   *hclsyntax.Attribute
	ty     cty.Type
	state  state
	used   bool
	module *Module
}

type output struct {
	block *hclsyntax.Block
	ty    cty.Type
	state state
}

// A state guards types that are found on demand against cycles.
type state int

const (
	unvisited state = iota
	visiting
	visited
)

type call struct {
	block  *hclsyntax.Block
	source string
	target *Module // nil when it lies outside of the tree or is not readable
	each   repetition
}

type provider struct {
	source     string // "" when not declared
	constraint string
	constrRng  hcl.Range
	declared   bool                 // named in required_providers
	configured map[string]hcl.Range // by alias, "" for the default
	expected   map[string]hcl.Range // configuration_aliases
}

func (m *Module) provider(name string) *provider {
	p, ok := m.providers[name]
	if !ok {
		p = &provider{configured: map[string]hcl.Range{}, expected: map[string]hcl.Range{}}
		m.providers[name] = p
	}
	return p
}

// isAWS says whether a local provider name stands for hashicorp/aws.
func (m *Module) isAWS(name string) bool {
	if p, ok := m.providers[name]; ok && p.source != "" {
		source := strings.ToLower(p.source)
		for _, host := range []string{"registry.terraform.io/", "registry.opentofu.org/"} {
			source = strings.TrimPrefix(source, host)
		}
		return source == "hashicorp/aws"
	}
	return name == "aws"
}

// declare collects what the module's files declare and reports what is
// declared twice.
func (r *runner) declare(m *Module) {
	m.variables, m.locals, m.outputs = map[string]*variable{}, map[string]*local{}, map[string]*output{}
	m.calls, m.resources, m.providers = map[string]*call{}, map[string]*Resource{}, map[string]*provider{}
	m.edges = map[string]map[string]bool{}
	checks := map[string]hcl.Range{}

	var overrides []*source
	for _, s := range m.files {
		if fileset.Override(s.path) {
			overrides = append(overrides, s)
			continue
		}
		for _, b := range s.body.Blocks {
			m.Blocks = append(m.Blocks, b)
			switch b.Type {
			case "terraform":
				r.declareTerraform(m, b, false)
			case "locals":
				r.declareLocals(m, b)
			case "check":
				r.declareCheck(m, b, checks)
			default:
				r.declareBlock(m, b)
			}
		}
	}
	// What an override file changes is declared elsewhere.
	for _, s := range overrides {
		r.find(ruleOverrideFile, hcl.Range{Filename: s.path, Start: hcl.InitialPos, End: hcl.InitialPos}, "Override file",
			"Terraform merges the blocks of this file into those with the same name in other files. vet checks them against the schema but does not merge them, so its other findings, or their absence, apply to the module without this file. Make the changes in the blocks themselves to have them checked.")
		for _, b := range s.body.Blocks {
			r.override(m, b)
		}
	}
}

func (r *runner) declareLocals(m *Module, b *hclsyntax.Block) {
	for _, name := range sortedNames(b.Body.Attributes) {
		attr := b.Body.Attributes[name]
		if old, ok := m.locals[name]; ok {
			r.duplicate("local value", name, attr.NameRange, old.attr.NameRange)
			continue
		}
		m.locals[name] = &local{attr: attr, module: m}
	}
}

// declareCheck declares the data sources of a check, whose own name is known to
// other checks alone.
func (r *runner) declareCheck(m *Module, b *hclsyntax.Block, checks map[string]hcl.Range) {
	if len(b.Labels) == 1 {
		if old, ok := checks[b.Labels[0]]; ok {
			r.duplicate("check", b.Labels[0], b.DefRange(), old)
		}
		checks[b.Labels[0]] = b.DefRange()
	}
	for _, inner := range b.Body.Blocks {
		if inner.Type == "data" {
			r.declareBlock(m, inner)
		}
	}
}

// override looks at a block of an override file. It declares nothing: what it
// changes must be declared in another file.
func (r *runner) override(m *Module, b *hclsyntax.Block) {
	missing := func(what, name string, rng hcl.Range) {
		if !m.partial {
			r.find(ruleOverride, rng, "Nothing to override", "An override file changes what other files declare, and there is no %s %q in this module. Declare it in a file with another name, or rename this file.", what, name)
		}
	}
	switch label := strings.Join(b.Labels, "."); {
	case b.Type == "terraform":
		r.declareTerraform(m, b, true)
	case b.Type == "locals":
		for _, name := range sortedNames(b.Body.Attributes) {
			if m.locals[name] == nil {
				missing("local value", name, b.Body.Attributes[name].NameRange)
			}
		}
	case b.Type == "variable" && len(b.Labels) == 1:
		if m.variables[label] == nil {
			missing("variable", label, b.DefRange())
		}
	case b.Type == "output" && len(b.Labels) == 1:
		if m.outputs[label] == nil {
			missing("output", label, b.DefRange())
		}
	case b.Type == "module" && len(b.Labels) == 1:
		if m.calls[label] == nil {
			missing("module call", label, b.DefRange())
		}
	case b.Type == "provider" && len(b.Labels) == 1:
		r.overrideProvider(m, b, missing)
	case len(b.Labels) == 2:
		if kind, ok := kindOf(b.Type); ok {
			if res := (&Resource{Kind: kind, Type: b.Labels[0], Name: b.Labels[1]}); m.resources[res.Address()] == nil {
				missing(b.Type, label, b.DefRange())
			}
		}
	case b.Type == "moved" || b.Type == "import" || b.Type == "removed":
		r.find(ruleOverride, b.DefRange(), "Not allowed in an override file", "Terraform does not allow %s blocks in override files. Move this one to a file with another name.", b.Type)
	}
}

// overrideProvider looks at a provider's block of an override file. The default
// configuration of a provider is there without being written.
func (r *runner) overrideProvider(m *Module, b *hclsyntax.Block, missing func(what, name string, rng hcl.Range)) {
	alias := ""
	if attr, ok := b.Body.Attributes["alias"]; ok {
		alias, _ = literalString(attr.Expr)
	}
	p := m.provider(b.Labels[0])
	if _, ok := p.configured[alias]; ok {
		return
	}
	if alias != "" {
		missing("provider configuration", b.Labels[0]+"."+alias, b.DefRange())
	}
	p.configured[alias] = b.DefRange()
}

func (r *runner) duplicate(what, name string, rng, old hcl.Range) {
	r.find(ruleDuplicate, rng, "Duplicate declaration", "The %s %q is already declared at %s:%d. Rename or remove one of the two.", what, name, old.Filename, old.Start.Line)
}

func (r *runner) declareBlock(m *Module, b *hclsyntax.Block) {
	twice := func(what, name string, old *hclsyntax.Block) bool {
		if old != nil {
			r.duplicate(what, name, b.DefRange(), old.DefRange())
		}
		return old != nil
	}
	switch {
	case b.Type == "variable" && len(b.Labels) == 1:
		if old, ok := m.variables[b.Labels[0]]; ok && twice("variable", b.Labels[0], old.block) {
			return
		}
		_, optional := b.Body.Attributes["default"]
		m.variables[b.Labels[0]] = &variable{block: b, ty: r.declaredType(b), required: !optional}
	case b.Type == "output" && len(b.Labels) == 1:
		if old, ok := m.outputs[b.Labels[0]]; ok && twice("output", b.Labels[0], old.block) {
			return
		}
		m.outputs[b.Labels[0]] = &output{block: b}
	case b.Type == "module" && len(b.Labels) == 1:
		if old, ok := m.calls[b.Labels[0]]; ok && twice("module call", b.Labels[0], old.block) {
			return
		}
		c := &call{block: b, each: repetitionOf(b)}
		if attr, ok := b.Body.Attributes["source"]; ok {
			c.source, _ = literalString(attr.Expr)
		}
		m.calls[b.Labels[0]] = c
	case b.Type == "provider" && len(b.Labels) == 1:
		alias := ""
		if attr, ok := b.Body.Attributes["alias"]; ok {
			alias, _ = literalString(attr.Expr)
		}
		p := m.provider(b.Labels[0])
		if old, ok := p.configured[alias]; ok {
			name := b.Labels[0]
			if alias != "" {
				name += "." + alias
			}
			r.duplicate("provider configuration", name, b.DefRange(), old)
		}
		p.configured[alias] = b.DefRange()
	case len(b.Labels) == 2:
		kind, ok := kindOf(b.Type)
		if !ok {
			return
		}
		res := &Resource{Kind: kind, Type: b.Labels[0], Name: b.Labels[1], Block: b, each: repetitionOf(b)}
		addr := res.Address()
		if old, ok := m.resources[addr]; ok && twice(b.Type, addr, old.Block) {
			return
		}
		m.resources[addr] = res
		m.Resources = append(m.Resources, res)
	}
}

func kindOf(keyword string) (schema.Kind, bool) {
	for _, k := range []schema.Kind{schema.KindResource, schema.KindData, schema.KindEphemeral} {
		if k.String() == keyword {
			return k, true
		}
	}
	return 0, false
}

// declaredType returns the type of a variable. A wrong type expression is
// reported here, once.
func (r *runner) declaredType(b *hclsyntax.Block) cty.Type {
	attr, ok := b.Body.Attributes["type"]
	if !ok {
		return cty.DynamicPseudoType
	}
	if s, ok := literalString(attr.Expr); ok { // the old spelling; the format rule names it
		switch s {
		case "string":
			return cty.String
		case "list":
			return cty.List(cty.DynamicPseudoType)
		case "map":
			return cty.Map(cty.DynamicPseudoType)
		}
	}
	switch hcl.ExprAsKeyword(attr.Expr) { // an old spelling that Terraform still reads
	case "list":
		return cty.List(cty.DynamicPseudoType)
	case "map":
		return cty.Map(cty.DynamicPseudoType)
	case "set":
		return cty.Set(cty.DynamicPseudoType)
	}
	ty, _, diags := typeexpr.TypeConstraintWithDefaults(attr.Expr)
	if diags.HasErrors() {
		r.find(ruleWrongType, *diags[0].Subject, diags[0].Summary, "%s", diags[0].Detail)
		return cty.DynamicPseudoType
	}
	return ty
}

func (r *runner) declareTerraform(m *Module, b *hclsyntax.Block, override bool) {
	if a := b.Body.Attributes["required_version"]; a != nil {
		r.versions(a.Expr)
	}
	for _, req := range b.Body.Blocks {
		if req.Type != "required_providers" {
			continue
		}
		for _, name := range sortedNames(req.Body.Attributes) {
			attr := req.Body.Attributes[name]
			p := m.provider(name)
			if p.declared && !override {
				r.find(ruleDuplicate, attr.NameRange, "Duplicate declaration", "The provider %q is required twice in this module. Keep one entry of required_providers.", name)
			}
			p.declared = true
			r.requiredProvider(m, p, attr.Expr)
		}
	}
}

// requiredProvider reads one entry of required_providers.
func (r *runner) requiredProvider(m *Module, p *provider, x hclsyntax.Expression) {
	if s, ok := literalString(x); ok { // name = "constraint"
		p.constraint, p.constrRng = s, x.Range()
		r.versions(x)
		return
	}
	obj, ok := x.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return
	}
	for _, item := range obj.Items {
		switch hcl.ExprAsKeyword(item.KeyExpr) {
		case "source":
			p.source, _ = literalString(item.ValueExpr)
		case "version":
			p.constraint, _ = literalString(item.ValueExpr)
			p.constrRng = item.ValueExpr.Range()
			r.versions(item.ValueExpr)
		case "configuration_aliases":
			m.aliases(item.ValueExpr)
		}
	}
}

// aliases notes the provider configurations that a module wants from its caller.
func (m *Module) aliases(x hclsyntax.Expression) {
	list, ok := x.(*hclsyntax.TupleConsExpr)
	if !ok {
		return
	}
	for _, e := range list.Exprs {
		if t, ok := e.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) == 2 {
			if alias, ok := lang.Step(t.Traversal, 1); ok {
				m.provider(t.Traversal.RootName()).expected[alias] = t.SrcRange
			}
		}
	}
}

// versions reports a version constraint that cannot be read, or that no version
// satisfies.
func (r *runner) versions(x hclsyntax.Expression) {
	s, ok := literalString(x)
	if !ok {
		return
	}
	set, err := constraint.Parse(s)
	switch {
	case err != nil:
		r.find(ruleVersionConstraint, x.Range(), "Invalid version constraint", "%s. Write comparisons with commas between them, such as \">= 1.2, < 2.0\".", capital(err.Error()))
	case !set.Fulfillable():
		r.find(ruleVersionConstraint, x.Range(), "Conflicting version constraints", "No version satisfies %q. Remove one of its comparisons.", s)
	}
}

// provider chooses the version of hashicorp/aws for a module: what the caller
// of vet asks for, or else the newest version that the module's constraint, or
// the one of the nearest module above it, allows.
func (r *runner) provider(m *Module) *schema.Provider {
	major := r.opts.Major
	if major == "" {
		major = "6"
		if c := r.constraint(m); c != "" {
			major = majorFor(c)
		}
	}
	p, ok := schema.For(major)
	if !ok {
		p, _ = schema.For("6")
	}
	return p
}

// constraint returns the version constraint that holds for a module. One
// without its own, such as an example, lives with that of the module above it.
func (r *runner) constraint(m *Module) string {
	for dir := m.Dir; ; dir = dirOf(dir) {
		if above, ok := r.modules[dir]; ok {
			for name, p := range above.providers {
				if p.constraint != "" && above.isAWS(name) {
					return p.constraint
				}
			}
		}
		if dir == "" {
			return ""
		}
	}
}

func majorFor(wanted string) string {
	constraints, err := version.NewConstraint(wanted)
	if err != nil {
		return "6"
	}
	majors := schema.Majors()
	for _, major := range slices.Backward(majors) {
		p, _ := schema.For(major)
		if v, err := version.NewVersion(p.Version()); err == nil && constraints.Check(v) {
			return major
		}
	}
	// Neither version itself is allowed: "~> 5.90.0", "= 6.2.0", "< 5.0". Any
	// version of the same major is the nearest there is.
	for _, major := range slices.Backward(majors) {
		for minor := range 101 {
			v, err := version.NewVersion(major + "." + itoa(minor) + ".0")
			if err == nil && constraints.Check(v) {
				return major
			}
		}
	}
	return "6"
}

// literalString returns the value of a string literal.
func literalString(e hclsyntax.Expression) (string, bool) {
	t, ok := e.(*hclsyntax.TemplateExpr)
	if !ok || !t.IsStringLiteral() {
		return "", false
	}
	if part, ok := t.Parts[0].(*hclsyntax.LiteralValueExpr); ok && len(t.Parts) == 1 && part.Val.Type() == cty.String {
		return part.Val.AsString(), true // nearly all; evaluating takes ten times as long
	}
	v, diags := t.Value(nil)
	if diags.HasErrors() || v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}
