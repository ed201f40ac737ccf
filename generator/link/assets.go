package link

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/specialise"
)

// assets places the files that are not configuration, without those that the code has
// no use for.
func (l *linker) assets(m *Module, order []*part, named *naming) {
	for _, p := range order {
		done := p.done.placed()
		if budget.Ended(done.diags) {
			done = filled(p.input, p.comp) // what ended another link is no result
		}
		l.diags = append(l.diags, done.diags...)
		for _, a := range done.files {
			if named.needs(p, done.files, a) {
				l.asset(m, p, a)
			}
		}
	}
}

// asset adds a file to the module, and what its lines cited that have gone.
func (l *linker) asset(m *Module, p *part, a asset) {
	if err := m.Assets.Add(a.to, l.worded(a.body)); err != nil {
		l.errorf(p.Range, "File cannot be written", "The file %s of the template %q cannot be part of the module: %s.", a.from, p.tmpl.Name, err)
		return
	}
	m.Advice = append(m.Advice, a.advice...)
	if len(a.cited) > 0 {
		m.Cited = append(m.Cited, Cited{File: a.to, Places: a.cited})
	}
}

// licences places the terms under which a template may be passed on beside the
// module that is made of it.
func licences(in specialise.Input) (done []asset) {
	for _, a := range in.Template.Licences {
		stem, ext, _ := strings.Cut(a.Path, ".")
		to := stem + "." + in.Name
		if ext != "" {
			to += "." + ext
		}
		done = append(done, asset{from: a.Path, to: to, body: body{content: a.Src}})
	}
	return done
}

// filled returns the files of a component that is specialised.
func filled(in specialise.Input, comp *specialise.Component) (done placed) {
	done.files = licences(in)
	for _, a := range in.Template.Assets {
		places := comp.Assets(a.Path)
		if len(places) == 0 {
			continue
		}
		t, keep, diags := assetText(in, a.Path, a.Src)
		done.diags = append(done.diags, diags...)
		for _, to := range places {
			if keep {
				done.files = append(done.files, asset{from: a.Path, to: to, body: t})
			}
		}
	}
	return done
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
		if p.Foreign {
			continue // its tests are its maker's
		}
		t := p.done.tests()
		l.diags = append(l.diags, t.diags...)
		if len(t.runs) > 0 {
			m.Tests = append(m.Tests, TestFile{Name: p.Name, runs: t.runs})
		}
		l.diags = append(l.diags, m.mock(p.input, inUse)...)
	}
	slices.SortFunc(m.Mocks, func(a, b MockType) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Type, b.Type))
	})
}
