package ledger_test

import (
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/templates"
)

// table returns the fields of each line of a table of the project.
func table(t testing.TB, name string) [][]string {
	t.Helper()
	content, err := fs.ReadFile(blueprints.FS, "notes/"+name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(content)) {
		if !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(strings.TrimSpace(line), "\t"))
		}
	}
	return out
}

// The links of the notes are all there: 239 pages to read, which is the 252 addresses
// besides pictures less 13 examples and endpoints; 166 of them are AWS's.
func TestLinks(t *testing.T) {
	t.Parallel()
	links, aws := table(t, "links.tsv"), 0
	for _, l := range links {
		u, err := url.Parse(l[3])
		if err != nil || u.Scheme != "https" || u.Host == "" {
			t.Errorf("line %s: %q is no address", l[0], l[3])
			continue
		}
		if u.Host == "docs.aws.amazon.com" || u.Host == "aws.amazon.com" || u.Host == "forums.aws.amazon.com" {
			aws++
		}
	}
	if len(links) != 239 || aws != 166 {
		t.Errorf("%d links, %d to AWS; want 239 and 166", len(links), aws)
	}
}

// Every entry has a title in English, and leads to at least one page of AWS beside what
// the notes link to, which may have moved; the two chapters 22-02 are told apart.
func TestSources(t *testing.T) {
	t.Parallel()
	l := ledger.Open(notes(t))
	ascii := regexp.MustCompile(`^[ -~›]+$`)
	chapters := map[string]bool{}
	used := map[string]bool{}
	for _, system := range l.Systems() {
		entries, err := l.Entries(system)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !ascii.MatchString(e.Title()) || strings.Count(e.Title(), " › ") != strings.Count(e.Section, " › ") {
				t.Errorf("%s: title %q of section %q", e.ID, e.Title(), e.Section)
			}
			chapters[e.Heading()] = true
			if !slices.ContainsFunc(e.Sources(), func(s ledger.Source) bool { return s.AWS() && !strings.HasSuffix(s.From, "of the notes") }) {
				t.Errorf("%s leads to no page of AWS but what the notes link to: %v", e.ID, e.Sources())
			}
			for _, s := range e.Sources() {
				used[s.URL] = true
				if s.Title == "" || strings.Contains(s.Title, "://") || s.AWS() && strings.HasPrefix(s.Title, "docs.aws") {
					t.Errorf("%s: %q has the title %q", e.ID, s.URL, s.Title)
				}
			}
		}
	}
	for _, want := range []string{"22-02 RDS (Aurora)", "22-02 RDS (other than Aurora)", "26 Security Group"} {
		if !chapters[want] {
			t.Errorf("no chapter %q", want)
		}
	}
	unused := 0
	for _, link := range table(t, "links.tsv") {
		if !used[link[3]] {
			unused++
		}
	}
	// Of some sections the ledger has no entry, such as the foreword.
	if unused != 35 {
		t.Errorf("no entry leads to %d links of the notes, want 35", unused)
	}
}

// A link is about its own row or its section, a rule's of the entries that the rule
// cites.
func TestSourcesOf(t *testing.T) {
	t.Parallel()
	l := ledger.Open(notes(t))
	e, ok := l.Lookup("aurora.deletion-protection")
	if !ok {
		t.Fatal("no entry")
	}
	want := []ledger.Source{
		{Title: "Amazon Aurora User Guide: USER_DeleteCluster (ja)", URL: "https://docs.aws.amazon.com/ja_jp/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html#USER_DeletionProtection", From: "line 4532 of the notes"},
		{Title: "Amazon Aurora User Guide: USER_DeleteCluster", URL: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html", From: "rule deletion-protection"},
		{Title: "Amazon RDS API Reference: CreateDBCluster", URL: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html"},
	}
	if !slices.Equal(e.Sources(), want) {
		t.Errorf("got %v\nwant %v", e.Sources(), want)
	}
}

// The links of a chapter are those of its sections, with those of which the ledger has no
// entry; of the two chapters 22-02 each has its own.
func TestLinksOfChapters(t *testing.T) {
	t.Parallel()
	l := ledger.Open(notes(t))
	for chapter, want := range map[string]int{"01": 4, "22-02": 21, "22-02 RDS (Aurora)": 13, "22-02 RDS (other than Aurora)": 10, "26": 1, "99": 0, "": 0} {
		if got := l.Links(chapter); len(got) != want {
			t.Errorf("chapter %q has %d links, want %d: %v", chapter, len(got), want, got)
		}
	}
}

// Every type of resource in the templates has AWS's page.
func TestPages(t *testing.T) {
	t.Parallel()
	pages := map[string]bool{}
	for _, p := range table(t, "pages.tsv") {
		pages[p[0]] = true
	}
	resource := regexp.MustCompile(`(?m)^resource "(aws_\w+)"`)
	err := fs.WalkDir(templates.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".tf") {
			return err
		}
		content, err := fs.ReadFile(templates.FS, path)
		for _, m := range resource.FindAllSubmatch(content, -1) {
			if !pages[string(m[1])] {
				t.Errorf("%s: %s has no page in pages.tsv", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
