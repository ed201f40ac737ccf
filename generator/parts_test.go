package generator_test

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator"
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
		a, b := written(want), written(got)
		if !slices.Equal(slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))) {
			t.Fatalf("%s: with parts pasted in there are other files", s)
		}
		for name, text := range a {
			if text != b[name] {
				t.Fatalf("%s: with parts pasted in %s differs:\n%s", s, name, cmp.Diff(text, b[name]))
			}
		}
	}
}

// written are the files of a rendering, but for the manifest, which names the sources.
func written(res generator.Result) map[string]string {
	out := map[string]string{}
	for _, f := range res.Files.Files() {
		if f.Path != ".bpgen/manifest.json" {
			out[f.Path] = string(f.Bytes)
		}
	}
	return out
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
		given, omitted := map[string]filler{}, map[string]filler{}
		if with := include.Body.Attributes["with"]; with != nil {
			for _, item := range with.Expr.(*hclsyntax.ObjectConsExpr).Items {
				given[hcl.ExprAsKeyword(item.KeyExpr)] = fillerOf(item.ValueExpr, src)
			}
		}
		if omit := include.Body.Attributes["omit"]; omit != nil {
			v, diags := omit.Expr.Value(nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, option := range v.AsValueSlice() {
				omitted[option.AsString()] = filler{}
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

// A filler is the text of an expression, which another operator may come too near.
type filler struct {
	text  string
	loose bool
}

func fillerOf(e hclsyntax.Expression, src []byte) filler {
	return filler{string(e.Range().SliceBytes(src)), operates(e)}
}

func operates(n hclsyntax.Node) bool {
	switch n.(type) {
	case *hclsyntax.BinaryOpExpr, *hclsyntax.ConditionalExpr, *hclsyntax.UnaryOpExpr:
		return true
	}
	return false
}

// in returns the swap that puts the filler in the place of a reference.
func (f filler) in(ref mention) swap {
	if f.loose && ref.near {
		return swap{ref.at, "(" + f.text + ")"}
	}
	return swap{ref.at, f.text}
}

// filled returns the blocks of a part with its parameters filled in, and notes the
// defaults of the options that are omitted.
func filled(t *testing.T, name string, src []byte, given, omitted map[string]filler) []byte {
	t.Helper()
	body := parsed(t, name, src)
	var swaps []swap
	for _, b := range body.Blocks {
		_, omit := omitted[strings.Join(b.Labels, ".")]
		switch {
		case b.Type == "part":
			for _, p := range b.Body.Blocks {
				if d := p.Body.Attributes["default"]; d != nil && given[p.Labels[0]].text == "" {
					given[p.Labels[0]] = fillerOf(d.Expr, src)
				}
			}
		case b.Type == "option" && omit:
			omitted[b.Labels[0]] = fillerOf(b.Body.Attributes["default"].Expr, src)
		default:
			continue
		}
		swaps = append(swaps, swap{hcl.RangeBetween(b.TypeRange, b.CloseBraceRange), ""})
	}
	inHeader := len(swaps)
	for _, ref := range references(body, "part") {
		if !slices.ContainsFunc(swaps[:inHeader], func(s swap) bool { return s.at.ContainsPos(ref.at.Start) }) {
			swaps = append(swaps, given[ref.name].in(ref))
		}
	}
	return swapped(src, swaps)
}

// without returns a blueprint in which options are their defaults.
func without(t *testing.T, name string, src []byte, omitted map[string]filler) []byte {
	t.Helper()
	if len(omitted) == 0 {
		return src
	}
	var swaps []swap
	for _, ref := range references(parsed(t, name, src), "option") {
		if f, ok := omitted[ref.name]; ok {
			swaps = append(swaps, f.in(ref))
		}
	}
	return swapped(src, swaps)
}

// A mention is where something is named.
type mention struct {
	name string
	at   hcl.Range
	near bool // beside an operator
}

// references are the first two steps of what refers to root.<name>.
func references(body *hclsyntax.Body, root string) []mention {
	w := &referrer{root: root}
	_ = hclsyntax.Walk(body, w)
	return w.found
}

type referrer struct {
	root    string
	parents []hclsyntax.Node
	found   []mention
}

// Enter looks at a node below its parents.
func (w *referrer) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if e, ok := n.(*hclsyntax.ScopeTraversalExpr); ok && len(e.Traversal) > 1 && e.Traversal.RootName() == w.root {
		if step, ok := e.Traversal[1].(hcl.TraverseAttr); ok {
			near := len(e.Traversal) > 2 || operates(w.parents[len(w.parents)-1])
			w.found = append(w.found, mention{step.Name, hcl.RangeBetween(e.Traversal[0].SourceRange(), step.SrcRange), near})
		}
	}
	w.parents = append(w.parents, n)
	return nil
}

// Exit leaves a node.
func (w *referrer) Exit(hclsyntax.Node) hcl.Diagnostics {
	w.parents = w.parents[:len(w.parents)-1]
	return nil
}
