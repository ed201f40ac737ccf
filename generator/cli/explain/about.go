package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/cli/shell"
	"github.com/bpgen/bpgen/generator/columns"
	"github.com/bpgen/bpgen/generator/ledger"
)

// chapter is how a comment of a rendered module names a part of the notes.
var chapter = regexp.MustCompile(`^\d\d(-\d\d)?$`)

// about returns what the notes on the systems say in a chapter, such as 22-02, or of a
// type or an argument of Terraform, such as aws_db_instance or multi_az: much of it
// is no option and no variable, but fixed in the code.
func about(notes *ledger.Ledger, systems []string, what string) (t topic, found bool, err error) {
	t = topic{Name: what, Kind: "terraform"}
	if chapter.MatchString(what) {
		t.Kind = "chapter"
	}
	if notes == nil {
		return t, false, nil
	}
	for _, system := range notes.Systems() {
		if !slices.Contains(systems, system) {
			continue
		}
		entries, err := notes.Entries(system)
		if err != nil {
			return t, false, err
		}
		for _, e := range entries {
			if t.Kind == "chapter" && strings.HasPrefix(e.Section, what+".") || slices.ContainsFunc(e.Terraform, func(name string) bool { return names(name, what) }) {
				t.ids = append(t.ids, e.ID)
			}
		}
	}
	return t, len(t.ids) > 0, nil
}

// names reports whether an address as the notes give it, which is type or
// type.argument, has what as a part.
func names(address, what string) bool {
	typ, argument, _ := strings.Cut(address, ".")
	return what == address || what == typ || what == argument
}

// brief lists notes with what they say alone; explain of an id says the rest.
func brief(p *shell.Page, t topic) {
	heading := fmt.Sprintf("The notes on %s", t.Name)
	if t.Kind == "chapter" {
		heading = fmt.Sprintf("Chapter %s of the notes", t.Name)
		for _, n := range t.Notes {
			if section, _, _ := strings.Cut(n.Section, " › "); section != "" {
				heading = fmt.Sprintf("Chapter %s of the notes (%s)", t.Name, section)
				break
			}
		}
	}
	p.Line("", heading)
	for _, n := range t.Notes {
		p.Flow("note ", "  ", columns.Cell{Text: n.ID, Paint: p.Style.Bold})
		p.Flow("  says        ", "              ", columns.Cell{Text: n.Statement})
		if n.Caveat != "" {
			p.Flow("  caveat      ", "              ", columns.Cell{Text: n.Caveat})
		}
	}
}
