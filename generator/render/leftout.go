package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bpgen/bpgen/generator/specialise"
)

// leftOutMost is how many names a line of the README lists; --json has them all.
const leftOutMost = 8

// leftOut tells what the module does not have of the modules of other people
// that it is made of.
func (r *renderer) leftOut(d *document) {
	names := map[string][]string{}
	var components []string
	for _, l := range r.Module.LeftOut {
		if !slices.Contains(components, l.Component) {
			components = append(components, l.Component)
		}
		key := l.Component + " " + l.Kind
		names[key] = append(names[key], code(l.Name))
	}
	if len(components) == 0 {
		return
	}
	d.paragraph("## What was left out")
	d.paragraph("These components are third-party modules, specialised to the chosen options. Code that the options rule out was removed; `bpgen render --json` lists all of it.")
	var rows [][]string
	for _, c := range components {
		for _, k := range []struct{ kind, why string }{
			{specialise.LeftOutResource, "Resources that are switched off"},
			{specialise.LeftOutData, "Data sources that are switched off or unused"},
			{specialise.LeftOutModule, "Child module calls that are switched off or inlined"},
			{specialise.LeftOutValidation, "Variables whose validations pass"},
			{specialise.LeftOutCondition, "Outputs whose preconditions pass"},
			{specialise.LeftOutFile, "Unused files"},
		} {
			list := names[c+" "+k.kind]
			if len(list) == 0 {
				continue
			}
			shown := strings.Join(list[:min(len(list), leftOutMost)], ", ")
			if more := len(list) - leftOutMost; more > 0 {
				shown += " and " + strconv.Itoa(more) + " more"
			}
			rows = append(rows, []string{text(title(c)), k.why, shown})
		}
	}
	d.table([]string{"Component", "What", "Which"}, rows)
}
