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
	seen := map[string]bool{}
	for _, row := range rows(t, cat) {
		res, diags := generator.Preview(t.Context(), generator.Request{Catalog: cat, Blueprint: "ecs-fargate", Inputs: inputs(row), Layout: link.Flat})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		seen[res.Summary] = true
		there := map[string]bool{}
		for _, part := range res.Module.Parts {
			there[part.Template] = true
		}
		for template, word := range spoken {
			if there[template] != strings.Contains(res.Summary, word) {
				t.Errorf("%q, and the template %s is used: %t", res.Summary, template, there[template])
			}
		}
	}
	least := 10
	if testing.Short() { // of the rows a sample
		least = 2
	}
	if len(seen) < least {
		t.Errorf("all rows lead to %d summaries", len(seen))
	}
	res := render(t, cat, nil, link.Flat)
	if text, _ := res.Files.Get("README.md"); res.Summary == "" || !strings.HasPrefix(string(text), "# ecs-fargate\n\n"+res.Summary+"\n") {
		t.Errorf("the README does not begin with the summary %q", res.Summary)
	}
}
