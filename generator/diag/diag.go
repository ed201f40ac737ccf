// Package diag builds, orders and prints the diagnostics of bpgen.
//
// It takes ranges and words and returns hcl.Diagnostics; it prints to any
// io.Writer it is given. It does not touch the operating system. Every stage appends to diagnostics and returns them;
// order is made here, once, when they are shown.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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

const (
	// longSummary and longDetail are where words are cut, in bytes: what is longer
	// repeats input.
	longSummary = 300
	longDetail  = 4000
)

// Ready is Sort for diagnostics that are about to be shown: what is too long
// loses its middle, and what a library says of a panic of its own, with the stack
// of a goroutine, becomes a sentence.
func Ready(diags hcl.Diagnostics) hcl.Diagnostics {
	out := Sort(diags)
	for i, d := range out {
		summary, detail := short(withoutStack(d.Summary), longSummary), short(withoutStack(d.Detail), longDetail)
		if summary != d.Summary || detail != d.Detail {
			c := *d
			c.Summary, c.Detail = summary, detail
			out[i] = &c
		}
	}
	return out
}

// short takes the middle out of a text of more than most bytes.
func short(s string, most int) string {
	if len(s) <= most {
		return s
	}
	first, last := strings.ToValidUTF8(s[:most*3/4], ""), strings.ToValidUTF8(s[len(s)-most/4:], "")
	return fmt.Sprintf("%s ... (%d bytes omitted) ... %s", first, len(s)-len(first)-len(last), last)
}

// panicked is what cty puts in front of what a function of its own panicked with;
// the stack follows on the next line.
const panicked = "panic in function implementation: "

// withoutStack returns a message without the stack of a goroutine.
func withoutStack(s string) string {
	before, after, found := strings.Cut(s, panicked)
	if !found {
		return s
	}
	return before + "it cannot handle these values." + behindStack(after)
}

// behindStack returns what stands behind a stack that begins in s: the stack ends
// with an empty line or with the text.
func behindStack(s string) string {
	_, stack, found := strings.Cut(s, "goroutine ")
	if !found {
		return ""
	}
	if _, rest, found := strings.Cut(stack, "\n\n"); found {
		return "\n\n" + withoutStack(rest)
	}
	return ""
}

// mostCompared is how many candidates are compared letter by letter.
const mostCompared = 500

// longName is where a name is too long to be a slip of the hand, in bytes.
const longName = 100

// Nearest returns the candidates that are close enough to name to be meant by
// it, nearest first, at most three.
func Nearest(name string, candidates []string) []string {
	type scored struct {
		name string
		dist int
	}
	if name == "" || len(name) > longName {
		return nil
	}
	var near []scored
	lower, most := strings.ToLower(name), max(2, len(name)/3)
	compared := 0
	for _, c := range candidates {
		within := strings.Contains(c, name) && len(name) > 2
		// As many letters as one is longer than the other have to be typed at least;
		// a letter has up to four bytes.
		if !within && (len(c) > 4*(len(name)+most) || len(name) > 4*(len(c)+most) || ascii(c) && ascii(name) && apart(len(c), len(name)) > most) {
			continue
		}
		// Among very many only those that begin alike are worth the time.
		if len(candidates) > mostCompared && !within && (c == "" || c[0] != name[0]) {
			continue
		}
		if compared++; compared > mostCompared {
			break
		}
		d := levenshtein.Distance(lower, strings.ToLower(c), nil)
		if d <= most || within {
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

// Suggest returns the sentence that asks whether one of near was meant, behind a
// blank; it is empty when there are none.
func Suggest(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return " Did you mean " + Quoted(near, "or") + "?"
}

// DidYouMean returns a sentence that names the nearest candidates, or all of
// them when none is near and they are few; it is empty when there are no
// candidates.
func DidYouMean(name string, candidates []string) string {
	if near := Nearest(name, candidates); len(near) > 0 {
		return "Did you mean " + Quoted(near, "or") + "?"
	}
	if len(candidates) == 0 {
		return ""
	}
	if len(candidates) > mostNamed {
		return fmt.Sprintf("None of the %d that exist has a similar name.", len(candidates))
	}
	verb := "There is "
	if len(candidates) > 1 {
		verb = "There are "
	}
	return verb + Quoted(slices.Sorted(slices.Values(candidates)), "and") + "."
}

// mostNamed is how many candidates a sentence names.
const mostNamed = 60

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

func apart(a, b int) int { return max(a-b, b-a) }

// Quoted joins names for a sentence: "a", "b" and "c".
func Quoted(names []string, conjunction string) string {
	q := quoted(names)
	if len(q) < 2 {
		return strings.Join(q, "")
	}
	return strings.Join(q[:len(q)-1], ", ") + " " + conjunction + " " + q[len(q)-1]
}

func quoted(names []string) []string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", n)
	}
	return q
}
