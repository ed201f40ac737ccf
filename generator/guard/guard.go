// Package guard refuses input that no parser should see: files that are too
// large, too deep, or not text.
//
// It takes bytes (or a file of an fs.FS, of which it never reads more than the
// limit) and returns hcl.Diagnostics. A parser that descends recursively needs
// stack for every level, and Go ends the process when the stack is used up;
// so the depth is found by a linear scan before any parser runs. A parser makes
// a hundred bytes and more of every sign, so the signs are counted as well. The
// package does not touch the operating system; package disk opens files for it.
package guard

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
)

const (
	// MaxSize is the largest file that is read, in bytes.
	MaxSize = 1 << 20
	// MaxDepth is how deep brackets, templates and blocks may nest.
	MaxDepth = 500
	// MaxChain is how many operators one expression may have. Every operator is
	// one more level of the expression's tree.
	MaxChain = 1000
	// MaxSigns is how many words and signs a file may hold, as signs counts
	// them: several times as many as the largest module written by hand.
	MaxSigns = 200_000
	// MaxLines is how many lines in a row a heredoc may have without an
	// interpolation. HCL's parser joins them one by one, which costs the square of
	// their number.
	MaxLines = 10_000
	// MaxFiles is how many files a Budget admits.
	MaxFiles = 100_000
	// MaxTotal is how many bytes a Budget admits: a folder with more in it is not
	// one module, nor a hundred of them.
	MaxTotal = 32 << 20
	// MaxAllSigns is how many words and signs a Budget admits, of what a parser
	// will see.
	MaxAllSigns = 400_000
)

// ReadFile reads the file at path if it is a regular file and not too large.
// The diagnostics call it name.
func ReadFile(fsys fs.FS, path, name string) ([]byte, hcl.Diagnostics) {
	f, err := fsys.Open(path)
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer f.Close() //nolint:errcheck // Read only.
	return ReadAll(f, name)
}

// ReadAll reads an open file under the rules of ReadFile.
func ReadAll(f fs.File, name string) ([]byte, hcl.Diagnostics) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, unreadable(name, err)
	case info.IsDir():
		return nil, failed(name, 0, "Not a file", "%q is a directory, but a file is needed here.", name)
	case !info.Mode().IsRegular():
		return nil, failed(name, 0, "Not a regular file", "%q is not a regular file, and bpgen reads no other kind.", name)
	case info.Size() > MaxSize:
		return nil, Size(name, info.Size())
	}
	// A file may grow: read one byte more than allowed. What stays as it is takes no
	// more room than it needs.
	var buf bytes.Buffer
	buf.Grow(int(info.Size()) + bytes.MinRead)
	if _, err := buf.ReadFrom(io.LimitReader(f, MaxSize+1)); err != nil {
		return nil, unreadable(name, err)
	}
	src := buf.Bytes()
	if len(src) > MaxSize {
		return nil, failed(name, 0, "File too large", "%q is larger than the limit of %s.", name, bytesText(MaxSize))
	}
	return src, nil
}

// Size refuses a size above MaxSize, for callers that know it before reading.
func Size(name string, size int64) hcl.Diagnostics {
	if size <= MaxSize {
		return nil
	}
	return failed(name, 0, "File too large",
		"%q contains %s, more than the limit of %s. Files of this kind are written by hand and are far smaller; is this the right file?",
		name, bytesText(size), bytesText(MaxSize))
}

// Text checks the size, that src is UTF-8 without NUL bytes, and how many words
// and signs it holds.
func Text(name string, src []byte) hcl.Diagnostics {
	if diags := Size(name, int64(len(src))); diags != nil {
		return diags
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return failed(name, line(src, i), "Not a text file", "%q contains a NUL byte on line %d. Is it a binary file?", name, line(src, i))
	}
	if !utf8.Valid(src) {
		i := invalid(src)
		return failed(name, line(src, i), "Not UTF-8",
			"%q contains a byte on line %d that is not valid UTF-8. Save the file as UTF-8.", name, line(src, i))
	}
	if n := signs(src); n > MaxSigns {
		return failed(name, 0, "File too large",
			"%q contains about %d tokens, more than the limit of %d. Files of this kind are written by hand and are far smaller; is this the right file?", name, n, MaxSigns)
	}
	return nil
}

// HCL is Text and the depth of native HCL syntax.
func HCL(name string, src []byte) hcl.Diagnostics {
	if diags := Text(name, src); diags != nil {
		return diags
	}
	if hclIsFlat(src) {
		return nil
	}
	// Nearly every file ends above; the exact count costs a run of HCL's own lexer,
	// which needs no stack.
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	if diags := hclDepth(name, tokens); diags != nil {
		return diags
	}
	return heredocs(name, tokens)
}

// heredocs refuses a heredoc of too many lines: each is a token of its own.
func heredocs(name string, tokens hclsyntax.Tokens) hcl.Diagnostics {
	lines := 0
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenStringLit {
			lines = 0
		} else if lines++; lines > MaxLines {
			return failed(name, t.Range.Start.Line, "Text too long", "A heredoc of %q, here on line %d, has more than %d lines. Move the text to a file of its own.", name, t.Range.Start.Line, MaxLines)
		}
	}
	return nil
}

// A Budget is what one run may still read: all files of a folder together. The
// zero value is a whole one.
type Budget struct {
	files, signs int
	bytes        int64
	spent        bool
}

// Spent says whether more has been taken than there was.
func (b *Budget) Spent() bool { return b.spent }

// Take takes a file from the budget; parsed says that a parser will see it. With
// diagnostics it was more than was left.
func (b *Budget) Take(name string, src []byte, parsed bool) hcl.Diagnostics {
	b.files++
	b.bytes += int64(len(src))
	if parsed {
		b.signs += signs(src)
	}
	var what string
	switch {
	case b.files > MaxFiles:
		what = fmt.Sprintf("%d files", MaxFiles)
	case b.bytes > MaxTotal:
		what = bytesText(MaxTotal)
	case b.signs > MaxAllSigns:
		what = fmt.Sprintf("about %d tokens", MaxAllSigns)
	default:
		return nil
	}
	b.spent = true
	return failed(name, 0, "Too much to read",
		"With %q, the files in the directory exceed the limit of %s. Is it the right directory? Choose one with fewer modules in it.", name, what)
}

// signs returns how many tokens src can hold at most in HCL: words count one,
// blanks none, every other byte one. Of a line of comment the words do not
// count.
func signs(src []byte) int {
	n := 0
	for text := range bytes.Lines(src) {
		n++
		lead := bytes.TrimLeft(text, " \t")
		// In a heredoc such a line is no comment, and may hold interpolations.
		if (bytes.HasPrefix(lead, []byte("#")) || bytes.HasPrefix(lead, []byte("//"))) && bytes.IndexByte(lead, '{') < 0 {
			continue
		}
		word := false
		for _, c := range lead {
			blank := c == ' ' || c == '\t' || c == '\r' || c == '\n'
			part := c == '_' || c == '-' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
			if !blank && (!part || !word) {
				n++
			}
			word = part
		}
	}
	return n
}

// hclIsFlat says whether src holds so few brackets, operators and lines in all
// that it cannot be too deep, nor a text in it too long, however they stand.
func hclIsFlat(src []byte) bool {
	var opens, quotes, controls, operators, heredocs, newlines int
	for i, b := range src {
		switch b {
		case '\n':
			newlines++
		case '(', '[', '{':
			opens++
			if b == '{' && i > 0 && src[i-1] == '%' {
				controls++ // %{if} stays open after its brace is closed.
			}
		case '"':
			quotes++
		case '<':
			quotes += 2 // "<<" may open a heredoc.
			heredocs++
			operators++
		case '!', '-', '+', '*', '/', '%', '>', '&', '|', '?', ':':
			operators++
		case '=':
			if i > 0 && src[i-1] == '=' {
				operators++
			}
		}
	}
	// A quote nests only inside an interpolation, so every two levels need a bracket.
	return 2*opens+controls+min(quotes, 1) <= MaxDepth && operators+opens <= MaxChain && (heredocs == 0 || newlines <= MaxLines)
}

// hclDepth bounds the height of the syntax tree from above. An operator makes
// the tree one node higher than what it joins, a bracket one higher than what
// it holds; what stands side by side does not add up.
func hclDepth(name string, tokens hclsyntax.Tokens) hcl.Diagnostics {
	type frame struct {
		newlineEnds bool // a newline ends an expression here
		height      int  // of the expression so far
		highest     int  // of the expressions before it
	}
	stack := []frame{{newlineEnds: true}}
	controls := 0 // open %{if} and %{for}
	for i, t := range tokens {
		top := &stack[len(stack)-1]
		end := func() { top.highest, top.height = max(top.highest, top.height), 0 }
		switch t.Type {
		case hclsyntax.TokenOBrace:
			stack = append(stack, frame{newlineEnds: true})
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			end()
			if t.Type == hclsyntax.TokenTemplateControl {
				controls += controlStep(tokens, i+1)
			}
			stack = append(stack, frame{})
		case hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			stack = append(stack, frame{})
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd,
			hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if len(stack) > 1 {
				end()
				stack = stack[:len(stack)-1]
				stack[len(stack)-1].height += 1 + top.highest
			}
		case hclsyntax.TokenComma, hclsyntax.TokenEqual, hclsyntax.TokenFatArrow:
			end()
		case hclsyntax.TokenNewline:
			if top.newlineEnds {
				end()
			}
		case hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPlus, hclsyntax.TokenMinus, hclsyntax.TokenPercent,
			hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq,
			hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenAnd, hclsyntax.TokenOr,
			hclsyntax.TokenBang, hclsyntax.TokenQuestion, hclsyntax.TokenColon:
			top.height++
		}
		if len(stack)-1+controls > MaxDepth {
			return tooDeep(name, t.Range.Start.Line)
		}
		if stack[len(stack)-1].height > MaxChain {
			return failed(name, t.Range.Start.Line, "Expression too long",
				"An expression on line %d of %q has more than %d operators.", t.Range.Start.Line, name, MaxChain)
		}
	}
	return nil
}

// controlStep is what the template control at tokens[i] does to the depth.
func controlStep(tokens hclsyntax.Tokens, i int) int {
	if i >= len(tokens) {
		return 0
	}
	switch string(tokens[i].Bytes) {
	case "if", "for":
		return 1
	case "endif", "endfor":
		return -1
	}
	return 0
}

// JSON is Text and the depth of JSON's brackets.
func JSON(name string, src []byte) hcl.Diagnostics {
	if diags := Text(name, src); diags != nil {
		return diags
	}
	depth, quoted, row := 0, false, 1
	for i := 0; i < len(src); i++ {
		switch b := src[i]; {
		case b == '\n':
			row++
			quoted = false // JSON strings end on their line; the parser will say so.
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '[' || b == '{':
			depth++
		case b == ']' || b == '}':
			depth--
		}
		if depth > MaxDepth {
			return tooDeep(name, row)
		}
	}
	return nil
}

// YAML is Text and a bound of YAML's depth. A level of a block needs a column
// of indentation or an indicator of its own, a level of a flow needs a bracket:
// few of them in all cannot be deep, and an options file needs few.
func YAML(name string, src []byte) hcl.Diagnostics {
	if diags := Text(name, src); diags != nil {
		return diags
	}
	brackets, row := 0, 1
	for text := range bytes.Lines(src) {
		lead := len(text) - len(bytes.TrimLeft(text, " \t-?!&"))
		brackets += bytes.Count(text, []byte{'['}) + bytes.Count(text, []byte{'{'})
		// "? a: ? b: ? c" and ": : :" nest on one line without brackets.
		inline := bytes.Count(text, []byte("? ")) + bytes.Count(text, []byte("- ")) + bytes.Count(text, []byte(": "))
		if lead > MaxDepth || inline > MaxDepth || brackets > 10*MaxDepth {
			return tooDeep(name, row)
		}
		row++
	}
	return nil
}

func tooDeep(name string, row int) hcl.Diagnostics {
	return failed(name, row, "Nested too deeply", "Line %d of %q is nested deeper than %d levels.", row, name, MaxDepth)
}

func unreadable(name string, err error) hcl.Diagnostics {
	return failed(name, 0, "Cannot read file", "Reading %q failed: %s.", name, err)
}

// failed builds one error. Its Subject names the line even though a source that
// is refused here is never kept for a snippet.
func failed(name string, row int, summary, format string, args ...any) hcl.Diagnostics {
	d := diag.Error(hcl.Range{}, summary, format, args...)
	if row > 0 {
		pos := hcl.Pos{Line: row, Column: 1}
		d.Subject = &hcl.Range{Filename: name, Start: pos, End: pos}
	}
	return hcl.Diagnostics{d}
}

func line(src []byte, at int) int { return 1 + bytes.Count(src[:at], []byte{'\n'}) }

func invalid(src []byte) int {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(src)
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.4g MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.4g KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
