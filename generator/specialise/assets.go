package specialise

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/template"
)

// assetPath decides where the files of the template lie in the linked module.
// When every use of path.module names something in files/, the folder files/ is
// divided by component; otherwise the whole tree moves below it as it is. Where
// files and child modules reach for each other, both lie in one tree.
func (c *component) assetPath() modulePath {
	t := c.in.Template
	modules := moduleDirs(t)
	uses := c.pathUses()
	climbs := slices.ContainsFunc(calledModules(t), func(dir string) bool { return leavesTree(t, dir) })
	if climbs || slices.ContainsFunc(uses, func(use string) bool { return mayName(use, modules) }) {
		return modulePath{dir: "modules/" + c.in.Name, whole: true, used: len(uses) > 0}
	}
	if !slices.ContainsFunc(t.Assets, func(a template.Asset) bool { return isFile(a.Path, modules) }) {
		return modulePath{}
	}
	m := modulePath{dir: "files/" + c.in.Name, pretty: true}
	for _, a := range t.Assets {
		if isFile(a.Path, modules) && !strings.HasPrefix(a.Path, "files/") {
			m.pretty = false
		}
	}
	for _, use := range uses {
		m.pretty = m.pretty && strings.HasPrefix(use, "/files/")
	}
	return m
}

// pathUses returns what stands behind each path.module of the template, as far as
// it is literal text.
func (c *component) pathUses() []string {
	var out []string
	for _, f := range c.in.Template.Files {
		behind := map[int]string{}
		hclsyntax.VisitAll(f.Body, func(n hclsyntax.Node) hcl.Diagnostics {
			if t, ok := n.(*hclsyntax.TemplateExpr); ok {
				for i, p := range t.Parts[:max(0, len(t.Parts)-1)] {
					if l, ok := t.Parts[i+1].(*hclsyntax.LiteralValueExpr); ok && c.ev.isModulePath(p) && l.Val.Type() == cty.String && !l.Val.IsNull() {
						behind[p.Range().Start.Byte] = l.Val.AsString()
					}
				}
			}
			if e, ok := n.(*hclsyntax.ScopeTraversalExpr); ok && c.ev.isModulePath(e) {
				out = append(out, behind[e.Range().Start.Byte])
			}
			return nil
		})
	}
	return out
}

// mayName says whether a path that begins like this may lie in one of the folders
// of child modules, or beside them.
func mayName(start string, dirs []string) bool {
	p := strings.TrimPrefix(start, "/")
	return strings.HasPrefix(p, "modules/") || slices.ContainsFunc(dirs, func(dir string) bool {
		return strings.Contains(p, "..") || strings.HasPrefix(dir+"/", p) || strings.HasPrefix(p, dir+"/")
	})
}

// calledModules returns the folders of the child modules that the template calls,
// directly or through each other.
func calledModules(t *template.Template) []string {
	var out []string
	add := func(from, source string) {
		dir := path.Join(from, source)
		if (strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")) && !slices.Contains(out, dir) {
			out = append(out, dir)
		}
	}
	for _, addr := range sortedKeys(t.Objects) {
		if o := t.Objects[addr]; o.Kind == "module" && o.Block.Body.Attributes["source"] != nil {
			add("", text(o.Block.Body.Attributes["source"].Expr))
		}
	}
	for i := 0; i < len(out); i++ {
		for _, src := range configuration(t, out[i]) {
			for _, m := range moduleSources.FindAllSubmatch(src, -1) {
				add(out[i], string(m[1]))
			}
		}
	}
	return out
}

// configuration returns the .tf files in a folder of the template.
func configuration(t *template.Template, dir string) [][]byte {
	var out [][]byte
	for _, a := range t.Assets {
		if path.Dir(a.Path) == dir && strings.HasSuffix(a.Path, ".tf") {
			out = append(out, a.Src)
		}
	}
	return out
}

// readsData says whether a child module, or one that it calls, has data sources. Of
// one that lies elsewhere it is not known.
func readsData(t *template.Template, source string) bool {
	if !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		return true
	}
	dirs := []string{path.Clean(source)}
	for i := 0; i < len(dirs); i++ {
		for _, src := range configuration(t, dirs[i]) {
			if dataSources.Match(src) {
				return true
			}
			for _, m := range anySources.FindAllSubmatch(src, -1) {
				if inner := string(m[1]); !strings.HasPrefix(inner, ".") {
					return true
				} else if dir := path.Join(dirs[i], inner); !slices.Contains(dirs, dir) {
					dirs = append(dirs, dir)
				}
			}
		}
	}
	return false
}

var (
	dataSources   = regexp.MustCompile(`(?m)^\s*data\s+"?\w`)
	anySources    = regexp.MustCompile(`(?m)^\s*source\s*=\s*"([^"]*)"`)
	moduleSources = regexp.MustCompile(`(?m)^\s*source\s*=\s*"(\.\.?/[^"]*)"`)
	climb         = regexp.MustCompile(`(?:\.\./)*\.\.["/]`)
)

// leavesTree says whether a child module climbs up to the template's own folder:
// to a file there, or to a module in another folder.
func leavesTree(t *template.Template, dir string) bool {
	depth := strings.Count(dir, "/") + 1
	for _, src := range configuration(t, dir) {
		for _, up := range climb.FindAll(src, -1) {
			if bytes.Count(up, []byte("..")) >= depth {
				return true
			}
		}
	}
	return false
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
	var out []string
	for _, a := range t.Assets {
		if strings.HasSuffix(a.Path, ".tf") && !slices.Contains(out, path.Dir(a.Path)) {
			out = append(out, path.Dir(a.Path))
		}
	}
	return out
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
		case m.whole:
			return m.dir + "/" + p, m.used || out.ModuleDir != ""
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
