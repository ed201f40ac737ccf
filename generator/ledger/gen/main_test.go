package main

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/blueprints"
)

func TestConvert(t *testing.T) {
	t.Parallel()
	in := `- id: s.a
  kind: rule
  strength: must
  section: 01. X › 設定
  lines: '1'
  quote: '設定する。'
  statement: A <b> & "c".
  value:
    z: [1, true, null, 2.5]
    a: x
  terraform: []
  caveat: 'two
    lines: one'
`
	want := header + `- id: "s.a"
  kind: "rule"
  strength: "must"
  section: "01. X › 設定"
  lines: "1"
  statement: "A <b> & \"c\"."
  value: {"z": [1, true, null, 2.5], "a": "x"}
  caveat: "two lines: one"
`
	got, err := convert("s", []byte(in))
	if err != nil || string(got) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
	if _, err := convert("other", []byte(in)); err == nil || !strings.Contains(err.Error(), "does not start with its system") {
		t.Errorf("error %v for an id of another system", err)
	}
	if _, err := convert("s", []byte(in+"  extra: 1\n")); err == nil {
		t.Error("no error for an unknown key")
	}
}

// A link is about its section, or of its row or its line of code alone; what is no page
// to read is left out.
func TestLinks(t *testing.T) {
	t.Parallel()
	in := "## One\n\nText https://a.example.org/x?y=1・ and https://b.example.org/（z）.\n\n" +
		"| row | ref：https://c.example.org<br>・https://d.example.org/#e |\n\n" +
		"```bash\n# no heading https://f.example.org\n```\n\n" +
		"## Two\n![p](https://raw.githubusercontent.com/p.png) https://#{host}:443/#{path} https://example.com?a=1 https://\nhttp://g.example.org\n"
	want := []link{
		{3, 1, 10, "One", "https://a.example.org/x?y=1"},
		{3, 1, 10, "One", "https://b.example.org/（z"},
		{5, 5, 5, "One", "https://c.example.org"},
		{5, 5, 5, "One", "https://d.example.org/#e"},
		{8, 8, 8, "One", "https://f.example.org"},
		{13, 11, 14, "Two", "http://g.example.org"},
	}
	if got := linksOf([]byte(in)); !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

// The table of the rules' pages in the project is what the rules say today.
func TestRulesTable(t *testing.T) {
	t.Parallel()
	have, err := fs.ReadFile(blueprints.FS, "notes/rules.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if want := rulesTable(allRules()); string(have) != string(want) {
		t.Error("blueprints/notes/rules.tsv is not what the rules say; run go run ./generator/ledger/gen")
	}
}
