// Package catalog finds blueprints and templates in one or more file trees and
// loads them on demand.
//
// It takes fs.FS values, one holding <name>/blueprint.hcl and one holding
// <name>/*.tf, and returns parsed blueprints and templates. A name that stands
// in two trees is an error, never a silent shadow. It keeps every source it
// parsed, for snippets. It does not touch the operating system. The next stage
// is resolve.
package catalog

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/crash"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/object"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/template"
)

// A Root is one tree of blueprints and templates.
type Root struct {
	Name       string // shown in diagnostics in front of a path; "" for the built-in tree
	Blueprints fs.FS  // holds <name>/blueprint.hcl; nil for none
	Templates  fs.FS  // holds <name>/*.tf; nil for none

	// Formatted says that all files are formatted, as terraform fmt would. The
	// built-in tree is, and a test holds it to that; it saves a render time.
	Formatted bool

	// Objects holds trees of files of this root that need not be parsed; nil for
	// none.
	Objects *object.Store
}

// A Catalog is a set of roots, seen as one. It is safe for concurrent use and
// parses every blueprint and template at most once.
type Catalog struct {
	blueprints map[string]Root
	templates  map[string]Root
	ledger     *ledger.Ledger
	roots      []Root

	mu       sync.Mutex
	deeper   map[string]*loadedTemplate // modules in a folder of a source tree, as tree//folder
	sources  map[string]*hcl.File
	loaded   map[string]*loadedBlueprint
	heads    map[string]blueprint.Head
	compiled map[string]*loadedTemplate
}

type loadedBlueprint struct {
	once  sync.Once
	bp    *blueprint.Blueprint
	diags hcl.Diagnostics
}

type loadedTemplate struct {
	once  sync.Once
	t     *template.Template
	diags hcl.Diagnostics
}

// New returns the catalog of the given roots. It reads only folder names; the
// diagnostics name what stands twice.
func New(roots ...Root) (*Catalog, hcl.Diagnostics) {
	c := &Catalog{
		blueprints: map[string]Root{}, templates: map[string]Root{}, sources: map[string]*hcl.File{},
		loaded: map[string]*loadedBlueprint{}, heads: map[string]blueprint.Head{}, compiled: map[string]*loadedTemplate{}, deeper: map[string]*loadedTemplate{},
	}
	var diags hcl.Diagnostics
	c.roots = roots
	for _, r := range roots {
		if c.ledger == nil && r.Blueprints != nil {
			if info, err := fs.Stat(r.Blueprints, "notes"); err == nil && info.IsDir() {
				if sub, err := fs.Sub(r.Blueprints, "notes"); err == nil {
					c.ledger = ledger.Open(sub)
				}
			}
		}
		diags = append(diags, index(c.blueprints, r, r.Blueprints, "blueprint", isBlueprint)...)
		diags = append(diags, index(c.templates, r, r.Templates, "template", isTemplate)...)
	}
	for name := range c.blueprints {
		c.loaded[name] = &loadedBlueprint{}
	}
	for name := range c.templates {
		c.compiled[name] = &loadedTemplate{}
	}
	return c, diags
}

// index adds the folders of one tree to the names of a kind.
func index(names map[string]Root, r Root, fsys fs.FS, kind string, is func(fs.FS, string) bool) hcl.Diagnostics {
	if fsys == nil {
		return nil
	}
	entries, err := fs.ReadDir(fsys, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return hcl.Diagnostics{diag.Error(hcl.Range{}, "Cannot read directory", "Reading %s failed: %s.", path.Join(r.Name, kind+"s"), err)}
	}
	var diags hcl.Diagnostics
	for _, e := range entries {
		if !e.IsDir() || !is(fsys, e.Name()) {
			continue
		}
		if first, twice := names[e.Name()]; twice {
			diags = append(diags, diag.Error(hcl.Range{}, "Duplicate name", "There are two %ss called %q: in %s and in %s. Rename one of them; bpgen never lets one shadow the other.",
				kind, e.Name(), place(first), place(r)))
			continue
		}
		names[e.Name()] = r
	}
	return diags
}

func isBlueprint(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name+"/blueprint.hcl")
	return err == nil && !info.IsDir()
}

func isTemplate(fsys fs.FS, name string) bool {
	m, err := fs.Glob(fsys, name+"/*.tf")
	return err == nil && len(m) > 0
}

func place(r Root) string {
	if r.Name == "" {
		return "bpgen itself"
	}
	return r.Name
}

// Blueprints returns the names of all blueprints, sorted.
func (c *Catalog) Blueprints() []string { return slices.Sorted(maps.Keys(c.blueprints)) }

// Templates returns the names of all templates, sorted.
func (c *Catalog) Templates() []string { return slices.Sorted(maps.Keys(c.templates)) }

// Blueprint parses the blueprint of that name. An unknown name is an error
// that lists the nearest names.
func (c *Catalog) Blueprint(name string) (*blueprint.Blueprint, hcl.Diagnostics) {
	l, ok := c.loaded[name]
	if !ok {
		return nil, hcl.Diagnostics{diag.Error(hcl.Range{}, "Unknown blueprint", "There is no blueprint %q. %s", name, diag.DidYouMean(name, c.Blueprints()))}
	}
	l.once.Do(func() {
		l.bp = &blueprint.Blueprint{Name: name}
		defer crash.Diagnose(&l.diags) // the others can be used
		root := c.blueprints[name]
		file := path.Join(root.Name, "blueprints", name, "blueprint.hcl")
		src, diags := guard.ReadFile(root.Blueprints, name+"/blueprint.hcl", file)
		if diags.HasErrors() {
			l.diags = diags
			c.keep(map[string]*hcl.File{file: {Bytes: src}})
			return
		}
		l.bp, l.diags = blueprint.Parse(blueprint.Source{Name: file, Bytes: src, Objects: root.Objects}, name, library{c})
		l.bp.Formatted, l.bp.Own = root.Formatted, root.Name != ""
		c.keep(l.bp.Files)
		l.bp.Secrets = sync.OnceValue(func() *secret.Secrets {
			found := c.secrets(l.bp)
			c.hide(found.Literals)
			return found
		})
		if l.diags.HasErrors() {
			l.bp.Secrets() // They must not stand in the snippets of what is wrong.
		}
	})
	return l.bp, l.diags
}

// Head returns what a list tells of the blueprint of that name, and reads no more of
// it than needed: of a blueprint that tells it in its head, a fault further down is not
// reported.
func (c *Catalog) Head(name string) (blueprint.Head, hcl.Diagnostics) {
	c.mu.Lock()
	head, known := c.heads[name]
	c.mu.Unlock()
	if known {
		return head, nil
	}
	if root, ok := c.blueprints[name]; ok {
		file := path.Join(root.Name, "blueprints", name, "blueprint.hcl")
		if src, diags := guard.ReadFile(root.Blueprints, name+"/blueprint.hcl", file); !diags.HasErrors() {
			if head, ok := blueprint.ReadHead(src, name, file); ok {
				c.mu.Lock()
				defer c.mu.Unlock()
				c.heads[name] = head
				return head, nil
			}
		}
	}
	bp, diags := c.Blueprint(name)
	if bp == nil {
		return blueprint.Head{}, diags
	}
	return bp.Head(), diags
}

// Template loads the template of that name. A name such as
// "terraform-aws-iam//modules/iam-role" is that of a module in a folder of a
// source tree. The range is where it is asked for; an unknown name is an error
// there that lists the nearest names.
func (c *Catalog) Template(name string, from hcl.Range) (*template.Template, hcl.Diagnostics) {
	tree, sub, deep := strings.Cut(name, "//")
	if !deep {
		sub = "."
	}
	l := c.compiled[name]
	if deep {
		l = c.inTree(tree, sub, name)
	}
	if l == nil {
		return nil, hcl.Diagnostics{diag.Error(from, "Unknown template", "There is no template %q. %s", name, diag.DidYouMean(name, c.Templates()))}
	}
	l.once.Do(func() {
		l.t = &template.Template{Name: name}
		defer crash.Diagnose(&l.diags)
		root := c.tree(tree)
		fsys, err := fs.Sub(root.Templates, tree)
		if err != nil {
			l.diags = hcl.Diagnostics{diag.Error(from, "Cannot read template", "Reading the template %q failed: %s.", name, err)}
			return
		}
		l.t, l.diags = template.LoadFrom(fsys, sub, name, path.Join(root.Name, "templates", tree), root.Objects)
		l.t.Formatted = root.Formatted
		c.keep(l.t.Sources)
	})
	return l.t, l.diags
}

// TemplateRoot returns the name of the root that holds a template, "" for those that
// come with bpgen.
func (c *Catalog) TemplateRoot(name string) string {
	tree, _, _ := strings.Cut(name, "//")
	return c.tree(tree).Name
}

// Deviations returns the deviations of a blueprint and of all templates that it may
// use, whatever the options are. A template that does not load has none.
func (c *Catalog) Deviations(bp *blueprint.Blueprint) []*deviation.Deviation {
	out := slices.Clone(bp.Deviations)
	seen := map[string]bool{}
	for _, comp := range bp.Components {
		if seen[comp.Template] {
			continue
		}
		seen[comp.Template] = true
		if t, diags := c.Template(comp.Template, comp.TemplateRange); !diags.HasErrors() {
			out = append(out, t.Deviations...)
		}
	}
	return out
}

// inTree returns what is kept for a module in a folder of a tree, nil when no root
// has that folder.
func (c *Catalog) inTree(tree, sub, name string) *loadedTemplate {
	if !fs.ValidPath(sub) || sub == "." || !fs.ValidPath(tree) || strings.Contains(tree, "/") {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.deeper[name]
	if !ok {
		if r := c.tree(tree); r.Templates != nil && isTemplate(r.Templates, tree+"/"+sub) {
			l = &loadedTemplate{}
		}
		c.deeper[name] = l
	}
	return l
}

// tree returns the first root with a source tree of that name: most hold a
// module themselves, a few hold nothing but folders of modules.
func (c *Catalog) tree(name string) Root {
	if r, ok := c.templates[name]; ok {
		return r
	}
	for _, r := range c.roots {
		if r.Templates == nil {
			continue
		}
		if info, err := fs.Stat(r.Templates, name); err == nil && info.IsDir() {
			return r
		}
	}
	return Root{}
}

// Ledger returns the ledger of the notes that the first root with one carries
// in notes/ beside its blueprints, or nil.
func (c *Catalog) Ledger() *ledger.Ledger { return c.ledger }

// NotesFile returns the name by which diagnostics call a file of the ledger, and its
// text, which is kept for snippets.
func (c *Catalog) NotesFile(file string) (string, []byte) {
	for _, r := range c.roots {
		if r.Blueprints == nil {
			continue
		}
		if _, err := fs.Stat(r.Blueprints, "notes"); err != nil {
			continue // the ledger is that of the first root with one
		}
		name := path.Join(r.Name, "blueprints", "notes", file)
		src, diags := guard.ReadFile(r.Blueprints, path.Join("notes", file), name)
		if !diags.HasErrors() {
			c.keep(map[string]*hcl.File{name: {Bytes: src}})
		}
		return name, src
	}
	return path.Join("blueprints", "notes", file), nil
}

// Waivers parses the files waivers.hcl that lie beside the blueprints of the
// roots. A root without one has none.
func (c *Catalog) Waivers() ([]*hcl.File, hcl.Diagnostics) {
	var out []*hcl.File
	var diags hcl.Diagnostics
	for _, r := range c.roots {
		if r.Blueprints == nil {
			continue
		}
		if _, err := fs.Stat(r.Blueprints, "waivers.hcl"); err != nil {
			continue
		}
		name := path.Join(r.Name, "blueprints", "waivers.hcl")
		src, d := guard.ReadFile(r.Blueprints, "waivers.hcl", name)
		if diags = append(diags, d...); d.HasErrors() {
			continue
		}
		file, d := guard.Parse(src, name)
		diags = append(diags, d...)
		c.keep(map[string]*hcl.File{name: file})
		out = append(out, file)
	}
	return out, diags
}

// A ProofFile holds proofs for the blueprints of one root.
type ProofFile struct {
	Root string // its name
	fileset.File
}

// Proofs reads the files proofs/<system>.hcl that lie beside the blueprints of the
// roots, in order. A root without that directory has none.
func (c *Catalog) Proofs() ([]ProofFile, hcl.Diagnostics) {
	var out []ProofFile
	var diags hcl.Diagnostics
	for _, r := range c.roots {
		if r.Blueprints == nil {
			continue
		}
		found, err := fs.Glob(r.Blueprints, "proofs/*.hcl")
		if err != nil { // the pattern is constant and well formed
			continue
		}
		for _, f := range found {
			name := path.Join(r.Name, "blueprints", f)
			src, d := guard.ReadFile(r.Blueprints, f, name)
			if diags = append(diags, d...); d.HasErrors() {
				continue
			}
			file, _ := guard.Parse(src, name) // for snippets; who reads the proofs reports what is wrong
			c.keep(map[string]*hcl.File{name: file})
			out = append(out, ProofFile{r.Name, fileset.File{Path: name, Bytes: src}})
		}
	}
	return out, diags
}

// RootOf returns the name of the root that a blueprint belongs to.
func (c *Catalog) RootOf(blueprint string) string { return c.blueprints[blueprint].Name }

func (c *Catalog) keep(files map[string]*hcl.File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, f := range files {
		if f != nil {
			c.sources[name] = f
		}
	}
}

// hide masks secrets in the sources.
func (c *Catalog) hide(ranges []hcl.Range) {
	var m secret.Mask
	m.Ranges(ranges...)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sources = m.Sources(c.sources)
}

// Sources returns every file parsed so far by the name that ranges use, for
// printing snippets.
func (c *Catalog) Sources() map[string]*hcl.File {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.sources)
}
