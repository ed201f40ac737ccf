package blueprint

import (
	"reflect"
	"strings"
	"testing"
)

// TestReadHead: the head alone tells what the whole blueprint tells, or says that it
// does not.
func TestReadHead(t *testing.T) {
	t.Parallel()
	head := func(more string) string {
		return "# Static pages.\nblueprint \"site\" {\n  version = \"1.2.3\"\n  systems = [\"s3\", \"acm\"]\n" + more + "}\n"
	}
	for _, tt := range []struct {
		name, src string
		ok        bool
	}{
		{"alone", head("  summary = \"A site.\"\n"), true},
		{"no summary", head(""), true},
		{"computed summary", head("  summary = upper(\"pages\")\n"), false},
		{"broken body", head("") + "option \"x\" {\n  type = \n}\n", true},
		{"brace in a heredoc", head("  summary = <<-EOT\nA {\n}\nEOT\n"), false},
		{"summary of options", head("  summary = \"${option.cdn}\"\n") + "option \"cdn\" {\n  type = bool\n  default = true\n  why = \"x\"\n}\n", false},
		{"extends", head("  extends = \"other\"\n"), false},
		{"another name", strings.Replace(head(""), "site", "sight", 1), false},
		{"no version", strings.Replace(head(""), "version", "vers", 1), false},
		{"wrong version", strings.Replace(head(""), "1.2.3", "new", 1), false},
		{"not first", "option \"x\" {\n  type = string\n  default = \"\"\n}\n" + head(""), false},
		{"half", "blueprint \"site\" {\n  version = \"1.2.3\"\n", false},
		{"nothing", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := ReadHead([]byte(tt.src), "site", "blueprint.hcl")
			if ok != tt.ok {
				t.Fatalf("ok %t, head %v", ok, got)
			}
			whole, _ := Parse(Source{Name: "blueprint.hcl", Bytes: []byte(tt.src)}, "site", nil)
			if ok && !reflect.DeepEqual(got, whole.Head()) {
				t.Errorf("got %v, the whole says %v", got, whole.Head())
			}
		})
	}
}
