package statesafe

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
)

// deepest is how many calls of modules are followed.
const deepest = 16

// A tree is what the files of a module declare.
type tree struct {
	resources map[string]*resource // by full address
	moved     map[string]string    // new full addresses by old ones
	keyed     map[string]bool      // addresses of which a block moved names an instance
	removed   map[string]bool      // by full address: whether the object is destroyed
	unread    []string             // files that do not parse
}

// A resource is a resource block.
type resource struct {
	address, typ string
	scope        *scope
	body         *hclsyntax.Body // nil if the file does not parse
	file         string
	line         int
}

// A scope is a module as it is called: what its names mean.
type scope struct {
	prefix    string // of addresses, with a dot
	sources   map[string][]byte
	locals    map[string]hclsyntax.Expression
	variables map[string]hclsyntax.Expression // defaults; nil for none
	bound     map[string]hclsyntax.Expression // arguments of the call
	caller    *scope                          // nil at the root
	repeats   []repeat                        // count and for_each of the calls around it
	memo      map[string]print
	renamed   func(address string) (string, bool)
}

// A repeat is a count or for_each, in the scope that it belongs to.
type repeat struct {
	name  string
	expr  hclsyntax.Expression
	scope *scope
}

// read returns what files declare. Addresses in expressions are spelled as renamed
// says.
func read(files *fileset.Set, renamed map[string]string) *tree {
	t := &tree{resources: map[string]*resource{}, moved: map[string]string{}, keyed: map[string]bool{}, removed: map[string]bool{}}
	root := &scope{renamed: func(a string) (string, bool) { to, ok := renamed[a]; return to, ok }}
	t.module(files, ".", root, 0)
	return t
}

// declaration is how a resource begins.
var declaration = regexp.MustCompile(`(?m)^\s*resource\s+"(\w+)"\s+"([\w-]+)"`)

// module takes in the files of one directory.
func (t *tree) module(files *fileset.Set, dir string, s *scope, calls int) {
	s.sources, s.locals, s.variables, s.memo = map[string][]byte{}, map[string]hclsyntax.Expression{}, map[string]hclsyntax.Expression{}, map[string]print{}
	var inner []*hclsyntax.Block
	for _, f := range files.Files() {
		if ext := path.Ext(f.Path); path.Dir(f.Path) != dir || ext != ".tf" && ext != ".tofu" {
			continue
		}
		s.sources[f.Path] = f.Bytes
		file, diags := guard.Parse(f.Bytes, f.Path)
		body, ok := (*hclsyntax.Body)(nil), false
		if !diags.HasErrors() {
			body, ok = file.Body.(*hclsyntax.Body)
		}
		if !ok {
			t.byLines(f, s)
			continue
		}
		for _, b := range body.Blocks {
			if b.Type == "module" && len(b.Labels) == 1 {
				inner = append(inner, b)
				continue
			}
			t.block(b, s)
		}
	}
	for _, b := range inner {
		if calls < deepest {
			t.call(files, dir, b, s, calls)
		}
	}
}

// byLines takes from a file that does not parse, which somebody is editing, what its
// lines say.
func (t *tree) byLines(f fileset.File, s *scope) {
	t.unread = append(t.unread, f.Path)
	for _, m := range declaration.FindAllSubmatchIndex(f.Bytes, -1) {
		typ, name := string(f.Bytes[m[2]:m[3]]), string(f.Bytes[m[4]:m[5]])
		address := s.prefix + typ + "." + name
		t.resources[address] = &resource{address: address, typ: typ, scope: s, file: f.Path, line: 1 + strings.Count(string(f.Bytes[:m[2]]), "\n")}
	}
}

// block takes in a block other than a call.
func (t *tree) block(b *hclsyntax.Block, s *scope) {
	attribute := func(name string) hclsyntax.Expression {
		if a := b.Body.Attributes[name]; a != nil {
			return a.Expr
		}
		return nil
	}
	switch {
	case b.Type == "resource" && len(b.Labels) == 2:
		address := s.prefix + strings.Join(b.Labels, ".")
		t.resources[address] = &resource{address, b.Labels[0], s, b.Body, b.DefRange().Filename, b.DefRange().Start.Line}
	case b.Type == "locals":
		for name, a := range b.Body.Attributes {
			s.locals[name] = a.Expr
		}
	case b.Type == "variable" && len(b.Labels) == 1:
		s.variables[b.Labels[0]] = attribute("default")
	case b.Type == "moved":
		from, keyFrom := s.address(attribute("from"))
		to, keyTo := s.address(attribute("to"))
		if from == "" || to == "" {
			return
		}
		t.keyed[from], t.keyed[to] = t.keyed[from] || keyFrom || keyTo, t.keyed[to] || keyFrom || keyTo
		if from != to {
			t.moved[from] = to
		}
	case b.Type == "removed":
		if from, _ := s.address(attribute("from")); from != "" {
			t.removed[from] = destroys(b)
		}
	}
}

// address returns the full address that an expression names, without keys, and
// whether it has any.
func (s *scope) address(x hclsyntax.Expression) (string, bool) {
	if x == nil {
		return "", false
	}
	steps, diags := hcl.AbsTraversalForExpr(x)
	if diags.HasErrors() {
		return "", false
	}
	words, keyed := []string{steps.RootName()}, false
	for _, step := range steps[1:] {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			words = append(words, step.Name)
		default:
			keyed = true
		}
	}
	return s.prefix + strings.Join(words, "."), keyed
}

// destroys says whether a block removed ends the object.
func destroys(b *hclsyntax.Block) bool {
	for _, inner := range b.Body.Blocks {
		if a := inner.Body.Attributes["destroy"]; inner.Type == "lifecycle" && a != nil {
			v, diags := a.Expr.Value(nil)
			return diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.Bool || v.True()
		}
	}
	return true
}

// call takes in a module that is among the files.
func (t *tree) call(files *fileset.Set, dir string, b *hclsyntax.Block, s *scope, calls int) {
	a := b.Body.Attributes["source"]
	if a == nil {
		return
	}
	v, diags := a.Expr.Value(nil)
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String || !strings.HasPrefix(v.AsString(), ".") {
		return // of a module from elsewhere nothing is known
	}
	in := &scope{prefix: s.prefix + "module." + b.Labels[0] + ".", caller: s, bound: map[string]hclsyntax.Expression{}, repeats: slices.Clone(s.repeats), renamed: s.renamed}
	for name, a := range b.Body.Attributes {
		switch name {
		case "count", "for_each":
			in.repeats = append(in.repeats, repeat{name, a.Expr, s})
		default:
			in.bound[name] = a.Expr
		}
	}
	t.module(files, path.Join(dir, v.AsString()), in, calls+1)
}

// bare returns an address without instance keys.
func bare(address string) string {
	return keys.ReplaceAllString(address, "")
}

var keys = regexp.MustCompile(`\[(?:\d+|"(?:[^"\\]|\\.)*")\]`)
