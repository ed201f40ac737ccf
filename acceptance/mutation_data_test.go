package acceptance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/matrix"
)

// Mutations are data: testdata/mutations/<blueprint>.hcl. An address in it is that of
// the rendered module; a label is the name of the component and, for its second object
// of a type, what tells it apart.
//
//	at_least = 2 # mutants of this file that must be noticed
//
//	rendering "public" {
//	  options = { cdn = false }
//
//	  mutations = [
//	    { set = aws_lb.load_balancer.drop_invalid_header_fields, to = false },          # another value, which must be there
//	    { edit = aws_iam_role_policy.a.policy, old = "\"ssm:Get\\w+\"", new = "\"*\"" }, # a part of the text, by a regular expression
//	    { rename = aws_x.a.prefix_list_id, as = "cidr_ipv4", to = "0.0.0.0/0" },        # another argument in its place
//	    { remove = aws_flow_log.network },                                              # an argument, the first such block, or the whole object
//	    { add = aws_x.a.rule.more, to = 1 },                                            # what must not be there
//	    { remove = aws_flow_log.other, by = "test" },                                   # whatever a "rule" of vet says, a "test" must notice it, or the reverse
//	  ]
//	}
//
// survivors are the mutants of the notes that nothing notices, with the reason;
// differences are what TestFlatEqualsNestedCanFail breaks, with the start of what it
// must say of the plan, or of the state where the plan does not show it.

// A mutationFile is what stands in one.
type mutationFile struct {
	renderings  []mutationSet
	survivors   map[string]string
	differences []flatFault
	atLeast     int
}

// A mutationSet is a combination of options with what is to be broken in it.
type mutationSet struct {
	name      string
	options   matrix.Row
	mutations []mutation
}

// A flatFault is a mutation of the flat module, and the difference that it makes.
type flatFault struct {
	mutation
	plan, state string // how it begins in one of the two
}

// mutationsOf reads the file of a blueprint.
func mutationsOf(blueprint string) (mutationFile, error) {
	name := filepath.Join("testdata", "mutations", blueprint+".hcl")
	src, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return mutationFile{}, fmt.Errorf("%s has no acceptance/%s: README.md says how a blueprint joins", blueprint, filepath.ToSlash(name))
	}
	if err != nil {
		return mutationFile{}, err
	}
	return parseMutations(src, name)
}

func parseMutations(src []byte, name string) (mutationFile, error) {
	r := mutationReader{src: src}
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return mutationFile{}, diags
	}
	content, diags := file.Body.Content(&hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "at_least", Required: true}, {Name: "differences", Required: true}, {Name: "survivors"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "rendering", LabelNames: []string{"name"}}},
	})
	r.diags = diags
	out := mutationFile{survivors: map[string]string{}}
	if a := content.Attributes["at_least"]; a != nil {
		n, _ := r.value(a.Expr, cty.Number).AsBigFloat().Int64()
		out.atLeast = int(n)
	}
	if a := content.Attributes["survivors"]; a != nil {
		for _, pair := range r.pairs(a.Expr) {
			out.survivors[r.value(pair.Key, cty.String).AsString()] = r.value(pair.Value, cty.String).AsString()
		}
	}
	if a := content.Attributes["differences"]; a != nil {
		for _, e := range r.list(a.Expr) {
			m, others := r.mutation(e, "plan", "state")
			if (others["plan"] == "") == (others["state"] == "") {
				r.errorf(e, "give plan or state, with the start of the difference")
			}
			out.differences = append(out.differences, flatFault{m, others["plan"], others["state"]})
		}
	}
	for _, b := range content.Blocks {
		out.renderings = append(out.renderings, r.rendering(b))
	}
	if r.diags.HasErrors() {
		return mutationFile{}, r.diags
	}
	return out, nil
}

// A mutationReader reads expressions of a file that are code of the module: their text
// counts, not their value.
type mutationReader struct {
	src   []byte
	diags hcl.Diagnostics
}

func (r *mutationReader) errorf(e hcl.Expression, format string, args ...any) {
	rng := e.Range()
	r.diags = append(r.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: fmt.Sprintf(format, args...), Subject: &rng})
}

func (r *mutationReader) rendering(b *hcl.Block) mutationSet {
	content, diags := b.Body.Content(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "options"}, {Name: "mutations", Required: true}}})
	r.diags = append(r.diags, diags...)
	out := mutationSet{name: b.Labels[0], options: matrix.Row{}}
	if a := content.Attributes["options"]; a != nil {
		for _, pair := range r.pairs(a.Expr) {
			value, diags := pair.Value.Value(nil)
			r.diags = append(r.diags, diags...)
			out.options[hcl.ExprAsKeyword(pair.Key)] = value
		}
	}
	if a := content.Attributes["mutations"]; a != nil {
		for _, e := range r.list(a.Expr) {
			m, _ := r.mutation(e)
			out.mutations = append(out.mutations, m)
		}
	}
	return out
}

// mutation reads one, and the texts under other keys that may stand with it.
func (r *mutationReader) mutation(e hcl.Expression, keys ...string) (mutation, map[string]string) {
	var m mutation
	others := map[string]string{}
	for _, pair := range r.pairs(e) {
		switch key := hcl.ExprAsKeyword(pair.Key); key {
		case "set", "edit", "rename", "remove", "add":
			if m.how != "" {
				r.errorf(pair.Key, "a mutation does one thing, not %s and %s", m.how, key)
			}
			m.how = key
			m.at, m.path = r.place(pair.Value)
		case "to":
			m.new = string(pair.Value.Range().SliceBytes(r.src))
		case "new":
			m.new = r.text(pair.Value)
		case "as":
			m.as = r.text(pair.Value)
		case "by":
			if m.by = r.text(pair.Value); m.by != "rule" && m.by != "test" {
				r.errorf(pair.Value, `by is "rule" or "test"`)
			}
		case "old":
			var err error
			if m.old, err = regexp.Compile(r.text(pair.Value)); err != nil {
				r.errorf(pair.Value, "%v", err)
			}
		default:
			if !slices.Contains(keys, key) {
				r.errorf(pair.Key, "a mutation has no %s", key)
			}
			others[key] = r.text(pair.Value)
		}
	}
	wrong := m.how == "" || (m.how == "edit") != (m.old != nil) || (m.how == "rename") != (m.as != "") || m.how == "remove" && m.new != ""
	if wrong {
		r.errorf(e, "a mutation sets, edits, renames, removes or adds something, with what that needs")
	}
	return m, others
}

// place splits an address with an argument behind it.
func (r *mutationReader) place(e hcl.Expression) (at, path string) {
	ref, diags := hcl.AbsTraversalForExpr(e)
	r.diags = append(r.diags, diags...)
	var names []string
	for _, step := range ref {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		default:
			r.errorf(e, "an address and the name of an argument have no index")
		}
	}
	n := 2
	if len(names) > 0 && names[0] == "data" {
		n = 3
	}
	if len(names) < n {
		r.errorf(e, "this is no address of an object")
		return "", ""
	}
	return strings.Join(names[:n], "."), strings.Join(names[n:], ".")
}

func (r *mutationReader) list(e hcl.Expression) []hcl.Expression {
	out, diags := hcl.ExprList(e)
	r.diags = append(r.diags, diags...)
	return out
}

func (r *mutationReader) pairs(e hcl.Expression) []hcl.KeyValuePair {
	out, diags := hcl.ExprMap(e)
	r.diags = append(r.diags, diags...)
	return out
}

func (r *mutationReader) text(e hcl.Expression) string { return r.value(e, cty.String).AsString() }

// value returns a constant of a type, or that type's zero.
func (r *mutationReader) value(e hcl.Expression, want cty.Type) cty.Value {
	v, diags := e.Value(nil)
	r.diags = append(r.diags, diags...)
	if !diags.HasErrors() && v.Type() == want && !v.IsNull() {
		return v
	}
	r.errorf(e, "this must be a %s", want.FriendlyName())
	if want == cty.Number {
		return cty.Zero
	}
	return cty.StringVal("")
}

// TestMutationsFit finds every mutation's place in what is rendered today, and a file
// for every blueprint and a blueprint for every file.
func TestMutationsFit(t *testing.T) {
	t.Parallel()
	names := builtIn(t).Blueprints()
	session := generator.NewSession(builtIn(t))
	for _, name := range names {
		all, err := mutationsOf(name)
		if err != nil {
			t.Error(err)
			continue
		}
		broken := 0
		for _, s := range append(all.renderings, mutationSet{name: "differences", mutations: all.changes()}) {
			result, diags := session.Generate(t.Context(), generator.Request{Blueprint: name, Inputs: inputs(s.options)})
			fatal(t, builtIn(t), diags)
			for _, m := range s.mutations {
				broken++
				if _, err := m.apply(result.Files.Files()); err != nil {
					t.Errorf("%s, %s: %s: %v", name, s.name, m, err)
				}
			}
		}
		if len(all.differences) == 0 || broken-len(all.differences) < all.atLeast {
			t.Errorf("%s: %d mutations and %d differences; %d mutants must be noticed", name, broken, len(all.differences), all.atLeast)
		}
	}
	files, err := filepath.Glob(filepath.Join("testdata", "mutations", "*.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(names, strings.TrimSuffix(filepath.Base(f), ".hcl")) {
			t.Errorf("%s is about no blueprint", f)
		}
	}
}

// changes are the mutations of the differences.
func (f mutationFile) changes() []mutation {
	var out []mutation
	for _, d := range f.differences {
		out = append(out, d.mutation)
	}
	return out
}

func TestParseMutations(t *testing.T) {
	t.Parallel()
	file := func(mutation string) string {
		return "at_least = 1\ndifferences = []\nrendering \"r\" {\n  options = { zones = 2 }\n  mutations = [" + mutation + "]\n}\n"
	}
	for _, tt := range []struct{ text, want string }{
		{`{ set = aws_x.a.b.c, to = [var.x, "1"] }`, `set aws_x.a.b.c [var.x, "1"]`},
		{`{ edit = data.aws_x.a.b, old = "\\w+", new = "$${1}" }`, `edit data.aws_x.a.b \w+ ${1}`},
		{`{ rename = var.x.default, as = "other", to = null }`, `rename var.x.default other null`},
		{`{ remove = check.image }`, `remove check.image`},
		{`{ remove = check.image, by = "rule" }`, `remove check.image`},
	} {
		got, err := parseMutations([]byte(file(tt.text)), "x.hcl")
		if err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		r := got.renderings[0]
		if s := r.mutations[0].String(); s != tt.want || r.name != "r" || !r.options["zones"].RawEquals(cty.NumberIntVal(2)) || got.atLeast != 1 {
			t.Errorf("%s: got %s, %v", tt.text, s, got)
		}
	}
	for _, tt := range []struct{ text, want string }{
		{file(`{ to = 1 }`), "sets, edits"},
		{file(`{ set = aws_x.a.b, remove = aws_x.a, to = 1 }`), "one thing, not set and remove"},
		{file(`{ edit = aws_x.a.b, new = "1" }`), "sets, edits"},
		{file(`{ edit = aws_x.a.b, old = "(", new = "1" }`), "missing closing"},
		{file(`{ set = aws_x, to = 1 }`), "no address"},
		{file(`{ set = aws_x.a[0].b, to = 1 }`), "no index"},
		{file(`{ remove = aws_x.a, why = "x" }`), "has no why"},
		{file(`{ remove = aws_x.a, by = "luck" }`), `"rule" or "test"`},
		{file(`{ rename = aws_x.a.b, as = 1, to = 1 }`), "must be a string"},
		{"at_least = 1\ndifferences = [{ remove = aws_x.a }]\n", "plan or state"},
		{"differences = []\n", "at_least"},
	} {
		if _, err := parseMutations([]byte(tt.text), "x.hcl"); err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "x.hcl:") {
			t.Errorf("%s: %v", tt.text, err)
		}
	}
}
