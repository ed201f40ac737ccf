package render

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// entries is a ledger of a few entries.
type entries map[string]ledger.Entry

func (e entries) Lookup(id string) (ledger.Entry, bool) {
	entry, ok := e[id]
	return entry, ok
}

func (e entries) About() string { return "They are the notes of *somebody*." }

var notes = entries{
	"s3.retention": {
		ID: "s3.retention", Chapter: "22-02", Section: "22-02. S3 › Lifecycle", Lines: "12,15-17", Kind: "default", Strength: "should",
		Statement: "Logs are kept for 7 days | or longer; what is older goes.", Value: map[string]any{"days": 7, "sign": "<|>"}, Caveat: "# Not with *locks*.",
	},
	"s3.public": {
		ID: "s3.public", Chapter: "05", Section: "05. S3（保存）",
		Statement: "The bucket is open to <everyone>, so that each of the many consumers that the company has today can read it without asking anybody for anything at all.",
	},
}

func parse(t testing.TB, name, src string) *blueprint.Blueprint {
	t.Helper()
	bp, diags := blueprint.Parse(blueprint.Source{Name: "blueprint.hcl", Bytes: []byte(src)}, name, nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return bp
}

func choose(t testing.TB, bp *blueprint.Blueprint, inputs ...resolve.Input) []resolve.Choice {
	t.Helper()
	choices, diags := resolve.Resolve(bp, inputs, "")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return choices
}

const siteBlueprint = `
blueprint "site" {
  version = "2.1.0"
  summary = "A bucket with a certificate | and *nothing* else."
  systems = ["s3"]
}

option "tier" {
  type        = string
  one_of      = ["small", "large"]
  default     = "small"
  description = "How much it holds."
  why         = "most hold little"
}

option "limits" {
  type        = object({ low = number, high = number })
  default     = { low = 1, high = 2 }
  description = "How far it grows."
  why         = "enough"
}

variable "name" {
  type        = string
  description = "Name of the site."
}

component "logs" {
  template = "bucket"
  with     = { name = var.name }
}

component "end" {
  template = "certificate"
  with     = { name = var.name, bucket = component.logs.id }
}

profile "dev" {
  description = "Small and cheap."

  values = {
    name           = "dev"
    retention_days = 1 # why: nobody looks back
    not_there      = 5
  }
}

profile "prd" {
  values = {
    # notes: s3.retention
    retention_days = 365
    days_by_prefix = {
      "a/" = 30 # for audits
      b    = 7
    }
    tier_words = "tier ${option.tier}" # notes: s3.public, s3.retention, s3.gone all the words that we want
  }
}

profile "none" {
  values = { not_there = 1 }
}

example {
  values = {
    name      = "example" # anything
    not_there = true
  }
}

deviation "kept-longer" {
  notes    = ["s3.retention"]
  profile  = "prd"
  rendered = "Logs of production are kept for a year."
  reason   = "The auditors ask for it."
  restore  = "Set retention_days = 7 in envs/prd.tfvars."
}

deviation "bucket-private" {
  notes    = ["s3.public"]
  rendered = "Access is blocked."
  reason   = "What is <open> leaks."
  restore  = "Remove the block | and hope."
}
`

// site is a module with all there is: an aliased provider, notes, tests, mocks
// and assets.
func site(t testing.TB) Input {
	t.Helper()
	bp := parse(t, "site", siteBlueprint)
	var assets fileset.Set
	for path, content := range map[string]string{"runbooks/restore.md": "# Restore\n", "files/index.html": "<p>hello</p>\n"} {
		if err := assets.Add(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	return linked(Input{
		Blueprint:  bp,
		Summary:    bp.Summary,
		Choices:    choose(t, bp, resolve.Input{Name: "tier", Raw: "large", Source: "--set"}, resolve.Input{Name: "limits", Raw: "{ low = 1, high = 9 }", Source: "--set"}),
		Deviations: bp.Deviations,
		Ledger:     notes,
		Module: &link.Module{
			Name:   "site",
			Layout: link.Flat,
			Files: []link.File{
				{Name: "logs.tf", Body: []byte(`resource "aws_s3_bucket" "logs" {
  bucket = "${var.name}-logs" # notes s3.retention: one bucket for all logs
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.retention_days
    }
  }
}
`)},
				{Name: "certificate.tf", Body: []byte(`resource "aws_acm_certificate" "end" {
  provider = aws.us_east_1

  domain_name       = "${var.name}.example.com"
  validation_method = "DNS"
  tags              = { Words = var.tier_words, Prefixes = join(",", keys(var.days_by_prefix)) }
}
`)},
			},
			Variables: []link.Variable{
				{
					Name: "name", Type: "string", Required: true, Description: "Name of the site: a `slug|x`, such as *.example.", Allowed: "1 to 20 letters | digits",
					Text: []byte("variable \"name\" {\n  type = string\n  description = \"Name of the site.\"\n}\n"),
				},
				{
					Name: "retention_days", Type: "number", Default: "7", Description: "Days.", Notes: []string{"s3.retention"}, Value: cty.NumberIntVal(7), Component: "logs",
					Text: []byte("variable \"retention_days\" {\n  type = number\n  description = \"Days.\"\n  default = 7 # notes s3.retention: keep logs for 7 days\n}\n"),
				},
				{
					Name: "days_by_prefix", Type: "map(\n  number # days\n)", Default: "{\n  \"a/\" = 1\n  b = 2\n}", Description: "Days.", Why: "a `guess`",
					Text: []byte("variable \"days_by_prefix\" {\n  type = map(number)\n  description = \"Days.\"\n  default = {\n    \"a/\" = 1\n    b = 2\n  }\n}\n"),
				},
				{
					Name: "tier_words", Type: "string", Default: "\"a|b\"", Notes: []string{"s3.gone"}, Component: "end",
					Text: []byte("variable \"tier_words\" {\n  type = string\n  description = \"Words.\"\n  default = \"a|b\"\n}\n"),
				},
			},
			Outputs: []link.Output{
				{Name: "bucket", Description: "Name of the bucket.", Text: []byte("output \"bucket\" {\n  description = \"Name of the bucket.\"\n  value = aws_s3_bucket.logs.id\n}\n")},
				{Name: "certificate", Sensitive: true, Text: []byte("output \"certificate\" {\n  value = aws_acm_certificate.end.arn\n  sensitive = true\n}\n")},
			},
			Versions: link.Versions{
				Terraform:     ">= 1.11.0",
				TerraformNote: "OpenTofu >= 1.10 will do as well",
				Providers:     []link.Provider{{Name: "aws", Source: "hashicorp/aws", Version: ">= 5.100.0, < 6.0.0", Note: "certificates of CloudFront live in us-east-1", Aliases: []string{"aws.us_east_1"}}},
			},
			Assets: assets,
			Tests: []link.TestFile{{Name: "logs", Body: []byte(`run "expires" {
  command = plan

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == 7
    error_message = "Logs must go after a week."
  }
}
`)}},
			Mocks: []link.MockType{
				{Kind: "mock_resource", Type: "aws_acm_certificate", Body: []byte("mock_resource \"aws_acm_certificate\" {\n  defaults = {\n    arn = \"arn:aws:acm:us-east-1:123456789012:certificate/example\"\n  }\n}\n")},
				{Kind: "mock_resource", Type: "aws_s3_bucket", Body: []byte("mock_resource \"aws_s3_bucket\" {\n  defaults = {\n    arn = \"arn:aws:s3:::example\"\n  }\n}\n")},
			},
			Cited: []link.Cited{{File: "runbooks/restore.md", Places: []cite.Place{{Line: 1, ID: "s3.public"}, {Line: 1, ID: "s3.retention"}, {Line: 1, ID: "s3.gone"}}}},
			Parts: []link.Part{
				{Name: "logs", Template: "bucket", Summary: "A bucket for <logs>.", File: "logs.tf"},
				{Name: "end", Template: "certificate", File: "certificate.tf"},
			},
			Edges: []link.Edge{{From: "logs", To: "end", Output: "id"}, {From: "logs", To: "end", Output: "arn"}},
		},
	})
}

// linked formats what link hands over formatted.
func linked(in Input) Input {
	for i, v := range in.Module.Variables {
		in.Module.Variables[i].Text = ir.Tidy(string(v.Text), (&renderer{Input: in}).cited(""))
	}
	for i, o := range in.Module.Outputs {
		in.Module.Outputs[i].Text = ir.Tidy(string(o.Text), nil)
	}
	return in
}

// plain is a module that needs no provider, so that a real terraform can run
// it anywhere.
func plain(t testing.TB) Input {
	t.Helper()
	bp := parse(t, "plain", `
blueprint "plain" {
  version = "1.0.0"
  summary = "One value."
  systems = []
}

variable "size" {
  type        = number
  description = "Size."
}

component "store" {
  template = "store"
  with     = { size = var.size }
}

profile "dev" {
  values = { size = 1 }
}

example {
  values = { size = 3 }
}
`)
	return linked(Input{
		Blueprint: bp,
		Summary:   bp.Summary,
		Choices:   choose(t, bp),
		Module: &link.Module{
			Name:      "plain",
			Layout:    link.Flat,
			Files:     []link.File{{Name: "store.tf", Body: []byte("resource \"terraform_data\" \"store\" {\n  input = var.size\n}\n")}},
			Variables: []link.Variable{{Name: "size", Type: "number", Required: true, Description: "Size.", Text: []byte("variable \"size\" {\n  type = number\n}\n")}},
			Outputs:   []link.Output{{Name: "size", Description: "Size.", Text: []byte("output \"size\" {\n  value = terraform_data.store.output\n}\n")}},
			Versions:  link.Versions{Terraform: ">= 1.11.0"},
			Tests:     []link.TestFile{{Name: "store", Body: []byte("run \"keeps\" {\n  assert {\n    condition     = output.size == 3\n    error_message = \"The size must be kept.\"\n  }\n}\n")}},
			Parts:     []link.Part{{Name: "store", Template: "store", File: "store.tf"}},
		},
	})
}

// bare is a module with nothing that may be left out.
func bare(t testing.TB) Input {
	t.Helper()
	bp := parse(t, "bare", "blueprint \"bare\" {\n  version = \"1.0.0\"\n  summary = \"Nothing much.\"\n  systems = []\n}\n\ncomponent \"one\" {\n  template = \"one\"\n}\n")
	return Input{
		Blueprint: bp,
		Summary:   bp.Summary,
		Module: &link.Module{
			Name: "bare", Layout: link.Nested,
			Files: []link.File{{Name: "one.tf", Body: []byte("resource \"terraform_data\" \"one\" {}\n")}},
			Parts: []link.Part{{Name: "one", Template: "one", File: "one.tf"}},
		},
	}
}
