package template_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/template"
)

func TestOverrides(t *testing.T) {
	t.Parallel()
	const ground = "locals {\n  a = 1 # one\n  b = 2\n}\nresource \"t\" \"x\" {\n  a = 1\n  n {\n    p = 1\n  }\n  dynamic \"n\" {\n    for_each = []\n    content {}\n  }\n  other {}\n  lifecycle {\n    prevent_destroy = true\n  }\n}\nvariable \"v\" { default = 1 }\noutput \"o\" {\n  value = 1\n}\nterraform {\n  required_version = \">= 1.0\"\n  required_providers {\n    t = { source = \"a/t\" }\n  }\n}\n"
	cases := map[string]struct {
		over map[string]string
		want string // a part of the result, or of the error behind "error: "
	}{
		"local":                   {map[string]string{"override.tf": "locals {\n  a = 3\n}\n"}, "locals {\n  a = 3 # one\n  b = 2\n}"},
		"later file wins":         {map[string]string{"a_override.tf": "locals {\n  a = 3\n}\n", "b_override.tf": "locals {\n  a = 4\n}\n"}, "  a = 4 # one"},
		"argument":                {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  a = [\n    2,\n  ]\n}\n"}, "  a = [\n    2,\n  ]\n  n {"},
		"new argument":            {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  c = 2\n}\n"}, "prevent_destroy = true\n  }\n\nc = 2\n}"},
		"blocks with dynamic":     {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  n {\n    p = 2\n  }\n}\n"}, "  a = 1\n  \n  \n  other {}\n  lifecycle {\n    prevent_destroy = true\n  }\n\nn {\n    p = 2\n  }\n}"},
		"blocks by dynamic":       {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  dynamic \"other\" {\n    for_each = []\n    content {}\n  }\n}\n"}, "content {}\n  }\n  \n  lifecycle"},
		"lifecycle":               {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  lifecycle {\n    ignore_changes = [a]\n  }\n}\n"}, "    prevent_destroy = true\n  \nignore_changes = [a]\n}"},
		"one line":                {map[string]string{"override.tf": "variable \"v\" {\n  type = number\n}\n"}, "variable \"v\" {\n default = 1 \ntype = number\n}"},
		"output":                  {map[string]string{"override.tf": "output \"o\" {\n  value = 2\n}\n"}, "  value = 2\n"},
		"provider":                {map[string]string{"override.tf": "terraform {\n  required_providers {\n    t = { source = \"b/t\" }\n    u = { source = \"b/u\" }\n  }\n}\n"}, "    t = { source = \"b/t\" }\n  \nu = { source = \"b/u\" }\n}"},
		"nothing there":           {map[string]string{"override.tf": "resource \"t\" \"y\" {}\n"}, "error: Nothing to override"},
		"no such local":           {map[string]string{"override.tf": "locals {\n  z = 1\n}\n"}, "error: Nothing to override"},
		"depends_on":              {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  depends_on = [t.y]\n}\n"}, "error: Not allowed in an override file"},
		"validation":              {map[string]string{"override.tf": "variable \"v\" {\n  validation {\n    condition = true\n    error_message = \"x\"\n  }\n}\n"}, "error: Not allowed in an override file"},
		"precondition":            {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  lifecycle {\n    precondition {\n      condition = true\n      error_message = \"x\"\n    }\n  }\n}\n"}, "error: Not allowed in an override file"},
		"moved":                   {map[string]string{"override.tf": "moved {\n  from = t.y\n  to = t.x\n}\n"}, "error: Not allowed in an override file"},
		"argument outside blocks": {map[string]string{"override.tf": "resource \"t\" \"x\" {\n  a = \n}\n"}, "error: Invalid expression"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{"main.tf": {Data: []byte(ground)}}
			for f, text := range c.over {
				fsys[f] = &fstest.MapFile{Data: []byte(text)}
			}
			tmpl, diags := template.Load(fsys, "t", "templates/t", nil)
			if summary, ok := strings.CutPrefix(c.want, "error: "); ok {
				if !diags.HasErrors() || diags[0].Summary != summary {
					t.Fatalf("want the error %q, got %v", summary, diags)
				}
				return
			}
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if got := string(tmpl.Files[0].Src); len(tmpl.Files) != 1 || !strings.Contains(got, c.want) {
				t.Errorf("want %q in\n%s", c.want, got)
			}
		})
	}
}
