package specialise

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/template"
)

// assetPath decides where the files of the template lie in the linked module.
// When every use of path.module names something in files/, the folder files/ is
// divided by component; otherwise the whole tree moves below it as it is.
func (c *component) assetPath() modulePath {
	t := c.in.Template
	if !slices.ContainsFunc(t.Assets, func(a template.Asset) bool { return c.passedOn(a.Path) }) {
		return modulePath{}
	}
	pretty := !slices.ContainsFunc(t.Paths, func(p template.Path) bool { return !strings.HasPrefix(p.Text, "files/") })
	for _, m := range t.Modules {
		pretty = pretty && len(m.Reads) == 0
	}
	if pretty {
		return modulePath{dir: filesOf(c.in.Name), pretty: true}
	}
	return modulePath{dir: path.Join(filesOf(c.in.Name), t.Sub)}
}

// passedOn says whether the component passes a file on that is no part of a child
// module: one that its code reads, or one of files/, which others may read.
func (c *component) passedOn(p string) bool {
	t := c.in.Template
	return slices.Contains(t.Reads, p) || strings.HasPrefix(p, path.Join(t.Sub, "files")+"/") && !inModules(t, p)
}

// inModules says whether a file lies in the folder of a child module.
func inModules(t *template.Template, p string) bool {
	for dir := range t.Modules {
		if strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return false
}

// childPlace says where the files of an inline module lie in the linked module.
func (c *component) childPlace() modulePath {
	if len(c.in.Template.Reads) == 0 {
		return modulePath{}
	}
	return modulePath{dir: path.Join(filesOf(c.top.in.Name), c.in.Template.Sub)}
}

func filesOf(component string) string { return "files/" + component }

// stay notes that a child module stays a folder, and so do those that it calls.
func (c *component) stay(dir string) {
	t := c.in.Template.Modules[dir]
	if t == nil || c.top.folders[dir] {
		return
	}
	c.top.folders[dir] = true
	for _, o := range t.Objects {
		if o.Kind != "module" {
			continue
		}
		if called, local := t.Called(o.Block); local {
			c.stay(called)
		}
	}
}

// modulePlace returns where a file or folder of the tree goes that belongs to a
// child module: where it lies in the tree, without the folder modules/ when
// nothing lies outside of it.
func (c *component) modulePlace(p string) string {
	t := c.in.Template
	for dir, m := range t.Modules {
		outside := func(p string) bool { return !strings.HasPrefix(p, "modules/") }
		if outside(dir) || slices.ContainsFunc(m.Reads, outside) {
			return path.Join("modules", c.top.in.Name, p)
		}
	}
	return path.Join("modules", c.top.in.Name, strings.TrimPrefix(p, "modules/"))
}

// inlined calls do for every module that is written inline, at any depth.
func (c *component) inlined(do func(*component)) {
	for _, addr := range sortedKeys(c.objects) {
		if o := c.objects[addr]; c.inline(o) {
			do(o.child)
			o.child.inlined(do)
		}
	}
}

// assets tells link where each asset goes, which may be to several places.
func (c *component) assets(out *Component) {
	t := c.in.Template
	read := map[string]bool{} // by inline modules
	c.inlined(func(m *component) {
		for _, p := range m.in.Template.Reads {
			read[p] = true
		}
	})
	runbooks := path.Join(t.Sub, "runbooks") + "/"
	out.Assets = func(p string) []string {
		if file, ok := strings.CutPrefix(p, runbooks); ok {
			if strings.HasPrefix(file, c.in.Name+".") {
				return []string{"runbooks/" + file} // network.md of the network needs no prefix
			}
			return []string{"runbooks/" + c.in.Name + "-" + file}
		}
		var to []string
		files := path.Join(t.Sub, "files")
		switch {
		case c.passedOn(p) && c.ev.modulePath.pretty:
			to = append(to, filesOf(c.in.Name)+strings.TrimPrefix(p, files))
		case read[p] || c.passedOn(p):
			to = append(to, path.Join(filesOf(c.in.Name), p))
		}
		for dir := range c.folders {
			m := t.Modules[dir]
			if slices.Contains(m.Reads, p) || path.Dir(p) == dir && isCode(p) {
				return append(to, c.modulePlace(p))
			}
		}
		return to
	}
}

// readsData says whether a child module, or one that it calls, has data sources. Of
// one that lies elsewhere it is not known.
func readsData(t *template.Template, call *hclsyntax.Block) bool {
	dir, local := t.Called(call)
	m := t.Modules[dir]
	if !local || m == nil || m.Faults.HasErrors() || m.Recursive {
		return true
	}
	for _, o := range m.Objects {
		if o.Kind == "data" || o.Kind == "module" && readsData(m, o.Block) {
			return true
		}
	}
	return false
}

func isCode(p string) bool {
	return strings.HasSuffix(p, ".tf") || strings.HasSuffix(p, ".tf.json") || strings.HasSuffix(p, ".tofu")
}
