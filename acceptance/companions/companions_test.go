package companions_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"

	"github.com/bpgen/bpgen/acceptance/companions"
)

// TestSchemas holds that every companion has a schema that a core accepts, with
// the types that published modules name.
func TestSchemas(t *testing.T) {
	t.Parallel()
	wants := map[string]string{"external": "external", "local": "local_file", "null": "null_resource", "random": "random_id", "time": "time_sleep"}
	if names := companions.Names(); len(names) != len(wants) {
		t.Errorf("there are %q", names)
	}
	for name, want := range wants {
		p, err := companions.New(name)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := providerserver.NewProtocol5(p)().GetProviderSchema(context.Background(), &tfprotov5.GetProviderSchemaRequest{})
		if err != nil || len(resp.Diagnostics) > 0 {
			t.Fatalf("%s: %v %v", name, err, resp.Diagnostics)
		}
		if resp.ResourceSchemas[want] == nil && resp.DataSourceSchemas[want] == nil {
			t.Errorf("%s has no %s", name, want)
		}
	}
	if _, err := companions.New("tls"); err == nil {
		t.Error("a provider that nobody wrote is served")
	}
}
