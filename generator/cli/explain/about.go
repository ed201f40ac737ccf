package explain

import (
	"regexp"
	"slices"
	"strings"

	"github.com/bpgen/bpgen/generator/ledger"
)

// chapter is the number of a chapter of the notes.
var chapter = regexp.MustCompile(`^\d\d(-\d\d)?$`)

// about returns what the notes say in a chapter, such as 22-02, or of a resource
// type or argument of Terraform, such as aws_db_instance or multi_az: much of it is no option
// and no variable, but fixed in the code.
func (e *explainer) about(what string) (t topic, found bool) {
	t = topic{Name: what, Kind: "terraform"}
	if chapter.MatchString(what) {
		t.Kind = "chapter"
	}
	e.entries(func(n ledger.Entry) {
		if t.Kind == "chapter" && n.Chapter == what || slices.ContainsFunc(n.Terraform, func(name string) bool { return names(name, what) }) {
			t.ids = append(t.ids, n.ID)
			if heading := n.Heading(); t.Kind == "chapter" && !slices.Contains(t.Headings, heading) {
				t.Headings = append(t.Headings, heading)
			}
		}
	})
	if t.Kind == "chapter" && e.notes != nil {
		t.Sources = e.notes.Links(what)
	}
	return t, len(t.ids) > 0
}

// names reports whether an address as the notes give it, which is type or
// type.argument, has what as a part.
func names(address, what string) bool {
	typ, argument, _ := strings.Cut(address, ".")
	return what == address || what == typ || what == argument
}
