package resolve_test

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/resolve"
)

const conditional = `
blueprint "x" {
  version = "1.0.0"
  summary = "x"
}

option "cdn" {
  type    = bool
  default = true
}

option "origin" {
  type      = string
  one_of    = ["vpc", "list"]
  default   = "list"
  when      = option.cdn
  otherwise = "vpc"
}

option "secret_header" {
  type      = string
  when      = option.origin == "list"
  otherwise = ""
}

profile "open" {
  options = { cdn = false, origin = "list" }
}
`

// TestConditionalOptions: where when is false an option has the value otherwise; to
// ask for another is an error, but a profile gives way; what has no meaning need
// not be given.
func TestConditionalOptions(t *testing.T) {
	t.Parallel()
	bp := parse(t, conditional)
	for name, tt := range map[string]struct {
		inputs  []resolve.Input
		profile string
		want    string // values, or what is wrong
	}{
		"missing":        {nil, "", "Missing option"},
		"given":          {set("secret_header=x"), "", "true list x"},
		"idle":           {set("cdn=false"), "", "false vpc "},
		"same":           {set("cdn=false", "origin=vpc"), "", "false vpc "},
		"without effect": {set("cdn=false", "origin=list"), "", "it applies only where option.cdn"},
		"chain":          {set("cdn=false", "secret_header=x"), "", `it applies only where option.origin == "list"`},
		"profile":        {nil, "open", "false vpc "},
		"kept":           {append([]resolve.Input{{Name: "origin", Raw: "list", Source: "manifest", Soft: true}}, set("cdn=false")...), "", "false vpc "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			choices, diags := resolve.Resolve(bp, tt.inputs, tt.profile)
			var got []string
			for _, c := range choices[:3] {
				got = append(got, resolve.Show(c.Value))
			}
			if diags.HasErrors() {
				got = []string{diags.Error()}
			}
			if text := strings.Join(got, " "); !strings.Contains(text, tt.want) {
				t.Errorf("got %s, want %s", text, tt.want)
			}
		})
	}
}
