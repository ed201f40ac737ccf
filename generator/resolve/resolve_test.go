package resolve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/resolve"
)

const source = `
blueprint "x" {
  version = "1.0.0"
}

option "cdn" {
  type    = bool
  default = true
}

option "engine" {
  type    = string
  one_of  = ["mysql", "postgresql", "none"]
  default = "mysql"
}

option "days" {
  type    = number
  default = 7

  validation {
    condition     = option.days >= 1 && (option.engine != "none" || option.days == 7)
    error_message = "Not ${option.days} days."
  }
}

option "zones" {
  type    = list(string)
  default = []
}

option "limits" {
  type    = object({ cpu = optional(number, 256), memory = optional(number) })
  default = {}
}

option "note" {
  type    = string
  default = null
}

option "any" {
  type    = any
  default = 1
}

validation {
  condition     = option.cdn || option.engine != "none"
  error_message = "Nothing is left."
}

profile "prd" {
  options = { days = 14, engine = "postgresql" }
}

profile "odd" {
  options = { days = "many", size = 3 }
}
`

func parse(t *testing.T, src string) *blueprint.Blueprint {
	t.Helper()
	bp, diags := blueprint.Parse(blueprint.Source{Name: "x.hcl", Bytes: []byte(src)}, "x", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return bp
}

func set(pairs ...string) []resolve.Input {
	var out []resolve.Input
	for _, p := range pairs {
		name, raw, _ := strings.Cut(p, "=")
		out = append(out, resolve.Input{Name: name, Raw: raw, Source: "--set"})
	}
	return out
}

// TestResolve compares "name=value (source)" of the options that are not at
// their default, or the errors.
func TestResolve(t *testing.T) {
	t.Parallel()
	place := hcl.Range{Filename: "options.yaml", Start: hcl.Pos{Line: 3, Column: 1}}
	file := func(name string, v cty.Value) resolve.Input {
		return resolve.Input{Name: name, Value: v, Source: "options.yaml", Range: &place}
	}
	tests := map[string]struct {
		inputs  []resolve.Input
		profile string
		want    string
	}{
		"defaults":                {want: ""},
		"bool":                    {inputs: set("cdn=false"), want: "cdn=false (--set)"},
		"bool as a string":        {inputs: set(`cdn="false"`), want: "cdn=false (--set)"},
		"number":                  {inputs: set("days=30"), want: "days=30 (--set)"},
		"string as it stands":     {inputs: set(`note="a" ${b}`), want: `note="a" ${b} (--set)`},
		"empty string":            {inputs: set("note="), want: "note= (--set)"},
		"list":                    {inputs: set(`zones=["a", "b"]`), want: `zones=["a", "b"] (--set)`},
		"object, defaults inside": {inputs: set("limits={ cpu = 512 }"), want: "limits={ cpu = 512, memory = null } (--set)"},
		"null where it may be":    {inputs: []resolve.Input{file("note", cty.NullVal(cty.String))}, want: "note=null (options.yaml)"},
		"any takes words":         {inputs: set("any=word"), want: "any=word (--set)"},
		"any takes values":        {inputs: set("any=[1]"), want: "any=[1] (--set)"},
		"from a file, converted":  {inputs: []resolve.Input{file("days", cty.StringVal("8"))}, want: "days=8 (options.yaml)"},
		"last one wins":           {inputs: set("days=8", "days=9"), want: "days=9 (--set)"},
		"profile":                 {profile: "prd", want: "engine=postgresql (profile prd); days=14 (profile prd)"},
		"input beats profile":     {profile: "prd", inputs: set("days=8"), want: "engine=postgresql (profile prd); days=8 (--set)"},
		"built-in":                {inputs: set("aws_provider=5", "target=opentofu"), want: "aws_provider=5 (--set); target=opentofu (--set)"},

		"unknown option":        {inputs: set("enigne=mysql"), want: `Unknown option: The blueprint "x" has no option "enigne" (from --set). Did you mean "engine"?`},
		"unknown profile":       {profile: "prod", want: `Unknown profile: The blueprint "x" has no profile "prod". Did you mean "prd"?`},
		"not among one_of":      {inputs: set("engine=mysq"), want: `Not a valid value: The option "engine" (from --set) is mysq, but must be one of mysql, postgresql, none. Did you mean "mysql"?`},
		"not a number":          {inputs: set("days=many"), want: `Not a valid value: The option "days" (from --set) could not be read as number: write it as an HCL literal, such as 3.`},
		"not a bool":            {inputs: set("cdn=[]"), want: `Not a valid value: The option "cdn" (from --set) must be true or false, not a value of type tuple.`},
		"no text":               {inputs: set("days="), want: `Not a valid value: The option "days" (from --set) could not be read as number`},
		"null where it may not": {inputs: []resolve.Input{file("days", cty.NullVal(cty.Number))}, want: `Not a valid value: The option "days" (from options.yaml) must not be null.`},
		"unknown value":         {inputs: []resolve.Input{file("days", cty.UnknownVal(cty.Number))}, want: `Not a valid value: The option "days" (from options.yaml) must be known when the module is rendered.`},
		"wrong attribute type":  {inputs: set(`limits={ cpu = "a lot" }`), want: `Not a valid value: The option "limits" (from --set) takes object: at cpu, a number is required.`},
		"own validation":        {inputs: set("days=0"), want: "Incompatible options: Not 0 days.\n\ndays is 0 (--set)\nengine is mysql (default)"},
		"cross validation":      {inputs: set("cdn=false", "engine=none"), want: "Incompatible options: Nothing is left.\n\ncdn is false (--set)\nengine is none (--set)"},
		"all at once":           {profile: "odd", inputs: set("cdn=maybe"), want: `Unknown option: The blueprint "x" has no option "size" (from profile odd)|Not a valid value: The option "cdn"|Not a valid value: The option "days" (from profile odd) takes number: a number is required.`},
	}
	bp := parse(t, source)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			choices, diags := resolve.Resolve(bp, tt.inputs, tt.profile)
			if diags.HasErrors() {
				for i, want := range strings.Split(tt.want, "|") {
					if i >= len(diags) || !strings.HasPrefix(diags[i].Summary+": "+diags[i].Detail, want) {
						t.Errorf("error %d of %d is not %q:\n%v", i, len(diags), want, diags.Errs())
					}
				}
				return
			}
			var got []string
			for _, c := range choices {
				if c.Source != "default" {
					got = append(got, fmt.Sprintf("%s=%s (%s)", c.Option.Name, resolve.Show(c.Value), c.Source))
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
			if len(choices) != len(resolve.Options(bp)) {
				t.Errorf("%d choices for %d options", len(choices), len(resolve.Options(bp)))
			}
		})
	}
}

func TestErrorsCarryTheirPlace(t *testing.T) {
	t.Parallel()
	bp := parse(t, source)
	place := hcl.Range{Filename: "options.yaml", Start: hcl.Pos{Line: 3, Column: 1}}
	_, diags := resolve.Resolve(bp, []resolve.Input{{Name: "days", Value: cty.StringVal("x"), Source: "options.yaml", Range: &place}}, "")
	if len(diags) != 1 || diags[0].Subject == nil || diags[0].Subject.Start.Line != 3 {
		t.Errorf("a value in a file: got %v", diags)
	}
	_, diags = resolve.Resolve(bp, set("days=x"), "")
	if len(diags) != 1 || diags[0].Subject != nil {
		t.Errorf("a flag has no place: got %v", diags)
	}
	_, diags = resolve.Resolve(bp, nil, "odd")
	for _, d := range diags {
		if d.Subject == nil || d.Subject.Filename != "x.hcl" {
			t.Errorf("a value of a profile: got %v at %v", d, d.Subject)
		}
	}
}

func TestRequired(t *testing.T) {
	t.Parallel()
	bp := parse(t, `
blueprint "x" {
  version = "1.0.0"
}

option "region" {
  type = string
}

option "tags" {
  type = map(string)
}

option "size" {
  type   = number
  one_of = [5, 6]
}

validation {
  condition     = length(option.tags) > 0
  error_message = "Never asked when something is missing."
}
`)
	_, diags := resolve.Resolve(bp, nil, "")
	want := []string{"--set region=VALUE", `--set tags='{ key = "value" }'`, "--set size=5"}
	if len(diags) != len(want) {
		t.Fatalf("got %v", diags.Errs())
	}
	for i, w := range want {
		if diags[i].Summary != "Missing option" || !strings.HasSuffix(diags[i].Detail, "Set it: "+w) {
			t.Errorf("got %q, want %q", diags[i].Detail, w)
		}
	}
}

func TestValidationsThatFailThemselves(t *testing.T) {
	t.Parallel()
	bp := parse(t, `
blueprint "x" {
  version = "1.0.0"
}

option "a" {
  type    = number
  default = 1

  validation {
    condition     = option.a
    error_message = "x"
  }

  validation {
    condition     = option.b
    error_message = "x"
  }

  validation {
    condition     = option.a > 1
    error_message = option.c
  }
}
`)
	_, diags := resolve.Resolve(bp, nil, "")
	var got []string
	for _, d := range diags {
		got = append(got, d.Summary+": "+d.Detail)
	}
	want := []string{"Not a condition", "Unsupported attribute", "Incompatible options: The condition is false."}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
}

// TestBuiltInOptions holds that a blueprint may narrow the options that the
// generator itself reads, and no more.
func TestBuiltInOptions(t *testing.T) {
	t.Parallel()
	declare := func(body string) *blueprint.Blueprint {
		return parse(t, "blueprint \"x\" {\n  version = \"1.0.0\"\n}\n\noption \"aws_provider\" {\n"+body+"\n}\n")
	}
	tests := map[string]struct{ body, want string }{
		"narrowed":      {"  type    = string\n  one_of  = [\"5\"]\n  default = \"5\"", ""},
		"as it is":      {"  type    = string\n  one_of  = [\"5\", \"6\"]\n  default = \"6\"", ""},
		"another type":  {"  type    = number\n  one_of  = [5]\n  default = 5", "must be a string"},
		"wider":         {"  type    = string\n  one_of  = [\"5\", \"7\"]\n  default = \"5\"", `"7"`},
		"without limit": {"  type    = string\n  default = \"5\"", "one_of"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bp := declare(tt.body)
			if n := len(resolve.Options(bp)); n != len(resolve.BuiltIn()) {
				t.Errorf("%d options", n)
			}
			_, diags := resolve.Resolve(bp, nil, "")
			switch {
			case tt.want == "" && diags.HasErrors():
				t.Errorf("got %v", diags)
			case tt.want != "" && (len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.want)):
				t.Errorf("got %v, want %q", diags.Errs(), tt.want)
			}
		})
	}
}

// TestHome holds that the option home takes time zones and nothing else.
func TestHome(t *testing.T) {
	t.Parallel()
	const head = "blueprint \"x\" {\n  version = \"1.0.0\"\n}\n"
	tests := map[string]struct {
		declared string
		inputs   []resolve.Input
		want     string // of the error; "" for none
		zone     string
	}{
		"nothing given":          {zone: "Asia/Tokyo"},
		"another place":          {inputs: set("home=Europe/Dublin"), zone: "Europe/Dublin"},
		"a slip":                 {inputs: set("home=Europe/Dubln"), want: `is "Europe/Dubln", which is not an IANA time zone. Did you mean "Europe/Dublin"`},
		"a city alone":           {inputs: set("home=dublin"), want: `Did you mean "Europe/Dublin"?`},
		"nothing like it":        {inputs: set("home=Mars/Olympus_Mons"), want: "Use one such as"},
		"its own default":        {declared: "option \"home\" {\n  type    = string\n  default = \"Europe/Paris\"\n}\n", zone: "Europe/Paris"},
		"its own default, wrong": {declared: "option \"home\" {\n  type    = string\n  default = \"here\"\n}\n", want: "as a time zone"},
		"another meaning":        {declared: "option \"home\" {\n  type    = bool\n  default = true\n}\n", want: "must be a string"},
		"in a condition": {
			declared: "validation {\n  condition     = home_region(option.home) != \"eu-west-1\"\n  error_message = \"Not from ${home_region(option.home)}.\"\n}\n",
			inputs:   set("home=Europe/Dublin"), want: "Not from eu-west-1.",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			choices, diags := resolve.Resolve(parse(t, head+tt.declared), tt.inputs, "")
			switch {
			case tt.want == "" && (diags.HasErrors() || resolve.HomeOf(choices).Zone != tt.zone):
				t.Errorf("got %s, %v, want %s", resolve.HomeOf(choices).Zone, diags, tt.zone)
			case tt.want != "" && (len(diags) != 1 || !strings.Contains(diags[0].Detail, tt.want)):
				t.Errorf("got %v, want %q", diags.Errs(), tt.want)
			}
		})
	}
}

// TestShow holds that what Show writes can be given back to --set.
func TestShow(t *testing.T) {
	t.Parallel()
	tests := map[string]cty.Value{
		"word":                  cty.StringVal("word"),
		"true":                  cty.True,
		"3":                     cty.NumberIntVal(3),
		"-0.5":                  cty.NumberFloatVal(-0.5),
		"null":                  cty.NullVal(cty.String),
		"[]":                    cty.EmptyTupleVal,
		`["a", "b"]`:            cty.TupleVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}),
		"{}":                    cty.EmptyObjectVal,
		`{ a = 1, b = [true] }`: cty.ObjectVal(map[string]cty.Value{"a": cty.NumberIntVal(1), "b": cty.TupleVal([]cty.Value{cty.True})}),
		`{ a = { b = {} } }`:    cty.ObjectVal(map[string]cty.Value{"a": cty.ObjectVal(map[string]cty.Value{"b": cty.EmptyObjectVal})}),
		`[{ a = "x\ny" }, { a = "$${}" }]`: cty.TupleVal([]cty.Value{
			cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("x\ny")}), cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("${}")}),
		}),
	}
	for want, v := range tests {
		got := resolve.Show(v)
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if v.Type() == cty.String {
			continue // written bare
		}
		expr, diags := hclsyntax.ParseExpression([]byte(got), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Errorf("%s does not parse: %v", got, diags)
			continue
		}
		if back, diags := expr.Value(nil); diags.HasErrors() || !back.RawEquals(v) {
			t.Errorf("%s reads as %#v", got, back)
		}
	}
	for _, v := range []cty.Value{cty.NilVal, cty.UnknownVal(cty.String)} {
		if got := resolve.Show(v); got != "(not set)" {
			t.Errorf("%#v is shown as %s", v, got)
		}
	}
}

// TestCheck holds that what is unknown is neither an error nor a guess.
func TestCheck(t *testing.T) {
	t.Parallel()
	unknown := func(name string, typ cty.Type) resolve.Input {
		return resolve.Input{Name: name, Value: cty.UnknownVal(typ), Source: "the configuration"}
	}
	tests := map[string]struct {
		inputs []resolve.Input
		want   string // "" for no error
	}{
		"unknown, alone":              {inputs: []resolve.Input{unknown("days", cty.Number)}},
		"unknown of an unknown type":  {inputs: []resolve.Input{unknown("days", cty.DynamicPseudoType)}},
		"unknown with one_of":         {inputs: []resolve.Input{unknown("engine", cty.String)}},
		"not the default in a guess":  {inputs: append(set("cdn=false"), unknown("engine", cty.String))},
		"decided without the unknown": {inputs: append(set("days=0"), unknown("engine", cty.String)), want: "Incompatible options"},
		"may still be right":          {inputs: append(set("days=9"), unknown("engine", cty.String))},
		"a part is unknown": {inputs: []resolve.Input{{Name: "limits", Source: "x", Value: cty.ObjectVal(map[string]cty.Value{
			"cpu": cty.UnknownVal(cty.Number)})}}},
		"an unknown of a wrong type":     {inputs: []resolve.Input{unknown("days", cty.List(cty.String))}, want: "Not a valid value"},
		"wrong beside the unknown":       {inputs: append(set("engine=mysq"), unknown("days", cty.Number)), want: "Not a valid value"},
		"no such option":                 {inputs: []resolve.Input{unknown("enigne", cty.String)}, want: "Unknown option"},
		"known and wrong, as in Resolve": {inputs: set("cdn=false", "engine=none"), want: "Incompatible options"},
		"known and right":                {inputs: set("cdn=false")},
	}
	bp := parse(t, source)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := resolve.Check(bp, tt.inputs, "")
			switch {
			case tt.want == "" && len(diags) > 0:
				t.Errorf("got %v", diags)
			case tt.want != "" && (len(diags) != 1 || diags[0].Summary != tt.want):
				t.Errorf("got %v, want %s", diags, tt.want)
			}
		})
	}
}
