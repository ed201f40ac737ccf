package rerender_test

import (
	"reflect"
	"testing"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/merge"
	"github.com/bpgen/bpgen/generator/rerender"
)

// TestRenames: of all former names those count that the module has, and a chain of
// moves leads to its end.
func TestRenames(t *testing.T) {
	t.Parallel()
	tree := func(text string) fileset.Set {
		var set fileset.Set
		if err := set.Add("main.tf", []byte(text)); err != nil {
			t.Fatal(err)
		}
		return set
	}
	base := tree("variable \"backend_size\" {}\nresource \"a\" \"backend\" {}\nresource \"a\" \"first\" {}\nresource \"a\" \"kept\" {}\n")
	now := tree(`variable "app_size" {}
resource "a" "app" {}
resource "a" "third" {}
resource "a" "kept" {}
resource "a" "other" {}
moved {
  from = a.service
  to   = a.app
}
moved {
  from = a.backend
  to   = a.service
}
moved {
  from = a.second
  to   = a.third
}
moved {
  from = a.first
  to   = a.second
}
`)
	m := &link.Module{Former: []link.Former{
		{From: "a.backend", To: "a.app"}, {From: "a.service", To: "a.app"}, {From: "a.kept", To: "a.other"},
		{From: "var.backend_size", To: "var.app_size"}, {From: "var.service_size", To: "var.app_size"},
	}}
	want := []merge.Rename{{From: "a.backend", To: "a.app"}, {From: "var.backend_size", To: "var.app_size"}, {From: "a.first", To: "a.third"}}
	if got := rerender.Renames(m, base, now); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestKeptUnderFormerNames: an option of the manifest that is called otherwise now is
// kept, warned of, and no change.
func TestKeptUnderFormerNames(t *testing.T) {
	t.Parallel()
	const renamed = `
blueprint "web" {
  version = "2.0.0"
}
option "database" {
  type    = string
  one_of  = ["aurora-mysql", "mysql"]
  default = "mysql"
  was     = { name = "engine", values = { aurora = "aurora-mysql" } }
}
`
	bp, diags := blueprint.Parse(blueprint.Source{Name: "web.hcl", Bytes: []byte(renamed)}, "web", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	past, diags := rerender.Read([]byte(manifest("", `"engine": "aurora"`)), "manifest.json")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	kept, diags := past.Kept(bp, "")
	if len(kept) != 1 || kept[0].Name != "database" || kept[0].Value.AsString() != "aurora-mysql" {
		t.Errorf("kept %v", kept)
	}
	if len(diags) != 1 || diags[0].Summary != "Renamed option" {
		t.Errorf("got %v", diags)
	}
	if was := past.Was(bp); len(was) != 1 || was[0].Name != "database" {
		t.Errorf("it was rendered with %v", was)
	}
}
