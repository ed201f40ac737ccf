package render

import (
	"fmt"
	"strings"

	"github.com/bpgen/bpgen/generator/link"
)

// Diagram returns the components in use and their links as a Mermaid
// flowchart. An arrow points from a component to the one whose outputs it
// uses; several links between two components are one arrow.
func Diagram(m *link.Module) []byte {
	var out strings.Builder
	out.WriteString("flowchart LR\n")
	ids := map[string]string{}
	for i, p := range m.Parts {
		// The number keeps ids apart and off the words that Mermaid reserves.
		ids[p.Name] = fmt.Sprintf("c%d", i+1)
		fmt.Fprintf(&out, "  %s[\"%s\"]\n", ids[p.Name], mermaidText(p.Name))
	}
	drawn := map[string]bool{}
	for _, e := range m.Edges {
		from, to := ids[e.From], ids[e.To]
		arrow := "  " + to + " --> " + from + "\n"
		if from == "" || to == "" || drawn[arrow] {
			continue
		}
		drawn[arrow] = true
		out.WriteString(arrow)
	}
	return []byte(out.String())
}

// mermaidLabel makes words safe inside a quoted label. Mermaid has entities but
// no backslash.
var mermaidLabel = strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "`", "#96;", "&", "#amp;", "\n", " ")

func mermaidText(s string) string { return mermaidLabel.Replace(s) }
