package rerender_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/rerender"
	"github.com/bpgen/bpgen/generator/resolve"
)

const source = `
blueprint "web" {
  version = "1.2.0"
}
option "engine" {
  type    = string
  one_of  = ["mysql", "postgresql"]
  default = "postgresql"
}
option "cdn" {
  type    = bool
  default = true
}
option "limits" {
  type    = object({ days = number, tags = list(string) })
  default = { days = 7, tags = [] }
}
option "word" {
  type    = string
  default = null
}
option "late" {
  type    = bool
  default = false
}
profile "dev" {
  options = { cdn = false }
}
profile "prd" {
  options = { engine = "mysql" }
}
profile "plain" {
}
`

func web(t *testing.T) *blueprint.Blueprint {
	t.Helper()
	bp, diags := blueprint.Parse(blueprint.Source{Name: "web.hcl", Bytes: []byte(source)}, "web", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return bp
}

// manifest is one that a render wrote, with these options.
func manifest(profile, options string) string {
	return fmt.Sprintf(`{"format": 1, "blueprint": "web", "version": "1.0.0", "layout": "flat", "profile": %q, "options": {%s}, "files": {"main.tf": "x"}}`, profile, options)
}

func said(diags hcl.Diagnostics) string {
	var out []string
	for _, d := range diags {
		out = append(out, d.Summary+": "+d.Detail)
	}
	return strings.Join(out, "\n")
}

// TestReadRefuses says of each manifest that is none what is wrong with it, where,
// and how to go on.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	whole := manifest("", `"cdn": true`)
	for name, tt := range map[string]struct{ src, want, mend string }{
		"truncated":         {whole[:len(whole)/2], `"out/m.json" is truncated`, "Restore it from version control"},
		"empty":             {"", `"out/m.json" is truncated`, "Restore it"},
		"of a newer bpgen":  {strings.Replace(whole, `"format": 1`, `"format": 7`, 1), `"out/m.json" was written by a newer bpgen: it has format 7, and this bpgen reads format 2`, "or a newer one"},
		"no manifest":       {`{}`, "blueprint, options or format are missing", "Restore it"},
		"without options":   {`{"format": 1, "blueprint": "web"}`, "blueprint, options or format are missing", "Restore it"},
		"a conflict in it":  {"{\n  \"format\": 1,\n<<<<<<< ours\n}", "line 3 is not JSON", "Restore it"},
		"a list of options": {"{\n  \"format\": 1,\n  \"options\": []\n}", "line 3 has a value of a different type", "Restore it"},
		"an endless number": {manifest("", `"limits": 1e999999999`), "one of its options cannot be read", "Restore it"},
		"too deep":          {manifest("", `"limits": `+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)), "Nested too deeply", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			past, diags := rerender.Read([]byte(tt.src), "out/m.json")
			if got := said(diags); past != nil || !strings.Contains(got, tt.want) || !strings.Contains(got, tt.mend) {
				t.Errorf("got %v %s, want %q and %q", past, got, tt.want, tt.mend)
			}
		})
	}
}

// TestKept compares which values of a manifest hold on.
func TestKept(t *testing.T) {
	t.Parallel()
	const all = `"engine": "mysql", "cdn": true, "limits": {"days": 30, "tags": ["a"]}, "word": null`
	for name, tt := range map[string]struct {
		was, options, profile string
		want, gone            string
	}{
		"what differs from the defaults": {options: all, want: "engine limits"},
		"what is the default now":        {options: `"engine": "postgresql", "cdn": true`},
		"a default of then":              {options: `"engine": "mysql"`, want: "engine"},
		"what the profile chose":         {was: "dev", options: `"engine": "postgresql", "cdn": false`, profile: "dev"},
		"against the profile":            {was: "dev", options: `"cdn": true`, profile: "dev", want: "cdn"},
		"without the profile now":        {was: "dev", options: `"cdn": false, "word": "w"`, want: "word"},
		"a profile given anew beats it":  {options: `"engine": "mysql", "cdn": true, "word": "w"`, profile: "prd", want: "word"},
		"a profile that sets nothing":    {options: `"engine": "mysql"`, profile: "plain", want: "engine"},
		"of another type":                {options: `"cdn": "maybe"`, want: "cdn"},
		"gone":                           {options: `"old": 1, "cdn": false`, want: "cdn", gone: `the option "old" by version 1.0.0 of the blueprint "web". Version 1.2.0 no longer has it`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			past, diags := rerender.Read([]byte(manifest(tt.was, tt.options)), "m.json")
			if past == nil {
				t.Fatal(diags)
			}
			inputs, diags := past.Kept(web(t), tt.profile)
			var got []string
			for _, in := range inputs {
				got = append(got, in.Name)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
			if text := said(diags); diags.HasErrors() || !strings.Contains(text, tt.gone) || (text == "") != (tt.gone == "") {
				t.Errorf("said %q", text)
			}
		})
	}
}

// TestNoLongerAllowed: a value that resolve refuses is told with its place in the
// manifest, and how to go on; one that is given anew is not in the way.
func TestNoLongerAllowed(t *testing.T) {
	t.Parallel()
	past, _ := rerender.Read([]byte(manifest("", "\n\"engine\": \"oracle\"")), "m.json")
	bp := web(t)
	inputs, _ := past.Kept(bp, "")
	_, diags := resolve.Resolve(bp, inputs, "")
	diags = past.Mend(diags)
	if len(diags) != 1 || diags[0].Subject.Filename != "m.json" || diags[0].Subject.Start.Line != 2 {
		t.Fatal(diags)
	}
	for _, want := range []string{`The option "engine" (from the manifest) is oracle, but must be one of mysql, postgresql`, "by version 1.0.0", "--set", "--reset-options"} {
		if !strings.Contains(diags[0].Detail, want) {
			t.Errorf("%q is not in %s", want, diags[0].Detail)
		}
	}
	if _, diags := resolve.Resolve(bp, append(inputs, resolve.Input{Name: "engine", Raw: "mysql", Source: "--set"}), ""); diags.HasErrors() {
		t.Error(diags)
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	bp := web(t)
	for name, tt := range map[string]struct {
		was, version, profile string
		want                  string
	}{
		"as it was":                {version: "1.2.0"},
		"an older one then":        {version: "1.0.0"},
		"a newer one then":         {version: "1.10.0", want: "Older blueprint: The module was rendered by version 1.10.0"},
		"the profile is there":     {version: "1.2.0", was: "dev", profile: "dev"},
		"the profile is gone":      {version: "1.2.0", was: "stg", profile: "stg", want: `Profile removed: The module was rendered with the profile "stg"`},
		"another one is given":     {version: "1.2.0", was: "stg", profile: "dev"},
		"a misspelt one is no old": {version: "1.2.0", was: "dev", profile: "dve"},
	} {
		past, _ := rerender.Read([]byte(strings.Replace(manifest(tt.was, ""), "1.0.0", tt.version, 1)), "m.json")
		if got := said(past.Judge(bp, tt.profile)); !strings.HasPrefix(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	bp := web(t)
	past, _ := rerender.Read([]byte(manifest("dev", `"engine": "mysql", "cdn": false, "limits": {"days": 7, "tags": []}, "word": null, "old": 1`)), "m.json")
	choices, diags := resolve.Resolve(bp, []resolve.Input{{Name: "word", Raw: "w", Source: "--set"}, {Name: "late", Raw: "true", Source: "o.yaml"}}, "")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var got []string
	for _, c := range past.Changes(rerender.Present{Blueprint: bp, Choices: choices, Layout: "nested"}) {
		got = append(got, fmt.Sprintf("%s: %s -> %s (%s)", c.Name, c.From, c.To, c.Source))
	}
	want := []string{
		"version: 1.0.0 -> 1.2.0 ()", "layout: flat -> nested ()", "profile: dev -> none ()",
		"engine: mysql -> postgresql (default)", "cdn: false -> true (default)", "word: null -> w (--set)", "late: (new option) -> true (o.yaml)", "old: 1 ->  ()",
	}
	for i, w := range want {
		if i >= len(got) || len(got) <= i || !strings.HasPrefix(got[i], w) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if len(got) > len(want)+3 { // the built-in options are new to this manifest and at their defaults
		t.Errorf("got %v", got)
	}
}
