package ledger

import (
	"strings"

	"github.com/bpgen/bpgen/generator/guard"
)

// aboutFile stands beside the files of the systems.
const aboutFile = "about.md"

// About returns what the ledger says of the notes themselves, as Markdown without
// headings: whose they are, what they are about, how old they are, where to read
// them. It is "" for a ledger without the file about.md.
func (l *Ledger) About() string {
	content, diags := guard.ReadFile(l.fsys, aboutFile, aboutFile)
	if diags.HasErrors() {
		return ""
	}
	return strings.TrimSpace(string(content))
}
