package fileset_test

import (
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
)

func TestOverride(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"override.tf": true, "a_override.tf": true, "m/override.tf": true, "override.tf.json": true, "a_override.tf.json": true, "override.tofu": true, "_override.tofu.json": true,
		"overrides.tf": false, "override_a.tf": false, "a-override.tf": false, "override/a.tf": false, "override": false, "override.tfvars": false, "a_override.tftest.hcl": false,
	} {
		if fileset.Override(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
