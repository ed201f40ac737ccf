package functions

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/internal/golden"
)

// A metadata is what a core says of its functions, without the prose.
type metadata struct {
	Version   string                    `json:"format_version"`
	Functions map[string]map[string]any `json:"function_signatures"`
}

func parseMetadata(t *testing.T, text []byte) metadata {
	t.Helper()
	var m metadata
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func recorded(t *testing.T, core string) metadata {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", core+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return parseMetadata(t, text)
}

// TestSignatures holds the table of functions against what the cores say.
func TestSignatures(t *testing.T) {
	cores := map[Cores]metadata{Terraform: recorded(t, "terraform"), OpenTofu: recorded(t, "opentofu")}
	names := map[string]bool{}
	for core, m := range cores {
		for name, f := range m.Functions {
			names[name] = true
			about, ok := Lookup(name)
			if !ok || about.Cores&core == 0 {
				t.Errorf("%s: the table does not say that core %d has it", name, core)
				continue
			}
			text, err := json.Marshal(f["return_type"])
			if err != nil {
				t.Fatal(err)
			}
			want, err := ctyjson.UnmarshalType(text)
			if err != nil {
				t.Fatal(err)
			}
			if open := about.Result == cty.DynamicPseudoType || want.HasDynamicTypes(); !open && !about.Result.Equals(want) {
				t.Errorf("%s: gives %s, and %s to the core", name, about.Result.FriendlyName(), want.FriendlyName())
			}
			if sure := cores[Terraform].Functions[name] != nil && cores[OpenTofu].Functions[name] != nil; sure && about.Result == cty.DynamicPseudoType && !want.HasDynamicTypes() {
				other, err := json.Marshal(cores[Terraform|OpenTofu-core].Functions[name]["return_type"])
				if err != nil || string(other) == string(text) {
					t.Errorf("%s: both cores say %s, and the table says nothing (%v)", name, text, err)
				}
			}
		}
	}
	for _, name := range Names() {
		if !names[name] {
			t.Errorf("%s: no core has it", name)
		}
		about, _ := Lookup(name)
		for core, m := range cores {
			if about.Cores&core != 0 && m.Functions[name] == nil {
				t.Errorf("%s: core %d does not have it", name, core)
			}
		}
	}
}

// TestTraits demands that what the cores do not say fits together: a function
// folds unless a trait or a core speaks against it, and only what is there has
// traits.
func TestTraits(t *testing.T) {
	for trait, names := range traits {
		if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("the names of trait %d are not sorted, or stand twice", trait)
		}
		for _, name := range names {
			if _, ok := signatures[name]; !ok {
				t.Errorf("trait %d: there is no function %s", trait, name)
			}
		}
	}
	for name := range results {
		if signatures[name].Result != cty.DynamicPseudoType {
			t.Errorf("%s: the cores say what it gives", name)
		}
	}
	folds := Table()
	for _, name := range Names() {
		for _, called := range []string{name, corePrefix + name} {
			if _, ok := folds[called]; ok == NeverFolded(called) {
				t.Errorf("%s: in the table of pure functions %t, never folded %t; want exactly one", called, ok, NeverFolded(called))
			}
		}
	}
	for name := range folds {
		if _, ok := Lookup(name); !ok {
			t.Errorf("%s folds, and no core has it", name)
		}
	}
	for _, name := range []string{"no_such_function", "", "provider::aws::arn_parse"} {
		if f, ok := Lookup(name); ok || f.Result != cty.DynamicPseudoType || f.Traits != 0 {
			t.Errorf("%q: %v, %t", name, f, ok)
		}
	}
}

// TestNeverNull evaluates each recorded call of a function that is never null.
func TestNeverNull(t *testing.T) {
	args := map[string]cty.Value{"string": cty.StringVal("10.0.0.0/8"), "number": cty.NumberIntVal(1)}
	called := 0
	for _, name := range traits[NeverNull] {
		f := Table()[name]
		var vals []cty.Value
		for _, p := range f.Params() {
			v := cty.ListVal([]cty.Value{cty.StringVal("a")})
			if p.Type.IsPrimitiveType() {
				v = args[p.Type.FriendlyName()]
			}
			vals = append(vals, v)
		}
		v, err := f.Call(vals)
		if err != nil {
			continue // wants other arguments
		}
		called++
		if v.IsNull() {
			t.Errorf("%s gave null", name)
		}
	}
	if called < len(traits[NeverNull])/2 {
		t.Errorf("only %d of %d were called", called, len(traits[NeverNull]))
	}
}

// TestMetadataLive compares what is recorded with the cores themselves, and
// records it with -update.
func TestMetadataLive(t *testing.T) {
	for recorded, core := range map[string]string{"terraform": harness.Terraform, "opentofu": harness.Tofu} {
		t.Run(recorded, func(t *testing.T) {
			tf := live(t, core)
			out, stderr, err := tf.run(tf.home, "", "metadata", "functions", "-json")
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr)
			}
			golden.File(t, filepath.Join("testdata", recorded+".json"), plain(t, parseMetadata(t, []byte(out))))
		})
	}
}

// plain writes metadata without prose and namespaces, one function a line.
func plain(t *testing.T, m metadata) []byte {
	t.Helper()
	out := []byte("{\n  \"format_version\": \"" + m.Version + "\",\n  \"function_signatures\": {\n")
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(m.Functions)), func(n string) bool { return n != Name(n) })
	for i, name := range names {
		f := m.Functions[name]
		delete(f, "description")
		bare := func(p any) {
			if p, ok := p.(map[string]any); ok {
				delete(p, "description")
			}
		}
		bare(f["variadic_parameter"])
		if list, ok := f["parameters"].([]any); ok {
			for _, p := range list {
				bare(p)
			}
		}
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, "    \""+name+"\": "+string(text)...)
		if i+1 < len(names) {
			out = append(out, ',')
		}
		out = append(out, '\n')
	}
	return append(out, "  }\n}\n"...)
}
