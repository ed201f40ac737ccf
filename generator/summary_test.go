package generator_test

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/link"
)

// TestSummary: the first sentence of a rendered README names what there is, and
// nothing else, whatever was chosen.
func TestSummary(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	spoken := map[string]string{"cdn": "CloudFront", "waf": "WAF", "database": "Aurora", "database-instance": "RDS", "cache": "ElastiCache"}
	seen := map[string]map[string]bool{}
	for _, s := range samples(t, cat) {
		res, diags := generator.Preview(t.Context(), generator.Request{Catalog: cat, Blueprint: s.blueprint, Inputs: inputs(s.row), Layout: link.Flat})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if seen[s.blueprint] == nil {
			seen[s.blueprint] = map[string]bool{}
		}
		seen[s.blueprint][res.Summary] = true
		there := map[string]bool{}
		for _, part := range res.Module.Parts {
			there[part.Template] = true
		}
		for template, word := range spoken {
			if there[template] != strings.Contains(res.Summary, word) {
				t.Errorf("%s: %q, and the template %s is used: %t", s, res.Summary, template, there[template])
			}
		}
	}
	if n := len(seen[reference]); n < 4 {
		t.Errorf("all rows of %s lead to %d summaries", reference, n)
	}
	for _, name := range cat.Blueprints() {
		res := renderSample(t, cat, sample{blueprint: name}, link.Flat)
		if text, _ := res.Files.Get("README.md"); res.Summary == "" || !strings.HasPrefix(string(text), "# "+name+"\n\n"+res.Summary+"\n") {
			t.Errorf("the README of %s does not begin with the summary %q", name, res.Summary)
		}
	}
}
