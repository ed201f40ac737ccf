package template_test

import (
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/template"
)

func TestOverrideFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"x_override.tf.json", "override.tofu"} {
		fsys := fstest.MapFS{"main.tf": {Data: []byte("locals {\n  a = 1\n}\n")}, name: {Data: []byte("locals {\n  a = 2\n}\n")}}
		_, diags := template.Load(fsys, "t", "templates/t", nil)
		if len(diags) != 1 || diags[0].Summary != "Override file" || diags[0].Subject == nil || diags[0].Subject.Filename != "templates/t/"+name {
			t.Errorf("%s: %v", name, diags)
		}
	}
}
