package diag

import (
	"bytes"
	"io"

	"github.com/hashicorp/hcl/v2"
)

// longLine is where a source line is no help any more.
const longLine = 1000

// Print writes diagnostics to w in order, each with the source lines it is
// about where sources holds the file, wrapped at width; 0 does not wrap.
func Print(w io.Writer, sources map[string]*hcl.File, diags hcl.Diagnostics, width int, color bool) error {
	if width > 0 {
		width = max(width, 40) // HCL's writer needs room for its frame.
	}
	shown := hcl.NewDiagnosticTextWriter(w, sources, uint(max(width, 0)), color)
	hidden := hcl.NewDiagnosticTextWriter(w, nil, uint(max(width, 0)), color)
	for _, d := range Sort(diags) {
		writer := shown
		if d.Subject != nil && hasLongLine(sources[d.Subject.Filename], *d.Subject) {
			writer = hidden
		}
		if err := writer.WriteDiagnostic(d); err != nil {
			return err
		}
	}
	return nil
}

// hasLongLine says whether one of the lines of rng would flood a terminal.
func hasLongLine(f *hcl.File, rng hcl.Range) bool {
	if f == nil {
		return false
	}
	row := 0
	for line := range bytes.Lines(f.Bytes) {
		if row++; row > rng.End.Line {
			return false
		}
		if row >= rng.Start.Line && len(line) > longLine {
			return true
		}
	}
	return false
}
