package catalog

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/guard"
)

// partsDir is the directory beside the blueprints of a root that holds its parts.
const partsDir = "parts"

// A library finds what blueprints are made of in all roots of a catalog.
type library struct{ catalog *Catalog }

// Part reads the part of that name. One that stands in two roots is an error: none
// shadows another.
func (l library) Part(name string) (s blueprint.Source, found bool, diags hcl.Diagnostics) {
	var first Root
	for _, r := range l.catalog.roots {
		if !slices.Contains(partsOf(r), name) {
			continue
		}
		if found {
			return s, true, hcl.Diagnostics{diag.Error(hcl.Range{}, "Duplicate name", "There are two parts called %q: in %s and in %s. Rename one of them; bpgen never lets one shadow the other.", name, place(first), place(r))}
		}
		first, found = r, true
	}
	if !found {
		return s, false, nil
	}
	return source(first, path.Join(partsDir, name+".hcl"))
}

// Base reads the blueprint of that name.
func (l library) Base(name string) (s blueprint.Source, found bool, diags hcl.Diagnostics) {
	r, ok := l.catalog.blueprints[name]
	if !ok {
		return s, false, nil
	}
	return source(r, name+"/blueprint.hcl")
}

func source(r Root, file string) (blueprint.Source, bool, hcl.Diagnostics) {
	name := path.Join(r.Name, "blueprints", file)
	src, diags := guard.ReadFile(r.Blueprints, file, name)
	return blueprint.Source{Name: name, Bytes: src, Objects: r.Objects}, true, diags
}

// PartNames returns the names of the parts of all roots, each once.
func (l library) PartNames() []string {
	var out []string
	for _, r := range l.catalog.roots {
		out = append(out, partsOf(r)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// BaseNames returns the names of all blueprints.
func (l library) BaseNames() []string { return l.catalog.Blueprints() }

// partsOf returns the names of the parts of a root.
func partsOf(r Root) []string {
	if r.Blueprints == nil {
		return nil
	}
	files, _ := fs.Glob(r.Blueprints, partsDir+"/*.hcl") // the pattern is constant and well formed
	var out []string
	for _, f := range files {
		out = append(out, strings.TrimSuffix(path.Base(f), ".hcl"))
	}
	return out
}

// A Part is the file of a part.
type Part struct {
	Root string // name of the root that it belongs to
	Name string
	File string // what ranges carry
}

// Parts returns the parts of all roots, in order.
func (c *Catalog) Parts() []Part {
	var out []Part
	for _, r := range c.roots {
		for _, name := range partsOf(r) {
			out = append(out, Part{r.Name, name, path.Join(r.Name, "blueprints", partsDir, name+".hcl")})
		}
	}
	return out
}

// PartFile parses the file of a part by itself.
func (c *Catalog) PartFile(p Part) (*hcl.File, hcl.Diagnostics) {
	i := slices.IndexFunc(c.roots, func(r Root) bool { return r.Name == p.Root })
	if i < 0 {
		return nil, hcl.Diagnostics{diag.Bug(hcl.Range{Filename: p.File}, "There is no root %q.", p.Root)}
	}
	of, _, diags := source(c.roots[i], path.Join(partsDir, p.Name+".hcl"))
	if diags.HasErrors() {
		return nil, diags
	}
	file, diags := of.Objects.Parse(of.Bytes, of.Name)
	c.keep(map[string]*hcl.File{of.Name: file})
	return file, diags
}
