package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"

	"github.com/bpgen/bpgen/acceptance/harness"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// TestItemise keeps the paragraphs and lists of a description in its item.
func TestItemise(t *testing.T) {
	nested := &tfjson.SchemaAttribute{Description: "c\nd"}
	all := map[string]*tfjson.SchemaAttribute{
		"plain": {Description: "a"},
		"long":  {Description: "a\n\nb:\n- c", AttributeNestedType: &tfjson.SchemaNestedAttributeType{Attributes: map[string]*tfjson.SchemaAttribute{"nested": nested}}},
	}
	itemise(all)
	for got, want := range map[string]string{all["plain"].Description: "a", all["long"].Description: "a\n\n  b:\n  - c", nested.Description: "c\n  d"} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestLiveSchemas holds that the documentation is made from what the cores say of
// the provider.
func TestLiveSchemas(t *testing.T) {
	harness.Live(t)
	provided, err := ask(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			core := harness.Find(t, name)
			dir := harness.WorkDir(t)
			if err := harness.WriteFile(dir+"/main.tf", []byte("terraform {\n  required_providers {\n    bpgen = { source = \"bpgen/bpgen\" }\n  }\n}\n")); err != nil {
				t.Fatal(err)
			}
			r := core.In(t, dir, harness.OwnProvider(t, core))
			if err := r.Init(); err != nil {
				t.Fatal(err)
			}
			out, err := r.Run("", "providers", "schema", "-json")
			if err != nil {
				t.Fatal(err)
			}
			var all tfjson.ProviderSchemas
			if err := json.Unmarshal([]byte(out), &all); err != nil {
				t.Fatal(err)
			}
			want := all.Schemas[core.RegistryHost()+"/bpgen/bpgen"]
			if want == nil || len(want.DataSourceSchemas) == 0 {
				t.Fatalf("the core says nothing of the provider: %s", out)
			}
			if diff := cmp.Diff(plain(t, want), plain(t, provided)); diff != "" {
				t.Errorf("the core says (-), and the documentation (+):\n%s", diff)
			}
		})
	}
}

// plain returns a value as JSON has it.
func plain(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
