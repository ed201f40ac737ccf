package catalog_test

import (
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/object/builtin"
	"github.com/bpgen/bpgen/generator/secret"
	"github.com/bpgen/bpgen/generator/template"
	"github.com/bpgen/bpgen/templates"
)

const (
	plain  = "blueprint \"x\" {\n  version = \"1.0.0\"\n}\n"
	plainT = "resource \"terraform_data\" \"this\" {}\n"
)

func files(pairs ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return out
}

func TestNames(t *testing.T) {
	t.Parallel()
	cat, diags := catalog.New(
		catalog.Root{
			Blueprints: files("b/blueprint.hcl", plain, "a/blueprint.hcl", plain, "README.md", "", "empty/README.md", "", "notes/aurora.yaml", "", "odd/blueprint.hcl/x", ""),
			Templates:  files("t/main.tf", plainT, "none/README.md", "", "deep/modules/x/main.tf", "", "templates.go", ""),
		},
		catalog.Root{Name: "team", Blueprints: files("c/blueprint.hcl", plain)},
		catalog.Root{Name: "templates only", Templates: files("s/other.tf", plainT)},
		catalog.Root{Name: "nothing"},
		catalog.Root{Name: "directory not there", Blueprints: missing{}, Templates: missing{}},
	)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if got := cat.Blueprints(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("blueprints: %v", got)
	}
	if got := cat.Templates(); !slices.Equal(got, []string{"s", "t"}) {
		t.Errorf("templates: %v", got)
	}
	if cat.Ledger() == nil {
		t.Error("the notes beside the blueprints were not found")
	}
}

// missing is a folder that is not there.
type missing struct{}

func (missing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// unreadable is a folder that may not be read.
type unreadable struct{}

func (unreadable) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestUnreadableFolder(t *testing.T) {
	t.Parallel()
	_, diags := catalog.New(catalog.Root{Name: "team", Blueprints: unreadable{}, Templates: unreadable{}})
	if len(diags) != 2 || !strings.Contains(diags[0].Detail, "team/blueprints") || !strings.Contains(diags[1].Detail, "team/templates") {
		t.Errorf("got %v", diags)
	}
}

func TestTwice(t *testing.T) {
	t.Parallel()
	root := func(name string) catalog.Root {
		return catalog.Root{Name: name, Blueprints: files("x/blueprint.hcl", plain), Templates: files("t/main.tf", plainT)}
	}
	_, diags := catalog.New(root(""), root("team"), root("other"))
	var got []string
	for _, d := range diags {
		got = append(got, d.Detail)
	}
	want := []string{
		`There are two blueprints called "x": in bpgen itself and in team.`, `There are two templates called "t": in bpgen itself and in team.`,
		`There are two blueprints called "x": in bpgen itself and in other.`, `There are two templates called "t": in bpgen itself and in other.`,
	}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	cat, _ := catalog.New(
		catalog.Root{Blueprints: files("x/blueprint.hcl", plain), Templates: files("t/main.tf", plainT)},
		catalog.Root{Name: "team", Blueprints: files("deep/blueprint.hcl", strings.Repeat("[", 100_000), "bad/blueprint.hcl", "blueprint \"other\" {}\n"), Templates: files("broken/main.tf", "resource {")},
	)
	bp, diags := cat.Blueprint("x")
	if diags.HasErrors() || bp.Name != "x" || bp.Version != "1.0.0" {
		t.Errorf("got %v, %v", bp, diags)
	}
	tmpl, diags := cat.Template("t", hcl.Range{})
	if diags.HasErrors() || tmpl.Name != "t" || tmpl.Dir != "templates/t" {
		t.Errorf("got %v, %v", tmpl, diags)
	}

	from := hcl.Range{Filename: "blueprints/x/blueprint.hcl", Start: hcl.Pos{Line: 7}}
	if _, diags := cat.Template("tt", from); len(diags) != 1 || !strings.Contains(diags[0].Detail, `Did you mean "t"?`) || diags[0].Subject == nil || *diags[0].Subject != from {
		t.Errorf("an unknown template: %v", diags)
	}
	if _, diags := cat.Blueprint("xx"); len(diags) != 1 || !strings.Contains(diags[0].Detail, `Did you mean "x"?`) {
		t.Errorf("an unknown blueprint: %v", diags)
	}
	if bp, diags := cat.Blueprint("deep"); !diags.HasErrors() || bp == nil || diags[0].Summary != "Nested too deeply" || diags[0].Subject.Filename != "team/blueprints/deep/blueprint.hcl" {
		t.Errorf("a blueprint that is too deep: %v", diags)
	}
	if _, diags := cat.Blueprint("bad"); !diags.HasErrors() {
		t.Error("a bad blueprint has no errors")
	}
	if _, diags := cat.Template("broken", hcl.Range{}); !diags.HasErrors() || diags[0].Subject.Filename != "team/templates/broken/main.tf" {
		t.Errorf("a broken template: %v", diags)
	}

	sources := cat.Sources()
	for _, name := range []string{"blueprints/x/blueprint.hcl", "templates/t/main.tf", "team/blueprints/deep/blueprint.hcl", "team/templates/broken/main.tf"} {
		if sources[name] == nil {
			t.Errorf("the source of %s was not kept", name)
		}
	}
	delete(sources, "templates/t/main.tf")
	if cat.Sources()["templates/t/main.tf"] == nil {
		t.Error("a caller can take sources away from the catalog")
	}
}

// TestOnce holds that a template is read once, however many ask for it at a
// time, and that all get the same.
func TestOnce(t *testing.T) {
	t.Parallel()
	tree := &counting{tree: files("t/main.tf", plainT)}
	cat, diags := catalog.New(catalog.Root{Templates: tree})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var all sync.WaitGroup
	got := make([]*template.Template, 20)
	for i := range got {
		all.Go(func() {
			got[i], _ = cat.Template("t", hcl.Range{})
			cat.Sources()
		})
	}
	all.Wait()
	for _, tmpl := range got {
		if tmpl == nil || tmpl != got[0] {
			t.Fatal("two templates of one name")
		}
	}
	if tree.opened != 1 {
		t.Errorf("the file was opened %d times", tree.opened)
	}
}

// counting counts how often the file of a template is opened.
type counting struct {
	tree   fs.FS
	mu     sync.Mutex
	opened int
}

func (c *counting) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, "main.tf") {
		c.mu.Lock()
		c.opened++
		c.mu.Unlock()
	}
	return c.tree.Open(name)
}

// A trap panics when a file whose name ends so is opened.
type trap struct {
	fs.FS
	name string
}

func (f trap) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, f.name) {
		panic("trapped")
	}
	return f.FS.Open(name)
}

func (f trap) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

// TestPanic: a blueprint or template whose loading panics has an error, and the
// others can be used.
func TestPanic(t *testing.T) {
	t.Parallel()
	tree := files("bad/blueprint.hcl", plain, "x/blueprint.hcl", plain)
	templates := files("bad/main.tf", plainT, "good/main.tf", plainT)
	cat, diags := catalog.New(catalog.Root{Blueprints: trap{tree, "bad/blueprint.hcl"}, Templates: trap{templates, "bad/main.tf"}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for range 2 {
		if bp, diags := cat.Blueprint("bad"); bp == nil || len(diags) != 1 || !strings.Contains(diags.Error(), "bug in bpgen") {
			t.Errorf("%v, %v", bp, diags)
		}
		if tmpl, diags := cat.Template("bad", hcl.Range{}); tmpl == nil || len(diags) != 1 || !strings.Contains(diags.Error(), "bug in bpgen") {
			t.Errorf("%v, %v", tmpl, diags)
		}
	}
	if _, diags := cat.Blueprint("x"); diags.HasErrors() {
		t.Error(diags)
	}
	if _, diags := cat.Template("good", hcl.Range{}); diags.HasErrors() {
		t.Error(diags)
	}
}

// TestQuietTemplates: which options must be secret is the same where built-in
// templates that say nothing of it are not loaded for that.
func TestQuietTemplates(t *testing.T) {
	t.Parallel()
	secrets := func(root catalog.Root, name string) *secret.Secrets {
		cat, diags := catalog.New(root)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		bp, diags := cat.Blueprint(name)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		return bp.Secrets()
	}
	cat, _ := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
	for _, name := range cat.Blueprints() {
		all := secrets(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS}, name)
		quick := secrets(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS, Objects: builtin.Objects()}, name)
		if !reflect.DeepEqual(quick, all) {
			t.Errorf("%s: %v, want %v", name, quick, all)
		}
	}
	// A sensitive variable of a built-in template is found all the same.
	files := fstest.MapFS{
		"store/main.tf":     {Data: []byte("variable \"password\" {\n  type      = string\n  sensitive = true\n}\n")},
		"app/blueprint.hcl": {Data: []byte("blueprint \"app\" {\n  version = \"1.0.0\"\n  summary = \"An app.\"\n}\n\noption \"password\" {\n  type = string\n}\n\ncomponent \"store\" {\n  template = \"store\"\n  with     = { password = option.password }\n}\n")},
	}
	found := secrets(catalog.Root{Blueprints: files, Templates: files, Objects: builtin.Objects()}, "app")
	if _, ok := found.Options["password"]; !ok {
		t.Errorf("the option is not secret: %v", found)
	}
}
