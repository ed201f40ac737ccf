package resolve_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/resolve"
)

const renamedOptions = `
blueprint "web" {
  version = "2.0.0"
}
option "database" {
  type    = string
  one_of  = ["aurora-mysql", "mysql", "none"]
  default = "none"
  was     = [{ name = "db", values = { aurora = "aurora-mysql", "false" = "none" } }, { name = "database", values = { aurora = "aurora-mysql" } }]
}
option "cdn" {
  type    = bool
  default = false
  was     = "edge"
}
`

// TestFormerNames: an option is taken under its former name and value, with a warning
// that says what it is called now.
func TestFormerNames(t *testing.T) {
	t.Parallel()
	bp, diags := blueprint.Parse(blueprint.Source{Name: "web.hcl", Bytes: []byte(renamedOptions)}, "web", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	set := func(name, raw string) resolve.Input {
		return resolve.Input{Name: name, Raw: raw, Source: "--set"}
	}
	soft := func(name string, v cty.Value) resolve.Input {
		return resolve.Input{Name: name, Value: v, Source: "the manifest", Soft: true}
	}
	for name, tt := range map[string]struct {
		inputs   []resolve.Input
		database string
		cdn      bool
		says     []string // one for each diagnostic
		fails    bool
	}{
		"name":               {[]resolve.Input{set("db", "mysql")}, "mysql", false, []string{`The option "db" (from --set) is now called "database".`}, false},
		"name and value":     {[]resolve.Input{set("db", "aurora")}, "aurora-mysql", false, []string{`is now called "database", and its value "aurora" is aurora-mysql`}, false},
		"value alone":        {[]resolve.Input{set("database", "aurora")}, "aurora-mysql", false, []string{`The value "aurora" of the option "database" (from --set) is now called aurora-mysql`}, false},
		"another type":       {[]resolve.Input{{Name: "db", Value: cty.False, Source: "options.yaml"}}, "none", false, []string{`its value "false" is none`}, false},
		"names of now":       {[]resolve.Input{set("database", "mysql"), set("cdn", "true")}, "mysql", true, nil, false},
		"manifest":           {[]resolve.Input{soft("db", cty.StringVal("aurora"))}, "aurora-mysql", false, []string{"The next render writes it so."}, false},
		"manifest gives way": {[]resolve.Input{soft("db", cty.StringVal("aurora")), set("database", "mysql")}, "mysql", false, []string{"The next render writes it so."}, false},
		"user first":         {[]resolve.Input{set("database", "mysql"), soft("db", cty.StringVal("aurora"))}, "mysql", false, []string{"The next render writes it so."}, false},
		"both":               {[]resolve.Input{set("edge", "true"), set("cdn", "false")}, "", false, []string{`is now called "cdn"`, `The option "cdn" is given as "cdn" (from --set) and by its former name "edge" (from --set). Use "cdn" alone.`}, true},
		"not its value":      {[]resolve.Input{set("db", "oracle")}, "", false, []string{`is now called "database"`, "must be one of aurora-mysql, mysql, none"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			choices, diags := resolve.Resolve(bp, tt.inputs, "")
			if diags.HasErrors() != tt.fails || len(diags) != len(tt.says) {
				t.Fatalf("got %v", diags)
			}
			for i, want := range tt.says {
				if !strings.Contains(diags[i].Detail, want) {
					t.Errorf("got %q, want %q", diags[i].Detail, want)
				}
			}
			if tt.fails {
				return
			}
			got := map[string]cty.Value{}
			for _, c := range choices {
				got[c.Option.Name] = c.Value
			}
			if got["database"].AsString() != tt.database || got["cdn"].True() != tt.cdn {
				t.Errorf("got %#v and %#v", got["database"], got["cdn"])
			}
		})
	}
}
