// Package catalog finds blueprints and templates in one or more file trees and
// loads them on demand.
//
// It takes fs.FS values, one holding <name>/blueprint.hcl and one holding
// <name>/*.tf, and returns parsed blueprints and templates. A name
// that stands in two trees is an error, never a silent shadow. It keeps every
// source it parsed, for snippets. It does not touch the operating system.
package catalog

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
)

// A Root is one tree of blueprints and templates.
type Root struct {
	Name       string // shown in diagnostics in front of a path; "" for the built-in tree
	Blueprints fs.FS  // holds <name>/blueprint.hcl; nil for none
	Templates  fs.FS  // holds <name>/*.tf; nil for none
}

// A Catalog is a set of roots, seen as one.
type Catalog struct {
	roots   []Root
	sources map[string]*hcl.File
}

// New returns the catalog of the given roots. It reads only folder names; the
// diagnostics name what stands twice.
func New(roots ...Root) (*Catalog, hcl.Diagnostics) { panic("skeleton") }

// Blueprints returns the names of all blueprints, sorted.
func (c *Catalog) Blueprints() []string { panic("skeleton") }

// Templates returns the names of all templates, sorted.
func (c *Catalog) Templates() []string { panic("skeleton") }

// Blueprint parses the blueprint of that name. An unknown name is an error
// that lists the nearest names.
func (c *Catalog) Blueprint(name string) (*blueprint.Blueprint, hcl.Diagnostics) { panic("skeleton") }

// Sources returns every file parsed so far by the name that ranges use, for
// printing snippets.
func (c *Catalog) Sources() map[string]*hcl.File { return c.sources }
