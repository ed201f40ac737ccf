package ledger_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/ledger"
)

func notes(t testing.TB) fs.FS {
	t.Helper()
	sub, err := fs.Sub(blueprints.FS, "notes")
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// The project's copy is whole: every entry of every system reads, is filled in
// and stands once.
func TestCopyIsWhole(t *testing.T) {
	t.Parallel()
	fsys := notes(t)
	l := ledger.Open(fsys)
	kinds := []string{"artifact", "default", "fact", "option", "pattern", "rule", "runbook"}
	strengths := []string{"example", "info", "must", "should"}
	idForm := regexp.MustCompile(`^[a-z0-9-]+\.[a-z0-9-]+$`)
	chapterForm := regexp.MustCompile(`^\d\d(-\d\d)?$`)
	seen := map[string]bool{}
	for _, system := range l.Systems() {
		entries, err := l.Entries(system)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if seen[e.ID] {
				t.Errorf("%s stands twice", e.ID)
			}
			seen[e.ID] = true
			if !idForm.MatchString(e.ID) || !strings.HasPrefix(e.ID, system+".") || e.System != system {
				t.Errorf("%s stands in the file of %s", e.ID, system)
			}
			if !slices.Contains(kinds, e.Kind) || !slices.Contains(strengths, e.Strength) {
				t.Errorf("%s has kind %q and strength %q", e.ID, e.Kind, e.Strength)
			}
			if !chapterForm.MatchString(e.Chapter) || e.Lines == "" || e.Statement == "" {
				t.Errorf("%s: chapter %q, lines %q, statement %q", e.ID, e.Chapter, e.Lines, e.Statement)
			}
			if got, ok := l.Lookup(e.ID); !ok || !reflect.DeepEqual(got, e) {
				t.Errorf("Lookup(%q) = %v, %v", e.ID, got, ok)
			}
		}
		content, err := fs.ReadFile(fsys, system+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("\n  quote:")) {
			t.Errorf("%s.yaml still holds quotes", system)
		}
	}
	if len(l.Systems()) != 58 || len(seen) != 1083 {
		t.Errorf("%d entries in %d systems, want 1083 in 58", len(seen), len(l.Systems()))
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	l := ledger.Open(notes(t))
	got, ok := l.Lookup("aurora.backup-retention-period")
	want := ledger.Entry{
		ID: "aurora.backup-retention-period", System: "aurora", Chapter: "22-02",
		Kind: "default", Strength: "should",
		Section: "22-02. RDS（Aurora） › 設定項目 › DBクラスター", Lines: "4529",
		Statement: "The backup retention period of the DB cluster is 7 days.",
		Value:     float64(7),
		Terraform: []string{"aws_rds_cluster.backup_retention_period"},
	}
	if have := fields(t, got); !ok || have != fields(t, want) {
		t.Errorf("got %s, %v\nwant %s", have, ok, fields(t, want))
	}
	for _, id := range []string{"", "aurora", "aurora.", "aurora.no-such", "no-such.id", "../aurora.x", "a/b.c", ".x"} {
		if e, ok := l.Lookup(id); ok {
			t.Errorf("Lookup(%q) found %v", id, e)
		}
	}
}

// fields returns an entry as text.
func fields(t *testing.T, e ledger.Entry) string {
	t.Helper()
	text, err := json.Marshal([]any{e, e.System, e.Chapter})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestNearest(t *testing.T) {
	t.Parallel()
	l := ledger.Open(notes(t))
	for wrong, want := range map[string]string{
		"aurora.backup-retention-perod": "aurora.backup-retention-period",
		"auroa.deletion-protection":     "aurora.deletion-protection",
		"elasticache-redis.muti-az":     "elasticache-redis.multi-az",
		"ecs-fargate_x.cpu":             "",
	} {
		got := l.Nearest(wrong)
		if want != "" && (len(got) == 0 || got[0] != want) {
			t.Errorf("Nearest(%q) = %q, want %q first", wrong, got, want)
		}
		if len(got) > 3 {
			t.Errorf("Nearest(%q) has %d ids", wrong, len(got))
		}
	}
}

// The files are YAML, and read as YAML they say the same.
func TestCopyIsYAML(t *testing.T) {
	t.Parallel()
	fsys := notes(t)
	l := ledger.Open(fsys)
	for _, system := range l.Systems() {
		content, err := fs.ReadFile(fsys, system+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var plain []map[string]any
		if err := yaml.Unmarshal(content, &plain); err != nil {
			t.Fatalf("%s: %v", system, err)
		}
		entries, err := l.Entries(system)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != len(plain) {
			t.Fatalf("%s has %d entries as YAML, %d in the ledger", system, len(plain), len(entries))
		}
		for i, e := range entries {
			got := map[string]any{
				"id": e.ID, "kind": e.Kind, "strength": e.Strength, "section": e.Section, "lines": e.Lines, "statement": e.Statement,
				"value": e.Value, "terraform": e.Terraform, "caveat": e.Caveat,
			}
			for key, value := range plain[i] {
				// Through JSON, so that 7 is 7 whatever its Go type is.
				want, err := json.Marshal(value)
				if err != nil {
					t.Fatal(err)
				}
				have, err := json.Marshal(got[key])
				if err != nil {
					t.Fatal(err)
				}
				if string(have) != string(want) {
					t.Errorf("%s: %s is %s in the ledger and %s as YAML", e.ID, key, have, want)
				}
				delete(got, key)
			}
			for key, value := range got {
				if v := reflect.ValueOf(value); v.IsValid() && !v.IsZero() {
					t.Errorf("%s: %s is %v in the ledger but not in the YAML", e.ID, key, value)
				}
			}
		}
	}
}

// A file is read only when one of its ids is asked for.
func TestLazy(t *testing.T) {
	t.Parallel()
	opened := map[string]int{}
	l := ledger.Open(countingFS{notes(t), opened})
	for range 3 {
		l.Lookup("aurora.deletion-protection")
		l.Lookup("aurora.no-such")
		l.Lookup("no-such.id")
	}
	if want := map[string]int{"aurora.yaml": 1, "no-such.yaml": 1}; !reflect.DeepEqual(opened, want) {
		t.Errorf("opened %v, want %v", opened, want)
	}
}

type countingFS struct {
	fs.FS
	opened map[string]int
}

func (c countingFS) Open(name string) (fs.File, error) {
	c.opened[name]++
	return c.FS.Open(name)
}

func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	good := "# Comment.\n- id: \"s.a\"\n  kind: \"rule\"\n  strength: \"must\"\n  section: \"01. X\"\n  lines: \"1\"\n  statement: \"A.\"\n"
	for name, tc := range map[string]struct{ file, err string }{
		"unknown key":  {good + "  quot: \"x\"\n", "unknown field"},
		"not JSON":     {"- id: \"s.a\"\n  kind: [\n", `entry "s.a"`},
		"other layout": {good + "  # comment\n", "not in the form"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := ledger.Open(fstest.MapFS{"s.yaml": {Data: []byte(tc.file)}})
			if _, err := l.Entries("s"); err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("error %v, want one with %q", err, tc.err)
			}
			if _, ok := l.Lookup("s.a"); ok {
				t.Error("Lookup found an entry that cannot be read")
			}
		})
	}
	l := ledger.Open(fstest.MapFS{"s.yaml": {Data: []byte(good)}})
	if got, err := l.Entries("s"); err != nil || len(got) != 1 || got[0].Statement != "A." {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := l.Entries("t"); err == nil {
		t.Error("no error for an unknown system")
	}
}

// BenchmarkCitations looks up what a render of a large blueprint cites: 120
// ids of 12 systems, from a cold ledger.
func BenchmarkCitations(b *testing.B) {
	fsys := notes(b)
	var ids []string
	all := ledger.Open(fsys)
	for _, s := range []string{"vpc", "vpc-endpoint", "alb", "acm", "route53", "cloudfront", "waf", "ecs-fargate", "ecr", "aurora", "rds", "elasticache-redis"} {
		entries, err := all.Entries(s)
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range entries[:min(10, len(entries))] {
			ids = append(ids, e.ID)
		}
	}
	b.ReportMetric(float64(len(ids)), "ids")
	for b.Loop() {
		l := ledger.Open(fsys)
		for _, id := range ids {
			if _, ok := l.Lookup(id); !ok {
				b.Fatal(id)
			}
		}
	}
}

// TestFaults holds that ids that nobody would find, entries that cannot be read and
// wrong lines of the tables are told, each with its line.
func TestFaults(t *testing.T) {
	t.Parallel()
	rest := "  lines: \"1\"\n  statement: \"A.\"\n"
	l := ledger.Open(fstest.MapFS{
		"a.yaml": {Data: []byte("# head\n- id: \"a.one\"\n" + rest + "- id: \"a.one\"\n" + rest + "- id: \"b.two\"\n- id: \"z.three\"\n- id: \"a\"\n" +
			"- id: \"a.four\"\n  quot: \"x\"\n- id: \"a.five\"\n- id: \"a.six\"\n  lines: \"9-3\"\n  statement: \"A.\"\n")},
		"b.yaml":       {Data: []byte("- id: \"b.one\"\n" + rest)},
		"headings.tsv": {Data: []byte("# head\n\nあ\tA\nあ\tB\nい\n")},
		"links.tsv":    {Data: []byte("1\t1-2\tA\thttps://x.example\n1\t1-2\tA\thttps://x.example\n1\t2-1\tA\thttps://x.example\n1\t1-1\tA\thttp://x.example\n")},
		"pages.tsv":    {Data: []byte("a\thttps://\n")},
		"rules.tsv":    {Data: []byte("a.one\tr\thttps://x.example\na.none\tr\thttps://x.example\n")},
	})
	want := []ledger.Fault{
		{File: "a.yaml", Line: 5, Detail: `The entry "a.one" is already defined on line 2. Change one of the two IDs.`},
		{File: "a.yaml", Line: 8, Detail: `The entry "b.two" belongs in b.yaml.`},
		{File: "a.yaml", Line: 9, Detail: `The entry "z.three" belongs to a system without a file, "z". Add z.yaml, or correct the ID.`},
		{File: "a.yaml", Line: 10, Detail: `The ID "a" does not have the form system.name.`},
		{File: "a.yaml", Line: 11, Detail: `The entry "a.four" cannot be read: unknown field "quot".`},
		{File: "a.yaml", Line: 14, Detail: `The entry "a.six" has the lines "9-3"; write them as 12, 12-20 or 12,15.`},
		{File: "headings.tsv", Line: 4, Detail: `"あ" already has a line. Remove one of the two.`},
		{File: "headings.tsv", Line: 5, Detail: "Each line has 2 fields with a tab between them, none empty; this one has 1."},
		{File: "pages.tsv", Line: 1, Detail: `"https://" is not an address that begins with https://.`},
		{File: "links.tsv", Line: 2, Detail: "Line 1 of the notes already links to https://x.example in a line above. Remove one of the two."},
		{File: "links.tsv", Line: 3, Detail: `A link has a line, such as 12, and the lines that it is about, such as 10-20, not "1" and "2-1".`},
		{File: "links.tsv", Line: 4, Detail: `"http://x.example" is not an address that begins with https://.`},
		{File: "rules.tsv", Line: 2, Detail: `The rule r cites "a.none", an entry that the notes do not have. Correct the ID in the rule.`},
	}
	got := l.Faults()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("fault %d:\ngot  %v\nwant %v", i, got[min(i, len(got)):], want[min(i, len(want)):])
		}
	}
	if faults := ledger.Open(notes(t)).Faults(); len(faults) > 0 {
		t.Errorf("the project's copy has faults: %v", faults)
	}
}
