package render

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/link"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain words":            "plain words",
		"two\n  lines":           "two lines",
		"a | b":                  `a \| b`,
		"*.example.com and *.x":  `\*.example.com and \*.x`,
		"<name> [x](y)":          `&lt;name&gt; \[x\](y)`,
		`a\.b`:                   `a\\.b`,
		"code `a|b*c<d>` stays":  "code `a\\|b*c<d>` stays",
		"a lone ` is no `code` ": "a lone ' is no 'code'",
		"日本語 ～ data store":       "日本語 ～ data store",
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
	} {
		if got := code(in); got != want {
			t.Errorf("code(%q) is %q, want %q", in, got, want)
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

func TestShorten(t *testing.T) {
	long := "The cluster can be replicated as single-master (one primary instance) or multi-master"
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{"Short.", 10, "Short"},
		{long, 200, long},
		{long, 60, "The cluster can be replicated as single-master"},
		{"Keep it; throw the rest away, please", 20, "Keep it"},
		{"Supercalifragilistic words without an end", 30, "Supercalifragilistic words…"},
		{"日本語日本語日本語", 5, "日本語日…"},
	} {
		if got := shorten(test.in, test.limit); got != test.want {
			t.Errorf("shorten(%q, %d) is %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

func TestCited(t *testing.T) {
	r := &renderer{Input: Input{Ledger: notes}}
	for in, want := range map[string]string{
		"":                                "",
		"why: cheap":                      "why: cheap",
		"notes: s3.retention":             "notes 22-02: Logs are kept for 7 days | or longer; what is older goes",
		"notes: s3.retention keep a week": "notes 22-02: keep a week",
		"notes: s3.public, s3.retention both of them":     "notes 05, 22-02: both of them",
		"notes: s3.retention, s3.retention, s3.public  x": "notes 22-02, 05: x",
		"notes: s3.gone":      "notes s3.gone",
		"notes: s3.gone word": "notes s3.gone: word",
		"notes are free text": "notes are free text",
	} {
		if got := r.cited(in); got != want {
			t.Errorf("cited(%q) is %q, want %q", in, got, want)
		}
	}
	if got, want := (&renderer{}).cited("notes: s3.retention x"), "notes s3.retention: x"; got != want {
		t.Errorf("without a ledger: %q, want %q", got, want)
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
	got := string(Diagram(&link.Module{
		Parts: []link.Part{{Name: "end"}, {Name: `a"b<c>#`}},
		Edges: []link.Edge{{From: "end", To: `a"b<c>#`}, {From: "end", To: `a"b<c>#`, Output: "x"}, {From: "gone", To: "end"}},
	}))
	want := "flowchart LR\n  c1[\"end\"]\n  c2[\"a#quot;b#lt;c#gt;#35;\"]\n  c2 --> c1\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if strings.Contains(got, "gone") {
		t.Error("a link to a component that is not there is drawn")
	}
}
