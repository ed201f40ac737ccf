package generator_test

import (
	"bufio"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// To read what users read: go test ./generator -run TestWords$ -v -sample 500 -seed 7.
var (
	sampleSize = flag.Int("sample", 0, "print so many texts for users, drawn by -seed")
	sampleSeed = flag.Uint64("seed", 1, "seed of -sample")
)

// A phrase is something that a user may read, and where it is.
type phrase struct{ place, text string }

// A ban is a line of testdata/words.txt.
type ban struct {
	pattern, unless *regexp.Regexp
	instead, why    string
}

// unread lists trees whose texts are quotes, derived, for tests only, or records of decisions.
var unread = regexp.MustCompile(`^(\.git|bin|dist|examples|acceptance/.*|blueprints/notes|generator/internal|generator/provider/docs|generator/adr|generator/(schema|ledger|functions|home|object)/gen)$|(^|/)testdata$|^generator/cli/shell/shelltest$`)

// TestWords finds words of testdata/words.txt in what users read: strings of Go,
// options, variables, messages and comments of blueprints and templates, and
// documents.
func TestWords(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: it reads all text that there is, and nothing at once")
	}
	all := phrases(t, os.DirFS(".."))
	for _, kind := range []string{"generator/resolve/resolve.go:", "templates/network/variables.tf:", "blueprints/ecs-fargate/blueprint.hcl:", "README.md:", "GNUmakefile:", "templates/waf/runbooks/rules.md:"} {
		if !containsPlace(all, kind) {
			t.Errorf("no text of %s is read", kind)
		}
	}
	for _, fault := range banned(all, bans(t)) {
		t.Error(fault)
	}
	if *sampleSize > 0 {
		drawn, of := draw(all, *sampleSize, *sampleSeed)
		t.Logf("%d of %d different texts with four words or more", len(drawn), of)
		for _, p := range drawn {
			t.Logf("%s %s", p.place, p.text)
		}
	}
}

// draw returns n texts that can be read as English: prose of four words or more,
// each once, however many places have it. It also says how many there are.
func draw(all []phrase, n int, seed uint64) ([]phrase, int) {
	var distinct []phrase
	seen := map[string]bool{}
	for _, p := range all {
		if !seen[p.text] && len(word.FindAllString(p.text, 4)) == 4 && !notProse.MatchString(p.text) {
			seen[p.text] = true
			distinct = append(distinct, p)
		}
	}
	r := rand.New(rand.NewPCG(seed, 0))
	r.Shuffle(len(distinct), func(i, j int) { distinct[i], distinct[j] = distinct[j], distinct[i] })
	return distinct[:min(n, len(distinct))], len(distinct)
}

// notProse matches examples of code and commands, regular expressions and lists of
// names, which nobody reads as English.
var notProse = regexp.MustCompile(`^((resource|data) "|bpgen [a-z]|# Bash|(aws_[a-z0-9_]+ ?)+$|(\w+/\w+ ){3})|\.\*`)

// word is a word of a text, or what is quoted in its place.
var word = regexp.MustCompile(`(^|[ (])([A-Za-z][a-z']*|%[a-z])`)

// TestWordsFinds shows that each kind of text is read, and that code is not.
func TestWordsFinds(t *testing.T) {
	t.Parallel()
	got := banned(phrases(t, fstest.MapFS{
		"generator/a/a.go":                 {Data: []byte("package a\n\nvar s = \"the output \" +\n\t\"folder is sick\"\n")},
		"generator/a/a_test.go":            {Data: []byte("package a\n\nvar s = \"the output folder\"\n")},
		"templates/a/variables.tf":         {Data: []byte("variable \"a\" {\n  description = \"Directory.\" # mend it\n  validation {\n    condition     = true\n    error_message = \"Pay ${var.a} for ever.\"\n  }\n}\n")},
		"templates/a/runbooks/r.md":        {Data: []byte("# A\n\nLook into `folder`.\n\n```sh\ncd folder\n```\n")},
		"blueprints/notes/a.yaml":          {Data: []byte("- statement: the folder\n")},
		"generator/a/testdata/x/README.md": {Data: []byte("the folder\n")},
		"GNUmakefile":                      {Data: []byte("a: ## make the folder anew\n\tcd folder\n")},
	}), bans(t))
	want := []string{
		"GNUmakefile:1: \"folder\"", "GNUmakefile:1: \"anew\"",
		"generator/a/a.go:3: \"folder\"", "generator/a/a.go:3: \"sick\"",
		"templates/a/runbooks/r.md:3: \"Look into\"",
		"templates/a/variables.tf:2: \"mend\"", "templates/a/variables.tf:5: \"for ever\"",
	}
	for _, w := range want {
		if n := strings.Count(strings.Join(got, "\n"), w); n != 1 {
			t.Errorf("found %d times: %s", n, w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d faults, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
}

func containsPlace(all []phrase, start string) bool {
	for _, p := range all {
		if strings.HasPrefix(p.place, start) {
			return true
		}
	}
	return false
}

// bans reads testdata/words.txt.
func bans(t *testing.T) []ban {
	t.Helper()
	src, err := os.ReadFile("testdata/words.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []ban
	for i, line := range strings.Split(string(src), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, " | ")
		if len(cells) < 3 || len(cells) > 4 {
			t.Fatalf("testdata/words.txt:%d: want pattern | instead | why | unless", i+1)
		}
		b := ban{pattern: regexp.MustCompile(`(?i)\b(?:` + cells[0] + `)\b`), instead: cells[1], why: cells[2]}
		if len(cells) == 4 {
			b.unless = regexp.MustCompile(`(?i)` + cells[3])
		}
		out = append(out, b)
	}
	return out
}

// banned returns a line for each text and word that are at odds.
func banned(all []phrase, list []ban) (faults []string) {
	for _, p := range all {
		for _, b := range list {
			for _, at := range b.pattern.FindAllStringIndex(p.text, -1) {
				around := p.text[max(0, at[0]-25):min(len(p.text), at[1]+25)]
				if b.unless != nil && b.unless.MatchString(around) {
					continue
				}
				faults = append(faults, fmt.Sprintf("%s: %q: say %s (%s): %s", p.place, p.text[at[0]:at[1]], b.instead, b.why, p.text))
			}
		}
	}
	return faults
}

// phrases returns what users may read in a tree.
func phrases(t *testing.T, root fs.FS) (all []phrase) {
	t.Helper()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if unread.MatchString(name) || triedOut(root, name) {
				return fs.SkipDir
			}
			return nil
		}
		read := reader(name)
		if read == nil {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		for _, p := range read(t, name, src) {
			if p.text = strings.Join(strings.Fields(code.ReplaceAllString(p.text, "``")), " "); strings.Contains(p.text, " ") {
				all = append(all, p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// code is what a text quotes: names, not words.
var code = regexp.MustCompile("`[^`\n]*`")

// reader returns how the texts of a file are found, nil for a file without any.
func reader(name string) func(*testing.T, string, []byte) []phrase {
	base, ext := path.Base(name), path.Ext(name)
	switch {
	case ext == ".go" && !strings.HasSuffix(base, "_test.go"):
		return ofGo
	case ext == ".tf" || ext == ".hcl":
		return ofHCL
	case ext == ".md":
		return ofMarkdown
	case base == "GNUmakefile":
		return ofMake
	}
	return nil
}

// ofGo returns the string literals that have more than one word. Parts of a sum
// are one text.
func ofGo(t *testing.T, name string, src []byte) (out []phrase) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok && f.Tag != nil {
			return false
		}
		if e, ok := n.(ast.Expr); ok {
			if text, ok := literal(e); ok {
				out = append(out, phrase{name + ":" + strconv.Itoa(fset.Position(n.Pos()).Line), text})
				return false
			}
		}
		_, imports := n.(*ast.ImportSpec)
		return !imports
	})
	return out
}

// literal returns the text of a literal or of a sum with one.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, one := literal(e.X)
		right, other := literal(e.Y)
		return left + right, e.Op == token.ADD && (one || other)
	}
	return "", false
}

// ofHCL returns the strings that have more than one word, and the comments
// without ids of the notes and orders to tools.
func ofHCL(t *testing.T, name string, src []byte) (out []phrase) {
	t.Helper()
	tokens, diags := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var text strings.Builder
	var last hcl.Pos // where a comment goes on if it is one of several lines
	for _, tok := range tokens {
		place := name + ":" + strconv.Itoa(tok.Range.Start.Line)
		switch tok.Type {
		case hclsyntax.TokenComment:
			comment := strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(string(tok.Bytes), "#"), "//"), " ")
			plain := orders.ReplaceAllString(comment, "")
			if at := tok.Range.Start; at.Line == last.Line && at.Column == last.Column && plain == comment {
				out[len(out)-1].text += " " + plain
			} else {
				out = append(out, phrase{place, plain})
			}
			last = hcl.Pos{Line: tok.Range.Start.Line + 1, Column: tok.Range.Start.Column}
		case hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit:
			text.Write(tok.Bytes)
		case hclsyntax.TokenTemplateInterp:
			text.WriteString("`")
		case hclsyntax.TokenTemplateSeqEnd:
			text.WriteString("`")
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			out = append(out, phrase{place, text.String()})
			text.Reset()
		}
	}
	return out
}

// orders are what a comment says to tools: ids of the notes, directives, checks to skip.
var orders = regexp.MustCompile(`^((notes|departs): ?([a-z0-9-]+\.[a-z0-9-]+,? ?)*|why: |bpgen:(if|end|ignore).*|trivy:ignore:\S+ |checkov:skip=\w+:)`)

// ofMarkdown returns the paragraphs, list items, headings and rows of tables
// outside of fenced code, so that a phrase is found where a line ends within it.
func ofMarkdown(_ *testing.T, name string, src []byte) (out []phrase) {
	lines, fenced, open := bufio.NewScanner(strings.NewReader(string(src))), false, false
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case strings.HasPrefix(line, "```"):
			fenced, open = !fenced, false
		case fenced:
		case line == "" || strings.HasPrefix(line, "<!--"):
			open = false
		case open && !begins.MatchString(line):
			out[len(out)-1].text += " " + line
		default:
			out = append(out, phrase{name + ":" + strconv.Itoa(n), line})
			open = !strings.HasPrefix(line, "#")
		}
	}
	return out
}

// begins matches the line of a heading, a list item or a row.
var begins = regexp.MustCompile(`^(#|[-*] |\d+\. |\|)`)

// ofMake returns what make help prints.
func ofMake(_ *testing.T, name string, src []byte) (out []phrase) {
	for i, line := range strings.Split(string(src), "\n") {
		if _, help, ok := strings.Cut(line, "## "); ok {
			out = append(out, phrase{name + ":" + strconv.Itoa(i+1), help})
		}
	}
	return out
}
