package proof

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/fileset"
)

// holds tries the rule: the module as it is has no finding of it that the changed
// one has not, and the changed one has more.
func (r *Rule) holds(m *Module) Finding {
	if m.vet == nil {
		return Finding{Why: "no rules are tried"}
	}
	if !m.vetted {
		m.clean, m.vetted = m.vet(m.Files), true
	}
	files := slices.Clone(m.Files)
	var places []Place
	for _, c := range r.Changes {
		at, ok := m.change(files, c)
		if !ok {
			return Finding{Why: fmt.Sprintf("the module has no %s to %s", c.Type, c.Do)}
		}
		places = append(places, at...)
	}
	if count(m.vet(files), r.ID) <= count(m.clean, r.ID) {
		return Finding{Why: fmt.Sprintf("the rule %s does not notice the change", r.ID)}
	}
	return Finding{Holds: true, Places: places}
}

func count(names []string, name string) int {
	n := 0
	for _, x := range names {
		if x == name {
			n++
		}
	}
	return n
}

// change makes a change in files, which keep their order.
func (m *Module) change(files []fileset.File, c Change) ([]Place, bool) {
	if c.Do == "add" {
		for i, f := range files {
			if f.Path == "data.tf" || f.Path == "variables.tf" {
				files[i].Bytes = append(slices.Clone(f.Bytes), "\n"+c.Text...)
				return nil, true
			}
		}
		return nil, false
	}
	var places []Place
	for _, b := range m.blocks["resource."+c.Type] {
		fits := c.Where == nil
		for _, one := range m.instances(b) {
			fits = fits || one.fits(c.Where)
		}
		if !fits {
			continue
		}
		places = append(places, placeOf(b.DefRange()))
		rng, text := b.Range(), ""
		if c.Do == "turn" {
			open := b.OpenBraceRange.End
			rng, text = hcl.Range{Filename: rng.Filename, Start: open, End: open}, "\n  "+c.Name+" = "+c.Value
			if a := b.Body.Attributes[c.Name]; a != nil {
				rng, text = a.SrcRange, c.Name+" = "+c.Value
			}
		}
		replace(files, rng, text)
		if c.Do == "turn" {
			break // one is enough, and ranges behind it have moved
		}
	}
	return places, len(places) > 0
}

// replace puts a text in the place of a range. What is removed leaves spaces, so
// that what stands behind it does not move.
func replace(files []fileset.File, rng hcl.Range, text string) {
	for i, f := range files {
		if f.Path != rng.Filename {
			continue
		}
		if text == "" {
			text = string(slices.Repeat([]byte{' '}, rng.End.Byte-rng.Start.Byte))
		}
		files[i].Bytes = slices.Concat(f.Bytes[:rng.Start.Byte], []byte(text), f.Bytes[rng.End.Byte:])
	}
}
