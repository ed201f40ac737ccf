// Package cited reads a module as it is on the disk or in memory: its statements by
// line and by address, and the entries of the notes that comments cite for them.
//
// It takes files and returns statements and places. It evaluates nothing, judges
// nothing and does not touch the operating system; a file that does not parse gives
// what can be read of it.
package cited

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// The kinds of statements.
const (
	Block    = "block"    // a resource, a variable, or a block in one
	Argument = "argument" // of a block
	Element  = "element"  // of an object in an argument, such as a parameter of a parameter group
)

// A Statement is a block, an argument, or an element of an object.
type Statement struct {
	Kind    string
	Object  string   // address of the top-level block, such as aws_rds_cluster.database
	Type    string   // of the resource or data source, such as aws_rds_cluster or data.aws_region; else ""
	Path    []string // names of blocks, arguments and elements below the object
	Code    string   // as it is written; of a block the line with its name
	File    string
	Line    int // of its first line
	Last    int
	IDs     []string // entries that a comment of its own cites or departs from
	Comment int      // the line of that comment, 0 for none
	Why     string   // the reason that a comment gives for it, "" for none
	Group   []string // entries cited by the comment above the lines that it belongs to
	Above   int      // the line of that comment

	column  int
	refs    []string // what it refers to: variables, local values, objects
	dynamic bool     // a dynamic block, whose for_each holds the blocks
}

// Address returns the address of the statement, such as
// aws_rds_cluster.database.backup_retention_period.
func (s Statement) Address() string {
	return strings.Join(append([]string{s.Object}, s.Path...), ".")
}

// Variables returns the names of the variables and local values that the statement reads
// itself, with var. and local. in front.
func (s Statement) Variables() []string {
	return slices.DeleteFunc(slices.Clone(s.refs), func(ref string) bool {
		return !strings.HasPrefix(ref, "var.") && !strings.HasPrefix(ref, "local.")
	})
}

// A Place is a line of a file.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// A Citation is a comment that cites entries of the notes, or departs from them.
type Citation struct {
	Place

	IDs []string
}

// A Module is the files of a module, read.
type Module struct {
	files []*file
}

// A file is one file, read.
type file struct {
	name       string
	lines      []string
	statements []*Statement // in the order of their first lines, outer before inner
	citations  []Citation
}

// Read reads the Terraform files of a module, at any depth.
func Read(files []fileset.File) *Module {
	m := &Module{}
	for _, f := range files {
		if path.Ext(f.Path) == ".tf" && !strings.HasPrefix(f.Path, "examples/") {
			m.files = append(m.files, readFile(f))
		}
	}
	return m
}

func readFile(f fileset.File) *file {
	out := &file{name: f.Path, lines: strings.Split(string(f.Bytes), "\n")}
	parsed, _ := guard.Parse(f.Bytes, f.Path) // what can be read is enough
	if body, ok := parsed.Body.(*hclsyntax.Body); ok {
		w := &walker{file: out, src: f.Bytes}
		w.body(body, Statement{})
	}
	slices.SortStableFunc(out.statements, func(a, b *Statement) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.column - b.column
	})
	out.comments(guard.Lex(f.Bytes, f.Path))
	return out
}

// A walker collects the statements of a file.
type walker struct {
	file *file
	src  []byte
}

// add notes a statement and returns it.
func (w *walker) add(s Statement, at, all hcl.Range) *Statement {
	s.File, s.Line, s.column, s.Last = w.file.name, at.Start.Line, at.Start.Column, all.End.Line
	w.file.statements = append(w.file.statements, &s)
	return &s
}

func (w *walker) body(body *hclsyntax.Body, in Statement) {
	for _, b := range body.Blocks {
		s := w.block(b, in)
		if s.Kind != "" {
			added := w.add(s, b.Range(), lang.BlockRange(b))
			if in.Object == "" {
				added.refs = lang.Addresses(b).Sorted()
			}
		}
		w.body(b.Body, s)
	}
	for _, a := range lang.Attributes(body) {
		s := in
		s.dynamic = false
		s.Kind, s.Path = Argument, append(slices.Clone(in.Path), a.Name)
		if in.Object == "locals" {
			s.Object, s.Path = "local."+a.Name, nil
		}
		s.Code = string(a.SrcRange.SliceBytes(w.src))
		added := w.add(s, a.SrcRange, a.SrcRange)
		added.refs = lang.Addresses(a.Expr).Sorted()
		if in.dynamic && a.Name == "for_each" {
			s = in // its elements are the blocks
		}
		w.elements(a.Expr, s)
	}
}

// block returns the statement of a block: its address by the kind of block. The content
// of a dynamic block has no Kind: it is the block.
func (w *walker) block(b *hclsyntax.Block, in Statement) Statement {
	s := in
	s.dynamic = false
	s.Kind, s.Code = Block, string(b.DefRange().SliceBytes(w.src))
	if in.Object != "" {
		switch {
		case b.Type == "content" && len(b.Labels) == 0:
			s.Kind = ""
		case b.Type == "dynamic" && len(b.Labels) == 1:
			s.Path, s.dynamic = append(slices.Clone(in.Path), b.Labels[0]), true
		default:
			s.Path = append(slices.Clone(in.Path), b.Type)
		}
		return s
	}
	switch {
	case b.Type == "locals":
		s.Object = "locals"
	case b.Type == "resource" && len(b.Labels) == 2:
		s.Object, s.Type = strings.Join(b.Labels, "."), b.Labels[0]
	case b.Type == "data" && len(b.Labels) == 2:
		s.Object, s.Type = "data."+strings.Join(b.Labels, "."), "data."+b.Labels[0]
	case b.Type == "variable" && len(b.Labels) == 1:
		s.Object = "var." + b.Labels[0]
	default:
		s.Object = strings.Join(append([]string{b.Type}, b.Labels...), ".")
	}
	return s
}

// elements collects what objects in an expression hold.
func (w *walker) elements(x hclsyntax.Expression, in Statement) {
	type inside struct {
		rng       hcl.Range
		statement Statement
	}
	around := []inside{{x.Range(), in}}
	_ = hclsyntax.VisitAll(x, func(n hclsyntax.Node) hcl.Diagnostics { // the visitor has nothing to report
		o, ok := n.(*hclsyntax.ObjectConsExpr)
		if !ok {
			return nil
		}
		i := len(around) - 1
		for i > 0 && !within(o.SrcRange, around[i].rng) {
			i--
		}
		for _, item := range o.Items {
			if s, ok := w.element(item, around[i].statement); ok {
				around = append(around, inside{item.ValueExpr.Range(), s})
			}
		}
		return nil
	})
}

func within(a, b hcl.Range) bool { return a.Start.Byte >= b.Start.Byte && a.End.Byte <= b.End.Byte }

// element notes an element of an object whose key is written out.
func (w *walker) element(item hclsyntax.ObjectConsItem, in Statement) (Statement, bool) {
	key, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
	if !ok {
		return in, false
	}
	name := hcl.ExprAsKeyword(key.Wrapped)
	if name == "" {
		v, diags := key.Wrapped.Value(nil)
		if diags.HasErrors() || !v.IsWhollyKnown() || v.IsNull() || v.Type() != cty.String {
			return in, false
		}
		name = v.AsString()
	}
	s := in
	s.dynamic = false
	s.Kind, s.Path = Element, append(slices.Clone(in.Path), name)
	rng := hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range())
	s.Code = string(rng.SliceBytes(w.src))
	w.add(s, rng, rng)
	return s, true
}
