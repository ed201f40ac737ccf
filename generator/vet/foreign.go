package vet

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Inform returns the findings of a run for a module of which some objects come
// from somebody else's code, by their addresses or by those of calls of modules. What the notes ask for is told
// of these, too, but refuses nothing: who uses that code cannot mend it there.
func Inform(r Result, foreign []string) hcl.Diagnostics {
	if len(foreign) == 0 {
		return r.Findings
	}
	var out hcl.Diagnostics
	for _, d := range r.Findings {
		f, _ := FindingOf(d)
		if _, noted := f.Rule.(Noted); noted && d.Severity == hcl.DiagError && d.Subject != nil &&
			(slices.Contains(foreign, addressAt(r.Sources[d.Subject.Filename], d.Subject.Start.Byte)) || slices.Contains(foreign, callOf(d.Subject.Filename))) {
			c := *d
			c.Severity = hcl.DiagWarning
			d = &c
		}
		out = append(out, d)
	}
	return out
}

// callOf returns the address of the call for which the nested layout has a file, "" for
// a file of the module itself.
func callOf(file string) string {
	name, in := strings.CutPrefix(file, "modules/")
	if !in {
		return ""
	}
	name, _, _ = strings.Cut(name, "/")
	return "module." + name
}

// addressAt returns the address of the object whose block the byte at lies in.
func addressAt(f *hcl.File, at int) string {
	if f == nil {
		return ""
	}
	body, ok := f.Body.(*hclsyntax.Body)
	if !ok {
		return ""
	}
	for _, b := range body.Blocks {
		if at < b.TypeRange.Start.Byte || at > b.CloseBraceRange.End.Byte {
			continue
		}
		name := strings.Join(b.Labels, ".")
		if b.Type != "resource" {
			name = b.Type + "." + name
		}
		return name
	}
	return ""
}
