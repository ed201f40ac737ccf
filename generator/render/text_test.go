package render

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain words":           "plain words",
		"two\n  lines":          "two lines",
		"a | b":                 `a \| b`,
		"*.example.com and *.x": `\*.example.com and \*.x`,
		"<name> [x](y)":         `&lt;name&gt; \[x\](y)`,
		`a\.b`:                  `a\\.b`,
		"code `a|b*c<d>` stays": "code `a\\|b*c<d>` stays",
		"a lone ` is no code":   "a lone \\` is no code",
		"`\"`` ` ``<b>`\"`":     "`\"`` ` \\`\\`&lt;b&gt;`\"`",
		"__x__ and snake_case":  `\_\_x\_\_ and snake_case`,
		"# heading":             `\# heading`,
		"- item":                `\- item`,
		"--- rule":              `--\- rule`,
		"1.2.3 #1 -x":           "1.2.3 #1 -x",
		"+ item":                `\+ item`,
		"1. item":               `1\. item`,
		"12) item":              `12\) item`,
		"a # b - c + d 1. e":    "a # b - c + d 1. e",
		"&lt; AT&T":             "&amp;lt; AT&T",
		"日本語 ～ data store":      "日本語 ～ data store",
	} {
		if got := text(in); got != want {
			t.Errorf("text(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestCode(t *testing.T) {
	for in, want := range map[string]string{
		"list(string)": "`list(string)`",
		"a|b":          "`a\\|b`",
		"a`b":          "``a`b``",
		"`a``":         "``` `a`` ```",
		"two\nlines":   "`two lines`",
		"":             "<code></code>",
		`a\|<b`:        "<code>a&#92;&#124;&lt;b</code>",
	} {
		if got := code(in); got != want {
			t.Errorf("code(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestPurpose(t *testing.T) {
	for _, tt := range []struct{ path, src, want string }{
		{"runbooks/a.md", "# Restore, clone, delete\n\nBackups are kept.\n", "Restore, clone, delete"},
		{"runbooks/a.md", "\n## Restore ##\n", "Restore"},
		{"runbooks/a.md", "Restores the data. It takes an hour.\n", "Restores the data"},
		{"runbooks/a.md", "", ""},
		{"files/buildspec.yml", "# How the image is made. Place it in the root.\nversion: 0.2\n", "How the image is made"},
		{"files/a.sh", "#!/bin/sh\n\n# Cleans up.\n", "Cleans up"},
		{"files/a.js", "// Adds a header\n// and more.\n", "Adds a header"},
		{"files/taskdef.json", "{\n  \"family\": \"# a. b\"\n}\n", ""},
		{"files/a.sql", "select 1 # one\n", ""},
	} {
		if got := purpose(fileset.File{Path: tt.path, Bytes: []byte(tt.src)}); got != tt.want {
			t.Errorf("purpose of %s with %q is %q, want %q", tt.path, tt.src, got, tt.want)
		}
	}
}

func TestFolderOf(t *testing.T) {
	for in, want := range map[string]string{
		"runbooks/a.md":              "runbooks",
		"files/pipeline/a.yml":       "files",
		"modules/logs/runbooks/a.md": "runbooks",
		"modules/logs/files/x/a.yml": "files",
		"modules/runbooks/a.tf":      "",
		"README.md":                  "",
	} {
		if got := folderOf(in); got != want {
			t.Errorf("folderOf(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestInline(t *testing.T) {
	for in, want := range map[string]string{
		"string": "string",
		`"a b"`:  `"a b"`,
		"object({\n  a = string\n  b = number\n})": "object({ a = string, b = number })",
		"object({\n  a = optional(string, \"x\") # why\n\n  # above\n  b = list(object({\n    c = bool\n  }))\n})": `object({ a = optional(string, "x"), b = list(object({ c = bool })) })`,
		"[\n  \"a\",\n  \"b\",\n]":           `["a", "b"]`,
		"{ a = 1 }":                          "{ a = 1 }",
		"(\n  1 +\n  2\n)":                   "(1 + 2)",
		"{}":                                 "{}",
		"{\n}":                               "{}",
		"\"${var.a} and ${\"b\"}\"":          `"${var.a} and ${"b"}"`,
		"{\n  a   = 1\n  bcd = [1,\n  2]\n}": "{ a = 1, bcd = [1, 2] }",
	} {
		if got := inline(in); got != want {
			t.Errorf("inline(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestExplained(t *testing.T) {
	r := &renderer{Input: Input{Ledger: notes}}
	for id, want := range map[string]string{
		"s3.retention": `[s3.retention](NOTES.md#s3retention): Logs are kept for 7 days \| or longer; what is older goes`,
		"s3.public":    "[s3.public](NOTES.md#s3public): The bucket is open to &lt;everyone&gt;, so that each of the many consumers that the company has today can read it without asking anybody…",
		"s3.gone":      "notes s3.gone",
	} {
		if got := r.explained(id); got != want {
			t.Errorf("explained(%q) is %q, want %q", id, got, want)
		}
	}
}

func TestTitle(t *testing.T) {
	for in, want := range map[string]string{
		"network": "Network", "edge_certificate": "Edge certificate", "cdn": "CDN", "load-balancer": "Load balancer",
		"internal_alb": "Internal ALB", "écran": "Écran", "app_subnets": "App subnets", "": "",
	} {
		if got := title(in); got != want {
			t.Errorf("title(%q) is %q, want %q", in, got, want)
		}
	}
}

// TestCommand gives the words of the README's command back to resolve.
func TestCommand(t *testing.T) {
	in := site(t)
	r := &renderer{Input: in}
	if got, want := r.command(), "bpgen render site --set tier=large --set 'limits={ high = 9, low = 1 }' --out ."; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
	var inputs []resolve.Input
	for _, c := range in.Choices {
		if !c.Value.RawEquals(c.Option.Default) {
			inputs = append(inputs, resolve.Input{Name: c.Option.Name, Raw: resolve.Show(c.Value)})
		}
	}
	for i, c := range choose(t, in.Blueprint, inputs...) {
		if !c.Value.RawEquals(in.Choices[i].Value) {
			t.Errorf("the command chooses %#v for %s, want %#v", c.Value, c.Option.Name, in.Choices[i].Value)
		}
	}
	in.Module.Layout = link.Nested
	if got := r.command(); !strings.Contains(got, " --layout nested ") {
		t.Errorf("the command forgets the layout: %s", got)
	}
}

func TestChoices(t *testing.T) {
	for want, o := range map[string]*blueprint.Option{
		"`true`, `false` (default)": {Type: cty.Bool, Default: cty.False},
		"`a` (default), `b|c`":      {Type: cty.String, Default: cty.StringVal("a"), OneOf: []cty.Value{cty.StringVal("a"), cty.StringVal("b|c")}},
		"`3` (default) or another":  {Type: cty.Number, Default: cty.NumberIntVal(3)},
		"—":                         {Type: cty.Number},
		"`1`, `2`":                  {Type: cty.Number, OneOf: []cty.Value{cty.NumberIntVal(1), cty.NumberIntVal(2)}},
	} {
		if got := choices(o); got != strings.ReplaceAll(want, "b|c", `b\|c`) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestShellQuote(t *testing.T) {
	for in, want := range map[string]string{
		"tier=large":      "tier=large",
		`limits={ a = 1}`: `'limits={ a = 1}'`,
		"it's":            `'it'\''s'`,
		"a=$(rm)":         `'a=$(rm)'`,
	} {
		if got := shellQuote(in); got != want {
			t.Errorf("shellQuote(%q) is %s, want %s", in, got, want)
		}
	}
}

func TestDiagram(t *testing.T) {
	edge := func(from, to, output string) link.Edge { return link.Edge{From: from, To: to, Output: output} }
	for name, test := range map[string]struct {
		parts []string
		edges []link.Edge
		want  string
	}{
		"what is not a way is a use, once": {
			[]string{"end", `a"b<c>#`},
			[]link.Edge{edge("end", `a"b<c>#`, "arn"), edge("end", `a"b<c>#`, "id"), edge("gone", "end", "arn"), edge("end", "gone", "vpc_id")},
			`  c_end["End"]
  c_au22bu3ccu3eu23["A#quot;b#lt;c#gt;#35;"]
  c_au22bu3ccu3eu23 -.-> c_end
`,
		},
		"users come in where a way begins": {
			[]string{"dns", "alb", "app", "logs"},
			[]link.Edge{edge("alb", "dns", "dns_name"), edge("alb", "dns", "zone_id"), edge("alb", "app", "target_group_arn"), edge("app", "alb", "id"), edge("logs", "alb", "bucket_domain_name")},
			`  users(["Users"])
  c_dns["DNS"]
  c_alb["ALB"]
  c_app["App"]
  c_logs["Logs"]
  users --> c_dns
  c_dns --> c_alb
  c_alb --> c_app
  c_alb -.-> c_logs
`,
		},
		"boxes": {
			[]string{"network", "alb", "app", "db", "job", "endpoint"},
			[]link.Edge{
				edge("network", "alb", "vpc_id"), edge("network", "alb", "public_subnet_ids"), edge("network", "alb", "app_subnet_ids"), edge("network", "alb", "public_subnet_ids"),
				edge("network", "app", "app_subnet_ids"), edge("network", "app", "vpc_id"), edge("network", "app", "endpoint_security_group_id"),
				edge("app", "db", "security_group_id"), edge("network", "db", "datastore_subnet_ids"), edge("network", "job", "subnet_ids"),
				edge("network", "endpoint", "vpc_cidr_block"),
			},
			`  users(["Users"])
  subgraph c_network["Network"]
    c_alb["ALB"]
    c_job["Job"]
    subgraph t_network__app["App subnets"]
      c_app["App"]
    end
    subgraph t_network__datastore["Datastore subnets"]
      c_db["DB"]
    end
  end
  c_endpoint["Endpoint"]
  users --> c_app
  c_app --> c_db
  c_endpoint -.-> c_network
`,
		},
		"a request's way, and a circle": {
			[]string{"db", "web", "x", "y", "app"},
			[]link.Edge{edge("app", "db", "security_group_id"), edge("x", "y", "endpoint"), edge("y", "x", "endpoint"), edge("web", "app", "target_group_arn")},
			`  users(["Users"])
  c_db["DB"]
  c_web["Web"]
  c_x["X"]
  c_y["Y"]
  c_app["App"]
  users --> c_web
  c_web --> c_app
  c_app --> c_db
  c_y --> c_x
  c_x --> c_y
`,
		},
		"two networks": {
			[]string{"a", "b", "peer"},
			[]link.Edge{edge("a", "peer", "vpc_id"), edge("b", "peer", "vpc_id"), edge("a", "b", "vpc_id")},
			`  subgraph c_a["A"]
    c_peer["Peer"]
  end
  subgraph c_b["B"]
  end
  c_peer -.-> c_b
  c_b -.-> c_a
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := &link.Module{Edges: test.edges}
			for _, p := range test.parts {
				m.Parts = append(m.Parts, link.Part{Name: p})
			}
			if got, want := string(Diagram(m)), "flowchart LR\n"+test.want; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}
