// Package diag builds, orders and prints the diagnostics of bpgen.
//
// It takes ranges and words and returns hcl.Diagnostics; it prints to any
// io.Writer it is given. It does not touch the operating system and imports
// nothing else of bpgen. Every stage appends to diagnostics and returns them;
// order is made here, once, when they are shown.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/hcl/v2"
)

// Error returns one error diagnostic about rng. The summary is short and holds
// no name of the user's; the detail says in full sentences what is wrong, why,
// and how to mend it.
func Error(rng hcl.Range, summary, detailFormat string, args ...any) *hcl.Diagnostic {
	return build(hcl.DiagError, rng, summary, detailFormat, args)
}

// Warning is Error with warning severity.
func Warning(rng hcl.Range, summary, detailFormat string, args ...any) *hcl.Diagnostic {
	return build(hcl.DiagWarning, rng, summary, detailFormat, args)
}

// Bug reports a state that bpgen itself should have made impossible.
func Bug(rng hcl.Range, detailFormat string, args ...any) *hcl.Diagnostic {
	return build(hcl.DiagError, rng, "Internal error", detailFormat+"\n\nThis is a bug in bpgen.", args)
}

func build(sev hcl.DiagnosticSeverity, rng hcl.Range, summary, format string, args []any) *hcl.Diagnostic {
	d := &hcl.Diagnostic{Severity: sev, Summary: summary, Detail: format}
	if len(args) > 0 {
		d.Detail = fmt.Sprintf(format, args...)
	}
	if rng.Filename != "" {
		d.Subject = &rng
	}
	return d
}

// Sort orders diagnostics totally: by file, line, column, severity, summary and
// detail. It removes exact doubles. The argument is not changed.
func Sort(diags hcl.Diagnostics) hcl.Diagnostics {
	out := slices.Clone(diags)
	slices.SortStableFunc(out, compare)
	return slices.CompactFunc(out, func(a, b *hcl.Diagnostic) bool { return compare(a, b) == 0 })
}

func compare(a, b *hcl.Diagnostic) int {
	ar, br := subject(a), subject(b)
	return cmp.Or(
		cmp.Compare(ar.Filename, br.Filename),
		cmp.Compare(ar.Start.Byte, br.Start.Byte),
		cmp.Compare(a.Severity, b.Severity),
		cmp.Compare(a.Summary, b.Summary),
		cmp.Compare(a.Detail, b.Detail),
	)
}

func subject(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}

// Nearest returns the candidates that are close enough to name to be meant by
// it, nearest first, at most three.
func Nearest(name string, candidates []string) []string {
	type scored struct {
		name string
		dist int
	}
	var near []scored
	for _, c := range candidates {
		d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(c), nil)
		if d <= max(2, len(name)/3) || strings.Contains(c, name) && len(name) > 2 {
			near = append(near, scored{c, d})
		}
	}
	slices.SortStableFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.dist, b.dist), cmp.Compare(a.name, b.name))
	})
	var out []string
	for _, s := range near[:min(3, len(near))] {
		out = append(out, s.name)
	}
	return out
}

// DidYouMean returns a sentence that names the nearest candidates, or all of
// them when none is near; it is empty when there are no candidates.
func DidYouMean(name string, candidates []string) string {
	if near := Nearest(name, candidates); len(near) > 0 {
		return "Did you mean " + Quoted(near, "or") + "?"
	}
	if len(candidates) == 0 {
		return ""
	}
	sorted := slices.Sorted(slices.Values(candidates))
	return "There is " + Quoted(sorted, "and") + "."
}

// Quoted joins names for a sentence: "a", "b" and "c".
func Quoted(names []string, conjunction string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", n)
	}
	if len(q) < 2 {
		return strings.Join(q, "")
	}
	return strings.Join(q[:len(q)-1], ", ") + " " + conjunction + " " + q[len(q)-1]
}
