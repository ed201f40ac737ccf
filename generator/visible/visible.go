// Package visible shows what a terminal would obey and a reader would not see:
// control characters, overrides of the direction of text, and characters without
// a width.
//
// It takes text and returns text that means the same to a person, or takes a
// writer and returns one that can write nothing else. It knows nothing of who
// writes. Names, sources and values come from files that anybody may have
// written; so every way to a terminal, a README and JSON goes through here.
package visible

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Hidden says whether a character must not be written as it is. Newline and tab
// are how text is laid out; the joiners U+200C and U+200D are letters' business.
func Hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r <= 0x9f: // C0, DEL and C1
		return true
	case r < 0x600:
		return r == 0xad // soft hyphen
	case r == 0x61c, r >= 0x200e && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // direction
		return true
	case r == 0x2028, r == 0x2029: // ends of a line that few programs count
		return true
	case r == 0x180e, r == 0x200b, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f: // no width
		return true
	}
	return false
}

// Text returns s with all that is Hidden, and all that is not UTF-8, written out:
// \x1b, <U+202E>, \xff.
func Text(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	appendText(&b, s)
	return b.String()
}

// Bytes is Text for bytes, which it returns as they are where there is nothing to
// write out.
func Bytes(b []byte) []byte {
	if plain(b) {
		return b
	}
	return []byte(Text(string(b)))
}

// appendText appends what Text returns.
func appendText(b *strings.Builder, s string) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(b, `\x%02x`, s[i])
		case r == '\r':
			b.WriteString(`\r`)
		case r < utf8.RuneSelf && Hidden(r):
			fmt.Fprintf(b, `\x%02x`, r)
		case Hidden(r):
			fmt.Fprintf(b, "<U+%04X>", r)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
}

// plain says whether s holds nothing that Text would change.
func plain[T string | []byte](s T) bool {
	for i := 0; i < len(s); {
		b := s[i]
		if b < utf8.RuneSelf {
			if b < 0x20 && b != '\n' && b != '\t' || b == 0x7f {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(string(s[i:min(i+utf8.UTFMax, len(s))]))
		if r == utf8.RuneError && n == 1 || Hidden(r) {
			return false
		}
		i += n
	}
	return true
}

// JSON returns a JSON document with all that is Hidden written by the rules of
// JSON, so that it means the same. Outside of its strings there is nothing of
// the kind.
func JSON(doc []byte) []byte {
	if plain(doc) {
		return doc
	}
	var b strings.Builder
	for _, r := range string(doc) {
		switch {
		case !Hidden(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return []byte(b.String())
}

// A Writer writes Text to another writer. Colours are let through where they
// carry the key, which is drawn at random, so that no input can paint.
type Writer struct {
	to  io.Writer
	key string
}

// NewWriter returns a Writer to w. With an empty key no colour gets through.
func NewWriter(w io.Writer, key string) *Writer { return &Writer{w, key} }

// Paint returns the escape sequence of a colour or another attribute of text,
// such as "31", for a Writer with that key.
func Paint(key, code string) string { return "\x1b" + key + "[" + code + "m" }

// Write writes Text(p). A character that is split over two calls is written out
// as bytes.
func (w *Writer) Write(p []byte) (int, error) {
	if plain(p) {
		return w.to.Write(p)
	}
	var b strings.Builder
	rest := string(p)
	for w.key != "" {
		before, after, found := strings.Cut(rest, "\x1b"+w.key+"[")
		if !found {
			break
		}
		appendText(&b, before)
		code, tail, ok := strings.Cut(after, "m")
		if ok && strings.Trim(code, "0123456789;") == "" {
			b.WriteString("\x1b[" + code + "m")
			rest = tail
			continue
		}
		rest = after
	}
	appendText(&b, rest)
	if _, err := io.WriteString(w.to, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}
