package check_test

import (
	"testing"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/check"
	"github.com/bpgen/bpgen/templates"
)

// TestBuiltIn holds what bpgen carries to its own rules.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	cat, diags := catalog.New(catalog.Root{Blueprints: blueprints.FS, Templates: templates.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, name := range cat.Blueprints() {
		for _, d := range check.Blueprint(t.Context(), cat, name) {
			t.Errorf("%s: %s: %s (%v)", name, d.Summary, d.Detail, d.Subject)
		}
	}
}
