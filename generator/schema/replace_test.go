package schema_test

import (
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/schema"
)

// TestReplacementsNameArguments holds the table against the schemas that it was
// measured for.
func TestReplacementsNameArguments(t *testing.T) {
	t.Parallel()
	p, _ := schema.For("5")
	table := schema.Replacements()
	if table.Release() != p.Version() {
		t.Errorf("the table is of %s, the schemas are of %s", table.Release(), p.Version())
	}
	found := 0
	for _, typ := range table.Types() {
		b, ok := p.Type(schema.KindResource, typ)
		if !ok {
			t.Errorf("%s is no type", typ)
			continue
		}
		for name := range arguments(b, "", 0) {
			for _, how := range []schema.Transition{schema.Changed, schema.Added, schema.Removed} {
				if table.Replaces(typ, name, how) {
					found++
				}
			}
		}
	}
	if letters := table.Letters(); letters != found || found < 100 {
		t.Errorf("%d transitions in the table, of which the schemas have %d", letters, found)
	}
}

// arguments returns the arguments and blocks of a block, four deep, as the table
// names them.
func arguments(b *schema.Block, at string, deep int) map[string]bool {
	out := map[string]bool{}
	for name := range b.Attributes {
		out[at+name] = true
	}
	for name, nb := range b.Blocks {
		out[at+name] = true
		if deep < 4 {
			for inner := range arguments(nb.Block, at+name+".", deep+1) {
				out[inner] = true
			}
		}
	}
	return out
}

func TestReplaces(t *testing.T) {
	t.Parallel()
	table := schema.Replacements()
	for _, tt := range []struct {
		typ, argument string
		how           schema.Transition
		want          bool
	}{
		// What a plan with a state written by hand showed.
		{"aws_security_group", "description", schema.Changed, true},
		{"aws_lb", "internal", schema.Changed, true},
		{"aws_lb", "idle_timeout", schema.Changed, false},
		{"aws_s3_bucket", "bucket", schema.Changed, true},
		{"aws_s3_bucket", "force_destroy", schema.Changed, false},
		{"aws_acm_certificate", "validation_option.domain_name", schema.Changed, true},
		{"aws_no_such", "name", schema.Changed, false},
	} {
		if got := table.Replaces(tt.typ, tt.argument, tt.how); got != tt.want {
			t.Errorf("%s.%s %c: %t", tt.typ, tt.argument, tt.how, got)
		}
	}
	if table.Has("aws_no_such") || !table.Has("aws_lb") || strings.Contains(table.Release(), " ") {
		t.Error("the table has what it has not, or a release that is none")
	}
}
