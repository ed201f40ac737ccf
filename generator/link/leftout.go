package link

import (
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/specialise"
)

// leftOut lists what the module does not have of foreign templates: what the
// options decide, and the data sources of all renames that nothing reads, which
// are not among those left.
func (l *linker) leftOut(order []*part, all, left []Rename) []LeftOut {
	var out []LeftOut
	for _, c := range l.in.Blueprint.Components {
		p := l.parts[c.Name]
		if !p.Foreign || !slices.Contains(order, p) {
			continue
		}
		found := p.comp.LeftOut()
		for _, r := range all {
			if name, ok := strings.CutPrefix(r.Nested, "module."+p.Name+"."); ok && !slices.Contains(left, r) {
				found = append(found, specialise.LeftOut{Kind: specialise.LeftOutData, Name: strings.TrimSuffix(name, "[0]")})
			}
		}
		for _, a := range p.tmpl.Assets {
			if !strings.HasSuffix(a.Path, ".tf") && len(p.comp.Assets(a.Path)) == 0 {
				found = append(found, specialise.LeftOut{Kind: specialise.LeftOutFile, Name: a.Path})
			}
		}
		for _, f := range found {
			out = append(out, LeftOut{Component: p.Name, Kind: f.Kind, Name: f.Name})
		}
	}
	return out
}
