package link

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/template"
)

// A naming is what a module says of its files.
type naming struct {
	exact    map[string]bool // files and directories
	prefixes []string        // what their names start with, where the rest is computed
}

// naming finds which files the code of a module names, when its templates may carry
// more than it needs: nil when none of them reads files.
func (l *linker) naming(order []*part, units []unit, outputs []output) *naming {
	if !slices.ContainsFunc(order, func(p *part) bool { return readsFiles(p.tmpl) }) {
		return nil
	}
	n := &naming{exact: map[string]bool{}}
	for _, u := range units {
		n.add(u.Code.String())
	}
	for _, o := range outputs {
		n.add("value = " + o.value.Top() + "\n")
		for _, c := range o.conditions {
			n.add(c)
		}
	}
	for _, p := range order {
		if !p.Foreign {
			for _, run := range p.done.tests().runs {
				n.add(run.String())
			}
		}
	}
	return n
}

// readsFiles says whether the code of a template says path.module.
func readsFiles(t *template.Template) bool {
	if len(t.Paths) > 0 {
		return true
	}
	for _, m := range t.Modules {
		if len(m.Paths) > 0 {
			return true
		}
	}
	return false
}

// add adds what a text says behind path.module.
func (n *naming) add(text string) {
	if !strings.Contains(text, "path.module") {
		return
	}
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		n.prefixes = append(n.prefixes, "") // vet reports it where it is written
		return
	}
	for _, p := range template.Paths(f.Body.(*hclsyntax.Body)) {
		if p.Exact && p.Text != "" {
			n.exact[path.Clean(p.Text)] = true
		} else {
			n.prefixes = append(n.prefixes, p.Text)
		}
	}
}

// names says whether the code reads a file, or an archive of the directory that it is
// in.
func (n *naming) names(file string) bool {
	if n.exact[file] || slices.ContainsFunc(n.prefixes, func(p string) bool { return strings.HasPrefix(file, p) }) {
		return true
	}
	for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
		if n.exact[dir] || n.exact[dir+".zip"] {
			return true
		}
	}
	return false
}

// needs says whether a file of a component is passed on: a template whose code reads
// files may carry more of them than its user chose. What a runbook speaks of stays too.
func (n *naming) needs(p *part, files []asset, a asset) bool {
	if n == nil || !strings.HasPrefix(a.to, "files/") || !readsFiles(p.tmpl) || n.names(a.to) {
		return true
	}
	return slices.ContainsFunc(files, func(o asset) bool {
		return strings.HasPrefix(o.to, "runbooks/") && (strings.Contains(string(o.content), a.to) || strings.Contains(string(o.content), a.from))
	})
}
