package template

import (
	"bytes"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
)

// Comments answers where the comments of a file are. The zero value with Src
// set is ready to use; it is not safe for concurrent use.
type Comments struct {
	Src    []byte
	blocks []Span // comments between /* and */
	known  bool
}

// Above returns the start of the whole lines of comments directly above the line
// that starts at first; first itself when there are none.
func (c *Comments) Above(first int) int {
	for first > 0 {
		start := lineStart(c.Src, first-1)
		line := bytes.TrimSpace(c.Src[start : first-1])
		if bytes.Contains(line, []byte("*/")) {
			if block, ok := c.Block(start + bytes.Index(c.Src[start:first], []byte("*/"))); ok {
				if end := bytes.TrimSpace(c.Src[block.End : first-1]); len(end) > 0 {
					break
				}
				start = lineStart(c.Src, block.Start)
				if len(bytes.TrimSpace(c.Src[start:block.Start])) > 0 {
					break
				}
				first = start
				continue
			}
		}
		if !bytes.HasPrefix(line, []byte("#")) && !bytes.HasPrefix(line, []byte("//")) {
			break
		}
		first = start
	}
	return first
}

// Block returns the comment between /* and */ that the byte at lies in.
func (c *Comments) Block(at int) (Span, bool) {
	if !c.known {
		c.known, c.blocks = true, blockComments(c.Src)
	}
	for _, s := range c.blocks {
		if s.Start <= at && at < s.End {
			return s, true
		}
	}
	return Span{}, false
}

func blockComments(src []byte) []Span {
	if !bytes.Contains(src, []byte("/*")) {
		return nil
	}
	var out []Span
	for _, t := range guard.Lex(src, "") {
		if t.Type == hclsyntax.TokenComment && bytes.HasPrefix(t.Bytes, []byte("/*")) {
			out = append(out, Span{t.Range.Start.Byte, t.Range.End.Byte})
		}
	}
	return out
}

func lineStart(src []byte, at int) int { return bytes.LastIndexByte(src[:at], '\n') + 1 }
