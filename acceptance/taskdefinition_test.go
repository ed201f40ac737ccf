package acceptance

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
)

// A container is what ECS is told about one.
type container struct {
	Name                   string
	Image                  string
	User                   string
	ReadonlyRootFilesystem bool
	MountPoints            []struct{ ContainerPath string }
	LinuxParameters        struct {
		Tmpfs []struct {
			ContainerPath string
			Size          int
			MountOptions  []string
		}
	}
	Environment, Secrets []struct{ Name string }
}

// TestTaskDefinition starts from the task definitions of an applied module, as
// ECS does: which image, which user, and where that user may write. Before there
// is an image no task may start.
func TestTaskDefinition(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for name, test := range map[string]struct {
		row      matrix.Row
		vars     []string
		want     map[string][]string // directories that user 1000 may write to, by container
		variable []string            // of the environment
	}{
		"default": {
			vars: []string{"service_user=1000"},
			want: map[string][]string{"example/app": {"/tmp"}},
			variable: []string{
				"DB_HOST", "DB_NAME", "DB_PORT", "DB_SSL_MODE", "DB_USER", "REDIS_HOST", "REDIS_PORT", "REDIS_TLS",
			},
		},
		"everything": {
			row: matrix.Row{
				"database": cty.StringVal("postgresql"), "database_auth": cty.StringVal("secret"), "cache_auth": cty.StringVal("iam"),
				"deployment": cty.StringVal("blue-green"), "execute_command": cty.True, "internal_services": cty.True,
				"outbound": cty.StringVal("both"), "sidecars": cty.StringVal("both"),
			},
			vars: []string{
				"service_user=1000", `service_writable_paths={"/tmp"=16,"/var/cache/nginx"=32}`, `service_secrets={APP_KEY=null}`,
				`services={orders={user="1000:1000",writable_paths={"/run"=8}}}`,
			},
			want: map[string][]string{
				"example/app":           {"/managed-agents", "/tmp", "/var/cache/nginx", "/var/lib/amazon/ssm", "/var/log/amazon/ssm"},
				"example/log-router":    nil,
				"example/datadog-agent": nil,
				"example-orders/app":    {"/run"},
			},
			variable: []string{
				"APP_KEY", "DB_HOST", "DB_NAME", "DB_PASSWORD", "DB_PORT", "DB_SSL_MODE", "DB_USER", "REDIS_HOST", "REDIS_PORT", "REDIS_TLS", "REDIS_USER",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			core := harness.Either(t)
			dir := harness.WorkDir(t)
			render(t, dir, "ecs-fargate", link.Flat, test.row)
			r := core.In(t, dir, harness.SchemaAWS(t, core, "6"))
			if err := r.OnlyTypes(dir); err != nil {
				t.Fatal(err)
			}
			if err := r.Init(); err != nil {
				t.Fatal(err)
			}
			args := func(tag string) []string {
				out := []string{"-var", "name=example", "-var", "domain_name=example.com", "-var", "hosted_zone_id=Z0123456789ABCDEFGHIJ", "-var", "image_tag=" + tag}
				for _, v := range test.vars {
					out = append(out, "-var", v)
				}
				return out
			}
			applied := func(tag string) []*tfjson.StateResource {
				if err := r.Apply(args(tag)...); err != nil {
					t.Fatal(err)
				}
				state, err := r.State()
				if err != nil {
					t.Fatal(err)
				}
				return state.Values.RootModule.Resources
			}

			for _, s := range applied("") {
				switch {
				case s.Type == "aws_ecs_service" && fmt.Sprint(s.AttributeValues["desired_count"]) != "0":
					t.Errorf("%s starts %v tasks without an image", s.Address, s.AttributeValues["desired_count"])
				case s.Type == "aws_appautoscaling_target" && fmt.Sprint(s.AttributeValues["min_capacity"]) != "0":
					t.Errorf("%s keeps %v tasks without an image", s.Address, s.AttributeValues["min_capacity"])
				}
			}

			resources := applied("v1")
			got := containers(t, resources)
			if len(got) != len(test.want) {
				t.Errorf("%d containers, want %d", len(got), len(test.want))
			}
			for name, c := range got {
				want, ok := test.want[name]
				if writable := c.writable(); !ok || !slices.Equal(writable, want) {
					t.Errorf("%s: user 1000 may write to %q, want %q", name, writable, want)
				}
				if strings.HasSuffix(name, "/app") && (!c.ReadonlyRootFilesystem || !strings.HasPrefix(c.User, "1000")) {
					t.Errorf("%s: user %q, root file system read-only: %v", name, c.User, c.ReadonlyRootFilesystem)
				}
			}
			app := got["example/app"]
			if !strings.HasSuffix(app.Image, ":v1") {
				t.Errorf("the application's image is %s", app.Image)
			}
			var names []string
			for _, v := range slices.Concat(app.Environment, app.Secrets) {
				names = append(names, v.Name)
			}
			slices.Sort(names)
			if !slices.Equal(names, test.variable) {
				t.Errorf("the application finds %q, want %q", names, test.variable)
			}
			alarmsExist(t, resources)
			if err := r.Settled(args("v1")...); err != nil {
				t.Error(err)
			}
		})
	}
}

// containers returns those of all task definitions, by family and name.
func containers(t *testing.T, resources []*tfjson.StateResource) map[string]container {
	t.Helper()
	out := map[string]container{}
	for _, r := range resources {
		if r.Type != "aws_ecs_task_definition" {
			continue
		}
		if r.AttributeValues["skip_destroy"] != true {
			t.Errorf("%s: the revision in service goes when the next one comes", r.Address)
		}
		var list []container
		if err := json.Unmarshal([]byte(r.AttributeValues["container_definitions"].(string)), &list); err != nil {
			t.Fatalf("%s: %v", r.Address, err)
		}
		for _, c := range list {
			out[path.Join(r.AttributeValues["family"].(string), c.Name)] = c
		}
	}
	return out
}

// writable returns the directories that a user without rights may write to: a
// volume belongs to root, and so does a tmpfs whose mode says nothing else.
func (c container) writable() []string {
	var out []string
	for _, fs := range c.LinuxParameters.Tmpfs {
		if fs.Size > 0 && slices.Contains(fs.MountOptions, "mode=1777") && !slices.Contains(fs.MountOptions, "ro") {
			out = append(out, fs.ContainerPath)
		}
	}
	slices.Sort(out)
	return out
}

// alarmsExist holds that the alarms by which a deployment is judged are those that
// the module makes: ECS does not ask whether there is an alarm of a name.
func alarmsExist(t *testing.T, resources []*tfjson.StateResource) {
	t.Helper()
	made := map[any]bool{}
	for _, r := range resources {
		if r.Type == "aws_cloudwatch_metric_alarm" {
			made[r.AttributeValues["alarm_name"]] = true
		}
	}
	for _, r := range resources {
		if r.Type != "aws_ecs_service" || r.Name != "service" {
			continue
		}
		blocks, _ := r.AttributeValues["alarms"].([]any)
		strategies, _ := r.AttributeValues["deployment_configuration"].([]any)
		if len(strategies) > 0 && len(blocks) == 0 {
			t.Errorf("%s: nothing judges a blue/green deployment", r.Address)
		}
		for _, b := range blocks {
			names, _ := b.(map[string]any)["alarm_names"].([]any)
			for _, name := range names {
				if !made[name] {
					t.Errorf("%s: there is no alarm %v", r.Address, name)
				}
			}
		}
	}
}
