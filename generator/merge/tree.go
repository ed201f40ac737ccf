package merge

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// What is merged is a tree of groups and items, made from the tokens of a source
// as far down as somebody changed something.

// An itemKind says what an item is.
type itemKind int

const (
	attribute itemKind = iota // name = value in a body
	block                     // a block in a body
	entry                     // key = value in an object
	element                   // of a list, or an argument of a call
	remark                    // a paragraph of comments that stands by itself
)

// An item is a member of a group with the comments that belong to it: those right
// in front of it, and those behind it on its last line.
type item struct {
	src   *source
	kind  itemKind
	name  string // of an attribute or entry; the type and labels of a block
	lead  []int
	code  span // of a remark it is empty
	trail []int
	comma bool // one stands behind it
	blank bool // an empty line stands in front of it
	first bool // nothing stands in front of it in its group
	value span // of an attribute, entry or element

	inside *group // of a block, once body has been called
	forms  [4]*string
	bag    map[string]int
}

// A groupKind says how the items of a group are told apart and printed.
type groupKind int

const (
	body groupKind = iota
	object
	list
	arguments
)

// A group is what stands between two brackets, or a file.
type group struct {
	src    *source
	kind   groupKind
	head   []int // comments on the line of the opening bracket
	items  []*item
	broken bool // the first item has a line of its own
}

// top returns the body of a file.
func (s *source) top() *group {
	return s.group(body, -1, span{0, len(s.tokens)})
}

// group reads the items within a span; open is the bracket in front of it.
func (s *source) group(kind groupKind, open int, in span) *group {
	r := &reader{source: s, group: &group{src: s, kind: kind, broken: open < 0}, open: open, line: -1}
	if open >= 0 {
		r.line = s.lastLine(open)
	}
	for i := in.from; i < in.to; {
		switch s.tokens[i].Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenEOF:
			i++
		case hclsyntax.TokenComma:
			if n := len(r.group.items); n > 0 {
				r.group.items[n-1].comma = true
			}
			i++
		case hclsyntax.TokenComment:
			r.comment(i)
			i++
		default:
			i = r.item(span{i, in.to})
		}
	}
	r.flush(0)
	return r.group
}

// A reader reads the items of a group and deals out the comments.
type reader struct {
	*source
	group   *group
	open    int
	line    int   // on which the last thing ended
	pending []int // comments that belong to nothing yet
	floated bool  // the last thing was a comment
}

func (r *reader) comment(i int) {
	last := len(r.group.items) - 1
	if !r.floated && r.line == r.source.line(i) && r.endsLine(i) {
		switch {
		case last >= 0:
			r.group.items[last].trail = append(r.group.items[last].trail, i)
			return
		case r.open >= 0:
			r.group.head = append(r.group.head, i)
			return
		}
	}
	r.pending = append(r.pending, i)
	r.floated = true
}

// endsLine says whether nothing but comments stands behind a token on its line.
func (r *reader) endsLine(i int) bool {
	for ; i+1 < len(r.tokens) && r.tokens[i].Type == hclsyntax.TokenComment && !lineComment(r.tokens[i]); i++ {
		if next := r.tokens[i+1]; next.Type == hclsyntax.TokenNewline || next.Type == hclsyntax.TokenEOF || next.Range.Start.Line > r.lastLine(i) {
			return true
		}
	}
	return lineComment(r.tokens[i])
}

// flush makes remarks of the comments that wait, and returns those that touch what
// stands on a line; 0 is no line.
func (r *reader) flush(line int) (lead []int) {
	for len(r.pending) > 0 {
		n := 1
		for n < len(r.pending) && r.source.line(r.pending[n])-r.lastLine(r.pending[n-1]) <= 1 {
			n++
		}
		paragraph := r.pending[:n]
		r.pending = r.pending[n:]
		if len(r.pending) == 0 && line-r.lastLine(paragraph[n-1]) <= 1 && line > 0 {
			return paragraph
		}
		r.add(&item{kind: remark, lead: paragraph}, paragraph[0], paragraph[n-1])
	}
	return nil
}

// add puts an item with its comments into the group.
func (r *reader) add(it *item, first, last int) {
	it.src = r.source
	it.first = len(r.group.items) == 0
	it.blank = r.line >= 0 && r.source.line(first)-r.line > 1
	if it.first && r.open >= 0 && r.source.line(first) > r.lastLine(r.open) {
		r.group.broken = true
	}
	r.line = r.lastLine(last)
	r.group.items = append(r.group.items, it)
}

// item reads the item at the start of a span and returns where it ends.
func (r *reader) item(in span) int {
	it := r.parse(in)
	it.lead = r.flush(r.source.line(in.from))
	first := in.from
	if len(it.lead) > 0 {
		first = it.lead[0]
	}
	r.add(it, first, it.code.to-1)
	r.floated = false
	return it.code.to
}

func (r *reader) parse(in span) *item {
	switch r.group.kind {
	case object:
		it := &item{kind: entry, code: r.upTo(in, true, hclsyntax.TokenComma)}
		r.key(it)
		return it
	case list, arguments:
		code := r.upTo(in, false, hclsyntax.TokenComma)
		return &item{kind: element, code: code, value: code}
	}
	if in.from+1 < in.to && r.tokens[in.from+1].Type == hclsyntax.TokenEqual {
		it := &item{kind: attribute, name: string(r.tokens[in.from].Bytes), code: r.upTo(in, true, hclsyntax.TokenNil)}
		it.value = span{min(in.from+2, it.code.to), it.code.to}
		return it
	}
	it := &item{kind: block}
	var words []string
	end := in.from
	for ; end < in.to && r.tokens[end].Type != hclsyntax.TokenOBrace; end++ {
		switch t := r.tokens[end]; t.Type {
		case hclsyntax.TokenIdent, hclsyntax.TokenQuotedLit:
			words = append(words, string(t.Bytes))
		}
	}
	it.name = strings.Join(words, ".")
	if end < in.to && r.match[end] > end {
		end = r.match[end] + 1
	}
	it.code = span{in.from, max(end, in.from+1)}
	return it
}

// upTo returns the span of an item that ends in front of a token of the given type,
// or at the end of its line.
func (r *reader) upTo(in span, byLine bool, stop hclsyntax.TokenType) span {
	i := in.from
	for i < in.to {
		t := r.tokens[i]
		if t.Type == stop || byLine && (t.Type == hclsyntax.TokenNewline || lineComment(t)) {
			break
		}
		if r.match[i] > i {
			i = r.match[i]
		}
		i++
	}
	at := r.trim(span{in.from, i})
	at.to = max(at.to, in.from+1)
	return at
}

// key finds the key of an entry and its value. A key in quotes is the same as one
// without.
func (r *reader) key(it *item) {
	i := it.code.from
	for i < it.code.to && r.tokens[i].Type != hclsyntax.TokenEqual && r.tokens[i].Type != hclsyntax.TokenColon {
		if r.match[i] > i {
			i = r.match[i]
		}
		i++
	}
	key := span{it.code.from, i}
	it.value = span{min(i+1, it.code.to), it.code.to}
	switch n := key.to - key.from; {
	case n == 1 && r.tokens[key.from].Type == hclsyntax.TokenIdent:
		it.name = string(r.tokens[key.from].Bytes)
	case n == 3 && r.tokens[key.from+1].Type == hclsyntax.TokenQuotedLit:
		it.name = string(r.tokens[key.from+1].Bytes)
	default:
		var b strings.Builder
		r.normal(&b, key, codeForm)
		it.name = "(" + strings.ReplaceAll(strings.TrimSuffix(b.String(), "\x00"), "\x00", "") + ")"
	}
}

// body returns what stands in a block.
func (it *item) body() *group {
	if it.inside == nil {
		open := it.brace()
		it.inside = it.src.group(body, open, span{open + 1, it.code.to - 1})
	}
	return it.inside
}

// brace returns the token that opens a block.
func (it *item) brace() int { return it.src.match[it.code.to-1] }

// header returns the text of a block in front of its brace.
func (it *item) header() string { return it.src.raw(span{it.code.from, it.brace()}) }

// The forms of an item that are kept.
const (
	codeOf  = iota // its code, with the comments that tools obey, wherever they stand
	innerOf        // what stands between its comments, with the comments in it
	wholeOf        // all of it
	plainOf        // its code alone, without the comments in front and behind
)

// normal returns a normal form of the item, which is made once.
func (it *item) normal(which int) string {
	if it.forms[which] != nil {
		return *it.forms[which]
	}
	var b strings.Builder
	f := fullForm
	if which == codeOf || which == plainOf {
		f = codeForm
	}
	outer := which == codeOf || which == wholeOf
	if outer {
		it.comments(&b, it.lead, f)
	}
	it.src.normal(&b, it.code, f)
	if outer {
		it.comments(&b, it.trail, f)
	}
	text := b.String()
	it.forms[which] = &text
	return text
}

func (it *item) comments(b *strings.Builder, at []int, f form) {
	for _, i := range at {
		it.src.normal(b, span{i, i + 1}, f)
	}
}

// text returns an item as it stands, with its comments.
func (it *item) text() string {
	lead, code := it.src.words(it.lead, "\n"), it.src.raw(it.code)
	if trail := it.src.words(it.trail, " "); trail != "" {
		code += " " + trail
	}
	if lead == "" || code == "" {
		return lead + code
	}
	return lead + "\n" + code
}

// words returns comments as one text.
func (s *source) words(at []int, between string) string {
	var lines []string
	for _, i := range at {
		lines = append(lines, s.comment(i))
	}
	return strings.Join(lines, between)
}

// An expression is a value as far as its parts can be merged.
type expression struct {
	call  string // the function that is called; "" for an object or a list
	parts *group // nil for a value that is one piece
	open  int
}

// expression takes a value apart.
func (s *source) expression(at span) expression {
	if at.to-at.from < 2 {
		return expression{}
	}
	first, last := s.tokens[at.from], at.to-1
	in := span{at.from + 1, last}
	switch {
	case s.match[last] == at.from && first.Type == hclsyntax.TokenOBrace && !s.loop(in):
		return expression{parts: s.group(object, at.from, in), open: at.from}
	case s.match[last] == at.from && first.Type == hclsyntax.TokenOBrack && !s.loop(in):
		return expression{parts: s.group(list, at.from, in), open: at.from}
	case first.Type == hclsyntax.TokenIdent && s.tokens[last].Type == hclsyntax.TokenCParen:
		open := s.match[last]
		var name strings.Builder
		for i := at.from; i < open; i++ {
			if t := s.tokens[i].Type; t != hclsyntax.TokenIdent && t != hclsyntax.TokenDoubleColon {
				return expression{}
			}
			name.Write(s.tokens[i].Bytes)
		}
		if open <= at.from {
			return expression{}
		}
		return expression{call: name.String(), parts: s.group(arguments, open, span{open + 1, last}), open: open}
	}
	return expression{}
}

// loop says whether what stands in brackets is a for expression.
func (s *source) loop(in span) bool {
	for i := in.from; i+1 < in.to; i++ {
		switch t := s.tokens[i]; t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenComment:
			continue
		case hclsyntax.TokenIdent:
			next := s.tokens[i+1].Type
			return string(t.Bytes) == "for" && next == hclsyntax.TokenIdent
		}
		return false
	}
	return false
}

// heredoc says whether an item ends with a heredoc, behind which a line must end.
func (it *item) heredoc() bool {
	return it.kind != remark && it.src.tokens[it.code.to-1].Type == hclsyntax.TokenCHeredoc
}
