package acceptance

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/plandiff"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/template"
)

// A foreignCall is a call of a published module, in the manner of its own
// examples.
type foreignCall struct {
	owner, repository, sub string // sub is "." for the repository's own module
	name                   string
	five                   bool // it takes version 5 of the provider as well
	args                   []foreignArg
}

// A foreignArg is one argument of a call, as it is written.
type foreignArg struct{ name, text string }

// foreignCalls reads testdata/foreign/calls.txtar: a section per call, named by
// the module and the call. A third word, aws5, says that the module takes version
// 5 of the provider as well.
func foreignCalls(t *testing.T) []foreignCall {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", "foreign", "calls.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var out []foreignCall
	for _, s := range a.Files {
		module, name, _ := strings.Cut(s.Name, " ")
		name, five := strings.CutSuffix(name, " aws5")
		tree, sub, deep := strings.Cut(module, "//")
		if !deep {
			sub = "."
		}
		owner, repository, _ := strings.Cut(tree, "/")
		c := foreignCall{owner: owner, repository: repository, sub: sub, name: name, five: five}
		f, diags := hclsyntax.ParseConfig(s.Data, s.Name, hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, at := range template.SortedAttributes(f.Body.(*hclsyntax.Body)) {
			rng := at.Expr.Range()
			c.args = append(c.args, foreignArg{at.Name, string(s.Data[rng.Start.Byte:rng.End.Byte])})
		}
		out = append(out, c)
	}
	return out
}

// The ways to bind what a call gives.
var foreignWays = []string{
	"all",    // what is not given is bound to its default: what is left is what the call needs
	"called", // what is not given stays a variable of the module
	"shared", // what is given comes through variables of the module, so that nothing is known
}

// TestForeign specialises published modules as they stand. For each call the
// linked module must plan and apply what the untouched module does.
func TestForeign(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	root := harness.Foreign(t)
	var mu sync.Mutex
	var rows []string
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			core := harness.Find(t, name)
			shop := harness.Published(t, core, root)
			run := func(call foreignCall, way string, provider harness.Provider) {
				t.Run(path.Join(call.repository, call.sub, call.name, way, "aws"+provider.Version[:1]), func(t *testing.T) {
					row := call.compare(t, core, shop.With(t, provider), shop, root, way)
					mu.Lock()
					defer mu.Unlock()
					rows = append(rows, row)
				})
			}
			for _, call := range foreignCalls(t) {
				for _, way := range foreignWays {
					run(call, way, harness.SchemaAWS(t, core, "6"))
					if call.five {
						run(call, way, harness.RealAWS(t, core))
					}
				}
			}
		})
	}
	t.Logf("module, call, way, version of the provider: lines and toggles of the module and of what is left\n%s", strings.Join(rows, "\n"))
}

// compare renders the call, runs both modules and returns what there is to say.
func (c foreignCall) compare(t *testing.T, core harness.Core, provider harness.Provider, shop harness.Shop, root, way string) string {
	t.Helper()
	dir := harness.WorkDir(t)
	tree := os.DirFS(filepath.Join(root, c.owner, c.repository))
	tmpl, diags := template.LoadFrom(tree, c.sub, "m", "m", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	flat, plain := filepath.Join(dir, "flat"), filepath.Join(dir, "plain")
	result := c.render(t, root, way, provider.Version[:1], tmpl)
	if err := harness.WriteFiles(flat, result.Files); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(plain, "src"), tree); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{flat, plain} { // flat may hold a module that stays as it is
		if err := withoutMeta(dir); err != nil {
			t.Fatal(err)
		}
	}
	for where, files := range map[string]map[string]string{
		flat:  {"provider.tf": foreignProvider},
		plain: {"provider.tf": foreignProvider, "main.tf": c.plain(tmpl)},
	} {
		for name, text := range files {
			if err := harness.WriteFile(filepath.Join(where, name), []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	row := fmt.Sprintf("%-9s %-60s %5d -> %5d lines, %3d -> %3d toggles", core.Name, path.Join(c.repository, c.sub, c.name, way, "aws"+provider.Version[:1]),
		lines(sources(tmpl)), lines(linkedFiles(result.Files)), toggles(sources(tmpl)), toggles(linkedFiles(result.Files)))

	called := shop.Called(sources(tmpl)...)
	n, err := foreignPlan(core, provider, t, plain, append(called, filepath.Join(plain, "src"))...)
	if err != nil {
		t.Fatalf("the untouched module does not plan, so there is nothing to compare: %v", err)
	}
	f, err := foreignPlan(core, provider, t, flat, called...)
	if err != nil {
		t.Fatalf("%s: the linked module does not plan: %v", row, err)
	}
	report(t, "plan", faults(plandiff.Plans(n.plan, f.plan, "", result.Module.Rename), n.plan))
	if provider.Real {
		return row + ", planned"
	}
	if err := n.runner.Apply(); err != nil {
		t.Logf("only planned: the untouched module does not apply: %v", err)
		return row + ", planned"
	}
	if err := f.runner.Apply(); err != nil {
		t.Fatalf("%s: the linked module does not apply: %v", row, err)
	}
	was, err := n.runner.State()
	if err != nil {
		t.Fatal(err)
	}
	is, err := f.runner.State()
	if err != nil {
		t.Fatal(err)
	}
	report(t, "state", faults(plandiff.States(was, is, "", result.Module.Rename), n.plan))
	if t.Failed() {
		return row + ", DIFFERENT"
	}
	return row + ", applied"
}

// withoutMeta removes what the modules below dir say of themselves to their
// provider, in blocks provider_meta: the stand-in for AWS does not listen.
func withoutMeta(dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".tf" {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(src, []byte("provider_meta")) {
			return err
		}
		f, diags := hclwrite.ParseConfig(src, name, hcl.InitialPos)
		if diags.HasErrors() {
			return diags
		}
		for _, b := range f.Body().Blocks() {
			for _, inner := range b.Body().Blocks() {
				if b.Type() == "terraform" && inner.Type() == "provider_meta" {
					b.Body().RemoveBlock(inner)
				}
			}
		}
		return os.WriteFile(name, f.Bytes(), 0o644)
	})
}

// faults leaves out outputs that are null in the untouched module, for the linked
// one has none of these; what the linked module knows when it is planned and the
// untouched one when it is applied: there the states have to agree; and providers
// that no root configures, which a core counts to the module that names them.
func faults(differences []plandiff.Difference, plan *tfjson.Plan) []plandiff.Difference {
	return slices.DeleteFunc(differences, func(d plandiff.Difference) bool {
		if d.Nested == `"(known after apply)"` || d.Attribute == "(provider)" && strings.HasPrefix(d.Nested, "module.m") && strings.HasSuffix(d.Nested, ":"+d.Flat) {
			return true
		}
		name, ok := strings.CutPrefix(d.Address, "output.")
		c := plan.OutputChanges[name]
		return ok && d.Flat == "(none)" && (c == nil || c.After == nil && c.AfterUnknown != true)
	})
}

// foreignProvider asks nobody, so that the real provider plans, too.
const foreignProvider = `provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
`

func foreignPlan(core harness.Core, provider harness.Provider, t *testing.T, dir string, types ...string) (layout, error) {
	t.Helper()
	r := core.In(t, dir, provider)
	if err := r.OnlyTypes(append(types, dir)...); err != nil {
		return layout{}, err
	}
	if err := r.Init(); err != nil {
		return layout{}, err
	}
	plan, err := r.Plan()
	return layout{runner: r, plan: plan}, err
}

// plain is a root that calls the untouched module.
func (c foreignCall) plain(tmpl *template.Template) string {
	var b strings.Builder
	fmt.Fprintf(&b, "module \"m\" {\n  source = %q\n", "./"+path.Join("src", c.sub))
	for _, a := range c.args {
		fmt.Fprintf(&b, "  %s = %s\n", a.name, a.text)
	}
	b.WriteString("}\n")
	for _, o := range tmpl.Outputs {
		fmt.Fprintf(&b, "output %q {\n  value = module.m.%s\n  sensitive = true\n}\n", o.Name, o.Name)
	}
	return b.String()
}

// blueprint calls the module as a template.
func (c foreignCall) blueprint(way string, tmpl *template.Template) string {
	var b, with strings.Builder
	b.WriteString("blueprint \"foreign\" {\n  version = \"1.0.0\"\n  summary = \"A published module.\"\n}\n")
	given := map[string]bool{}
	for _, a := range c.args {
		given[a.name] = true
		text := a.text
		if v := tmpl.Variable(a.name); way == "shared" && v != nil {
			fmt.Fprintf(&b, "variable \"s_%s\" {\n  type = %s\n  description = \"x\"\n  default = %s\n}\n", a.name, typeText(v), a.text)
			text = "var.s_" + a.name
		}
		fmt.Fprintf(&with, "    %s = %s\n", a.name, text)
	}
	for _, v := range tmpl.Variables {
		if d := v.Block.Body.Attributes["default"]; way == "all" && !given[v.Name] && d != nil {
			fmt.Fprintf(&with, "    %s = %s\n", v.Name, v.File.Src[d.Expr.Range().Start.Byte:d.Expr.Range().End.Byte])
		}
	}
	module := c.repository
	if c.sub != "." {
		module += "//" + c.sub
	}
	fmt.Fprintf(&b, "component \"m\" {\n  template = %q\n  foreign = true\n  with = {\n%s  }\n}\n", module, with.String())
	for _, o := range tmpl.Outputs {
		fmt.Fprintf(&b, "output %q {\n  value = component.m.%s\n  sensitive = true\n}\n", o.Name, o.Name)
	}
	return b.String()
}

func typeText(v *template.Variable) string {
	if a := v.Block.Body.Attributes["type"]; a != nil {
		return string(v.File.Src[a.Expr.Range().Start.Byte:a.Expr.Range().End.Byte])
	}
	return "any"
}

func (c foreignCall) render(t *testing.T, root, way, major string, tmpl *template.Template) generator.Result {
	t.Helper()
	cat, diags := catalog.New(catalog.Root{
		Templates:  os.DirFS(filepath.Join(root, c.owner)),
		Blueprints: fstest.MapFS{"foreign/blueprint.hcl": {Data: []byte(c.blueprint(way, tmpl))}},
	})
	fatal(t, cat, diags)
	inputs := []resolve.Input{{Name: "aws_provider", Value: cty.StringVal(major), Source: "the test"}}
	result, diags := generator.Generate(context.Background(), generator.Request{Catalog: cat, Blueprint: "foreign", Inputs: inputs, Layout: link.Flat})
	fatal(t, cat, diags)
	return result
}

// sources returns the configuration of a template and of the modules that it
// reaches.
func sources(t *template.Template) [][]byte {
	var out [][]byte
	for _, m := range append([]*template.Template{t}, slices.Collect(maps.Values(t.Modules))...) {
		for _, f := range m.Files {
			out = append(out, f.Src)
		}
	}
	return out
}

// linkedFiles returns the configuration of a linked module.
func linkedFiles(set fileset.Set) [][]byte {
	var out [][]byte
	for _, f := range set.Files() {
		if path.Ext(f.Path) == ".tf" && !strings.HasPrefix(f.Path, "examples/") {
			out = append(out, f.Bytes)
		}
	}
	return out
}

func lines(files [][]byte) int {
	n := 0
	for _, f := range files {
		n += strings.Count(string(f), "\n")
	}
	return n
}

var toggle = regexp.MustCompile(`(?m)^\s*(count|for_each)\s*=|^\s*dynamic\s+"`)

// toggles counts what is decided each time a module is planned.
func toggles(files [][]byte) int {
	n := 0
	for _, f := range files {
		n += len(toggle.FindAll(f, -1))
	}
	return n
}
