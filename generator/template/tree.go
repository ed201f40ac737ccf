package template

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/object"
)

// A reader reads a template from its source tree. It opens nothing but what the
// template reaches: a repository holds examples, documentation and archives that
// are no concern of whoever calls its module.
type reader struct {
	fsys   fs.FS
	root   *Template
	budget guard.Budget
	held   map[string]bool // assets by path
	diags  hcl.Diagnostics
}

// LoadFrom reads the template in the folder sub of a source tree, "." for the
// tree itself. Dir is how ranges name the tree; objects, which may be nil, holds
// trees that need not be parsed. The result is best effort when there are errors.
func LoadFrom(fsys fs.FS, sub, name, dir string, objects *object.Store) (*Template, hcl.Diagnostics) {
	t := &Template{
		Name: name, Dir: path.Join(dir, sub), Tree: dir, Sub: sub, objects: objects,
		Locals: map[string]*Local{}, Objects: map[string]*Object{}, Sources: map[string]*hcl.File{}, Modules: map[string]*Template{},
	}
	r := &reader{fsys: fsys, root: t, held: map[string]bool{}}
	r.folder(t)
	r.deviations(t)
	for _, dir := range []string{"files", "runbooks", "tests"} {
		r.walk(path.Join(sub, dir), func(p string) { r.beside(p) })
	}
	r.licences()
	if r.diags.HasErrors() {
		t.overrides = nil // what is wrong with the files themselves comes first
	}
	r.diags = append(r.diags, t.declareAll()...)
	r.reached(t, []string{sub})
	slices.SortFunc(t.Assets, func(a, b Asset) int { return strings.Compare(a.Path, b.Path) })
	if len(t.Files) == 0 && !r.diags.HasErrors() {
		r.errorf("", "Empty template", "The template %q has no .tf file in %s.", name, t.Dir)
	}
	if !r.diags.HasErrors() {
		r.diags = append(r.diags, t.check()...)
	}
	return t, r.diags
}

func (r *reader) errorf(at, summary, format string, args ...any) {
	rng := hcl.Range{}
	if at != "" {
		rng = hcl.Range{Filename: at, Start: hcl.InitialPos, End: hcl.InitialPos}
	}
	r.diags = append(r.diags, diag.Error(rng, summary, format, args...))
}

// shown is how ranges name a file of the tree.
func (r *reader) shown(p string) string { return path.Join(r.root.Tree, p) }

// read returns a file of the tree.
func (r *reader) read(p string, parsed bool) ([]byte, bool) {
	if r.budget.Spent() {
		return nil, false
	}
	src, diags := guard.ReadFile(r.fsys, p, r.shown(p))
	if !diags.HasErrors() {
		diags = append(diags, r.budget.Take(r.shown(p), src, parsed)...)
	}
	r.diags = append(r.diags, diags...)
	return src, !diags.HasErrors()
}

// hold keeps a file of the tree as an asset.
func (r *reader) hold(p string, src []byte) {
	if r.held[p] {
		return
	}
	r.held[p] = true
	r.root.Assets = append(r.root.Assets, Asset{Path: p, Src: src})
	if r.root.Sources[r.shown(p)] == nil {
		r.root.Sources[r.shown(p)] = &hcl.File{Bytes: src} // an expression in a runbook may be wrong as well
	}
}

// folder reads the configuration of the template's own folder.
func (r *reader) folder(t *Template) {
	entries, err := fs.ReadDir(r.fsys, t.Sub)
	if err != nil {
		r.errorf("", "Cannot read template", "Reading %s failed: %s.", t.Dir, err)
		return
	}
	for _, e := range entries {
		p, name := path.Join(t.Sub, e.Name()), e.Name()
		code := strings.HasSuffix(name, ".tf") || strings.HasSuffix(name, ".tf.json") || strings.HasSuffix(name, ".tofu")
		switch {
		case e.IsDir(), strings.HasPrefix(name, "."), !code && name != "README.md":
		case !e.Type().IsRegular():
			r.irregular(p)
		case fileset.Override(name) && strings.HasSuffix(name, ".tf"):
			if src, ok := r.read(p, true); ok {
				f, diags := t.parse(src, r.shown(p))
				t.overrides, r.diags = append(t.overrides, f), append(r.diags, diags...)
			}
		case fileset.Override(name):
			r.errorf(r.shown(p), "Override file", "%s cannot be linked: like all files of a template, override files must be .tf files.", r.shown(p))
		case name == "README.md":
			if src, ok := r.read(p, false); ok {
				t.Summary = firstSentence(string(src))
			}
		case !strings.HasSuffix(name, ".tf"):
			r.errorf("", "Unsupported file", "%s cannot be linked: templates must be .tf files, so that their comments and layout are kept.", r.shown(p))
		default:
			r.diags = append(r.diags, r.file(t, p)...)
		}
	}
}

func (r *reader) irregular(p string) {
	r.diags = append(r.diags, diag.Error(hcl.Range{Filename: r.shown(p)}, "Not a regular file", "%s is not a regular file. A template can contain only regular files.", r.shown(p)))
}

// file reads and parses one configuration file.
func (r *reader) file(t *Template, p string) hcl.Diagnostics {
	src, ok := r.read(p, true)
	if !ok {
		return nil // read has said why
	}
	f, diags := r.root.parse(src, r.shown(p))
	t.Files = append(t.Files, f)
	return diags
}

// beside reads a file of files/, runbooks/ or tests/.
func (r *reader) beside(p string) {
	rest := inside(r.root.Sub, p)
	test, mock := strings.HasPrefix(rest, "tests/") && strings.HasSuffix(p, ".tftest.hcl"), strings.HasPrefix(rest, "tests/") && strings.HasSuffix(p, ".tfmock.hcl")
	if strings.HasPrefix(rest, "tests/") && !test && !mock {
		return
	}
	src, ok := r.read(p, test || mock || parsedLater(p))
	switch {
	case !ok:
	case test, mock:
		f, diags := r.root.parse(src, r.shown(p))
		if r.diags = append(r.diags, diags...); mock {
			r.root.Mocks = append(r.root.Mocks, f)
		} else {
			r.root.Tests = append(r.root.Tests, f)
		}
	default:
		r.asset(p, src)
	}
}

// parsedLater says whether vet will parse a file.
func parsedLater(p string) bool {
	return slices.Contains([]string{".tf", ".hcl", ".tfvars"}, path.Ext(p))
}

// asset holds a file, if a parser that will see it may.
func (r *reader) asset(p string, src []byte) {
	if parsedLater(p) {
		if diags := guard.HCL(r.shown(p), src); diags.HasErrors() {
			r.diags = append(r.diags, diags...)
			return
		}
	}
	r.hold(p, src)
}

// walk visits the files below a folder of the tree, if there is one.
func (r *reader) walk(dir string, visit func(p string)) {
	err := fs.WalkDir(r.fsys, dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && p == dir && errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case strings.HasPrefix(d.Name(), ".") && p != dir:
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
		case !d.Type().IsRegular():
			r.irregular(p)
		default:
			visit(p)
		}
		if r.budget.Spent() {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		r.errorf("", "Cannot read template", "Reading %s failed: %s.", r.shown(dir), err)
	}
}

// licences are the files whose text must go with what is made of a module.
var licences = []string{"LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "COPYING", "NOTICE", "NOTICE.md", "NOTICE.txt"}

// licences reads the terms under which the tree may be passed on.
func (r *reader) licences() {
	for _, name := range licences {
		if info, err := fs.Stat(r.fsys, name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if src, ok := r.read(name, false); ok {
			r.root.Licences = append(r.root.Licences, Asset{Path: name, Src: src})
		}
	}
}

// reached reads what a module of the tree reaches: the modules that it calls
// and the files that it reads. The trail holds the folders of its callers.
func (r *reader) reached(t *Template, trail []string) {
	for _, o := range sortedObjects(t) {
		dir, local := t.Called(o.Block)
		if !local || dir == "" {
			continue
		}
		if slices.Contains(trail, dir) {
			t.Recursive = true
			continue
		}
		child := r.root.Modules[dir]
		if child == nil {
			if child = r.child(dir); child == nil {
				continue
			}
			r.reached(child, append(slices.Clone(trail), dir))
			if !child.Faults.HasErrors() {
				child.Faults = append(child.Faults, child.check()...)
			}
		}
		t.Recursive = t.Recursive || child.Recursive
	}
	for _, f := range t.Files {
		t.Paths = append(t.Paths, Paths(f.Body)...)
	}
	for _, read := range t.Paths {
		r.reads(t, read)
	}
}

func sortedObjects(t *Template) []*Object {
	var out []*Object
	for _, addr := range sortedKeys(t.Objects) {
		if o := t.Objects[addr]; o.Kind == "module" {
			out = append(out, o)
		}
	}
	return out
}

// child reads a module of the tree. What is wrong with it is kept apart:
// a call of it may be left out, and else it is passed on as it is.
func (r *reader) child(dir string) *Template {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		return nil
	}
	t := &Template{
		Name: r.root.Name, Dir: r.shown(dir), Tree: r.root.Tree, Sub: dir, objects: r.root.objects, Modules: r.root.Modules,
		Locals: map[string]*Local{}, Objects: map[string]*Object{}, Sources: r.root.Sources,
	}
	r.root.Modules[dir] = t
	for _, e := range entries {
		p, name := path.Join(dir, e.Name()), e.Name()
		switch {
		case e.IsDir(), strings.HasPrefix(name, "."):
		case strings.HasSuffix(name, ".tf.json"), strings.HasSuffix(name, ".tofu"), fileset.Override(name):
			t.Faults = append(t.Faults, diag.Error(hcl.Range{Filename: r.shown(p)}, "Unsupported file", "%s cannot be linked.", r.shown(p)))
			if src, ok := r.read(p, true); ok {
				r.asset(p, src)
			}
		case strings.HasSuffix(name, ".tf") && !e.Type().IsRegular():
			r.irregular(p)
		case strings.HasSuffix(name, ".tf"):
			src, ok := r.read(p, true)
			if !ok {
				continue
			}
			f, diags := r.root.parse(src, r.shown(p))
			t.Files, t.Faults = append(t.Files, f), append(t.Faults, diags...)
			r.asset(p, src)
		}
	}
	t.Faults = append(t.Faults, t.declareAll()...)
	return t
}

// Called returns the folder of the tree that a module block calls. A source that
// is no path is not local; the folder is "" when the path leads out of the tree.
func (t *Template) Called(b *hclsyntax.Block) (dir string, local bool) {
	a := b.Body.Attributes["source"]
	if a == nil {
		return "", false
	}
	v, diags := a.Expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return "", false
	}
	source := v.AsString()
	if !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		return "", false
	}
	return within(t.Sub, source), true
}

// within joins a path to a folder of the tree; it is "" outside of the tree.
func within(dir, p string) string {
	joined := path.Join(dir, p)
	if joined == ".." || strings.HasPrefix(joined, "../") {
		return ""
	}
	return joined
}

// inside returns a path of the tree relative to a folder that it lies in.
func inside(dir, p string) string {
	if dir == "." {
		return p
	}
	return strings.TrimPrefix(p, dir+"/")
}

// A Path is a use of path.module: the path behind it as far as it is
// written out, and whether that is all of it.
type Path struct {
	Text  string
	Exact bool
}

// Paths returns the uses of path.module in a body.
func Paths(body *hclsyntax.Body) []Path {
	var out []Path
	told := map[int]bool{} // uses of which more is known, by their place
	lang.Visit(body, func(n hclsyntax.Node) {
		switch x := n.(type) {
		case *hclsyntax.TemplateExpr:
			if len(x.Parts) < 2 || !isModulePath(x.Parts[0]) {
				return
			}
			l, ok := x.Parts[1].(*hclsyntax.LiteralValueExpr)
			if !ok || l.Val.Type() != cty.String || !strings.HasPrefix(l.Val.AsString(), "/") {
				return
			}
			told[x.Parts[0].Range().Start.Byte] = true
			out = append(out, Path{l.Val.AsString()[1:], len(x.Parts) == 2})
		case *hclsyntax.ScopeTraversalExpr:
			if isModulePath(x) && !told[x.Range().Start.Byte] {
				out = append(out, Path{})
			}
		}
	})
	return out
}

func isModulePath(x hclsyntax.Expression) bool {
	ref, ok := x.(*hclsyntax.ScopeTraversalExpr)
	if !ok || ref.Traversal.RootName() != "path" || len(ref.Traversal) < 2 {
		return false
	}
	a, ok := ref.Traversal[1].(hcl.TraverseAttr)
	return ok && a.Name == "module"
}

// reads holds the files that a use of path.module may name.
func (r *reader) reads(t *Template, read Path) {
	if read.Text == "" {
		t.Looks = true
		r.walk(t.Sub, func(p string) {
			if !asideOf[strings.Split(inside(t.Sub, p), "/")[0]] && !describes(path.Base(p)) && !isCode(p) && p != path.Join(t.Sub, deviation.File) {
				r.readBy(t, p)
			}
		})
		return
	}
	p := within(t.Sub, read.Text)
	if p == "" {
		return
	}
	if strings.HasSuffix(read.Text, "/") {
		p += "/"
	}
	info, err := fs.Stat(r.fsys, path.Clean(p))
	switch {
	case read.Exact && err == nil && !info.IsDir():
		r.readBy(t, p)
	case read.Exact && err == nil:
		r.walk(path.Clean(p), func(q string) { r.readBy(t, q) })
	case !read.Exact:
		dir := path.Dir(p)
		if dir == "." || !fs.ValidPath(dir) {
			return
		}
		r.walk(dir, func(q string) {
			if strings.HasPrefix(q, p) {
				r.readBy(t, q)
			}
		})
	}
}

// readBy notes that a module reads a file.
func (r *reader) readBy(t *Template, p string) {
	if slices.Contains(t.Reads, p) {
		return
	}
	if !r.held[p] {
		src, ok := r.read(p, parsedLater(p))
		if !ok {
			return
		}
		r.asset(p, src)
	}
	t.Reads = append(t.Reads, p)
}

// asideOf are the folders in a module's that are about it, and no part of it.
var asideOf = map[string]bool{"docs": true, "examples": true, "modules": true, "runbooks": true, "test": true, "tests": true, "wrappers": true}

// describes says whether a file is about a module, and no part of it.
func describes(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	return slices.Contains([]string{"README", "CHANGELOG", "CONTRIBUTING", "CODEOWNERS", "LICENSE", "LICENCE", "NOTICE", "COPYING", "MAKEFILE"}, stem)
}

func isCode(p string) bool {
	return strings.HasSuffix(p, ".tf") || strings.HasSuffix(p, ".tf.json") || strings.HasSuffix(p, ".tofu")
}
