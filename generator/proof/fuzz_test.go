package proof_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/proof"
)

// FuzzParse: no text of proofs makes the parser or the search panic, and what is left
// out is reported.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"proof \"a.one\" {\n  every \"aws_rds_cluster\" {\n    deletion_protection = not(one_of(true, null))\n  }\n}\n",
		"proof \"a.one\" {\n  options = { a = 1 }\n  given   = { size = { class = \"x\" }, name = null }\n  profile = \"prd\"\n\n  either {\n    no \"data\" \"aws_region\" {\n    }\n  }\n}\n",
		"proof \"a.one\" {\n  some \"aws_rds_cluster_parameter_group\" {\n    where {\n      family = set()\n    }\n\n    parameter {\n      where {\n        name = matches(\"a|b\")\n      }\n\n      value = json([{ a = contains(1) }])\n    }\n  }\n}\n",
		"proof \"a.one\" {\n  duty = \"x\"\n\n  human \"runbooks/restore.md\" {\n    heading = \"By hand\"\n    says    = \"x\"\n  }\n\n  file \"*\" {\n    lacks = \"x\"\n  }\n}\n",
		"proof \"a.one\" {\n  rule \"x\" {\n    turn \"aws_rds_cluster\" {\n      where {\n        engine = absent()\n      }\n\n      engine = [1, { a = \"b\" }]\n    }\n\n    remove \"aws_s3_bucket\" {\n    }\n\n    add {\n      text = \"x\"\n    }\n  }\n}\n",
		"waive \"a.one\" {\n  reason = \"x\"\n}\n",
	} {
		f.Add(seed)
	}
	m := module(f, nil)
	f.Fuzz(func(t *testing.T, text string) {
		proofs, diags := proof.Parse([]byte(text), "p.hcl")
		for _, p := range proofs {
			if p.Waived == "" && len(p.All()) == 0 {
				t.Errorf("a proof of nothing: %q, %v", text, diags)
			}
			if found := m.Holds(p); !found.Holds && found.Why == "" && p.Waived == "" {
				t.Errorf("does not hold, and nothing says why: %q", text)
			}
		}
	})
}
