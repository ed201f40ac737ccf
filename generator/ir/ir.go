// Package ir holds the blocks of a module between specialising and printing: the
// text of a template with the edits that specialise it, and its syntax.
//
// A Block is made by specialise, changed by link through methods, and printed
// once. What it refers to, which arguments it has and where something is to be
// added is answered by the syntax, never by looking for words in a text. Blocks do
// not change: each method returns a new one, so that they may be kept.
package ir

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/template"
)

// A Source is a file and the parts of it that directives cut out.
type Source struct {
	Bytes     []byte
	Cuts      []template.Span // sorted, not overlapping
	Formatted bool            // the file is known to be formatted
	Texts     *Texts          // nil: nothing is kept for other blocks
}

// Texts keep what the texts of edits refer to, and the blocks that are added, for
// blocks that are made again and again. They are safe for concurrent use and bounded.
type Texts struct {
	known memo.Map[string, references]
	added memo.Map[string, *Block]
}

// block returns the block that a text holds, nil where it holds none.
func (t *Texts) block(text string) *Block {
	parse := func() *Block {
		b, diags := Parse(text)
		if diags.HasErrors() {
			return nil
		}
		return b
	}
	if t == nil {
		return parse()
	}
	return t.added.Get(text, parse)
}

// of returns what a text refers to, which must not be changed.
func (t *Texts) of(text string) references {
	find := func() references { return find(text) }
	if t == nil {
		return find()
	}
	return t.known.Get(text, find)
}

// An Edit replaces a part of a file.
type Edit struct {
	Start, End int
	Text       string
}

// Slice returns the bytes from start to end without the cuts.
func (s *Source) Slice(start, end int) string {
	if len(s.Cuts) == 0 {
		return string(s.Bytes[start:end])
	}
	var b strings.Builder
	for _, c := range s.Cuts {
		if c.End <= start {
			continue
		}
		if c.Start >= end {
			break
		}
		if c.Start > start {
			b.Write(s.Bytes[start:c.Start])
		}
		start = max(start, c.End)
	}
	if start < end {
		b.Write(s.Bytes[start:end])
	}
	return b.String()
}

// AfterCut returns at, or the end of the cut that it lies in.
func (s *Source) AfterCut(at int) int {
	for _, c := range s.Cuts {
		if c.Start <= at && at < c.End {
			return c.End
		}
	}
	return at
}

// Effective returns the edits that are made between start and end, in order. Of
// two that overlap, the one that starts first (and of those the longer) stands.
func (s *Source) Effective(start, end int, edits []Edit) []Edit {
	sorted := slices.SortedStableFunc(slices.Values(edits), func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var out []Edit
	for _, e := range sorted {
		e.Start = s.AfterCut(e.Start)
		if e.Start < start || e.End > end || e.Start >= e.End {
			continue
		}
		out = append(out, e)
		start = e.End
	}
	return out
}

// Apply returns the bytes from start to end, without cuts and with the edits made.
func (s *Source) Apply(start, end int, edits []Edit) string {
	var b strings.Builder
	for _, e := range s.Effective(start, end, edits) {
		b.WriteString(s.Slice(start, e.Start))
		b.WriteString(e.Text)
		start = e.End
	}
	b.WriteString(s.Slice(start, end))
	return b.String()
}

// A Block is one top-level block.
type Block struct {
	source  *Source
	syntax  *hclsyntax.Block
	span    template.Span // of the block with the comments that belong to it
	edits   []Edit        // effective ones
	heading string        // comments in front of it that a blank line sets apart
	tails   []tail

	// What it refers to and its text are worked out once, by the first who asks.
	found func() references
	args  func() []Argument
	text  func() string
}

// A tail is text at the end of the body of a block of the source.
type tail struct {
	block *hclsyntax.Block
	text  string
}

type references struct {
	addresses lang.Set
	providers map[string]bool
}

// New returns a block of a source with edits. The span is that of the block with
// its comments.
func New(source *Source, syntax *hclsyntax.Block, span template.Span, edits []Edit) *Block {
	b := &Block{source: source, syntax: syntax, span: span, edits: source.Effective(span.Start, span.End, edits)}
	return b.ready()
}

// Parse returns the block that a text holds, which bpgen has written.
func Parse(text string) (*Block, hcl.Diagnostics) {
	f, diags := guard.Printed([]byte(text))
	if diags.HasErrors() {
		return nil, diags
	}
	body, ok := f.Body.(*hclsyntax.Body)
	if !ok || len(body.Blocks) != 1 || len(body.Attributes) > 0 {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Not a block", Detail: "The text is not exactly one block."}}
	}
	return New(&Source{Bytes: []byte(text)}, body.Blocks[0], template.Span{End: len(text)}, nil), nil
}

func (b *Block) ready() *Block {
	b.found, b.args, b.text = sync.OnceValue(b.find), sync.OnceValue(b.arguments), sync.OnceValue(b.write)
	return b
}

// copy returns a block to change.
func (b *Block) copy() *Block {
	c := *b
	c.edits, c.tails = slices.Clone(b.edits), slices.Clone(b.tails)
	return c.ready()
}

// edit returns the block with further edits, which stand in for those inside of
// them.
func (b *Block) edit(edits ...Edit) *Block {
	c := b.copy()
	for _, e := range edits {
		c.edits = slices.DeleteFunc(c.edits, func(old Edit) bool { return e.Start <= old.Start && old.End <= e.End })
	}
	c.edits = c.source.Effective(c.span.Start, c.span.End, append(c.edits, edits...))
	return c
}

// Headed returns the block under a heading.
func (b *Block) Headed(heading string) *Block {
	c := b.copy()
	c.heading = strings.TrimSpace(heading)
	return c
}

// Below returns the block below words, which come before the heading that it has.
func (b *Block) Below(words string) *Block {
	c := b.copy()
	c.heading = strings.TrimSpace(strings.TrimSpace(words) + "\n\n" + b.heading)
	return c
}

// Type returns the block's type, such as resource.
func (b *Block) Type() string { return b.syntax.Type }

// gone says whether nothing is left of what stands at a range.
func (b *Block) gone(rng hcl.Range) bool {
	e, edited := b.over(rng)
	return b.source.AfterCut(rng.Start.Byte) != rng.Start.Byte || edited && e.Text == ""
}

// over returns the edit that covers a range, if there is one. Edits are in order
// and do not overlap.
func (b *Block) over(rng hcl.Range) (Edit, bool) {
	i, found := slices.BinarySearchFunc(b.edits, rng.Start.Byte, func(e Edit, at int) int { return cmp.Compare(e.Start, at) })
	if !found {
		i--
	}
	if i < 0 || b.edits[i].End < rng.End.Byte {
		return Edit{}, false
	}
	return b.edits[i], true
}

// within returns the edits inside a range.
func (b *Block) within(rng hcl.Range) []Edit {
	from, _ := slices.BinarySearchFunc(b.edits, rng.Start.Byte, func(e Edit, at int) int { return cmp.Compare(e.Start, at) })
	to := from
	for to < len(b.edits) && b.edits[to].End <= rng.End.Byte {
		to++
	}
	return b.edits[from:to]
}

// Has says whether the block has an argument of that name.
func (b *Block) Has(name string) bool {
	a := b.syntax.Body.Attributes[name]
	return a != nil && !b.gone(a.SrcRange)
}

// References returns the addresses that the block names. They must not be changed.
func (b *Block) References() lang.Set { return b.found().addresses }

// Providers returns the local names of the providers that the block names. They
// must not be changed.
func (b *Block) Providers() map[string]bool {
	if !b.says("provider") { // few do, and looking takes time
		return nil
	}
	return b.found().providers
}

// says whether a word stands anywhere in the block.
func (b *Block) says(word string) bool {
	return bytes.Contains(b.source.Bytes[b.span.Start:b.span.End], []byte(word)) ||
		slices.ContainsFunc(b.edits, func(e Edit) bool { return strings.Contains(e.Text, word) }) ||
		slices.ContainsFunc(b.tails, func(t tail) bool { return strings.Contains(t.text, word) })
}

// Implied returns the local names of the providers that follow from the data
// source of a check and from the type of what is removed.
func (b *Block) Implied() map[string]bool {
	out := map[string]bool{}
	for _, n := range b.syntax.Body.Blocks {
		if n.Type == "data" && len(n.Labels) == 2 && !b.gone(lang.BlockRange(n)) {
			out[lang.TypeProvider(n.Labels[0])] = true
		}
	}
	if from := b.syntax.Body.Attributes["from"]; b.syntax.Type == "removed" && from != nil {
		if t, diags := hcl.AbsTraversalForExpr(from.Expr); !diags.HasErrors() && t.RootName() != "module" {
			out[lang.TypeProvider(t.RootName())] = true
		}
	}
	return out
}

func (b *Block) find() references {
	out := references{addresses: lang.Set{}, providers: map[string]bool{}}
	if b.says("provider") {
		out.providers = lang.Providers(b.syntax)
	}
	out.addresses.Add(lang.Traversals(b.syntax, b.edited))
	own := b.syntax.Body.Attributes["provider"]
	for _, e := range b.edits {
		b.addText(&out, e.Text)
		if own != nil && e.Start == own.Expr.Range().Start.Byte {
			name, _, _ := strings.Cut(strings.TrimSpace(e.Text), ".")
			out.providers[name] = true
		}
	}
	for _, t := range b.tails {
		b.addText(&out, t.text)
	}
	return out
}

// addText adds what the text of an edit refers to.
func (b *Block) addText(out *references, text string) {
	if inert(text) {
		return
	}
	r := b.source.Texts.of(text)
	maps.Copy(out.addresses, r.addresses)
	maps.Copy(out.providers, r.providers)
}

// find finds what the text of an edit refers to.
func find(text string) references {
	out := references{addresses: lang.Set{}, providers: map[string]bool{}}
	n := syntaxOf(text)
	if n == nil {
		return out
	}
	out.addresses.Add(lang.Traversals(n, nil))
	if body, ok := n.(*hclsyntax.Body); ok && body.Attributes["provider"] != nil {
		for _, t := range lang.Variables(body.Attributes["provider"].Expr) {
			out.providers[t.RootName()] = true
		}
	}
	for name := range lang.Called(n) {
		out.providers[name] = true
	}
	return out
}

// edited says whether what stands at a range is not in the block, or not as the
// source has it.
func (b *Block) edited(rng hcl.Range) bool {
	_, edited := b.over(rng)
	return edited || b.source.AfterCut(rng.Start.Byte) != rng.Start.Byte
}

// syntaxOf parses what an edit writes: an expression, members of a list, or a
// body; nil where it is none of them.
func syntaxOf(text string) hclsyntax.Node {
	if x := name(text); x != nil {
		return x
	}
	src := []byte(text)
	if x, diags := guard.PrintedExpression(src); !diags.HasErrors() {
		return x
	}
	if x, diags := guard.PrintedExpression([]byte("[\n" + text + "\n]")); !diags.HasErrors() {
		return x
	}
	if f, diags := guard.Printed(src); !diags.HasErrors() {
		return f.Body.(*hclsyntax.Body)
	}
	return nil
}

// inert says whether nothing in a text can refer to anything, as in most edits:
// whatever does has a dot or two colons in code, or stands in a template.
func inert(text string) bool {
	if strings.Contains(text, "provider") {
		return false // the name of one is a word
	}
	quoted := false
	for i := 0; i < len(text); i++ {
		switch rest := text[i:]; {
		case quoted && text[i] == '\\':
			i++
		case text[i] == '"':
			quoted = !quoted
		case strings.HasPrefix(rest, "${"), strings.HasPrefix(rest, "%{"), strings.HasPrefix(rest, "<<"):
			return false
		case !quoted && (text[i] == '.' || text[i] == ':'):
			return false
		}
	}
	return true
}

// name is the syntax of a dotted name, as many edits are; nil when a text is more.
func name(text string) hclsyntax.Node {
	var t hcl.Traversal
	for part := range strings.SplitSeq(text, ".") {
		if !lang.Identifier(part) {
			return nil
		}
		if t == nil {
			t = append(t, hcl.TraverseRoot{Name: part})
		} else {
			t = append(t, hcl.TraverseAttr{Name: part})
		}
	}
	return &hclsyntax.ScopeTraversalExpr{Traversal: t}
}

// An Argument is one argument at the top of a block, such as a local value.
type Argument struct {
	Name string
	Refs lang.Set

	attr *hclsyntax.Attribute
}

// Arguments returns the block's own arguments, in their order. They must not be
// changed.
func (b *Block) Arguments() []Argument { return b.args() }

func (b *Block) arguments() []Argument {
	var out []Argument
	for _, a := range lang.Attributes(b.syntax.Body) {
		if b.gone(a.SrcRange) {
			continue
		}
		arg := Argument{Name: a.Name, Refs: b.refs(a.Expr, a.Expr.Range()), attr: a}
		if renamed, ok := b.over(a.NameRange); ok {
			arg.Name = renamed.Text
		}
		out = append(out, arg)
	}
	return out
}

// refs returns the addresses that a part of the block names.
func (b *Block) refs(n hclsyntax.Node, rng hcl.Range) lang.Set {
	out := references{addresses: lang.Set{}, providers: map[string]bool{}}
	out.addresses.Add(lang.Traversals(n, b.edited))
	for _, e := range b.within(rng) {
		b.addText(&out, e.Text)
	}
	return out.addresses
}

// Without returns the block without arguments, and the comments that belong to
// them; nil when it had no others.
func (b *Block) Without(names lang.Set) *Block {
	var edits []Edit
	args := b.Arguments()
	for _, a := range args {
		if names[a.Name] {
			edits = append(edits, b.removal(a.attr.SrcRange))
		}
	}
	if len(edits) == len(args) {
		return nil
	}
	return b.edit(edits...)
}

// removal removes what stands at a range, with the comment lines directly above
// it and the comment behind it.
func (b *Block) removal(rng hcl.Range) Edit {
	return Edit{Start: rng.Start.Byte, End: rng.End.Byte}.lines(b.source.Bytes)
}

// lines extends the removal of an item to whole lines, where it has lines of its
// own.
func (e Edit) lines(src []byte) Edit {
	first, eol := lineStart(src, e.Start), template.LineEnd(src, e.End)
	tail := strings.TrimSpace(string(src[e.End:eol]))
	if strings.TrimSpace(string(src[first:e.Start])) != "" || tail != "" && !comment(tail) {
		return e
	}
	for first > 0 {
		above := lineStart(src, first-1)
		if !comment(strings.TrimSpace(string(src[above:first]))) {
			break
		}
		first = above
	}
	return Edit{Start: first, End: eol, Text: e.Text}
}

func comment(line string) bool { return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") }

func lineStart(src []byte, at int) int {
	return bytes.LastIndexByte(src[:at], '\n') + 1
}

// Insert returns the block with lines at the end of its body.
func (b *Block) Insert(lines string) *Block { return b.insert(b.syntax, lines) }

func (b *Block) insert(into *hclsyntax.Block, lines string) *Block {
	c := b.copy()
	c.tails = append(c.tails, tail{into, strings.TrimRight(lines, "\n") + "\n"})
	return c
}

// Precondition returns the block with a further precondition, given as a block.
func (b *Block) Precondition(text string) *Block {
	for _, n := range b.syntax.Body.Blocks {
		if n.Type == "lifecycle" && !b.gone(lang.BlockRange(n)) {
			return b.insert(n, "\n"+text)
		}
	}
	for i, t := range b.tails { // a second one joins the first
		if rest, ok := strings.CutSuffix(t.text, lifecycleEnd); ok && t.block == b.syntax && strings.HasPrefix(t.text, lifecycleStart) {
			c := b.copy()
			c.tails[i].text = rest + "\n" + strings.TrimRight(text, "\n") + "\n" + lifecycleEnd
			return c
		}
	}
	return b.Insert(lifecycleStart + strings.TrimRight(text, "\n") + "\n" + lifecycleEnd)
}

const (
	lifecycleStart = "\nlifecycle {\n"
	lifecycleEnd   = "}\n"
)

// After returns the block with further members of its depends_on.
func (b *Block) After(names []string) *Block {
	a := b.syntax.Body.Attributes["depends_on"]
	if a == nil || b.gone(a.SrcRange) {
		for i, t := range b.tails { // a second list joins the first
			if rest, ok := strings.CutSuffix(t.text, "]\n"); ok && t.block == b.syntax && strings.HasPrefix(t.text, dependsOn) {
				c := b.copy()
				c.tails[i].text = rest + ", " + strings.Join(names, ", ") + "]\n"
				return c
			}
		}
		return b.Insert(dependsOn + strings.Join(names, ", ") + "]\n")
	}
	rng := a.Expr.Range()
	text := b.source.Apply(rng.Start.Byte, rng.End.Byte, b.edits)
	return b.edit(Edit{rng.Start.Byte, rng.End.Byte, longer(text, names)})
}

const dependsOn = "\ndepends_on = ["

// longer adds members to the text of a list.
func longer(text string, names []string) string {
	x, diags := guard.PrintedExpression([]byte(text))
	list, ok := x.(*hclsyntax.TupleConsExpr)
	if diags.HasErrors() || !ok || len(list.Exprs) == 0 {
		return "[" + strings.Join(names, ", ") + "]"
	}
	end := list.Exprs[len(list.Exprs)-1].Range().End.Byte
	line := strings.IndexByte(text[end:], '\n')
	if line < 0 {
		return text[:end] + ", " + strings.Join(names, ", ") + text[end:]
	}
	// A list over several lines goes on behind the last one with its comment.
	comma := ","
	if strings.HasPrefix(strings.TrimLeft(text[end:], " \t"), ",") {
		comma = ""
	}
	return text[:end] + comma + text[end:end+line] + "\n" + strings.Join(names, ",\n") + "," + text[end+line:]
}

// An Inner is a nested block as it will be printed.
type Inner struct {
	Type  string
	Refs  lang.Set
	block *hclsyntax.Block
	owner *Block
}

// Value returns the text of an argument of the nested block, "" without one.
func (n Inner) Value(name string) string {
	a := n.block.Body.Attributes[name]
	if a == nil || n.owner.gone(a.SrcRange) {
		return ""
	}
	rng := a.Expr.Range()
	return n.owner.source.Apply(rng.Start.Byte, rng.End.Byte, n.owner.edits)
}

// Inner returns the nested blocks of the source that are left.
func (b *Block) Inner() []Inner {
	var out []Inner
	for _, n := range b.syntax.Body.Blocks {
		rng := lang.BlockRange(n)
		if b.gone(rng) {
			continue
		}
		out = append(out, Inner{Type: n.Type, Refs: b.refs(n, rng), block: n, owner: b})
	}
	return out
}

// Inserted returns the nested blocks that were added at the end of the body.
func (b *Block) Inserted() []Inner {
	var out []Inner
	for _, t := range b.tails {
		if t.block != b.syntax {
			continue
		}
		if added := b.source.Texts.block(t.text); added != nil {
			out = append(out, Inner{Type: added.Type(), Refs: added.References(), block: added.syntax, owner: added})
		}
	}
	return out
}

// WithoutInner returns the block without those nested blocks that drop accepts.
func (b *Block) WithoutInner(drop func(Inner) bool) *Block {
	var edits []Edit
	for _, n := range b.Inner() {
		if drop(n) {
			edits = append(edits, b.removal(lang.BlockRange(n.block)))
		}
	}
	if len(edits) == 0 {
		return b
	}
	return b.edit(edits...)
}

// all returns the edits with those that add the tails.
func (b *Block) all() []Edit {
	out := slices.Clone(b.edits)
	done := map[*hclsyntax.Block]bool{}
	for _, t := range b.tails {
		if done[t.block] {
			continue
		}
		done[t.block] = true
		var text strings.Builder
		for _, other := range b.tails {
			if other.block == t.block {
				text.WriteString(other.text)
			}
		}
		opening, closing := t.block.OpenBraceRange, t.block.CloseBraceRange
		before := ""
		if opening.Start.Line == closing.Start.Line {
			// Written on one line, a block holds one argument and nothing else.
			out = append(out, Edit{opening.Start.Byte, opening.End.Byte, "{\n"})
			before = "\n"
		}
		out = append(out, Edit{closing.Start.Byte, closing.End.Byte, before + text.String() + "}"})
	}
	return out
}

// String returns the block's text as it is before it is printed.
func (b *Block) String() string { return b.text() }

func (b *Block) write() string {
	text := strings.TrimRight(b.source.Apply(b.span.Start, b.span.End, b.all()), "\n") + "\n"
	if b.heading != "" {
		return b.heading + "\n\n" + text
	}
	return text
}
