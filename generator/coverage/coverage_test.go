package coverage_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/coverage"
)

const notes = `- id: "a.one"
  kind: "rule"
  strength: "must"
- id: "a.two"
  kind: "default"
  strength: "info"
- id: "a.three"
  kind: "option"
  strength: "info"
  value: ["one", "other"]
- id: "a.four"
  kind: "fact"
  strength: "info"
`

func take(t *testing.T, files map[string]string, rules ...coverage.Rule) (coverage.Report, string) {
	t.Helper()
	blueprints, templates := fstest.MapFS{"notes/a.yaml": {Data: []byte(notes)}}, fstest.MapFS{}
	for name, text := range files {
		if rest, ok := strings.CutPrefix(name, "templates/"); ok {
			templates[rest] = &fstest.MapFile{Data: []byte(text)}
			continue
		}
		blueprints[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if blueprints["b/blueprint.hcl"] == nil {
		blueprints["b/blueprint.hcl"] = &fstest.MapFile{Data: []byte("blueprint \"b\" {\n  version = \"1.0.0\"\n  summary = \"B.\"\n  systems = [\"a\"]\n}\n\ncomponent \"t\" {\n  template = \"t\"\n}\n")}
	}
	if templates["t/main.tf"] == nil {
		templates["t/main.tf"] = &fstest.MapFile{Data: []byte("# nothing\n")}
	}
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints, Templates: templates})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	r, diags := coverage.Take(coverage.Input{Catalog: cat, Rules: rules})
	var texts []string
	for _, d := range diags {
		texts = append(texts, d.Summary+": "+d.Detail)
	}
	return r, strings.Join(texts, "\n")
}

type rule struct{ ids []string }

func (rule) ID() string        { return "some-rule" }
func (r rule) Notes() []string { return r.ids }

// ways returns how an entry is honoured.
func ways(r coverage.Report, id string) []coverage.Way {
	for _, e := range r.Entries {
		if e.ID == id {
			return e.Ways
		}
	}
	return nil
}

func TestWays(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		files map[string]string
		rules []string
		want  []coverage.Way
	}{
		"missing":        {nil, nil, []coverage.Way{coverage.Missing}},
		"code":           {map[string]string{"templates/t/main.tf": "# notes: a.one, a.two words\nlocals {\n}\n"}, nil, []coverage.Way{coverage.Rendered}},
		"variable":       {map[string]string{"templates/t/main.tf": "variable \"x\" {\n  default = 1 # notes: a.one\n}\n"}, nil, []coverage.Way{coverage.Offered}},
		"rule":           {nil, []string{"a.one"}, []coverage.Way{coverage.Checked}},
		"test":           {map[string]string{"templates/t/tests/t.tftest.hcl": "# notes: a.one\nrun \"x\" {\n}\n"}, nil, []coverage.Way{coverage.Checked}},
		"runbook":        {map[string]string{"templates/t/runbooks/r.md": "Text.\n  <!-- notes: a.one -->\n"}, nil, []coverage.Way{coverage.Documented}},
		"heading":        {map[string]string{"templates/t/runbooks/r.md": "# notes: a.one\n"}, nil, []coverage.Way{coverage.Missing}},
		"text asset":     {map[string]string{"templates/t/files/buildspec.yml": "version: 0.2 \n# notes: a.one\n"}, nil, []coverage.Way{coverage.Documented}},
		"child module":   {map[string]string{"templates/t/call.tf": "module \"m\" {\n  source = \"./modules/m\"\n}\n", "templates/t/modules/m/main.tf": "locals {\n  a = 1 # notes: a.one\n}\n"}, nil, []coverage.Way{coverage.Rendered}},
		"waiver":         {map[string]string{"waivers.hcl": "waiver \"a.one\" {\n  reason = \"No.\"\n}\n"}, nil, []coverage.Way{coverage.Waived}},
		"several":        {map[string]string{"templates/t/main.tf": "# notes: a.one\nlocals {\n}\n"}, []string{"a.one"}, []coverage.Way{coverage.Rendered, coverage.Checked}},
		"other template": {map[string]string{"templates/u/main.tf": "# notes: a.one\nlocals {\n}\n"}, nil, []coverage.Way{coverage.Missing}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, diags := take(t, tt.files, rule{tt.rules})
			if diags != "" {
				t.Error(diags)
			}
			if got := ways(r, "a.one"); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	all := "# notes: a.one, a.two, a.three\nlocals {\n}\n"
	if r, _ := take(t, map[string]string{"templates/t/main.tf": all}); !r.Holds() {
		t.Errorf("everything but the fact is cited, but the contract is broken: %+v", r.Contract())
	}
	for _, id := range []string{"a.one", "a.two", "a.three"} {
		if r, _ := take(t, map[string]string{"templates/t/main.tf": strings.Replace(all, id, "a.four", 1)}); r.Holds() {
			t.Errorf("%s is missing, but the contract holds", id)
		}
	}
	waived := map[string]string{"templates/t/main.tf": "# notes: a.two, a.three\nlocals {\n}\n", "waivers.hcl": "waiver \"a.one\" {\n  reason = \"No.\"\n}\n"}
	if r, _ := take(t, waived); r.Holds() {
		t.Error("all must entries are waived, but the contract holds")
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"code":     {map[string]string{"templates/t/main.tf": "\n# notes: a.on\nlocals {\n}\n"}, "(templates/t/main.tf:2). Did you mean \"a.one\"?"},
		"runbook":  {map[string]string{"templates/t/runbooks/r.md": "a\nb\n<!-- notes: a.five -->\n"}, "(templates/t/runbooks/r.md:3)"},
		"waiver":   {map[string]string{"waivers.hcl": "waiver \"a.five\" {\n  reason = \"x\"\n}\n"}, "(blueprints/waivers.hcl:1)"},
		"twice":    {map[string]string{"waivers.hcl": strings.Repeat("waiver \"a.one\" {\n  reason = \"x\"\n}\n", 2)}, "Duplicate waiver"},
		"silent":   {map[string]string{"waivers.hcl": "waiver \"a.one\" {\n}\n"}, "Waiver without a reason"},
		"needless": {map[string]string{"templates/t/main.tf": "# notes: a.one\n", "waivers.hcl": "waiver \"a.one\" {\n  reason = \"x\"\n}\n"}, "implemented by templates/t/main.tf:1"},
		"other":    {map[string]string{"waivers.hcl": "option \"a.one\" {\n}\n"}, "Not a waiver"},
		"argument": {map[string]string{"waivers.hcl": "waiver \"a.one\" {\n  why = \"x\"\n}\n"}, "Unknown argument"},
		"top":      {map[string]string{"waivers.hcl": "a = 1\n"}, "Argument outside a block"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, diags := take(t, tt.files); !strings.Contains(diags, tt.want) {
				t.Errorf("got %q, want %q", diags, tt.want)
			}
		})
	}
	if _, diags := take(t, nil, rule{[]string{"a.five"}}); !strings.Contains(diags, "some-rule") {
		t.Errorf("a rule with an unknown id: %q", diags)
	}
}
