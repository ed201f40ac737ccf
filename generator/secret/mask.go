package secret

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// Hidden stands where a secret would.
const Hidden = "(not shown)"

// shortest is from which length on a text is looked for: a shorter one stands in
// any sentence by chance.
const shortest = 4

// A Mask hides secrets. The zero value hides nothing.
type Mask struct {
	words  []string
	ranges []hcl.Range
}

// Value hides the texts and long numbers of a value.
func (m *Mask) Value(v cty.Value) {
	each(v, func(leaf cty.Value) {
		switch leaf.Type() {
		case cty.String:
			m.Word(leaf.AsString())
		case cty.Number:
			m.Word(leaf.AsBigFloat().Text('f', -1))
		}
	})
}

// Word hides a text, as it stands, as code writes it, and line by line.
func (m *Mask) Word(text string) {
	quoted := strconv.Quote(text)
	for _, form := range append(strings.Split(text, "\n"), text, quoted[1:len(quoted)-1]) {
		if form = strings.TrimSpace(form); len(form) >= shortest && !slices.Contains(m.words, form) {
			m.words = append(m.words, form)
		}
	}
	// A text that holds another one is hidden whole.
	slices.SortFunc(m.words, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
}

// Ranges hides parts of sources.
func (m *Mask) Ranges(ranges ...hcl.Range) { m.ranges = append(m.ranges, ranges...) }

// Empty says whether nothing is hidden.
func (m *Mask) Empty() bool { return len(m.words)+len(m.ranges) == 0 }

// Text returns a text without the secrets.
func (m *Mask) Text(s string) string {
	for _, w := range m.words {
		s = strings.ReplaceAll(s, w, Hidden)
	}
	return s
}

// Diagnostics returns diagnostics without the secrets, and without the values of
// variables that HCL shows beside a snippet.
func (m *Mask) Diagnostics(diags hcl.Diagnostics) hcl.Diagnostics {
	if m.Empty() {
		return diags
	}
	out := make(hcl.Diagnostics, len(diags))
	for i, d := range diags {
		c := *d
		c.Summary, c.Detail = m.Text(d.Summary), m.Text(d.Detail)
		c.Expression, c.EvalContext = nil, nil
		out[i] = &c
	}
	return out
}

// Sources returns sources in which every byte of a secret is a *, so that ranges
// still fit. What holds none is the same file.
func (m *Mask) Sources(sources map[string]*hcl.File) map[string]*hcl.File {
	if m.Empty() {
		return sources
	}
	out := make(map[string]*hcl.File, len(sources))
	for name, f := range sources {
		out[name] = f
		if f == nil {
			continue
		}
		if src := m.source(name, f.Bytes); src != nil {
			out[name] = &hcl.File{Body: f.Body, Bytes: src}
		}
	}
	return out
}

// source returns the masked bytes of a file, or nil when it holds no secret.
func (m *Mask) source(name string, src []byte) []byte {
	var out []byte
	hide := func(from, to int) {
		if out == nil {
			out = bytes.Clone(src)
		}
		for i := from; i < to; i++ {
			if out[i] != '\n' && out[i] != '\r' {
				out[i] = '*'
			}
		}
	}
	for _, r := range m.ranges {
		if r.Filename == name && r.CanSliceBytes(src) {
			hide(r.Start.Byte, r.End.Byte)
		}
	}
	for _, w := range m.words {
		for at := 0; ; {
			i := bytes.Index(src[at:], []byte(w))
			if i < 0 {
				break
			}
			hide(at+i, at+i+len(w))
			at += i + len(w)
		}
	}
	return out
}
