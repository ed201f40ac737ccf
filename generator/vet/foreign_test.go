package vet_test

import (
	"context"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/vet"
)

// noted is a rule of the notes that refuses every resource and data source.
type noted struct{ noEIP }

func (noted) ID() string             { return "noted" }
func (noted) Severity() vet.Severity { return vet.SeverityError }
func (noted) Notes() []string        { return []string{"test.noted"} }
func (noted) About() []string        { return nil }

func (noted) Check(m *vet.Module, report func(*hcl.Diagnostic)) {
	for _, r := range m.Resources {
		report(diag.Error(r.Block.DefRange(), "Noted", "%s is refused.", r.Address()))
	}
}

// TestInform: what the notes refuse refuses nothing in somebody else's code, and
// what the language refuses still does.
func TestInform(t *testing.T) {
	res := vet.Run(context.Background(), tree("main.tf", `resource "aws_eip" "theirs" {
  domain = "vpc"
  nonsense = 1
}

resource "aws_eip" "ours" {
  domain = "vpc"
}

data "aws_eip" "ours" {
  id = aws_eip.ours.id
}

data "aws_eip" "theirs" {
  id = data.aws_eip.ours.id
}
`), vet.Options{Rules: []vet.Rule{noted{}}, Formatted: true})
	errors := func(diags hcl.Diagnostics) map[string]bool {
		out := map[string]bool{}
		for _, d := range diags {
			f, _ := vet.FindingOf(d)
			if d.Severity == hcl.DiagError {
				out[f.Rule.ID()+" "+d.Detail] = true
			}
		}
		return out
	}
	before := errors(res.Findings)
	after := errors(vet.Inform(res, []string{"aws_eip.theirs", "data.aws_eip.theirs"}))
	for what, stays := range map[string]bool{
		"noted aws_eip.theirs is refused.":                       false,
		"noted data.aws_eip.theirs is refused.":                  false,
		"noted aws_eip.ours is refused.":                         true,
		"noted data.aws_eip.ours is refused.":                    true,
		"unknown-argument aws_eip has no argument \"nonsense\".": true,
	} {
		if !before[what] || after[what] != stays {
			t.Errorf("%q: an error before %v and after %v, want true and %v", what, before[what], after[what], stays)
		}
	}
	if n := len(vet.Inform(res, []string{"aws_eip.theirs"})); n != len(res.Findings) {
		t.Errorf("%d of %d findings are told", n, len(res.Findings))
	}
	if got := errors(vet.Inform(res, nil)); len(got) != len(before) {
		t.Errorf("without foreign objects %d errors of %d are left", len(got), len(before))
	}
	for _, d := range res.Findings {
		if f, _ := vet.FindingOf(d); f.Rule.ID() == "noted" && d.Severity != hcl.DiagError {
			t.Errorf("the findings of the run themselves have changed: %s", d)
		}
	}
}

// TestInformNested: a call that is somebody else's stands for all in its directory, and
// for what it passes.
func TestInformNested(t *testing.T) {
	const module = "resource \"aws_eip\" \"this\" {\n  domain = \"vpc\"\n}\n"
	files := tree("main.tf", "module \"theirs\" {\n  source = \"./modules/theirs\"\n}\n\nmodule \"ours\" {\n  source = \"./modules/ours\"\n}\n", "modules/theirs/main.tf", module, "modules/ours/main.tf", module)
	res := vet.Run(context.Background(), files, vet.Options{Rules: []vet.Rule{noted{}}, Formatted: true})
	refused := map[string]bool{}
	for _, d := range vet.Inform(res, []string{"module.theirs"}) {
		refused[d.Subject.Filename] = d.Severity == hcl.DiagError
	}
	if refused["modules/theirs/main.tf"] || !refused["modules/ours/main.tf"] || len(refused) != 2 {
		t.Errorf("refused: %v", refused)
	}
}
