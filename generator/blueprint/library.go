package blueprint

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/object"
)

// A Source is a file that a blueprint is made of: its own, one of a part, or that
// of a blueprint that it extends.
type Source struct {
	Name    string // what ranges carry
	Bytes   []byte
	Objects *object.Store // may hold its tree; nil for none
}

// A Library finds what a blueprint is made of. The names are those that may stand
// in its place, for suggestions.
type Library interface {
	Part(name string) (s Source, found bool, diags hcl.Diagnostics)
	Base(name string) (s Source, found bool, diags hcl.Diagnostics)
	PartNames() []string
	BaseNames() []string
}

// Placed returns diagnostics in which those about a part, or about a blueprint that
// is extended, also say where the blueprint takes it from.
func (b *Blueprint) Placed(diags hcl.Diagnostics) hcl.Diagnostics {
	if b == nil || len(b.Included) == 0 {
		return diags
	}
	out := slices.Clone(diags)
	for i, d := range diags {
		if d.Subject == nil || strings.Contains(d.Detail, takenIn) {
			continue
		}
		var places []string
		for at, ok := b.Included[d.Subject.Filename]; ok; at, ok = b.Included[at.Filename] {
			places = append(places, at.String())
		}
		if len(places) == 0 {
			continue
		}
		c := *d
		c.Detail += takenIn + strings.Join(places, ", which is taken in at ") + "."
		out[i] = &c
	}
	return out
}

// takenIn begins what Placed adds.
const takenIn = "\n\nTaken in at "

// Bytes returns the bytes of the file that a range lies in.
func (b *Blueprint) Bytes(rng hcl.Range) []byte {
	if f := b.Files[rng.Filename]; f != nil {
		return f.Bytes
	}
	return nil
}

// Sources returns the bytes of every file that the blueprint is made of, by name.
func (b *Blueprint) Sources() map[string][]byte {
	out := map[string][]byte{}
	for name, f := range b.Files {
		out[name] = f.Bytes
	}
	return out
}

// FileNames returns the names of the files that the blueprint is made of, its own
// first.
func (b *Blueprint) FileNames() []string {
	own := b.Range.Filename
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(b.Files)), func(n string) bool { return n == own })
	if b.Files[own] == nil {
		return names
	}
	return append([]string{own}, names...)
}

// Text returns an expression as it is written, on one line, with what includes and
// fixed options put in the place of references; "" for none.
func (b *Blueprint) Text(x hclsyntax.Expression) string {
	if x == nil {
		return ""
	}
	return strings.Join(strings.Fields(b.text(x)), " ")
}

func (b *Blueprint) text(x hclsyntax.Expression) string {
	rng := x.Range()
	src := b.Bytes(rng)
	if !rng.CanSliceBytes(src) {
		return ""
	}
	var out strings.Builder
	at := rng.Start.Byte
	for _, p := range put(x) {
		out.Write(src[at:p.SrcRange.Start.Byte])
		text := b.text(p.Expression)
		switch p.Expression.(type) {
		case *hclsyntax.LiteralValueExpr, *hclsyntax.ScopeTraversalExpr, *hclsyntax.FunctionCallExpr, *hclsyntax.TemplateExpr, *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr, *hclsyntax.ParenthesesExpr:
		default:
			if ast := hclsyntax.Expression(p); ast != x {
				text = "(" + text + ")"
			}
		}
		out.WriteString(text)
		at = p.SrcRange.End.Byte
	}
	out.Write(src[at:rng.End.Byte])
	return out.String()
}

// put returns what stands in the place of references in an expression, in order,
// but for what stands inside of such.
func put(x hclsyntax.Expression) []*hclsyntax.ParenthesesExpr {
	w := &putWalker{}
	_ = hclsyntax.Walk(x, w)
	slices.SortFunc(w.found, func(a, b *hclsyntax.ParenthesesExpr) int { return a.SrcRange.Start.Byte - b.SrcRange.Start.Byte })
	return w.found
}

type putWalker struct {
	found []*hclsyntax.ParenthesesExpr
	depth int // in what was put in
}

func (w *putWalker) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if p, ok := n.(*hclsyntax.ParenthesesExpr); ok && lang.Elsewhere(p) {
		if w.depth == 0 {
			w.found = append(w.found, p)
		}
		w.depth++
	}
	return nil
}

func (w *putWalker) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if p, ok := n.(*hclsyntax.ParenthesesExpr); ok && lang.Elsewhere(p) {
		w.depth--
	}
	return nil
}
