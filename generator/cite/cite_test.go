package cite

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func notes(id string) (Meaning, bool) {
	switch id {
	case "s3.retention":
		return Meaning{Statement: "Logs are kept for 7 days; what is older goes."}, true
	case "s3.public":
		return Meaning{Statement: "The bucket is open to everyone, so that each of the many consumers that the company has today can read it."}, true
	case "s3.acl":
		return Meaning{Statement: "The bucket has an ACL.", Departure: "ACLs are off since 2023; a policy does the same."}, true
	}
	return Meaning{}, false
}

func TestParse(t *testing.T) {
	for in, want := range map[string]struct {
		ids   []string
		words string
	}{
		"notes: s3.retention":                          {[]string{"s3.retention"}, ""},
		"# notes: s3.retention keep a week ":           {[]string{"s3.retention"}, "keep a week"},
		"//notes: s3.retention: keep a week":           {[]string{"s3.retention"}, "keep a week"},
		"# notes: s3.a-b_c, s3.public both":            {[]string{"s3.a-b_c", "s3.public"}, "both"},
		"# notes: s3.retention, and so on":             {[]string{"s3.retention"}, ", and so on"},
		"notes are free text":                          {},
		"# why: it says notes: s3.retention elsewhere": {},
		"# notes: nothing of the kind":                 {},
		"":                                             {},
	} {
		ids, words := Parse(in)
		if !slices.Equal(ids, want.ids) || words != want.words {
			t.Errorf("Parse(%q) is %q, %q, want %q, %q", in, ids, words, want.ids, want.words)
		}
	}
}

func TestComment(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		"why: cheap":                      "why: cheap",
		"notes: s3.retention":             "notes s3.retention: Logs are kept for 7 days; what is older goes",
		"notes: s3.public":                "notes s3.public: The bucket is open to everyone",
		"notes: s3.retention keep a week": "notes s3.retention: keep a week",
		"notes: s3.public, s3.retention both of them":                "notes s3.public, s3.retention: both of them",
		"notes: s3.retention, s3.public, s3.retention  one of three": "notes s3.retention, s3.public: one of three",
		"notes: s3.gone":                             "notes s3.gone",
		"notes: s3.gone word":                        "notes s3.gone: word",
		"notes: s3.gone, s3.public":                  "notes s3.gone, s3.public: The bucket is open to everyone",
		"notes are free text":                        "notes are free text",
		"notes: s3.retention a # b*":                 "notes s3.retention: a # b*",
		"notes: s3.acl by policy":                    "departs from notes s3.acl: ACLs are off since 2023; a policy does the same",
		"notes: s3.acl, s3.retention, s3.acl a week": "notes s3.retention: a week; departs from notes s3.acl",
	} {
		if got := Comment(in, notes); got != want {
			t.Errorf("Comment(%q) is %q, want %q", in, got, want)
		}
	}
	if got, want := Comment("notes: s3.retention x", nil), "notes s3.retention: x"; got != want {
		t.Errorf("without a lookup: %q, want %q", got, want)
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"# notes: s3.retention":    "# notes s3.retention: Logs are kept for 7 days; what is older goes",
		"#notes: s3.public closed": "# notes s3.public: closed",
		"// notes: s3.gone one":    "# notes s3.gone: one",
		"# why: cheap":             "",
		"# the notes: they say":    "",
		"# notes: they say":        "",
	} {
		got, cited := Line(in, notes)
		if want == "" && (cited || got != in) {
			t.Errorf("Line(%q) is %q, %t, want it unchanged", in, got, cited)
		}
		if want != "" && (!cited || got != want) {
			t.Errorf("Line(%q) is %q, %t, want %q", in, got, cited, want)
		}
	}
}

// TestDeparting: a line that departs says why: as the deviation, or in its own words
// where there is none.
func TestDeparting(t *testing.T) {
	for in, want := range map[string]string{
		"# departs: s3.acl by policy":              "# departs from notes s3.acl: ACLs are off since 2023; a policy does the same",
		"# departs: s3.retention, s3.acl a policy": "# departs from notes s3.acl: ACLs are off since 2023; a policy does the same",
		"# departs: s3.retention for a year":       "# why: for a year",
		"# departs: s3.retention":                  "# departs from notes s3.retention",
		"# departs: at eight":                      "# departs: at eight",
	} {
		if got, _ := Line(in, notes); got != want {
			t.Errorf("Line(%q) is %q, want %q", in, got, want)
		}
	}
	if got := Text("a: 1 # departs: s3.acl by policy", notes); got != "a: 1 # departs from notes s3.acl: ACLs are off since 2023; a policy does the same" {
		t.Errorf("in a text: %q", got)
	}
	if got := Comment("departs: s3.acl by policy", nil); got != "why: by policy" {
		t.Errorf("without a lookup: %q", got)
	}
	for text, want := range map[string]bool{"# notes: x": true, "# departs: x": true, "# why: notes": false} {
		if Marks(text) != want {
			t.Errorf("Marks(%q) is %t", text, !want)
		}
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"<!-- notes: s3.retention, s3.public -->": "<!-- notes s3.retention, s3.public: Logs are kept for 7 days; what is older goes -->",
		"  <!-- notes: s3.public closed -->":      "  <!-- notes s3.public: closed -->",
		"version: 0.2 # notes: s3.public":         "version: 0.2 # notes s3.public: The bucket is open to everyone",
		"see notes: s3.public":                    "see notes: s3.public",
		"<!-- notes: none -->":                    "<!-- notes: none -->",
		"plain":                                   "plain",
	} {
		if got := Text(in, notes); got != want {
			t.Errorf("Text(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{"Short.", 10, "Short"},
		{"Two  lines\nin one.", 40, "Two lines in one"},
		{"Keep it for a week; throw the rest away, please", 30, "Keep it for a week"},
		{"Deletion protection is on for the cluster, because deleting it deletes its volume", 60, "Deletion protection is on for the cluster"},
		{"With a load balancer in front, the grace period is ten minutes or more", 40, "With a load balancer in front…"},
		{"The cluster can be replicated as single-master (one primary instance) or multi-master", 60, "The cluster can be replicated as single-master…"},
		{"The header names the origin and the path, and the rest of the request stays", 46, "The header names the origin and the path…"},
		{"Supercalifragilistic words without an end", 30, "Supercalifragilistic words…"},
		{"日本語日本語日本語", 5, "日本語日…"},
	} {
		if got := Shorten(test.in, test.limit); got != test.want {
			t.Errorf("Shorten(%q, %d) is %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

// citation is what Parse reads, as an expression, which would be slow.
var citation = regexp.MustCompile(`^(?:#|//)?\s*notes:\s*([a-z0-9-]+\.[A-Za-z0-9_.-]+(?:\s*,\s*[a-z0-9-]+\.[A-Za-z0-9_.-]+)*)[\s:;]*(.*?)\s*$`)

func FuzzParse(f *testing.F) {
	for _, in := range []string{"# notes: a.b c", "//notes:a.b,c.d", "notes: a.b , c.d ;: x ", "# notes: a.B_c.-, d e", "notes: a.b, A.c", "# notes: a.b x\ny", "notes: a.", "notes: .a", "notes: a.b\r\n", "## notes: a.b", "# // notes: a.b", "notes:\u00a0a.b"} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, comment string) {
		if !utf8.ValidString(comment) {
			return
		}
		ids, words := Parse(comment)
		var want []string
		rest := ""
		if m := citation.FindStringSubmatch(comment); m != nil {
			for id := range strings.SplitSeq(m[1], ",") {
				want = append(want, strings.TrimSpace(id))
			}
			rest = m[2]
		}
		if !slices.Equal(ids, want) || words != rest {
			t.Fatalf("Parse(%q) is %q, %q, want %q, %q", comment, ids, words, want, rest)
		}
	})
}

// FuzzComment looks for comments that would break the line they stand on, or
// words that outgrow it.
func FuzzComment(f *testing.F) {
	f.Add("# notes: a.b c", "Some words (with brackets), because they may be cut; or not. And so on.")
	f.Add("notes: a.b, c.d", "日本語")
	f.Fuzz(func(t *testing.T, comment, statement string) {
		if !utf8.ValidString(comment) || !utf8.ValidString(statement) {
			return
		}
		for _, limit := range []int{1, 2, 10, maxWords} {
			if got := Shorten(statement, limit); utf8.RuneCountInString(got) > limit || !utf8.ValidString(got) {
				t.Fatalf("Shorten(%q, %d) is %q", statement, limit, got)
			}
		}
		line, cited := Line(comment, func(string) (Meaning, bool) { return Meaning{Statement: statement}, true })
		if !cited {
			if line != comment {
				t.Fatalf("%q cites nothing and became %q", comment, line)
			}
			return
		}
		file, diags := hclsyntax.ParseConfig([]byte("a = 1 "+line+"\nb = 2\n"), "", hcl.InitialPos)
		if diags.HasErrors() || len(file.Body.(*hclsyntax.Body).Attributes) != 2 {
			t.Fatalf("%q became %q, which is not one comment: %s", comment, line, diags)
		}
	})
}
