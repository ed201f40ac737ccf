package template

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/bundle"
	"github.com/bpgen/bpgen/generator/diag"
)

// Bundled says whether an asset is a source of an archive beside its directory. It is
// passed on as it is, for the archive is.
func (t *Template) Bundled(asset string) bool {
	return bundle.Source(asset, t.carries) != ""
}

func (t *Template) carries(asset string) bool {
	_, found := slices.BinarySearchFunc(t.Assets, asset, func(a Asset, p string) int { return strings.Compare(a.Path, p) })
	return found
}

// bundles refuses directives in what an archive is made of: it is one for all options.
func (t *Template) bundles() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, a := range t.Assets {
		archive := ""
		if bytes.Contains(a.Src, []byte("bpgen:")) {
			archive = bundle.Source(a.Path, t.carries)
		}
		if archive == "" {
			continue
		}
		line, start := 0, 0
		for text := range bytes.Lines(a.Src) {
			if line++; TextDirective.Match(bytes.TrimRight(text, "\r\n")) {
				at := hcl.Pos{Line: line, Column: 1, Byte: start}
				diags = append(diags, diag.Error(hcl.Range{Filename: path.Join(t.Tree, a.Path), Start: at, End: at}, "Directive in a bundled file",
					"This file is in the archive %s as well, which is the same for all options, so nothing can be left out of it. Write a handler for each choice, or pass the choice as an environment variable.", path.Base(archive)))
			}
			start += len(text)
		}
	}
	return diags
}
