package columns_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bpgen/bpgen/generator/columns"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text  string
		width int
		want  string
	}{
		"nothing":             {"", 10, ""},
		"fits":                {"one two", 7, "one two"},
		"breaks at a blank":   {"one two three", 8, "one two|three"},
		"no width":            {"one two three", 0, "one two three"},
		"lines stay":          {"one\n\ntwo three", 5, "one||two|three"},
		"names stay whole":    {"see vpc-endpoint.egress-method", 26, "see|vpc-endpoint.egress-method"},
		"a name is too long":  {"see vpc-endpoint.egress-method", 20, "see vpc-|endpoint.egress-|method"},
		"too long a word":     {"abcdefghij k", 4, "abcd|efgh|ij k"},
		"indented":            {"  one two three", 9, "  one two|  three"},
		"indented too far":    {"      one two", 8, "one two"},
		"wide characters":     {"日本語の文章", 6, "日本語|の文章"},
		"no comma begins":     {"日本語、文章", 6, "日本|語、文|章"},
		"wide and not":        {"a 日本 b", 5, "a 日|本 b"},
		"combined characters": {"e\u0301e\u0301e\u0301 x", 3, "e\u0301e\u0301e\u0301|x"},
		"what is hidden":      {"a\x1b[31mb c", 10, `a\x1b[31mb|c`},
		"before a path":       {"is in .bpgen or /etc", 6, "is in|.bpgen|or|/etc"},
		"a no-break space":    {"one two\u00a0three", 10, "one|two\u00a0three"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(columns.Wrap(tt.text, tt.width), "|"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// loud shows where paint begins and ends.
func loud(s string) string { return "<" + s + ">" }

func TestFlow(t *testing.T) {
	t.Parallel()
	cells := []columns.Cell{{Text: "name"}, {Text: "a type", Paint: loud}, {}, {Text: "default of several words"}}
	for width, want := range map[int]string{
		0:  "* name  <a type>  default of several words\n",
		80: "* name  <a type>  default of several words\n",
		30: "* name  <a type>\n    default of several words\n",
		20: "* name  <a type>\n    default of\n    several words\n",
		12: "* name\n    <a type>\n    default\n    of\n    several\n    words\n",
	} {
		if got := columns.Flow("* ", "    ", width, cells...); got != want {
			t.Errorf("at %d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
	if got, want := columns.Flow("", "  ", 10, columns.Cell{Text: "one two three", Paint: loud}, columns.Cell{Text: "x"}), "<one two>\n  <three>\n  x\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParagraph(t *testing.T) {
	t.Parallel()
	cells := []columns.Cell{{Text: "Error:", Paint: loud}, columns.Plain(" one two "), {Text: "three four", Paint: loud}, {}, columns.Plain(".\n  indented lines stay so")}
	for width, want := range map[int]string{
		0:  "<Error:> one two <three four>.\n  indented lines stay so\n",
		80: "<Error:> one two <three four>.\n  indented lines stay so\n",
		12: "<Error:> one\ntwo <three>\n<four>.\n  indented\n  lines stay\n  so\n",
	} {
		if got := columns.Paragraph(width, cells...); got != want {
			t.Errorf("at %d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
	if got := columns.Paragraph(0, columns.Plain("a\x1bb"), columns.Cell{Text: "c", Paint: loud}); got != "a\\x1bb<c>\n" {
		t.Errorf("got %q", got)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	rows := [][]columns.Cell{
		{{Text: "a"}, {Text: "日本", Paint: loud}, {Text: "the last one is wrapped where it has room"}},
		{{Text: "bbb"}, {Text: "c"}},
		columns.Cells("", "", "d"),
	}
	for width, want := range map[int]string{
		0:  "  a    <日本>  the last one is wrapped where it has room\n  bbb  c\n             d\n",
		40: "  a    <日本>  the last one is wrapped\n             where it has room\n  bbb  c\n             d\n",
		24: "  a    <日本>\n      the last one is\n      wrapped where it\n      has room\n  bbb  c\n             d\n",
	} {
		if got := columns.Table("  ", width, rows); got != want {
			t.Errorf("at %d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
}

// TestTableLongCells: one long cell pushes away only what stands in its own row.
func TestTableLongCells(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 50)
	rows := [][]columns.Cell{columns.Cells("a", long, "end"), columns.Cells("b", "y", "end")}
	if got, want := columns.Table("", 0, rows), "a  "+long+"  end\nb  y  end\n"; got != want {
		t.Errorf("got\n%s", got)
	}
	if got, want := columns.Table("", 40, rows), "a\n    "+long[:36]+"\n    "+long[36:]+"\n    end\nb  y  end\n"; got != want {
		t.Errorf("at 40 columns\n%s", got)
	}
}

// TestTableNarrows: a table that lacks a column or two has less between its columns.
func TestTableNarrows(t *testing.T) {
	t.Parallel()
	rows := [][]columns.Cell{columns.Cells("name", "entries", "rendered")}
	for width, want := range map[int]string{
		23: "name  entries  rendered\n", 22: "name entries rendered\n", 21: "name entries rendered\n", 20: "name  entries\n    rendered\n",
	} {
		if got := columns.Table("", width, rows); got != want {
			t.Errorf("at %d columns: %q, want %q", width, got, want)
		}
	}
}

// FuzzWrap: no line is wider than the width but one of a single character, and
// nothing but blanks gets lost.
func FuzzWrap(f *testing.F) {
	f.Add("see vpc-endpoint.egress-method, 日本語、文章\n  e\u0301 \x1b[31m", 12)
	f.Add("  👩‍👩‍👧 x", 3)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if width < 1 || width > 200 || !utf8.ValidString(text) || strings.Contains(text, "\t") {
			t.Skip()
		}
		lines := columns.Wrap(text, width)
		for _, line := range lines {
			if columns.Width(line) > width && columns.Width(line) > 2 {
				t.Errorf("at %d columns %q is %d wide", width, line, columns.Width(line))
			}
		}
		one := strings.Join(columns.Wrap(text, 0), "")
		if squeeze(strings.Join(lines, "")) != squeeze(one) {
			t.Errorf("%q became %q", one, lines)
		}
	})
}

func squeeze(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), "\n", "") }
