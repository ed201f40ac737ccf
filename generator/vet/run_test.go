package vet_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/schema"
	"github.com/bpgen/bpgen/generator/vet"
)

func tree(pairs ...string) []fileset.File {
	var files []fileset.File
	for i := 0; i < len(pairs); i += 2 {
		files = append(files, fileset.File{Path: pairs[i], Bytes: []byte(pairs[i+1])})
	}
	return files
}

func ids(diags hcl.Diagnostics) []string {
	var out []string
	for _, d := range diags {
		f, _ := vet.FindingOf(d)
		out = append(out, f.Rule.ID())
	}
	return out
}

func TestMajorIsChosen(t *testing.T) {
	const region = "\nresource \"aws_eip\" \"main\" {\n  region = \"us-east-1\"\n}\n"
	constraint := func(c string) string {
		return "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \"" + c + "\"\n    }\n  }\n}\n"
	}
	for _, c := range []struct {
		name  string
		files []fileset.File
		major string
		want  string
	}{
		{"nothing said", tree("main.tf", region[1:]), "", "6.66.0"},
		{"option", tree("main.tf", constraint(">= 6.0")+region), "5", "5.100.0"},
		{"unknown option", tree("main.tf", region[1:]), "4", "6.66.0"},
		{"five", tree("main.tf", constraint(">= 5.100, < 6.0")+region), "", "5.100.0"},
		{"six", tree("main.tf", constraint("~> 6.0")+region), "", "6.66.0"},
		{"both", tree("main.tf", constraint(">= 5.0")+region), "", "6.66.0"},
		{"old five", tree("main.tf", constraint("~> 5.31.0")+region), "", "5.100.0"},
		{"exact six", tree("main.tf", constraint("6.2.0")+region), "", "6.66.0"},
		{"neither", tree("main.tf", constraint("~> 3.0")+region), "", "6.66.0"},
		{"nonsense", tree("main.tf", constraint("latest")+region), "", "6.66.0"},
		{"another aws", tree("main.tf", strings.Replace(constraint("~> 5.0"), "hashicorp/aws", "example/aws", 1)+region), "", "6.66.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := vet.Run(context.Background(), c.files, vet.Options{Major: c.major})
			if got := res.Modules[0].Schema.Version(); got != c.want {
				t.Errorf("checked against %s, want %s", got, c.want)
			}
			wantFinding := c.want == "5.100.0"
			if got := slices.Contains(ids(res.Findings), "unknown-argument"); got != wantFinding {
				t.Errorf("region is unknown: %v, want %v\n%s", got, wantFinding, lines(res.Findings))
			}
		})
	}
}

func TestExampleFollowsItsModule(t *testing.T) {
	res := run(tree(
		"versions.tf", "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \"~> 5.100\"\n    }\n  }\n}\n",
		"examples/complete/main.tf", "resource \"aws_eip\" \"main\" {\n  region = \"us-east-1\"\n}\n",
	))
	if got := ids(res.Findings); !slices.Equal(got, []string{"unknown-argument"}) {
		t.Errorf("findings %v\n%s", got, lines(res.Findings))
	}
}

// noEIP is a rule as a later stage brings it.
type noEIP struct{}

func (noEIP) ID() string             { return "no-eip" }
func (noEIP) Severity() vet.Severity { return vet.SeverityWarning }
func (noEIP) Why() string            { return "A test forbids it." }
func (noEIP) Link() string           { return "" }

func (noEIP) Check(m *vet.Module, report func(*hcl.Diagnostic)) {
	for _, r := range m.Resources {
		if r.Kind == schema.KindResource && r.Type == "aws_eip" {
			report(diag.Error(r.Block.DefRange(), "Address", "%s is one too many.", r.Address()))
		}
	}
}

var _ vet.Checker = noEIP{}

func TestFurtherRules(t *testing.T) {
	files := tree("main.tf", `resource "aws_eip" "a" {
  domain = "vpc"
}

# bpgen:ignore no-eip the partner's firewall wants this address
resource "aws_eip" "b" {
  domain = "vpc"
}
`)
	res := vet.Run(context.Background(), files, vet.Options{Rules: []vet.Rule{noEIP{}}})
	if got := ids(res.Findings); !slices.Equal(got, []string{"no-eip"}) {
		t.Fatalf("findings %v\n%s", got, lines(res.Findings))
	}
	d := res.Findings[0]
	if d.Severity != hcl.DiagWarning || d.Subject.Start.Line != 1 {
		t.Errorf("severity %v at %s", d.Severity, d.Subject)
	}
	if got := ids(run(files).Findings); !slices.Equal(got, []string{"ignore-comment"}) {
		t.Errorf("without the rule its name is unknown; findings %v", got)
	}
}

func TestFormattedIsBelieved(t *testing.T) {
	files := tree("main.tf", "locals {\n    a=1\n}\n\noutput \"a\" {\n  value = local.a\n}\n")
	if got := ids(run(files).Findings); !slices.Equal(got, []string{"format"}) {
		t.Errorf("findings %v", got)
	}
	if res := vet.Run(context.Background(), files, vet.Options{Formatted: true}); len(res.Findings) > 0 {
		t.Errorf("findings %s", lines(res.Findings))
	}
}

func TestHostileInput(t *testing.T) {
	deep := 100_000
	for name, src := range map[string]string{
		"deep lists":   "locals {\n  a = " + strings.Repeat("[", deep) + strings.Repeat("]", deep) + "\n}\n",
		"deep blocks":  strings.Repeat("a {\n", deep) + strings.Repeat("}\n", deep),
		"many nots":    "locals {\n  a = " + strings.Repeat("!", deep) + "true\n}\n",
		"huge":         strings.Repeat("# x\n", 1<<20),
		"no text":      "\x00\xff\xfe",
		"broken label": "resource \"aws_eip\" {\n}\n\nresource {\n}\n\nvariable {}\n\ndata a b c {}\n",
		"empty words":  "resource \"\" \"\" {\n}\n\nvariable \"\" {}\n\nmodule \"\" {\n  source = \"\"\n}\n",
		"odd dynamic":  "resource \"aws_lb\" \"a\" {\n  dynamic {}\n  dynamic \"a\" \"b\" {}\n  dynamic \"access_logs\" {\n    content {\n      dynamic \"x\" {}\n    }\n  }\n}\n",
		"local circle": "locals {\n  a = local.b\n  b = local.a\n}\n",
		"self call":    "module \"a\" {\n  source = \"./\"\n\n  x = module.a.y\n}\n\nvariable \"x\" {}\n\noutput \"y\" {\n  value = module.a.y\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			if res := run(tree("main.tf", src)); !res.Findings.HasErrors() {
				t.Errorf("no error found:\n%s", lines(res.Findings))
			}
		})
	}
	var chain strings.Builder
	chain.WriteString("locals {\n  l0 = 1\n")
	for i := range 20_000 {
		fmt.Fprintf(&chain, "  l%d = local.l%d\n", i+1, i)
	}
	chain.WriteString("}\n\noutput \"last\" {\n  value = local.l20000\n}\n")
	if res := vet.Run(context.Background(), tree("main.tf", chain.String()), vet.Options{Formatted: true}); len(res.Findings) > 0 {
		t.Errorf("a long chain of locals is in order, but: %s", lines(res.Findings)[:300])
	}
	if res := run(nil); len(res.Findings) > 0 || len(res.Modules) > 0 {
		t.Error("an empty tree has findings")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	vet.Run(ctx, tree("main.tf", "locals {}\n"), vet.Options{})
}

// Vet never panics, whatever a file holds, and an error of the parser is always
// a finding.
func FuzzRun(f *testing.F) {
	for _, dir := range truths(f) {
		for _, file := range read(f, dir) {
			f.Add(string(file.Bytes))
		}
	}
	for _, rule := range vet.Rules() {
		for _, file := range read(f, "testdata/"+rule.ID()+"/fail") {
			f.Add(string(file.Bytes))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, name := range []string{"main.tf", "tests/x.tftest.hcl", "x.tfvars", "m.tfmock.hcl"} {
			for _, d := range run(tree("other.tf", "variable \"x\" {}\n", name, src)).Findings {
				if _, ok := vet.FindingOf(d); !ok || d.Subject == nil {
					t.Errorf("a finding without rule or range: %s", d)
				}
			}
		}
	})
}

// TestIgnoresNest: comments one inside the other and one above the other are used
// by what stands in all of them, and their number costs its number: each of
// 10,000 looked at for each finding would take minutes.
func TestIgnoresNest(t *testing.T) {
	src := `# bpgen:ignore unused-variable the first of two
# bpgen:ignore unused-variable the second of two
variable "a" {
  # bpgen:ignore unused-variable finds nothing, the finding is at the first line
  type = string
}

variable "b" { # bpgen:ignore unused-variable at the end of its line
  type = string
}

variable "c" {
  type = string
}

# bpgen:ignore unknown-argument the whole resource
resource "aws_eip" "d" {
  # bpgen:ignore unknown-argument this line
  first  = 1
  second = 2
}
`
	res := run(tree("main.tf", src))
	var got []string
	for _, d := range res.Findings {
		got = append(got, fmt.Sprintf("%s:%d", d.Summary, d.Subject.Start.Line))
	}
	if want := []string{"Ignore comment without effect:4", "Unused variable:12"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, "# bpgen:ignore unused-variable x\nvariable \"v%d\" {\n  type = string\n}\n", i)
	}
	if res := vet.Run(context.Background(), tree("main.tf", many.String()), vet.Options{Formatted: true}); len(res.Findings) > 0 {
		t.Errorf("%d findings, such as %s", len(res.Findings), res.Findings[0])
	}
}

// TestFunctionsOfOneCore: what OpenTofu alone has is refused where Terraform runs
// the module too.
func TestFunctionsOfOneCore(t *testing.T) {
	files := tree("main.tf", "output \"o\" {\n  value = [base64gunzip(\"x\"), cidrcontains(\"10.0.0.0/8\", \"10.0.0.1\"), core::urldecode(\"a\"), urlencode(\"a\")]\n}\n")
	for target, want := range map[string]int{"": 0, "opentofu": 0, "terraform": 3, "both": 3} {
		findings := vet.Run(context.Background(), files, vet.Options{Target: target}).Findings
		if len(findings) != want {
			t.Errorf("target %q: %d findings, want %d\n%s", target, len(findings), want, lines(findings))
		}
	}
}
