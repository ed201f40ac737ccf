package render

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	source "github.com/yuin/goldmark/text"
)

// readBack parses Markdown and returns what it says, with code between
// backticks, how many cells its tables have, and the kinds of what else it holds.
func readBack(markdown string) (said string, cells int, others []string) {
	src := []byte(markdown)
	doc := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser().Parse(source.NewReader(src))
	var b strings.Builder
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Document, *ast.Paragraph, *tables.Table, *tables.TableHeader, *tables.TableRow:
		case *tables.TableCell:
			if entering {
				cells++
			}
		case *ast.Text:
			if entering {
				b.Write(n.Segment.Value(src))
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		case *ast.CodeSpan:
			b.WriteByte('`')
		default:
			if entering {
				others = append(others, n.Kind().String())
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return "", 0, []string{err.Error()}
	}
	return b.String(), cells, others
}

// TestTextIsOnlyText reads back what nobody may put into a README.
func TestTextIsOnlyText(t *testing.T) {
	for _, words := range []string{
		"`\"`` ` ``<b>`\"`", "__x__", "_x_", "# h", "- i", "* i", "+ i", "1. i", "1) i", "---", "***", "___", "```", "~~~ x", "> q", "=== ",
		"<b>", "<!-- x", "[x](y)", "[x]: y", "![x](y)", "~~x~~", "**x**", "a | b", "`a | b`", `a\`, "`a\\`", `\*x*`, "&lt;b&gt;", "&#60;b&#62;", "<http://a.b>", "``` a ``` `", "``a`b`` <i>",
	} {
		checkText(t, words)
	}
}

func checkText(t *testing.T, words string) {
	t.Helper()
	if _, _, others := readBack(text(words)); others != nil {
		t.Errorf("%q as a paragraph is %q, which holds %q", words, text(words), others)
	}
	for _, cell := range []string{text(words), code(words)} {
		if strings.HasPrefix(cell, "<code>") {
			continue // the one tag of our own
		}
		_, cells, others := readBack("| a | b |\n| --- | --- |\n| " + cell + " | b |\n")
		if others != nil || cells != 4 {
			t.Errorf("%q in a cell is %q, which makes %d cells and holds %q", words, cell, cells, others)
		}
	}
}

// TestCodeIsItself: a piece of code reads as it is, also in a cell.
func TestCodeIsItself(t *testing.T) {
	for _, s := range []string{"a", "a|b", "`a``", "<b>", `\`, `a\*b`, "``", "__x__", "&lt;"} {
		said, cells, others := readBack("| a | b |\n| --- | --- |\n| " + code(s) + " | b |\n")
		if want := "ab`" + s + "`b"; said != want || cells != 4 || others != nil {
			t.Errorf("%q is %q, reads %q with %d cells and %q", s, code(s), said, cells, others)
		}
	}
}

// FuzzText: whatever the words are, Markdown finds nothing but text and code.
func FuzzText(f *testing.F) {
	f.Add("`\"`` ` ``<b>`\"` __x__ # - 1. &lt; \\| | \\` *x* ~~y~~ [z](w)")
	f.Fuzz(func(t *testing.T, words string) { checkText(t, strings.ToValidUTF8(words, "")) })
}
