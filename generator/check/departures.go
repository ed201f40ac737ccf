package check

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/coverage"
	"github.com/bpgen/bpgen/generator/ledger"
)

var departing = regexp.MustCompile(`^(?:#|//)\s*departs?\s*:`)

// departures checks the comments which say that their line departs from entries: they
// are rendered with the reason of the deviation, and with their own words where the
// blueprint has none.
func (c *checker) departures(l *ledger.Ledger, systems []string) {
	for _, t := range c.own() {
		for _, f := range t.Files {
			for _, comment := range coverage.Comments(f.Src, f.Path) {
				c.departure(l, systems, comment)
			}
		}
	}
}

func (c *checker) departure(l *ledger.Ledger, systems []string, comment hclsyntax.Token) {
	text := strings.TrimSpace(string(comment.Bytes))
	if !departing.MatchString(text) {
		return
	}
	ids, words := cite.Departing(text)
	switch {
	case ids == nil:
		c.errorf(comment.Range, "Not a departure", "This comment names no entry of the notes that its line departs from. Write # departs: <system>.<name> reason, with further IDs separated by commas.")
	case words == "":
		c.errorf(comment.Range, "Departure without a reason", "Say after the ID why this line departs from it; without a deviation from it, the rendered module shows these words.")
	}
	for _, id := range ids {
		c.cited(l, systems, comment.Range, id)
	}
}
