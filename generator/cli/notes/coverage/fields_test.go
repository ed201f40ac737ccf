package coverage

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/bpgen/bpgen/generator/proof"
	"github.com/bpgen/bpgen/generator/survey"
)

// TestHelpNamesFields holds that the help names each field of the document that --json
// prints.
func TestHelpNamesFields(t *testing.T) {
	t.Parallel()
	entry := survey.Entry{Blueprint: "b", Options: "o", Places: []proof.Place{{File: "f", Line: 1}}, Reason: "r", Proof: &proof.Proof{Text: "t", Derived: true}}
	text, err := json.Marshal(proven(survey.Report{Systems: []string{"a"}, Entries: []survey.Entry{entry}, Outside: []survey.Out{{Reason: "r"}}}))
	if err != nil {
		t.Fatal(err)
	}
	ways := map[string]bool{}
	for _, w := range survey.Ways {
		ways[w.String()] = true
	}
	fields := 0
	for _, key := range regexp.MustCompile(`"([a-z_ ]+)":`).FindAllStringSubmatch(string(text), -1) {
		if ways[key[1]] {
			continue
		}
		fields++
		if !regexp.MustCompile(`\b` + key[1] + `\b`).MatchString(help) {
			t.Errorf("the help does not name the field %s", key[1])
		}
	}
	if fields < 25 {
		t.Errorf("only %d fields in %s", fields, text)
	}
}
