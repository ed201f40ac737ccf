package acceptance

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/acceptance/exprgen"
	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
)

// differentialSeeds is how many batches of expressions are compared unless
// BPGEN_FUZZ_SEEDS says otherwise: about a minute's worth.
const differentialSeeds = 10

// TestDifferential renders a component full of random expressions whose
// variables are constants, variables of the module, links to another
// component's resource and links written out, applies it, and compares every
// output with what Terraform makes of the unspecialised template, called as a
// module with the same values. BPGEN_FUZZ_FIRST says with which batch it begins.
func TestDifferential(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	core := harness.Either(t)
	first, seeds := number(t, "BPGEN_FUZZ_FIRST", 1), number(t, "BPGEN_FUZZ_SEEDS", differentialSeeds)
	var sum tally
	t.Cleanup(func() {
		t.Logf("%d compared, of which %d settle with a second apply; left out: %d that fail, %d that %s refuses, %d at which it panics", sum.compared.Load(), sum.unsettled.Load(), sum.failing.Load(), sum.refused.Load(), core.Name, sum.panics.Load())
	})
	for seed := first; seed < first+seeds; seed++ {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			newBatch(uint64(seed)).compare(t, core, &sum)
		})
	}
}

// number returns the number in a variable of the environment.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// A tally counts what became of the expressions of all batches.
type tally struct{ compared, failing, unsettled, refused, panics atomic.Int64 }

// A batch is one blueprint with its template of random expressions.
type batch struct {
	exprs     []string
	decls     string // the template's variables
	inner     string // the template that is linked to
	blueprint string
	root      string // what the blueprint means, by hand
}

type randomly struct{ *rand.Rand }

// Intn implements exprgen.Choices.
func (r randomly) Intn(n int) int { return r.IntN(n) }

func newBatch(seed uint64) *batch {
	c := randomly{rand.New(rand.NewPCG(seed, 11))}
	// k is a constant, v a variable of the module, r a link, h a list or object
	// written out around links.
	g := &exprgen.Gen{C: c, Roots: []string{"k", "v", "r", "h"}}
	b := &batch{}
	var decls, shared, input, outs, with, call strings.Builder
	for _, k := range exprgen.Kinds() {
		for _, root := range g.Roots {
			fmt.Fprintf(&decls, "variable \"%s_%s\" {\n  type        = %s\n  description = \"x\"\n}\n", root, k, k.Type())
		}
		fmt.Fprintf(&input, "    %s = %s\n", k, g.Value(k))
		fmt.Fprintf(&outs, "output %q {\n  value = terraform_data.this.output.%s\n}\n", k, k)
		// Terraform has no value to write for a default of null in a blueprint.
		fmt.Fprintf(&shared, "variable \"v_%s\" {\n  type        = %s\n  description = \"x\"\n  default     = %s # why: example\n}\n", k, k.Type(), g.Value(k))
		given := [][2]string{{"k", g.Value(k)}, {"v", "var.v_" + string(k)}, {"r", "component.a." + string(k)}, {"h", around(k, g)}}
		for _, a := range given {
			fmt.Fprintf(&with, "    %s_%s = %s\n", a[0], k, a[1])
			fmt.Fprintf(&call, "  %s_%s = %s\n", a[0], k, strings.ReplaceAll(a[1], "component.", "module."))
		}
	}
	b.decls = decls.String()
	b.inner = "resource \"terraform_data\" \"this\" {\n  input = {\n" + input.String() + "  }\n}\n" + outs.String()
	b.blueprint = "blueprint \"case\" {\n  version = \"1.0.0\"\n  summary = \"random expressions\"\n}\n" + shared.String() +
		"component \"a\" {\n  template = \"a\"\n}\ncomponent \"b\" {\n  template = \"b\"\n  with = {\n" + with.String() + "  }\n}\n"
	b.root = shared.String() + "module \"a\" {\n  source = \"./templates/a\"\n}\nmodule \"b\" {\n  source = \"./templates/b\"\n" + call.String() + "}\n"
	for len(b.exprs) < 60 {
		x := g.Expr(exprgen.Kinds()[c.Intn(len(exprgen.Kinds()))], 1+c.Intn(4))
		if _, diags := hclsyntax.ParseConfig([]byte("x = "+wrapped(x)+"\n"), "", hcl.InitialPos); !diags.HasErrors() {
			b.exprs = append(b.exprs, x)
		}
	}
	return b
}

// around writes a value of the kind out around links.
func around(k exprgen.Kind, g *exprgen.Gen) string {
	of := map[exprgen.Kind][]string{
		exprgen.String:  {`"${component.a.s}-x"`, `"$${${component.a.s}"`},
		exprgen.Null:    {"null", "component.a.z"},
		exprgen.Number:  {"component.a.n + 1"},
		exprgen.Bool:    {"!component.a.b"},
		exprgen.List:    {`[component.a.s, "b"]`, "[var.v_s]"},
		exprgen.Numbers: {"[component.a.n, 3]"},
		exprgen.Map:     {`{ a = component.a.s, "k.2" = var.v_s }`},
		exprgen.Set:     {`[component.a.s, "b"]`},
		exprgen.Object:  {"{ a = component.a.s, n = 1, l = [component.a.n] }", "{ a = var.v_s, n = component.a.n, l = [], q = component.a.z }"},
		exprgen.Objects: {"[component.a.o, { a = var.v_s, n = 1, l = [] }]", "[var.v_o]"},
		exprgen.Named:   {"{ one = component.a.o, two = var.v_o }"},
		exprgen.Any:     {"[component.a.n, component.a.s, { x = [true] }]", "{ x = component.a.s }"},
		exprgen.Maybe:   {"{ a = component.a.s, n = 1, l = [component.a.n] }", "null"},
		exprgen.Maybes:  {`[{ a = component.a.s, o = { n = component.a.n } }, { a = "2", l = [var.v_s] }]`, "[{ a = component.a.s, o = null }]"},
		exprgen.Alike:   {`[component.a.s, "b"]`, "[component.a.n, 1]"},
		exprgen.AlikeIn: {`{ a = component.a.s, b = "x" }`, "{ a = component.a.n }"},
		exprgen.Maps:    {`[{ a = component.a.s }, { b = "x" }]`},
		exprgen.Lists:   {`[[component.a.s], ["b", var.v_s]]`},
		exprgen.Tuple:   {`[component.a.s, 1, [var.v_s]]`},
	}[k]
	if len(of) == 0 {
		panic("no value of the kind " + string(k) + " is written out around links")
	}
	return of[g.C.Intn(len(of))]
}

// wrapped makes a string of an expression, so that a list and a tuple are the
// same, and a failure is a value.
func wrapped(x string) string {
	if strings.Contains(x, "<<") {
		x += "\n"
	}
	return "nonsensitive(jsonencode(try(" + x + ", \"failed\")))"
}

// template returns the template of the expressions and what passes their values
// on, written with the given root of references.
func (b *batch) template() string {
	var s strings.Builder
	s.WriteString(b.decls)
	for i, x := range b.exprs {
		fmt.Fprintf(&s, "output \"o%d\" {\n  value = %s\n}\n", i, wrapped(x))
	}
	return s.String()
}

func (b *batch) pass(root string) string {
	var s strings.Builder
	for i := range b.exprs {
		fmt.Fprintf(&s, "output \"o%d\" {\n  value = %s.b.o%d\n}\n", i, root, i)
	}
	return s.String()
}

var (
	failedOutput = regexp.MustCompile(`(?:in output "|output )"?o(\d+)"`)
	crash        = regexp.MustCompile(`(TERRAFORM|OPENTOFU) CRASH`)
)

// said returns all that a core said when it failed.
func said(err error) string {
	if e := (*harness.Error)(nil); errors.As(err, &e) {
		return e.Output
	}
	return ""
}

// meaning applies the template unspecialised. Expressions that Terraform refuses
// in spite of try are left out, and so are those at which it panics.
func (b *batch) meaning(t *testing.T, core harness.Core, sum *tally) (map[string]any, apply) {
	t.Helper()
	for {
		out, again, err := b.unspecialised(t, core)
		if err == nil {
			return out, again
		}
		var bad []string
		if crash.MatchString(said(err)) {
			bad = b.panics(func(part *batch) error { _, _, err := part.unspecialised(t, core); return err })
			sum.panics.Add(int64(len(bad)))
			for _, x := range bad {
				t.Logf("left out, because %s itself panics: %s", core.Name, x)
			}
		} else {
			bad = b.refused(said(err))
			sum.refused.Add(int64(len(bad)))
			t.Logf("left out, because %s refuses them: %d", core.Name, len(bad))
		}
		if len(bad) == 0 {
			t.Fatal(err)
		}
		b.exprs = slices.DeleteFunc(slices.Clone(b.exprs), func(x string) bool { return slices.Contains(bad, x) })
	}
}

// An apply applies a module once more and returns its outputs.
type apply func() (map[string]any, error)

func (b *batch) unspecialised(t *testing.T, core harness.Core) (out map[string]any, again apply, err error) {
	t.Helper()
	dir := harness.WorkDir(t)
	for name, text := range map[string]string{"main.tf": b.root + b.pass("module"), "templates/a/main.tf": b.inner, "templates/b/main.tf": b.template()} {
		if err := harness.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return applied(core.In(t, dir, harness.NoProvider))
}

// rendered applies the module that is rendered.
func (b *batch) rendered(t *testing.T, core harness.Core) (out map[string]any, again apply, err error) {
	t.Helper()
	cat, diags := catalog.New(catalog.Root{
		Templates:  fstest.MapFS{"a/main.tf": {Data: []byte(b.inner)}, "b/main.tf": {Data: []byte(b.template())}},
		Blueprints: fstest.MapFS{"case/blueprint.hcl": {Data: []byte(b.blueprint + b.pass("component"))}},
	})
	fatal(t, cat, diags)
	res, diags := generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: "case"})
	fatal(t, cat, diags)
	dir := harness.WorkDir(t)
	if err := harness.WriteFiles(dir, res.Files); err != nil {
		t.Fatal(err)
	}
	return applied(core.In(t, dir, harness.NoProvider))
}

func applied(r *harness.Runner) (out map[string]any, again apply, err error) {
	if err := r.Init(); err != nil {
		return nil, nil, err
	}
	again = func() (map[string]any, error) {
		if err := r.Apply(); err != nil {
			return nil, err
		}
		return r.Outputs()
	}
	out, err = again()
	return out, again, err
}

// refused returns the expressions that an error names.
func (b *batch) refused(message string) []string {
	var out []string
	for _, m := range failedOutput.FindAllStringSubmatch(message, -1) {
		if i, err := strconv.Atoi(m[1]); err == nil && i < len(b.exprs) && !slices.Contains(out, b.exprs[i]) {
			out = append(out, b.exprs[i])
		}
	}
	return out
}

// panics returns the expressions each of which alone makes the core panic.
func (b *batch) panics(run func(part *batch) error) []string {
	if !crash.MatchString(said(run(b))) {
		return nil
	}
	if len(b.exprs) == 1 {
		return b.exprs
	}
	half := len(b.exprs) / 2
	one, other := *b, *b
	one.exprs, other.exprs = b.exprs[:half], b.exprs[half:]
	return slices.Concat(one.panics(run), other.panics(run))
}

func (b *batch) compare(t *testing.T, core harness.Core, sum *tally) {
	want, wantAgain := b.meaning(t, core, sum)
	got, gotAgain, err := b.rendered(t, core)
	switch {
	case crash.MatchString(said(err)):
		for _, x := range b.panics(func(part *batch) error { _, _, err := part.rendered(t, core); return err }) {
			t.Errorf("%s panics at the rendering of %s", core.Name, x)
		}
		t.FailNow()
	case err != nil:
		t.Fatalf("the rendering does not apply: %v\n%s", err, strings.Join(b.refused(said(err)), "\n"))
	}
	differ, compared := b.differences(want, got)
	if len(differ) > 0 {
		// What type a link has, Terraform learns when it applies: in the plan try and a
		// conditional may make something else, and the outputs keep that.
		wantSettled, err := wantAgain()
		if err != nil {
			t.Fatal(err)
		}
		gotSettled, err := gotAgain()
		if err != nil {
			t.Fatal(err)
		}
		left, _ := b.differences(wantSettled, gotSettled)
		first := len(differ)
		differ = slices.DeleteFunc(differ, func(i int) bool { return !slices.Contains(left, i) })
		sum.unsettled.Add(int64(first - len(differ)))
	}
	for _, i := range differ {
		name := "o" + strconv.Itoa(i)
		t.Errorf("%s\n  want %v\n  got  %v", b.exprs[i], want[name], got[name])
	}
	if compared < 15 {
		t.Errorf("only %d of %d expressions have a value: the generator makes too few that work", compared, len(b.exprs))
	}
	sum.compared.Add(int64(compared))
	sum.failing.Add(int64(len(b.exprs) - compared))
}

// differences returns the expressions that have another value, by index, and how
// many have one. Specialising may make an expression work that fails.
func (b *batch) differences(want, got map[string]any) (differ []int, compared int) {
	for i := range b.exprs {
		name := "o" + strconv.Itoa(i)
		if want[name] == `"failed"` {
			continue
		}
		compared++
		if !reflect.DeepEqual(want[name], got[name]) {
			differ = append(differ, i)
		}
	}
	return differ, compared
}
