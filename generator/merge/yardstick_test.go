package merge_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A node is a block as the yardstick sees it. It is read from HCL's own syntax
// tree, not from that of the merge, and is known by its mark.
type node struct {
	address string // of a unit
	typ     string // with labels
	id      string // the mark, and which of those with the same one under its parent
	known   bool
	attrs   map[string]attr
	blocks  []*node
}

// An attr is an attribute: its tokens, and the comment behind it.
type attr struct{ code, comment string }

// counted returns how many nested blocks there are, and how many are marked.
func (n *node) counted() (all, known int) {
	for _, b := range n.blocks {
		a, k := b.counted()
		all, known = all+a+1, known+k
		if b.known {
			known++
		}
	}
	return all, known
}

// model reads a file of a rendering.
func model(t testing.TB, r rendering, name string) []*node {
	t.Helper()
	src, _ := r.files.Get(name)
	out, err := modelOf(string(src), r.marks[name])
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// modelOf reads a text into units: blocks, and every local value by itself.
func modelOf(src string, marks map[int]string) ([]*node, error) {
	f, diags := hclsyntax.ParseConfig([]byte(src), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	var out []*node
	body := f.Body.(*hclsyntax.Body)
	for _, b := range body.Blocks {
		if b.Type == "locals" {
			for name, a := range b.Body.Attributes {
				out = append(out, &node{address: "local." + name, typ: "local", attrs: map[string]attr{name: attrOf(src, a)}})
			}
			continue
		}
		n := nodeOf(src, b, marks)
		n.address = strings.Join(append([]string{b.Type}, b.Labels...), ".")
		if b.Type == "moved" {
			n.address += " " + n.attrs["from"].code
		}
		out = append(out, n)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].address < out[j].address })
	return out, nil
}

func nodeOf(src string, b *hclsyntax.Block, marks map[int]string) *node {
	n := &node{typ: strings.Join(append([]string{b.Type}, b.Labels...), "."), attrs: map[string]attr{}}
	for name, a := range b.Body.Attributes {
		n.attrs[name] = attrOf(src, a)
	}
	seen := map[string]int{}
	for _, in := range b.Body.Blocks {
		child := nodeOf(src, in, marks)
		m, ok := marks[in.CloseBraceRange.End.Byte]
		child.known = ok
		if !ok {
			m = child.typ
		}
		// What one block of a template was repeated to has one mark: which of them it is
		// is decided by all that is in it.
		seen[m]++
		child.id = m
		n.blocks = append(n.blocks, child)
	}
	for _, child := range n.blocks {
		if seen[child.id] > 1 {
			child.id += " " + child.canon()
		}
	}
	return n
}

func attrOf(src string, a *hclsyntax.Attribute) attr {
	rng := a.Expr.Range()
	out := attr{code: tokens(src[rng.Start.Byte:rng.End.Byte])}
	rest, _, _ := strings.Cut(src[rng.End.Byte:], "\n")
	if i := strings.IndexByte(rest, '#'); i >= 0 && strings.TrimSpace(rest[:i]) == "" {
		out.comment = strings.TrimSpace(rest[i:])
	}
	return out
}

// tokens writes an expression without layout and comments.
func tokens(text string) string {
	ts, _ := hclsyntax.LexExpression([]byte(text), "", hcl.InitialPos)
	var out []string
	for _, t := range ts {
		switch t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenComment, hclsyntax.TokenEOF, hclsyntax.TokenComma:
		default:
			out = append(out, string(t.Bytes))
		}
	}
	return strings.Join(out, " ")
}

// canon writes a node with all that means something, in a fixed order.
func (n *node) canon() string {
	var lines []string
	for name, a := range n.attrs {
		lines = append(lines, name+" = "+a.code)
	}
	for _, b := range n.blocks {
		lines = append(lines, b.canon())
	}
	sort.Strings(lines)
	return n.typ + " {\n" + strings.Join(lines, "\n") + "\n}"
}

func (n *node) clone() *node {
	c := *n
	c.attrs = map[string]attr{}
	for k, v := range n.attrs {
		c.attrs[k] = v
	}
	c.blocks = nil
	for _, b := range n.blocks {
		c.blocks = append(c.blocks, b.clone())
	}
	return &c
}

// under returns the block that a path of ids leads to.
func (n *node) under(ids []string) *node {
	for _, id := range ids {
		i := slices.IndexFunc(n.blocks, func(b *node) bool { return b.id == id })
		if i < 0 {
			return nil
		}
		n = n.blocks[i]
	}
	return n
}

// counterpart returns the block of another version that a path of ids leads to. A
// block that lost its mark, because bpgen wrote it anew, is the same when there is
// one of its type on both sides.
func counterpart(n, other *node, ids []string) *node {
	for _, id := range ids {
		if other == nil {
			return nil
		}
		of := n
		if n = n.under([]string{id}); n == nil {
			return nil
		}
		next := other.under([]string{id})
		if next == nil && len(of.typed(n.typ)) == 1 {
			if only := other.typed(n.typ); len(only) == 1 && !(only[0].known && n.known) {
				next = only[0]
			}
		}
		other = next
	}
	return other
}

// typed returns the nested blocks of a type.
func (n *node) typed(typ string) (out []*node) {
	for _, b := range n.blocks {
		if b.typ == typ {
			out = append(out, b)
		}
	}
	return out
}

// A verdict is what the yardstick says of one edit.
type verdict int

const (
	clean verdict = iota
	trueConflict
	open // both sides changed one list or object, which may be merged or not
)

// judge carries an edit out in what theirs has, and says whether that can be. The
// unit is changed where it can.
func judge(e edit, base, theirs *node) verdict {
	t := counterpart(base, theirs, e.path)
	if t == nil {
		if e.onlyWords() {
			return clean // a removal wins over a comment
		}
		return trueConflict
	}
	b := base.under(e.path)
	was, now := b.attrs[e.name], t.attrs[e.name]
	_, there := t.attrs[e.name]
	switch e.kind {
	case setComment:
		if !there || was.comment != now.comment && now.comment != e.comment {
			if !there {
				return clean
			}
			return trueConflict
		}
		now.comment = e.comment
		t.attrs[e.name] = now
	case added:
		t.attrs[e.name] = attr{code: e.code}
	case addedBlock:
		t.blocks = append(t.blocks, &node{typ: e.name, id: fmt.Sprint("own ", e.code), attrs: map[string]attr{"own": {code: e.code}}})
	case removed:
		switch {
		case !there:
		case was.code != now.code:
			return trueConflict
		default:
			delete(t.attrs, e.name)
		}
	case setValue, grown:
		switch {
		case there && now.code == was.code:
			now.code = e.code
			t.attrs[e.name] = now
		case there && now.code == e.code:
		case e.kind == grown && there:
			return open
		default:
			return trueConflict
		}
	}
	return clean
}
