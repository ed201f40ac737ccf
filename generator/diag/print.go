package diag

import (
	"io"

	"github.com/hashicorp/hcl/v2"
)

// Print writes diagnostics to w in order, each with the source lines it is
// about where sources holds the file, wrapped at width.
func Print(w io.Writer, sources map[string]*hcl.File, diags hcl.Diagnostics, width int, color bool) error {
	sorted := Sort(diags)
	if len(sorted) == 0 {
		return nil
	}
	if width < 40 {
		width = 40 // HCL's writer needs room for its frame.
	}
	return hcl.NewDiagnosticTextWriter(w, sources, uint(width), color).WriteDiagnostics(sorted)
}
