package choose

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

const long = "1234567890123456789012345678901234567890.12345678901234567890123456789"

func number(t *testing.T, s string) cty.Value {
	t.Helper()
	v, err := cty.ParseNumberVal(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFiles(t *testing.T) {
	t.Parallel()
	s, null := cty.StringVal, cty.NullVal(cty.DynamicPseudoType)
	abc := map[string]cty.Value{
		"a": s("text"), "b": cty.True, "c": number(t, long), "d": cty.TupleVal([]cty.Value{cty.NumberIntVal(1), s("x")}),
		"e": cty.ObjectVal(map[string]cty.Value{"k": null}), "f": s("日本 ${x}"),
	}
	tests := map[string]struct {
		ext, src string
		want     map[string]cty.Value
		err      string // part of the diagnostics
	}{
		"hcl":           {".hcl", "a = \"text\"\nb = true\nc = " + long + "\nd = [1, \"x\"]\ne = { k = null }\nf = \"日本 $${x}\"\n", abc, ""},
		"json":          {".json", `{"a": "text", "b": true, "c": ` + long + `, "d": [1, "x"], "e": {"k": null}, "f": "日本 ${x}"}`, abc, ""},
		"yaml":          {".yaml", "# options\na: text\nb: true\nc: " + long + "\nd:\n- 1\n- x\ne:\n  k:\nf: 日本 ${x}\n", abc, ""},
		"yaml flow":     {".yml", "{a: text, b: true, c: " + long + ", d: [1, x], e: {k: null}, f: '日本 ${x}'}", abc, ""},
		"hcl crlf bom":  {".hcl", "\ufeffa = 1\r\nb = 2\r\n", map[string]cty.Value{"a": cty.NumberIntVal(1), "b": cty.NumberIntVal(2)}, ""},
		"json crlf bom": {".json", "\ufeff{\r\n\"a\": 1}\r\n", map[string]cty.Value{"a": cty.NumberIntVal(1)}, ""},
		"yaml crlf bom": {".yaml", "\ufeffa: 1\r\nb: 2\r\n", map[string]cty.Value{"a": cty.NumberIntVal(1), "b": cty.NumberIntVal(2)}, ""},
		"empty hcl":     {".hcl", "", nil, ""},
		"empty yaml":    {".yaml", "", nil, ""},
		"comment yaml":  {".yaml", "# nothing\n", nil, ""},
		"empty object":  {".json", "{}", nil, ""},
		"yaml numbers": {".yaml", "a: 0x1F\nb: 0o17\nc: 0b11\nd: -1_000\ne: 1e3\nf: +7\ng: 0\nh: 1.10\ni: 9007199254740993\nj: 123456789012345678901234567890\n",
			map[string]cty.Value{"a": cty.NumberIntVal(31), "b": cty.NumberIntVal(15), "c": cty.NumberIntVal(3), "d": cty.NumberIntVal(-1000), "e": cty.NumberIntVal(1000), "f": cty.NumberIntVal(7), "g": cty.NumberIntVal(0), "h": number(t, "1.1"), "i": number(t, "9007199254740993"), "j": number(t, "123456789012345678901234567890")}, ""},
		"yaml strings": {".yaml", "a: 'yes'\nb: no\nc: \"6\"\nd: !!str 6\ne: |\n  two\n  lines\nf: ~\n",
			map[string]cty.Value{"a": s("yes"), "b": s("no"), "c": s("6"), "d": s("6"), "e": s("two\nlines\n"), "f": null}, ""},

		"hcl twice":      {".hcl", "a = 1\na = 2\n", nil, "Attribute redefined"},
		"json twice":     {".json", `{"a": 1, "a": 2}`, nil, "Duplicate attribute"},
		"yaml twice":     {".yaml", "a: 1\na: 2\n", nil, `already defined`},
		"json nested":    {".json", `{"a": {"b": 1, "b": 2}}`, nil, "already defined"},
		"yaml nested":    {".yaml", "a: {b: 1, b: 2}\n", nil, "already defined"},
		"hcl nested":     {".hcl", "a = {b = 1, b = 2}\n", nil, "Duplicate key"},
		"hcl block":      {".hcl", "option \"a\" {\n}\n", nil, "Unexpected \"option\" block"},
		"hcl reference":  {".hcl", "a = var.x\n", nil, "Not a literal"},
		"hcl call":       {".hcl", "a = upper(\"x\")\n", nil, "Not a literal"},
		"hcl malformed":  {".hcl", "a = [1,\n", nil, "o.hcl"},
		"json malformed": {".json", `{"a": 1,`, nil, "o.json"},
		"yaml malformed": {".yaml", "a: [1,\nb: {\n", nil, "Not valid YAML"},
		"json list":      {".json", "\n[{\"a\": 1}]", nil, "Not an object"},
		"json text":      {".json", `"a"`, nil, "o.json"},
		"yaml list":      {".yaml", "- a\n- b\n", nil, "Not a mapping"},
		"yaml text":      {".yaml", "hello\n", nil, "Not a mapping"},
		"yaml documents": {".yaml", "a: 1\n---\nb: 2\n---\nc: 3\n", nil, "More than one document"},
		"yaml alias":     {".yaml", "a: &x [1]\nb: *x\n", nil, "Aliases are not supported"},
		"yaml merge":     {".yaml", "a: &x {b: 1}\nc:\n  <<: *x\n", nil, "Aliases are not supported"},
		"yaml tag":       {".yaml", "a: !!binary aGk=\n", nil, "Tags are not supported"},
		"yaml nan":       {".yaml", "a: .nan\n", nil, "Not a value"},
		"yaml infinity":  {".yaml", "a: .inf\n", nil, "Not a value"},
		"not utf-8":      {".yaml", "a: caf\xe9\n", nil, "Not UTF-8"},
		"binary":         {".json", "{\x00}", nil, "Not a text file"},
		"kind":           {".toml", "a = 1\n", nil, "Unknown type"},
		"deep hcl":       {".hcl", "a = " + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000), nil, "Nested too deeply"},
		"deep json":      {".json", `{"a":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + "}", nil, "Nested too deeply"},
		"deep yaml":      {".yaml", "a: " + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000), nil, "Nested too deeply"},
		"deep yaml list": {".yaml", "a:\n  " + strings.Repeat("- ", 50_000) + "x", nil, "Nested too deeply"},
		"huge yaml":      {".yaml", "a: [1e99999]\n", nil, "Number out of range"},
		"huge hcl":       {".hcl", "a = { b = 1e-99999 }\n", nil, "Number out of range"},
		"huge exponent":  {".json", `{"a": 1e999999999}`, nil, "Number out of range"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "o"+tt.ext)
			if err := os.WriteFile(file, []byte(tt.src), 0o600); err != nil {
				t.Fatal(err)
			}
			inputs, sources, diags := readFile(file)
			if tt.err != "" {
				text := ""
				for _, d := range diags {
					text += fmt.Sprintf("%v: %s: %s\n", d.Subject, d.Summary, d.Detail)
				}
				if !diags.HasErrors() || !strings.Contains(text, tt.err) {
					t.Fatalf("want %q, got %q", tt.err, text)
				}
				return
			}
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if len(inputs) != len(tt.want) {
				t.Errorf("%d inputs, want %d", len(inputs), len(tt.want))
			}
			for _, in := range inputs {
				if want := tt.want[in.Name]; want == cty.NilVal || !in.Value.RawEquals(want) {
					t.Errorf("%s: got %#v, want %#v", in.Name, in.Value, want)
				}
				if in.Source != "o"+tt.ext || in.Range == nil || in.Range.Filename != file || in.Range.Start.Line < 1 {
					t.Errorf("%s: source %q, range %v", in.Name, in.Source, in.Range)
				}
				if sources[file] == nil {
					t.Error("no source for snippets")
				}
			}
		})
	}
}

// TestYAMLAliasBomb needs a few lines for 10^9 values.
func TestYAMLAliasBomb(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), i-1)
	}
	_, diags := parseYAML("bomb.yaml", []byte(b.String()))
	if !diags.HasErrors() || diags[0].Summary != "Aliases are not supported" {
		t.Errorf("got %v", diags)
	}
}

// TestHugeFile holds that a sparse file of 100 MB is refused by its size.
func TestHugeFile(t *testing.T) {
	t.Parallel()
	for _, ext := range []string{".hcl", ".yaml", ".json"} {
		file := filepath.Join(t.TempDir(), "huge"+ext)
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(100 << 20); err != nil {
			t.Fatal(err)
		}
		f.Close() // Nothing was written.
		_, _, diags := readFile(file)
		if !diags.HasErrors() || diags[0].Summary != "File too large" || !strings.Contains(diags[0].Detail, "100 MiB") {
			t.Errorf("%s: got %v", ext, diags)
		}
	}
}

func TestSets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sets []string
		want map[string]string
		err  string
	}{
		"none":         {nil, nil, ""},
		"two":          {[]string{"a=1", "b = x=y "}, map[string]string{"a": "1", "b": " x=y "}, ""},
		"empty value":  {[]string{"a="}, map[string]string{"a": ""}, ""},
		"commas":       {[]string{`a=["x","y"]`}, map[string]string{"a": `["x","y"]`}, ""},
		"no value":     {[]string{"a"}, nil, "Not a setting"},
		"no name":      {[]string{"=a"}, nil, "Not a setting"},
		"twice":        {[]string{"a=1", "a=1"}, nil, "Duplicate option"},
		"deep":         {[]string{"a=" + strings.Repeat("[", 60_000)}, nil, "Nested too deeply"},
		"chain":        {[]string{"a=" + strings.Repeat("!", 60_000)}, nil, "Expression too long"},
		"not utf-8":    {[]string{"a=\xff"}, nil, "Not UTF-8"},
		"all together": {[]string{"a", "=b", "c=1", "c=2"}, nil, "Duplicate option"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inputs, diags := parseSets(tt.sets)
			if tt.err != "" {
				if !strings.Contains(fmt.Sprint(diags.Errs()), tt.err) {
					t.Errorf("got %v, want %s", diags, tt.err)
				}
				return
			}
			if diags.HasErrors() || len(inputs) != len(tt.want) {
				t.Fatalf("%v %v", inputs, diags)
			}
			for _, in := range inputs {
				if w, ok := tt.want[in.Name]; !ok || w != in.Raw || in.Source != "--set" || in.Value != cty.NilVal {
					t.Errorf("%+v, want %q", in, w)
				}
			}
		})
	}
}

// FuzzYAMLNumber holds that a whole number keeps every digit.
func FuzzYAMLNumber(f *testing.F) {
	for _, s := range []string{"0", "1", "-5", "9007199254740993", "010", "0x1f", "+3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i, r := range s {
			if r < '0' || r > '9' || i == 0 && r == '0' && len(s) > 1 {
				return
			}
		}
		if s == "" || len(s) > 140 {
			return
		}
		inputs, diags := parseYAML("x.yaml", []byte("a: "+s+"\n"))
		if diags.HasErrors() {
			t.Fatalf("%s: %v", s, diags)
		}
		want, _ := new(big.Int).SetString(s, 10)
		got, _ := inputs[0].Value.AsBigFloat().Int(nil)
		if got.Cmp(want) != 0 {
			t.Errorf("%s became %s", s, got)
		}
	})
}

// A second document used to be dropped without a word.
func TestYAMLDocuments(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"o: 1\n---\no: 2\n", "o: 1\n--- \no: 2", "o: 1\r\n---\r\no: 2\r\n", "--- {o: 1}\n--- {o: 2}\n", "o: 1\n...\no: 2\n",
		"o: 1\n...\n# c\n---\no: 2\n", "---\no: 1\n---\n", "---\n# c\n---\no: 1\n", "o: 1\n--- {o: 2}\n",
	} {
		if _, diags := parseYAML("o.yaml", []byte(text)); len(diags) != 1 || diags[0].Summary != "More than one document" || diags[0].Subject.Start.Line < 2 {
			t.Errorf("%q: %v", text, diags)
		}
	}
	for _, text := range []string{"o: 1\n", "---\no: 1\n", "# c\n---\no: 1\n...\n", "o: 1\n---\n", "o: 1\n---\n# c\n", "o: |\n  a\n  ---\n  b\n", "--- {o: 1}\n", "o: ---\n"} {
		if in, diags := parseYAML("o.yaml", []byte(text)); len(diags) > 0 || len(in) != 1 {
			t.Errorf("%q: %v %v", text, in, diags)
		}
	}
}
