package replacement_test

import (
	"os"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/acceptance/replacement"
	"github.com/bpgen/bpgen/generator/schema"
)

// TestTableIsWhatTheProviderSays asks the real provider again for some types, with
// nested blocks and with both of the libraries that it is made with.
func TestTableIsWhatTheProviderSays(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("TF_ACC is not set: the test starts the real provider")
	}
	p, _ := schema.For("5")
	aws := harness.RealAWS(t, harness.Either(t))
	if !aws.Real {
		t.Skipf("there is no real hashicorp/aws %s: its place was taken, and that plans no replacement", harness.RealVersion)
	}
	types := []string{"aws_acm_certificate", "aws_lb", "aws_security_group", "aws_subnet", "aws_vpc"}
	answers := 0
	err := replacement.Ask(aws.Program(), p, types, func(a replacement.Answer) {
		for name, letters := range a.Replaces {
			for _, how := range []schema.Transition{schema.Changed, schema.Added, schema.Removed} {
				if got := strings.Contains(letters, string(rune(how))); got != schema.Replacements().Replaces(a.Type, name, how) {
					t.Errorf("%s.%s %c: the provider says %t, the table does not", a.Type, name, how, got)
				}
			}
		}
		if len(a.Replaces) < 3 {
			t.Errorf("%s: only %d arguments replace it", a.Type, len(a.Replaces))
		}
		answers++
	})
	if err != nil {
		t.Fatal(err)
	}
	if answers != len(types) {
		t.Errorf("%d types have answers, of %d", answers, len(types))
	}
}
