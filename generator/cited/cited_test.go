package cited_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/bpgen/bpgen/generator/cited"
	"github.com/bpgen/bpgen/generator/fileset"
)

const source = `locals {
  size = 3 # notes a.size: three
}

# What it is.
# notes a.bucket, a.name: one for all
resource "aws_s3_bucket" "logs" { # notes a.bucket
  bucket = var.name
  # notes a.tags: the same for all
  tags = {
    Name = "x"
    Env  = "y" # notes a.env: x; departs from notes a.other

    "quoted key" = { Deep = 1 }
  }

  # notes a.group: three of a kind
  one   = 1
  two   = 2 # why: two is more
  three = 3 # notes a.three

  four = 4
  dynamic "rule" {
    for_each = { old = 30 } # notes: a.old
    content {
      days = rule.value # departs from notes a.days: reason
    }
  }
  lifecycle {
    # notes a.end
  }
}

data "aws_region" "this" {}

variable "name" {
  default = "x" # notes a.name
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
}
`

func read(name, text string) *cited.Module {
	return cited.Read([]fileset.File{{Path: name, Bytes: []byte(text)}, {Path: "examples/x/main.tf", Bytes: []byte("# notes a.no\nlocals {}")}, {Path: "README.md", Bytes: []byte("# notes a.no")}})
}

// A comment belongs to what it stands behind or above.
func TestStatements(t *testing.T) {
	t.Parallel()
	m := read("main.tf", source)
	for address, want := range map[string][]string{
		"local.size":                              {"a.size"},
		"aws_s3_bucket.logs":                      {"a.bucket", "a.name", "a.bucket"},
		"aws_s3_bucket.logs.bucket":               nil,
		"aws_s3_bucket.logs.tags":                 {"a.tags"},
		"aws_s3_bucket.logs.tags.Name":            nil,
		"aws_s3_bucket.logs.Env":                  {"a.env", "a.other"},
		"aws_s3_bucket.logs.tags.quoted key.Deep": nil,
		"aws_s3_bucket.logs.one":                  {"a.group"},
		"aws_s3_bucket.logs.three":                {"a.three"},
		"aws_s3_bucket.logs.rule.old":             nil,
		"aws_s3_bucket.logs.rule.for_each":        {"a.old"},
		"aws_s3_bucket.logs.rule.days":            {"a.days"},
		"aws_s3_bucket.logs.lifecycle":            {"a.end"},
		"data.aws_region.this":                    nil,
		"var.name":                                nil,
		"var.name.default":                        {"a.name"},
		"aws_s3_bucket_policy.logs.Env":           {"a.env", "a.other"}, // of the bucket that it refers to
	} {
		found := m.Find(address)
		if len(found) != 1 {
			t.Errorf("%s: found %d", address, len(found))
			continue
		}
		if got := found[0].IDs; !slices.Equal(got, want) {
			t.Errorf("%s cites %q, want %q", address, got, want)
		}
	}
	for _, none := range []string{"", "aws_s3_bucket", "aws_s3_bucket.logs.no", "aws_s3_bucket.log", "var.name.type", "aws_s3_bucket.logs.Env.tags"} {
		if found := m.Find(none); len(found) > 0 {
			t.Errorf("%q is found: %v", none, found)
		}
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	m := read("main.tf", source)
	for line, want := range map[int]string{
		1: "locals", 2: "local.size", 4: "", 5: "aws_s3_bucket.logs", 7: "aws_s3_bucket.logs", 9: "aws_s3_bucket.logs.tags", 12: "aws_s3_bucket.logs.tags.Env",
		14: "aws_s3_bucket.logs.tags.quoted key", 15: "aws_s3_bucket.logs.tags", 24: "aws_s3_bucket.logs.rule.for_each", 25: "aws_s3_bucket.logs.rule",
		32: "aws_s3_bucket.logs", 0: "", 43: "", -1: "",
	} {
		s, lines, ok := m.At("main.tf", line)
		if ok != (want != "") || ok && s.Address() != want || lines != 42 {
			t.Errorf("line %d of %d is %q, %v; want %q", line, lines, s.Address(), ok, want)
		}
	}
	if _, lines, ok := m.At("other.tf", 1); ok || lines != 0 {
		t.Error("a file that is not there has lines")
	}
	two, _, _ := m.At("main.tf", 19)
	if !slices.Equal(two.Group, []string{"a.group"}) || two.Above != 17 || two.Why != "two is more" {
		t.Errorf("line 19: group %q of line %d, why %q", two.Group, two.Above, two.Why)
	}
	four, _, _ := m.At("main.tf", 22)
	if four.Group != nil {
		t.Errorf("line 22 is in the group %q", four.Group)
	}
}

func TestCites(t *testing.T) {
	t.Parallel()
	m := read("main.tf", source)
	if got, want := m.Cites("a.name"), []cited.Place{{File: "main.tf", Line: 6}, {File: "main.tf", Line: 37}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := m.Cites("a.no"); got != nil {
		t.Errorf("examples and READMEs count: %v", got)
	}
	want := []string{"aws_s3_bucket.logs", "aws_s3_bucket_policy.logs", "data.aws_region.this", "local.size", "locals", "var.name"}
	if got := m.Objects(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := m.Arguments("var.name"); !slices.Equal(got, []string{"default"}) {
		t.Errorf("got %q", got)
	}
}

// A file that does not parse gives what can be read of it.
func TestBroken(t *testing.T) {
	t.Parallel()
	m := read("main.tf", "resource \"aws_vpc\" \"this\" {\n  cidr_block = \"10.0.0.0/16\" # notes a.cidr\n}\nresource {{{\n")
	if got := m.Cites("a.cidr"); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	cited.Read([]fileset.File{{Path: "x.tf", Bytes: []byte{0xff, 0, '{'}}})
}

func TestTests(t *testing.T) {
	t.Parallel()
	tests := cited.Tests([]fileset.File{
		{Path: "tests/a.tftest.hcl", Bytes: []byte(`
run "plan" {
  assert {
    condition     = aws_rds_cluster.db.deletion_protection && alltrue(aws_subnet.x[*].private)
    error_message = "x"
  }
  assert {
    condition     = one([for p in aws_rds_cluster_parameter_group.db : p.parameter if p.name == "general_log"]) != null
    error_message = "x"
  }
}
`)}, {Path: "examples/tests/a.tftest.hcl", Bytes: []byte(`run "no" {}`)},
	})
	type asked struct{ typ, argument, element string }
	got := map[asked][]int{}
	for _, ask := range []asked{
		{"aws_rds_cluster", "deletion_protection", ""}, {"aws_subnet", "private", ""}, {"aws_subnet", "", ""},
		{"aws_rds_cluster_parameter_group", "parameter", "general_log"}, {"aws_rds_cluster_parameter_group", "parameter", "slow_log"}, {"aws_rds_cluster", "name", ""},
	} {
		for _, x := range tests {
			if ask.argument != "" && x.LooksAt(ask.typ, ask.argument, ask.element) {
				got[ask] = append(got[ask], x.Line)
			}
		}
	}
	want := map[asked][]int{
		{"aws_rds_cluster", "deletion_protection", ""}:                  {3},
		{"aws_subnet", "private", ""}:                                   {3},
		{"aws_rds_cluster_parameter_group", "parameter", "general_log"}: {7},
	}
	if !reflect.DeepEqual(got, want) || len(tests) != 2 || tests[0].Run != "plan" {
		t.Errorf("got %v of %v\nwant %v", got, tests, want)
	}
}
