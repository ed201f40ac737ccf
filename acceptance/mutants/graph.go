// Package mutants tells which of many changes of a module a failed test notices.
//
// A module with many changes is tested once. That an assertion fails then says
// something about one of them when it is the only one that the assertion can
// see: of what the condition is made, through local values, variables and other
// objects, nothing else is changed. A Graph answers what a condition is made of,
// Read finds the assertions of test files and takes conditions apart, and a Batch
// chooses changes that can be told apart and says whose an assertion is.
//
// The package takes files and returns values. It runs nothing.
package mutants

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
)

// A Set is a set of parts of a module. A part is an argument, such as
// "aws_lb.main.access_logs.bucket", what objects or nested blocks there are, such
// as "aws_lb.main#", a variable, a local value, an output, a check, or all of an
// object, "aws_lb.main".
type Set map[string]bool

// Meets says whether two sets have a part in common.
func (s Set) Meets(other Set) bool {
	if len(other) < len(s) {
		s, other = other, s
	}
	for part := range s {
		if other[part] {
			return true
		}
	}
	return false
}

// Everything is the part that stands for what cannot be followed.
const Everything = "*"

const (
	element  = "~"   // stands in a path for one of several elements
	elements = ".[]" // is the part that the elements of a list are
)

// A Graph is what the parts of a module are made of.
type Graph struct {
	parts map[string]*part
	types map[string]bool // kinds of objects that names may begin with
	spans []span
}

type part struct {
	text  string   // the code, without what says nothing
	inner []string // of an object, block or value that is written out: the parts that it consists of
	keyed bool     // it is a value with keys
	list  bool     // it is a list of values
	needs []string // references, as parts
}

type span struct {
	rng  hcl.Range
	part string
}

// NewGraph reads the root of a module. A changed module is read like the one that
// it was, so that names of what is gone are still names.
func NewGraph(files []fileset.File, was *Graph) (*Graph, error) {
	g := &Graph{parts: map[string]*part{}, types: map[string]bool{}}
	if was != nil {
		maps.Copy(g.types, was.types)
	}
	var blocks []*hclsyntax.Block
	sources := map[string][]byte{}
	for _, f := range files {
		if path.Ext(f.Path) != ".tf" || strings.Contains(f.Path, "/") {
			continue
		}
		file, diags := hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
		if diags.HasErrors() {
			return nil, diags
		}
		sources[f.Path] = f.Bytes
		for _, b := range file.Body.(*hclsyntax.Body).Blocks {
			blocks = append(blocks, b)
			switch {
			case b.Type == "resource" && len(b.Labels) == 2:
				g.types[b.Labels[0]] = true
			case b.Type == "data" && len(b.Labels) == 2:
				g.types["data."+b.Labels[0]] = true
			}
		}
	}
	for _, b := range blocks {
		r := &reader{g: g, src: sources[b.DefRange().Filename]}
		r.top(b)
	}
	return g, nil
}

// At returns the smallest part that holds a line of a file.
func (g *Graph) At(file string, line int) (string, bool) {
	best, found := span{}, false
	for _, s := range g.spans {
		if s.rng.Filename != file || line < s.rng.Start.Line || line > s.rng.End.Line {
			continue
		}
		if !found || s.rng.End.Line-s.rng.Start.Line <= best.rng.End.Line-best.rng.Start.Line {
			best, found = s, true
		}
	}
	return best.part, found
}

// Changed returns the parts whose code differs.
func (g *Graph) Changed(other *Graph) Set {
	out := Set{}
	for name, p := range g.parts {
		if o := other.parts[name]; o == nil || o.text != p.text || !slices.Equal(o.inner, p.inner) {
			out[name] = true
		}
	}
	for name := range other.parts {
		if g.parts[name] == nil {
			out[name] = true
		}
	}
	return out
}

// Closure returns the parts that decide about references, themselves among them.
func (g *Graph) Closure(refs []string) Set {
	out := Set{}
	var visit func(string)
	visit = func(name string) {
		if base, rest, ok := strings.Cut(name, element); ok {
			switch p := g.parts[base]; {
			case p != nil && p.list:
				base += elements
			case p != nil && p.keyed:
				rest = "" // of any key
			}
			visit(base + rest)
			return
		}
		if out[name] {
			return
		}
		out[name] = true
		if p := g.parts[name]; p != nil {
			for _, n := range p.inner {
				visit(n)
			}
			for _, n := range p.needs {
				visit(n)
			}
		}
		for _, n := range g.instead(name) {
			visit(n)
		}
	}
	for _, ref := range refs {
		visit(ref)
	}
	return out
}

// instead returns what decides about a name beside the part itself: how many there
// are of each block around it, and where there is no such part, the next larger one.
// What an object does not give itself comes from AWS. Tests have an AWS of their own
// that answers without a look at the arguments, but for data sources, which it may
// read later.
func (g *Graph) instead(name string) []string {
	if counted, ok := strings.CutSuffix(name, "#"); ok {
		if g.parts[name] == nil && g.object(name) && len(strings.Split(name, ".")) > 2 {
			return []string{counted} // a list, or a block that is not there
		}
		return nil
	}
	if !g.object(name) {
		return nil
	}
	var out []string
	n := 2
	if strings.HasPrefix(name, "data.") {
		n = 3
	}
	steps := strings.Split(name, ".")
	for i := n; i < len(steps); i++ {
		out = append(out, strings.Join(steps[:i], ".")+"#")
	}
	out = append(out, name+"#")
	if g.parts[name] != nil || len(steps) <= n {
		return out
	}
	around := strings.Join(steps[:len(steps)-1], ".")
	if g.parts[around] == nil {
		return append(out, around)
	}
	if n == 2 && len(steps) == n+1 { // from AWS
		return out
	}
	return append(out, around)
}

func (g *Graph) object(name string) bool {
	root, rest, _ := strings.Cut(name, ".")
	if root == "data" {
		typ, _, _ := strings.Cut(rest, ".")
		root = "data." + typ
	}
	return g.types[root]
}

// A reader notes the parts of one block, or reads an expression.
type reader struct {
	g   *Graph
	src []byte
}

func (r *reader) top(b *hclsyntax.Block) {
	switch b.Type {
	case "resource", "data":
		name := strings.Join(b.Labels, ".")
		if b.Type == "data" {
			name = "data." + name
		}
		r.body(b, name, meta)
	case "locals":
		for name, a := range b.Body.Attributes {
			r.leaf("local."+name, a.SrcRange, a.Expr)
		}
	case "variable", "output", "check":
		kind := map[string]string{"variable": "var", "output": "output", "check": "check"}[b.Type]
		r.leaf(kind+"."+strings.Join(b.Labels, "."), blockRange(b), b)
	default:
		r.leaf(strings.Join(append([]string{b.Type}, b.Labels...), "."), blockRange(b), b)
	}
}

func blockRange(b *hclsyntax.Block) hcl.Range {
	return hcl.RangeBetween(b.TypeRange, b.CloseBraceRange)
}

// meta are what decides about an object as a whole.
var meta = map[string]bool{"count": true, "for_each": true, "depends_on": true, "provider": true, "lifecycle": true}

// body notes the parts of an object or a nested block; decide are the names of
// what decides about all of it.
func (r *reader) body(b *hclsyntax.Block, name string, decide map[string]bool) {
	body := b.Body
	r.span(name, blockRange(b))
	whole, number := r.part(name), r.part(name+"#")
	number.text += "+" // one more of them
	whole.add(name + "#")
	for _, key := range slices.Sorted(maps.Keys(body.Attributes)) {
		a := body.Attributes[key]
		if decide[key] {
			r.put(name+"#", a.SrcRange, a.Expr)
			continue
		}
		whole.add(name + "." + key)
		r.span(name+"."+key, a.SrcRange)
		if !r.written(name+"."+key, a.Expr) {
			r.whole(name+"."+key, a.SrcRange, a.Expr)
		}
	}
	for _, inner := range body.Blocks {
		switch {
		case decide[inner.Type]:
			r.put(name+"#", blockRange(inner), inner)
		case inner.Type == "dynamic" && len(inner.Labels) == 1:
			at := name + "." + inner.Labels[0]
			whole.add(at)
			r.span(at, blockRange(inner))
			for key, a := range inner.Body.Attributes {
				if key != "iterator" {
					r.put(at+"#", a.SrcRange, a.Expr)
				}
			}
			for _, content := range inner.Body.Blocks {
				r.body(content, at, nil)
			}
		default:
			whole.add(name + "." + inner.Type)
			r.body(inner, name+"."+inner.Type, nil)
		}
	}
}

// written notes the parts of a value whose keys are written out, in JSON too, and says
// whether it is one. The elements of a list are all one; those that are not written
// out, and what keys there are, decide about all.
func (r *reader) written(name string, x hclsyntax.Expression) bool {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return r.written(name, x.Expression)
	case *hclsyntax.FunctionCallExpr:
		return x.Name == "jsonencode" && len(x.Args) == 1 && r.written(name, x.Args[0])
	case *hclsyntax.TupleConsExpr:
		if !slices.ContainsFunc(x.Exprs, func(e hclsyntax.Expression) bool { _, ok := e.(*hclsyntax.ObjectConsExpr); return ok }) {
			return false
		}
		r.part(name).list = true
		r.part(name).add(name + "#")
		r.part(name).add(name + elements)
		for _, e := range x.Exprs {
			r.part(name + "#").text += "+"
			if !r.written(name+elements, e) {
				r.put(name+"#", e.Range(), e)
			}
		}
		return true
	case *hclsyntax.ObjectConsExpr:
		r.part(name).add(name + "#")
		r.part(name).keyed = true
		for _, item := range x.Items {
			key := keyOf(item.KeyExpr)
			if key == "" {
				r.put(name+"#", hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range()), item.KeyExpr)
				r.put(name+"#", item.ValueExpr.Range(), item.ValueExpr)
				continue
			}
			r.part(name + "#").text += key + " "
			r.part(name).add(name + "." + key)
			r.span(name+"."+key, item.ValueExpr.Range())
			if !r.written(name+"."+key, item.ValueExpr) {
				r.whole(name+"."+key, item.ValueExpr.Range(), item.ValueExpr)
			}
		}
		return true
	}
	return false
}

// keyOf returns a key that is written out and can be a step of a path, else "".
func keyOf(x hclsyntax.Expression) string {
	v, diags := x.Value(nil)
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String || strings.ContainsAny(v.AsString(), ".[]#"+element) {
		return ""
	}
	return v.AsString()
}

func (p *part) add(inner string) {
	if !slices.Contains(p.inner, inner) {
		p.inner = append(p.inner, inner)
		slices.Sort(p.inner)
	}
}

func (r *reader) part(name string) *part {
	p := r.g.parts[name]
	if p == nil {
		p = &part{}
		r.g.parts[name] = p
	}
	return p
}

func (r *reader) span(name string, rng hcl.Range) { r.g.spans = append(r.g.spans, span{rng, name}) }

// leaf notes a part without parts, put adds to one.
func (r *reader) leaf(name string, rng hcl.Range, n hclsyntax.Node) {
	r.span(name, rng)
	r.put(name, rng, n)
}

// whole notes a value that is not written out. Where another element has one that is,
// it decides about the parts of that, too.
func (r *reader) whole(name string, rng hcl.Range, x hclsyntax.Expression) {
	r.put(name, rng, x)
	r.put(name+"#", rng, x)
}

func (r *reader) put(name string, rng hcl.Range, n hclsyntax.Node) {
	p := r.part(name)
	p.text += code(rng.SliceBytes(r.src)) + "\n"
	p.needs = append(p.needs, r.refs(n)...)
}

// code returns the tokens of a text without comments.
func code(src []byte) string {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	var b strings.Builder
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment || t.Type == hclsyntax.TokenNewline {
			continue
		}
		fmt.Fprintf(&b, "%s ", t.Bytes)
	}
	return b.String()
}
