package generator_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/templates"
)

// TestParts: a blueprint with its parts pasted in, as text, renders the same bytes.
func TestParts(t *testing.T) {
	t.Parallel()
	tree, pasted := copied(t, blueprints.FS), 0
	cat := builtIn(t)
	for _, name := range cat.Blueprints() {
		file := name + "/blueprint.hcl"
		text, n := paste(t, file, tree[file].Data, tree)
		tree[file], pasted = &fstest.MapFile{Data: text}, pasted+n
	}
	if pasted == 0 {
		t.Fatal("no blueprint includes a part")
	}
	by, diags := catalog.New(catalog.Root{Blueprints: tree, Templates: templates.FS, Formatted: true})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, s := range samples(t, cat) {
		want, got := renderSample(t, cat, s, link.Flat), renderSample(t, by, s, link.Flat)
		if difference := differs(want, got, nil, nil); difference != "" {
			t.Fatalf("%s: with parts pasted in, %s", s, difference)
		}
	}
}

func copied(t *testing.T, fsys fs.FS) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(fsys, name)
		out[name] = &fstest.MapFile{Data: src}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A swap is a range of a text, and what comes in its place.
type swap struct {
	at  hcl.Range
	new string
}

func swapped(src []byte, swaps []swap) []byte {
	slices.SortFunc(swaps, func(a, b swap) int { return b.at.Start.Byte - a.at.Start.Byte })
	for _, s := range swaps {
		src = slices.Concat(src[:s.at.Start.Byte], []byte(s.new), src[s.at.End.Byte:])
	}
	return src
}

// paste returns a blueprint in which each include is the text of its part, and how
// many there were.
func paste(t *testing.T, name string, src []byte, tree fstest.MapFS) (text []byte, n int) {
	t.Helper()
	for {
		body := parsed(t, name, src)
		i := slices.IndexFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "include" })
		if i < 0 {
			return src, n
		}
		include := body.Blocks[i]
		given, omitted := map[string]string{}, map[string]string{}
		if with := include.Body.Attributes["with"]; with != nil {
			for _, item := range with.Expr.(*hclsyntax.ObjectConsExpr).Items {
				given[hcl.ExprAsKeyword(item.KeyExpr)] = closed(item.ValueExpr, src)
			}
		}
		if omit := include.Body.Attributes["omit"]; omit != nil {
			v, diags := omit.Expr.Value(nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, option := range v.AsValueSlice() {
				omitted[option.AsString()] = ""
			}
		}
		file := path.Join("parts", include.Labels[0]+".hcl")
		part := filled(t, file, tree[file].Data, given, omitted)
		at := hcl.RangeBetween(include.TypeRange, include.CloseBraceRange)
		src, n = without(t, name, swapped(src, []swap{{at, string(part)}}), omitted), n+1
	}
}

func parsed(t *testing.T, name string, src []byte) *hclsyntax.Body {
	t.Helper()
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, src)
	}
	return file.Body.(*hclsyntax.Body)
}

// closed returns an expression's text, in brackets where another may come too near.
func closed(e hclsyntax.Expression, src []byte) string {
	text := string(e.Range().SliceBytes(src))
	switch e.(type) {
	case *hclsyntax.BinaryOpExpr, *hclsyntax.ConditionalExpr, *hclsyntax.UnaryOpExpr:
		return "(" + text + ")"
	}
	return text
}

// filled returns the blocks of a part with its parameters filled in, and notes the
// defaults of the options that are omitted.
func filled(t *testing.T, name string, src []byte, given, omitted map[string]string) []byte {
	t.Helper()
	body := parsed(t, name, src)
	var swaps []swap
	for _, b := range body.Blocks {
		_, omit := omitted[strings.Join(b.Labels, ".")]
		switch {
		case b.Type == "part":
			for _, p := range b.Body.Blocks {
				if d := p.Body.Attributes["default"]; d != nil && given[p.Labels[0]] == "" {
					given[p.Labels[0]] = closed(d.Expr, src)
				}
			}
		case b.Type == "option" && omit:
			omitted[b.Labels[0]] = closed(b.Body.Attributes["default"].Expr, src)
		default:
			continue
		}
		swaps = append(swaps, swap{hcl.RangeBetween(b.TypeRange, b.CloseBraceRange), ""})
	}
	inHeader := len(swaps)
	for _, ref := range references(body, "part") {
		if !slices.ContainsFunc(swaps[:inHeader], func(s swap) bool { return s.at.ContainsPos(ref.at.Start) }) {
			swaps = append(swaps, swap{ref.at, given[ref.name]})
		}
	}
	return swapped(src, swaps)
}

// without returns a blueprint in which options are their defaults.
func without(t *testing.T, name string, src []byte, omitted map[string]string) []byte {
	t.Helper()
	if len(omitted) == 0 {
		return src
	}
	var swaps []swap
	for _, ref := range references(parsed(t, name, src), "option") {
		if text, ok := omitted[ref.name]; ok {
			swaps = append(swaps, swap{ref.at, text})
		}
	}
	return swapped(src, swaps)
}

type namedRange struct {
	name string
	at   hcl.Range
}

// references are the first two steps of what refers to root.<name>.
func references(body *hclsyntax.Body, root string) []namedRange {
	var out []namedRange
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		e, ok := n.(*hclsyntax.ScopeTraversalExpr)
		if !ok || len(e.Traversal) < 2 || e.Traversal.RootName() != root {
			return nil
		}
		if step, ok := e.Traversal[1].(hcl.TraverseAttr); ok {
			out = append(out, namedRange{step.Name, hcl.RangeBetween(e.Traversal[0].SourceRange(), step.SrcRange)})
		}
		return nil
	})
	return out
}
