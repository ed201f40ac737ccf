package template

import (
	"context"
	"errors"
	"io/fs"
	"path"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/deviation"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
)

// deviations reads where the template departs from the notes, if it says so.
func (r *reader) deviations(t *Template) {
	p := path.Join(t.Sub, deviation.File)
	info, err := fs.Stat(r.fsys, p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err == nil && !info.Mode().IsRegular():
		r.irregular(p)
		return
	}
	src, ok := r.read(p, true)
	if !ok {
		return
	}
	file, diags := t.objects.Parse(src, r.shown(p))
	t.Sources[r.shown(p)] = file
	if r.diags = append(r.diags, diags...); diags.HasErrors() {
		return
	}
	t.Deviations, diags = deviation.Parse(file.Body.(*hclsyntax.Body), t.Name, budget.New(context.Background(), "the deviations of the template"))
	r.diags = append(r.diags, diags...)
}

// departing checks what the conditions of deviations refer to.
func (t *Template) departing() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, d := range t.Deviations {
		if d.When == nil {
			continue
		}
		for _, ref := range d.When.Variables() {
			name, _ := lang.Step(ref, 1)
			switch {
			case ref.RootName() == "local" && t.Locals[name] != nil:
			case ref.RootName() != "var":
				diags = append(diags, diag.Error(ref.SourceRange(), "Condition uses more than variables", "The condition of a template's deviation is decided when the module is rendered. It may use only var.<name> of the template, not %q.", ref.RootName()))
			case t.Variable(name) == nil:
				diags = append(diags, dangling(ref, "variable", name, t.VariableNames())...)
			}
		}
	}
	return diags
}
