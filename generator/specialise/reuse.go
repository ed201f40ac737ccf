package specialise

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/template"
)

// Kept holds the blocks of one specialisation for the next: a block comes out
// the same when all variables that it can depend on are bound to the same. It is
// for one set of Schemas and Funcs, and for templates that stay the same. It is
// safe for concurrent use and bounded, and never changes what comes out.
type Kept struct {
	needs  memo.Map[*template.Template, needs]
	blocks memo.Map[string, reused]
	paths  memo.Map[string, modulePath]
}

// reused is what became of a block, if that may be used again.
type reused struct {
	blocks []Block
	text   string
	ok     bool
}

// needs holds the variables that each block of a template depends on, whatever
// they are bound to: by its expressions, the local values and objects behind
// them, and the directives around it. A block that depends on more is left out.
type needs map[*hclsyntax.Block][]string

// again returns what build makes of a block, from what is kept when the block
// can depend on nothing that differs.
func (c *component) again(b *hclsyntax.Block, build func() reused) reused {
	kept := c.in.Kept
	if kept == nil {
		return build()
	}
	t := c.in.Template
	names, ok := kept.needs.Get(t, func() needs { return needsOf(t) })[b]
	if !ok || slices.ContainsFunc(names, c.mustStay) {
		return build()
	}
	r, built := kept.blocks.Make(c.blockKey(b, names), func() reused {
		before := len(c.diags)
		r := build()
		r.ok = len(c.diags) == before
		return r
	})
	if !built && !r.ok {
		return build()
	}
	return r
}

// mustStay says whether a variable's use leaves a trace beyond the block: it
// becomes a local value.
func (c *component) mustStay(name string) bool {
	v := c.in.Template.Variable(name)
	r, bound := c.in.Bound[name]
	return v != nil && v.Keep && bound && !isReference(r.Text())
}

// blockKey writes down what a block depends on.
func (c *component) blockKey(b *hclsyntax.Block, names []string) string {
	var key strings.Builder
	key.WriteString(c.in.place() + b.TypeRange.Filename + "\x00" + strconv.Itoa(b.TypeRange.Start.Byte) + "\x00")
	for _, name := range names {
		if print, bound := c.in.Print(name); bound {
			key.WriteString("=" + print)
		} else {
			key.WriteString(">" + c.in.Exposed[name] + "\x00")
		}
	}
	return key.String()
}

// place tells one use of a template from another.
func (in *Input) place() string {
	prefix := "\x01"
	if in.Prefix != nil {
		prefix = *in.Prefix
	}
	return in.Template.Dir + "\x00" + in.Name + "\x00" + prefix + "\x00"
}

// Print returns the digest of the fingerprint of what a variable is bound to,
// which is 32 bytes long, and whether it is bound.
func (in *Input) Print(name string) (string, bool) {
	r, ok := in.Bound[name]
	if !ok {
		return "", false
	}
	if p, ok := in.prints[name]; ok {
		return p, true
	}
	var b strings.Builder
	r.Fingerprint(&b)
	if in.prints == nil {
		in.prints = map[string]string{}
	}
	sum := sha256.Sum256([]byte(b.String()))
	in.prints[name] = string(sum[:])
	return in.prints[name], true
}

// needsOf finds the variables for every block of a template and of its tests.
func needsOf(t *template.Template) needs {
	out := needs{}
	for _, f := range slices.Concat(t.Files, t.Tests) {
		from := 0
		for _, b := range f.Body.Blocks {
			span := template.Span{Start: from, End: b.CloseBraceRange.End.Byte}
			from = span.End
			if b.Type == "module" || b.Type == "output" || b.Type == "terraform" {
				continue // they say something about the whole component
			}
			g := gatherer{t: t, seen: map[string]bool{}}
			g.directives(f, span)
			g.node(b.Body)
			switch {
			case b.Type == "variable" && len(b.Labels) == 1:
				g.seen["var."+b.Labels[0]] = true
			case b.Type == "run":
				for _, n := range b.Body.Blocks {
					for name := range n.Body.Attributes {
						if n.Type == "variables" {
							g.seen["var."+name] = true
						}
					}
				}
			}
			if names, ok := g.variables(); ok {
				out[b] = names
			}
		}
	}
	return out
}

// A gatherer collects what expressions lead to.
type gatherer struct {
	t    *template.Template
	seen map[string]bool // "var.x", "local.x", addresses; "" for what cannot be told
}

func (g *gatherer) variables() (names []string, ok bool) {
	for s := range g.seen {
		if name, is := strings.CutPrefix(s, "var."); is {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, !g.seen[""]
}

// node adds every reference below a node. A name that a for expression binds may
// be taken for one, which makes the block depend on more than it does.
func (g *gatherer) node(n hclsyntax.Node) {
	_ = hclsyntax.VisitAll(n, func(x hclsyntax.Node) hcl.Diagnostics {
		if e, ok := x.(*hclsyntax.ScopeTraversalExpr); ok {
			g.reference(e.Traversal)
		}
		return nil
	})
}

func (g *gatherer) expr(a *hclsyntax.Attribute) {
	if a != nil {
		g.node(a.Expr)
	}
}

func (g *gatherer) reference(ref hcl.Traversal) {
	name := ""
	if len(ref) > 1 {
		if a, ok := ref[1].(hcl.TraverseAttr); ok {
			name = a.Name
		}
	}
	switch root := ref.RootName(); {
	case (root == "var" || root == "local" || root == "output") && name == "":
		g.seen[""] = true
	case root == "var":
		g.seen["var."+name] = true
	case root == "local":
		l := g.t.Locals[name]
		if l == nil || g.seen["local."+name] {
			return
		}
		g.seen["local."+name] = true
		g.around(l.Attr.SrcRange)
		g.expr(l.Attr)
	case root == "output":
		o := g.t.Output(name)
		if o == nil || g.seen["output."+name] {
			return
		}
		g.seen["output."+name] = true
		g.around(hcl.RangeBetween(o.Block.TypeRange, o.Block.CloseBraceRange))
		g.node(o.Block.Body)
	default:
		addr, _ := template.ObjectAddress(ref)
		o := g.t.Objects[addr]
		if o == nil || g.seen[addr] {
			return
		}
		g.seen[addr] = true
		if o.Kind == "module" {
			g.seen[""] = true // it may be inline
		}
		g.around(hcl.RangeBetween(o.Block.TypeRange, o.Block.CloseBraceRange))
		for _, name := range []string{"count", "for_each", "input"} {
			g.expr(o.Block.Body.Attributes[name])
		}
	}
}

// around adds what the directives around a range depend on.
func (g *gatherer) around(rng hcl.Range) {
	for _, f := range g.t.Files {
		if f.Path == rng.Filename {
			g.directives(f, template.Span{Start: rng.Start.Byte, End: rng.End.Byte})
		}
	}
}

func (g *gatherer) directives(f *template.File, span template.Span) {
	for _, d := range f.Directives {
		if d.Item.Start < span.End && span.Start < d.Item.End {
			g.node(d.Cond)
		}
	}
}
