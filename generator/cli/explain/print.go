package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/ledger"
)

// overview prints one line per topic.
func overview(f *shell.Factory, all []topic) error {
	style := f.IO.OutStyle()
	var rows [][]columns.Cell
	for _, t := range all {
		value := "default " + t.Default
		switch {
		case t.Kind == "output":
			value = ""
		case t.Required:
			value = "required"
		}
		source := ""
		switch {
		case len(t.ids) > 0:
			source = "notes: " + strings.Join(t.ids, ", ")
		case t.Why != "":
			source = "why: " + t.Why
		}
		rows = append(rows, []columns.Cell{{Text: t.Kind}, {Text: t.Name}, {Text: value}, {Text: source, Paint: style.Dim}})
	}
	return f.Table(rows)
}

// brief says whether the notes of a topic are listed with what they say alone: there
// are many, and explain of an id says the rest.
func brief(t topic) bool {
	return t.Kind == "chapter" || t.Kind == "terraform" || t.Kind == "address" && t.Cites != nil
}

// A sheet is a page with lines that have a name.
type sheet struct{ *shell.Page }

const column = "%-12s"

func (s sheet) head(kind, name string) {
	s.Flow(kind+" ", "  ", columns.Cell{Text: name, Paint: s.Style.Bold})
}

func (s sheet) line(name, text string) {
	if text != "" {
		s.Flow(fmt.Sprintf("  "+column, name), fmt.Sprintf("  "+column, ""), columns.Cell{Text: text})
	}
}

// lines writes texts one below the other, the name before the first.
func (s sheet) lines(name string, texts []string) {
	for _, text := range texts {
		s.line(name, text)
		name = ""
	}
}

// full shows all that is known of one topic.
func full(p *shell.Page, t topic) {
	s := sheet{p}
	switch t.Kind {
	case "chapter":
		title := t.Name
		if len(t.Headings) > 0 {
			title = strings.Join(t.Headings, "; ")
		}
		p.Line("", "Chapter "+title+" of the notes")
	case "terraform":
		p.Line("", "The notes on "+t.Name)
	case "line", "address":
		s.place(t)
	case "note":
	case "deviation":
		s.head(t.Kind, t.Name)
		s.departure(*t.Departure)
		if !t.Departure.Applies {
			s.line("applies", "with options other than these")
		}
	default:
		s.head(t.Kind, t.Name)
		s.setting(t)
	}
	for _, n := range t.Notes {
		if brief(t) {
			s.head("note", n.ID)
			s.line("says", n.Statement)
			s.line("caveat", n.Caveat)
			continue
		}
		s.note(n, t.Departure)
	}
	if t.Sources != nil {
		p.Line("", "The notes link to")
		s.read(t.Sources)
	}
}

// setting shows an option, a variable, an output or a rule.
func (s sheet) setting(t topic) {
	s.line("what", t.Description)
	switch {
	case t.Kind == "rule":
		s.line("severity", t.Severity)
	case t.Required:
		s.line("default", "none (required)")
	case t.Kind != "output":
		s.line("default", t.Default)
	}
	s.line("allowed", t.Allowed)
	s.line("why", t.Why)
	s.line("more", t.Link)
	if t.Kind != "output" && t.Kind != "rule" && !t.Required && t.Why == "" && len(t.Notes) == 0 {
		s.line("why", "no source given")
	}
}

// place shows what stands in a line, or has an address.
func (s sheet) place(t topic) {
	switch {
	case t.Address == "":
		s.head("line", t.Place)
		s.line("text", t.Code)
	default:
		s.head(t.Statement, t.Address)
		s.line("place", t.Place)
		s.line("code", t.Code)
	}
	s.line("why", t.Why)
	for _, v := range t.Via {
		s.line("by way of", fmt.Sprintf("%s, %s", v.Address, v.Place))
	}
	if t.Group != "" {
		s.line("cited", "by the comment above these lines, "+t.Group)
	}
	switch {
	case t.Uncited:
		s.line("cited", "nothing here; the notes say this about the argument")
	case len(t.Notes) == 0:
		s.line("cited", "nothing")
	}
	s.lines("near", cites(t.Nearest))
	s.lines("cites", cites(t.Cites))
}

func cites(all []citing) []string {
	var out []string
	for _, c := range all {
		text := c.Place + ": "
		if c.Address != "" {
			text = c.Place + " " + c.Address + ": "
		}
		out = append(out, text+strings.Join(c.Notes, ", "))
	}
	return out
}

// note shows an entry of the notes. A departure that has been shown is not shown again.
func (s sheet) note(n *note, shown *departure) {
	s.head("note", n.ID)
	if n.Missing {
		s.line("", "The notes have no entry with this ID.")
		return
	}
	lines := ""
	if n.Lines != "" {
		lines = ", line " + n.Lines
		if strings.ContainsAny(n.Lines, "-,") {
			lines = ", lines " + n.Lines
		}
	}
	original := ""
	if n.Title != "" {
		s.line("section", n.Title)
		original = n.Section + lines
	} else {
		s.line("section", n.Section+lines)
	}
	s.line("says", n.Statement)
	s.line("quote", n.Quote)
	s.line("strength", n.Strength)
	s.line("value", value(n.Value))
	s.line("caveat", n.Caveat)
	s.line("terraform", strings.Join(n.Terraform, ", "))
	s.line("original", original)
	for _, d := range n.Departed {
		switch {
		case shown != nil && shown.Name == d.Name:
		case d.Applies:
			s.line("departed", "by the deviation "+d.Name)
			s.departure(d)
		default:
			s.line("departed", "with other options, by the deviation "+d.Name)
		}
	}
	s.evidence(n.Proof)
	s.lines("cited", n.Cited)
	s.line("rules", strings.Join(n.Rules, ", "))
	s.lines("tests", n.Tests)
	s.read(n.Sources)
}

// read shows where to read more.
func (s sheet) read(sources []ledger.Source) {
	name := "read"
	for _, source := range sources {
		from := ""
		if source.From != "" {
			from = " (" + source.From + ")"
		}
		s.line(name, source.Title+from)
		s.Raw(fmt.Sprintf("  "+column+"%s\n", "", source.URL)) // in one piece, so that it can be opened
		name = ""
	}
}

func (s sheet) departure(d departure) {
	s.line("rendered", d.Rendered)
	s.line("because", d.Reason)
	s.line("restore", d.Restore)
}

// evidence shows what came of a proof.
func (s sheet) evidence(e *evidence) {
	if e == nil {
		return
	}
	text := e.Way
	if e.Options != "" {
		text += " with " + e.Options
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	s.line("proof", text)
	if e.Source != "" {
		s.line("", "by "+e.Source)
	}
	s.lines("places", e.Places)
}

// value shows the value of a note as the ledger writes it.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, value(e))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		var parts []string
		for k, e := range v {
			parts = append(parts, k+" = "+value(e))
		}
		slices.Sort(parts)
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v)
}
