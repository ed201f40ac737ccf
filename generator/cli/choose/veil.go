package choose

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/secret"
)

// Veil returns the sources of an options file in which nobody can read a secret:
// neither the value of an option that the blueprint treats as secret, nor that of
// an option that it does not have, for a name may be misspelt.
func Veil(bp *blueprint.Blueprint, inputs []resolve.Input, sources map[string]*hcl.File) map[string]*hcl.File {
	if bp == nil {
		return sources
	}
	var names []string
	for _, o := range resolve.Options(bp) {
		names = append(names, o.Name)
	}
	var places []resolve.Input
	for _, in := range inputs {
		if in.Range != nil && sources[in.Range.Filename] != nil {
			places = append(places, in)
		}
	}
	slices.SortFunc(places, func(a, b resolve.Input) int { return a.Range.Start.Line - b.Range.Start.Line })
	starts := map[string][]int{}
	for name, f := range sources {
		if f != nil {
			starts[name] = diag.LineStarts(f.Bytes)
		}
	}
	var m secret.Mask
	for i, in := range places {
		if _, is := bp.Secret(in.Name); !is && slices.Contains(names, in.Name) {
			continue
		}
		// From its name to the line of the next option: what a value looks like
		// differs from one kind of file to another.
		src := sources[in.Range.Filename].Bytes
		lineStart := func(line int) int { // counted from 1
			if lines := starts[in.Range.Filename]; line <= len(lines) {
				return lines[max(line, 1)-1]
			}
			return len(src)
		}
		first, last := lineStart(in.Range.Start.Line), len(src)
		for _, next := range places[i+1:] {
			if next.Range.Filename == in.Range.Filename && next.Range.Start.Line > in.Range.Start.Line {
				last = lineStart(next.Range.Start.Line)
				break
			}
		}
		if at := bytes.Index(src[first:last], []byte(in.Name)); at >= 0 {
			first += at + len(in.Name)
		}
		m.Ranges(hcl.Range{Filename: in.Range.Filename, Start: hcl.Pos{Byte: first}, End: hcl.Pos{Byte: last}})
	}
	return m.Sources(sources)
}

// VeilBroken is Veil for what could not be read. Where a file names an option that
// the blueprint treats as secret, nothing of it is shown, and no word of it said.
func VeilBroken(bp *blueprint.Blueprint, sources map[string]*hcl.File, diags hcl.Diagnostics) (map[string]*hcl.File, hcl.Diagnostics) {
	if bp == nil || bp.Secrets == nil {
		return sources, diags
	}
	for name, f := range sources {
		words := strings.FieldsFunc(string(f.Bytes), func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune("\"'=:,{}[]", r)
		})
		if !slices.ContainsFunc(words, func(w string) bool { _, is := bp.Secret(w); return is }) {
			continue
		}
		var m secret.Mask
		m.Ranges(hcl.Range{Filename: name, End: hcl.Pos{Byte: len(f.Bytes)}})
		for _, w := range words {
			if !slices.ContainsFunc(resolve.Options(bp), func(o *blueprint.Option) bool { return o.Name == w }) {
				m.Word(w)
			}
		}
		sources, diags = m.Sources(sources), m.Diagnostics(diags)
		for _, d := range diags { // they are copies; a parser quotes the part that it stopped at
			d.Detail = quotation.ReplaceAllString(d.Detail, `"..."`)
		}
	}
	return sources, diags
}

var quotation = regexp.MustCompile(`"[^"]*"`)
