package link

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/specialise"
)

// assets places the files that are not configuration.
func (l *linker) assets(m *Module, order []*part) {
	for _, p := range order {
		for _, a := range p.tmpl.Assets {
			to, ok := p.comp.Asset(a.Path)
			if !ok {
				continue
			}
			content, keep := l.guardedText(p, a.Path, a.Src)
			if !keep {
				continue
			}
			if err := m.Assets.Add(to, content); err != nil {
				l.errorf(p.Range, "Cannot place a file", "The file %s of the template %q has no place: %s.", a.Path, p.tmpl.Name, err)
			}
		}
	}
}

var textDirective = regexp.MustCompile(`^\s*(?:#|//|--|<!--)\s*bpgen:if\b\s*(.*?)\s*(?:-->)?\s*$`)

// guardedText evaluates the directive on the first line of a file that is not
// HCL and takes the line out.
func (l *linker) guardedText(p *part, name string, src []byte) ([]byte, bool) {
	first, rest, _ := bytes.Cut(src, []byte("\n"))
	m := textDirective.FindSubmatch(first)
	if m == nil {
		return src, true
	}
	file := p.tmpl.Dir + "/" + name
	cond, diags := hclsyntax.ParseExpression(m[1], file, hcl.InitialPos)
	rng := hcl.Range{Filename: file, Start: hcl.InitialPos, End: hcl.InitialPos}
	if diags.HasErrors() {
		l.diags = append(l.diags, diag.Error(rng, "Not a condition", "Behind bpgen:if stands a condition over variables. %s", diags[0].Detail))
		return nil, false
	}
	r := specialise.Condition(p.input, cond, file, m[1])
	if r.Err != nil {
		l.diags = append(l.diags, r.Err)
		return nil, false
	}
	keep, ok := r.Bool()
	if !ok {
		l.diags = append(l.diags, diag.Error(rng, "Directive is not decided", "The condition of a bpgen:if directive must be known when the module is rendered."))
	}
	return bytes.TrimLeft(rest, "\r\n"), keep
}

// tests gathers the shipped tests and the mock values of the types in use.
func (l *linker) tests(m *Module, order []*part, units []unit) {
	inUse := map[string]bool{}
	for _, u := range units {
		if parts := strings.Split(u.Address, "."); u.Kind == "data" && len(parts) == 3 {
			inUse["mock_data "+parts[1]] = true
		} else if u.Kind == "resource" && len(parts) == 2 {
			inUse["mock_resource "+parts[0]] = true
		}
	}
	for _, c := range l.in.Blueprint.Components {
		p := l.parts[c.Name]
		if !slices.Contains(order, p) {
			continue
		}
		l.diags = append(l.diags, p.done.testDiags...)
		if len(p.done.tests) > 0 {
			m.Tests = append(m.Tests, TestFile{Name: p.Name, Body: p.done.tests})
		}
		l.mocks(m, p, inUse)
	}
	slices.SortFunc(m.Mocks, func(a, b MockType) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Type, b.Type))
	})
}

func (l *linker) mocks(m *Module, p *part, inUse map[string]bool) {
	if p.tmpl.Mocks == nil {
		return
	}
	for _, b := range p.tmpl.Mocks.Body.Blocks {
		if len(b.Labels) != 1 || !inUse[b.Type+" "+b.Labels[0]] || slices.ContainsFunc(m.Mocks, func(t MockType) bool { return t.Kind == b.Type && t.Type == b.Labels[0] }) {
			continue
		}
		text := string(p.tmpl.Mocks.Src[b.TypeRange.Start.Byte:b.CloseBraceRange.End.Byte])
		m.Mocks = append(m.Mocks, MockType{Kind: b.Type, Type: b.Labels[0], Body: l.tidyBlock(text, p.tmpl.Formatted).text})
	}
}
