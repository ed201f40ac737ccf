package blueprint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
)

// A shelf is a library of texts.
type shelf map[string]string

func (s shelf) Part(name string) (blueprint.Source, bool, hcl.Diagnostics) {
	return s.find("parts/" + name)
}
func (s shelf) Base(name string) (blueprint.Source, bool, hcl.Diagnostics) { return s.find(name) }
func (s shelf) PartNames() []string                                        { return nil }
func (s shelf) BaseNames() []string                                        { return nil }

func (s shelf) find(name string) (blueprint.Source, bool, hcl.Diagnostics) {
	text, ok := s[name]
	return blueprint.Source{Name: name, Bytes: []byte(text)}, ok, nil
}

const head = "blueprint \"x\" {\n  version = \"1.0.0\"\n  summary = \"x\"\n}\n"

// TestParametersStaySmall: a parameter that is given on twice from part to part
// doubles each time, and must end before anybody walks over it.
func TestParametersStaySmall(t *testing.T) {
	t.Parallel()
	const deep = 60
	s := shelf{}
	for i := range deep {
		s[fmt.Sprintf("parts/p%d", i)] = fmt.Sprintf("part \"p%d\" {\n  parameter \"x\" {\n    description = \"x\"\n  }\n}\n\ninclude \"p%d\" {\n  with = { x = [part.x, part.x] }\n}\n", i, i+1)
	}
	s[fmt.Sprintf("parts/p%d", deep)] = fmt.Sprintf("part \"p%d\" {\n  parameter \"x\" {\n    description = \"x\"\n  }\n}\n\noutput \"x\" {\n  value = part.x\n}\n", deep)
	_, diags := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: []byte(head + "include \"p0\" {\n  with = { x = 1 }\n}\n")}, "x", s)
	if !strings.Contains(diags.Error(), "Parameter too large") {
		t.Errorf("got %v", diags)
	}
}

// TestText: an expression is shown with what stands in the place of its references.
func TestText(t *testing.T) {
	t.Parallel()
	s := shelf{"parts/p": "part \"p\" {\n  parameter \"on\" {\n    description = \"on\"\n  }\n}\n\ncomponent \"a\" {\n  template = \"t\"\n  when     = !part.on && option.b == \"${part.on}\"\n}\n"}
	bp, diags := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: []byte(head + `
option "b" {
  type    = string
  default = "x"
}

option "c" {
  type    = bool
  default = true
}

include "p" {
  with = { on = option.c || option.b == "y" }
}
`)}, "x", s)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if got, want := bp.Text(bp.Components[0].When), `!(option.c || option.b == "y") && option.b == "${(option.c || option.b == "y")}"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
