package statesafe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A Fate is what becomes of an object.
type Fate string

// The fates, the worst first.
const (
	Destroyed Fate = "destroyed"
	Replaced  Fate = "replaced"  // destroyed, and created anew
	Forgotten Fate = "forgotten" // no longer managed, and not destroyed
	Instances Fate = "instances" // the number of its instances, or their keys, may change
	Moved     Fate = "moved"
	Created   Fate = "created"
	Kept      Fate = "kept"
)

// fates are in the order of reports.
var fates = []Fate{Destroyed, Replaced, Forgotten, Instances, Moved, Created, Kept}

// A Change is what becomes of the object, or objects, of one resource block.
type Change struct {
	Address   string     `json:"address"`      // before, or, of one that is created, after; without instance keys
	To        string     `json:"to,omitempty"` // its address after, if it moves
	Fate      Fate       `json:"fate"`
	Data      bool       `json:"data"` // it holds data that goes with it
	Why       string     `json:"why,omitempty"`
	Arguments []Argument `json:"arguments,omitempty"` // those that replace it
	Objects   []string   `json:"objects,omitempty"`   // those that exist, if a state was asked
	File      string     `json:"file,omitempty"`      // where the block is, before or, of one that is created, after
	Line      int        `json:"line,omitempty"`
}

// An Argument is one whose change replaces the object. Values are as the code has
// them; an empty one is not set.
type Argument struct {
	Name string `json:"name"` // with the blocks that it is in: a.b.c
	Old  string `json:"old"`
	New  string `json:"new"`
}

// A Report is what a change of a module does, sorted by address.
type Report struct {
	Changes []Change `json:"changes"`
	Release string   `json:"release"`           // of the provider that the table of arguments is from
	Checked bool     `json:"checked,omitempty"` // against a state
	Notes   []string `json:"notes,omitempty"`
}

// Stops returns what must stop a change of the module: objects with data that go,
// and that are not among the allowed addresses.
func (r Report) Stops(allowed ...string) []Change {
	var out []Change
	for _, c := range r.Changes {
		gone := c.Data && (c.Fate == Destroyed || c.Fate == Replaced)
		if gone && !slices.Contains(allowed, c.Address) && (!r.Checked || len(c.Objects) > 0) {
			out = append(out, c)
		}
	}
	return out
}

// Keep returns blocks that let objects live of which a module has no resource any
// more. Terraform takes no instance keys in them, so a key stands for every instance
// of its resource. What is still in the module cannot be kept so; the addresses of
// such objects are returned as well.
func (r Report) Keep(addresses ...string) (blocks string, impossible []string) {
	var out []string
	for _, a := range addresses {
		from := bare(a)
		i := slices.IndexFunc(r.Changes, func(c Change) bool { return c.Address == from })
		switch {
		case i < 0 || r.Changes[i].Fate != Destroyed:
			impossible = append(impossible, a)
		default:
			out = append(out, fmt.Sprintf("removed {\n  from = %s\n\n  lifecycle {\n    destroy = false\n  }\n}\n", from))
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "\n"), impossible
}

// Count returns how many changes have a fate.
func (r Report) Count(f Fate) int {
	n := 0
	for _, c := range r.Changes {
		if c.Fate == f {
			n++
		}
	}
	return n
}

// JSON returns the report for programs.
func (r Report) JSON() ([]byte, error) {
	if r.Changes == nil {
		r.Changes = []Change{}
	}
	return json.MarshalIndent(r, "", "  ")
}

// summary says how many objects have each fate.
func (r Report) summary() string {
	var words []string
	for _, f := range fates {
		if n := r.Count(f); n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, label(f)))
		}
	}
	if len(words) == 0 {
		return "no resources"
	}
	return strings.Join(words, ", ")
}

// label is a fate as a sentence has it.
func label(f Fate) string {
	switch f {
	case Instances:
		return "with other instances"
	case Forgotten:
		return "no longer managed"
	}
	return string(f)
}

// limits says what the report cannot know.
func (r Report) limits() string {
	return "Arguments that are known to replace an object are those of hashicorp/aws " + r.Release + "; a plan may replace more."
}

// Text returns the report for a terminal: what changes, and how many objects stay.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n", r.summary())
	for _, f := range fates {
		for _, c := range r.Changes {
			if c.Fate != f || f == Kept {
				continue
			}
			fmt.Fprintf(&b, "  %-9s %s%s\n", c.Fate, c.title(), c.reason(" (", ")"))
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "%s\n", n)
	}
	if r.Count(Replaced)+r.Count(Kept) > 0 {
		fmt.Fprintln(&b, r.limits())
	}
	return b.String()
}

// Markdown returns the report for a pull request.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### What happens to existing objects\n\n%s.\n", r.summary())
	if r.Count(Kept) < len(r.Changes) {
		b.WriteString("\n| | object | holds data | why |\n| --- | --- | --- | --- |\n")
	}
	for _, f := range fates {
		for _, c := range r.Changes {
			if c.Fate == f && f != Kept {
				fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Fate, "`"+strings.ReplaceAll(c.title(), " -> ", "` -> `")+"`", yes(c.Data), cell(c.reason("", "")))
			}
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	fmt.Fprintf(&b, "\n%s\n", r.limits())
	return b.String()
}

// cell makes a text one that a table of Markdown can hold.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "\n", " ").Replace(s)
}

func yes(data bool) string {
	if data {
		return "**yes**"
	}
	return ""
}

func (c Change) title() string {
	if c.To != "" {
		return c.Address + " -> " + c.To
	}
	return c.Address
}

// reason returns why a change happens, between two texts, or nothing.
func (c Change) reason(before, after string) string {
	var words []string
	if c.Data && (c.Fate == Destroyed || c.Fate == Replaced) {
		words = append(words, "holds data")
	}
	if c.Why != "" {
		words = append(words, c.Why)
	}
	if len(words) == 0 {
		return ""
	}
	return before + strings.Join(words, "; ") + after
}
