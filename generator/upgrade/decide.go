package upgrade

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/merge"
)

// decide puts one side in the place of every conflict.
func decide(res merge.Result, ours, theirs fileset.Set, side Strategy) fileset.Set {
	byFile := map[string][]merge.Conflict{}
	for _, c := range res.Conflicts {
		byFile[c.Path] = append(byFile[c.Path], c)
	}
	out := res.Files
	for name, conflicts := range byFile {
		content, _ := res.Files.Get(name)
		if conflicts[0].Start == 0 { // The whole file.
			from := ours
			if side == Theirs {
				from = theirs
			}
			content, _ = from.Get(name)
		} else {
			content = decided(name, content, conflicts, side)
		}
		out = with(out, name, content)
	}
	return out
}

// decided puts one side in the place of the conflicts of a file.
func decided(name string, content []byte, conflicts []merge.Conflict, side Strategy) []byte {
	lines := slices.Collect(bytes.Lines(content))
	for _, c := range slices.Backward(conflicts) {
		from := c.Start // behind the first marker
		n := height(c.Ours)
		if side == Theirs {
			from, n = c.Start+n+1+height(c.Base)+1, height(c.Theirs)
		}
		lines = slices.Replace(lines, c.Start-1, c.End, slices.Clone(lines[from:from+n])...)
	}
	text := bytes.Join(lines, nil)
	switch path.Ext(name) {
	case ".tf", ".tfvars", ".hcl", ".tofu":
		if _, diags := guard.Parse(text, name); !diags.HasErrors() && !bytes.Contains(text, []byte("\r")) {
			return ir.Format(text)
		}
	}
	return text
}

// height is how many lines a side of a conflict has between the markers.
func height(text string) int {
	if text == "" {
		return 0
	}
	return strings.Count(text, "\n") + 1
}

// A Mark is a line of a file that holds the marker of a conflict.
type Mark struct {
	Path string
	Line int
}

// Marks returns the markers of conflicts in a tree, in order of path and line.
func Marks(tree fileset.Set) []Mark {
	var out []Mark
	for _, f := range tree.Files() {
		for _, line := range merge.Marked(f.Bytes) {
			out = append(out, Mark{f.Path, line})
		}
	}
	return out
}

// Invalid returns what is wrong with the syntax of the files of a module.
func Invalid(tree fileset.Set) (diags hcl.Diagnostics) {
	for _, f := range tree.Files() {
		switch path.Ext(f.Path) {
		case ".tf", ".tfvars", ".hcl", ".tofu":
			_, d := guard.Parse(f.Bytes, f.Path)
			diags = append(diags, d...)
		}
	}
	return diags
}
