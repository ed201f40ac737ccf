package acceptance

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/bpgen/bpgen/acceptance/harness"
)

// modulesOf are the options files of the modules that examples/stack calls.
var modulesOf = []string{"account-baseline/default", "network/default", "ecs-fargate/shared-network"}

// TestComposition takes examples/stack through its life: the second state reads the
// network of the first, both plans are then empty, and both are destroyed in reverse.
func TestComposition(t *testing.T) {
	harness.Live(t)
	for _, name := range harness.Cores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := harness.Find(t, name)
			provider := harness.SchemaAWS(t, core, "6")
			examples := stackOf(t)
			shared := core.In(t, filepath.Join(examples, "stack", "shared"), provider).Setenv(
				"TF_VAR_region=us-west-2", "TF_VAR_delivery_role_arn=arn:aws:iam::123456789012:role/ci", "TF_VAR_external_id=only-an-example-0123")
			web := core.In(t, filepath.Join(examples, "stack", "web"), provider).Setenv(
				"TF_VAR_region=us-west-2", "TF_VAR_domain_name=www.example.com", "TF_VAR_hosted_zone_id=Z0123456789ABCDEFGHIJ", "TF_VAR_image_tag=1f0c2d3")
			for _, r := range []*harness.Runner{shared, web} {
				if err := r.OnlyTypes(filepath.Join(examples, "account-baseline", "default"), filepath.Join(examples, "network", "default"), filepath.Join(examples, "ecs-fargate", "shared-network")); err != nil {
					t.Fatal(err)
				}
				lifecycle(t, r)
			}
			within(t, shared, web)
			for _, r := range []*harness.Runner{shared, web} {
				if err := r.Settled(); err != nil {
					t.Error(err)
				}
			}
			for _, r := range []*harness.Runner{web, shared} {
				if _, err := r.Run("", "destroy", "-auto-approve", "-no-color", "-input=false"); err != nil {
					t.Fatal(err)
				}
				if left, err := r.Addresses(); err != nil || len(left) > 0 {
					t.Errorf("destroy left %q, %v", left, err)
				}
			}
		})
	}
}

// stackOf copies the stack, and renders the modules that it calls beside it.
func stackOf(t *testing.T) string {
	t.Helper()
	dir := harness.WorkDir(t)
	if err := os.CopyFS(filepath.Join(dir, "stack"), os.DirFS(filepath.Join("..", "examples", "stack"))); err != nil {
		t.Fatal(err)
	}
	for _, module := range modulesOf {
		options, err := filepath.Abs(filepath.Join("..", "examples", module+".hcl"))
		if err != nil {
			t.Fatal(err)
		}
		if code, stderr := harness.Bpgen(t, dir, "render", filepath.Dir(module), "--options", options, "--out", module); code != 0 {
			t.Fatalf("%s: exit %d\n%s", module, code, stderr)
		}
	}
	return dir
}

// owned are the types that a network's owner alone makes.
var owned = regexp.MustCompile(`^aws_(vpc|subnet|route|route_table|route_table_association|internet_gateway|nat_gateway|eip|vpc_endpoint|network_acl)$`)

// within requires that what the second state makes is in the network of the first, and
// that it makes nothing that is its owner's.
func within(t *testing.T, shared, web *harness.Runner) {
	t.Helper()
	outputs, err := shared.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	network, _ := outputs["network"].(map[string]any)
	state, err := web.State()
	if err != nil {
		t.Fatal(err)
	}
	subnets := fmt.Sprint(network["app_subnet_ids"], network["datastore_subnet_ids"])
	placed := 0
	for _, r := range resourcesOf(state.Values.RootModule) {
		if r.Mode != tfjson.ManagedResourceMode {
			continue
		}
		if owned.MatchString(r.Type) {
			t.Errorf("%s: only the network's owner makes one", r.Address)
		}
		switch r.Type {
		case "aws_security_group", "aws_lb_target_group":
			placed++
			if r.AttributeValues["vpc_id"] != network["vpc_id"] {
				t.Errorf("%s is in %s, not in %s", r.Address, r.AttributeValues["vpc_id"], network["vpc_id"])
			}
		case "aws_lb", "aws_db_subnet_group", "aws_elasticache_subnet_group":
			placed++
			ids, _ := cmp.Or(r.AttributeValues["subnet_ids"], r.AttributeValues["subnets"]).([]any)
			if len(ids) != 3 || slices.ContainsFunc(ids, func(id any) bool { return !strings.Contains(subnets, fmt.Sprint(id)) }) {
				t.Errorf("%s is in %s, not in %s", r.Address, ids, subnets)
			}
		case "aws_vpc_security_group_ingress_rule":
			if strings.HasSuffix(r.Address, ".service_endpoints") && r.AttributeValues["security_group_id"] != network["endpoint_security_group_id"] {
				t.Errorf("%s opens %s, not the endpoints'", r.Address, r.AttributeValues["security_group_id"])
			}
		}
	}
	if placed < 8 {
		t.Errorf("only %d objects are in a network", placed)
	}
}

// resourcesOf are the resources of a module and of those that it calls.
func resourcesOf(m *tfjson.StateModule) []*tfjson.StateResource {
	out := m.Resources
	for _, child := range m.ChildModules {
		out = append(out, resourcesOf(child)...)
	}
	return out
}
