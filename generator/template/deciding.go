package template

import (
	"bytes"
	"maps"
	"regexp"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/lang"
)

// TextDirective matches the line of a text that is a directive: "if" with its
// condition, or "end".
var TextDirective = regexp.MustCompile(`^\s*(?:#|//|--|<!--)\s*bpgen:(if|end)\b\s*(.*?)\s*(?:-->)?\s*$`)

var namedVariable = regexp.MustCompile(`\bvar\.([A-Za-z_][A-Za-z0-9_-]*)`)

// Deciding returns the names of the variables that directives look at, in code,
// tests and texts, directly, through local values or through the call of a child
// module. They must be known when the module is rendered.
func (t *Template) Deciding() []string {
	t.deciding.Do(func() {
		d := &decider{t: t, found: map[string]bool{}, locals: map[string]bool{}}
		d.all()
		for _, v := range t.Variables {
			if d.found[v.Name] {
				t.deciding.names = append(t.deciding.names, v.Name)
			}
		}
	})
	return t.deciding.names
}

// Decides says whether a directive looks at the variable.
func (t *Template) Decides(variable string) bool { return slices.Contains(t.Deciding(), variable) }

// Guarded returns the files that may hold directives: configuration, tests and
// mocks.
func (t *Template) Guarded() []*File {
	return slices.Concat(t.Files, t.Tests, t.Mocks)
}

// A decider collects what the directives of a template look at.
type decider struct {
	t      *Template
	found  map[string]bool
	locals map[string]bool // followed
}

func (d *decider) all() {
	for _, f := range d.t.Guarded() {
		for _, dir := range f.Directives {
			d.follow(dir.Cond)
		}
	}
	for _, a := range d.t.Assets {
		if !bytes.Contains(a.Src, []byte("bpgen:if")) {
			continue
		}
		for line := range bytes.Lines(a.Src) {
			if m := TextDirective.FindSubmatch(bytes.TrimRight(line, "\r\n")); m != nil {
				for _, name := range namedVariable.FindAllSubmatch(m[2], -1) {
					d.found[string(name[1])] = true
				}
			}
		}
	}
	if d.t.Recursive {
		return
	}
	for _, addr := range slices.Sorted(maps.Keys(d.t.Objects)) {
		d.called(d.t.Objects[addr])
	}
}

// called follows what a call gives to the variables that decide in the child
// module.
func (d *decider) called(o *Object) {
	if o.Kind != "module" {
		return
	}
	dir, local := d.t.Called(o.Block)
	child := d.t.Modules[dir]
	if !local || child == nil || child == d.t || child.Recursive {
		return
	}
	for _, name := range child.Deciding() {
		if a := o.Block.Body.Attributes[name]; a != nil {
			d.follow(a.Expr)
		}
	}
}

// follow notes the variables of an expression, and goes on into local values.
func (d *decider) follow(x hclsyntax.Expression) {
	for _, ref := range lang.Traversals(x, nil) {
		name, ok := lang.Step(ref, 1)
		switch {
		case !ok:
		case ref.RootName() == "var":
			d.found[name] = true
		case ref.RootName() == "local" && !d.locals[name] && d.t.Locals[name] != nil:
			d.locals[name] = true
			d.follow(d.t.Locals[name].Attr.Expr)
		}
	}
}
