package guard_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
)

func TestHCL(t *testing.T) {
	t.Parallel()
	const deep = 20_000
	tests := map[string]struct {
		src  string
		want string // part of the summary; "" for no diagnostics
	}{
		"empty":             {"", ""},
		"bom":               {"\ufeffa = 1\r\n", ""},
		"ordinary":          {"resource \"a\" \"b\" {\n  x = [for k, v in var.y : \"${k}-${v}\"]\n}\n", ""},
		"lists":             {"a = " + strings.Repeat("[", deep) + strings.Repeat("]", deep), "Nested too deeply"},
		"unclosed":          {"a = " + strings.Repeat("[", deep), "Nested too deeply"},
		"lists of a file":   {"a = " + strings.Repeat("[", 499) + strings.Repeat("]", 499), ""},
		"one too deep":      {"a = " + strings.Repeat("[", 501) + strings.Repeat("]", 501), "Nested too deeply"},
		"blocks":            {strings.Repeat("a {\n", deep) + strings.Repeat("}\n", deep), "Nested too deeply"},
		"calls":             {"a = " + strings.Repeat("f(", deep) + strings.Repeat(")", deep), "Nested too deeply"},
		"templates":         {"a = " + strings.Repeat(`"${`, deep) + "x" + strings.Repeat(`}"`, deep), "Nested too deeply"},
		"hidden by strings": {"a = " + strings.Repeat(`["]", `, deep), "Nested too deeply"},
		"hidden by comment": {"a = " + strings.Repeat("[ /* ] */ ", deep), "Nested too deeply"},
		"template ifs":      {"a = \"" + strings.Repeat("%{if a}", deep) + "\"", "Nested too deeply"},
		"template ifs wide": {"a = \"" + strings.Repeat("%{if true}x%{else}y%{endif}", 5000) + "\"", ""},
		"bangs":             {"a = " + strings.Repeat("!", deep) + "true", "Expression too long"},
		"minuses":           {"a = " + strings.Repeat("-", deep) + "1", "Expression too long"},
		"sum":               {"a = 1" + strings.Repeat("+1", deep), "Expression too long"},
		"sum over lines":    {"a = (1" + strings.Repeat("\n+1", deep) + ")", "Expression too long"},
		"conditions":        {"a = " + strings.Repeat("b ? c : ", deep) + "d", "Expression too long"},
		"index chain":       {"a = b" + strings.Repeat("[c]", deep), "Expression too long"},
		"chains at depth":   {"a = " + strings.Repeat("(", 100) + "1" + strings.Repeat(strings.Repeat("+1", 500)+")", 100), "Expression too long"},
		"wide list":         {"a = [" + strings.Repeat("1 + 1, ", 20_000) + "]", ""},
		"wide object":       {"a = {\n" + strings.Repeat("x = [1]\n", 20_000) + "}", ""},
		"many attributes":   {strings.Repeat("a = [1, -2]\n", 20_000), ""},
		"strings only":      {"a = [" + strings.Repeat(`"x", `, 20_000) + "]", ""},
		"many heredocs":     {strings.Repeat("a = <<E\nx\nE\n", 20_000), ""},
		"NUL":               {"a = 1\nb = \x00", "Not a text file"},
		"latin-1":           {"a = \"caf\xe9\"", "Not UTF-8"},
		"too large":         {strings.Repeat("#", guard.MaxSize+1), "File too large"},
		"as large as can":   {strings.Repeat("#", guard.MaxSize), ""},
		"newlines":          {strings.Repeat("\n", guard.MaxSize), "File too large"},
		"quotes":            {strings.Repeat(`"`, guard.MaxSize), "File too large"},
		"empty blocks":      {strings.Repeat("a {}\n", 200_000), "File too large"},
		"numbers":           {"a = [" + strings.Repeat("1,", 500_000) + "]", "File too large"},
		"not a comment":     {"a = <<E\n" + strings.Repeat("# "+strings.Repeat("${a}", 100)+"\n", 600) + "E\n", "File too large"},
		"long heredoc":      {"a = <<E\n" + strings.Repeat("x\n", guard.MaxLines+1) + "E\n", "Text too long"},
		"heredocs":          {strings.Repeat("a = <<E\n"+strings.Repeat("x\n", guard.MaxLines-1)+"E\n", 3), ""},
		"long comments":     {strings.Repeat("# a, b, c; (d)\n", 60_000), ""},
		"long text":         {"a = \"" + strings.Repeat("word ", 190_000) + "\"", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, guard.HCL("x.hcl", []byte(tt.src)), tt.want)
		})
	}
}

func TestYAML(t *testing.T) {
	t.Parallel()
	var indented strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&indented, "%sa:\n", strings.Repeat(" ", i))
	}
	tests := map[string]struct{ src, want string }{
		"ordinary":      {"a: 1\nb:\n- x: [1, 2]\n  y: don't\n", ""},
		"flow":          {"a: " + strings.Repeat("[", 20_000), "Nested too deeply"},
		"flow closed":   {"a: " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "Nested too deeply"},
		"hidden":        {"a: " + strings.Repeat(`["]", `, 20_000), "Nested too deeply"},
		"entries":       {strings.Repeat("- ", 50_000) + "x", "Nested too deeply"},
		"entries, tabs": {strings.Repeat("-\t", 50_000) + "x", "Nested too deeply"},
		"keys":          {strings.Repeat("? ", 50_000) + "x", "Nested too deeply"},
		"indent":        {indented.String(), "Nested too deeply"},
		"NUL":           {"a: \x00", "Not a text file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, guard.YAML("x.yaml", []byte(tt.src)), tt.want)
		})
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ src, want string }{
		"ordinary": {`{"a": [1, {"b": "[[[\"{{{"}]}`, ""},
		"arrays":   {strings.Repeat("[", 20_000), "Nested too deeply"},
		"objects":  {strings.Repeat(`{"a":`, 20_000), "Nested too deeply"},
		"hidden":   {strings.Repeat(`["]\"]", `, 20_000), "Nested too deeply"},
		"wide":     {"[" + strings.Repeat("[1],", 20_000) + "1]", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, guard.JSON("x.json", []byte(tt.src)), tt.want)
		})
	}
}

// TestBudget holds the limits of what one run reads in all.
func TestBudget(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		src    string
		parsed bool
		enough int // how many such files are admitted
	}{
		"bytes": {strings.Repeat(" ", guard.MaxSize), false, 32},
		"signs": {strings.Repeat("\n", 200_000), true, 2},
		"files": {"", true, guard.MaxFiles},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b guard.Budget
			for range tt.enough {
				check(t, b.Take("x", []byte(tt.src), tt.parsed), "")
			}
			if b.Spent() {
				t.Error("spent too early")
			}
			check(t, b.Take("x", []byte(tt.src), tt.parsed), "Too much to read")
			if !b.Spent() {
				t.Error("not spent")
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"ok.hcl":   {Data: []byte("a = 1\n")},
		"huge.hcl": {Data: make([]byte, guard.MaxSize+1)},
		"dir":      {Mode: fs.ModeDir},
		"pipe":     {Mode: fs.ModeNamedPipe},
	}
	src, diags := guard.ReadFile(fsys, "ok.hcl", "ok.hcl")
	check(t, diags, "")
	if string(src) != "a = 1\n" {
		t.Errorf("got %q", src)
	}
	for path, want := range map[string]string{"huge.hcl": "File too large", "dir": "Not a file", "pipe": "Not a regular file", "none": "Cannot read file"} {
		_, diags := guard.ReadFile(fsys, path, path)
		check(t, diags, want)
	}
}

func check(t *testing.T, diags hcl.Diagnostics, want string) {
	t.Helper()
	switch {
	case want == "" && len(diags) > 0:
		t.Fatalf("unexpected: %s", diags)
	case want != "" && (len(diags) != 1 || diags[0].Summary != want):
		t.Fatalf("got %v, want %q", diags, want)
	}
}

// FuzzHCL holds that what passes the guard has a shallow tree.
func FuzzHCL(f *testing.F) {
	for _, s := range []string{"a = [1]", `a = "${b ? "x" : "y"}"`, "a = <<-E\n  %{if x}y%{endif}\nE\n", "a {\n b {}\n}\n", "a = b[c].*.d"} {
		f.Add(s, uint16(3))
		f.Add(s, uint16(2000))
	}
	f.Fuzz(func(t *testing.T, piece string, times uint16) {
		if len(piece) > 40 {
			return
		}
		src := []byte("a = " + strings.Repeat(piece, int(times)))
		if guard.HCL("x.hcl", src).HasErrors() {
			return
		}
		file, _ := hclsyntax.ParseConfig(src, "x.hcl", hcl.InitialPos)
		body, ok := file.Body.(*hclsyntax.Body)
		if !ok {
			return
		}
		w := &depthWalker{}
		hclsyntax.Walk(body, w) // The walker returns none.
		// Each level counted by the guard is at most a few nodes of the tree.
		if limit := 4 * (guard.MaxDepth + guard.MaxChain); w.max > limit {
			t.Errorf("a tree %d deep passed the guard (%d allowed)", w.max, limit)
		}
	})
}

type depthWalker struct{ depth, max int }

func (w *depthWalker) Enter(hclsyntax.Node) hcl.Diagnostics {
	w.depth++
	w.max = max(w.max, w.depth)
	return nil
}

func (w *depthWalker) Exit(hclsyntax.Node) hcl.Diagnostics {
	w.depth--
	return nil
}

// TestLegible: of a file that does not parse, what is left holds no unknown value.
func TestLegible(t *testing.T) {
	t.Parallel()
	src := `a = "%{ if true }a%{ endfi }"
b {
  c = x["${"]
  d = 1
  e = [f(, 2]
}
`
	file, diags := guard.Parse([]byte(src), "x.hcl")
	if !diags.HasErrors() {
		t.Fatal("it parses")
	}
	body := file.Body.(*hclsyntax.Body)
	hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		if l, ok := n.(*hclsyntax.LiteralValueExpr); ok && !l.Val.IsWhollyKnown() {
			t.Errorf("an unknown value is left at %s", l.SrcRange)
		}
		return nil
	})
	if body.Attributes["a"] != nil {
		t.Error("a could not be read")
	}
}
