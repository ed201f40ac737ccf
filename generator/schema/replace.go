package schema

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// The table is measured, not written: `make replacements` says how. It starts with
// the provider's release; then each line has a type, how many of its arguments were
// asked for, those that replace an object with the letters of the transitions that
// do, and, behind a question mark, those that got no answer.
//
//go:embed replace-5.txt
var replace5 string

// A Transition is how an argument changes.
type Transition byte

// The transitions, by the letters of the table.
const (
	Changed Transition = 'c'
	Added   Transition = 'a'
	Removed Transition = 'r'
)

// A ReplacementTable says which arguments make hashicorp/aws replace an object.
type ReplacementTable struct {
	release string
	rows    map[string]string // by type
}

// Replacements returns the table that was measured from the real provider. There is
// one of a single release; arguments of other releases are the same but for few.
func Replacements() *ReplacementTable { return replacements() }

var replacements = sync.OnceValue(func() *ReplacementTable {
	head, rest, _ := strings.Cut(replace5, "\n")
	t := &ReplacementTable{release: strings.TrimPrefix(head, "hashicorp/aws "), rows: map[string]string{}}
	for line := range strings.Lines(rest) {
		typ, row, _ := strings.Cut(strings.TrimSpace(line), " ")
		t.rows[typ] = row
	}
	return t
})

// Release returns the release of hashicorp/aws that was measured.
func (t *ReplacementTable) Release() string { return t.release }

// Has says whether a type was measured.
func (t *ReplacementTable) Has(typ string) bool { _, ok := t.rows[typ]; return ok }

// Types returns the types that were measured, sorted.
func (t *ReplacementTable) Types() []string {
	var out []string
	for typ := range t.rows {
		out = append(out, typ)
	}
	slices.Sort(out)
	return out
}

// Replaces says whether an argument, named with the blocks that it is in as a.b.c, is
// known to make the provider replace an object when it changes so.
func (t *ReplacementTable) Replaces(typ, argument string, how Transition) bool {
	for word := range strings.FieldsSeq(t.rows[typ]) {
		if name, letters, ok := strings.Cut(word, ":"); ok && name == argument {
			return strings.IndexByte(letters, byte(how)) >= 0
		}
	}
	return false
}

// Silent says whether the provider gave no answer about an argument.
func (t *ReplacementTable) Silent(typ, argument string) bool {
	return slices.Contains(strings.Fields(t.rows[typ]), "?"+argument)
}
