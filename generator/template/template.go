// Package template loads a template: an ordinary Terraform module that serves
// as a building block.
//
// It takes a file tree and returns a *Template with diagnostics: parsed files,
// declarations by kind, directives, and dangling references. It knows nothing
// of chosen options; the next stage is specialise. It does not touch the
// operating system.
package template

import (
	"cmp"
	"io/fs"
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
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/object"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/validate"
)

// A Template is a loaded building block.
type Template struct {
	Name string
	Dir  string // path of its folder as ranges show it
	// Formatted says that the files are known to be formatted, so that what is
	// left of them need not be formatted again.
	Formatted bool
	Summary   string // first sentence of README.md, "" without one

	Files      []*File // configuration files, main.tf first, then by name
	Variables  []*Variable
	Outputs    []*Output
	Deviations []*deviation.Deviation // where it departs from the notes
	Locals     map[string]*Local
	Objects    map[string]*Object // resources, data sources, ephemeral resources and module calls by address

	Tests   []*File // tests/*.tftest.hcl
	Mocks   []*File // *.tfmock.hcl in tests/
	Assets  []Asset // files/, runbooks/, child modules that are called, and files that the code reads
	Sources map[string]*hcl.File

	Tree     string               // path of the source tree as ranges show it
	Sub      string               // the template's folder in the tree, "." for the tree itself
	Modules  map[string]*Template // local child modules in reach, at any depth, by their folder in the tree
	Paths    []Path               // what the code of this module says behind path.module
	Reads    []string             // assets that the code of this module reads through path.module
	Looks    bool                 // the code of this module looks at its folder as a whole
	Licences []Asset              // the terms of the source tree
	Faults   hcl.Diagnostics      // of a child module: why it cannot be specialised

	// Recursive says that a module in reach calls one of its callers.
	Recursive bool

	objects   *object.Store
	overrides []*File // on their way into Files
	deciding  struct {
		sync.Once
		names []string
	}
}

// A File is one parsed configuration file.
type File struct {
	Name       string // base name
	Path       string // as ranges show it
	Src        []byte
	Body       *hclsyntax.Body
	Directives []Directive

	held bool // the tree was carried, not parsed
}

// A Variable is an input variable of the template.
type Variable struct {
	Name        string
	Type        cty.Type // DynamicPseudoType without a constraint
	Defaults    *typeexpr.Defaults
	Default     cty.Value // NilVal when required
	Nullable    bool
	Sensitive   bool
	Ephemeral   bool
	Description string
	Block       *hclsyntax.Block
	File        *File
	Uses        int  // how often the template refers to it
	Keep        bool // given a constant it must become a local value: templatestring takes nothing else
}

// An Output is an output value of the template.
type Output struct {
	Name      string
	Value     hclsyntax.Expression
	Sensitive bool
	Ephemeral bool
	Block     *hclsyntax.Block
	File      *File
}

// A Local is one local value.
type Local struct {
	Name string
	Attr *hclsyntax.Attribute
	File *File
	Uses int  // how often the template refers to it
	Keep bool // it must stay a local value: templatestring takes nothing else
}

// An Object is a block that other expressions refer to by address: a resource,
// a data source, an ephemeral resource or a module call.
type Object struct {
	Kind  string // "resource", "data", "ephemeral" or "module"
	Type  string // "" for a module call
	Label string
	Block *hclsyntax.Block
	File  *File
	Uses  int // how often the template refers to it
}

// Address returns the object's address, as a reference writes it.
func (o *Object) Address() string { return Address(o.Kind, o.Type, o.Label) }

// Address joins the parts of a reference to an object.
func Address(kind, typ, label string) string {
	switch kind {
	case "resource":
		return typ + "." + label
	case "module":
		return "module." + label
	}
	return kind + "." + typ + "." + label
}

// An Asset is a file that is not configuration.
type Asset struct {
	Path string // relative to the source tree
	Src  []byte
}

// Load reads the template in fsys, the template's own folder. Dir is how
// ranges name that folder; objects, which may be nil, holds trees that need not
// be parsed. The result is best effort when there are errors.
func Load(fsys fs.FS, name, dir string, objects *object.Store) (*Template, hcl.Diagnostics) {
	return LoadFrom(fsys, ".", name, dir, objects)
}

// declareAll sorts the files and all that they declare.
func (t *Template) declareAll() hcl.Diagnostics {
	slices.SortFunc(t.Files, func(a, b *File) int {
		return cmp.Or(rank(a.Name)-rank(b.Name), cmp.Compare(a.Name, b.Name))
	})
	var diags hcl.Diagnostics
	if len(t.Files) > 0 {
		diags = append(diags, t.override()...)
	}
	for _, f := range t.Files {
		diags = append(diags, t.declare(f)...)
	}
	return append(diags, t.validate()...)
}

// validate looks at what Terraform refuses whatever the options are. A file whose
// tree is carried was looked at when it was made.
func (t *Template) validate() hcl.Diagnostics {
	var bodies []*hclsyntax.Body
	for _, f := range t.Files {
		if !f.held {
			bodies = append(bodies, f.Body)
		}
	}
	diags := validate.Module(bodies)
	for _, f := range t.Tests {
		if !f.held {
			diags = append(diags, validate.Tests(f.Body)...)
		}
	}
	return diags
}

func rank(name string) int {
	if name == "main.tf" {
		return 0
	}
	return 1
}

func (t *Template) parse(src []byte, full string) (*File, hcl.Diagnostics) {
	f := &File{Name: path.Base(full), Path: full, Src: src, Body: &hclsyntax.Body{}}
	parsed, held := t.objects.File(src, full)
	var diags hcl.Diagnostics
	if !held {
		parsed, diags = guard.Parse(src, full)
	}
	f.held = held
	t.Sources[full] = parsed
	if diags.HasErrors() {
		return f, diags
	}
	f.Body = parsed.Body.(*hclsyntax.Body)
	more := f.findDirectives()
	return f, append(diags, more...)
}

// declare sorts a file's blocks into the template's declarations.
func (t *Template) declare(f *File) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, a := range f.Body.Attributes {
		diags = append(diags, diag.Error(a.NameRange, "Argument outside a block", "A Terraform file contains only blocks, so %q means nothing here.", a.Name))
	}
	for _, b := range f.Body.Blocks {
		labels, ok := labelCount[b.Type]
		if !ok {
			diags = append(diags, diag.Error(b.TypeRange, "Unknown block", "bpgen does not know the block %q in a module. %s", b.Type, diag.DidYouMean(b.Type, sortedKeys(labelCount))))
			continue
		}
		if len(b.Labels) != labels {
			continue // validate says so
		}
		diags = append(diags, t.declareBlock(f, b)...)
	}
	return diags
}

// labelCount holds every top-level block of a module that bpgen can link.
var labelCount = validate.Labels()

func (t *Template) declareBlock(f *File, b *hclsyntax.Block) hcl.Diagnostics {
	switch b.Type {
	case "variable":
		return t.declareVariable(f, b)
	case "output":
		return t.declareOutput(f, b)
	case "locals":
		return t.declareLocals(f, b)
	case "resource", "data", "ephemeral", "module":
		return t.declareObject(f, b)
	case "check":
		return t.declareCheck(f, b)
	}
	return nil
}

// twice refuses a block that declares what another one declares already.
func twice(b *hclsyntax.Block, what string, first hcl.Range) hcl.Diagnostics {
	return hcl.Diagnostics{diag.Error(b.DefRange(), "Duplicate declaration", "The template declares %s already, at %s. Rename or remove one of them.", what, first)}
}

func (t *Template) declareVariable(f *File, b *hclsyntax.Block) hcl.Diagnostics {
	if first := t.Variable(b.Labels[0]); first != nil {
		return twice(b, "the variable \""+b.Labels[0]+"\"", first.Block.DefRange())
	}
	v, diags := ParseVariable(b)
	v.File = f
	t.Variables = append(t.Variables, v)
	return diags
}

func (t *Template) declareOutput(f *File, b *hclsyntax.Block) hcl.Diagnostics {
	if first := t.Output(b.Labels[0]); first != nil {
		return twice(b, "the output \""+b.Labels[0]+"\"", first.Block.DefRange())
	}
	if a := b.Body.Attributes["value"]; a != nil { // validate asks for one
		t.Outputs = append(t.Outputs, &Output{
			Name: b.Labels[0], Value: a.Expr, Block: b, File: f,
			Sensitive: literalBool(b, "sensitive", false), Ephemeral: literalBool(b, "ephemeral", false),
		})
	}
	return nil
}

func (t *Template) declareLocals(f *File, b *hclsyntax.Block) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, a := range SortedAttributes(b.Body) {
		if first, ok := t.Locals[a.Name]; ok {
			diags = append(diags, diag.Error(a.NameRange, "Duplicate declaration", "The local value %q is declared already, at %s.", a.Name, first.Attr.NameRange))
			continue
		}
		t.Locals[a.Name] = &Local{Name: a.Name, Attr: a, File: f}
	}
	return diags
}

func (t *Template) declareObject(f *File, b *hclsyntax.Block) hcl.Diagnostics {
	o := &Object{Kind: b.Type, Label: b.Labels[len(b.Labels)-1], Block: b, File: f}
	if b.Type != "module" {
		o.Type = b.Labels[0]
	}
	if first, ok := t.Objects[o.Address()]; ok {
		return twice(b, o.Address(), first.Block.DefRange())
	}
	t.Objects[o.Address()] = o
	return nil
}

// declareCheck only looks for another check of the name: nothing refers to one.
func (t *Template) declareCheck(f *File, b *hclsyntax.Block) hcl.Diagnostics {
	for _, other := range t.Files {
		for _, first := range other.Body.Blocks {
			if first == b || first.Type != "check" || len(first.Labels) != 1 || first.Labels[0] != b.Labels[0] {
				continue
			}
			// Both see each other; the one that comes later is the double.
			if t.before(other, first, f, b) {
				return twice(b, "the check \""+b.Labels[0]+"\"", first.DefRange())
			}
		}
	}
	return nil
}

// before says whether the block a of one file comes before the block b of
// another in the template.
func (t *Template) before(af *File, a *hclsyntax.Block, bf *File, b *hclsyntax.Block) bool {
	if af == bf {
		return a.TypeRange.Start.Byte < b.TypeRange.Start.Byte
	}
	return slices.Index(t.Files, af) < slices.Index(t.Files, bf)
}

// Variable returns the variable of that name, or nil.
func (t *Template) Variable(name string) *Variable {
	for _, v := range t.Variables {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// Output returns the output of that name, or nil.
func (t *Template) Output(name string) *Output {
	for _, o := range t.Outputs {
		if o.Name == name {
			return o
		}
	}
	return nil
}

// VariableNames returns the names of all variables in order.
func (t *Template) VariableNames() []string {
	var out []string
	for _, v := range t.Variables {
		out = append(out, v.Name)
	}
	return out
}

// OutputNames returns the names of all outputs in order.
func (t *Template) OutputNames() []string {
	var out []string
	for _, o := range t.Outputs {
		out = append(out, o.Name)
	}
	return out
}

// constraint reads a type constraint. A list or map without the type of its
// members is an old spelling that Terraform still reads.
func constraint(x hclsyntax.Expression) (cty.Type, *typeexpr.Defaults, hcl.Diagnostics) {
	switch hcl.ExprAsKeyword(x) {
	case "list":
		return cty.List(cty.DynamicPseudoType), nil, nil
	case "map":
		return cty.Map(cty.DynamicPseudoType), nil, nil
	}
	return typeexpr.TypeConstraintWithDefaults(x)
}

// ParseVariable decodes a variable block, of a template or of a blueprint.
func ParseVariable(b *hclsyntax.Block) (*Variable, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	v := &Variable{Name: b.Labels[0], Type: cty.DynamicPseudoType, Default: cty.NilVal, Block: b,
		Nullable:  literalBool(b, "nullable", true),
		Sensitive: literalBool(b, "sensitive", false),
		Ephemeral: literalBool(b, "ephemeral", false),
	}
	if a := b.Body.Attributes["description"]; a != nil {
		if d, dd := budget.Constant(a.Expr); !dd.HasErrors() && d.Type() == cty.String && !d.IsNull() {
			v.Description = d.AsString()
		}
	}
	if a := b.Body.Attributes["type"]; a != nil {
		typ, defaults, d := constraint(a.Expr)
		diags = append(diags, d...)
		if !d.HasErrors() {
			v.Type, v.Defaults = typ, defaults
		}
	}
	if a := b.Body.Attributes["default"]; a != nil {
		val, d := budget.Constant(a.Expr)
		diags = append(diags, d...)
		if !d.HasErrors() {
			conv, err := v.Convert(val)
			if err != nil {
				diags = append(diags, diag.Error(a.Expr.Range(), "Wrong type", "The default of the variable %q does not match its type: %s.", v.Name, err))
			} else {
				v.Default = conv
				diags = append(diags, v.exposed(a)...)
			}
		}
	}
	return v, diags
}

// exposed returns an error for a default that should be secret.
func (v *Variable) exposed(a *hclsyntax.Attribute) hcl.Diagnostics {
	if !v.Sensitive || !secret.Bears(v.Default) {
		return nil
	}
	d := secret.Error(a.NameRange, "Default of a sensitive variable", "The variable %q is sensitive, but its default is a constant. %s A default may be null or empty. %s", v.Name, secret.Where, secret.Mend)
	return hcl.Diagnostics{d}
}

func literalBool(b *hclsyntax.Block, name string, otherwise bool) bool {
	a := b.Body.Attributes[name]
	if a == nil {
		return otherwise
	}
	v, diags := budget.Constant(a.Expr)
	if diags.HasErrors() {
		return otherwise
	}
	v, err := convert.Convert(v, cty.Bool) // Terraform takes "true", too
	if err != nil || v.IsNull() || !v.IsKnown() {
		return otherwise
	}
	return v.True()
}

// firstSentence returns the first sentence of the first paragraph that is not a
// heading.
func firstSentence(md string) string {
	for para := range strings.SplitSeq(strings.ReplaceAll(md, "\r\n", "\n"), "\n\n") {
		para = strings.TrimSpace(para)
		if para == "" || strings.HasPrefix(para, "#") || strings.HasPrefix(para, "<!--") {
			continue
		}
		para = strings.Join(strings.Fields(para), " ")
		if i := strings.Index(para, ". "); i >= 0 {
			para = para[:i+1]
		}
		return para
	}
	return ""
}
