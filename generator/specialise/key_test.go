package specialise

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/template"
)

type noTypes struct{ name string }

func (noTypes) Attribute(_, _, _ string) (cty.Type, bool, bool) { return cty.NilType, false, false }
func (noTypes) Object(_, _ string) (cty.Type, bool)             { return cty.NilType, false }
func (noTypes) Regional(_, _ string) bool                       { return false }

// TestKeySeesEveryField: a field that the key forgets would let a session mix up
// two uses of a template.
func TestKeySeesEveryField(t *testing.T) {
	t.Parallel()
	prefix, other := "p", "q"
	one, two := &template.Template{}, &template.Template{}
	base := func() Input {
		return Input{
			Template: one, Name: "a", Prefix: &prefix, Schemas: noTypes{"5"},
			Bound:   map[string]Result{"x": Constant(cty.StringVal("v"))},
			Exposed: map[string]string{"y": "a_y"},
			Called:  map[string]string{"y": "a_y"},
		}
	}
	changes := map[string][]func(*Input){
		"Template": {func(in *Input) { in.Template = two }},
		"Name":     {func(in *Input) { in.Name = "b" }},
		"Prefix":   {func(in *Input) { in.Prefix = nil }, func(in *Input) { in.Prefix = &other }, func(in *Input) { in.Prefix = new(string) }},
		"Region": {
			func(in *Input) { in.Region.Name = "eu-west-1" },
			func(in *Input) { in.Region.Alias = "eu-west-1" },
			func(in *Input) { in.Region.Note = "eu-west-1" },
		},
		"Schemas": {func(in *Input) { in.Schemas = noTypes{"6"} }, func(in *Input) { in.Schemas = nil }},
		"Bound": {
			func(in *Input) { in.Bound = nil },
			func(in *Input) { in.Bound["x"] = Constant(cty.StringVal("w")) },
			func(in *Input) { in.Bound["z"] = in.Bound["x"] },
			func(in *Input) { in.Bound["x"] = Reference("v", cty.String) },
		},
		"Exposed": {
			func(in *Input) { in.Exposed = nil },
			func(in *Input) { in.Exposed["y"] = "other" },
			func(in *Input) { in.Exposed["z"] = "a_z" },
		},
		"Called": {
			func(in *Input) { in.Called = nil },
			func(in *Input) { in.Called["y"] = "other" },
			func(in *Input) { in.Called["z"] = "a_z" },
		},
	}
	same := base()
	want := same.Key()
	if again := base(); again.Key() != want {
		t.Error("equal inputs have different keys")
	}
	seen := map[Key]string{want: "no change"}
	typ := reflect.TypeFor[Input]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		if name == "Funcs" || name == "Budget" || name == "Demands" || name == "Texts" { // the same for every use; bounds what is done and changes nothing
			continue
		}
		if len(changes[name]) == 0 {
			t.Errorf("the test does not know how to change %s", name)
		}
		for n, change := range changes[name] {
			in := base()
			change(&in)
			key := in.Key()
			if first, ok := seen[key]; ok {
				t.Errorf("change %d of %s has the key of %s", n, name, first)
			}
			seen[key] = fmt.Sprintf("change %d of %s", n, name)
		}
	}
}
