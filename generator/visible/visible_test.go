package visible_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/bpgen/bpgen/generator/visible"
)

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                       "",
		"plain\n\ttext":          "plain\n\ttext",
		"größer — \u4f60":        "größer — \u4f60",
		"a\x1b[31mb":             `a\x1b[31mb`,
		"\x1b]52;c;eA==\x07":     `\x1b]52;c;eA==\x07`,
		"nul\x00 del\x7f":        `nul\x00 del\x7f`,
		"a\r\nb\rc":              `a\r` + "\n" + `b\rc`,
		"\u009b31m":              "<U+009B>31m",
		"a\u202eb\u2066c\u2069d": "a<U+202E>b<U+2066>c<U+2069>d",
		"\u061c\u200e\u200f":     "<U+061C><U+200E><U+200F>",
		"\u2028\u2029\ufeff":     "<U+2028><U+2029><U+FEFF>",
		"\U000e0041":             "<U+E0041>",
		"e\u0301 \u200d":         "e\u0301 \u200d",
		"\xff\xc2":               `\xff\xc2`,
	} {
		if got := visible.Text(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	in := map[string]string{"a": "\x00\x1b\x7f\u009b\u202e\u2028\U000e0041 <&> ü\n"}
	doc, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	got := visible.JSON(doc)
	var back map[string]string
	if err := json.Unmarshal(got, &back); err != nil || back["a"] != in["a"] {
		t.Errorf("%s became %q: %v", got, back["a"], err)
	}
	if strings.ContainsFunc(string(got), visible.Hidden) {
		t.Errorf("%q", got)
	}
}

func TestWriter(t *testing.T) {
	t.Parallel()
	red, off := visible.Paint("k3y", "1;31"), visible.Paint("k3y", "0")
	for in, want := range map[string]string{
		red + "a" + off:                "\x1b[1;31ma\x1b[0m",
		red + "\x1b[2J" + off:          "\x1b[1;31m" + `\x1b[2J` + "\x1b[0m",
		"\x1b[31mforged":               `\x1b[31mforged`,
		visible.Paint("other", "31"):   `\x1bother[31m`,
		visible.Paint("k3y", "2J\x07"): `2J\x07m`,
	} {
		var b strings.Builder
		n, err := visible.NewWriter(&b, "k3y").Write([]byte(in))
		if n != len(in) || err != nil || b.String() != want {
			t.Errorf("%q: got %q, %d, %v, want %q", in, b.String(), n, err, want)
		}
	}
	var b strings.Builder
	if _, err := visible.NewWriter(&b, "").Write([]byte("\x1b[31m")); err != nil || b.String() != `\x1b[31m` {
		t.Errorf("without a key: %q, %v", b.String(), err)
	}
}

// FuzzText: whatever comes in, nothing hidden comes out, and what was plain stays.
func FuzzText(f *testing.F) {
	f.Add("a\x1b[31m\u202e\xff\n")
	f.Fuzz(func(t *testing.T, s string) {
		got := visible.Text(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, visible.Hidden) {
			t.Errorf("%q became %q", s, got)
		}
		var b strings.Builder
		if _, err := visible.NewWriter(&b, "k3y").Write([]byte(s)); err != nil || !strings.Contains(s, "k3y") && b.String() != got {
			t.Errorf("the writer wrote %q, not %q: %v", b.String(), got, err)
		}
	})
}
