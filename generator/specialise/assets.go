package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/template"
)

// assetPlace is assetPath, found once for a place.
func (c *component) assetPlace() modulePath {
	if c.in.Kept == nil {
		return c.assetPath()
	}
	return c.in.Kept.paths.Get(c.in.place(), c.assetPath)
}

// assetPath decides where the files of the template lie in the linked module.
// When every use of path.module names something in files/, the folder files/ is
// divided by component; otherwise the whole tree moves below it as it is.
func (c *component) assetPath() modulePath {
	modules := moduleDirs(c.in.Template)
	if !slices.ContainsFunc(c.in.Template.Assets, func(a template.Asset) bool { return isFile(a.Path, modules) }) {
		return modulePath{}
	}
	m := modulePath{dir: "files/" + c.in.Name, pretty: true}
	for _, a := range c.in.Template.Assets {
		if isFile(a.Path, modules) && !strings.HasPrefix(a.Path, "files/") {
			m.pretty = false
		}
	}
	for _, f := range c.in.Template.Files {
		good := map[int]bool{}
		hclsyntax.VisitAll(f.Body, func(n hclsyntax.Node) hcl.Diagnostics {
			if t, ok := n.(*hclsyntax.TemplateExpr); ok {
				for i, p := range t.Parts[:max(0, len(t.Parts)-1)] {
					l, ok := t.Parts[i+1].(*hclsyntax.LiteralValueExpr)
					if c.ev.isModulePath(p) && ok && l.Val.Type() == cty.String && strings.HasPrefix(l.Val.AsString(), "/files/") {
						good[p.Range().Start.Byte] = true
					}
				}
			}
			if e, ok := n.(*hclsyntax.ScopeTraversalExpr); ok && c.ev.isModulePath(e) && !good[e.Range().Start.Byte] {
				m.pretty = false
			}
			return nil
		})
	}
	return m
}

// isFile says whether an asset is read by the configuration, as opposed to a
// part of a child module or a runbook.
func isFile(p string, modules []string) bool {
	return !strings.HasPrefix(p, "runbooks/") && !inModule(p, modules)
}

func inModule(p string, modules []string) bool {
	return slices.ContainsFunc(modules, func(dir string) bool { return strings.HasPrefix(p, dir+"/") })
}

// moduleDirs returns the folders of the template that hold child modules.
func moduleDirs(t *template.Template) []string {
	return sortedKeys(t.Modules)
}

// assets tells link where each asset goes.
func (c *component) assets(out *Component) {
	m, modules := c.ev.modulePath, moduleDirs(c.in.Template)
	out.Asset = func(p string) (string, bool) {
		switch {
		case strings.HasPrefix(p, "runbooks/"):
			file := strings.TrimPrefix(p, "runbooks/")
			if strings.HasPrefix(file, c.in.Name+".") {
				return p, true // network.md of the network needs no prefix
			}
			return "runbooks/" + c.in.Name + "-" + file, true
		case inModule(p, modules) || strings.HasPrefix(p, "modules/"):
			if out.ModuleDir == "" {
				return "", false
			}
			return modulePlace(out.ModuleDir, p), true
		case m.pretty:
			return m.dir + strings.TrimPrefix(p, "files"), true
		}
		return m.dir + "/" + p, true
	}
}
